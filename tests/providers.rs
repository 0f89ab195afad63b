//! Every provider's own example: what it asks to publish is clean when right, and found when one letter of it is wrong.

use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::finding::Severity;
use mailvet::name::Name;
use mailvet::providers::{self, Provider};
use mailvet::source::{Source, SourceKind};
use mailvet::web::Nobody;
use mailvet::zone::{Zone, master, write};

/// Who publishes the example.
const DOMAIN: &str = "contoso.com";

/// A record that a provider asks for, filled in.
#[derive(Clone, Debug)]
struct Example {
    owner: String,
    kind: String,
    value: String,
}

impl Example {
    fn line(&self) -> String {
        let value = match self.kind.as_str() {
            "TXT" => write::txt_value(&self.value),
            _ => format!("{}.", self.value),
        };
        format!("{}. {} {value}", self.owner, self.kind)
    }

    /// The names of the provider that the value holds.
    fn names(&self) -> Vec<&str> {
        match self.kind.as_str() {
            "TXT" => {
                let terms = self.value.split(' ');
                terms.filter_map(|term| term.strip_prefix("include:").or(term.strip_prefix("redirect="))).collect()
            }
            _ => self.value.split(' ').next_back().into_iter().collect(),
        }
    }
}

/// The records of a provider, with something in place of what differs from customer to customer.
fn examples(provider: &Provider) -> Vec<Example> {
    let key = key();
    let filled = |line: &String| {
        let line = line.replace("{domain}", DOMAIN).replace("{dashed}", &DOMAIN.replace('.', "-"));
        let mut parts = line.splitn(3, ' ').map(str::to_owned);
        let (owner, kind, value) = (parts.next()?, parts.next()?, parts.next()?);
        let value = if value.contains("{key}") { key.clone() } else { without_braces(&value) };
        Some(Example { owner: without_braces(&owner), kind, value })
    };
    // Aliases for links and for the Return-Path are like any others: nothing tells what they are for.
    let is_of_mail = |it: &Example| match it.kind.as_str() {
        "MX" | "TXT" => true,
        kind => kind == "CNAME" && it.owner.contains("._domainkey."),
    };
    provider.publish.iter().filter_map(filled).filter(is_of_mail).collect()
}

fn without_braces(text: &str) -> String {
    let parts = text.split(['{', '}']).enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "10" }).collect()
}

/// A key record of 2048 bits.
fn key() -> String {
    let world = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/world.zone")).expect("a zone");
    let zone = read(&world, &Name::root());
    let texts = zone.records.iter().filter_map(|record| record.txt());
    texts.map(|txt| txt.value.clone()).find(|value| value.starts_with("v=DKIM1; k=rsa; p=MIIBIj")).expect("a key")
}

fn read(text: &str, origin: &Name) -> Zone {
    let source = Source::new("example.zone", format!("$TTL 3600\n{text}\n"), SourceKind::File);
    let zone = master::read(&source, Some(origin), None);
    Zone { origin: origin.clone(), ..zone }
}

/// The names to which the right examples lead; no other name in the world exists.
fn world(examples: &[Example]) -> ZoneData {
    let mut lines = format!("{DOMAIN}. NS ns1.example.net.\nns1.example.net. A 93.184.217.53\n");
    for example in examples {
        for name in example.names() {
            lines += &match example.kind.as_str() {
                "MX" => format!("{name}. A 93.184.216.7\n"),
                "CNAME" => format!("{name}. TXT {}\n", write::txt_value(&key())),
                _ => format!("{name}. TXT \"v=spf1 ip4:93.184.217.0/28 -all\"\n"),
            };
        }
    }
    let mut data = ZoneData::new();
    data.add(&Arc::new(read(&lines, &Name::root())));
    data
}

/// The ids of errors and warnings, and whether anything at all points at the line of the example at hand.
fn check(examples: &[Example], world: &ZoneData) -> Vec<&'static str> {
    let origin = Name::parse(DOMAIN).expect("a name");
    let lines: Vec<String> = examples.iter().map(Example::line).collect();
    let fixed = format!(
        "@ SOA ns1.example.net. host.example.net. 1 7200 3600 1209600 3600\n@ NS ns1.example.net.\n\
         @ A 93.184.216.9\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}\""
    );
    let zone = Arc::new(read(&format!("{fixed}\n{}", lines.join("\n")), &origin));
    assert!(zone.problems.is_empty(), "{lines:?}");
    let mut own = ZoneData::new();
    own.add(&zone);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let dns = Overlay(own, world);
    let reports =
        runtime.block_on(mailvet::check_zone(&dns, &Nobody, &zone, &Known::default(), &mailvet::Judges::default()));
    let findings = reports.iter().flat_map(|report| &report.findings);
    findings.filter(|finding| finding.severity >= Severity::Warning).map(|finding| finding.id).collect()
}

/// What a provider does not ask for is missing in its example, and that is said of the domain, not of the example.
fn is_of_the_domain(id: &str) -> bool {
    matches!(id, "spf-missing" | "mx-missing" | "auth-no-dkim" | "auth-neither-spf-nor-dkim" | "auth-dmarc-cannot-pass")
        // `mx` in an SPF record, where which MX hosts a customer has is not known.
        || matches!(id, "dkim-provider-selector-missing" | "spf-void-term")
}

/// The text with a letter in the middle of a label replaced: of the first label, and of that before the ending.
fn slips(name: &str) -> Vec<String> {
    let labels: Vec<&str> = name.split('.').collect();
    let places = [0, labels.len().saturating_sub(2)];
    let wrong = |at: usize| {
        let label = labels[at];
        let middle = label.len() / 2;
        let letter = if label.as_bytes().get(middle) == Some(&b'q') { "j" } else { "q" };
        let mut labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        labels[at].replace_range(middle..=middle, letter);
        labels.join(".")
    };
    places.into_iter().filter(|at| !labels[*at].is_empty()).map(wrong).collect()
}

#[test]
fn right_examples_are_clean() {
    let mut blamed = Vec::new();
    for provider in providers::all() {
        let examples = examples(provider);
        let ids = check(&examples, &world(&examples));
        blamed.extend(ids.into_iter().filter(|id| !is_of_the_domain(id)).map(|id| (provider.id.as_str(), id)));
    }
    assert!(blamed.is_empty(), "{blamed:#?}");
}

#[test]
fn one_wrong_letter_is_found() {
    let (mut tried, mut missed) = (0, Vec::new());
    for provider in providers::all() {
        let right = examples(provider);
        let world = world(&right);
        let before = check(&right, &world);
        for (at, example) in right.iter().enumerate().filter(|(_, example)| example.value != key()) {
            for (name, slip) in
                example.names().iter().flat_map(|name| slips(name).into_iter().map(move |slip| (name, slip)))
            {
                let mut wrong = right.clone();
                wrong[at].value = example.value.replacen(name, &slip, 1);
                tried += 1;
                if check(&wrong, &world) == before {
                    missed.push((provider.id.as_str(), wrong[at].line()));
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
    assert!(missed.is_empty(), "{} of {tried}: {missed:#?}", missed.len());
}

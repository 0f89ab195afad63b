//! One bad part never hides the rest: a zone with a fault in nearly all of its records. Each record in turn is left out,
//! cannot be read, or holds something else; each question in turn is not answered. All findings about the others stay.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use mailvet::collect::{Known, Wanted};
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::dns::{Answer, Dns, Failure, Security};
use mailvet::name::{Name, Question};
use mailvet::report::Report;
use mailvet::source::{Source, SourceKind, Span};
use mailvet::web::{Document, Page, Request, Web};
use mailvet::zone::{Zone, master};

const ORIGIN: &str = "contoso.com";

/// The records, one in each line; nearly all have a fault.
const ZONE: &str = r#"@ SOA ns1.fabrikam.net. host 1 7200 3600 1209600 3600
@ NS ns1.fabrikam.net.
@ NS ns2.fabrikam.net.
@ A 93.184.216.34
@ MX 10 mail
@ MX 20 gone
@ MX 30 93.184.216.40.
mail A 93.184.216.25
_25._tcp.mail TLSA 3 1 1 204076d0c3c1819a
@ TXT "v=spf1 ip4:93.184.216.25 include:gone.fabrikam.net ptr ?all"
mail TXT "v=spf1 a +all"
news TXT "v=spf1 ipv4:93.184.216.25 -all"
s1._domainkey TXT "v=DKIM1; k=rsa; p=AAAA"
s2._domainkey TXT "v=DKIM1; k=rsa; p="
s3._domainkey CNAME gone.fabrikam.net.
_dmarc TXT "v=DMARC1; p=none; rua=dmarc@contoso.com; pct=10"
_dmarc.news TXT "v=DMARC1; p=rejet"
_mta-sts TXT "v=STSv1; id=2026-11-21"
mta-sts A 93.184.216.35
_smtp._tls TXT "v=TLSRPTv1; rua=tls@contoso.com"
default._bimi TXT "v=BIMI1; l=http://contoso.com/logo.svg"
@ CAA 0 issue "letsencrypt"
@ CAA 0 isue "letsencrypt.org"
host1 A 93.184.216.36
dmarc TXT "v=DMARC1; p=none"
lists MX 10 aspmx.l.gogle.com.
lists TXT "v=spf1 mx ip4:93.184.216.300 -all""#;

/// The rest of the world.
const WORLD: &str = "
25.216.184.93.in-addr.arpa. PTR static-93-184-216-25.fabrikam.net.
static-93-184-216-25.fabrikam.net. A 93.184.216.99
ns1.fabrikam.net. A 93.184.216.1
ns2.fabrikam.net. A 93.184.216.2
";

/// What rightly goes with another record: that record or question, the rule, and the reason.
const RIGHTLY: &[(&str, &str, &str)] = &[
    ("contoso.com MX", "dane-partial", "without the host that has TLSA records nothing is covered in part"),
    ("contoso.com MX", "dane-data-length", "TLSA records count at the MX hosts alone"),
    ("contoso.com MX", "mta-sts-mx-unused", "which hosts of the policy are in use, the MX records tell"),
    ("mail.contoso.com A", "host-ptr-unconfirmed", "`a` in the SPF record of this host: its address is the sender's"),
    ("static-93-184-216-25.fabrikam.net A", "host-ptr-unconfirmed", "where the name leads to, this record tells"),
    ("_25._tcp.mail.contoso.com TLSA", "dane-partial", "without TLSA records nothing is covered in part"),
    ("_dmarc.contoso.com TXT", "dmarc-stray-copy", "where the right place has no record, it is no copy"),
    ("_mta-sts.contoso.com TXT", "caa-tag-misspelt", "MTA-STS alone needs certificates of an authority"),
    ("_mta-sts.contoso.com TXT", "mta-sts-mx-not-covered", "without the record nobody reads the policy"),
    ("_mta-sts.contoso.com TXT", "mta-sts-mx-unused", "without the record nobody reads the policy"),
    ("_mta-sts.contoso.com TXT", "mta-sts-policy-content-type", "without the record nobody reads the policy"),
    ("_mta-sts.contoso.com TXT", "mta-sts-policy-max-age-short", "without the record nobody reads the policy"),
    ("gone.contoso.com A", "mx-target-missing", "that there is no address is not known"),
    ("gone.contoso.com AAAA", "mx-target-missing", "that there is no address is not known"),
    ("gone.fabrikam.net TXT", "spf-include-without-record", "that there is no record is not known"),
    ("s3._domainkey.contoso.com TXT", "dkim-alias-dangling", "that the alias leads nowhere is not known"),
];

/// The policy of MTA-STS names another host, and is not the best.
struct Policy;

impl Web for Policy {
    async fn fetch(&self, request: &Request) -> Page {
        let text = "version: STSv1\nmode: enforce\nmx: other.contoso.com\nmax_age: 60\n";
        let document = Document::new(&request.url, Some("text/html".to_owned()), text.as_bytes().to_vec());
        Page { url: request.url.clone(), redirects: Vec::new(), outcome: Ok(document) }
    }
}

/// What is found: the domain, the rule, and the places that it points to, the chief one first.
type Found = (String, &'static str, Vec<String>);

fn found(reports: &[Report], place: fn(&Span) -> String) -> BTreeSet<Found> {
    let all = reports.iter().flat_map(|report| report.findings.iter().map(move |finding| (report, finding)));
    let found = all
        .map(|(report, finding)| (report.subject.to_string(), finding.id, finding.spans.iter().map(place).collect()));
    found.collect()
}

/// The whole line.
fn line(span: &Span) -> String {
    span.source.text.lines().nth(span.position().line - 1).unwrap_or_default().to_owned()
}

/// Owner and type.
fn set(span: &Span) -> String {
    span.record_set.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn read(text: &str) -> Zone {
    let origin = Name::parse(ORIGIN).expect("a name");
    let text = format!("$ORIGIN {ORIGIN}.\n$TTL 3600\n{text}\n");
    Zone { origin: origin.clone(), ..master::read(&Source::new("zone", text, SourceKind::File), Some(&origin), None) }
}

fn data(text: &str, origin: Option<Name>) -> ZoneData {
    let zone = read(text);
    let mut data = ZoneData::new();
    data.add(&Arc::new(Zone { origin: origin.unwrap_or(zone.origin.clone()), ..zone }));
    data
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

/// What is found in a zone of these lines.
fn in_zone(lines: &[&str]) -> BTreeSet<Found> {
    let zone = Arc::new(read(&lines.join("\n")));
    let mut own = ZoneData::new();
    own.add(&zone);
    let dns = Overlay(own, data(WORLD, Some(Name::root())));
    found(
        &runtime().block_on(mailvet::check_zone(&dns, &Policy, &zone, &Known::default(), &mailvet::Judges::default())),
        line,
    )
}

/// The findings that are gone, though they do not point to this place of this record set, which alone is another one.
fn hidden<'f>(base: &'f BTreeSet<Found>, now: &BTreeSet<Found>, place: &str, set: &str) -> Vec<&'f Found> {
    let is_same = |a: &Found, b: &Found| (&a.0, a.1, a.2.first()) == (&b.0, b.1, b.2.first());
    let is_elsewhere = |found: &&Found| !found.2.iter().any(|other| other == place);
    let is_gone = |found: &&Found| !now.iter().any(|other| is_same(found, other));
    let is_right = |found: &&Found| RIGHTLY.iter().any(|(with, id, _)| (*with, *id) == (set, found.1));
    base.iter().filter(is_elsewhere).filter(is_gone).filter(|found| !is_right(found)).collect()
}

#[test]
fn in_a_zone() {
    let lines: Vec<&str> = ZONE.lines().collect();
    let base = in_zone(&lines);
    assert!(base.len() >= 30, "the zone should be full of faults: {base:#?}");
    for (at, record) in lines.iter().enumerate() {
        for broken in broken(record) {
            let mut lines = lines.clone();
            lines[at] = &broken;
            let now = in_zone(&lines);
            let hidden = hidden(&base, &now, record, &set_of(record));
            assert!(hidden.is_empty(), "{broken:?} in place of {record:?} hides {hidden:?}");
        }
    }
}

/// Owner and type of the record.
fn set_of(record: &str) -> String {
    let (owner, kind, _) = fields(record);
    if owner == "@" { format!("{ORIGIN} {kind}") } else { format!("{owner}.{ORIGIN} {kind}") }
}

fn fields(record: &str) -> (&str, &str, &str) {
    let mut fields = record.splitn(3, ' ');
    let mut field = || fields.next().expect("a field");
    (field(), field(), field())
}

/// The record left out, in ways that cannot be read, and with other data.
fn broken(record: &str) -> Vec<String> {
    let (owner, kind, data) = fields(record);
    vec![
        String::new(),
        format!("{owner} {kind}"),
        format!("{owner} {kind}X {data}"),
        format!("{owner} {kind} \"{}", data.replace('"', "")),
        format!("{owner} {kind} ( {data}"),
        format!("{owner} {kind} {data} )"),
        format!("{owner} {kind} %&/ \\000 \"\\255\" ;"),
        format!("{owner}..{owner} {kind} {data}"),
        "\u{0} ) \"".to_owned(),
    ]
}

/// Does not get one answer.
struct Without<D>(D, Option<(Question, Failure)>, Mutex<Vec<Question>>);

impl<D: Dns> Dns for Without<D> {
    async fn ask(&self, question: &Question) -> Answer {
        self.2.lock().expect("a lock").push(question.clone());
        match &self.1 {
            Some((failing, failure)) if failing == question => Answer::failed(question, *failure),
            _ => Answer { security: Security::Secure, ..self.0.ask(question).await },
        }
    }
}

/// What is found on live DNS where one question is not answered, and what was asked.
fn live(failing: Option<(Question, Failure)>) -> (BTreeSet<Found>, Vec<Question>) {
    let world = Overlay(data(ZONE, None), data(WORLD, Some(Name::root())));
    let dns = Without(world, failing, Mutex::default());
    let selectors = ["s1", "s2", "s3", "s4"].map(str::to_owned).to_vec();
    let wanted = Wanted::domain(&Name::parse(ORIGIN).expect("a name"), &Known { selectors, ..Known::default() });
    let report =
        runtime().block_on(mailvet::check(&dns, &Policy, &mailvet::smtp::Nobody, &wanted, &mailvet::Judges::default()));
    (found(&[report], set), dns.2.into_inner().expect("a lock"))
}

#[test]
fn on_live_dns() {
    let (base, mut asked) = live(None);
    assert!(base.len() >= 20, "the domain should be full of faults: {base:#?}");
    asked.sort_by_key(ToString::to_string);
    asked.dedup();
    for question in asked {
        for failure in [Failure::Timeout, Failure::ServFail, Failure::Bogus] {
            let (now, _) = live(Some((question.clone(), failure)));
            let set = question.to_string();
            let hidden = hidden(&base, &now, &set, &set);
            assert!(hidden.is_empty(), "{failure:?} for {question} hides {hidden:?}");
        }
    }
}

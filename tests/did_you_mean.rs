//! "Did you mean" on real records, offline: what is proposed there for what. Nothing of it may be wrong, so each
//! proposal was looked at, and stands in a list; a new one fails the test, to be looked at. And the other way: every
//! name that a provider asks for, with one letter wrong, is found.
//!
//! The records are not part of this project: they are looked for in the folder that `MAILVET_CORPORA` names, else in
//! `../shared/data`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use mailvet::collect::{Known, Wanted, collect};
use mailvet::dns::zone::ZoneData;
use mailvet::evidence::Evidence;
use mailvet::finding::Finding;
use mailvet::lang::Value;
use mailvet::name::Name;
use mailvet::providers::meant::{self, Meant};
use mailvet::source::{Source, SourceKind};
use mailvet::web::Nobody;
use mailvet::zone::{Zone, master, write};
use mailvet::{providers, rules};

/// The rules that propose a name.
const RULES: [&str; 6] = [
    "spf-include-lookalike",
    "spf-include-typo",
    "mx-host-lookalike",
    "mx-host-typo",
    "dkim-target-lookalike",
    "dkim-target-typo",
];

/// Of the slips, one in so many is tried: all of them take minutes.
const STEP: usize = 3;

/// Is it the right name with the domain of the record behind it? That is no likeness, and is not listed: a final dot is
/// missing.
fn is_appended(proposal: &str, domain: &str) -> bool {
    proposal.split_once(" -> ").is_some_and(|(name, instead)| name == format!("{instead}.{domain}"))
}

/// What is proposed on real records: the name, and the one to write instead. Every line was looked at.
const LOOKED_AT: &str = include_str!("did_you_mean.txt");

#[test]
fn real_records_get_no_wrong_proposal() {
    let (Some(records), Some(domains)) = (corpus("strings/spf.tsv"), corpus("domains-5000.tsv")) else {
        println!("skipped: strings/spf.tsv and domains-5000.tsv are not there; name their folder with MAILVET_CORPORA");
        return;
    };
    let mut proposals: BTreeMap<String, usize> = BTreeMap::new();
    let (mut zones, mut names) = (0, BTreeSet::new());
    let spf =
        records.lines().skip(1).filter_map(|line| line.split('\t').next()).map(|text| ("example.test", txt(text)));
    let mail = domains.lines().skip(1).filter_map(domain_lines);
    let spf = spf.map(|(domain, line)| (domain.to_owned(), line));
    for (domain, lines) in spf.chain(mail) {
        zones += 1;
        let Some(evidence) = offline(&domain, &lines) else { continue };
        names.extend(names_of(&evidence));
        for proposal in proposals_for(&evidence).into_iter().filter(|proposal| !is_appended(proposal, &domain)) {
            *proposals.entry(proposal).or_default() += 1;
        }
    }
    println!("{zones} zones with {} names in all; {} proposals", names.len(), proposals.len());
    assert!(zones > 17_000, "only {zones} zones");
    let looked_at: BTreeSet<&str> = LOOKED_AT.lines().filter(|line| !line.starts_with('#')).collect();
    let new: Vec<String> = proposals
        .iter()
        .filter(|(proposal, _)| !looked_at.contains(proposal.as_str()))
        .map(|(proposal, count)| format!("{proposal} ({count})"))
        .collect();
    assert!(new.is_empty(), "{} to look at:\n{}", new.len(), new.join("\n"));
}

/// With one letter wrong, the names that providers ask for are found: where it is certain that nothing is there, and
/// where nobody knows. What is not found has a number or a short label in it, or is another name of a provider.
#[test]
fn names_with_one_letter_wrong() {
    let domain = Name::parse("customer.example").expect("a name");
    let (mut slips, mut found, mut plain) = (0, 0, 0);
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (right, fixed, meant) in examples() {
        for (name, what) in with_one_wrong(&right, fixed).into_iter().step_by(STEP) {
            slips += 1;
            match meant(&name, &domain) {
                Some(meant) if meant.slip.right == right => {
                    found += 1;
                    plain += usize::from(meant.slip.is_plain);
                }
                Some(meant) => wrong.push(format!("{name} -> {}, of {right}", meant.slip.right)),
                None => *missed.entry(what.to_owned()).or_default() += 1,
            }
        }
    }
    let share = |count: usize| 100.0 * count as f64 / slips as f64;
    println!("{slips} slips: {:.1} % found, {:.1} % without asking; not found: {missed:?}", share(found), share(plain));
    println!("{} lead to another name:\n{}", wrong.len(), wrong.join("\n"));
    assert!(share(found) > 80.0 && share(plain) > 60.0, "{:.1} %, {:.1} %", share(found), share(plain));
    assert!(share(wrong.len()) < 1.0, "{}:\n{}", wrong.len(), wrong.join("\n"));
}

type Proposes = fn(&Name, &Name) -> Option<Meant>;

/// A name of each pattern of each provider; which of its bytes are the provider's; who finds it.
fn examples() -> Vec<(Name, Vec<bool>, Proposes)> {
    let mut all: Vec<(Name, Vec<bool>, Proposes)> = Vec::new();
    for provider in providers::all() {
        let targets = provider.selector.iter().flat_map(|selector| &selector.target);
        let kinds: [(Vec<&String>, Proposes); 3] = [
            (provider.spf.iter().collect(), meant::include),
            (provider.mx.iter().collect(), meant::mail_host),
            (targets.collect(), meant::target),
        ];
        for (patterns, proposes) in kinds {
            for pattern in patterns.into_iter().filter(|pattern| !pattern.ends_with('*')) {
                let fixed = pattern
                    .split('*')
                    .flat_map(|part| part.bytes().map(|_| true).chain("customer".bytes().map(|_| false)));
                let name = Name::parse(&pattern.replace('*', "customer")).expect("a name");
                all.push((name.clone(), fixed.take(name.as_str().len()).collect(), proposes));
            }
        }
    }
    all
}

/// The name with one letter of the provider's lost, doubled, changed with the next, or another; and what was changed.
fn with_one_wrong(name: &Name, fixed: Vec<bool>) -> Vec<(Name, &'static str)> {
    let text = name.as_str();
    let mut all = BTreeMap::new();
    for (at, letter) in text.char_indices().filter(|(at, _)| fixed[*at]) {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        let next = behind.chars().next().filter(|_| fixed[at + 1]);
        let other = match letter {
            'a'..='y' | '0'..='8' => char::from(letter as u8 + 1),
            'z' => 'a',
            '9' => '8',
            _ => 'x',
        };
        let what = match letter {
            '0'..='9' => "a number",
            '.' | '-' | '_' => "a sign",
            _ if place(text, at) == 0 => "the ending",
            _ if place(text, at) == 1 => "a letter of the domain",
            _ => "a letter of the host",
        };
        let doubled = format!("{before}{letter}{letter}{behind}");
        let mut texts = vec![format!("{before}{behind}"), doubled, format!("{before}{other}{behind}")];
        texts.extend(next.map(|next| format!("{before}{next}{letter}{}", &behind[1..])));
        for text in texts.iter().filter(|text| *text != name.as_str()) {
            all.extend(Name::parse(text).ok().map(|name| (name, what)));
        }
    }
    all.into_iter().collect()
}

/// In which label from the end.
fn place(text: &str, at: usize) -> usize {
    text[at..].matches('.').count()
}

/// Names that the records lead to.
fn names_of(evidence: &Evidence) -> Vec<Name> {
    let hosts = evidence.mx.found.iter().map(|host| host.exchange.clone());
    let included = evidence.spf.nodes.iter().skip(1).map(|node| node.name.clone());
    let targets = evidence.dkim.selectors.iter().flat_map(|selector| &selector.asked.answer.aliases);
    hosts.chain(included).chain(targets.filter_map(|alias| alias.target().cloned())).collect()
}

/// `name -> name to write instead`.
fn proposals_for(evidence: &Evidence) -> Vec<String> {
    let mut found = Vec::new();
    RULES.iter().filter_map(|id| rules::by_id(id)).for_each(|rule| (rule.check)(evidence, &mut found));
    found
        .iter()
        .filter_map(|finding| {
            Some(format!(
                "{} -> {}",
                value(finding, &["term", "host", "target"])?,
                value(finding, &["instead", "right"])?
            ))
        })
        .collect()
}

fn value(finding: &Finding, names: &[&str]) -> Option<String> {
    let values = finding.values.iter().filter(|(name, _)| names.contains(name));
    let text = values
        .filter_map(|(_, value)| match value {
            Value::Plain(text) => Some(text),
            _ => None,
        })
        .next()?;
    Some(text.rsplit([':', '=']).next().unwrap_or_default().to_lowercase())
}

/// The MX records, the SPF record and the targets of the usual selectors in one row.
fn domain_lines(row: &str) -> Option<(String, String)> {
    let mut fields = row.split('\t');
    let (domain, mx, spf) = (fields.next()?, fields.next()?, fields.next()?);
    let mut lines: String =
        mx.split(' ').filter(|host| !host.is_empty()).map(|host| format!("@ MX 10 {host}.\n")).collect();
    if !spf.is_empty() {
        lines.push_str(&txt(spf));
    }
    for (selector, target) in ["selector1", "selector2"].iter().zip(fields).filter(|(_, target)| target.contains('.')) {
        lines.push_str(&format!("{selector}._domainkey CNAME {}.\n", target.trim_end_matches('.')));
    }
    Some((domain.to_owned(), lines))
}

fn txt(text: &str) -> String {
    let strings: Vec<_> = text.as_bytes().chunks(255).map(write::quote).collect();
    format!("@ TXT {}\n", strings.join(" "))
}

/// What a zone file of these lines tells, where nobody is asked.
fn offline(domain: &str, lines: &str) -> Option<Evidence> {
    let domain = Name::parse(domain).ok()?;
    let source = Source::new("zone", format!("$TTL 60\n{lines}"), SourceKind::File);
    let zone = Zone { origin: domain.clone(), ..master::read(&source, Some(&domain), None) };
    let mut dns = ZoneData::new();
    dns.add(&Arc::new(zone));
    let zone_selectors = vec!["selector1".to_owned(), "selector2".to_owned()];
    let wanted = Wanted { zone_selectors, ..Wanted::domain(&domain, &Known::default()) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    Some(runtime.block_on(collect(&dns, &Nobody, &wanted)))
}

fn corpus(file: &str) -> Option<String> {
    let corpora = std::env::var_os("MAILVET_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    std::fs::read_to_string(corpora.join(file)).ok()
}

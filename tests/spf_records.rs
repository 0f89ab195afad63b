//! All SPF records of a collection of real ones: they are read, their places lie inside of them, and `check_host()`
//! judges them, with the records of providers as DNS.
//!
//! The collection is not part of this project: it is looked for in the folder that `MAILVET_CORPORA` names, else in
//! `../shared/data`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::PathBuf;

use mailvet::collect::{Known, Wanted, collect};
use mailvet::dns::{Answer, Dns, Outcome, Record};
use mailvet::evaluate::check_host::{Request, SpfResult, check_host};
use mailvet::evidence::Target;
use mailvet::finding::Severity;
use mailvet::name::{Kind, Name, Question};
use mailvet::records::spf::Spf;
use mailvet::rules;
use mailvet::source::{Source, SourceKind};
use mailvet::zone::{master, write};

/// Errors that do not end in "permerror", and why they are errors all the same.
const OTHER_ERRORS: [&str; 5] = [
    "spf-plus-all",              // everybody passes
    "spf-missing",               // "none"
    "spf-version-typo",          // "none"
    "spf-mechanism-as-modifier", // the sender that is named fails
    "spf-blank-missing",         // the same, where the glued terms make a name that does not exist
];

/// Providers' records, and one record of somebody who includes them.
struct World {
    providers: HashMap<Name, Record>,
    domain: Name,
    record: Option<Record>,
}

impl Dns for World {
    async fn ask(&self, question: &Question) -> Answer {
        let here = if question.name == self.domain { self.record.as_ref() } else { self.providers.get(&question.name) };
        let outcome = match here {
            Some(record) if question.kind == Kind::TXT => Outcome::Records([record.clone()].into()),
            Some(_) => Outcome::NoData,
            None => Outcome::NxDomain,
        };
        Answer::new(question.clone(), outcome)
    }
}

#[test]
fn real_records_are_read_and_judged() {
    let (Some(records), Some(providers)) = (corpus("strings/spf.tsv"), corpus("spf/provider-includes.tsv")) else {
        println!(
            "skipped: strings/spf.tsv and spf/provider-includes.tsv are not there; name their folder with MAILVET_CORPORA"
        );
        return;
    };
    let domain = Name::parse("example.test").expect("a name");
    let providers = rows(&providers).filter_map(|(name, text)| record(&Name::parse(name).ok()?, text));
    let providers: HashMap<Name, Record> = providers.map(|record| (record.owner.clone(), record)).collect();
    let mut world = World { providers, domain: domain.clone(), record: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (mut read, mut others, mut results) = (0, 0, BTreeMap::<String, usize>::new());
    let mut contradictions = Vec::new();
    for (text, _) in rows(&records) {
        let record = record(&domain, text).expect("a TXT record");
        match record.txt().and_then(Spf::read) {
            Some(spf) => assert_spans(&spf),
            None => {
                assert!(!format!("{text} ").to_lowercase().starts_with("v=spf1 "), "not read: {text}");
                others += 1;
            }
        }
        read += 1;
        world.record = Some(record);
        let evidence =
            runtime.block_on(collect(&world, &mailvet::web::Nobody, &Wanted::domain(&domain, &Known::default())));
        let findings = rules::run(&evidence);
        let errors = findings.iter().filter(|found| found.severity == Severity::Error && found.id.starts_with("spf-"));
        let errors: Vec<&str> = errors.map(|found| found.id).collect();
        let mut lookups = evidence.spf.nodes.iter().flat_map(|node| &node.lookups);
        let undecided = lookups.any(|lookup| matches!(lookup.target, Target::Undecided));
        for ip in ["192.0.2.1", "2001:db8::1"] {
            let request = Request {
                ip: ip.parse().expect("an address"),
                helo: "mail.example.test".to_owned(),
                sender: "user@example.test".to_owned(),
                receiver: String::new(),
                now: 0,
            };
            let evaluation = runtime.block_on(check_host(&world, &request));
            let error = evaluation.error.map_or(String::new(), |error| format!(" ({error:?})"));
            if let Some(contradiction) = contradiction(evaluation.result, &errors, undecided) {
                contradictions.push(format!("{contradiction}: {errors:?} {:?} {text}", evaluation.error));
            }
            *results.entry(format!("{:?}{error}", evaluation.result)).or_default() += 1;
        }
    }
    println!(
        "{read} records, {others} of them not SPF; {} of providers; by result: {results:#?}",
        world.providers.len()
    );
    assert!(read > 12_000, "only {read} records");
    assert!(contradictions.is_empty(), "{}:\n{}", contradictions.len(), contradictions.join("\n"));
}

/// What is found and what is judged must go together: whatever is fatal ends in "permerror", and the other way round,
/// unless it takes a message to know what a term asks for.
fn contradiction(result: SpfResult, errors: &[&str], undecided: bool) -> Option<&'static str> {
    let fatal = errors.iter().any(|id| !OTHER_ERRORS.contains(id));
    match result {
        SpfResult::PermError if errors.is_empty() && !undecided => Some("permerror, and nothing is found"),
        SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral if fatal => Some("found, and judged to the end"),
        _ => None,
    }
}

fn corpus(file: &str) -> Option<String> {
    let corpora = std::env::var_os("MAILVET_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    std::fs::read_to_string(corpora.join(file)).ok()
}

/// The first two fields of each row below the heading.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .map(|(one, rest)| (one, rest.split('\t').next().unwrap_or_default()))
}

fn record(owner: &Name, text: &str) -> Option<Record> {
    let strings: Vec<_> = text.as_bytes().chunks(255).map(write::quote).collect();
    let line = format!("{} 60 TXT {}\n", owner.absolute(), strings.join(" "));
    master::read(&Source::new("record", line, SourceKind::Answer), Some(&Name::root()), None).records.pop()
}

fn assert_spans(spf: &Spf) {
    let mut end = 0;
    for term in spf.terms.iter() {
        let parts = [Some(&term.name), term.argument.as_ref(), term.domain().map(|domain| &domain.range)];
        assert!(parts.into_iter().flatten().all(|part| lies_in(part, &term.range)), "{term:?}");
        assert!(term.range.start >= end && term.range.end <= spf.txt.value.len(), "{term:?} after {end}");
        assert!(!spf.text(term).is_empty());
        for span in spf.txt.spans(term.range.clone()) {
            assert!(span.source.text.get(span.bytes.clone()).is_some(), "{span:?}");
        }
        end = term.range.end;
    }
}

fn lies_in(part: &Range<usize>, whole: &Range<usize>) -> bool {
    whole.start <= part.start && part.start <= part.end && part.end <= whole.end
}

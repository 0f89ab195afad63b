//! What each receiver does with the mail of a sender: set-ups of `testdata/receivers.toml`, each verdict with the sentence
//! of the source that decides it; and what holds for verdicts and steps whatever was found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailvet::collect::{Known, Wanted};
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::dns::{self, Answer, Dns, Failure};
use mailvet::evidence::Who;
use mailvet::finding::{Aspect, Finding};
use mailvet::name::{Name, Question};
use mailvet::receivers::{Case, Outcome, Receiver, Sender, Step, Verdict, all, by_name, first, judge};
use mailvet::report::Report;
use mailvet::rules::by_id;
use mailvet::source::{Source, SourceKind};
use mailvet::zone::folder::read_file;
use mailvet::zone::{Zone, master};
use mailvet::{Judges, smtp, web};
use serde::Deserialize;

const DOMAIN: &str = "contoso.com";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    /// Right zones, by their names.
    zones: BTreeMap<String, String>,
    /// What the sources of a receiver say, by its id and a name.
    sentences: BTreeMap<String, BTreeMap<String, Sentence>>,
    set_up: Vec<SetUp>,
}

/// What a source says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    /// The id of one of the receiver's documents.
    source: String,
    text: String,
}

/// A sender.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetUp {
    name: String,
    /// One of the right zones …
    zone: String,
    /// … without the lines that begin with one of these …
    #[serde(default)]
    without: Vec<String>,
    /// … and with these lines.
    #[serde(default)]
    with: String,
    /// The domain in From, where it is another.
    #[serde(default)]
    domain: Option<String>,
    /// Questions (`contoso.com TXT`) that are not answered in time, …
    #[serde(default)]
    unanswered: Vec<String>,
    /// … where the server fails, …
    #[serde(default)]
    servfail: Vec<String>,
    /// … where DNSSEC validation fails, …
    #[serde(default)]
    bogus: Vec<String>,
    /// … and where the name is said not to exist.
    #[serde(default)]
    denied: Vec<String>,
    /// Senders that the user names.
    #[serde(default)]
    via: Vec<String>,
    /// Selectors that the user names.
    #[serde(default)]
    selectors: Vec<String>,
    expect: String,
}

/// What one receiver does with the mail of one kind of sender.
struct Expected<'a> {
    receiver: &'static Receiver,
    sender: Sender,
    outcome: Outcome,
    /// The finding that leads there, if it has to be this one.
    finding: Option<&'a str>,
    sentence: &'a Sentence,
}

/// An answerer that has nothing to say to some questions.
struct Silent<D>(D, Vec<(String, dns::Outcome)>);

impl<D: Dns> Dns for Silent<D> {
    async fn ask(&self, question: &Question) -> Answer {
        match self.1.iter().find(|(silent, _)| *silent == question.to_string()) {
            Some((_, outcome)) => Answer { outcome: outcome.clone(), ..Answer::failed(question, Failure::Timeout) },
            None => self.0.ask(question).await,
        }
    }
}

#[test]
fn every_set_up_is_judged_as_the_sources_say() {
    let table = table();
    let wrong: Vec<String> = table.set_up.iter().flat_map(|set_up| faults(&table, set_up)).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_are_set_ups_enough() {
    let table = table();
    let names: BTreeSet<&str> = table.set_up.iter().map(|set_up| set_up.name.as_str()).collect();
    assert_eq!(names.len(), table.set_up.len(), "a name twice");
    assert!(names.len() >= 60, "{}", names.len());
    let expected: Vec<Expected> = table.set_up.iter().flat_map(|set_up| expected(&table, set_up)).collect();
    for (receiver, sender) in all().iter().flat_map(|receiver| Sender::ALL.map(|sender| (receiver, sender))) {
        let of = expected.iter().filter(|it| it.receiver.id == receiver.id && it.sender == sender);
        let outcomes: BTreeSet<Outcome> = of.clone().map(|it| it.outcome).collect();
        assert!(of.count() >= 10 && outcomes.len() > 1, "{} {sender:?}: {outcomes:?}", receiver.id);
    }
    let cited: BTreeSet<*const Sentence> = expected.iter().map(|it| std::ptr::from_ref(it.sentence)).collect();
    let sentences = table.sentences.values().flat_map(BTreeMap::values);
    let idle: Vec<&str> =
        sentences.filter(|it| !cited.contains(&std::ptr::from_ref(*it))).map(|it| &*it.text).collect();
    assert_eq!(idle, Vec::<&str>::new(), "sentences that decide nothing");
}

/// A fault that is mended must not do harm.
#[test]
fn no_verdict_is_worse_without_a_finding() {
    for (name, findings) in cases() {
        let before = verdicts(&findings);
        for gone in 0..findings.len() {
            let mut rest = findings.clone();
            let taken = rest.remove(gone);
            for (before, after) in before.iter().zip(verdicts(&rest)) {
                assert!(after.outcome <= before.outcome, "{name} without {}: {}", taken.id, told(&after));
            }
        }
    }
}

#[test]
fn the_turns_of_steps_are_a_chain() {
    for (name, findings) in cases() {
        let mut now: Vec<Verdict> = verdicts(&findings);
        for step in steps(&findings) {
            for turn in &step.turns {
                let of = |it: &&mut Verdict| it.receiver.id == turn.receiver.id && it.sender == turn.sender;
                let verdict = now.iter_mut().find(of).expect("a verdict");
                assert_eq!(verdict.outcome, turn.from, "{name}: {}", told(verdict));
                assert!(turn.to < turn.from, "{name}: {turn:?}");
                verdict.outcome = turn.to;
            }
        }
        // All that anybody objects to is cured by then; what was not seen nobody can mend.
        let objections = now.iter().filter(|it| !matches!(it.outcome, Outcome::Nothing | Outcome::Unsure));
        assert_eq!(objections.map(told).collect::<Vec<_>>(), Vec::<String>::new(), "{name}");
    }
}

/// No finding stands in two steps, and none that somebody objects to stands in no step, unless it is the consequence of
/// others.
#[test]
fn every_objection_has_its_step() {
    for (name, findings) in cases() {
        let steps = steps(&findings);
        let places: Vec<usize> = steps.iter().flat_map(|step| step.findings.clone()).collect();
        let once: BTreeSet<usize> = places.iter().copied().collect();
        assert_eq!(once.len(), places.len(), "{name}");
        for (place, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.rests_on.is_empty()) {
            let is_heard = verdicts(std::slice::from_ref(finding)).iter().any(|it| !it.because.is_empty());
            assert_eq!(once.contains(&place), is_heard, "{name}: {}", finding.id);
        }
    }
}

/// No other change would have turned more verdicts at the first step.
#[test]
fn the_first_step_turns_most_verdicts() {
    for (name, findings) in cases() {
        let steps = steps(&findings);
        let Some(chosen) = steps.first() else { continue };
        for other in &steps[1..] {
            let without = |gone: &[usize]| {
                let left = findings.iter().enumerate().filter(|(place, _)| !gone.contains(place));
                left.map(|(_, finding)| finding.clone()).collect::<Vec<_>>()
            };
            let (before, after) = (verdicts(&findings), verdicts(&without(&other.findings)));
            let turned = before.iter().zip(after).filter(|(before, after)| before.outcome != after.outcome).count();
            assert!(turned <= chosen.turns.len(), "{name}: {} would turn {turned}", findings[other.findings[0]].id);
        }
    }
}

/// A rule without a line is nobody's business; a line without a rule would never be found.
#[test]
fn every_line_has_its_rule_and_every_reply_its_code() {
    for receiver in all() {
        for when in &receiver.when {
            assert!(by_id(&when.finding).is_some(), "{}: {}", receiver.id, when.finding);
            let reply = when.reply.as_ref().map(|id| receiver.reply.iter().any(|reply| reply.id == *id));
            assert_ne!(reply, Some(false), "{}: {:?}", receiver.id, when.reply);
        }
        for reply in &receiver.reply {
            assert!(has_code(&reply.text), "{}: {}", receiver.id, reply.text);
        }
    }
}

/// A reply code of RFC 5321 section 4.2.1, and an enhanced status code of RFC 3463 section 2 of the same class, if any.
fn has_code(reply: &str) -> bool {
    let mut words = reply.split(' ');
    let code = words.next().unwrap_or_default();
    let is_code = code.len() == 3 && code.starts_with(['4', '5']) && code.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let second = words.next().unwrap_or_default();
    let parts: Vec<&str> = second.split('.').collect();
    let is_enhanced = || matches!(parts[..], ["4" | "5", subject, detail] if is_number(subject) && is_number(detail));
    is_code && (!second.starts_with(|first: char| first.is_ascii_digit()) || is_enhanced())
}

fn expected<'a>(table: &'a Table, set_up: &'a SetUp) -> Vec<Expected<'a>> {
    set_up.expect.lines().flat_map(|line| expected_of(table, set_up, line)).collect()
}

fn expected_of<'a>(table: &'a Table, set_up: &'a SetUp, line: &'a str) -> Vec<Expected<'a>> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let [receivers, senders, outcome, finding, sentence] = columns[..] else { panic!("{}: {line}", set_up.name) };
    let read = |word: &str| toml::Value::from(word);
    let senders: Vec<Sender> = match senders {
        "all" => Sender::ALL.to_vec(),
        one => vec![read(one).try_into().expect("a sender")],
    };
    let outcome: Outcome = read(outcome).try_into().expect("an outcome");
    let each = receivers.split(',').flat_map(|id| senders.iter().map(move |sender| (id, *sender)));
    let each = each.map(|(id, sender)| {
        let sentence = table.sentences[id].get(sentence).unwrap_or_else(|| panic!("{id}: {sentence}"));
        let finding = Some(finding).filter(|id| *id != "-");
        Expected { receiver: by_name(id).expect("a receiver"), sender, outcome, finding, sentence }
    });
    each.collect()
}

fn faults(table: &Table, set_up: &SetUp) -> Vec<String> {
    let report = report(table, set_up);
    expected(table, set_up).iter().filter_map(|expected| fault(set_up, expected, &report.verdicts)).collect()
}

fn fault(set_up: &SetUp, expected: &Expected, verdicts: &[Verdict]) -> Option<String> {
    let Expected { receiver, sender, outcome, finding, sentence } = expected;
    let own = |it: &&Verdict| it.receiver.id == receiver.id && it.sender == *sender;
    let verdict = verdicts.iter().find(own).expect("a verdict of each receiver");
    let lines = || verdict.because.iter().chain(&verdict.unsure);
    let by_source = |finding: &str| lines().any(|when| when.finding == finding && when.source == sentence.source);
    let has_source = receiver.source.iter().any(|source| source.id == sentence.source);
    let is_right = verdict.outcome == *outcome && has_source && finding.is_none_or(by_source);
    let sources: Vec<String> = lines().map(|when| format!("{} by {}", when.finding, when.source)).collect();
    (!is_right).then(|| {
        let wanted = format!("{outcome:?} {finding:?} by {}", sentence.source);
        format!("{}: {} {sender:?}: {wanted}, not {:?} {sources:?}", set_up.name, receiver.id, verdict.outcome)
    })
}

fn told(verdict: &Verdict) -> String {
    let findings: Vec<&str> = verdict.because.iter().map(|when| when.finding.as_str()).collect();
    format!("{} {:?}: {:?} {findings:?}", verdict.receiver.id, verdict.sender, verdict.outcome)
}

/// What is found in the set-ups, and in the mistakes.
fn cases() -> Vec<(String, Vec<Finding>)> {
    let table = table();
    let own = table.set_up.iter().map(|set_up| (set_up.name.clone(), report(&table, set_up).findings));
    own.chain(mistakes()).collect()
}

/// What is found in the zones of `testdata/mistakes`.
fn mistakes() -> Vec<(String, Vec<Finding>)> {
    let folder = testdata().join("mistakes");
    let outside = Arc::new(master::read(&read_file(&folder.join("outside.zone")).expect("the world"), None, None));
    let cases = std::fs::read_dir(folder.join("cases")).expect("cases");
    let mut files: Vec<PathBuf> = cases.map(|entry| entry.expect("a case").path()).collect();
    files.sort();
    files.iter().map(|file| (file.display().to_string(), found_in(file, &outside))).collect()
}

fn found_in(file: &Path, outside: &Arc<Zone>) -> Vec<Finding> {
    let zone = Arc::new(master::read(&read_file(file).expect("a zone"), None, None));
    let (mut own, mut all) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    all.add_foreign(outside);
    let (dns, known, judges) = (Overlay(own, all), Known::default(), Judges::default());
    let reports = wait(mailvet::check_zone(&dns, &web::Nobody, &zone, &known, &judges));
    reports.into_iter().next().map(|report| report.findings).unwrap_or_default()
}

fn verdicts(findings: &[Finding]) -> Vec<Verdict> {
    judge(&all().iter().collect::<Vec<_>>(), &Sender::ALL, Case { findings, seen: &Aspect::ALL })
}

fn steps(findings: &[Finding]) -> Vec<Step> {
    first(&all().iter().collect::<Vec<_>>(), &Sender::ALL, findings)
}

fn report(table: &Table, set_up: &SetUp) -> Report {
    let zone = Arc::new(zone(table, set_up));
    let (mut own, mut all) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    let mut world = master::read(&read_file(&testdata().join("world.zone")).expect("the world"), None, None);
    world.records.extend(zone.records.iter().cloned());
    all.add(&Arc::new(world));
    let known = Known {
        selectors: set_up.selectors.clone(),
        via: set_up.via.iter().map(|who| Who::read(who).expect("a sender")).collect(),
        ..Known::default()
    };
    let domain = set_up.domain.as_deref().unwrap_or(DOMAIN);
    let wanted = Wanted::domain(&Name::parse(domain).expect("a name"), &known);
    let dns = Silent(Overlay(own, all), silent(set_up));
    let judges = Judges::of(mailvet::receivers::all().iter().collect());
    wait(mailvet::check(&dns, &web::Nobody, &smtp::Nobody, &wanted, &judges))
}

/// The questions that are not answered, and what comes in place of an answer.
fn silent(set_up: &SetUp) -> Vec<(String, dns::Outcome)> {
    let failed = |failure| dns::Outcome::Failed(failure);
    let kinds = [
        (&set_up.unanswered, failed(Failure::Timeout)),
        (&set_up.servfail, failed(Failure::ServFail)),
        (&set_up.bogus, failed(Failure::Bogus)),
        (&set_up.denied, dns::Outcome::NxDomain),
    ];
    let each = kinds.into_iter().flat_map(|(questions, outcome)| questions.iter().map(move |it| (it, outcome.clone())));
    each.map(|(question, outcome)| (question.clone(), outcome)).collect()
}

fn zone(table: &Table, set_up: &SetUp) -> Zone {
    let base = table.zones.get(&set_up.zone).unwrap_or_else(|| panic!("{}: no such zone", set_up.name));
    let starts = |line: &str| set_up.without.iter().any(|start| line.starts_with(start.as_str()));
    let idle = set_up.without.iter().find(|start| !base.lines().any(|line| line.starts_with(start.as_str())));
    assert_eq!(idle, None, "{}: no such line", set_up.name);
    let lines: Vec<&str> = base.lines().filter(|line| !starts(line)).chain(set_up.with.lines()).collect();
    let origin = Name::parse(DOMAIN).expect("a name");
    let text = format!("$ORIGIN {DOMAIN}.\n$TTL 3600\n{}\n", lines.join("\n"));
    Zone { origin: origin.clone(), ..master::read(&Source::new("zone", text, SourceKind::Answer), Some(&origin), None) }
}

fn table() -> Table {
    let text = std::fs::read_to_string(testdata().join("receivers.toml")).expect("the table");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

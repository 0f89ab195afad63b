//! The mistakes: a right zone, and 266 zones with one mistake each (or a harmless oddity). Prints the score by area, and
//! holds what was reached. `testdata/mistakes/README.md` says what the columns of the table mean.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::finding::{Finding, Severity};
use mailvet::lang::{Lang, fill};
use mailvet::name::Name;
use mailvet::web::Nobody;
use mailvet::zone::folder::read_file;
use mailvet::zone::{Zone, master};

/// So many cases of each area hold, at least.
const FLOOR: [(&str, usize); 6] = [("spf", 80), ("dmarc", 55), ("dkim", 41), ("mx", 24), ("tls", 18), ("form", 48)];

struct Case {
    id: String,
    area: String,
    expect: String,
    owner: String,
    must_mention: String,
}

/// A finding as the score looks at it.
#[derive(Clone)]
struct Found {
    id: &'static str,
    severity: Severity,
    owners: Vec<String>,
    text: String,
}

#[test]
fn every_mistake_is_found() {
    let world = Arc::new(read("outside.zone"));
    let base = check("base.zone", &world);
    let loud: Vec<&str> = base.iter().filter(|found| is_loud(found)).map(|found| found.id).collect();
    assert!(loud.is_empty(), "the right zone is blamed for {loud:?}");
    let mut score: BTreeMap<String, (usize, usize, Vec<String>)> = BTreeMap::new();
    let mut alarms = Vec::new();
    for case in cases() {
        let new = new_findings(check(&format!("cases/{}.zone", case.id), &world), &base);
        let (hold, of, missed) = score.entry(case.area.clone()).or_default();
        *of += 1;
        match holds(&case, &new) {
            true => *hold += 1,
            false if case.expect == "clean" => alarms.push(case.id),
            false => missed.push(case.id),
        }
    }
    for (area, (hold, of, missed)) in &score {
        println!("{area:6} {hold:3} of {of:3}  missed: {}", missed.join(" "));
    }
    println!("all    {:3} of {:3}", sum(&score, |s| s.0), sum(&score, |s| s.1));
    assert!(alarms.is_empty(), "clean cases are blamed: {alarms:?}");
    for (area, floor) in FLOOR {
        assert!(score[area].0 >= floor, "{area}: {} cases hold, {floor} did before", score[area].0);
    }
}

fn sum(
    score: &BTreeMap<String, (usize, usize, Vec<String>)>,
    of: impl Fn(&(usize, usize, Vec<String>)) -> usize,
) -> usize {
    score.values().map(of).sum()
}

fn read(file: &str) -> Zone {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/mistakes").join(file);
    master::read(&read_file(&path).expect(file), None, None)
}

fn check(file: &str, world: &Arc<Zone>) -> Vec<Found> {
    let zone = Arc::new(read(file));
    let (mut own, mut with) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    with.add_foreign(world);
    let dns = Overlay(own, with);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let reports =
        runtime.block_on(mailvet::check_zone(&dns, &Nobody, &zone, &Known::default(), &mailvet::Judges::default()));
    reports.iter().flat_map(|report| &report.findings).map(found).collect()
}

fn found(finding: &Finding) -> Found {
    let prose = finding.text.get(Lang::En);
    let words = [prose.title, prose.here, prose.why, prose.fix].map(|text| fill(text, &finding.values, Lang::En));
    let values = finding.values.iter().map(|(_, value)| value.get(Lang::En).to_owned());
    let mut owners: Vec<String> =
        finding.spans.iter().filter_map(|span| Some(span.record_set.as_ref()?.name.to_string())).collect();
    owners.sort();
    owners.dedup();
    let text = words.into_iter().chain(values).collect::<Vec<_>>().join("\n").to_lowercase();
    Found { id: finding.id, severity: finding.severity, owners, text }
}

fn is_loud(found: &Found) -> bool {
    found.severity >= Severity::Warning
}

fn new_findings(mut findings: Vec<Found>, base: &[Found]) -> Vec<Found> {
    for old in base {
        let same = |new: &Found| new.id == old.id && new.owners == old.owners;
        if let Some(at) = findings.iter().position(same) {
            findings.remove(at);
        }
    }
    findings
}

fn holds(case: &Case, new: &[Found]) -> bool {
    if case.expect == "clean" {
        return !new.iter().any(is_loud);
    }
    let owner = Name::parse(&case.owner).map(|name| name.to_string()).unwrap_or_default();
    new.iter()
        .filter(|found| case.expect == "advice" || is_loud(found))
        .filter(|found| owner.is_empty() || found.owners.contains(&owner))
        .any(|found| mentions(&found.text, &case.must_mention.to_lowercase()))
}

/// Any of the alternatives; those of up to three letters or digits must stand as a word.
fn mentions(text: &str, must: &str) -> bool {
    must.split('|').any(|word| {
        let short = word.len() <= 3 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_word = |part: &str| part == word || part.strip_suffix('s') == Some(word);
        match short {
            true => text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_word),
            false => text.contains(word),
        }
    })
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/mistakes/cases.tsv");
    let text = std::fs::read_to_string(path).expect("the table of cases");
    text.lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split('\t').map(str::to_owned);
            let mut field = || fields.next().expect("a field");
            let (id, _, area, expect, owner, must_mention) = (field(), field(), field(), field(), field(), field());
            Case { id, area, expect, owner, must_mention }
        })
        .collect()
}

//! The openspf test suite for RFC 7208 (release 2014.04), run against `check_host()`.
//!
//! The suite belongs to others and is not part of this project: it is looked for in the folder that `MAILVET_CORPORA`
//! names, else in `../shared/data`.

use std::collections::HashMap;
use std::path::PathBuf;

use mailvet::dns::{Answer, Data, Dns, Failure, Outcome, Record, follow};
use mailvet::evaluate::check_host::{Request, SpfResult, check_host};
use mailvet::name::{Name, Question};
use mailvet::source::{Source, SourceKind};
use mailvet::zone::{master, write};
use saphyr::{LoadableYamlNode as _, Yaml};

/// One part of the suite: tests, and the zone data that they are about.
struct Part {
    tests: Vec<Test>,
    dns: SuiteDns,
}

struct Test {
    name: String,
    request: Request,
    /// Any of these is right.
    results: Vec<SpfResult>,
    /// What must be explained; nothing where the test does not say, `DEFAULT` where the domain gives none.
    explanation: Option<String>,
}

/// What a name holds; `TIMEOUT` stands for the types that are not named.
#[derive(Default)]
struct SuiteName {
    records: Vec<Record>,
    times_out: bool,
}

struct SuiteDns(HashMap<Name, SuiteName>);

impl Dns for SuiteDns {
    async fn ask(&self, question: &Question) -> Answer {
        let Some(here) = self.0.get(&question.name) else {
            return Answer::new(question.clone(), Outcome::NxDomain);
        };
        let (aliases, mut found) = follow(question, here.records.clone());
        if let Some(Data::Cname(target)) = aliases.last().map(|alias| &alias.data) {
            let question = Question::new(target, question.kind);
            found = self.0.get(target).map(|name| follow(&question, name.records.clone()).1).unwrap_or_default();
        }
        let outcome = match found.is_empty() {
            false => Outcome::Records(found.into()),
            true if here.times_out => Outcome::Failed(Failure::Timeout),
            true => Outcome::NoData,
        };
        Answer::new(question.clone(), outcome)
    }
}

#[test]
fn openspf_suite() {
    let Some(text) = suite() else {
        println!("skipped: spf/rfc7208-tests.yml is not there; name its folder with MAILVET_CORPORA");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (mut tests, mut wrong) = (0, Vec::new());
    for part in Yaml::load_from_str(&text).expect("YAML").iter().map(part) {
        for test in &part.tests {
            tests += 1;
            let got = runtime.block_on(check_host(&part.dns, &test.request));
            let explained = got.explanation.as_deref().unwrap_or("DEFAULT");
            let explanation = test.explanation.as_deref().is_none_or(|expected| expected == explained);
            if !test.results.contains(&got.result) || !explanation {
                let expected = (&test.results, &test.explanation);
                wrong.push(format!(
                    "{}: {:?} {explained:?}, expected {expected:?}: {:?}",
                    test.name, got.result, got.error
                ));
            }
        }
    }
    println!("{} of {tests} hold", tests - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(tests, 203, "the suite is not whole");
}

fn suite() -> Option<String> {
    let corpora = std::env::var_os("MAILVET_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    std::fs::read_to_string(corpora.join("spf/rfc7208-tests.yml")).ok()
}

fn part(document: &Yaml<'_>) -> Part {
    let tests = document["tests"].as_mapping().expect("tests");
    let zone = document["zonedata"].as_mapping().expect("zone data");
    Part {
        tests: tests.iter().map(|(name, test)| self::test(text(name), test)).collect(),
        dns: SuiteDns(zone.iter().filter_map(|(name, entries)| suite_name(&text(name), entries)).collect()),
    }
}

fn test(name: String, test: &Yaml<'_>) -> Test {
    let field = |name: &str| test.as_mapping_get(name).map(text).unwrap_or_default();
    let results = match test["result"].as_vec() {
        Some(results) => results.iter().map(|result| self::result(&text(result))).collect(),
        None => vec![result(&field("result"))],
    };
    let request = Request {
        ip: field("host").parse().expect("an address"),
        helo: field("helo"),
        sender: field("mailfrom"),
        receiver: String::new(),
        now: 0,
    };
    Test { name, request, results, explanation: test.as_mapping_get("explanation").map(text) }
}

fn result(word: &str) -> SpfResult {
    use SpfResult::{Fail, Neutral, None, Pass, PermError, SoftFail, TempError};
    let all = [
        ("none", None),
        ("neutral", Neutral),
        ("pass", Pass),
        ("fail", Fail),
        ("softfail", SoftFail),
        ("temperror", TempError),
        ("permerror", PermError),
    ];
    all.iter().find(|(name, _)| *name == word).unwrap_or_else(|| panic!("{word} is no result")).1
}

fn suite_name(name: &str, entries: &Yaml<'_>) -> Option<(Name, SuiteName)> {
    let owner = Name::parse(&name.replace('\\', "\\\\")).ok()?;
    let mut found = SuiteName::default();
    let entries = entries.as_vec().expect("entries");
    let has_txt = entries.iter().any(|entry| entry.as_mapping_get("TXT").is_some());
    let mut lines = String::new();
    for entry in entries {
        let Some(mapping) = entry.as_mapping() else {
            found.times_out = true;
            continue;
        };
        for (kind, value) in mapping {
            // "auto-magic duplication of SPF to TXT records (by test suite drivers)"
            let kinds = if text(kind) == "SPF" && !has_txt { vec!["SPF", "TXT"] } else { vec![] };
            let kinds =
                if kinds.is_empty() { vec![text(kind)] } else { kinds.into_iter().map(str::to_owned).collect() };
            for kind in kinds {
                lines.extend(data(&kind, value).map(|data| format!("{} 60 IN {kind} {data}\n", owner.absolute())));
            }
        }
    }
    let zone = master::read(&Source::new(name, lines.clone(), SourceKind::Answer), Some(&Name::root()), None);
    assert!(zone.problems.is_empty(), "{lines}{:?}", zone.problems);
    found.records = zone.records;
    Some((owner, found))
}

/// The data as a zone line has them; nothing for `NONE`.
fn data(kind: &str, value: &Yaml<'_>) -> Option<String> {
    let name = |text: &str| format!("{}.", text.trim_end_matches('.'));
    match (kind, value.as_vec()) {
        ("TXT" | "SPF", Some(strings)) if strings.is_empty() => Some("\"\"".to_owned()),
        ("TXT" | "SPF", Some(strings)) => {
            Some(strings.iter().map(|string| quoted(&text(string))).collect::<Vec<_>>().join(" "))
        }
        ("TXT", None) if text(value) == "NONE" => None,
        ("TXT" | "SPF", None) => Some(quoted(&text(value))),
        ("MX", Some(fields)) => Some(format!("{} {}", text(&fields[0]), name(&text(&fields[1])))),
        ("CNAME" | "PTR", _) => Some(name(&text(value))),
        _ => Some(text(value)),
    }
}

/// `\xEF` in the suite stands for one octet.
fn quoted(text: &str) -> String {
    let octets: Vec<u8> = text.chars().map(|c| u8::try_from(c).expect("an octet")).collect();
    octets.chunks(255).map(write::quote).collect::<Vec<_>>().join(" ")
}

fn text(value: &Yaml<'_>) -> String {
    match value {
        value if value.as_str().is_some() => value.as_str().unwrap_or_default().to_owned(),
        value if value.as_integer().is_some() => value.as_integer().unwrap_or_default().to_string(),
        value if value.is_null() => String::new(),
        other => panic!("{other:?} is no text"),
    }
}

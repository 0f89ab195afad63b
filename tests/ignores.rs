//! Findings that somebody decided to ignore: by comments in zones of any form, and by settings; in every format, and with
//! nothing in their reasons that is carried out.

mod well_formed;

use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::config::Config;
use mailvet::dns::zone::ZoneData;
use mailvet::finding::{Finding, Waiver};
use mailvet::lang::Lang;
use mailvet::policy::Policy;
use mailvet::report::{self, Counts, Format, Report, Style};
use mailvet::source::{Source, SourceKind};
use mailvet::web::Nobody;
use mailvet::zone::format;
use mailvet::{Judges, check_zone, receivers};
use serde_json::Value;
use well_formed::{FORMATS, write};

/// Two of three findings at the SPF record are ignored; the text of a record is no comment.
const BIND: &str = r#"$ORIGIN contoso.test.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 300
@ NS ns1
@ MX 10 mail
mail A 192.0.2.1
ns1 A 192.0.2.53
; mailvet: ignore spf-ptr, spf-duplicate-term -- the printer
@ TXT ( "v=spf1 ptr mx "
        "mx ?all" ) ; mailvet: ignore spf-neutral-all until 2030-01-31 -- until we know our senders
_dmarc TXT "v=DMARC1; p=none" ; mailvet: ignore dmarc-policy-none until 2020-01-31 -- reports first
note TXT "; mailvet: ignore dmarc-no-reports -- no comment"
"#;

/// The same.
const YAML: &str = r#"---
'':
- type: NS
  value: ns1.contoso.test.
- type: MX
  value: {exchange: mail.contoso.test., preference: 10}
- type: TXT
  # mailvet: ignore spf-ptr, spf-duplicate-term -- the printer
  value: v=spf1 ptr mx mx ?all  # mailvet: ignore spf-neutral-all until 2030-01-31 -- until we know our senders
mail: {type: A, value: 192.0.2.1}
ns1: {type: A, value: 192.0.2.53}
_dmarc: {type: TXT, value: 'v=DMARC1\; p=none'}  # mailvet: ignore dmarc-policy-none until 2020-01-31 -- reports first
note:
  type: TXT
  value: 'a # mailvet: ignore dmarc-no-reports -- no comment'
"#;

fn check(name: &str, text: &str, policy: Policy) -> Vec<Report> {
    let policy = Policy { today: "2026-06-30".parse().ok(), ..policy };
    let source = Source::new(name, text, SourceKind::File);
    let zone = format::read(&source, None, None, None).expect("a zone").into_iter().map(Arc::new).next().expect("one");
    let mut own = ZoneData::new();
    own.add(&zone);
    let judges = Judges { policy: Arc::new(policy), ..Judges::of(receivers::all().iter().collect()) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    report::told_once(runtime.block_on(check_zone(&own, &Nobody, &zone, &Known::default(), &judges)))
}

fn settings(text: &str) -> Policy {
    Config::read(&Source::new("mailvet.toml", text, SourceKind::File)).expect("settings").policy
}

fn ids<'r>(findings: impl Iterator<Item = &'r Finding>) -> Vec<&'static str> {
    let mut ids: Vec<&str> = findings.map(|finding| finding.id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn comments_say_the_same_in_zone_lines_and_in_yaml() {
    let [bind, yaml] = [("contoso.test.zone", BIND), ("contoso.test.yaml", YAML)].map(|(name, text)| {
        let reports = check(name, text, Policy::default());
        let [report] = &reports[..] else { panic!("one domain") };
        report.clone()
    });
    for report in [&bind, &yaml] {
        assert_eq!(
            ids(report.ignored()),
            ["spf-duplicate-term", "spf-neutral-all", "spf-ptr"],
            "{:?}",
            ids(report.counted())
        );
        let counted = ids(report.counted());
        for id in ["dmarc-no-reports", "dmarc-policy-none", "ignore-expired"] {
            assert!(counted.contains(&id), "{id}: {counted:?}");
        }
    }
    assert_eq!(ids(bind.counted()), ids(yaml.counted()));
}

#[test]
fn what_receivers_do_stays_as_it_is() {
    let without = check("contoso.test.zone", &BIND.replace("mailvet:", "x:"), Policy::default());
    let with = check("contoso.test.zone", BIND, settings("[rules]\ndmarc = \"off\"\nspf = \"off\"\n"));
    assert!(ids(with[0].findings.iter()).iter().all(|id| !id.starts_with("spf-") && !id.starts_with("dmarc-")));
    let outcomes = |reports: &[Report]| reports[0].verdicts.iter().map(|verdict| verdict.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(&without), outcomes(&with));
    assert!(!without[0].steps.is_empty());
    assert!(with[0].steps.iter().all(|step| step.findings.iter().all(|place| *place < with[0].findings.len())));
    for lang in Lang::ALL {
        assert!(!write(&with, Format::Text, lang).contains("()"), "a reason whose finding is off is its id");
    }
}

#[test]
fn levels_and_ignores_of_settings() {
    let policy = settings(
        r#"
        [rules]
        dmarc-no-reports = "error"
        spf-duplicate-term = "off"
        [domain."contoso.test"]
        rules = { spf-neutral-all = "advice" }
        [[ignore]]
        rule = "dmarc-no-reports"
        domain = "*.contoso.test"
        reason = "not for this one"
        [[ignore]]
        rule = ["dmarc-policy-none"]
        domain = "contoso.test"
        reason = "later"
        until = 2026-06-30
        [[ignore]]
        rule = "spf-helo-missing"
        reason = "over"
        until = 2026-06-29
        "#,
    );
    let reports = check("contoso.test.zone", &BIND.replace("mailvet:", "x:"), policy);
    let report = &reports[0];
    let find = |id: &str| report.findings.iter().find(|finding| finding.id == id);
    assert_eq!(report.findings[0].id, "dmarc-no-reports", "the worst first");
    assert!(find("dmarc-no-reports").is_some_and(Finding::counts) && find("spf-duplicate-term").is_none());
    let waiver = find("dmarc-policy-none").and_then(|finding| finding.waiver.clone());
    assert_eq!(waiver, Some(Waiver::Config { reason: "later".into(), until: Some("2026-06-30".into()) }));
    assert_eq!(report.counts().error, 1);
    let expired = find("ignore-expired").expect("the finding");
    assert_eq!((expired.spans[0].source.name.as_str(), expired.spans[0].position().line), ("mailvet.toml", 16));
    assert!(find("spf-helo-missing").is_some_and(Finding::counts));
}

#[test]
fn what_is_said_of_settings_is_said_once() {
    let zone = BIND.to_owned() + "news MX 10 mail\nnews TXT \"v=spf1 ptr -all\"\n";
    let policy = || settings("[[ignore]]\nrule = \"spf-ptr\"\nreason = \"x\"\nuntil = 2020-01-31\n");
    let reports = check("contoso.test.zone", &zone, policy());
    assert!(reports.len() > 1);
    let told = reports.iter().flat_map(|report| &report.findings).filter(|finding| finding.id == "ignore-expired");
    assert_eq!(told.count(), 2, "one of the settings, and one of the zone");
}

/// With all three kinds of waivers, and words that each format could take for its own.
fn hostile() -> Vec<Report> {
    let zone =
        BIND.replace("the printer", "</script><b> ::error::x %0A [x](http://evil.test) ]]> `a`` \u{202e} {0} \"=1+1");
    let policy =
        settings("[[ignore]]\nrule = \"dmarc-no-reports\"\nreason = \"\\u001b[31m </details> |x| ]]> @admin\"\n");
    let mut reports = check("contoso.test.zone", &zone, policy);
    let baseline = reports[0].findings.iter_mut().find(|finding| finding.id == "spf-helo-missing");
    baseline.expect("one that counts").waiver = Some(Waiver::Baseline);
    reports
}

#[test]
fn every_format_is_whole() {
    let reports = hostile();
    for format in FORMATS {
        for lang in Lang::ALL {
            write(&reports, format, lang);
            let style = Style { format, lang, colour: false, width: 80, fails: None, show_ignored: true };
            let shown = report::write(&reports, style);
            assert!(!shown.chars().any(|c| c == '\u{1b}' || c == '\u{202e}'), "{format:?}");
        }
    }
    well_formed::markdown(&report::write(
        &reports,
        Style { format: Format::Markdown, lang: Lang::En, colour: false, width: 80, fails: None, show_ignored: true },
    ));
}

#[test]
fn text_tells_how_many_and_lists_them_when_asked() {
    let reports = hostile();
    let text = write(&reports, Format::Text, Lang::En);
    assert!(
        text.contains("Not counted: 5 (by settings 1, by comments 3, in the baseline 1); `--show-ignored` lists them")
    );
    assert!(!text.contains("[spf-ptr]"));
    let style =
        Style { format: Format::Text, lang: Lang::En, colour: false, width: 200, fails: None, show_ignored: true };
    let shown = report::write(&reports, style);
    for told in [
        "warning[spf-ptr]",
        "= ignored: </script>",
        "= ignored: until we know our senders (comment in contoso.test.zone:10, until 2030-01-31)",
        "= ignored: \\u{1b}[31m </details> |x| ]]> @admin (settings)",
        "= ignored: already there when the baseline was made",
    ] {
        assert!(shown.contains(told), "{told}\n{shown}");
    }
    let all = Counts::default();
    assert_ne!(reports[0].counts(), all);
}

#[test]
fn programs_are_told_why() {
    let reports = hostile();
    let json: Value = serde_json::from_str(&write(&reports, Format::Json, Lang::En)).expect("JSON");
    let ignored = |id: &str| {
        let findings = json["reports"][0]["findings"].as_array().expect("findings");
        findings.iter().find(|finding| finding["id"] == id).expect("one")["ignored"].clone()
    };
    assert_eq!(ignored("spf-neutral-all")["by"], "comment");
    assert_eq!(ignored("spf-neutral-all")["until"], "2030-01-31");
    assert_eq!(ignored("spf-neutral-all")["at"]["line"], 10);
    assert_eq!(
        (&ignored("dmarc-no-reports")["by"], &ignored("spf-helo-missing")["by"]),
        (&"config".into(), &"baseline".into())
    );
    assert_eq!(ignored("dmarc-policy-none"), Value::Null);

    let sarif: Value = serde_json::from_str(&write(&reports, Format::Sarif, Lang::En)).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let result = |id: &str| results.iter().find(|result| result["ruleId"] == id).expect("one");
    let suppression = &result("spf-neutral-all")["suppressions"][0];
    assert_eq!(
        (&suppression["kind"], &suppression["justification"]),
        (&"inSource".into(), &"until we know our senders".into())
    );
    assert_eq!(suppression["location"]["physicalLocation"]["region"]["startLine"], 10);
    assert_eq!(result("dmarc-no-reports")["suppressions"][0]["kind"], "external");
    assert_eq!(result("spf-helo-missing")["baselineState"], "unchanged");
    assert_eq!(result("dmarc-policy-none")["baselineState"], "new");
    assert_eq!(result("dmarc-policy-none")["suppressions"], Value::Null);

    let csv = well_formed::cells(&write(&reports, Format::Csv, Lang::En));
    let row = csv.iter().find(|row| row[2] == "spf-neutral-all").expect("a row");
    assert_eq!(row[22..], ["comment", "until we know our senders"]);
    assert_eq!(write(&reports, Format::Junit, Lang::En).matches("<skipped message=\"ignored: ").count(), 5);
    for format in [Format::Github, Format::Gitlab] {
        assert!(!write(&reports, format, Lang::En).contains("spf-ptr"), "{format:?}");
    }
    let html = write(&reports, Format::Html, Lang::En);
    assert!(html.contains("<summary>Not counted: 5 (by settings 1, by comments 3, in the baseline 1)</summary>"));
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = std::fs::read_to_string("tests/schemas/sarif-schema-2.1.0.json").expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let log: Value = serde_json::from_str(&write(&hostile(), Format::Sarif, Lang::En)).expect("JSON");
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

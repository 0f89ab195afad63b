//! Every format, of zones that are well and of zones that are hostile: whole, valid by its schema, and with nothing in it
//! that is carried out.

mod well_formed;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use mailvet::bounce;
use mailvet::collect::{Known, Wanted, recipients};
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::dns::{Answer, Dns, Failure};
use mailvet::finding::Severity;
use mailvet::lang::Lang;
use mailvet::name::{Name, Question};
use mailvet::receivers::{self, Recipient};
use mailvet::report::{self, Format, Report, Style};
use mailvet::smtp;
use mailvet::source::{Source, SourceKind};
use mailvet::web::Nobody;
use mailvet::zone::{Zone, master};
use mailvet::{Judges, check_zone};
use roxmltree::Document;
use serde_json::Value;
use well_formed::{FORMATS, write};

/// Everything that some format could take for its own.
const HOSTILE: &str = r##"
$ORIGIN evil.test.
$TTL 300
@ SOA ns1 root 1 2 3 4 5
@ NS ns1
@ MX 10 mail
mail A 192.0.2.1
@ TXT "v=spf1 include:<script>alert(1)</script> include:</pre></code><img/src=x/onerror=alert(1)> a:|x| ]]> &amp; %{x} %{0} {0} =1+1 @admin #12 !3 [x](https://evil.test) ![x](//evil.test/x.png) `a``b` ``` *b* _c_ ::error::x %0A::add-mask::y https://evil.test www.evil.test GH-1 -all"
@ TXT "v=spf1 =cmd|'/c calc'!A0 -all\010::warning::z\000\027[31m"
_dmarc TXT "v=DMARC1; p=<b>; rua=mailto:@admin#1`; sp=](https://evil.test); =1+1=; adkim=|; \226\128\174; ruf=http://evil.test"
s._domainkey TXT "v=DKIM1; k=<svg/onload=alert(1)>; p=@admin`#1 ]]> --> \239\191\191"
\<img\ src\=x\ onerror\=alert\(1\)\>._domainkey TXT "v=DKIM1; p="
=cmd._domainkey TXT "v=DKIM1; p=@@@"
_mta-sts TXT "v=STSv1; id=<i>`@x`"
_smtp._tls TXT "v=TLSRPTv1; rua=https://evil.test/<x>,mailto:@admin"
default._bimi TXT "v=BIMI1; l=http://evil.test/<x>.svg; a=`@admin`"
this is ::error no <record> | `at` @all
"##;

/// A domain that says wherever receivers look that it has no mail gets one sentence, and no table of those who do not
/// object.
#[test]
fn a_domain_without_mail_gets_no_verdicts() {
    let parked = "@ SOA ns1 root 1 2 3 4 5\n@ NS ns1.example.net.\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n\
                  _dmarc TXT \"v=DMARC1; p=reject\"\n*._domainkey TXT \"v=DKIM1; p=\"\n";
    let reports = zone("parked.zone", &format!("$ORIGIN parked.test.\n$TTL 300\n{parked}"));
    let words = ["neither sends nor takes mail", "no envía ni recibe correo", "メールの送受信を行わない"];
    for (lang, words) in Lang::ALL.into_iter().zip(words) {
        for format in [Format::Text, Format::Markdown, Format::Html, Format::Junit] {
            let text = write(&reports, format, lang);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let found = text.replace(' ', "").contains(&words.replace(' ', ""));
            assert!(found && !text.contains("Gmail"), "{format:?} {lang:?}: {text}");
        }
    }
    assert!(write(&reports, Format::Json, Lang::En).contains("\"without_mail\": true"));
    let weak = parked.replace("p=reject", "p=quarantine");
    let reports = zone("weak.zone", &format!("$ORIGIN parked.test.\n$TTL 300\n{weak}"));
    assert!(write(&reports, Format::Text, Lang::En).contains("Gmail"));
}

#[test]
fn nothing_hostile_is_carried_out() {
    let reports = zone("zones/<b>`a|b,c%:日.zone", HOSTILE);
    assert!(reports[0].findings.len() > 10, "{:?}", reports[0].findings);
    for format in FORMATS {
        for lang in Lang::ALL {
            write(&reports, format, lang);
        }
    }
}

#[test]
fn every_domain_of_the_tests_in_every_format() {
    let mut zones = 0;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/domains");
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path().join("contoso.com.zone");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let reports = zone("contoso.com.zone", &text);
        let lang = Lang::ALL[zones % Lang::ALL.len()];
        FORMATS.iter().for_each(|format| drop(write(&reports, *format, lang)));
        zones += 1;
    }
    assert!(zones > 5, "{zones} zones");
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = include_str!("schemas/sarif-schema-2.1.0.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let broken: Value = serde_json::json!({ "version": "2.1.0", "runs": [{}] });
    assert!(!validator.is_valid(&broken), "the schema holds nothing");
    let nothing = zone("a.zone", "$ORIGIN a.test.\n");
    let mendable = "$ORIGIN b.test.\n@ MX 10 mail\n@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr -- a | <b>\n\
                    c MX 10 mail\nc TXT \"v=spf1 ipv4:192.0.2.1 -all\"\n";
    let mendable = zone("b.zone", mendable);
    let has = |name: &str| write(&mendable, Format::Sarif, Lang::En).contains(name);
    assert!(has("\"fixes\"") && has("\"suppressions\""));
    for reports in
        [zone("zones/a b.zone", HOSTILE), contoso(), with_recipients(contoso()), mendable, nothing, Vec::new()]
    {
        for lang in Lang::ALL {
            let sarif: Value = serde_json::from_str(&write(&reports, Format::Sarif, lang)).expect("JSON");
            let errors: Vec<String> =
                validator.iter_errors(&sarif).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

#[test]
fn sarif_tells_places_in_characters_and_each_rule_once() {
    let sarif: Value = serde_json::from_str(&write(&contoso(), Format::Sarif, Lang::Ja)).expect("JSON");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "zones/contoso.com.zone", "{result}");
    }
    let policy = run["results"].as_array().and_then(|all| all.iter().find(|it| it["ruleId"] == "dmarc-policy-none"));
    let region = &policy.expect("a finding")["locations"][0]["physicalLocation"]["region"];
    // `ñ` is one character, and two bytes.
    let expected = serde_json::json!({ "startLine": 6, "startColumn": 30, "endLine": 6, "endColumn": 34 });
    assert_eq!(*region, expected);
}

#[test]
fn what_is_not_in_the_zone_stands_where_its_domain_does() {
    let zone =
        zone("contoso.com.zone", "$ORIGIN contoso.com.\n\n@ MX 0 mail\n@ TXT \"v=spf1 mx -all\"\nmail A 192.0.2.1\n");
    let entries: Value = serde_json::from_str(&write(&zone, Format::Gitlab, Lang::En)).expect("JSON");
    let missing = entries.as_array().and_then(|all| all.iter().find(|entry| entry["check_name"] == "dmarc-missing"));
    let location = &missing.expect("no DMARC record")["location"];
    assert_eq!(*location, serde_json::json!({ "path": "contoso.com.zone", "lines": { "begin": 3, "end": 3 } }));
}

#[test]
fn fingerprints_do_not_know_the_line() {
    let moved = format!("; a comment\n\n{CONTOSO}");
    let of = |text: &str| -> Vec<(String, u64)> {
        let text = write(&zone("contoso.com.zone", text), Format::Gitlab, Lang::En);
        let entries: Value = serde_json::from_str(&text).expect("JSON");
        let entries = entries.as_array().expect("a list").iter();
        let line = |entry: &Value| entry["location"]["lines"]["begin"].as_u64().expect("a line");
        entries.map(|entry| (entry["fingerprint"].to_string(), line(entry))).collect()
    };
    let (before, after) = (of(CONTOSO), of(&moved));
    assert!(!before.is_empty());
    for ((fingerprint, line), (same, below)) in before.iter().zip(&after) {
        assert_eq!((fingerprint, line + 2), (same, *below));
    }
}

#[test]
fn equal_findings_are_told_apart() {
    let line = "this line is bad\n";
    let reports = zone("a.zone", &format!("$ORIGIN a.test.\n@ MX 0 mail\n{line}{line}{line}"));
    let bad = reports[0].findings.iter().filter(|finding| finding.id == "zone-unreadable-line").count();
    assert_eq!(bad, 3);
    write(&reports, Format::Gitlab, Lang::En);
}

#[test]
fn what_nobody_answered_is_an_error_of_junit() {
    let judges = Judges::of(receivers::all().iter().collect());
    let domain = Wanted::domain(&Name::parse("contoso.com").expect("a name"), &Known::default());
    let reports = [wait(mailvet::check(&Broken, &Nobody, &smtp::Nobody, &domain, &judges))];
    assert!(reports[0].could_not_tell());
    FORMATS.iter().for_each(|format| drop(write(&reports, *format, Lang::Es)));
    let style = Style {
        format: Format::Junit,
        lang: Lang::En,
        colour: false,
        width: 80,
        fails: Some(Severity::Advice),
        show_ignored: false,
    };
    let text = report::write(&reports, style);
    assert!(text.contains("<error message=\"") && text.contains("type=\"dns-no-answer\""), "{text}");
}

/// DNS servers that all fail.
struct Broken;

impl Dns for Broken {
    async fn ask(&self, question: &Question) -> Answer {
        Answer::failed(question, Failure::ServFail)
    }
}

#[test]
fn junit_ends_as_the_run_does() {
    let ends = |fails| {
        let style =
            Style { format: Format::Junit, lang: Lang::En, colour: false, width: 80, fails, show_ignored: false };
        let text = report::write(&contoso(), style);
        well_formed::junit(&text);
        let document = Document::parse(&text).expect("XML");
        let count = |name| document.descendants().filter(|node| node.has_tag_name(name)).count();
        (count("failure"), count("error"), count("skipped"))
    };
    let counts = report_counts();
    assert!(counts.error > 0 && counts.warning + counts.advice > 1);
    assert_eq!(ends(None).0, 0);
    assert_eq!(ends(Some(Severity::Error)).0, counts.error);
    let all = contoso().iter().map(|report| report.findings.len()).sum::<usize>();
    // What nobody looked up is told as advice.
    assert_eq!(ends(Some(Severity::Advice)).0, all);
    assert_eq!(ends(Some(Severity::Error)), (counts.error, 0, 1));
}

#[test]
fn github_says_what_it_will_not_show() {
    let few = write(&contoso(), Format::Github, Lang::En);
    assert!(!few.contains("GitHub shows"));
    let records: String = (0..15).map(|n| format!("d{n} MX 0 mail\nd{n} TXT \"v=spf1 +all\"\n")).collect();
    let many = zone("a.zone", &format!("$ORIGIN a.test.\n@ MX 0 mail\nmail A 192.0.2.1\n{records}"));
    let errors: usize = many.iter().map(|report| report.counts().error).sum();
    let text = write(&many, Format::Github, Lang::En);
    assert_eq!(text.lines().filter(|line| line.starts_with("::error")).count(), errors);
    let first = text.lines().next().expect("a line");
    assert!(first.starts_with("::notice ") && first.contains(&format!("errors {}", errors - 10)), "{first}");
}

#[test]
fn a_comment_is_never_too_long() {
    let records: String = (0..400).map(|n| format!("d{n} MX 0 mail\nd{n} TXT \"v=spf1 +all\"\n")).collect();
    let many = zone("a.zone", &format!("$ORIGIN a.test.\n@ MX 0 mail\nmail A 192.0.2.1\n{records}"));
    let text = write(&many, Format::Markdown, Lang::Ja);
    assert!(text.chars().count() > 50_000, "only {}", text.chars().count());
    assert!(text.trim_end().ends_with("レポート全体は実行結果の出力にあります。"), "it says that there is more");
}

#[test]
fn recipients_that_take_no_mail_are_told_of_in_every_format() {
    let reports = with_recipients(contoso());
    for format in FORMATS {
        let text = write(&reports, format, Lang::En);
        assert!(text.contains("nobody.test"), "{format:?}\n{text}");
    }
    let text = write(&reports, Format::Gitlab, Lang::En);
    assert!(text.contains("takes no mail"), "{text}");
}

#[test]
fn verdicts_are_the_same_words_in_every_format() {
    for lang in Lang::ALL {
        let reports = zone("a.zone", "$ORIGIN a.test.\n@ MX 0 mail\nmail A 192.0.2.1\n@ TXT \"v=spf1 +all\"\n");
        let junit = write(&reports, Format::Junit, lang);
        let terminal = write(&reports, Format::Text, lang);
        let words: BTreeSet<&str> = reports[0]
            .verdicts
            .iter()
            .map(|verdict| {
                let start = format!("{} (", verdict.receiver.name);
                let line = junit.lines().map(|line| line.trim_start().trim_start_matches("<system-out>"));
                let line = line.clone().find(|line| line.starts_with(&start)).expect("a verdict");
                line.rsplit_once(": ").expect("a word").1
            })
            .collect();
        assert!(words.len() > 1, "{words:?}");
        for format in [Format::Markdown, Format::Html] {
            let text = write(&reports, format, lang);
            for word in &words {
                assert!(terminal.contains(word) && text.contains(word), "{format:?}: {word}");
            }
        }
    }
}

#[test]
fn what_nobody_could_weigh_is_not_told_to_be_fine() {
    let mut report = contoso().remove(0);
    for verdict in &mut report.verdicts {
        (verdict.outcome, verdict.cells) = (receivers::Outcome::Nothing, [None; 6]);
    }
    let reports = [report];
    for format in [Format::Text, Format::Junit, Format::Markdown, Format::Html] {
        let text = write(&reports, format, Lang::En);
        assert!(text.contains("nothing to go by") && !text.contains("no objection<"), "{format:?}\n{text}");
    }
}

#[test]
fn bounces_are_told_in_every_format_that_has_room_for_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bounces/three.mbox");
    let bounces = bounce::read("three.mbox", &fs::read(path).expect("bounces"));
    let explained = |bounce| mailvet::explain_bounce("three.mbox".to_owned(), bounce);
    let bounces: Vec<Report> = bounces.into_iter().map(explained).collect();
    for format in [Format::Text, Format::Markdown, Format::Html, Format::Csv] {
        let text = write(&bounces[..1], format, Lang::En);
        for told in ["554 5.7.9 Message not accepted for policy reasons", "Yahoo refused the mail", "return path"] {
            assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(told), "{format:?}: {told}\n{text}");
        }
        // Of what nobody looked at nothing can be said to be right.
        assert!(!text.contains("no problems found"), "{format:?}\n{text}");
    }
    let csv = well_formed::cells(&write(&bounces, Format::Csv, Lang::En));
    let refusals: Vec<&[String]> = csv[1..].iter().map(|row| &row[19..22]).collect();
    assert_eq!(refusals, [["yahoo", "554 5.7.9", "yahoo-5.7.9"], ["yahoo", "421 4.7.0", "yahoo-4.7.0-tss04"]]);
}

#[test]
fn what_several_bounces_tell_of_a_sender_is_listed_once() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bounces/postfix-yahoo.eml");
    let mail = fs::read(path).expect("a bounce");
    let judges = Judges::of(receivers::all().iter().collect());
    let check = || {
        let bounce = bounce::read("ndr.eml", &mail).remove(0);
        wait(mailvet::check_bounce(&world(""), &Nobody, "ndr.eml".to_owned(), bounce, &judges))
    };
    let reports = [check(), check()];
    let entries = |reports| {
        let entries: Value = serde_json::from_str(&write(reports, Format::Gitlab, Lang::En)).expect("JSON");
        entries.as_array().expect("a list").len()
    };
    assert!(entries(&reports[..1]) > 0);
    assert_eq!(entries(&reports), entries(&reports[..1]));
}

#[test]
fn the_picture_of_the_spf_record_shows_each_term() {
    let text = write(&contoso(), Format::Html, Lang::En);
    let (_, svg) = text.split_once("<svg").expect("a picture");
    let (svg, _) = svg.split_once("</svg>").expect("its end");
    for term in ["include:_spf.other.test", "ip4:192.0.2.0/24", "+all"] {
        assert!(svg.contains(term), "{term}: {svg}");
    }
    let without: Vec<Report> = contoso().into_iter().map(|report| Report { spf_tree: None, ..report }).collect();
    assert!(!write(&without, Format::Html, Lang::En).contains("<svg"));
}

const CONTOSO: &str = r#"$ORIGIN contoso.com.
$TTL 300
@ MX 0 mail
@ TXT "v=spf1 include:_spf.other.test include:gone.unknown +all"
mail A 192.0.2.1
_dmarc TXT "v=DMARC1; x=ñ; p=none"
s1._domainkey CNAME s1.unknown.
"#;

fn contoso() -> Vec<Report> {
    zone("./zones/contoso.com.zone", CONTOSO)
}

fn report_counts() -> report::Counts {
    contoso().iter().map(Report::counts).fold(report::Counts::default(), |sum, counts| sum + counts)
}

/// As somebody asks what two of their recipients will do.
fn with_recipients(reports: Vec<Report>) -> Vec<Report> {
    let world = world("nobody.test. MX 0 .\n");
    let domains = ["nobody.test", "unknown.test"].map(|name| Name::parse(name).expect("a name"));
    let seen = wait(recipients::recipients(&world, &domains));
    let recipients: Arc<[Recipient]> = seen.into_iter().map(Recipient::new).collect();
    reports.into_iter().map(|report| Report { recipients: Arc::clone(&recipients), ..report }).collect()
}

fn zone(name: &str, text: &str) -> Vec<Report> {
    let source = Source::new(name, text, SourceKind::File);
    let zone = Arc::new(master::read(&source, None, None));
    let mut own = ZoneData::new();
    own.add(&zone);
    let world = world("_spf.other.test. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n");
    let judges = Judges { draw_spf: true, ..Judges::of(receivers::all().iter().collect()) };
    wait(check_zone(&Overlay(own, world), &Nobody, &zone, &Known::default(), &judges))
}

fn world(text: &str) -> ZoneData {
    let source = Source::new("world", text, SourceKind::File);
    let mut world = ZoneData::new();
    world.add_foreign(&Arc::new(Zone { origin: Name::root(), ..master::read(&source, Some(&Name::root()), None) }));
    world
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

use std::sync::Arc;

use super::*;
use crate::collect::Known;
use crate::dns::zone::ZoneData;
use crate::dns::{Answer, Dns, Failure};
use crate::finding::{Severity, Waiver};
use crate::name::Kind;
use crate::receivers::{self, Outcome, Sender};
use crate::source::{Source, SourceKind};
use crate::web::Nobody;
use crate::zone::{Zone, format};
use crate::{Judges, check_zone};

const ZONE: &str = r#"$ORIGIN example.test.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 300
@ NS ns1
ns1 A 93.184.216.1
@ MX 10 mail
@ TXT "v=spf1 mx ip4:93.184.216.34 -all"
@ TXT "MS=ms12345678"
mail A 93.184.216.34
s1._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.test"
_sip._tcp SRV 0 5 5060 mail
www A 93.184.216.35
"#;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

fn zone(name: &str, text: &str) -> Arc<Zone> {
    let source = Source::new(name, text, SourceKind::File);
    let zones = format::read(&source, None, None, None).expect("a zone");
    Arc::new(zones.into_iter().next().expect("one zone"))
}

fn checked(dns: &impl Dns, zone: &Arc<Zone>) -> Vec<Checked> {
    let judges = Judges::of(receivers::prominent().collect());
    let reports = wait(check_zone(dns, &Nobody, zone, &Known::default(), &judges));
    let one = |report: crate::report::Report| Checked {
        domain: report.subject,
        findings: report.findings,
        verdicts: report.verdicts,
        in_zone: report.in_zone,
    };
    reports.into_iter().map(one).collect()
}

/// A side of a zone file alone.
fn side(text: &str) -> Side {
    side_of(&zone("example.test.zone", text))
}

fn side_of(zone: &Arc<Zone>) -> Side {
    let mut data = ZoneData::new();
    data.add(zone);
    let dns = crate::dns::recorder::Recorder::new(data);
    let checked = checked(&dns, zone);
    let mut records = Records::new();
    records.add_zone(zone);
    records.note_asked(&dns.answers());
    Side { name: zone.source.name.clone(), checked, records }
}

/// A side of the answers of a zone, as a snapshot or DNS give them; to these questions there was none.
fn answers(text: &str, failing: &[&str]) -> Side {
    let mut data = ZoneData::new();
    data.add(&zone("DNS", text));
    let dns = crate::dns::recorder::Recorder::new(Unanswered { data, failing });
    let domain = Name::parse("example.test").expect("a name");
    let selectors = vec!["s1".to_owned(), "s2".to_owned()];
    let wanted = crate::collect::Wanted::domain(&domain, &Known { selectors, ..Known::default() });
    let judges = Judges::of(receivers::prominent().collect());
    let report = wait(crate::check(&dns, &Nobody, &crate::smtp::Nobody, &wanted, &judges));
    let mut records = Records::new();
    records.add_answers(&dns.answers());
    let (findings, verdicts) = (report.findings, report.verdicts);
    Side { name: "DNS".to_owned(), checked: vec![Checked { domain, findings, verdicts, in_zone: None }], records }
}

struct Unanswered<'t> {
    data: ZoneData,
    failing: &'t [&'t str],
}

impl Dns for Unanswered<'_> {
    async fn ask(&self, question: &Question) -> Answer {
        match self.failing.contains(&question.to_string().as_str()) {
            true => Answer::failed(question, Failure::Timeout),
            false => self.data.answer(question),
        }
    }
}

/// Each change as a line.
fn changes(diff: &Diff) -> Vec<String> {
    let part = |part: &Part| {
        format!(" {}>{}", part.old.as_deref().unwrap_or_default(), part.new.as_deref().unwrap_or_default())
    };
    let line = |change: &Change| {
        let (sign, parts) = match &change.what {
            What::Added(_) => ("+", String::new()),
            What::Removed(_) => ("-", String::new()),
            What::Changed { parts, .. } => ("~", parts.iter().map(part).collect()),
            What::Ttl { old, new } => ("ttl", format!(" {old}>{}", new.ttl)),
        };
        let other = if change.of_mail { "" } else { " (other)" };
        format!("{sign} {}{parts}{other}", change.set)
    };
    diff.records.iter().map(line).collect()
}

fn ids(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.id).collect()
}

fn of_domain(diff: &Diff) -> &DomainDiff {
    diff.domains.iter().find(|domain| domain.domain.as_str() == "example.test").expect("the domain")
}

#[test]
fn form_is_no_difference() {
    let other = r#"$ORIGIN TEST.
$TTL 1h
www.Example A 93.184.216.35
_DMARC.example.test. IN TXT ( "v=DMARC1; p=none; "
    "rua=mailto:dmarc@example.test" )
example 3600 TXT "MS=ms12345678"
example.test. SOA ns1.EXAMPLE hostmaster.example 2 7200 3600 1209600 300
$ORIGIN example.test.
s1._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQ" "HOg7hcvPapiMlrwIaaPcHURo="
@ TXT "v=spf1 mx " "ip4:93.184.216.34 -all"
@ MX 10 MAIL.example.test.
_sip._tcp SRV 0 5 5060 Mail.Example.test.
mail A 93.184.216.34
ns1 A 93.184.216.1
@ NS NS1
"#;
    let diff = compare(&side(ZONE), &side(other));
    assert_eq!(changes(&diff), Vec::<String>::new());
    assert!(diff.domains.iter().all(|domain| !domain.is_different()), "{:#?}", diff.domains);
    assert!(of_domain(&diff).unchanged > 0);
}

#[test]
fn the_same_zone_for_octodns_has_no_difference() {
    let yaml = r#"---
'':
  - type: MX
    value: {exchange: mail.example.test., preference: 10}
  - type: TXT
    values: ['v=spf1 mx ip4:93.184.216.34 -all', MS=ms12345678]
_dmarc: {type: TXT, value: v=DMARC1\; p=none\; rua=mailto:dmarc@example.test}
_sip._tcp: {type: SRV, value: {port: 5060, priority: 0, target: mail.example.test., weight: 5}}
mail: {type: A, value: 93.184.216.34}
ns1: {type: A, value: 93.184.216.1}
s1._domainkey: {type: TXT, value: v=DKIM1\; k=ed25519\; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=}
www: {type: A, value: 93.184.216.35}
"#;
    let octodns = side_of(&zone("example.test.yaml", yaml));
    for diff in [compare(&side(ZONE), &octodns), compare(&octodns, &side(ZONE))] {
        assert_eq!(changes(&diff), Vec::<String>::new());
        assert!(diff.domains.iter().all(|domain| !domain.is_different()), "{:#?}", diff.domains);
    }
}

#[test]
fn each_kind_of_change() {
    let new = ZONE
        .replace("mx ip4:93.184.216.34 -all", "mx include:spf.example.net ~all")
        .replace("p=none", "p=reject")
        .replace("mail A 93", "mail 300 A 93")
        .replace("@ MX 10 mail\n", "@ MX 10 mail\n@ MX 20 backup\nbackup A 93.184.216.36\n")
        .replace("@ TXT \"MS=ms12345678\"\n", "")
        .replace("www A 93.184.216.35", "www A 93.184.216.36")
        .replace("hostmaster 1 ", "hostmaster 2 ");
    let expected = [
        "~ _dmarc.example.test TXT p=none>p=reject",
        "+ backup.example.test A",
        "+ example.test MX",
        "~ example.test TXT ip4:93.184.216.34> -all> >include:spf.example.net >~all",
        "- example.test TXT",
        "ttl mail.example.test A 3600>300",
        "~ www.example.test A (other)",
    ];
    assert_eq!(changes(&compare(&side(ZONE), &side(&new))), expected);
}

#[test]
fn findings_come_and_go() {
    let worse = ZONE.replace("mx ip4", "mx ptr ip4");
    let diff = compare(&side(ZONE), &side(&worse));
    assert_eq!((ids(&of_domain(&diff).new), ids(&of_domain(&diff).gone)), (vec!["spf-ptr"], vec![]));
    let back = compare(&side(&worse), &side(ZONE));
    assert_eq!((ids(&of_domain(&back).new), ids(&of_domain(&back).gone)), (vec![], vec!["spf-ptr"]));
    assert_eq!(of_domain(&diff).unchanged, of_domain(&back).unchanged);
    let twice = compare(&side(&worse), &side(&worse.replace("ptr", "ptr ptr")));
    assert!(ids(&of_domain(&twice).new).contains(&"spf-ptr"), "a second one is new");
}

#[test]
fn what_does_not_count_is_neither_new_nor_gone() {
    let worse = side(&ZONE.replace("mx ip4", "mx ptr ip4"));
    let mut waived = side(&ZONE.replace("mx ip4", "mx ptr ip4"));
    let findings = waived.checked.iter_mut().flat_map(|checked| &mut checked.findings);
    findings.filter(|finding| finding.id == "spf-ptr").for_each(|it| it.waiver = Some(Waiver::Baseline));
    assert!(!of_domain(&compare(&side(ZONE), &waived)).is_different(), "never counted");
    assert!(!of_domain(&compare(&worse, &waived)).is_different(), "still there");
    assert_eq!(ids(&of_domain(&compare(&waived, &worse)).new), ["spf-ptr"], "it counts now");
}

#[test]
fn verdicts_turn_the_worst_first() {
    let new = ZONE.replace("mx ip4:93.184.216.34 -all", "mx ip4:93.184.216.300 -all").replace("s1._domainkey", "x");
    let diff = compare(&side(ZONE), &side(&new));
    let turns = &of_domain(&diff).turns;
    assert!(turns.len() > 3);
    assert!(turns.is_sorted_by_key(|turn| std::cmp::Reverse(turn.new.outcome)));
    assert!(turns.iter().all(|turn| turn.new.outcome > turn.old.outcome && !turn.because.is_empty()));
    assert_eq!(turns[0].new.outcome, Outcome::Reject);
    let because = |turns: &[Turn]| turns.iter().any(|turn| ids(&turn.because).contains(&"auth-neither-spf-nor-dkim"));
    assert!(because(turns) && turns.iter().any(|turn| turn.new.sender == Sender::Everyone));
    let back = compare(&side(&new), &side(ZONE));
    let turns = &of_domain(&back).turns;
    assert!(turns.iter().all(|turn| turn.new.outcome < turn.old.outcome) && because(turns));
}

#[test]
fn what_could_not_be_told_before_turns_for_what_is_there_now() {
    let judged = |zone: &str, outcome| {
        let mut side = side(zone);
        side.checked.iter_mut().flat_map(|checked| &mut checked.verdicts).for_each(|verdict| verdict.outcome = outcome);
        side
    };
    let broken = ZONE.replace("mx ip4:93.184.216.34 -all", "mx ip4:93.184.216.300 -all");
    let diff = compare(&judged(ZONE, Outcome::Unsure), &judged(&broken, Outcome::Risk));
    let turns = &of_domain(&diff).turns;
    assert!(!turns.is_empty() && turns.iter().all(Turn::is_for_new));
    assert!(turns.iter().any(|turn| ids(&turn.because).contains(&"spf-bad-address")));
    let back = compare(&judged(&broken, Outcome::Risk), &judged(ZONE, Outcome::Nothing));
    assert!(of_domain(&back).turns.iter().all(|turn| !turn.is_for_new()));
}

#[test]
fn domains_of_one_side() {
    let more = format!("{ZONE}news MX 10 mail\nnews TXT \"v=spf1 ptr -all\"\n");
    let diff = compare(&side(ZONE), &side(&more));
    let news = &diff.domains[1];
    assert_eq!((news.domain.as_str(), news.presence), ("news.example.test", Presence::Only(Which::New)));
    assert!(ids(&news.new).contains(&"spf-ptr") && news.turns.is_empty());
    let back = compare(&side(&more), &side(ZONE));
    assert_eq!(back.domains[1].presence, Presence::Only(Which::Old));
    assert!(ids(&back.domains[1].gone).contains(&"spf-ptr"));
}

#[test]
fn answers_and_a_zone_are_alike() {
    let diff = compare(&answers(ZONE, &[]), &side(ZONE));
    assert_eq!((changes(&diff), diff.unknown.len()), (vec![], 0));
    let domain = of_domain(&diff);
    assert!(domain.new.is_empty() && domain.gone.is_empty(), "{domain:#?}");
    let deployed = ZONE.replace("mx ip4", "mx ptr ip4").replace("$TTL 3600", "$TTL 60");
    let diff = compare(&answers(ZONE, &[]), &side(&deployed));
    assert_eq!(changes(&diff), ["~ example.test TXT >ptr"], "answers count their time to live down");
    assert_eq!(ids(&of_domain(&diff).new), ["spf-ptr"]);
}

#[test]
fn a_removed_record_is_told_from_one_that_was_not_asked() {
    let without_key: String =
        ZONE.lines().filter(|line| !line.contains("_domainkey")).map(|line| format!("{line}\n")).collect();
    let removed = compare(&side(ZONE), &answers(&without_key, &[]));
    assert_eq!(changes(&removed), ["- s1._domainkey.example.test TXT"]);
    // Nobody asked for this selector.
    let other_key = ZONE.replace("s1._domainkey", "s9._domainkey");
    let unasked = compare(&side(&other_key), &answers(&other_key, &[]));
    assert_eq!(changes(&unasked), Vec::<String>::new());
    let set = Question::new(&Name::parse("s9._domainkey.example.test").expect("a name"), Kind::TXT);
    assert_eq!(unasked.unknown, [(set, Which::Old)]);
}

#[test]
fn a_time_out_is_no_missing_record() {
    let bad = ZONE.replace("mx ip4", "mx ptr ip4");
    let failing = ["example.test TXT"];
    for (diff, knows) in [
        (compare(&side(&bad), &answers(&bad, &failing)), Which::Old),
        (compare(&answers(&bad, &failing), &side(&bad)), Which::New),
    ] {
        assert_eq!(changes(&diff), Vec::<String>::new());
        assert!(diff.unknown.iter().any(|(set, which)| set.to_string() == "example.test TXT" && *which == knows));
        let domain = of_domain(&diff);
        let all = [ids(&domain.new), ids(&domain.gone)].concat();
        assert!(!all.contains(&"spf-ptr"), "{all:?}");
        assert!(domain.untold.iter().any(|(finding, which)| finding.id == "spf-ptr" && *which == knows));
        assert!(domain.new.iter().all(|finding| finding.severity < Severity::Error));
    }
}

#[test]
fn an_unreadable_line_hides_what_stands_there() {
    let broken = ZONE.replace("ip4:93.184.216.34 -all\"", "ip4:93.184.216.34 -all");
    let ptr = ZONE.replace("mx ip4", "mx ptr ip4");
    let diff = compare(&side(&broken), &side(&ptr));
    assert!(!changes(&diff).iter().any(|change| change.contains("example.test TXT v=spf1")), "{:?}", changes(&diff));
    let domain = of_domain(&diff);
    assert!(!ids(&domain.new).contains(&"spf-ptr"), "whether it is new, nobody knows");
    assert!(ids(&domain.gone).contains(&"zone-unreadable-line"));
}

#[test]
fn a_domain_that_nobody_looked_at() {
    let more = format!("{ZONE}news MX 10 mail\nnews TXT \"v=spf1 ptr -all\"\n");
    let diff = compare(&answers(ZONE, &[]), &side(&more));
    let news = diff.domains.iter().find(|domain| domain.domain.as_str() == "news.example.test").expect("news");
    assert_eq!(news.presence, Presence::NotKnownBeside(Which::New));
    assert!(news.new.is_empty() && news.untold.iter().any(|(finding, _)| finding.id == "spf-ptr"));
}

#[test]
fn a_fault_of_the_new_file_is_new() {
    let slip = ZONE.replace("@ MX 10 mail", "@ MX 10 mail.example.test");
    let diff = compare(&answers(ZONE, &[]), &side(&slip));
    let domain = of_domain(&diff);
    assert!(ids(&domain.new).iter().any(|id| id.starts_with("zone-")), "{:?}", ids(&domain.new));
}

use std::sync::Arc;

use super::*;
use crate::dns::overlay::Overlay;
use crate::dns::zone::ZoneData;
use crate::source::{Source, SourceKind};
use crate::zone::{Zone, master};

/// Judges a request of `user@example.test` by a zone for `test`; below `lost` nobody answers.
fn judged(zone: &str, ip: &str) -> Evaluation {
    let request = Request {
        ip: ip.parse().expect("an address"),
        helo: "helo.example.test".to_owned(),
        sender: "user@example.test".to_owned(),
        receiver: String::new(),
        now: 0,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(check_host(&world(zone), &request))
}

fn world(text: &str) -> Overlay<ZoneData, ZoneData> {
    let source = Source::new("test.zone", format!("$TTL 60\n{text}\n"), SourceKind::File);
    let whole = master::read(&source, Some(&Name::root()), None);
    let data = |origin: &str| {
        let origin = Name::parse(origin).expect("a name");
        let records = whole.records.iter().filter(|record| record.owner.is_within(&origin)).cloned().collect();
        let mut data = ZoneData::new();
        data.add(&Arc::new(Zone { origin, records, ..whole.clone() }));
        data
    };
    Overlay(data("test"), data("arpa"))
}

/// A zone with this record, and more lines.
fn zone(record: &str, lines: &str) -> String {
    format!("example.test TXT \"{record}\"\n{lines}")
}

fn outcome(record: &str, lines: &str, ip: &str) -> (SpfResult, Option<EvaluationError>) {
    let evaluation = judged(&zone(record, lines), ip);
    (evaluation.result, evaluation.error)
}

fn error(record: &str, lines: &str) -> Option<EvaluationError> {
    outcome(record, lines, "192.0.2.1").1
}

#[test]
fn the_trace_tells_every_step() {
    let lines = "in.test TXT \"v=spf1 a:none.test ip4:192.0.2.0/24\"\nmx.test MX 1 h.test\nh.test A 192.0.2.9";
    let got = judged(&zone("v=spf1 mx:mx.test -include:in.test ~all", lines), "192.0.2.1");
    let steps: Vec<String> = got
        .trace
        .iter()
        .map(|step| format!("{} {} {} {:?} {:?}", step.depth, step.domain, step.term, step.asked, step.outcome))
        .collect();
    let expected = [
        "0 example.test mx:mx.test [mx.test MX, h.test A] NotMatched",
        "0 example.test -include:in.test [in.test TXT] Entered",
        "1 in.test a:none.test [none.test A] NotMatched",
        "1 in.test ip4:192.0.2.0/24 [] Matched",
    ];
    assert_eq!(steps, expected);
    assert_eq!(got.trace[1].spans[0].text(), "-include:in.test");
    assert_eq!((got.result, got.matched.as_deref()), (SpfResult::Fail, Some("-include:in.test")));
    assert_eq!((got.lookups, got.voids), (3, 1));
}

#[test]
fn without_a_trace_the_verdict_is_the_same() {
    let world = world(&zone("v=spf1 a:h.test -all", "h.test A 192.0.2.1"));
    let request = Request {
        ip: "192.0.2.1".parse().expect("an address"),
        helo: String::new(),
        sender: "user@example.test".to_owned(),
        receiver: String::new(),
        now: 0,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let got = runtime.block_on(check_host_untraced(&world, &request));
    assert_eq!((got.result, got.matched.as_deref()), (SpfResult::Pass, Some("a:h.test")));
    assert!(got.trace.is_empty());
}

#[test]
fn errors_have_names() {
    let two = "two.test TXT \"v=spf1 -all\"\ntwo.test TXT \"v=spf1 +all\"";
    assert_eq!(error("v=spf1 include:two.test", two), Some(EvaluationError::SeveralRecords));
    assert_eq!(error("v=spf1 include:none.test", ""), Some(EvaluationError::NoRecord));
    assert_eq!(error("v=spf1 redirect=none.test", ""), Some(EvaluationError::NoRecord));
    assert_eq!(error("v=spf1 redirect=%{h2}..test", ""), Some(EvaluationError::NoRecord));
    assert_eq!(error("v=spf1 ip4:192.0.2.0/24 oops", ""), Some(EvaluationError::Syntax));
    assert_eq!(outcome("v=spf1 a:h.lost", "", "::1"), (SpfResult::TempError, Some(EvaluationError::NoAnswer)));
    assert_eq!(error("v=spf1 include:in.lost", ""), Some(EvaluationError::NoAnswer));
}

#[test]
fn an_error_ends_the_trace() {
    let got = judged(&zone("v=spf1 include:in.test -all", "in.test TXT \"v=spf1 a:\""), "192.0.2.1");
    let last = got.trace.last().expect("a step");
    assert_eq!((last.term.as_str(), last.outcome), ("a:", StepOutcome::Failed(EvaluationError::Syntax)));
    assert_eq!((got.result, got.matched), (SpfResult::PermError, None));
}

#[test]
fn ten_lookups_and_no_more() {
    let hosts = "h.test A 192.0.2.9";
    let terms = |count: usize| format!("v=spf1{} ip4:192.0.2.1", " a:h.test".repeat(count));
    assert_eq!(outcome(&terms(10), hosts, "192.0.2.1"), (SpfResult::Pass, None));
    assert_eq!(error(&terms(11), hosts), Some(EvaluationError::TooManyLookups));
    assert_eq!(error("v=spf1 include:example.test", ""), Some(EvaluationError::TooManyLookups));
    // The limit is for what is asked: a match before it is one.
    assert_eq!(outcome(&format!("{} -all", terms(11)), "h.test A 192.0.2.1", "192.0.2.1"), (SpfResult::Pass, None));
}

/// RFC 7208 section 4.6.4: "When evaluating the "ptr" mechanism or the %{p} macro, the number of "PTR" resource records
/// queried is included in the overall limit of 10".
#[test]
fn the_macro_p_is_a_lookup() {
    let exists = |count: usize| format!("v=spf1{} exists:%{{p}}.test", " a:h.test".repeat(count));
    let lines = "h.test A 192.0.2.9\n*.test A 127.0.0.2";
    assert_eq!(outcome(&exists(8), lines, "192.0.2.1"), (SpfResult::Pass, None));
    assert_eq!(error(&exists(9), lines), Some(EvaluationError::TooManyLookups));
    // The same names, asked for once.
    assert_eq!(judged(&zone("v=spf1 ptr exists:%{p}.test", lines), "192.0.2.1").lookups, 2);
}

/// RFC 7208 section 4.6.4 limits "the number of "terms" for which DNS queries return" nothing: a term counts once, and
/// by its own question.
#[test]
fn two_voids_and_no_more() {
    let lines = "v6.test AAAA ::1\nhosts.test MX 1 none.test\nhosts.test MX 2 none2.test";
    assert_eq!(error("v=spf1 a:none.test mx:none.test ?all", lines), None);
    assert_eq!(
        error("v=spf1 a:none.test mx:none.test exists:none.test ?all", lines),
        Some(EvaluationError::TooManyVoids)
    );
    assert_eq!(error("v=spf1 ptr ptr ptr ?all", lines), Some(EvaluationError::TooManyVoids));
    // NODATA is as void as NXDOMAIN.
    assert_eq!(judged(&zone("v=spf1 a:v6.test ?all", lines), "192.0.2.1").voids, 1);
    // Hosts of a mail exchange and the macro `p` are no terms.
    assert_eq!(judged(&zone("v=spf1 mx:hosts.test exists:%{p}.v6.test ?all", lines), "192.0.2.1").voids, 1);
    // A term whose name is none asks nothing.
    assert_eq!(judged(&zone("v=spf1 a:%{l}..test mx:%{l}..test a:%{l}..test ?all", lines), "192.0.2.1").voids, 0);
}

#[test]
fn ten_mail_exchanges_and_no_more() {
    let of = |count: usize| {
        let hosts: String = (0..count).map(|n| format!("mx.test MX {n} h{n}.test\nh{n}.test A 192.0.2.1\n")).collect();
        outcome("v=spf1 mx:mx.test", &hosts, "192.0.2.1")
    };
    assert_eq!(of(10), (SpfResult::Pass, None));
    assert_eq!(of(11), (SpfResult::PermError, Some(EvaluationError::TooManyHosts)));
}

#[test]
fn ptr_takes_validated_names_alone() {
    let reverse = "1.2.0.192.in-addr.arpa PTR liar.example.test\n1.2.0.192.in-addr.arpa PTR mail.other.test\n";
    let lines = format!("{reverse}liar.example.test A 192.0.2.2\nmail.other.test A 192.0.2.1");
    assert_eq!(outcome("v=spf1 ptr ?all", &lines, "192.0.2.1").0, SpfResult::Neutral);
    assert_eq!(outcome("v=spf1 ptr:other.test ?all", &lines, "192.0.2.1").0, SpfResult::Pass);
    assert_eq!(outcome("v=spf1 ptr:her.test ?all", &lines, "192.0.2.1").0, SpfResult::Neutral);
    let many: String = (0..10).map(|n| format!("1.2.0.192.in-addr.arpa PTR n{n}.test\n")).collect();
    // RFC 7208 section 4.6.4: "all records other than the first 10 MUST be ignored."
    assert_eq!(outcome("v=spf1 ptr:other.test ?all", &format!("{many}{lines}"), "192.0.2.1").0, SpfResult::Neutral);
}

#[test]
fn ptr_survives_failures() {
    let lines = "1.2.0.192.in-addr.arpa PTR h.lost\n1.2.0.192.in-addr.arpa PTR h.test\nh.test A 192.0.2.1";
    assert_eq!(outcome("v=spf1 ptr:test.test ptr:h.test -all", lines, "192.0.2.1"), (SpfResult::Pass, None));
}

#[test]
fn exists_asks_for_ipv4_addresses_alone() {
    let lines = "four.test A 127.0.0.2\nsix.test AAAA ::1";
    for ip in ["192.0.2.1", "2001:db8::1"] {
        assert_eq!(outcome("v=spf1 exists:four.test -all", lines, ip).0, SpfResult::Pass);
        assert_eq!(outcome("v=spf1 exists:six.test -all", lines, ip).0, SpfResult::Fail);
    }
}

#[test]
fn a_mapped_address_is_an_ipv4_address() {
    let mapped = "::ffff:192.0.2.1";
    assert_eq!(outcome("v=spf1 ip4:192.0.2.1 -all", "", mapped).0, SpfResult::Pass);
    assert_eq!(outcome("v=spf1 a:h.test -all", "h.test A 192.0.2.1", mapped).0, SpfResult::Pass);
    assert_eq!(
        outcome("v=spf1 exists:%{i}.%{v}.h.test -all", "192.0.2.1.in-addr.h.test A 127.0.0.2", mapped).0,
        SpfResult::Pass
    );
    // RFC 7208 section 5: "IPv4 <ip> addresses are only listed in an SPF record using the "ip4" mechanism."
    for ip in [mapped, "192.0.2.1"] {
        assert_eq!(outcome("v=spf1 ip6:::ffff:192.0.2.1 ip6:::/0 -all", "", ip).0, SpfResult::Fail);
    }
}

/// RFC 7208 section 7.3: "If the <domain> is present in the list of validated domains, it SHOULD be used. Otherwise, if
/// a subdomain of the <domain> is present, it SHOULD be used. Otherwise, any name from the list can be used."
#[test]
fn the_macro_p_is_the_best_validated_name() {
    let name = |names: &[&str], valid: &[&str]| {
        let reverse = names.iter().map(|name| format!("1.2.0.192.in-addr.arpa PTR {name}\n"));
        let addresses = valid.iter().map(|name| format!("{name} A 192.0.2.1\n"));
        let lines = reverse.chain(addresses).collect::<String>() + "e.test TXT \"%{p}\"";
        judged(&zone("v=spf1 exp=e.test -all", &lines), "192.0.2.1").explanation
    };
    let names = ["other.test", "mail.example.test", "example.test"];
    assert_eq!(name(&names, &names).as_deref(), Some("example.test"));
    assert_eq!(name(&names, &names[..2]).as_deref(), Some("mail.example.test"));
    assert_eq!(name(&names, &names[..1]).as_deref(), Some("other.test"));
    assert_eq!(name(&names, &[]).as_deref(), Some("unknown"));
}

/// RFC 7208 section 6.2: "During recursion into an "include" mechanism, an "exp" modifier from the <target-name> MUST NOT
/// be used. In contrast, when executing a "redirect" modifier, an "exp" modifier from the original domain MUST NOT be
/// used."
#[test]
fn whose_explanation_it_is() {
    let lines = "other.test TXT \"v=spf1 exp=theirs.test -all\"\nall.test TXT \"v=spf1 exp=theirs.test all\"\n\
                 ours.test TXT \"ours %{d}\"\ntheirs.test TXT \"theirs %{d}\"";
    let explained = |record: &str| judged(&zone(record, lines), "192.0.2.1").explanation;
    assert_eq!(explained("v=spf1 redirect=other.test exp=ours.test").as_deref(), Some("theirs other.test"));
    assert_eq!(explained("v=spf1 include:other.test exp=ours.test -all").as_deref(), Some("ours example.test"));
    assert_eq!(explained("v=spf1 -include:all.test exp=ours.test").as_deref(), Some("ours example.test"));
    assert_eq!(explained("v=spf1 -include:all.test"), None);
    assert_eq!(explained("v=spf1 exp=ours.test ~all"), None);
}

#[test]
fn trouble_with_an_explanation_is_no_trouble() {
    let lines = "two.test TXT a\ntwo.test TXT b\nbad.test TXT \"%{z}\"\nmore.test TXT \"\\228\"";
    for target in ["none.test", "two.test", "bad.test", "more.test", "%{d}.lost"] {
        let got = judged(&zone(&format!("v=spf1 exp={target} -all"), lines), "192.0.2.1");
        assert_eq!((got.result, got.explanation, got.lookups), (SpfResult::Fail, None, 0), "{target}");
    }
}

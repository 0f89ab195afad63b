use std::sync::Arc;

use super::*;
use crate::rules;
use crate::source::{Source, SourceKind};
use crate::zone::{Zone, master};

fn zone(text: &str) -> Zone {
    let text = format!("$ORIGIN example.test.\n$TTL 60\n{text}\n");
    master::read(&Source::new("test.zone", text, SourceKind::File), None, None)
}

fn domain(name: &str) -> Name {
    Name::parse(name).expect("a name")
}

/// Findings of these rules, at the texts with these beginnings.
fn findings(zone: &Zone, found: &[(&str, &str)]) -> Vec<Finding> {
    let at = |text: &str| {
        let start = zone.source.text.find(text).expect("the text");
        Span { source: Arc::clone(&zone.source), bytes: start..start + text.len(), record_set: None }
    };
    found.iter().map(|(id, text)| rules::by_id(id).expect("a rule").at([at(text)])).collect()
}

fn comment(text: &str) -> Result<String, Fault> {
    let comments = Comments::of([&zone(&format!("@ MX 0 mail ; mailvet:{text}"))]);
    match (comments.ignores.first(), comments.unread.first()) {
        (Some(ignore), None) => {
            let rules: Vec<&str> =
                ignore.rules.iter().map(|(id, at)| (assert_eq!(id, at.text()), id.as_str()).1).collect();
            let until = ignore.until.map(|date| format!(" until {date}")).unwrap_or_default();
            Ok(format!("{}{until}: {}", rules.join("+"), ignore.reason))
        }
        (None, Some(unread)) => Err(unread.fault),
        _ => panic!("{text}: one comment"),
    }
}

#[test]
fn comments_are_read() {
    assert_eq!(comment(" ignore spf-ptr -- a reason -- long").as_deref(), Ok("spf-ptr: a reason -- long"));
    assert_eq!(comment("ignore a-b, c-d,e-f until 2027-01-31 -- x").as_deref(), Ok("a-b+c-d+e-f until 2027-01-31: x"));
    for (text, fault) in [
        (" spf-ptr -- x", Fault::NotIgnore),
        ("", Fault::NotIgnore),
        (" ignored spf-ptr -- x", Fault::NotIgnore),
        (" ignore -- x", Fault::NoRule),
        (" ignore until 2027-01-31 -- x", Fault::NoRule),
        (" ignore spf-ptr", Fault::NoReason),
        (" ignore spf-ptr --  ", Fault::NoReason),
        (" ignore spf-ptr until -- x", Fault::NoDate),
        (" ignore spf-ptr until 2027-02-30 -- x", Fault::NoDate),
        (" ignore spf-ptr until 2027-01-31 dkim-key-short -- x", Fault::NoDate),
    ] {
        assert_eq!(comment(text), Err(fault), "{text}");
    }
}

#[test]
fn a_comment_is_about_its_record_and_its_rules() {
    let zone = zone(
        "@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr -- a\n\
         ; mailvet: ignore spf-ptr -- b\n\
         a TXT ( \"v=spf1 \"\n \"ptr:a -all\" )\n\
         b TXT \"v=spf1 ptr:b -all\"",
    );
    let found = [("spf-ptr", "ptr -all"), ("spf-duplicate", "ptr -all"), ("spf-ptr", "ptr:a"), ("spf-ptr", "ptr:b")];
    let policy = Policy::default();
    let held = policy.hold(&domain("example.test"), &Comments::of([&zone]), findings(&zone, &found));
    let reasons: Vec<(usize, &str)> = held
        .iter()
        .map(|(place, finding)| match &finding.waiver {
            Some(Waiver::Comment { reason, .. }) => (*place, reason.as_str()),
            _ => (*place, "-"),
        })
        .collect();
    assert_eq!(reasons, [(1, "-"), (0, "a"), (2, "b"), (3, "-")], "errors first");
}

#[test]
fn an_ignore_ends_with_its_last_day() {
    let zone = zone("@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr until 2027-01-31 -- x");
    let counts = |today: Option<&str>| {
        let policy = Policy { today: today.map(|day| day.parse().expect("a day")), ..Policy::default() };
        let found = findings(&zone, &[("spf-ptr", "ptr")]);
        policy.hold(&domain("example.test"), &Comments::of([&zone]), found)[0].1.counts()
    };
    assert_eq!([None, Some("2027-01-31"), Some("2027-02-01")].map(counts), [false, false, true]);
}

#[test]
fn the_nearest_level_holds() {
    let zone = zone("@ MX 0 mail");
    let level = |(key, level): (&str, &str)| (key.to_owned(), Level::read(level).expect("a level"));
    let levels =
        |text: &str| -> Levels { text.split_whitespace().filter_map(|it| it.split_once('=')).map(level).collect() };
    let policy = Policy {
        levels: vec![
            (Domains::All, levels("spf=advice spf-ptr=off mta-sts=off")),
            (Domains::One(domain("a.test")), levels("spf=error")),
            (Domains::Below(domain("a.test")), levels("spf-ptr=warning")),
        ],
        ..Policy::default()
    };
    let held = |name: &str, id: &str| {
        let found = findings(&zone, &[(id, "mail")]);
        policy.hold(&domain(name), &Comments::default(), found).first().map(|(_, finding)| finding.severity)
    };
    assert_eq!(held("b.test", "spf-ptr"), None);
    assert_eq!(held("b.test", "spf-duplicate"), Some(Severity::Advice));
    assert_eq!(
        held("a.test", "spf-ptr"),
        Some(Severity::Error),
        "the section of the domain, though it names the topic"
    );
    assert_eq!(held("x.a.test", "spf-ptr"), Some(Severity::Warning));
    assert_eq!(held("b.test", "mta-sts-duplicate"), None);
    assert_eq!(held("b.test", "dkim-key-short"), Some(rules::by_id("dkim-key-short").expect("a rule").severity));
}

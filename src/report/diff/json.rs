//! The comparison for programs. Fields are added, never changed (`schema` counts otherwise).

use serde::Serialize;

use crate::diff::{Change, Diff, DomainDiff, Part, Presence, Turn, What, Which};
use crate::dns::Record;
use crate::finding::Finding;
use crate::lang::Lang;
use crate::receivers::{Outcome, Sender};
use crate::report::diff::value;
use crate::report::json::{JsonFinding, json_finding, to_text};
use crate::report::place;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    mailvet: &'static str,
    old: &'a str,
    new: &'a str,
    records: Vec<JsonChange<'a>>,
    /// Record sets that only one side knows.
    unknown: Vec<JsonUnknown>,
    domains: Vec<JsonDomain<'a>>,
}

/// `change` is `added`, `removed`, `changed` or `ttl`.
#[derive(Serialize)]
struct JsonChange<'a> {
    owner: &'a str,
    #[serde(rename = "type")]
    record_type: String,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<JsonRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<JsonRecord>,
    /// What comes and goes within a text: terms of SPF, tags of DMARC.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<JsonPart<'a>>,
    /// Does it matter for mail?
    mail: bool,
}

#[derive(Serialize)]
struct JsonRecord {
    ttl: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Serialize)]
struct JsonPart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonUnknown {
    owner: String,
    #[serde(rename = "type")]
    record_type: String,
    known_in: &'static str,
}

/// `in` is `both`, `old` or `new`; `known` is false where the other side cannot tell whether it has the domain.
#[derive(Serialize)]
struct JsonDomain<'a> {
    subject: &'a str,
    #[serde(rename = "in")]
    presence: &'static str,
    known: bool,
    new: Vec<JsonFinding<'a>>,
    gone: Vec<JsonFinding<'a>>,
    untold: Vec<JsonUntold<'a>>,
    unchanged: usize,
    turns: Vec<JsonTurn<'a>>,
}

/// A finding of one side of which the other one cannot tell.
#[derive(Serialize)]
struct JsonUntold<'a> {
    found_in: &'static str,
    finding: JsonFinding<'a>,
}

#[derive(Serialize)]
struct JsonTurn<'a> {
    receiver: &'a str,
    sender: Sender,
    from: Outcome,
    to: Outcome,
    because: Vec<&'static str>,
}

pub(super) fn write(diff: &Diff, lang: Lang) -> String {
    let unknown = diff.unknown.iter().map(|(set, which)| JsonUnknown {
        owner: set.name.to_string(),
        record_type: set.kind.to_string(),
        known_in: side(*which),
    });
    to_text(&Document {
        schema: 1,
        mailvet: env!("CARGO_PKG_VERSION"),
        old: &diff.old,
        new: &diff.new,
        records: diff.records.iter().map(change).collect(),
        unknown: unknown.collect(),
        domains: diff.domains.iter().map(|it| domain(it, lang)).collect(),
    })
}

fn side(which: Which) -> &'static str {
    match which {
        Which::Old => "old",
        Which::New => "new",
    }
}

fn change(change: &Change) -> JsonChange<'_> {
    let (name, old, new, parts): (_, _, _, &[Part]) = match &change.what {
        What::Added(new) => ("added", None, Some(record(new)), &[]),
        What::Removed(old) => ("removed", Some(record(old)), None, &[]),
        What::Changed { old, new, parts } => ("changed", Some(record(old)), Some(record(new)), parts),
        What::Ttl { old, new } => {
            let before = JsonRecord { ttl: *old, value: None, source: None, line: None };
            ("ttl", Some(before), Some(record(new)), &[])
        }
    };
    JsonChange {
        owner: change.set.name.as_str(),
        record_type: change.set.kind.to_string(),
        change: name,
        old,
        new,
        parts: parts.iter().map(json_part).collect(),
        mail: change.of_mail,
    }
}

fn json_part(part: &Part) -> JsonPart<'_> {
    JsonPart { old: part.old.as_deref(), new: part.new.as_deref() }
}

fn record(record: &Record) -> JsonRecord {
    let span = record.span();
    let in_file = place::is_file(&span);
    JsonRecord {
        ttl: record.ttl,
        value: Some(value(record)),
        source: in_file.then(|| place::path(&span)),
        line: in_file.then(|| span.position().line),
    }
}

fn domain(domain: &DomainDiff, lang: Lang) -> JsonDomain<'_> {
    let (presence, known) = match domain.presence {
        Presence::Both => ("both", true),
        Presence::Only(which) => (side(which), true),
        Presence::NotKnownBeside(which) => (side(which), false),
    };
    JsonDomain {
        subject: domain.domain.as_str(),
        presence,
        known,
        new: domain.new.iter().map(|finding| json_finding(finding, lang)).collect(),
        gone: domain.gone.iter().map(|finding| json_finding(finding, lang)).collect(),
        untold: domain.untold.iter().map(|(finding, which)| untold(finding, *which, lang)).collect(),
        unchanged: domain.unchanged,
        turns: domain.turns.iter().map(turn).collect(),
    }
}

fn untold(finding: &Finding, which: Which, lang: Lang) -> JsonUntold<'_> {
    JsonUntold { found_in: side(which), finding: json_finding(finding, lang) }
}

fn turn(turn: &Turn) -> JsonTurn<'_> {
    JsonTurn {
        receiver: &turn.new.receiver.id,
        sender: turn.new.sender,
        from: turn.old.outcome,
        to: turn.new.outcome,
        because: turn.because.iter().map(|finding| finding.id).collect(),
    }
}

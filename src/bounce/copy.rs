//! The mail that came back, as a bounce quotes it: where it begins, and what its header tells.

use crate::bounce::fields::{Fields, name_and_value, quotation};
use crate::bounce::marks::{self, Mark};
use crate::bounce::passage::{Joined, Passage};
use crate::bounce::{Original, Quoted, address};

/// Fields that servers add on the way: a text for people does not begin with them.
const TRACE: [&str; 8] = [
    "received",
    "return-path",
    "x-received",
    "dkim-signature",
    "x-originating-ip",
    "x-apparently-to",
    "received-spf",
    "arc-seal",
];

/// Other fields that nearly every mail has.
const COMMON: [&str; 7] = ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"];

/// So many lines behind a trace field the other fields are looked for.
const NEAR: usize = 150;

/// So many lines the mail that came back is looked for in.
const MOST_LINES: usize = 20_000;

/// So many signatures and results are read.
const MOST: usize = 50;

/// The words of the bounce, and the mail that is quoted behind them.
pub(super) fn split(passage: &Passage) -> (Passage, Option<Passage>) {
    let lines: Vec<(usize, &str)> = passage.lines().take(MOST_LINES).collect();
    let end = passage.text().len();
    for (n, (at, line)) in lines.iter().enumerate() {
        let is_mark = line.len() < 120 && marks::all().held(Mark::Copy, &line.to_lowercase());
        if is_mark || begins_header(&lines[n..]) {
            let from = if is_mark { lines.get(n + 1).map_or(end, |(next, _)| *next) } else { *at };
            return (passage.part(0..*at), Some(passage.part(first_field(passage, from)..end)));
        }
    }
    (passage.clone(), None)
}

/// Blank lines and lines of hyphens stand between the mark and the header.
fn first_field(passage: &Passage, from: usize) -> usize {
    let behind = passage.part(from..passage.text().len());
    let first = behind.lines().find(|(_, line)| field_name(line).is_some()).map_or(0, |(at, _)| at);
    from + first
}

fn begins_header(lines: &[(usize, &str)]) -> bool {
    let is_trace =
        lines.first().and_then(|(_, line)| field_name(line)).is_some_and(|name| TRACE.contains(&name.as_str()));
    let names = || lines.iter().take(NEAR).filter_map(|(_, line)| field_name(line));
    is_trace && names().filter(|name| COMMON.contains(&name.as_str())).take(2).count() == 2
}

fn field_name(line: &str) -> Option<String> {
    name_and_value(&line[quotation(line)..]).map(|(name, _)| name)
}

/// What the header of the mail tells.
pub(super) fn read(header: &Fields) -> Original {
    let mail_from = ["return-path", "x-envelope-from", "x-original-sender", "x-mailfrom"];
    let results = header.each("authentication-results").take(MOST).map(|value| header.quote(value));
    let signatures = header.each("dkim-signature").take(MOST).filter_map(|value| signature(header, value));
    Original {
        from: header.addresses("from").into_iter().next(),
        mail_from: mail_from.iter().find_map(|name| envelope(header, name)),
        sending_ip: sending_ip(header),
        signatures: signatures.collect(),
        authentication_results: results.collect(),
        date: header.value("date"),
    }
}

/// The address in the field; the empty one where `<>` stands there.
fn envelope(header: &Fields, name: &str) -> Option<Quoted> {
    let value = header.get(name)?;
    let is_empty = value.text.trim() == "<>";
    header.addresses(name).into_iter().next().or_else(|| is_empty.then(|| value.quoted(&header.passage, 0..0)))
}

/// As a receiver saw it: first where it wrote the results of its checks, then where it wrote from whom it received.
fn sending_ip(header: &Fields) -> Option<Quoted> {
    let named = |value: &Joined, label: &str| {
        let from = value.text.to_ascii_lowercase().find(label)? + label.len();
        let found = address::find_ip(value.text.get(from..)?)?;
        Some(value.quoted(&header.passage, from + found.start..from + found.end))
    };
    let results = header.each("received-spf").chain(header.each("authentication-results"));
    let mut seen = results.filter_map(|value| {
        named(value, "client-ip=").or_else(|| named(value, "sender ip is ")).or_else(|| named(value, "designates "))
    });
    seen.next()
        .or_else(|| header.each("received").take(MOST).find_map(|value| received_from(header, value)))
        .or_else(|| header.get("x-originating-ip").and_then(|value| named(value, "")))
}

/// RFC 5321 section 4.4: `from` the client, with its address, then `by` the server.
fn received_from(header: &Fields, value: &Joined) -> Option<Quoted> {
    let end = value.text.find(" by ").unwrap_or(value.text.len());
    let client = value.text.get(..end).filter(|client| client.trim_start_matches('(').starts_with("from "))?;
    address::find_ip(client).map(|range| value.quoted(&header.passage, range))
}

/// The tags `d=` and `s=` of a signature (RFC 6376 section 3.5).
fn signature(header: &Fields, value: &Joined) -> Option<(Quoted, Quoted)> {
    let tag = |name: &str| {
        let mut at = 0;
        value.text.split_inclusive(';').find_map(|tag| {
            let start = at;
            at += tag.len();
            let (key, words) = tag.trim_end_matches(';').split_once('=')?;
            let from = start + key.len() + 1 + words.len() - words.trim_start().len();
            let is_it = key.trim() == name && !words.trim().is_empty();
            is_it.then(|| value.quoted(&header.passage, from..from + words.trim().len()))
        })
    };
    Some((tag("d")?, tag("s")?))
}

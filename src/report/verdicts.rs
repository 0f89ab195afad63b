//! What receivers will do: the table, the reasons, and what stands behind both.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use owo_colors::Style as Colour;
use unicode_width::UnicodeWidthStr;

use crate::finding::{Aspect, Finding};
use crate::lang::{Lang, fill};
use crate::receivers::{Outcome, Receiver, Sender, Sure, Verdict, When};
use crate::report::text::{pad, paint, printable, wrap};
use crate::report::{Report, Style, words};

/// Columns of each aspect.
const COLUMN: usize = 11;

/// The table and the reasons; nothing without verdicts.
pub(super) fn write(report: &Report, style: Style) -> String {
    if report.verdicts.is_empty() {
        return String::new();
    }
    let mut out = table(&report.verdicts, style);
    for group in groups(&report.verdicts) {
        write_group(&mut out, &group, &report.findings, style);
    }
    out + "\n"
}

/// What holds for all reports alike, said once: who is a bulk sender, and what DNS cannot show.
pub(super) fn notes(reports: &[Report], style: Style) -> String {
    let lang = style.lang;
    let verdicts: Vec<&Verdict> = reports.iter().flat_map(|report| &report.verdicts).collect();
    let mut out = String::new();
    write_note(&mut out, words::BULK.get(lang), &bulk(&verdicts, lang), style);
    write_note(&mut out, words::UNCHECKED.get(lang), &unchecked(&verdicts, lang), style);
    if verdicts.iter().any(|verdict| verdict.cells.contains(&None)) {
        let _ = writeln!(out, "{}\n", wrap(words::NOT_JUDGED.get(lang), style, ""));
    }
    out
}

fn write_note(out: &mut String, head: &str, lines: &[String], style: Style) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "{head}");
    for line in lines {
        let _ = writeln!(out, "  {}", wrap(line, style, "    ").trim_start());
    }
    out.push('\n');
}

/// Who is a bulk sender; receivers that say the same stand together.
fn bulk(verdicts: &[&Verdict], lang: Lang) -> Vec<String> {
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.sender == Sender::Bulk) {
        let (text, name) = (verdict.receiver.bulk.text.get(lang), verdict.receiver.name.as_str());
        match texts.iter_mut().find(|(own, _)| *own == text) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => texts.push((text, vec![name])),
        }
    }
    texts.into_iter().map(|(text, names)| format!("{}: {text}", names.join(words::COMMA.get(lang)))).collect()
}

/// What each receiver asks for and DNS cannot show: of everyone, then of bulk senders alone.
fn unchecked(verdicts: &[&Verdict], lang: Lang) -> Vec<String> {
    let bulk = |name: &str| format!("{name} ({})", words::sender(Sender::Bulk).get(lang));
    let of = |receiver: &Receiver, sender: Sender, head: String| {
        let points = receiver.unchecked.iter().filter(|point| point.sender == sender);
        let points: Vec<&str> = points.map(|point| point.text.get(lang)).collect();
        (!points.is_empty()).then(|| format!("{head}: {}", points.join("; ")))
    };
    let lines = verdicts.iter().flat_map(|verdict| {
        let (receiver, name) = (verdict.receiver, &verdict.receiver.name);
        let own = (verdict.sender == Sender::Bulk).then(|| of(receiver, Sender::Bulk, bulk(name)));
        [of(receiver, Sender::Everyone, name.clone()), own.flatten()]
    });
    unique(lines.flatten().collect())
}

/// A verdict as a word, in its colour. Where nothing could be weighed, nothing objected would say too much.
fn outcome(verdict: &Verdict, style: Style) -> String {
    match verdict.outcome {
        Outcome::Nothing if verdict.cells.iter().all(Option::is_none) => {
            words::NOTHING_WEIGHED.get(style.lang).to_owned()
        }
        outcome => paint(words::outcome(outcome).get(style.lang), colour(outcome), style),
    }
}

/// The verdicts of each receiver, which stand together.
fn of_one_receiver(verdicts: &[Verdict]) -> impl Iterator<Item = &[Verdict]> {
    verdicts.chunk_by(|a, b| std::ptr::eq(a.receiver, b.receiver))
}

/// Verdicts of one receiver with the same reasons.
struct Unit<'a> {
    verdict: &'a Verdict,
    senders: Vec<Sender>,
}

/// Receivers that say the same of the same senders are told of together; those without an objection not at all.
fn groups(verdicts: &[Verdict]) -> Vec<Vec<Unit<'_>>> {
    let mut groups: Vec<Vec<Unit>> = Vec::new();
    for unit in of_one_receiver(verdicts).flat_map(units) {
        let is_alike = |other: &Unit| other.senders == unit.senders && is_alike(other.verdict, unit.verdict);
        match groups.iter_mut().find(|group| group.first().is_some_and(is_alike)) {
            Some(group) => group.push(unit),
            None => groups.push(vec![unit]),
        }
    }
    groups
}

fn units(verdicts: &[Verdict]) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit> = Vec::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.outcome != Outcome::Nothing) {
        match units.iter_mut().find(|unit| is_alike(unit.verdict, verdict)) {
            Some(unit) => unit.senders.push(verdict.sender),
            None => units.push(Unit { verdict, senders: vec![verdict.sender] }),
        }
    }
    units
}

fn is_alike(a: &Verdict, b: &Verdict) -> bool {
    a.outcome == b.outcome && ids(&a.because) == ids(&b.because) && ids(&a.unsure) == ids(&b.unsure)
}

fn ids<'a>(lines: &[&'a When]) -> BTreeSet<&'a str> {
    lines.iter().map(|when| when.finding.as_str()).collect()
}

fn table(verdicts: &[Verdict], style: Style) -> String {
    let lang = style.lang;
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(UnicodeWidthStr::width).max().unwrap_or(0) + 2;
    let name = widest(&mut verdicts.iter().map(|verdict| verdict.receiver.name.as_str()));
    let sender = widest(&mut verdicts.iter().map(|verdict| words::sender(verdict.sender).get(lang)));
    let columns = Aspect::ALL.map(|aspect| pad(words::aspect(aspect).get(lang), COLUMN)).concat();
    let head = format!("{} {columns}{}", pad("", name + sender + 1), words::VERDICT.get(lang));
    let bold = |text: &str| paint(text, Colour::new().bold(), style);
    let mut out = format!("{}\n{}\n", bold(words::RECEIVERS.get(lang)), bold(head.trim_end()));
    for verdicts in of_one_receiver(verdicts) {
        for (row, verdict) in verdicts.iter().enumerate() {
            let receiver = if row == 0 { verdict.receiver.name.as_str() } else { "" };
            let (receiver, sender) = (pad(receiver, name), pad(words::sender(verdict.sender).get(lang), sender));
            let cells = verdict.cells.map(|cell| write_cell(cell, style)).concat();
            let _ = writeln!(out, "  {receiver}{sender}{cells}{}", outcome(verdict, style));
        }
    }
    out
}

fn write_cell(cell: Option<Outcome>, style: Style) -> String {
    match cell {
        None => pad("–", COLUMN),
        Some(outcome) => paint(&pad(words::cell(outcome).get(style.lang), COLUMN), colour(outcome), style),
    }
}

fn write_group(out: &mut String, group: &[Unit], findings: &[Finding], style: Style) {
    let lang = style.lang;
    let Some(Unit { verdict, senders }) = group.first() else { return };
    let receivers: Vec<&str> = group.iter().map(|unit| unit.verdict.receiver.name.as_str()).collect();
    let senders: Vec<&str> = senders.iter().map(|sender| words::sender(*sender).get(lang)).collect();
    let comma = words::COMMA.get(lang);
    let (receivers, senders) = (receivers.join(comma), senders.join(comma));
    let head = format!("{receivers} ({senders}): {}", words::outcome(verdict.outcome).get(lang));
    let _ = writeln!(out, "\n{}", paint(&wrap(&head, style, "  "), colour(verdict.outcome), style));
    for (head, lines) in [(words::BECAUSE, &verdict.because), (words::CANNOT_TELL, &verdict.unsure)] {
        for id in ids(lines) {
            write_hanging(out, &format!("{}: {}", head.get(lang), reason(id, findings, lang)), style);
        }
    }
    for unit in group {
        write_source(out, unit.verdict, style);
    }
}

/// The finding in its own words, and its id.
fn reason(id: &str, findings: &[Finding], lang: Lang) -> String {
    let mut own = findings.iter().filter(|finding| finding.id == id);
    let title = own.next().map(|finding| printable(&fill(finding.text.get(lang).title, &finding.values, lang)));
    let more = match own.count() {
        0 => String::new(),
        more => format!(" (+{more})"),
    };
    format!("{}{more} ({id})", title.unwrap_or_default())
}

/// What one receiver replies, and where it is not the receiver itself that says so.
fn write_source(out: &mut String, verdict: &Verdict, style: Style) {
    let (lang, receiver) = (style.lang, verdict.receiver);
    let reply = verdict.reply();
    let sources = verdict.because.iter().map(|when| &when.source).chain(reply.map(|reply| &reply.source));
    let hearsay: Vec<String> = sources.filter_map(|source| hearsay(receiver, source, lang)).collect();
    let hearsay = unique(hearsay).join("; ");
    let replies = if verdict.outcome == Outcome::Risk { words::REPLY_IF } else { words::REPLY };
    let replies = replies.get(lang).replace("{receiver}", &receiver.name);
    let text = match (reply, hearsay.as_str()) {
        (None, "") => return,
        (None, hearsay) => format!("{}: {hearsay}", receiver.name),
        (Some(reply), "") => format!("{replies}: {}", reply.text),
        (Some(reply), hearsay) => format!("{replies}: {} ({hearsay})", reply.text),
    };
    write_hanging(out, &text, style);
}

/// The source, where it is not the receiver's own.
fn hearsay(receiver: &Receiver, source: &str, lang: Lang) -> Option<String> {
    let source = receiver.source.iter().find(|own| own.id == source && own.sure != Sure::Official)?;
    Some(format!("{}: {}, {}", words::sure(source.sure).get(lang), source.title, source.read))
}

fn write_hanging(out: &mut String, text: &str, style: Style) {
    let _ = writeln!(out, "    {}", wrap(text, style, "      ").trim_start());
}

fn unique(mut texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

fn colour(outcome: Outcome) -> Colour {
    match outcome {
        Outcome::Nothing => Colour::new().green(),
        Outcome::Risk | Outcome::Unsure => Colour::new().yellow(),
        Outcome::Junk | Outcome::Defer | Outcome::Reject => Colour::new().red().bold(),
    }
}

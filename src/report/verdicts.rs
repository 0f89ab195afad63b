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
    if let Some(text) = without_mail(report, style.lang) {
        let head = paint(words::RECEIVERS.get(style.lang), Colour::new().bold(), style);
        return format!("{head}\n{}\n\n", wrap(&text, style, "  "));
    }
    let verdicts = report.verdicts_that_hold();
    if verdicts.is_empty() {
        return String::new();
    }
    let mut out = table(verdicts, style);
    for objection in objections(report, style.lang) {
        let head = wrap(&objection.head, style, "  ");
        let _ = writeln!(out, "\n{}", paint(&head, colour(objection.outcome), style));
        objection.reasons.iter().for_each(|reason| write_hanging(&mut out, reason, style));
    }
    out + "\n"
}

/// What there is to say in place of verdicts about a domain that has no mail.
pub(super) fn without_mail(report: &Report, lang: Lang) -> Option<String> {
    let domain = printable(report.subject.as_str());
    report.without_mail.then(|| words::WITHOUT_MAIL.get(lang).replace("{domain}", &domain))
}

/// What holds for all reports alike, for people on a terminal.
pub(super) fn write_notes(reports: &[Report], style: Style) -> String {
    let mut out = String::new();
    for note in notes(reports, style.lang) {
        let _ = writeln!(out, "{}", wrap(note.head, style, ""));
        for line in &note.lines {
            let _ = writeln!(out, "  {}", wrap(line, style, "    ").trim_start());
        }
        out.push('\n');
    }
    out
}

/// Something to know beside the verdicts.
pub(super) struct Note {
    /// What it is about, or all there is to say.
    pub head: &'static str,
    /// What there is to say of it.
    pub lines: Vec<String>,
}

/// What holds for all reports alike, said once: who is a bulk sender, and what DNS cannot show.
pub(super) fn notes(reports: &[Report], lang: Lang) -> Vec<Note> {
    let verdicts: Vec<&Verdict> = reports.iter().flat_map(Report::verdicts_that_hold).collect();
    let has_gaps = verdicts.iter().any(|verdict| verdict.cells.contains(&None));
    let listed = [(words::BULK, bulk(&verdicts, lang)), (words::UNCHECKED, unchecked(&verdicts, lang))];
    let listed = listed.into_iter().filter(|(_, lines)| !lines.is_empty());
    let gaps = has_gaps.then_some((words::NOT_JUDGED, Vec::new()));
    listed.chain(gaps).map(|(head, lines)| Note { head: head.get(lang), lines }).collect()
}

/// What receivers object to, in words.
pub(super) struct Objection {
    /// Who objects to whose mail, and what comes of it.
    pub head: String,
    /// What comes of it.
    pub outcome: Outcome,
    /// Why; then what each of the receivers replies, and where that is hearsay.
    pub reasons: Vec<String>,
}

/// The objections; receivers that say the same of the same senders are told of together.
pub(super) fn objections(report: &Report, lang: Lang) -> Vec<Objection> {
    groups(report.verdicts_that_hold()).iter().filter_map(|group| objection(group, &report.findings, lang)).collect()
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

/// A verdict as a word. Where nothing could be weighed, nothing objected would say too much.
pub(super) fn outcome(verdict: &Verdict, lang: Lang) -> &'static str {
    if is_weighed(verdict) { words::outcome(verdict.outcome).get(lang) } else { words::NOTHING_WEIGHED.get(lang) }
}

/// Does the verdict rest on anything?
pub(super) fn is_weighed(verdict: &Verdict) -> bool {
    verdict.outcome != Outcome::Nothing || verdict.cells.iter().any(Option::is_some)
}

/// `Gmail (bulk senders): refused`.
pub(super) fn line(verdict: &Verdict, lang: Lang) -> String {
    let (receiver, sender) = (&verdict.receiver.name, words::sender(verdict.sender).get(lang));
    format!("{receiver} ({sender}): {}", outcome(verdict, lang))
}

/// The verdict that tells of all: the worst.
pub(super) fn worst(verdicts: &[Verdict]) -> Option<&Verdict> {
    verdicts.iter().max_by_key(|verdict| (verdict.outcome, is_weighed(verdict)))
}

/// The verdicts of each receiver, which stand together.
pub(super) fn of_one_receiver(verdicts: &[Verdict]) -> impl Iterator<Item = &[Verdict]> {
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
            let word = outcome(verdict, lang);
            let word = if is_weighed(verdict) { paint(word, colour(verdict.outcome), style) } else { word.to_owned() };
            let _ = writeln!(out, "  {receiver}{sender}{cells}{word}");
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

fn objection(group: &[Unit], findings: &[Finding], lang: Lang) -> Option<Objection> {
    let Unit { verdict, senders } = group.first()?;
    let receivers: Vec<&str> = group.iter().map(|unit| unit.verdict.receiver.name.as_str()).collect();
    let senders: Vec<&str> = senders.iter().map(|sender| words::sender(*sender).get(lang)).collect();
    let comma = words::COMMA.get(lang);
    let (receivers, senders) = (receivers.join(comma), senders.join(comma));
    let head = format!("{receivers} ({senders}): {}", words::outcome(verdict.outcome).get(lang));
    let mut reasons = Vec::new();
    for (head, lines) in [(words::BECAUSE, &verdict.because), (words::CANNOT_TELL, &verdict.unsure)] {
        reasons.extend(ids(lines).into_iter().map(|id| format!("{}: {}", head.get(lang), reason(id, findings, lang))));
    }
    reasons.extend(group.iter().filter_map(|unit| reply(unit.verdict, lang)));
    Some(Objection { head, outcome: verdict.outcome, reasons })
}

/// The finding in its own words, and its id.
fn reason(id: &str, findings: &[Finding], lang: Lang) -> String {
    let mut own = findings.iter().filter(|finding| finding.id == id);
    let title = own.next().map(|finding| printable(&fill(finding.text.get(lang).title, &finding.values, lang)));
    let more = match own.count() {
        0 => String::new(),
        more => format!(" (+{more})"),
    };
    // Somebody may have taken the rule out of the findings.
    title.map_or_else(|| id.to_owned(), |title| format!("{title}{more} ({id})"))
}

/// What one receiver replies, and where it is not the receiver itself that says so.
fn reply(verdict: &Verdict, lang: Lang) -> Option<String> {
    let receiver = verdict.receiver;
    let reply = verdict.reply();
    let sources = verdict.because.iter().map(|when| &when.source).chain(reply.map(|reply| &reply.source));
    let hearsay: Vec<String> = sources.filter_map(|source| hearsay(receiver, source, lang)).collect();
    let hearsay = unique(hearsay).join("; ");
    let replies = if verdict.outcome == Outcome::Risk { words::REPLY_IF } else { words::REPLY };
    let replies = replies.get(lang).replace("{receiver}", &receiver.name);
    match (reply, hearsay.as_str()) {
        (None, "") => None,
        (None, hearsay) => Some(format!("{}: {hearsay}", receiver.name)),
        (Some(reply), "") => Some(format!("{replies}: {}", reply.text)),
        (Some(reply), hearsay) => Some(format!("{replies}: {} ({hearsay})", reply.text)),
    }
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

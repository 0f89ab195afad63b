//! "Do this first": the changes in the order in which they turn most verdicts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::finding::{Finding, Publish};
use crate::lang::{Lang, fill};
use crate::receivers::{Outcome, Sender, Step, Turn};
use crate::report::text::{paint, printable, wrap};
use crate::report::{Report, Style, words};
use crate::source::{SourceKind, Span};

/// What stands under a number is as far to the right.
const INDENT: &str = "     ";

/// The section; nothing where nothing would turn.
pub(super) fn write(report: &Report, style: Style) -> String {
    if report.steps.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", paint(words::FIRST.get(style.lang), Colour::new().bold(), style));
    for (number, step) in report.steps.iter().enumerate() {
        let findings: Vec<&Finding> = step.findings.iter().filter_map(|place| report.findings.get(*place)).collect();
        let _ = writeln!(out, "  {}. {}", number + 1, title(&findings, style).trim_start());
        write_change(&mut out, &findings, style);
        if let Some(seconds) = step.until_seen {
            let text = words::UNTIL_SEEN.get(style.lang).replace("{time}", &duration(seconds, style.lang));
            let _ = writeln!(out, "{}", wrap(&text, style, INDENT));
        }
        out.push_str(&turns(step, style));
    }
    out + "\n"
}

/// What is wrong, with the ids of all that the change cures.
fn title(findings: &[&Finding], style: Style) -> String {
    let Some(chief) = findings.first() else { return String::new() };
    let mut ids: Vec<&str> = findings.iter().map(|finding| finding.id).collect();
    ids.dedup();
    let title = fill(chief.text.get(style.lang).title, &chief.values, style.lang);
    wrap(&format!("{} ({})", printable(&title), ids.join(", ")), style, INDENT)
}

/// What to do in words, the records to publish, and where the old ones are written, if that is a file. Where there are
/// records, the words of the chief finding are enough.
fn write_change(out: &mut String, findings: &[&Finding], style: Style) {
    let publish = findings.iter().map(|finding| &finding.publish).find(|publish| !publish.is_empty());
    let in_words = if publish.is_some() { findings.get(..1).unwrap_or_default() } else { findings };
    let mut told = BTreeSet::new();
    for finding in in_words {
        let fix = printable(&fill(finding.text.get(style.lang).fix, &finding.values, style.lang));
        if told.insert(fix.clone()) {
            let _ = writeln!(out, "{}", wrap(&fix, style, INDENT));
        }
    }
    publish.into_iter().flatten().for_each(|record| write_record(out, record, style));
    let in_file = |span: &&Span| span.source.kind == SourceKind::File;
    let spans = findings.iter().flat_map(|finding| &finding.spans).filter(in_file);
    let places: BTreeSet<(&str, usize)> = spans.map(|span| (span.source.name.as_str(), span.position().line)).collect();
    if !places.is_empty() {
        let places: Vec<String> = places.iter().map(|(name, line)| printable(&format!("{name}:{line}"))).collect();
        let _ = writeln!(out, "{INDENT}{}: {}", words::PLACE.get(style.lang), places.join(", "));
    }
}

fn write_record(out: &mut String, record: &Publish, style: Style) {
    let lang = style.lang;
    let place = format!("{} {} ({}: {})", record.kind, record.owner, words::PANEL_HOST.get(lang), record.host());
    let value = paint(&printable(&record.value), Colour::new().green(), style);
    let _ = writeln!(out, "{INDENT}{}: {}\n{INDENT}  {value}", words::PUBLISH.get(lang), printable(&place));
}

/// `refused → no objection: Gmail (bulk senders), …`, a line for each such turn.
fn turns(step: &Step, style: Style) -> String {
    if step.turns.is_empty() {
        return format!("{}\n", wrap(words::TURNS_LATER.get(style.lang), style, INDENT));
    }
    let mut kinds: Vec<(Outcome, Outcome)> = step.turns.iter().map(|turn| (turn.from, turn.to)).collect();
    kinds.sort_by_key(|(from, to)| (std::cmp::Reverse(*from), *to));
    kinds.dedup();
    kinds.into_iter().map(|kind| turns_of(kind, &step.turns, style)).collect()
}

/// Receivers where it turns for the same senders are told of together.
fn turns_of((from, to): (Outcome, Outcome), turns: &[Turn], style: Style) -> String {
    let (lang, comma) = (style.lang, words::COMMA.get(style.lang));
    let mut groups: Vec<(Vec<Sender>, Vec<&str>)> = Vec::new();
    let same: Vec<&Turn> = turns.iter().filter(|turn| (turn.from, turn.to) == (from, to)).collect();
    for of_one in same.chunk_by(|a, b| std::ptr::eq(a.receiver, b.receiver)) {
        let Some(name) = of_one.first().map(|turn| turn.receiver.name.as_str()) else { continue };
        let senders: Vec<Sender> = of_one.iter().map(|turn| turn.sender).collect();
        match groups.iter_mut().find(|(own, _)| *own == senders) {
            Some((_, names)) => names.push(name),
            None => groups.push((senders, vec![name])),
        }
    }
    let who = groups.iter().map(|(senders, names)| {
        let senders: Vec<&str> = senders.iter().map(|sender| words::sender(*sender).get(lang)).collect();
        format!("{} ({})", names.join(comma), senders.join(comma))
    });
    let who = who.collect::<Vec<_>>().join("; ");
    let text = format!("{} → {}: {who}", words::outcome(from).get(lang), words::outcome(to).get(lang));
    format!("{}\n", wrap(&text, style, INDENT))
}

/// A time in its two largest units: `1 h 30 min`.
fn duration(seconds: u32, lang: Lang) -> String {
    let units = [(86_400, words::DAYS), (3_600, words::HOURS), (60, words::MINUTES), (1, words::SECONDS)];
    let mut rest = seconds;
    let parts = units.iter().filter_map(|(size, unit)| {
        let count = rest / size;
        rest %= size;
        (count > 0).then(|| format!("{count} {}", unit.get(lang)))
    });
    let parts: Vec<String> = parts.take(2).collect();
    if parts.is_empty() { format!("0 {}", words::SECONDS.get(lang)) } else { parts.join(" ") }
}

//! "Do this first": the changes in the order in which they turn most verdicts.

use std::collections::{BTreeSet, HashSet};
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

/// A change, in words.
pub(super) struct Change<'a> {
    /// What is wrong.
    pub title: String,
    /// The ids of all findings that it cures.
    pub ids: Vec<&'static str>,
    /// What to do.
    pub remedies: Vec<String>,
    /// The records to publish, where there is one right answer.
    pub publish: &'a [Publish],
    /// Where the old ones are written, if that is in files: the name and the line of each.
    pub places: Vec<String>,
    /// How long the old answer may be kept, if that is known.
    pub until_seen: Option<String>,
    /// Which verdicts it turns.
    pub turns: Vec<String>,
}

/// The changes in the order in which they help most.
pub(super) fn changes(report: &Report, lang: Lang) -> Vec<Change<'_>> {
    report.steps.iter().map(|step| change(step, &report.findings, lang)).collect()
}

/// The section; nothing where nothing would turn.
pub(super) fn write(report: &Report, style: Style) -> String {
    let lang = style.lang;
    if report.steps.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", paint(words::FIRST.get(lang), Colour::new().bold(), style));
    for (number, change) in changes(report, lang).into_iter().enumerate() {
        let title = wrap(&format!("{} ({})", change.title, change.ids.join(", ")), style, INDENT);
        let _ = writeln!(out, "  {}. {}", number + 1, title.trim_start());
        for remedy in &change.remedies {
            let _ = writeln!(out, "{}", wrap(remedy, style, INDENT));
        }
        change.publish.iter().for_each(|record| write_record(&mut out, record, style));
        if !change.places.is_empty() {
            let _ = writeln!(out, "{INDENT}{}: {}", words::PLACE.get(lang), change.places.join(", "));
        }
        for line in change.until_seen.iter().chain(&change.turns) {
            let _ = writeln!(out, "{}", wrap(line, style, INDENT));
        }
    }
    out + "\n"
}

fn change<'a>(step: &Step, findings: &'a [Finding], lang: Lang) -> Change<'a> {
    let findings: Vec<&Finding> = step.findings.iter().filter_map(|place| findings.get(*place)).collect();
    let say = |finding: &Finding, text| printable(&fill(text, &finding.values, lang));
    let mut ids: Vec<&str> = findings.iter().map(|finding| finding.id).collect();
    ids.dedup();
    let publish = findings.iter().map(|finding| finding.publish.as_slice()).find(|publish| !publish.is_empty());
    // Where there are records, the words of the chief finding are enough.
    let in_words = if publish.is_some() { findings.get(..1).unwrap_or_default() } else { &findings };
    let mut known = HashSet::new();
    let remedies = in_words.iter().map(|finding| say(finding, finding.text.get(lang).fix));
    let remedies = remedies.filter(|remedy| known.insert(remedy.clone())).collect();
    let in_file = |span: &&Span| span.source.kind == SourceKind::File;
    let spans = findings.iter().flat_map(|finding| &finding.spans).filter(in_file);
    let places: BTreeSet<(&str, usize)> = spans.map(|span| (span.source.name.as_str(), span.position().line)).collect();
    Change {
        title: findings.first().map(|chief| say(chief, chief.text.get(lang).title)).unwrap_or_default(),
        ids,
        remedies,
        publish: publish.unwrap_or_default(),
        places: places.iter().map(|(name, line)| printable(&format!("{name}:{line}"))).collect(),
        until_seen: step.until_seen.map(|time| words::UNTIL_SEEN.get(lang).replace("{time}", &duration(time, lang))),
        turns: turns(step, lang),
    }
}

fn write_record(out: &mut String, record: &Publish, style: Style) {
    let lang = style.lang;
    let place = format!("{} {} ({}: {})", record.kind, record.owner, words::PANEL_HOST.get(lang), record.host());
    let value = paint(&printable(&record.value), Colour::new().green(), style);
    let _ = writeln!(out, "{INDENT}{}: {}\n{INDENT}  {value}", words::PUBLISH.get(lang), printable(&place));
}

/// `refused → no objection: Gmail (bulk senders), …`, a line for each such turn.
fn turns(step: &Step, lang: Lang) -> Vec<String> {
    if step.turns.is_empty() {
        return vec![words::TURNS_LATER.get(lang).to_owned()];
    }
    let mut kinds: Vec<(Outcome, Outcome)> = step.turns.iter().map(|turn| (turn.from, turn.to)).collect();
    kinds.sort_by_key(|(from, to)| (std::cmp::Reverse(*from), *to));
    kinds.dedup();
    kinds.into_iter().map(|kind| turns_of(kind, &step.turns, lang)).collect()
}

/// Receivers where it turns for the same senders are told of together.
fn turns_of((from, to): (Outcome, Outcome), turns: &[Turn], lang: Lang) -> String {
    let comma = words::COMMA.get(lang);
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
    format!("{} → {}: {who}", words::outcome(from).get(lang), words::outcome(to).get(lang))
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

//! What is different between two sides: as text, as JSON, and as a comment on a pull request.

mod json;
mod markdown;
mod text;
mod words;

use crate::diff::{Change, Diff, DomainDiff, Part, Presence, Turn, What, Which};
use crate::dns::Record;
use crate::finding::{Finding, Severity};
use crate::lang::Lang;
use crate::name::Kind;
use crate::report::prose::said;
use crate::report::text::printable;
use crate::report::words as report_words;
use crate::report::{Counts, Style, place, verdicts};
use crate::source::Span;
use crate::zone::write;

/// The forms in which a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: see `Schema` in the README.
    Json,
    /// A comment on a pull request.
    Markdown,
}

/// Longer texts are cut in their middle: a key is known by its ends.
const MOST: usize = 200;

/// Writes a comparison; `all` lists records that do not matter for mail, too.
pub fn write(diff: &Diff, format: Format, all: bool, style: Style) -> String {
    match format {
        Format::Text => text::write(diff, all, style),
        Format::Json => json::write(diff, style.lang),
        Format::Markdown => markdown::write(diff, all, style.lang),
    }
}

/// A line of a change: what goes, what comes, or a word about both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Minus,
    Plus,
    Note,
}

/// What changes, line by line, printable.
fn lines(change: &Change, lang: Lang) -> Vec<(Sign, String)> {
    let data = |record| cut(&value(record));
    match &change.what {
        What::Added(record) => vec![(Sign::Plus, data(record))],
        What::Removed(record) => vec![(Sign::Minus, data(record))],
        What::Ttl { old, new } => vec![(Sign::Note, format!("TTL {old} → {}", new.ttl))],
        What::Changed { old, new, parts } if parts.is_empty() => {
            let mut lines = vec![(Sign::Minus, data(old)), (Sign::Plus, data(new))];
            lines.extend(is_spelling(old, new).then(|| (Sign::Note, words::SPELLING.get(lang).to_owned())));
            lines
        }
        What::Changed { parts, .. } => parts.iter().flat_map(part_lines).collect(),
    }
}

fn part_lines(part: &Part) -> impl Iterator<Item = (Sign, String)> {
    let line = |sign, text: &Option<String>| text.as_ref().map(|text| (sign, cut(text)));
    [line(Sign::Minus, &part.old), line(Sign::Plus, &part.new)].into_iter().flatten()
}

/// Do two texts hold the same, but for order, blanks and letter case?
fn is_spelling(old: &Record, new: &Record) -> bool {
    let words = |record: &Record| {
        let text = record.txt().map(|txt| txt.value.to_ascii_lowercase()).unwrap_or_default();
        let mut words: Vec<String> =
            text.split([' ', ';', '\t']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    old.kind == Kind::TXT && words(old) == words(new)
}

/// What a record says: a text without quotation marks.
fn value(record: &Record) -> String {
    record.txt().map_or_else(|| write::data(record), |txt| txt.value.clone())
}

fn cut(text: &str) -> String {
    let text = printable(text);
    let count = text.chars().count();
    if count <= MOST {
        return text;
    }
    let begin: String = text.chars().take(MOST - 40).collect();
    let end: String = text.chars().skip(count - 20).collect();
    format!("{begin} … {end}")
}

/// The changes at one name and type, and where the first of its new records stands, if in a file.
fn sets<'d>(changes: &'d [&'d Change]) -> impl Iterator<Item = (String, Option<String>, &'d [&'d Change])> {
    changes.chunk_by(|a, b| a.set == b.set).filter_map(|of_set| {
        let name = printable(&of_set.first()?.set.to_string());
        Some((name, of_set.iter().find_map(|change| place_of(change)), of_set))
    })
}

fn place_of(change: &Change) -> Option<String> {
    let span = match &change.what {
        What::Removed(_) => return None,
        What::Added(record) | What::Changed { new: record, .. } | What::Ttl { new: record, .. } => record.span(),
    };
    place::is_file(&span).then(|| printable(&format!("{}:{}", place::path(&span), span.position().line)))
}

/// Changes to list, and those to count.
fn listed(diff: &Diff, all: bool) -> (Vec<&Change>, Others) {
    let (listed, others): (Vec<&Change>, Vec<&Change>) = diff.records.iter().partition(|it| all || it.of_mail);
    let mut counts = Others::default();
    for change in others {
        match change.what {
            What::Added(_) => counts.added += 1,
            What::Removed(_) => counts.removed += 1,
            What::Changed { .. } | What::Ttl { .. } => counts.changed += 1,
        }
    }
    (listed, counts)
}

/// How many records change that do not matter for mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
struct Others {
    added: usize,
    removed: usize,
    changed: usize,
}

impl Others {
    /// As a line; nothing where there are none.
    fn line(self, lang: Lang) -> Option<String> {
        let numbers = [("{added}", self.added), ("{removed}", self.removed), ("{changed}", self.changed)];
        let put = |text: String, (name, number): (&str, usize)| text.replace(name, &number.to_string());
        let line = || numbers.into_iter().fold(words::OTHER_RECORDS.get(lang).to_owned(), put);
        (self != Others::default()).then(line)
    }
}

/// Record sets that one side alone knows, as lines: one for each side that does not.
fn unknown(diff: &Diff, lang: Lang) -> Vec<String> {
    let of = |which: Which| {
        let sets: Vec<String> =
            diff.unknown.iter().filter(|(_, knows)| *knows != which).map(|(set, _)| set.to_string()).collect();
        let head = words::NOT_KNOWN.get(lang).replace("{side}", side(diff, which));
        (!sets.is_empty()).then(|| printable(&format!("{head}: {}", sets.join(report_words::COMMA.get(lang)))))
    };
    [of(Which::Old), of(Which::New)].into_iter().flatten().collect()
}

fn side(diff: &Diff, which: Which) -> &str {
    match which {
        Which::Old => &diff.old,
        Which::New => &diff.new,
    }
}

/// Which side has the domain, where it is not both.
fn presence(domain: &DomainDiff, diff: &Diff, lang: Lang) -> Option<String> {
    let (words, which) = match domain.presence {
        Presence::Both => return None,
        Presence::Only(which) => (words::ONLY_IN, which),
        Presence::NotKnownBeside(Which::Old) => (words::NOT_KNOWN, Which::New),
        Presence::NotKnownBeside(Which::New) => (words::NOT_KNOWN, Which::Old),
    };
    Some(printable(&words.get(lang).replace("{side}", side(diff, which))))
}

/// `error[spf-duplicate]: contoso.com has 2 SPF records`.
fn finding_line(finding: &Finding, lang: Lang) -> String {
    format!("{}[{}]: {}", report_words::severity(finding.severity).get(lang), finding.id, said(finding, lang).title)
}

/// `contoso.com has 2 SPF records (spf-duplicate)`.
fn reason(finding: &Finding, lang: Lang) -> String {
    format!("{} ({})", said(finding, lang).title, finding.id)
}

/// Where a finding stands in a file; what is not in it, where its domain does.
fn place_in_file<'f>(finding: &'f Finding, domain: &'f DomainDiff) -> Option<&'f Span> {
    finding.spans.iter().find(|span| place::is_file(span)).or(domain.in_zone.as_ref())
}

/// Verdicts of several receivers that turn alike.
struct TurnGroup<'d> {
    /// `Yahoo / AOL, Gmail (bulk senders)`.
    who: String,
    old: &'static str,
    new: &'static str,
    turn: &'d Turn,
}

fn turn_groups(turns: &[Turn], lang: Lang) -> Vec<TurnGroup<'_>> {
    let mut groups: Vec<(&Turn, Vec<&str>)> = Vec::new();
    for turn in turns {
        let name = turn.new.receiver.name.as_str();
        match groups.iter_mut().find(|(first, _)| is_alike(first, turn)) {
            Some((_, names)) => names.push(name),
            None => groups.push((turn, vec![name])),
        }
    }
    let group = |(turn, names): (_, Vec<&str>)| write_group(turn, &names.join(report_words::COMMA.get(lang)), lang);
    groups.into_iter().map(group).collect()
}

fn is_alike(a: &Turn, b: &Turn) -> bool {
    let ids = |turn: &Turn| turn.because.iter().map(|finding| finding.id).collect::<Vec<_>>();
    let turn = |turn: &Turn| (turn.new.sender, turn.old.outcome, turn.new.outcome);
    turn(a) == turn(b) && ids(a) == ids(b)
}

fn write_group<'d>(turn: &'d Turn, names: &str, lang: Lang) -> TurnGroup<'d> {
    let who = format!("{names} ({})", report_words::sender(turn.new.sender).get(lang));
    let (old, new) = (verdicts::outcome(&turn.old, lang), verdicts::outcome(&turn.new, lang));
    TurnGroup { who, old, new, turn }
}

/// All findings in one line.
fn summary(diff: &Diff, lang: Lang) -> String {
    let count = |severity| diff.new_findings().filter(|finding| finding.severity == severity).count();
    let counts =
        Counts { error: count(Severity::Error), warning: count(Severity::Warning), advice: count(Severity::Advice) };
    let gone: usize = diff.domains.iter().map(|domain| domain.gone.len()).sum();
    let unchanged: usize = diff.domains.iter().map(|domain| domain.unchanged).sum();
    let all = counts.error + counts.warning + counts.advice;
    let new = if all == 0 { "0".to_owned() } else { new_counts(all, counts, lang) };
    let text = words::SUMMARY.get(lang).replace("{new}", &new);
    text.replace("{gone}", &gone.to_string()).replace("{unchanged}", &unchanged.to_string())
}

fn new_counts(all: usize, counts: Counts, lang: Lang) -> String {
    let text = words::NEW_COUNTS.get(lang).replace("{new}", &all.to_string());
    let names = [
        ("{errors}", report_words::ERRORS),
        ("{warnings}", report_words::WARNINGS),
        ("{advice}", report_words::ADVICE),
    ];
    let numbers = [("{error}", counts.error), ("{warning}", counts.warning), ("{advice_count}", counts.advice)];
    let text = names.into_iter().fold(text, |text, (name, word)| text.replace(name, word.get(lang)));
    numbers.into_iter().fold(text, |text, (name, number)| text.replace(name, &number.to_string()))
}

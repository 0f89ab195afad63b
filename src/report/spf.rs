//! The SPF tree, drawn: what each term costs, what it leads to, and the way to a verdict.

use std::fmt::Write as _;

use owo_colors::Style as Colour;
use unicode_width::UnicodeWidthStr;

use crate::dns::{Outcome, Record};
use crate::evaluate::check_host::{Evaluation, Request, Step, StepOutcome};
use crate::evaluate::flatten::{Flattened, Kept};
use crate::evaluate::size;
use crate::evaluate::spf::{self, MAX_LOOKUPS, MAX_VOIDS, Void};
use crate::evidence::{SpfNode, SpfTree, Target};
use crate::lang::Lang;
use crate::name::Name;
use crate::providers;
use crate::records::spf::{Spf, SpfResult, Term, TermKind};
use crate::report::text::{pad, paint, printable, wrap};
use crate::report::{Style, words};
use crate::zone::write;

/// Ranges that stand one behind the other are shown on one line, so many of them.
const RANGES_SHOWN: usize = 3;

/// Columns of the tree itself; the numbers stand behind it.
const TREE_WIDTH: usize = 60;

/// What is to be said about the SPF record of a domain.
#[derive(Clone, Debug)]
pub struct SpfReport {
    /// The record and all that it leads to.
    pub tree: SpfTree,
    /// What was judged, and how; nothing where no address was given.
    pub judged: Option<(Request, Evaluation)>,
    /// The same record as addresses, where it was asked for.
    pub flattened: Option<Flattened>,
}

/// The tree, the counts, and the verdict.
pub(super) fn draw(report: &SpfReport, style: Style) -> String {
    let mut drawing =
        Drawing { tree: &report.tree, voids: spf::voids(&report.tree), lookups: 0, out: String::new(), style };
    drawing.head();
    drawing.node(0, "");
    let mut out = drawing.out;
    let _ = writeln!(out, "\n{}", counts(&report.tree, style));
    if let Some((request, evaluation)) = &report.judged {
        let _ = writeln!(out, "\n{}", verdict(request, evaluation, style));
    }
    if let Some(flattened) = &report.flattened {
        let _ = writeln!(out, "\n{}", flat(flattened, style));
    }
    out + "\n"
}

struct Drawing<'t> {
    tree: &'t SpfTree,
    voids: Vec<Void>,
    /// Look-ups so far, in the order of evaluation.
    lookups: usize,
    out: String,
    style: Style,
}

impl Drawing<'_> {
    fn head(&mut self) {
        let lang = self.style.lang;
        let (costs, sum) = (words::COSTS.get(lang), words::SO_FAR.get(lang));
        let root = printable(self.tree.root().name.as_str());
        let head =
            format!("{}{}{}  {}", pad(&root, TREE_WIDTH), left(costs, 9), left(sum, 10), about(self.tree.root(), lang));
        let _ = writeln!(self.out, "{}", paint(head.trim_end(), Colour::new().bold(), self.style));
    }

    fn node(&mut self, number: usize, indent: &str) {
        let tree = self.tree;
        let Some(node) = tree.nodes.get(number) else { return };
        let Some(spf) = node.asked.only() else { return };
        let effective: Vec<usize> = spf.effective().map(|(index, _)| index).collect();
        let rows = rows(spf);
        for (position, row) in rows.iter().enumerate() {
            let last = position + 1 == rows.len();
            let (branch, below) = if last { ("└── ", "    ") } else { ("├── ", "│   ") };
            let used = spf.terms[row.term].is_modifier() || effective.contains(&row.term);
            self.row(number, row, &format!("{indent}{branch}"), used);
            let lookup = node.lookups.iter().find(|lookup| lookup.term == row.term);
            if let Some(Target::Node(child)) = lookup.map(|lookup| &lookup.target) {
                self.node(*child, &format!("{indent}{below}"));
            }
        }
    }

    fn row(&mut self, node: usize, row: &Row, branch: &str, used: bool) {
        let lang = self.style.lang;
        let lookup = self.tree.nodes[node].lookups.iter().find(|lookup| lookup.term == row.term);
        let text = pad(&format!("{branch}{}", printable(&row.text)), TREE_WIDTH);
        let Some(lookup) = lookup else {
            let note = if used { "" } else { words::NEVER_REACHED.get(lang) };
            let _ = writeln!(self.out, "{}", format!("{text}  {note}").trim_end());
            return;
        };
        self.lookups += 1;
        let cost = spf::lookups_of(self.tree, lookup).to_string();
        let sum = paint(&left(&self.lookups.to_string(), 10), over(self.lookups > MAX_LOOKUPS), self.style);
        let note = self.note(node, row.term, &lookup.target);
        let _ = writeln!(self.out, "{}", format!("{text}{}{sum}  {note}", left(&cost, 9)).trim_end());
    }

    fn note(&self, node: usize, term: usize, target: &Target) -> String {
        let lang = self.style.lang;
        let void = self.voids.contains(&Void { node, term });
        match target {
            Target::Node(child) => {
                let Some(child) = self.tree.nodes.get(*child) else { return String::new() };
                let provider = providers::by_include(&child.name).map(|provider| provider.name.as_str());
                [provider.unwrap_or_default().to_owned(), about(child, lang)].join("  ").trim().to_owned()
            }
            Target::Answers(_) if void => words::VOID.get(lang).to_owned(),
            Target::Answers(answers) => answers
                .iter()
                .find_map(|answer| answer.failure())
                .map(|failure| failure.code().to_owned())
                .unwrap_or_default(),
            Target::Loop(_) => words::LOOP.get(lang).to_owned(),
            Target::Undecided => words::NEEDS_MESSAGE.get(lang).to_owned(),
            Target::Unread => words::NOT_FOLLOWED.get(lang).to_owned(),
        }
    }
}

/// A line of the tree: a term, or several ranges.
struct Row {
    /// The (first) term.
    term: usize,
    text: String,
}

fn rows(spf: &Spf) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut ranges: Vec<usize> = Vec::new();
    for (index, term) in spf.terms.iter().enumerate() {
        if is_range(term) {
            ranges.push(index);
            continue;
        }
        rows.extend(range_row(spf, &std::mem::take(&mut ranges)));
        rows.push(Row { term: index, text: spf.text(term).to_owned() });
    }
    rows.extend(range_row(spf, &ranges));
    rows
}

fn is_range(term: &Term) -> bool {
    matches!(term.kind, TermKind::Ip4(..) | TermKind::Ip6(..))
}

fn range_row(spf: &Spf, ranges: &[usize]) -> Option<Row> {
    let term = *ranges.first()?;
    let shown: Vec<&str> = ranges.iter().take(RANGES_SHOWN).map(|index| spf.text(&spf.terms[*index])).collect();
    let more = match ranges.len().saturating_sub(RANGES_SHOWN) {
        0 => String::new(),
        more => format!(" … +{more}"),
    };
    let short = match shown.as_slice() {
        [first, ..] if shown.join(" ").len() > TREE_WIDTH / 2 && ranges.len() > 1 => {
            format!("{first} … +{}", ranges.len() - 1)
        }
        _ => format!("{}{more}", shown.join(" ")),
    };
    Some(Row { term, text: short })
}

/// What is to be said of a record: its size and how long it is kept, or why there is none.
fn about(node: &SpfNode, lang: Lang) -> String {
    let answer = &node.asked.answer;
    match node.asked.found.as_slice() {
        [spf] => {
            let ttl = answer.records().iter().map(|record: &Record| record.ttl).min().unwrap_or_default();
            format!("{} {}, TTL {ttl}", spf.txt.octets(), words::OCTETS.get(lang))
        }
        [] if answer.failure().is_some() => answer.outcome.comment().to_owned(),
        [] if matches!(answer.outcome, Outcome::NxDomain) => {
            format!("{}: {}", words::NO_RECORD.get(lang), answer.outcome.comment())
        }
        [] => words::NO_RECORD.get(lang).to_owned(),
        several => format!("{} {}", several.len(), words::RECORDS.get(lang)),
    }
}

fn counts(tree: &SpfTree, style: Style) -> String {
    let lang = style.lang;
    let (lookups, voids) = (spf::lookups(tree), spf::voids(tree).len());
    let more = if tree.cut { "+" } else { "" };
    let part = |count: usize, more: &str, limit: usize, name: &str| {
        paint(&format!("{name}: {count}{more} ({} {limit})", words::AT_MOST.get(lang)), over(count > limit), style)
    };
    let lookups = part(lookups, more, MAX_LOOKUPS, words::LOOKUPS.get(lang));
    let answer =
        format!("{}: {} {}", words::ANSWER.get(lang), size::octets(&tree.own().answer), words::OCTETS.get(lang));
    format!("{lookups}, {}, {answer}", part(voids, "", MAX_VOIDS, words::VOID_LOOKUPS.get(lang)))
}

fn verdict(request: &Request, evaluation: &Evaluation, style: Style) -> String {
    let sender = if request.sender.is_empty() { format!("<> ({})", request.helo) } else { request.sender.clone() };
    let result = paint(evaluation.result.as_str(), result_colour(evaluation.result), style);
    let why = evaluation.error.map(|error| format!(" ({})", words::error(error).get(style.lang))).unwrap_or_default();
    let mut out = format!("{} {}: {result}{why}\n", request.ip, printable(&sender));
    for step in evaluation.trace.iter().filter(|step| is_on_the_way(step)) {
        let outcome = match step.outcome {
            StepOutcome::Matched => words::MATCHES,
            StepOutcome::NotMatched => words::MATCHES_NOT,
            StepOutcome::Entered => words::LEADS_TO,
            StepOutcome::Failed(_) => words::BREAKS,
        };
        let domain = printable(step.domain.as_str());
        let term = printable(&step.term);
        let result = if step.outcome == StepOutcome::Matched {
            format!(": {}", result_of(term.as_bytes()))
        } else {
            String::new()
        };
        let indent = "  ".repeat(step.depth + 1);
        let _ = writeln!(out, "{indent}{domain}: {term}  {}{result}", outcome.get(style.lang));
    }
    if let Some(explanation) = &evaluation.explanation {
        let _ = writeln!(out, "  {}: {}", words::EXPLANATION.get(style.lang), printable(explanation));
    }
    out
}

/// The records to publish, helpers first, each as a zone line; what stays; and what goes stale.
fn flat(flattened: &Flattened, style: Style) -> String {
    let lang = style.lang;
    if flattened.records.is_empty() {
        return format!("{}\n", words::NOT_FLATTENED.get(lang));
    }
    let mut out = format!("{}\n", paint(words::FLATTENED.get(lang), Colour::new().bold(), style));
    for record in flattened.records.iter().rev() {
        let (owner, value) = (record.owner.absolute(), write::txt_value(&record.value));
        let _ = writeln!(out, "{}", printable(&format!("{owner} IN TXT {value}")));
    }
    let lookups = format!("{}: {}", words::LOOKUPS.get(lang), flattened.lookups);
    let _ = writeln!(out, "\n{}", paint(&lookups, over(flattened.exceeds_limit), style));
    let reason = |kept: &Kept| format!("{} ({})", kept.term, words::kept(kept.why).get(lang));
    let kept: Vec<String> = flattened.kept.iter().map(reason).collect();
    let stale: Vec<String> = flattened.stale.iter().map(Name::to_string).collect();
    for (head, list) in [(words::KEPT, kept), (words::DROPPED, flattened.dropped.clone()), (words::STALE, stale)] {
        if !list.is_empty() {
            let _ =
                writeln!(out, "{}", wrap(&format!("{}: {}", head.get(lang), printable(&list.join(", "))), style, ""));
        }
    }
    out
}

/// What a match of this term means (RFC 7208 section 4.6.2); an include matches only by "pass".
fn result_of(term: &[u8]) -> &'static str {
    match term.first() {
        Some(b'-') => SpfResult::Fail.as_str(),
        Some(b'~') => SpfResult::SoftFail.as_str(),
        Some(b'?') => SpfResult::Neutral.as_str(),
        _ => SpfResult::Pass.as_str(),
    }
}

/// Ranges that do not match are many, and say nothing.
fn is_on_the_way(step: &Step) -> bool {
    step.outcome != StepOutcome::NotMatched || !step.asked.is_empty()
}

fn over(yes: bool) -> Colour {
    if yes { Colour::new().red().bold() } else { Colour::new() }
}

fn result_colour(result: SpfResult) -> Colour {
    match result {
        SpfResult::Pass => Colour::new().green().bold(),
        SpfResult::None | SpfResult::Neutral | SpfResult::SoftFail => Colour::new().yellow().bold(),
        SpfResult::Fail | SpfResult::TempError | SpfResult::PermError => Colour::new().red().bold(),
    }
}

/// Puts a text to the right end of a column.
fn left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

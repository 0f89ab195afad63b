//! The SPF tree, drawn: what each term costs, what it leads to, and the way to a verdict.

use std::fmt::Write as _;

use owo_colors::Style as Colour;
use unicode_width::UnicodeWidthStr;

use crate::evaluate::check_host::{Evaluation, Request, Step, StepOutcome};
use crate::evaluate::flatten::{Flattened, Kept};
use crate::evaluate::size;
use crate::evaluate::spf::{self, MAX_LOOKUPS, MAX_VOIDS};
use crate::evidence::SpfTree;
use crate::name::Name;
use crate::records::spf::SpfResult;
use crate::report::spf_outline::{self, Line, about};
use crate::report::text::{pad, paint, printable, wrap};
use crate::report::{Style, words};
use crate::zone::write;

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
    let mut out = String::new();
    write_lines(&mut out, &report.tree, style);
    let _ = writeln!(out, "\n{}", counts(&report.tree, style));
    out.push_str(&conclusions(report, style));
    out + "\n"
}

/// The verdict about an address, and the record as addresses, where they were asked for.
pub(super) fn conclusions(report: &SpfReport, style: Style) -> String {
    let mut out = String::new();
    if let Some((request, evaluation)) = &report.judged {
        let _ = writeln!(out, "\n{}", verdict(request, evaluation, style));
    }
    if let Some(flattened) = &report.flattened {
        let _ = writeln!(out, "\n{}", flat(flattened, style));
    }
    out
}

fn write_lines(out: &mut String, tree: &SpfTree, style: Style) {
    let lang = style.lang;
    let (costs, sum) = (words::COSTS.get(lang), words::SO_FAR.get(lang));
    let root = printable(tree.root().name.as_str());
    let head = format!("{}{}{}  {}", pad(&root, TREE_WIDTH), left(costs, 9), left(sum, 10), about(tree.root(), lang));
    let _ = writeln!(out, "{}", paint(head.trim_end(), Colour::new().bold(), style));
    for line in spf_outline::lines(tree, lang) {
        write_line(out, &line, style);
    }
}

fn write_line(out: &mut String, line: &Line, style: Style) {
    let above: String = line.above.iter().map(|more| if *more { "│   " } else { "    " }).collect();
    let branch = if line.last { "└── " } else { "├── " };
    let text = pad(&format!("{above}{branch}{}", line.text), TREE_WIDTH);
    let numbers = line.cost.map(|cost| {
        let sum = paint(&left(&cost.so_far.to_string(), 10), over(cost.so_far > MAX_LOOKUPS), style);
        left(&cost.own.to_string(), 9) + &sum
    });
    let _ = writeln!(out, "{}", format!("{text}{}  {}", numbers.unwrap_or_default(), line.note).trim_end());
}

/// What the record costs, and what it may cost.
pub(super) fn counts(tree: &SpfTree, style: Style) -> String {
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

//! The comparison for people.

use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::diff::{Change, Diff, DomainDiff, Turn, Which};
use crate::finding::Finding;
use crate::receivers::Outcome;
use crate::report::Style;
use crate::report::diff::{
    Sign, TurnGroup, finding_line, lines, listed, presence, reason, sets, side, summary, turn_groups, unknown, words,
};
use crate::report::text::{paint, printable, severity_colour, wrap, write_finding};
use crate::report::words as report_words;

pub(super) fn write(diff: &Diff, all: bool, style: Style) -> String {
    let head = printable(&format!("{} → {}", diff.old, diff.new));
    let mut out = format!("{}\n\n", paint(&head, Colour::new().bold(), style));
    write_records(&mut out, diff, all, style);
    for domain in diff.domains.iter().filter(|domain| domain.is_different()) {
        write_domain(&mut out, domain, diff, style);
    }
    let _ = writeln!(out, "{}", summary(diff, style.lang));
    out
}

fn write_records(out: &mut String, diff: &Diff, all: bool, style: Style) {
    let (listed, others) = listed(diff, all);
    let _ = writeln!(out, "{}", head(words::RECORDS.get(style.lang), style));
    for (name, place, changes) in sets(&listed) {
        let place = place.map(|place| format!("  ({place})")).unwrap_or_default();
        let _ = writeln!(out, "  {name}{place}");
        changes.iter().for_each(|change| write_change(out, change, style));
    }
    let more: Vec<String> = others.line(style.lang).into_iter().chain(unknown(diff, style.lang)).collect();
    if listed.is_empty() && more.is_empty() {
        let _ = writeln!(out, "  {}", words::NO_CHANGE.get(style.lang));
    }
    for line in more {
        let _ = writeln!(out, "{}", wrap(&line, style, "  "));
    }
    out.push('\n');
}

fn write_change(out: &mut String, change: &Change, style: Style) {
    for (sign, line) in lines(change, style.lang) {
        let (sign, colour) = match sign {
            Sign::Minus => ("- ", Colour::new().red()),
            Sign::Plus => ("+ ", Colour::new().green()),
            Sign::Note => ("", Colour::new()),
        };
        let _ = writeln!(out, "    {}", paint(&format!("{sign}{line}"), colour, style));
    }
}

fn write_domain(out: &mut String, domain: &DomainDiff, diff: &Diff, style: Style) {
    let _ = writeln!(out, "{}", head(&printable(domain.domain.as_str()), style));
    if let Some(presence) = presence(domain, diff, style.lang) {
        let _ = writeln!(out, "  {presence}");
    }
    out.push('\n');
    if !domain.new.is_empty() {
        let _ = writeln!(out, "{}\n", head(words::NEW.get(style.lang), style));
    }
    for finding in &domain.new {
        let _ = writeln!(out, "{}", write_finding(finding, style));
    }
    write_list(out, words::GONE.get(style.lang), domain.gone.iter(), style);
    for which in [Which::New, Which::Old] {
        let head = words::UNTOLD.get(style.lang).replace("{side}", &printable(side(diff, which)));
        let own = domain.untold.iter().filter(|(_, side)| *side == which).map(|(finding, _)| finding);
        write_list(out, &head, own, style);
    }
    write_turns(out, &domain.turns, style);
}

fn write_list<'f>(out: &mut String, title: &str, findings: impl Iterator<Item = &'f Finding>, style: Style) {
    let mut findings = findings.peekable();
    if findings.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "{}", head(title, style));
    for finding in findings {
        let line = wrap(&finding_line(finding, style.lang), style, "    ");
        let _ = writeln!(out, "  {}", paint(line.trim_start(), severity_colour(finding.severity), style));
    }
    out.push('\n');
}

fn write_turns(out: &mut String, turns: &[Turn], style: Style) {
    if turns.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", head(words::TURNS.get(style.lang), style));
    for TurnGroup { who, old, new, turn } in turn_groups(turns, style.lang) {
        let colour = match turn.new.outcome {
            Outcome::Nothing => Colour::new().green(),
            outcome if outcome < turn.old.outcome => Colour::new().yellow(),
            _ => Colour::new().red().bold(),
        };
        let _ = writeln!(out, "  {who}: {old} → {}", paint(new, colour, style));
        for finding in &turn.because {
            let (because, line) = (because(turn, style), reason(finding, style.lang));
            let _ = writeln!(out, "    {}", wrap(&format!("{because}: {line}"), style, "      ").trim_start());
        }
    }
    out.push('\n');
}

/// Where it is better now, what was found is there no more.
fn because(turn: &Turn, style: Style) -> &'static str {
    let words = if turn.is_for_new() { report_words::BECAUSE } else { words::GONE };
    words.get(style.lang)
}

fn head(text: &str, style: Style) -> String {
    paint(text, Colour::new().bold(), style)
}

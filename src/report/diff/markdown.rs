//! The comparison as a comment on a pull request.

use crate::diff::{Change, Diff, DomainDiff, Which};
use crate::finding::Finding;
use crate::lang::Lang;
use crate::report::diff::{
    Sign, finding_line, lines, listed, place_in_file, presence, sets, side, summary, turn_groups, unknown, words,
};
use crate::report::markdown::{MOST, code, cut_short, fenced_as, inline, row, write_finding};
use crate::report::words as report_words;

pub(super) fn write(diff: &Diff, all: bool, lang: Lang) -> String {
    let head = format!("## mailvet: {} → {}\n\n{}\n\n", code(&diff.old), code(&diff.new), inline(&summary(diff, lang)));
    let mut sections = vec![(head, 0), (records(diff, all, lang), 0)];
    for domain in diff.domains.iter().filter(|domain| domain.is_different()) {
        sections.extend(of_domain(domain, diff, lang));
    }
    cut_short(sections, MOST, lang)
}

fn records(diff: &Diff, all: bool, lang: Lang) -> String {
    let (listed, others) = listed(diff, all);
    let mut paragraphs = vec![format!("**{}**", words::RECORDS.get(lang))];
    if !listed.is_empty() {
        let lines: Vec<String> = sets(&listed).flat_map(|(name, _, changes)| set_lines(name, changes, lang)).collect();
        paragraphs.push(fenced_as("diff", &lines.join("\n")));
    }
    paragraphs.extend(others.line(lang).into_iter().chain(unknown(diff, lang)).map(|line| inline(&line)));
    if paragraphs.len() == 1 {
        paragraphs.push(words::NO_CHANGE.get(lang).to_owned());
    }
    paragraphs.join("\n\n") + "\n\n"
}

/// Only a line that begins with a sign is coloured, so that names begin with a blank.
fn set_lines(name: String, changes: &[&Change], lang: Lang) -> Vec<String> {
    let line = |(sign, text): (Sign, String)| match sign {
        Sign::Minus => format!("- {text}"),
        Sign::Plus => format!("+ {text}"),
        Sign::Note => format!("  {text}"),
    };
    let lines = changes.iter().flat_map(|change| lines(change, lang)).map(line);
    std::iter::once(format!("  {name}")).chain(lines).collect()
}

/// What is shown whole, or not at all; and how many new findings it tells of.
fn of_domain(domain: &DomainDiff, diff: &Diff, lang: Lang) -> Vec<(String, usize)> {
    let mut head = format!("### {}\n\n", code(domain.domain.as_str()));
    head.extend(presence(domain, diff, lang).map(|text| format!("{}\n\n", inline(&text))));
    let mut sections = vec![(head, 0), (turns(domain, lang), 0)];
    if !domain.new.is_empty() {
        sections.push((format!("**{}**\n\n", words::NEW.get(lang)), 0));
    }
    sections.extend(domain.new.iter().map(|finding| (write_finding(finding, place_in_file(finding, domain), lang), 1)));
    sections.push((list(words::GONE.get(lang), domain.gone.iter(), lang), 0));
    for which in [Which::New, Which::Old] {
        let own = domain.untold.iter().filter(|(_, side)| *side == which).map(|(finding, _)| finding);
        let head = words::UNTOLD.get(lang).replace("{side}", side(diff, which));
        sections.push((list(&head, own, lang), 0));
    }
    sections
}

fn list<'f>(head: &str, findings: impl Iterator<Item = &'f Finding>, lang: Lang) -> String {
    let lines: String = findings.map(|finding| format!("- {}\n", inline(&finding_line(finding, lang)))).collect();
    if lines.is_empty() { lines } else { format!("**{}**\n\n{lines}\n", inline(head)) }
}

fn turns(domain: &DomainDiff, lang: Lang) -> String {
    if domain.turns.is_empty() {
        return String::new();
    }
    let heads = [report_words::RECEIVER, words::BEFORE, words::AFTER, report_words::BECAUSE].map(|head| head.get(lang));
    let mut out = format!("**{}**\n\n", words::TURNS.get(lang));
    out.push_str(&row(heads.map(str::to_owned)));
    out.push_str(&row(heads.map(|_| "---".to_owned())));
    for group in turn_groups(&domain.turns, lang) {
        let is_worse = group.turn.new.outcome > group.turn.old.outcome;
        let after = if is_worse { format!("**{}**", group.new) } else { group.new.to_owned() };
        let ids: Vec<String> = group.turn.because.iter().map(|finding| code(finding.id)).collect();
        let because = ids.join(report_words::COMMA.get(lang));
        let because = if group.turn.is_for_new() { because } else { format!("{}: {because}", words::GONE.get(lang)) };
        out.push_str(&row([inline(&group.who), group.old.to_owned(), after, because]));
    }
    out + "\n"
}

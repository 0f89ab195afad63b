//! The report as a comment on a pull request, in the Markdown of GitHub and GitLab.
//!
//! Nothing out of DNS becomes a link, a mention, a picture or HTML: signs that mean something to Markdown stand behind a
//! backslash, and words that a platform would link stand as code.

use std::fmt::Write as _;

use crate::finding::{Aspect, Finding, Publish, Severity};
use crate::lang::Lang;
use crate::receivers::{Outcome, Recipient, Verdict};
use crate::report::bounce::{Line, Section};
use crate::report::first::{Change, changes};
use crate::report::prose::{self, Piece, pieces, said};
use crate::report::text::printable;
use crate::report::verdicts::worst;
use crate::report::{
    BounceReport, Counts, Report, Style, are_bounces, bounce, ignored, named_recipients, place, recipients, verdicts,
    words,
};
use crate::source::Span;

/// A comment on GitHub has at most 65,536 characters; some room is left.
pub(super) const MOST: usize = 60_000;

pub(super) fn write(reports: &[Report], style: Style) -> String {
    let lang = style.lang;
    let head = head(reports, style);
    let sections = reports.iter().flat_map(|report| sections(report, reports.len() > 1, style));
    cut_short(std::iter::once((head, 0)).chain(sections), MOST, lang)
}

/// The sections, each with the number of findings that it tells of, as far as there is room.
pub(super) fn cut_short(sections: impl IntoIterator<Item = (String, usize)>, most: usize, lang: Lang) -> String {
    let (mut out, mut left_out, mut length) = (String::new(), 0, 0);
    for (section, findings) in sections {
        length += section.chars().count();
        match length <= most {
            true => out.push_str(&section),
            false => left_out += findings,
        }
    }
    if length > most {
        let _ = writeln!(out, "{}", words::CUT_SHORT.get(lang).replace("{count}", &left_out.to_string()));
    }
    out
}

/// The whole in one line, the recipients, and a table of the domains where there are several.
fn head(reports: &[Report], style: Style) -> String {
    let lang = style.lang;
    if are_bounces(reports) {
        return bounces(reports, style);
    }
    let all = reports.iter().map(Report::counts).fold(Counts::default(), |sum, counts| sum + counts);
    let subject = match reports {
        [report] => code(report.subject.as_str()),
        reports => format!("{} {}", reports.len(), words::DOMAINS.get(lang)),
    };
    let mut out = format!("## mailvet: {subject}\n\n{}\n\n", counts(all, lang));
    out.push_str(&recipient_list(named_recipients(reports), lang));
    if let Some(locked) = reports.first().and_then(|report| report.locked.as_ref()) {
        let _ = writeln!(out, "{}\n", inline(&locked.note(lang)));
    }
    if reports.len() > 1 {
        out.push_str(&domains(reports, lang));
    }
    out
}

/// What is said of all bounces.
fn bounces(reports: &[Report], style: Style) -> String {
    match reports {
        [report] => {
            report.bounce.iter().map(|told| format!("## mailvet: {}\n\n", bounce_title(told, style.lang))).collect()
        }
        reports => {
            let tables = bounce::summary_tables(reports, Style { colour: false, ..style });
            let head = inline(&bounce::summary_head(reports, style.lang));
            format!("## mailvet: {head}\n\n{}\n\n", fenced(tables.trim_matches('\n')))
        }
    }
}

fn bounce_title(told: &BounceReport, lang: Lang) -> String {
    inline(&bounce::title(told, lang))
}

fn bounce_section(section: &Section) -> String {
    let write = |line: &Line| match line {
        Line::Said(text) => inline(text),
        Line::Quoted(text) => fenced(text),
        Line::Guess(text) => format!("- {}", inline(text)),
    };
    let lines: Vec<String> = section.lines.iter().map(write).collect();
    format!("**{}**\n\n{}\n\n", inline(&section.head), lines.join("\n\n"))
}

fn recipient_list(recipients: &[Recipient], lang: Lang) -> String {
    if recipients.is_empty() {
        return String::new();
    }
    let lines = recipients.iter().map(|recipient| format!("- {}\n", inline(&recipients::line(recipient, lang))));
    format!("**{}**\n\n{}\n", recipients::RECIPIENTS.get(lang), lines.collect::<String>())
}

/// So many domains are listed.
const LISTED: usize = 100;

fn domains(reports: &[Report], lang: Lang) -> String {
    let heads = [words::DOMAIN, words::ERRORS, words::WARNINGS, words::ADVICE, words::VERDICT];
    let mut out = row(heads.map(|head| head.get(lang).to_owned())) + &row(heads.map(|_| "---".to_owned()));
    for report in reports.iter().take(LISTED) {
        let Counts { error, warning, advice } = report.counts();
        let worst =
            worst(report.verdicts_that_hold()).map_or("–", |verdict| verdicts::outcome(verdict, lang)).to_owned();
        out.push_str(&row([
            code_in_table(report.subject.as_str()),
            error.to_string(),
            warning.to_string(),
            advice.to_string(),
            worst,
        ]));
    }
    if reports.len() > LISTED {
        let _ = writeln!(out, "\n… +{}", reports.len() - LISTED);
    }
    out + "\n"
}

/// What is shown whole, or not at all; and how many findings it tells of.
fn sections(report: &Report, several: bool, style: Style) -> Vec<(String, usize)> {
    let lang = style.lang;
    let mut sections = Vec::new();
    if several {
        let title = report.bounce.as_ref().map(|told| bounce_title(told, lang));
        sections.push(format!("### {}\n\n", title.unwrap_or_else(|| code(report.subject.as_str()))));
    }
    if let Some(told) = &report.bounce {
        sections.extend(bounce::sections(report, told, lang).iter().map(bounce_section));
        sections.push(recipient_list(&report.recipients, lang));
    }
    let without_mail = verdicts::without_mail(report, lang);
    sections.extend(without_mail.map(|text| format!("**{}**\n\n{}\n\n", words::RECEIVERS.get(lang), inline(&text))));
    sections.push(verdict_table(report.verdicts_that_hold(), lang));
    sections.push(first(report, lang));
    sections.extend(ignored::line(report, style).map(|line| format!("{}\n\n", inline(&line))));
    if report.shown(style).next().is_some() {
        sections.push(format!("**{}**\n\n", words::FINDINGS.get(lang)));
    }
    let findings =
        report.shown(style).map(|finding| (write_finding(finding, place::in_file(finding, report), lang), 1));
    sections.into_iter().filter(|section| !section.is_empty()).map(|section| (section, 0)).chain(findings).collect()
}

fn counts(counts: Counts, lang: Lang) -> String {
    if counts == Counts::default() {
        return words::NOTHING_FOUND.get(lang).to_owned();
    }
    let Counts { error, warning, advice } = counts;
    let (errors, warnings) = (words::ERRORS.get(lang), words::WARNINGS.get(lang));
    format!("**{errors} {error}**, {warnings} {warning}, {} {advice}", words::ADVICE.get(lang))
}

fn verdict_table(verdicts: &[Verdict], lang: Lang) -> String {
    if verdicts.is_empty() {
        return String::new();
    }
    let aspects = Aspect::ALL.map(|aspect| words::aspect(aspect).get(lang));
    let heads = [&["", ""], aspects.as_slice(), &[words::VERDICT.get(lang)]].concat();
    let mut out = format!("**{}**\n\n", words::RECEIVERS.get(lang));
    out.push_str(&row(heads.iter().map(|head| (*head).to_owned())));
    out.push_str(&row(heads.iter().map(|_| "---".to_owned())));
    for verdict in verdicts {
        let names = [verdict.receiver.name.clone(), words::sender(verdict.sender).get(lang).to_owned()];
        let cells = verdict.cells.map(|cell| cell.map_or("–", |outcome| words::cell(outcome).get(lang)).to_owned());
        let outcome = verdicts::outcome(verdict, lang);
        let bad = matches!(verdict.outcome, Outcome::Junk | Outcome::Defer | Outcome::Reject);
        let outcome = if bad { format!("**{outcome}**") } else { outcome.to_owned() };
        out.push_str(&row(names.into_iter().chain(cells).chain([outcome])));
    }
    out + "\n"
}

pub(super) fn row(cells: impl IntoIterator<Item = String>) -> String {
    cells.into_iter().map(|cell| format!("| {cell} ")).collect::<String>() + "|\n"
}

fn first(report: &Report, lang: Lang) -> String {
    if report.steps.is_empty() {
        return String::new();
    }
    let mut out = format!("**{}**\n\n", words::FIRST.get(lang));
    for (number, change) in changes(report, lang).iter().enumerate() {
        write_change(&mut out, number + 1, change, lang);
    }
    out
}

fn write_change(out: &mut String, number: usize, change: &Change, lang: Lang) {
    let ids: Vec<String> = change.ids.iter().map(|id| code(id)).collect();
    let _ = writeln!(out, "{number}. **{}** ({})\n", inline(&change.title), ids.join(", "));
    let indent = " ".repeat(number.to_string().len() + 2);
    let mut paragraphs: Vec<String> = change.remedies.iter().map(|remedy| inline(remedy)).collect();
    paragraphs.extend(change.publish.iter().map(|record| publish(record, lang)));
    if !change.places.is_empty() {
        let places: Vec<String> = change.places.iter().map(|place| code(place)).collect();
        paragraphs.push(format!("{}: {}", words::PLACE.get(lang), places.join(", ")));
    }
    paragraphs.extend(change.until_seen.iter().chain(&change.turns).map(|line| inline(line)));
    for line in paragraphs.join("\n\n").lines() {
        let _ = writeln!(out, "{}", format!("{indent}{line}").trim_end());
    }
    out.push('\n');
}

pub(super) fn write_finding(finding: &Finding, at: Option<&Span>, lang: Lang) -> String {
    let said = said(finding, lang);
    let severity = words::severity(finding.severity).get(lang);
    let severity = if finding.severity == Severity::Error { format!("<b>{severity}</b>") } else { severity.to_owned() };
    let at = at.map(|span| format!("{}:{}", place::path(span), span.position().line));
    let at = at.map(|at| format!(" – <code>{}</code>", escape_html(&printable(&at)))).unwrap_or_default();
    let mut paragraphs = vec![inline(&said.why), inline(&said.fix)];
    let ignored = finding.waiver.as_ref().map(|waiver| ignored::reason(waiver, lang));
    paragraphs.extend(ignored.map(|reason| format!("{}: {}", ignored::IGNORED.get(lang), inline(&reason))));
    paragraphs.extend(finding.publish.iter().map(|record| publish(record, lang)));
    format!(
        "<details><summary>{severity} <code>{}</code>: {}{at}</summary>\n\n{}\n\n</details>\n\n",
        finding.id,
        inline_html(&said.title),
        paragraphs.join("\n\n")
    )
}

fn publish(record: &Publish, lang: Lang) -> String {
    format!("{}\n\n{}", inline(&prose::place(record, lang)), fenced(&prose::value(record)))
}

/// Lines word for word.
fn fenced(text: &str) -> String {
    fenced_as("text", text)
}

/// Lines word for word, coloured as something.
pub(super) fn fenced_as(what: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{what}\n{text}\n{fence}")
}

/// A text in which what stands between backticks is code.
pub(super) fn inline(text: &str) -> String {
    let text: String = tokens(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => escape(text),
            Piece::Code(text) => code(text),
        })
        .collect();
    // At the beginning of a line these would begin a list, a heading or a rule.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'-' | b'+' | b'=') if digits == 0 => format!("\\{text}"),
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text,
    }
}

/// The same as HTML: in a summary no Markdown is read.
fn inline_html(text: &str) -> String {
    let write = |piece| match piece {
        Piece::Plain(text) => escape_html(text),
        Piece::Code(text) => format!("<code>{}</code>", escape_html(text)),
    };
    tokens(text).into_iter().map(write).collect()
}

/// The pieces of a text, with words that a platform would link or carry out as code.
fn tokens(text: &str) -> Vec<Piece<'_>> {
    let mut tokens = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Plain(text) => tokens.extend(words_of(text).map(|word| match is_special(word) {
                true => Piece::Code(word),
                false => Piece::Plain(word),
            })),
            code => tokens.push(code),
        }
    }
    tokens
}

/// A text cut where words of ASCII begin and end: Japanese has no spaces round them.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let in_word = rest.chars().next()?.is_ascii_graphic();
        let end = rest.find(|c: char| c.is_ascii_graphic() != in_word).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

/// Would it be a link, a mention, a reference to an issue, a commit or a milestone, or a picture?
fn is_special(word: &str) -> bool {
    let is_reference = |pair: &[u8]| {
        b"@#!$%&~^*".contains(&pair[0]) && (pair[1].is_ascii_alphanumeric() || b"_\"[".contains(&pair[1]))
    };
    let is_commit = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lower = word.to_ascii_lowercase();
    let is_link = ["://", "www.", "mailto:", "gh-", "]("].iter().any(|sign| lower.contains(sign));
    let is_emoji = word.matches(':').count() > 1;
    is_link || is_commit || is_emoji || word.as_bytes().windows(2).any(is_reference)
}

/// CommonMark section 2.4: "Any ASCII punctuation character may be backslash-escaped".
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '$' | '&' | '@' => {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
    }
    out
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('`', "&#96;")
}

/// CommonMark section 6.1: "A code span begins with a backtick string and ends with a backtick string of equal length."
pub(super) fn code(text: &str) -> String {
    let text = printable(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let space = if text.contains('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// In a table a bar ends the cell, also in code.
fn code_in_table(text: &str) -> String {
    code(text).replace('|', "\\|")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_carried_out() {
        assert_eq!(inline("a <b>x</b> _y_ | z"), "a \\<b\\>x\\</b\\> \\_y\\_ \\| z");
        assert_eq!(inline("ping @user and #12, ![x](//a)"), "ping `@user` and `#12,` `![x](//a)`");
        assert_eq!(inline("see https://evil.test now"), "see `https://evil.test` now");
        assert_eq!(inline("送信者@user様"), "送信者`@user`様");
        assert_eq!(inline("write `-all`"), "write `-all`");
        assert_eq!(inline("a` @user"), "a\\` `@user`");
        assert_eq!(inline("1. one"), "1\\. one");
        assert_eq!(inline("- one"), "\\- one");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(code_in_table("a|b"), "`a\\|b`");
        assert_eq!(inline_html("<img> `<x>` @user"), "&lt;img&gt; <code>&lt;x&gt;</code> <code>@user</code>");
    }
}

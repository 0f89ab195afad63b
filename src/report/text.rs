//! The report for people: findings with the lines they are about, what receivers will do, and the counts.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use owo_colors::{OwoColorize, Style as Colour};
use textwrap::{WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthStr;

use crate::finding::{Finding, Publish, Severity};
use crate::lang::{Lang, fill};
use crate::report::excerpt::{Excerpt, excerpts};
use crate::report::{
    Counts, Report, Style, are_bounces, bounce, dmarc_plan, first, ignored, mending, named_recipients, recipients,
    senders, spf, verdicts, words,
};
use crate::rules::{self, Rule};

pub(super) fn write(reports: &[Report], style: Style) -> String {
    let mut out = recipients::write(named_recipients(reports), style);
    let locked = reports.first().and_then(|report| report.locked.as_ref());
    let locked = locked.map(|locked| wrap(&locked.note(style.lang), style, "") + "\n\n").unwrap_or_default();
    let notes = verdicts::write_notes(reports, style) + &locked;
    match reports {
        // What to do stands at the end, before the eyes of who reads on a terminal.
        [report] => write_report(&mut out, report, &notes, style),
        reports if are_bounces(reports) => {
            out.push_str(&bounce::write_summary(reports, style));
            return out;
        }
        reports => {
            reports.iter().for_each(|report| write_report(&mut out, report, "", style));
            out.push_str(&notes);
        }
    }
    if reports.len() > 1 {
        let counts = reports.iter().map(Report::counts).fold(Counts::default(), |sum, counts| sum + counts);
        let subject = format!("{} {}", reports.len(), words::DOMAINS.get(style.lang));
        let _ = writeln!(out, "{}", counts_line(&subject, counts, style));
    }
    out.truncate(out.trim_end_matches('\n').len());
    out.push('\n');
    if let Some(line) = mending::can_be_mended(reports, style) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// The page of a rule: what it finds, why, and what to do.
pub fn explain(rule: &Rule, style: Style) -> String {
    let prose = rule.text.get(style.lang);
    let severity = words::severity(rule.severity).get(style.lang);
    let title = format!("{}[{}]: {}", severity, rule.id, prose.title);
    let mut out = format!("{}\n\n", paint(&title, severity_colour(rule.severity), style));
    for (head, text) in [(words::WHY, prose.why), (words::FIX, prose.fix)] {
        let _ = writeln!(out, "{}:", head.get(style.lang));
        let _ = writeln!(out, "{}\n", wrap(text, style, "  "));
    }
    let _ = writeln!(out, "{}: {}", words::REFERENCES.get(style.lang), rule.references.join(", "));
    out
}

/// All rules, a line each.
pub fn rule_list(style: Style) -> String {
    let longest = rules::all().map(|rule| rule.id.len()).max().unwrap_or(0);
    let line = |rule: &Rule| {
        let severity = pad(words::severity(rule.severity).get(style.lang), 12);
        format!("{:longest$}  {severity} {}\n", rule.id, rule.text.get(style.lang).title)
    };
    rules::all().map(line).collect()
}

/// A text out of DNS or a file, made fit for a terminal: control characters and those that turn the direction of
/// writing are written as `\u{…}`.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

pub(super) fn is_harmful(c: char) -> bool {
    let turns_direction =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let invisible = matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{FEFF}');
    c.is_control() || turns_direction || invisible
}

fn write_report(out: &mut String, report: &Report, notes: &str, style: Style) {
    if let Some(told) = &report.bounce {
        out.push_str(&bounce::write(report, told, style));
        return;
    }
    let subject = printable(report.subject.as_str());
    match &report.spf {
        Some(spf) => out.push_str(&spf::draw(spf, style)),
        None => {
            let _ = writeln!(out, "{}\n", paint(&subject, Colour::new().bold(), style));
        }
    }
    for finding in report.shown(style) {
        let _ = writeln!(out, "{}", write_finding(finding, style));
    }
    out.push_str(&dmarc_plan::write(&report.dmarc_plan, style));
    out.push_str(&senders::write(&report.senders, &report.other_senders, style));
    out.push_str(&verdicts::write(report, style));
    out.push_str(notes);
    out.push_str(&first::write(report, style));
    if let Some(day) = report.as_of {
        let text = words::AS_OF_REPORT.get(style.lang).replace("{day}", day);
        let _ = writeln!(out, "{}\n", wrap(&text, style, ""));
    }
    let _ = writeln!(out, "{}", counts_line(&subject, report.counts(), style));
    if let Some(line) = ignored::line(report, style) {
        let _ = writeln!(out, "{line}");
    }
    out.push('\n');
}

pub(super) fn write_finding(finding: &Finding, style: Style) -> String {
    let prose = finding.text.get(style.lang);
    let say = |text: &str| printable(&fill(text, &finding.values, style.lang));
    let severity = words::severity(finding.severity).get(style.lang);
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::HELP,
    };
    let here = say(prose.here);
    let mut group = Group::with_title(level.with_name(severity).primary_title(say(prose.title)).id(finding.id));
    for excerpt in excerpts(&finding.spans) {
        group = group.element(snippet(&excerpt, &here));
    }
    let rendered = renderer(style).render(&[group]);
    let notes = [(words::WHY, say(prose.why)), (words::FIX, say(prose.fix))];
    let mut out = rendered + "\n";
    for (head, text) in notes {
        out.push_str(&note(head.get(style.lang), &text, style));
    }
    if let Some(day) = finding.as_of {
        let text = format!("{day}; {}", words::AS_OF_FINDING.get(style.lang));
        out.push_str(&note(words::AS_OF.get(style.lang), &text, style));
    }
    if let Some(waiver) = &finding.waiver {
        out.push_str(&note(ignored::IGNORED.get(style.lang), &ignored::reason(waiver, style.lang), style));
    }
    for publish in &finding.publish {
        out.push_str(&publish_note(publish, style));
    }
    out
}

fn renderer(style: Style) -> Renderer {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(style.width)
}

fn snippet<'a>(excerpt: &Excerpt, here: &str) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let last = excerpt.spans.len().saturating_sub(1);
    let annotations = excerpt.spans.iter().enumerate().map(|(index, span)| {
        let kind = if excerpt.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(span.start - excerpt.lines.start..span.end - excerpt.lines.start);
        // One label for all: the words are the same.
        if index == last { annotation.label(here.to_owned()) } else { annotation }
    });
    Snippet::source(excerpt.text().to_owned())
        .path(printable(&excerpt.source.name))
        .line_start(excerpt.first_line())
        .annotations(annotations.collect::<Vec<_>>())
}

/// `  = why: …`, wrapped and indented under itself.
fn note(head: &str, text: &str, style: Style) -> String {
    let head = format!("  = {head}: ");
    let indent = " ".repeat(head.width());
    let wrapped = wrap(text, style, &indent);
    let body = wrapped.strip_prefix(&indent).unwrap_or(&wrapped);
    format!("{}{body}\n", paint(&head, Colour::new().bold(), style))
}

/// The record to publish: where, and the value alone on a line of its own, to be copied.
fn publish_note(publish: &Publish, style: Style) -> String {
    let lang = style.lang;
    let head = format!("  = {}: ", words::PUBLISH.get(lang));
    let place = format!("{} {}  ({}: {})", publish.kind, publish.owner, words::PANEL_HOST.get(lang), publish.host());
    let value = paint(&printable(&publish.value), Colour::new().green(), style);
    format!("{}{}\n      {value}\n", paint(&head, Colour::new().bold(), style), printable(&place))
}

pub(super) fn wrap(text: &str, style: Style, indent: &str) -> String {
    let options = textwrap::Options::new(style.width).initial_indent(indent).subsequent_indent(indent);
    // Japanese has no spaces to break at. Elsewhere a name or a piece of a record stays whole, to be copied.
    let separator = match style.lang {
        Lang::Ja => WordSeparator::UnicodeBreakProperties,
        Lang::En | Lang::Es => WordSeparator::AsciiSpace,
    };
    let options = options.word_separator(separator).word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options.break_words(false))
}

fn counts_line(subject: &str, counts: Counts, style: Style) -> String {
    let lang = style.lang;
    if counts == Counts::default() {
        return format!("{subject}: {}", paint(words::NOTHING_FOUND.get(lang), Colour::new().green(), style));
    }
    let part = |count: usize, name: &str, colour: Colour| {
        let text = format!("{name} {count}");
        if count > 0 { paint(&text, colour, style) } else { text }
    };
    let errors = part(counts.error, words::ERRORS.get(lang), severity_colour(Severity::Error));
    let warnings = part(counts.warning, words::WARNINGS.get(lang), severity_colour(Severity::Warning));
    let advice = part(counts.advice, words::ADVICE.get(lang), severity_colour(Severity::Advice));
    format!("{subject}: {errors}, {warnings}, {advice}")
}

pub(super) fn severity_colour(severity: Severity) -> Colour {
    match severity {
        Severity::Error => Colour::new().red().bold(),
        Severity::Warning => Colour::new().yellow().bold(),
        Severity::Advice => Colour::new().cyan().bold(),
    }
}

pub(super) fn paint(text: &str, colour: Colour, style: Style) -> String {
    if style.colour { text.style(colour).to_string() } else { text.to_owned() }
}

/// Fills up to a width on the screen, where Japanese characters take two columns.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

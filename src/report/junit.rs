//! The report as XML in the form of JUnit: each domain is a suite, each finding a test.
//!
//! A finding of the severity that fails the run is a failure; where DNS did not tell, it is an error; what nobody looked
//! up is skipped, and so is what does not count; all others pass, with what they say as their output.

use std::fmt::Write as _;

use crate::finding::Finding;
use crate::lang::Lang;
use crate::receivers::Recipient;
use crate::report::prose::said;
use crate::report::text::printable;
use crate::report::{Report, Style, ignored, is_unanswered, named_recipients, place, recipients, verdicts, words};

/// What becomes of a test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Passed,
    Failure,
    Error,
    Skipped,
}

struct Test {
    name: String,
    class: String,
    file: Option<String>,
    end: End,
    message: String,
    kind: &'static str,
    text: String,
}

pub(super) fn write(reports: &[Report], style: Style) -> String {
    let mut suites: Vec<(String, Vec<Test>, String)> = Vec::new();
    let recipients = recipient_tests(named_recipients(reports), style);
    if !recipients.is_empty() {
        suites.push(("--to".to_owned(), recipients, String::new()));
    }
    for (report, findings) in place::listed(reports) {
        suites.push((subject(report), tests(report, &findings, style), verdicts(report, style.lang)));
    }
    let all: Vec<&Test> = suites.iter().flat_map(|(_, tests, _)| tests).collect();
    let mut out =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailvet\"{}>\n", counts(&all));
    for (name, tests, verdicts) in &suites {
        write_suite(&mut out, name, tests, verdicts);
    }
    out + "</testsuites>\n"
}

fn subject(report: &Report) -> String {
    printable(report.subject.as_str())
}

/// The findings; one test that passes where there is none, as a suite without tests counts as a mistake.
fn tests(report: &Report, findings: &[(&Finding, String)], style: Style) -> Vec<Test> {
    if findings.is_empty() {
        let name = words::NOTHING_FOUND.get(style.lang).to_owned();
        return vec![passed(name, subject(report))];
    }
    findings.iter().map(|(finding, _)| test(finding, report, style)).collect()
}

fn passed(name: String, class: String) -> Test {
    Test { name, class, file: None, end: End::Passed, message: String::new(), kind: "", text: String::new() }
}

fn test(finding: &Finding, report: &Report, style: Style) -> Test {
    let said = said(finding, style.lang);
    let at = place::in_file(finding, report).map(|span| (printable(&place::path(span)), place::region(span).start));
    let line = at.as_ref().map(|(path, start)| format!("{path}:{}:{}", start.line, start.column));
    let line = line.or_else(|| finding.spans.first().map(|span| printable(&span.source.name))).unwrap_or_default();
    Test {
        name: format!("{}: {}", finding.id, said.title),
        class: subject(report),
        file: at.map(|(path, _)| path),
        end: end(finding, style),
        kind: finding.id,
        text: format!("{line}\n\n{}", said.paragraphs(finding, style.lang)),
        message: message(finding, said.title, style.lang),
    }
}

/// What it says; why it is skipped, where it does not count.
fn message(finding: &Finding, title: String, lang: Lang) -> String {
    let why = |waiver| format!("{}: {}", ignored::IGNORED.get(lang), ignored::reason(waiver, lang));
    finding.waiver.as_ref().map_or(title, why)
}

fn end(finding: &Finding, style: Style) -> End {
    match style.fails {
        _ if !finding.counts() => End::Skipped,
        _ if is_unanswered(finding) => End::Error,
        Some(least) if finding.severity >= least => End::Failure,
        _ if finding.id == "dns-not-asked" => End::Skipped,
        _ => End::Passed,
    }
}

fn recipient_tests(recipients: &[Recipient], style: Style) -> Vec<Test> {
    let test = |recipient: &Recipient| {
        let text = printable(&recipients::outcome(recipient, style.lang));
        let end = match (recipient.route.is_dead(), recipient.could_not_tell()) {
            (true, _) if style.fails.is_some() => End::Failure,
            (_, true) => End::Error,
            _ => End::Passed,
        };
        let name = printable(recipient.seen.domain.as_str());
        Test { end, message: text.clone(), kind: "recipient", text, ..passed(name, "--to".to_owned()) }
    };
    recipients.iter().map(test).collect()
}

/// A line for each verdict.
fn verdicts(report: &Report, lang: Lang) -> String {
    let lines = report.verdicts_that_hold().iter().map(|verdict| verdicts::line(verdict, lang));
    verdicts::without_mail(report, lang).into_iter().chain(lines).map(|line| line + "\n").collect()
}

fn write_suite(out: &mut String, name: &str, tests: &[Test], verdicts: &str) {
    let all: Vec<&Test> = tests.iter().collect();
    let skipped = tests.iter().filter(|test| test.end == End::Skipped).count();
    let _ = writeln!(out, "  <testsuite name=\"{}\"{} skipped=\"{skipped}\">", escape(name), counts(&all));
    tests.iter().for_each(|test| write_test(out, test));
    if !verdicts.is_empty() {
        let _ = writeln!(out, "    <system-out>{}</system-out>", escape(verdicts));
    }
    out.push_str("  </testsuite>\n");
}

/// No time is told: the report knows no clock.
fn counts(tests: &[&Test]) -> String {
    let count = |end| tests.iter().filter(|test| test.end == end).count();
    format!(
        " tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\"",
        tests.len(),
        count(End::Failure),
        count(End::Error)
    )
}

fn write_test(out: &mut String, test: &Test) {
    let file = test.file.as_ref().map(|file| format!(" file=\"{}\"", escape(file))).unwrap_or_default();
    let (name, class) = (escape(&test.name), escape(&test.class));
    let _ = write!(out, "    <testcase name=\"{name}\" classname=\"{class}\"{file} time=\"0\">");
    let (message, text) = (escape(&test.message), escape(&test.text));
    let _ = match test.end {
        End::Passed if text.is_empty() => Ok(()),
        End::Passed => write!(out, "<system-out>{text}</system-out>"),
        End::Skipped => write!(out, "<skipped message=\"{message}\"/>"),
        End::Failure => write!(out, "<failure message=\"{message}\" type=\"{}\">{text}</failure>", test.kind),
        End::Error => write!(out, "<error message=\"{message}\" type=\"{}\">{text}</error>", test.kind),
    };
    out.push_str("</testcase>\n");
}

/// Text that is printable, or a line break, as XML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 section 2.2: these two are no characters of XML; of the others, control characters are not printable.
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

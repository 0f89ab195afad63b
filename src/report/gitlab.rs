//! The report as GitLab reads code quality: a list, of which each entry must name a file and a line.

use serde::Serialize;

use crate::finding::{Finding, Severity};
use crate::lang::Lang;
use crate::report::prose::said;
use crate::report::text::printable;
use crate::report::{Report, named_recipients, place, recipients};

#[derive(Serialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'static str,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Location,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub(super) fn write(reports: &[Report], lang: Lang) -> String {
    let findings = place::listed(reports).into_iter().flat_map(|(report, findings)| entries(report, findings, lang));
    let dead = recipients::dead(named_recipients(reports), lang);
    let entries: Vec<Entry> = findings.chain(dead.into_iter().map(|(_, text)| recipient(text))).collect();
    // Nothing in it can fail to be written: there are no keys but those of the structs.
    serde_json::to_string_pretty(&entries).unwrap_or_default() + "\n"
}

fn entries(report: &Report, findings: Vec<(&Finding, String)>, lang: Lang) -> Vec<Entry> {
    let counted = findings.into_iter().filter(|(finding, _)| finding.counts());
    counted.map(|(finding, fingerprint)| entry(finding, fingerprint, report, lang)).collect()
}

fn entry(finding: &Finding, fingerprint: String, report: &Report, lang: Lang) -> Entry {
    let said = said(finding, lang);
    Entry {
        kind: "issue",
        check_name: finding.id,
        content: Content { body: said.paragraphs(finding, lang) },
        description: said.title,
        categories: ["Bug Risk"],
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Advice => "info",
        },
        fingerprint,
        location: location(finding, report),
    }
}

/// What is in no file stands at the name of the answer: GitLab leaves out entries without a path.
fn location(finding: &Finding, report: &Report) -> Location {
    match place::in_file(finding, report) {
        Some(span) => {
            let region = place::region(span);
            let lines = Lines { begin: region.start.line, end: region.end.line };
            Location { path: printable(&place::path(span)), lines }
        }
        None => {
            let answer = finding.spans.first().map(|span| span.source.name.as_str());
            let path = printable(answer.unwrap_or(report.subject.as_str()));
            Location { path, lines: Lines { begin: 1, end: 1 } }
        }
    }
}

/// A recipient that takes no mail.
fn recipient(text: String) -> Entry {
    Entry {
        kind: "issue",
        check_name: "recipient",
        content: Content { body: String::new() },
        categories: ["Bug Risk"],
        severity: "critical",
        fingerprint: place::fingerprint(&text),
        location: Location { path: "--to".to_owned(), lines: Lines { begin: 1, end: 1 } },
        description: text,
    }
}

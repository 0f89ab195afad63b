//! Where a finding is, for tools that show it in a file, and by what they know it again.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path};

use sha2::{Digest as _, Sha256};

use crate::finding::Finding;
use crate::lang::Lang;
use crate::report::Report;
use crate::source::{Position, SourceKind, Span};

/// A place in a file, both ends counted from 1; the end is behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub start: Position,
    pub end: Position,
}

/// The chief place of a finding in a file. What is not in a zone file stands where its domain does.
pub(super) fn in_file<'a>(finding: &'a Finding, report: &'a Report) -> Option<&'a Span> {
    finding.spans.iter().find(|span| is_file(span)).or(report.in_zone.as_ref())
}

pub(super) fn is_file(span: &Span) -> bool {
    span.source.kind == SourceKind::File
}

pub(super) fn region(span: &Span) -> Region {
    Region { start: span.source.position(span.bytes.start), end: span.source.position(span.bytes.end) }
}

/// The path of a file as tools want it: with slashes, and without `./`.
pub(super) fn path(span: &Span) -> String {
    let path = Path::new(&span.source.name);
    let parts = path.components().filter(|part| *part != Component::CurDir);
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    // The root is a part of its own.
    if path.has_root() { parts.join("/").replacen("//", "/", 1) } else { parts.join("/") }
}

/// The findings to list, by report, each with its fingerprint. Several bounces of one sender tell the same of it: that is
/// listed once, and a bounce that tells no more is left out.
pub(super) fn listed(reports: &[Report]) -> Vec<(&Report, Vec<(&Finding, String)>)> {
    let mut seen = HashSet::new();
    let mut listed = Vec::new();
    for report in reports {
        let mut findings: Vec<(&Finding, String)> = report.findings.iter().zip(fingerprints(report)).collect();
        if report.bounce.is_some() {
            findings.retain(|(_, fingerprint)| seen.insert(fingerprint.clone()));
        }
        if report.bounce.is_none() || !findings.is_empty() {
            listed.push((report, findings));
        }
    }
    listed
}

/// By what each finding is known again in the next run: rule, domain, record and values, but not the line. Of equal ones
/// the second, the third … are told apart.
fn fingerprints(report: &Report) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let of_finding = |finding| {
        let essence = essence(finding, report);
        let count = seen.entry(essence.clone()).and_modify(|count| *count += 1).or_insert(0);
        fingerprint(&format!("{essence}{count}"))
    };
    report.findings.iter().map(of_finding).collect()
}

/// By what a text is known again.
pub(super) fn fingerprint(text: &str) -> String {
    Sha256::digest(text)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn essence(finding: &Finding, report: &Report) -> String {
    let record_set = finding.record_sets().next().map(|set| format!("{} {}", set.name, set.kind)).unwrap_or_default();
    let values = finding.values.iter().flat_map(|(name, value)| [*name, value.get(Lang::En)]);
    let parts = [finding.id, report.subject.as_str(), &record_set].into_iter().chain(values);
    parts.map(|part| format!("{part}\0")).collect()
}

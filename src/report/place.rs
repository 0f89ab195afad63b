//! Where a finding is, for tools that show it in a file, and by what they know it again.

use std::collections::HashSet;
use std::path::{Component, Path};

use crate::finding::Finding;
pub(super) use crate::finding::identity::fingerprint;
use crate::finding::identity::fingerprints;
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
        let mut findings: Vec<(&Finding, String)> =
            report.findings.iter().zip(fingerprints(&report.subject, &report.findings)).collect();
        if report.bounce.is_some() {
            findings.retain(|(_, fingerprint)| seen.insert(fingerprint.clone()));
        }
        if report.bounce.is_none() || !findings.is_empty() {
            listed.push((report, findings));
        }
    }
    listed
}

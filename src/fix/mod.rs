//! How to mend a zone: which bytes of its files to write anew, so that a finding goes and all else stays as it is.
//!
//! A rule says which records to publish in place of those that were found (`Finding::publish`); here this becomes edits of
//! the lines where these stand, as small as can be: comments, layout, and the way names are written are kept. A rule that
//! knows better gives its edits itself. Nothing here reads or writes a file.
//!
//! `records.rs` pairs what was found with what to publish, `data.rs` changes the data of a record, `lines.rs` its owner and
//! its line, `texts.rs` carries edits out, `rounds.rs` tries them until nothing more can be mended.

mod data;
mod lines;
mod records;
mod rounds;
pub mod serial;
mod texts;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::finding::{Edit, Finding, Publish};
use crate::source::{Source, SourceKind, Span};
use crate::zone::{Record, Zone};

pub use rounds::{Checked, Mended, Wanted, mend};
pub use texts::{Texts, apply};

/// The records to publish where nothing stands yet that they would replace: whether they are wanted is for the owner to
/// say. None where they do not belong to the zone.
pub fn missing<'f>(zone: &Zone, finding: &'f Finding) -> &'f [Publish] {
    let is_question = finding.spans.first().is_some_and(|span| span.source.kind != SourceKind::File);
    let is_ours = finding.publish.iter().all(|publish| publish.owner.is_within(&zone.origin));
    if is_question && is_ours { &finding.publish } else { &[] }
}

/// Why a finding is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Records are missing, and nobody asked to add them.
    Missing,
    /// What would mend it was tried: the finding stayed, something worse came, or something ignored would have changed.
    Refused,
    /// It stands in what a program wrote, or on a line that stands for many records.
    Generated,
    /// There is not one right answer.
    Open,
}

/// Why a finding about these zones is still there when all is mended that can be, and was wanted.
pub fn reason(zones: &[Arc<Zone>], finding: &Finding, wanted: &Wanted) -> Reason {
    let is_generated = |span: &Span| {
        let is_own = |record: &&Record| Arc::ptr_eq(&record.line.source, &span.source) && record.is_generated();
        let is_there = |record: &Record| record.line.bytes().contains(&span.bytes.start);
        let lines = || zones.iter().flat_map(|zone| &zone.records).filter(is_own).any(is_there);
        span.source.kind == SourceKind::File && (is_json(&span.source.text) || lines())
    };
    let can_be_added = |zone: &Arc<Zone>| missing(zone, finding).first().is_some_and(|it| addition(zone, it).is_some());
    if zones.iter().any(can_be_added) {
        if wanted.add_missing { Reason::Refused } else { Reason::Missing }
    } else if !finding.edits.is_empty() {
        Reason::Refused
    } else if !finding.publish.is_empty() && finding.spans.first().is_some_and(is_generated) {
        Reason::Generated
    } else {
        Reason::Open
    }
}

/// A line with this record: behind the last one of its owner, else at the end of the zone file. Nothing where the zone is
/// not made of zone lines.
pub fn addition(zone: &Zone, publish: &Publish) -> Option<Edit> {
    lines::addition(zone, publish)
}

/// Does the finding say what to write, whatever its owner wants, about something that stands in a file?
fn is_in_files(finding: &Finding) -> bool {
    let says = !finding.publish.is_empty() || !finding.edits.is_empty();
    says && !finding.is_choice && finding.spans.first().is_some_and(|span| span.source.kind == SourceKind::File)
}

/// Finds the edits of findings about a zone.
#[derive(Debug)]
pub struct Editor<'z> {
    zone: &'z Zone,
    /// For each text (by its address) the records in it, in its order. Most zones are in need of no edit.
    records: OnceLock<HashMap<usize, Vec<&'z Record>>>,
}

impl<'z> Editor<'z> {
    /// Of this zone.
    pub fn new(zone: &'z Zone) -> Editor<'z> {
        Editor { zone, records: OnceLock::new() }
    }

    /// Fills in the edits of findings, where there is one right answer and it can be written into the files of the zone.
    pub fn fill(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| is_in_files(finding)) {
            finding.edits = self.edits(finding).unwrap_or_default();
        }
    }

    fn edits(&self, finding: &Finding) -> Option<Vec<Edit>> {
        if finding.edits.is_empty() { records::edits(self, finding) } else { self.own_edits(finding) }
    }

    /// The edits that the rule gave, unless they are in a text that is generated, or that does not belong to the zone.
    fn own_edits(&self, finding: &Finding) -> Option<Vec<Edit>> {
        let is_sound = |edit: &Edit| {
            let is_generated = self.at(&edit.at).iter().any(|record| record.is_generated());
            self.holds(&edit.at.source) && !is_generated && !is_json(&edit.at.source.text)
        };
        finding.edits.iter().all(is_sound).then(|| finding.edits.clone())
    }

    fn holds(&self, source: &Arc<Source>) -> bool {
        Arc::ptr_eq(source, &self.zone.source) || !self.of(source).is_empty()
    }

    /// All records of a text, in its order.
    fn of(&self, source: &Arc<Source>) -> &[&'z Record] {
        let records = self.records.get_or_init(|| by_text(self.zone));
        records.get(&Arc::as_ptr(source).addr()).map_or(&[], Vec::as_slice)
    }

    /// The records that stand at a place.
    fn at(&self, span: &Span) -> Vec<&'z Record> {
        let records = self.of(&span.source);
        let end = records.partition_point(|record| record.line.bytes().start <= span.bytes.end);
        let is_meant = |record: &&&Record| span.record_set.as_ref().is_none_or(|set| *set == record.record_set());
        // Many have one place where a line stands for them; else it is the last one that begins before.
        let near = records[..end].iter().rev().take_while(|record| record.line.bytes().end >= span.bytes.start);
        near.filter(is_meant).copied().collect()
    }
}

fn by_text(zone: &Zone) -> HashMap<usize, Vec<&Record>> {
    let mut records: HashMap<_, Vec<_>> = HashMap::new();
    for record in &zone.records {
        records.entry(Arc::as_ptr(&record.line.source).addr()).or_default().push(record);
    }
    records.values_mut().for_each(|records| records.sort_by_key(|record| record.line.bytes().start));
    records
}

/// JSON is what programs write: there, what made it has to be mended.
fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

//! What was found, and what to publish in its place.

use super::{Editor, data, is_json, lines};
use crate::finding::{Edit, Finding, Publish};
use crate::name::Kind;
use crate::zone::Record;

/// What becomes of a record.
pub(super) enum Change<'e> {
    /// It says this from now on.
    Becomes(&'e Record, &'e Publish),
    /// Its line goes.
    Goes(&'e Record),
}

impl<'e> Change<'e> {
    pub fn record(&self) -> &'e Record {
        match self {
            Change::Becomes(record, _) | Change::Goes(record) => record,
        }
    }
}

/// The edits that put the records to publish in place of those that were found.
pub(super) fn edits(editor: &Editor<'_>, finding: &Finding) -> Option<Vec<Edit>> {
    let changes = changes(editor, finding)?;
    let mut edits = Vec::new();
    for change in &changes {
        if let Change::Becomes(record, publish) = change {
            edits.extend(data::edits(record, publish)?);
        }
    }
    edits.extend(lines::edits(editor, &changes)?);
    (!edits.is_empty()).then_some(edits)
}

fn changes<'e>(editor: &'e Editor<'_>, finding: &'e Finding) -> Option<Vec<Change<'e>>> {
    let mut found = found(editor, finding);
    let is_ours = |publish: &Publish| publish.owner.is_within(&editor.zone.origin);
    let is_generated = found.iter().any(|record| record.is_generated() || is_json(&record.line.source.text));
    if found.is_empty() || is_generated || !finding.publish.iter().all(is_ours) {
        return None;
    }
    let (mut changes, mut moved) = (Vec::new(), Vec::new());
    for publish in &finding.publish {
        match found.iter().position(|record| record.record_set() == publish.record_set()) {
            Some(at) => changes.push(Change::Becomes(found.remove(at), publish)),
            None => moved.push(publish),
        }
    }
    // Of texts that are merged into one, the others go.
    let is_merged = |record: &&Record| finding.publish.iter().any(|it| it.record_set() == record.record_set());
    let (merged, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_merged);
    // A file that is included may be a part of zones that nobody named, and is not emptied into another.
    let is_apart = |record: &&Record| !changes.iter().any(|change| is_in_one_file(change.record(), record));
    if merged.iter().any(|record| record.kind != Kind::TXT || is_apart(record)) {
        return None;
    }
    changes.extend(merged.into_iter().map(Change::Goes));
    // What stands elsewhere is moved; a record that is only pointed to stays as it is.
    if moved.len() != others.len() && !moved.is_empty() {
        return None;
    }
    changes.extend(others.into_iter().zip(moved).map(|(record, publish)| Change::Becomes(record, publish)));
    Some(changes)
}

fn is_in_one_file(one: &Record, other: &Record) -> bool {
    one.line.source.name == other.line.source.name
}

/// The records that the finding points to, in the order of the text.
fn found<'e>(editor: &'e Editor<'_>, finding: &Finding) -> Vec<&'e Record> {
    let mut found: Vec<&Record> = finding.spans.iter().flat_map(|span| editor.at(span)).collect();
    found.sort_by_key(|record| (record.line.source.name.as_str(), record.line.bytes().start));
    found.dedup_by(|one, other| std::ptr::eq(*one, *other));
    found
}

//! The lines of records: an owner that changes, a line that goes or comes. A line without an owner has that of the line
//! before, so those behind a changed one keep theirs.

use std::ops::Range;
use std::sync::Arc;

use super::records::Change;
use super::{Editor, is_json};
use crate::finding::{Edit, Publish};
use crate::name::{Kind, Name};
use crate::source::{Source, Span};
use crate::zone::{Record, Zone};

/// What to write so that owners change and lines go; nothing where that cannot be done.
pub(super) fn edits(editor: &Editor<'_>, changes: &[Change<'_>]) -> Option<Vec<Edit>> {
    let moves = changes.iter().filter(|change| match change {
        Change::Becomes(record, publish) => record.owner != publish.owner,
        Change::Goes(_) => true,
    });
    let mut edits = Vec::new();
    let mut done: Vec<*const Record> = Vec::new();
    for change in moves {
        let record = change.record();
        if record.line.elsewhere.is_some() {
            edits.push(without_item(change)?);
            continue;
        }
        let group = Group::of(editor, record)?;
        let head = std::ptr::from_ref(group.records[0]);
        if !done.contains(&head) {
            done.push(head);
            edits.extend(group.edits(changes)?);
        }
    }
    Some(edits)
}

/// A line with this record: behind the last one of its owner, else at the end of the zone file.
pub(super) fn addition(zone: &Zone, publish: &Publish) -> Option<Edit> {
    let is_here = |record: &&Record| Arc::ptr_eq(&record.line.source, &zone.source);
    let is_own = |record: &&Record| record.owner == publish.owner && !record.is_generated();
    let source = &zone.source;
    let is_of_lines = zone.records.iter().all(|record| record.line.elsewhere.is_none()) && !is_json(&source.text);
    let last = zone.records.iter().filter(is_here).filter(is_own).map(|record| line_range(record).end).max();
    let at = last.unwrap_or(source.text.len());
    let newline = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if at == 0 || source.text[..at].ends_with('\n') { "" } else { newline };
    let text = format!("{before}{}{newline}", publish.line());
    (is_of_lines && has_room(zone, publish))
        .then(|| Edit { at: Span { source: Arc::clone(source), bytes: at..at, record_set: None }, text })
}

/// May a record be there? RFC 1034 section 3.6.2: "If a CNAME RR is present at a node, no other data should be present".
/// What is below a delegation, or a DNAME, others publish.
fn has_room(zone: &Zone, publish: &Publish) -> bool {
    let is_in_the_way = |record: &Record| match record.kind {
        _ if record.owner == publish.owner && publish.kind == Kind::CNAME => true,
        Kind::CNAME => record.owner == publish.owner,
        Kind::NS => record.owner != zone.origin && publish.owner.is_within(&record.owner),
        Kind::DNAME => publish.owner.is_below(&record.owner),
        _ => false,
    };
    !zone.records.iter().any(is_in_the_way)
}

/// An item of a list of octoDNS that goes, with its line.
fn without_item(change: &Change<'_>) -> Option<Edit> {
    let (Change::Goes(record), text) = (change, &change.record().line.source.text) else { return None };
    let range = line_range(record);
    let is_item = text.get(range.start..record.line.bytes().start)?.trim() == "-";
    let behind = text.get(record.line.bytes().end..range.end)?.trim();
    let is_alone = behind.is_empty() || behind.starts_with('#');
    (is_item && is_alone).then(|| edit(&record.line.source, range, String::new()))
}

/// A line with an owner, and those behind it that have theirs from it.
struct Group<'e> {
    records: Vec<&'e Record>,
}

impl<'e> Group<'e> {
    fn of(editor: &'e Editor<'_>, record: &Record) -> Option<Group<'e>> {
        let all = editor.of(&record.line.source);
        let at = all.partition_point(|other| other.line.bytes().start < record.line.bytes().start);
        // A line that stands for many records has its own owner, and gives it to no other.
        let has_owner = |record: &&Record| !record.line.owner().is_empty() && !record.is_generated();
        let start = all.get(..=at)?.iter().rposition(has_owner).unwrap_or(0);
        let end = all[at + 1..].iter().position(has_owner).map_or(all.len(), |behind| at + 1 + behind);
        let records: Vec<&Record> = all[start..end].iter().copied().filter(|record| !record.is_generated()).collect();
        // A line that cannot be read may have its owner from these, or give its own.
        let range = records.first()?.line.bytes().start..records.last()?.line.bytes().end;
        let is_between = editor.zone.problems.iter().any(|problem| {
            Arc::ptr_eq(&problem.at.source, &record.line.source) && range.contains(&problem.at.bytes.start)
        });
        (!is_between || records.len() == 1).then_some(Group { records })
    }

    fn edits(&self, changes: &[Change<'_>]) -> Option<Vec<Edit>> {
        let head = self.records[0];
        // The owner that a line without one has at this place.
        let mut owner = head.line.owner().is_empty().then_some(&head.owner);
        let mut edits = Vec::new();
        for record in &self.records {
            let change = changes.iter().find(|change| std::ptr::eq(change.record(), *record));
            let wanted = match change {
                Some(Change::Goes(_)) => {
                    edits.push(edit(&record.line.source, whole_lines(record)?, String::new()));
                    continue;
                }
                Some(Change::Becomes(_, publish)) => &publish.owner,
                None => &record.owner,
            };
            let is_written = !record.line.owner().is_empty();
            if is_written && *wanted != record.owner {
                edits.push(edit(&record.line.source, record.line.owner(), self.written(record, wanted)));
            } else if !is_written && owner != Some(wanted) {
                let start = line_range(record).start;
                edits.push(edit(&record.line.source, start..start, self.written(record, wanted)));
            }
            owner = Some(wanted);
        }
        Some(edits)
    }

    /// A name as the head of the group writes its own: relative to the same origin, or absolute.
    fn written(&self, record: &Record, name: &Name) -> String {
        let head = self.records[0];
        let text = &head.line.source.text;
        let (Some(written), Some(between)) =
            (text.get(head.line.owner()), text.get(head.line.bytes().start..record.line.bytes().start))
        else {
            return name.absolute();
        };
        if written.is_empty() || between.contains('$') {
            return name.absolute();
        }
        if *name == head.owner {
            return written.to_owned();
        }
        relative(written, head, name).unwrap_or_else(|| name.absolute())
    }
}

/// The name relative to the origin that the owner of this record is written relative to.
fn relative(written: &str, record: &Record, name: &Name) -> Option<String> {
    let own = Name::parse(written).ok().filter(|_| !written.ends_with('.'))?;
    // It would be right with a final dot.
    if own == *name {
        return Some(format!("{written}."));
    }
    let origin = match written {
        "@" => record.owner.clone(),
        _ => Name::parse(record.owner.as_str().strip_prefix(own.as_str())?.strip_prefix('.')?).ok()?,
    };
    if *name == origin {
        return Some("@".to_owned());
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'*');
    name.below(&origin).filter(|name| name.bytes().all(is_plain)).map(str::to_owned)
}

fn edit(source: &Arc<Source>, bytes: Range<usize>, text: String) -> Edit {
    Edit { at: Span { source: Arc::clone(source), bytes, record_set: None }, text }
}

/// The lines of a record, if nothing else stands on them.
fn whole_lines(record: &Record) -> Option<Range<usize>> {
    let range = line_range(record);
    let before = record.line.source.text.get(range.start..record.line.bytes().start)?;
    before.chars().all(|c| c.is_whitespace() || c == '(' || c == '\u{feff}').then_some(range)
}

/// From the beginning of the line to behind the newline after its last parenthesis.
fn line_range(record: &Record) -> Range<usize> {
    let text = record.line.source.text.as_str();
    let start = text[..record.line.bytes().start].rfind('\n').map_or(0, |newline| newline + 1);
    let (mut depth, mut is_quoted, mut is_comment, mut is_escaped) = (0_i32, false, false, false);
    for (at, byte) in text.bytes().enumerate().skip(start) {
        let escaped = std::mem::take(&mut is_escaped);
        match byte {
            b'\n' if depth <= 0 && at >= record.line.bytes().end => return start..at + 1,
            b'\n' => (is_comment, is_quoted) = (false, false),
            _ if is_comment || escaped => {}
            b'\\' => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b';' => is_comment = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    start..text.len()
}

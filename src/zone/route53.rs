//! Zones of Amazon Route 53: the JSON of `aws route53 list-resource-record-sets`.

use std::collections::HashMap;
use std::sync::Arc;

use super::ProblemKind;
use super::Zone;
use super::document::{Document, Node, Scalar};
use super::lexer::Fault;
use super::records::{Head, Records, read_name, ttl};
use super::written::Written;
use crate::name::{Kind, Name};
use crate::source::Source;

pub(super) fn is_of_form(root: &Node) -> bool {
    root.get("ResourceRecordSets").is_some_and(|sets| sets.as_scalar().is_none())
}

/// The hosted zone: the owner of its SOA record, else the domain that the first name belongs to.
pub(super) fn origin(root: &Node) -> Option<Name> {
    let sets = root.list("ResourceRecordSets");
    let soa = sets.iter().find(|set| set.text("Type") == Some("SOA"));
    let name = |set: &Node| read_name(&decimal(&set.scalar("Name")?.value).text).ok();
    soa.and_then(|set| name(set)).or_else(|| sets.iter().find_map(|set| name(set)).map(|name| name.registered_domain()))
}

pub(super) fn read(source: &Arc<Source>, document: &Document, origin: &Name) -> Zone {
    // "Route 53 treats www.example.com (without a trailing dot) and www.example.com. (with a trailing dot) as
    // identical" (API reference, ResourceRecordSet).
    let mut records = Records::absolute(source, origin);
    records.faults_of(document);
    // One page of several.
    records.zone.partial =
        document.root.get("NextToken").is_some() || document.root.get("IsTruncated").is_some_and(Node::is_true);
    let mut sets = HashMap::new();
    for set in document.root.list("ResourceRecordSets") {
        record_set(&mut records, set, &mut sets);
    }
    records.zone
}

fn record_set<'n>(records: &mut Records, set: &'n Node, seen: &mut HashMap<(Name, Kind), &'n str>) {
    let Some(name) = set.scalar("Name") else {
        return records.problem(Fault { kind: ProblemKind::MissingField, at: set.bytes.clone() }, None);
    };
    let decimal_name = Scalar { value: decimal(&name.value), ..name.clone() };
    let Some(owner) = records.absolute_owner(&decimal_name) else { return };
    let Some(kind) = records.kind(set.scalar("Type"), &[], set) else { return };
    if set.get("AliasTarget").is_some() {
        return records.untold(&owner, &[kind]);
    }
    // Of several sets for one name and type (weighted, by region …), an answer holds one.
    if let Some(id) = set.text("SetIdentifier")
        && *seen.entry((owner.clone(), kind)).or_insert(id) != id
    {
        return;
    }
    let ttl = ttl(set.scalar("TTL"), 300);
    let head = Head { owner, owner_at: name.bytes.clone(), kind, ttl, bytes: set.bytes.clone() };
    for node in set.list("ResourceRecords") {
        match node.scalar("Value") {
            Some(value) => value_of(records, &head, value),
            None => records.fault(&head, ProblemKind::MissingField, node.bytes.clone()),
        }
    }
}

fn value_of(records: &mut Records, head: &Head, value: &Scalar) {
    records.data(&Head { bytes: value.bytes.clone(), ..head.clone() }, &decimal(&value.value));
}

/// Data of Route 53 as master files write them. Developer Guide, "DNS domain name format" and "TXT record type": an
/// escape is "\ followed by a three-digit octal code".
pub(super) fn decimal(value: &Written) -> Written {
    let (text, mut out, mut at) = (value.text.as_str(), Written::default(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let octal = rest.strip_prefix('\\').and_then(|rest| rest.get(..3)).and_then(octal);
        let length = match octal {
            Some(octet) => {
                out.push_as(&format!("\\{octet:03}"), value.place(at..at + 4));
                4
            }
            None => {
                // A backslash takes the character behind it along.
                let first = 1 + usize::from(rest.starts_with('\\'));
                let next = rest.char_indices().skip(first).find(|(_, c)| *c == '\\').map_or(rest.len(), |(n, _)| n);
                out.push_part(value, at..at + next);
                next
            }
        };
        at += length;
    }
    out
}

fn octal(digits: &str) -> Option<u8> {
    let is_octal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    is_octal.then(|| u8::from_str_radix(digits, 8).ok())?
}

/// A record of a Terraform plan, whose text values stand without their outer quotation marks.
pub(super) fn planned(records: &mut Records, head: &Head, value: &Scalar) {
    let head = Head { bytes: value.bytes.clone(), ..head.clone() };
    if !matches!(head.kind, Kind::TXT | Kind::SPF) {
        return records.data(&head, &decimal(&value.value));
    }
    let (start, end) = (value.bytes.start, value.bytes.end);
    let mut data = Written::default();
    data.push_as("\"", start..start + usize::from(end > start));
    data.push_all(&decimal(&value.value));
    data.push_as("\"", end.saturating_sub(1).max(start)..end);
    records.data(&head, &data);
}

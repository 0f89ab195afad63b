//! Zones of octoDNS: YAML files as its `YamlProvider` reads them, one for each zone.
//!
//! Keys are names below the zone, each with one record set or a list of them. Of the zone's own name, the file name
//! tells: `example.com.yaml`.

use std::path::Path;
use std::sync::Arc;

use super::document::{Document, Node, NodeKind, Scalar};
use super::lexer::Fault;
use super::records::{Field, Head, Records, is_name, ttl};
use super::written::Written;
use super::{ProblemKind, Zone};
use crate::name::{Kind, Name};
use crate::source::Source;

/// What octoDNS takes where neither the record nor the configuration names a TTL.
const DEFAULT_TTL: u32 = 3600;

/// Is there a record set with a type in it?
pub(super) fn is_of_form(root: &Node) -> bool {
    let is_record =
        |node: &Node| node.text("type").is_some_and(|kind| kind.bytes().all(|byte| byte.is_ascii_graphic()));
    root.entries().iter().any(|(_, node)| is_record(node) || node.items().iter().any(|node| is_record(node)))
}

/// The zone that a file of this name holds.
pub(super) fn origin(source: &Source) -> Option<Name> {
    let path = Path::new(&source.name);
    let extension = path.extension()?.to_str()?;
    let stem = path.file_stem()?.to_str()?;
    // A zone is a domain, so its name has a dot in it.
    let is_zone = matches!(extension, "yaml" | "yml") && stem.trim_end_matches('.').contains('.');
    Name::from_user(stem).ok().filter(|_| is_zone)
}

pub(super) fn read(source: &Arc<Source>, document: &Document, origin: &Name) -> Zone {
    let mut records = Records::absolute(source, origin);
    records.faults_of(document);
    for (key, node) in whole_entries(document) {
        let Some(owner) = records.relative_owner(key, "") else { continue };
        let sets = if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() };
        for set in sets {
            record_set(&mut records, key, &owner, set);
        }
    }
    records.zone
}

/// The entries, without the last one where the text breaks off in it.
fn whole_entries(document: &Document) -> &[(Scalar, Arc<Node>)] {
    let entries = document.root.entries();
    let broken = document.faults.iter().any(|fault| fault.kind == ProblemKind::BadSyntax);
    &entries[..entries.len().saturating_sub(usize::from(broken))]
}

fn record_set(records: &mut Records, key: &Scalar, owner: &Name, set: &Node) {
    if let Some(scalar) = set.as_scalar() {
        // `!include` of another file.
        let kind = if scalar.tagged { ProblemKind::IncludeOutside } else { ProblemKind::WrongForm };
        return records.problem(Fault { kind, at: scalar.bytes.clone() }, None);
    }
    let Some(kind) = kind(records, owner, set) else { return };
    let ttl = ttl(set.scalar("ttl"), DEFAULT_TTL);
    let head = Head { owner: owner.clone(), owner_at: key.bytes.clone(), kind, ttl, bytes: set.bytes.clone() };
    // Records that octoDNS is told to leave alone are not those that are published.
    if set.get("octodns").and_then(|own| own.get("ignored")).is_some_and(Node::is_true) {
        return records.untold(owner, &[kind]);
    }
    let Some(values) = set.get("values").or_else(|| set.get("value")) else {
        return records.fault(&head, ProblemKind::MissingField, set.bytes.clone());
    };
    match &values.kind {
        NodeKind::Sequence(items) => items.iter().for_each(|item| value(records, &head, item)),
        _ => value(records, &head, values),
    }
}

/// The type; those of a single provider, such as `Route53Provider/ALIAS`, lead to addresses that only it knows.
fn kind(records: &mut Records, owner: &Name, set: &Node) -> Option<Kind> {
    if set.text("type").is_some_and(|kind| kind.contains('/')) {
        records.untold(owner, &[Kind::A, Kind::AAAA]);
        return None;
    }
    records.kind(set.scalar("type"), &["URLFWD"], set)
}

fn value(records: &mut Records, head: &Head, value: &Node) {
    let head = Head { bytes: value.bytes.clone(), ..head.clone() };
    let field = |keys: &[&str]| keys.iter().find_map(|key| value.scalar(key));
    let text = |scalar: &Scalar| (unescaped(&scalar.value), scalar.bytes.clone());
    match (head.kind, value.as_scalar()) {
        (Kind::TXT | Kind::SPF, Some(scalar)) => {
            let (text, bytes) = text(scalar);
            records.fields(&head, &[Field::Text(&text, bytes)]);
        }
        (kind, Some(scalar)) if is_name(kind) => records.fields(&head, &[Field::Name(scalar)]),
        (Kind::MX | Kind::CAA | Kind::TLSA, Some(scalar)) => {
            records.fault(&head, ProblemKind::WrongForm, scalar.bytes.clone());
        }
        (_, Some(scalar)) => records.fields(&head, &[Field::Word(scalar)]),
        (Kind::MX, None) => {
            let fields = [Field::word(field(&["preference", "priority"])), Field::name(field(&["exchange", "value"]))];
            records.fields(&head, &fields);
        }
        (Kind::CAA, None) => {
            let fields =
                [Field::word_or(field(&["flags"]), "0"), Field::word(field(&["tag"])), Field::text(field(&["value"]))];
            records.fields(&head, &fields);
        }
        (Kind::TLSA, None) => {
            let keys = ["certificate_usage", "selector", "matching_type", "certificate_association_data"];
            records.fields(&head, &keys.map(|key| Field::word(field(&[key]))));
        }
        (Kind::A | Kind::AAAA | Kind::NS | Kind::CNAME | Kind::PTR | Kind::TXT | Kind::SPF, None) => {
            records.fault(&head, ProblemKind::WrongForm, value.bytes.clone());
        }
        (_, None) => records.other(&head, value),
    }
}

/// A text as octoDNS publishes it: quotation marks around it, and those between its strings, are taken away; a semicolon
/// stands behind a backslash. (`_ChunkedValue` of octoDNS.) The text is cut into strings anew.
fn unescaped(value: &Written) -> Written {
    let text = value.text.as_str();
    let quoted = text.len() >= 2 && text.starts_with('"');
    let (mut at, end) = if quoted { (1, text.floor_char_boundary(text.len() - 1)) } else { (0, text.len()) };
    let mut out = Written::default();
    while let Some(rest) = text.get(at..end).filter(|rest| !rest.is_empty()) {
        if let Some(mark) = ["\" \"", "\"\""].iter().find(|mark| rest.starts_with(**mark)) {
            at += mark.len();
        } else if rest.starts_with("\\;") {
            out.push_as(";", value.place(at..at + 2));
            at += 2;
        } else {
            let length =
                rest.char_indices().skip(1).find(|(_, c)| matches!(c, '"' | '\\')).map_or(rest.len(), |(n, _)| n);
            out.push_part(value, at..at + length);
            at += length;
        }
    }
    out
}

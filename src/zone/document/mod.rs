//! JSON and YAML texts as trees, each scalar with the bytes that it is written with.
//!
//! What keys and values mean is not known here. Texts are bounded in size and depth, aliases of YAML in what they
//! expand to; what cannot be read is a fault with a place, and what stands before it is kept.

mod json;
mod yaml;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::ProblemKind;
use super::lexer::Fault;
use super::written::Written;

/// Texts of more bytes than this are refused.
pub(super) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Lists and mappings in one another go no deeper than this.
const MAX_DEPTH: usize = 128;

/// A text as a tree.
#[derive(Debug)]
pub(super) struct Document {
    /// The value of the whole text.
    pub root: Arc<Node>,
    /// What is wrong, in the order of the text.
    pub faults: Vec<Fault>,
}

/// A value.
#[derive(Debug)]
pub(super) struct Node {
    /// Where it is written, brackets and quotation marks included.
    pub bytes: Range<usize>,
    pub kind: NodeKind,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum NodeKind {
    Scalar(Scalar),
    Sequence(Vec<Arc<Node>>),
    Mapping(Vec<(Scalar, Arc<Node>)>),
}

/// A text, a number, `true`, `null` …
#[derive(Clone, Debug, Default)]
pub(super) struct Scalar {
    /// The text, without quotation marks and escapes.
    pub value: Written,
    /// Where it is written, quotation marks included.
    pub bytes: Range<usize>,
    /// Is it written without quotation marks, so that it may be no text?
    pub plain: bool,
    /// Is it of a type of its own, as `!include` in YAML?
    pub tagged: bool,
}

/// Reads JSON where the text begins as JSON does, else YAML.
pub(super) fn read(text: &str) -> Document {
    if is_json(text) { json::read(text) } else { yaml::read(text) }
}

/// Is the text written as JSON?
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

impl Node {
    /// The value of a key, unless it is `null`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let entry = self.entries().iter().find(|(own, _)| own.value.text == key);
        entry.map(|(_, node)| &**node).filter(|node| !node.is_null())
    }

    /// The text of a key.
    pub fn scalar(&self, key: &str) -> Option<&Scalar> {
        self.get(key)?.as_scalar()
    }

    /// The same, without its place.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.scalar(key).map(|scalar| scalar.value.text.as_str())
    }

    /// The value itself, if it is a scalar.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(Scalar, Arc<Node>)] {
        match &self.kind {
            NodeKind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Arc<Node>] {
        match &self.kind {
            NodeKind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The items of the list of a key.
    pub fn list(&self, key: &str) -> &[Arc<Node>] {
        self.get(key).map_or(&[], Node::items)
    }

    pub fn is_mapping(&self) -> bool {
        matches!(self.kind, NodeKind::Mapping(_))
    }

    pub fn is_true(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.plain && scalar.value.text.eq_ignore_ascii_case("true"))
    }

    fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.plain && matches!(scalar.value.text.as_str(), "" | "~" | "null"))
    }
}

/// Takes out of a mapping what a later entry with the same key replaces, and says where keys stand again.
fn without_doubled(entries: &mut Vec<(Scalar, Arc<Node>)>) -> Vec<Fault> {
    let mut last = HashMap::new();
    let mut faults = Vec::new();
    for (number, (key, _)) in entries.iter().enumerate() {
        if last.insert(key.value.text.clone(), number).is_some() {
            faults.push(Fault { kind: ProblemKind::DuplicateKey, at: key.bytes.clone() });
        }
    }
    if !faults.is_empty() {
        let mut number = 0..;
        entries.retain(|(key, _)| number.next() == last.get(&key.value.text).copied());
    }
    faults
}

//! The way from the domain's own record to a term of another: where the owner can change something, and where the
//! trouble is.

use crate::evidence::Evidence;
use crate::rules::spf::fault;
use crate::source::Span;

/// A way through the tree of records.
pub(super) struct Way<'a> {
    /// The term of the domain's own record that it begins with.
    pub own: usize,
    /// That term as written.
    pub term: &'a str,
    /// That term and, where the way goes on, the last term.
    pub spans: Vec<Span>,
}

/// The way to a term of a node's record.
pub(super) fn to_term(evidence: &Evidence, node: usize, term: usize) -> Option<Way<'_>> {
    let tree = &evidence.spf;
    let record = tree.own().only()?;
    let own = if node == 0 { term } else { tree.first_term(node)? };
    let first = record.terms.get(own)?;
    let mut spans = record.txt.spans(first.range.clone());
    if node != 0 {
        let record = tree.nodes.get(node)?.asked.only()?;
        spans.extend(record.txt.spans(record.terms.get(term)?.range.clone()));
    }
    Some(Way { own, term: record.text(first), spans })
}

/// The way to the term that leads to a node; nothing for the domain's own.
pub(super) fn to_node(evidence: &Evidence, node: usize) -> Option<Way<'_>> {
    let (parent, term) = evidence.spf.nodes.get(node)?.parent?;
    to_term(evidence, parent, term)
}

/// Is a term of a node's record one that a rule of faults speaks about?
pub(super) fn is_faulty(evidence: &Evidence, node: usize, term: usize) -> bool {
    let Some(node) = evidence.spf.nodes.get(node) else { return false };
    fault::is_own(evidence, node) && node.asked.only().is_some_and(|spf| fault::has_fault(node, spf, term))
}

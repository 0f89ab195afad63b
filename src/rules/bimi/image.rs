//! The image that was fetched.

use std::sync::Arc;

use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::records::svg::ProblemKind;
use crate::rules::Rule;
use crate::source::Span;

/// More places than these are not shown for one fault.
const MOST_PLACES: usize = 10;

/// What is wrong with the image, each with a finding of the rule at its place.
pub(super) fn problems(evidence: &Evidence, rule: &'static Rule) -> impl Iterator<Item = (ProblemKind, Finding)> {
    places(evidence).map(move |(problem, span)| (problem, rule.at([span]).with("domain", &evidence.domain)))
}

/// One finding of the rule for all problems of some kinds, if there are any.
pub(super) fn all_in_one(
    evidence: &Evidence,
    rule: &'static Rule,
    kinds: impl Fn(ProblemKind) -> bool,
) -> Option<Finding> {
    let spans = places(evidence).filter(|(problem, _)| kinds(*problem)).map(|(_, span)| span);
    let spans: Vec<Span> = spans.take(MOST_PLACES).collect();
    (!spans.is_empty()).then(|| rule.at(spans).with("domain", &evidence.domain))
}

fn places(evidence: &Evidence) -> impl Iterator<Item = (ProblemKind, Span)> {
    let all = evidence.indicator.svg.iter().flat_map(|svg| svg.problems.iter().map(move |problem| (svg, problem)));
    all.map(|(svg, problem)| {
        let span = Span { source: Arc::clone(&svg.source), bytes: problem.at.clone(), record_set: None };
        (problem.kind, span)
    })
}

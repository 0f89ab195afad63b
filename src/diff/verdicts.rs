//! How the verdicts of receivers turn.

use std::collections::HashSet;

use crate::finding::Finding;
use crate::receivers::{Verdict, When};

/// A verdict that is another one now.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What it was.
    pub old: Verdict,
    /// What it is.
    pub new: Verdict,
    /// What it turned for, a finding of each rule: where it is worse, what is there now; where it is better, what was
    /// there.
    pub because: Vec<Finding>,
}

/// The verdicts of one side, and the findings that they rest on.
type Judged<'f> = (&'f [Verdict], &'f [Finding]);

/// The verdicts that both sides have and that differ: those that are worse now first, each in the order of what happens
/// to the mail.
pub fn turns(old: Judged, new: Judged) -> Vec<Turn> {
    let of_old = |verdict: &Verdict| {
        let is_same = |other: &&Verdict| other.receiver.id == verdict.receiver.id && other.sender == verdict.sender;
        old.0.iter().find(is_same)
    };
    let turned = new.0.iter().filter_map(|verdict| Some((of_old(verdict)?, verdict)));
    let turned = turned.filter(|(old, new)| old.outcome != new.outcome);
    let mut turns: Vec<Turn> = turned
        .map(|(before, after)| {
            let worse = after.outcome > before.outcome;
            let because = if worse { because(after, before, new.1) } else { because(before, after, old.1) };
            Turn { old: before.clone(), new: after.clone(), because }
        })
        .collect();
    turns.sort_by_key(|turn| {
        let is_better = turn.new.outcome < turn.old.outcome;
        (is_better, std::cmp::Reverse(if is_better { turn.old.outcome } else { turn.new.outcome }))
    });
    turns
}

/// What stands behind the one verdict and not behind the other; where that is nothing, what stands behind it.
fn because(verdict: &Verdict, other: &Verdict, findings: &[Finding]) -> Vec<Finding> {
    let ids = |verdict: &Verdict| reasons(verdict).map(|when| when.finding.as_str()).collect::<HashSet<_>>();
    let (own, others) = (ids(verdict), ids(other));
    let apart: HashSet<&str> = own.difference(&others).copied().collect();
    let ids = if apart.is_empty() { own } else { apart };
    let mut seen = HashSet::new();
    findings.iter().filter(|finding| ids.contains(finding.id) && seen.insert(finding.id)).cloned().collect()
}

fn reasons(verdict: &Verdict) -> impl Iterator<Item = &'static When> {
    verdict.because.iter().chain(&verdict.unsure).copied()
}

//! How the verdicts of receivers turn.

use std::collections::HashSet;

use crate::finding::Finding;
use crate::receivers::{Outcome, Verdict, When};

/// A verdict that is another one now.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What it was.
    pub old: Verdict,
    /// What it is.
    pub new: Verdict,
    /// What it turned for, a finding of each rule: what is there now, or what was there; see [`Turn::is_for_new`].
    pub because: Vec<Finding>,
}

impl Turn {
    /// Did it turn for what is there now: because that is worse, or because it could not be told before? Else it turned
    /// for what is gone.
    pub fn is_for_new(&self) -> bool {
        is_for_new(&self.old, &self.new)
    }
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
            let is_for_new = is_for_new(before, after);
            let because = if is_for_new { because(after, before, new.1) } else { because(before, after, old.1) };
            Turn { old: before.clone(), new: after.clone(), because }
        })
        .collect();
    turns.sort_by_key(|turn| {
        let is_better = turn.new.outcome < turn.old.outcome;
        (is_better, std::cmp::Reverse(if is_better { turn.old.outcome } else { turn.new.outcome }))
    });
    turns
}

fn is_for_new(old: &Verdict, new: &Verdict) -> bool {
    new.outcome > old.outcome || (old.outcome == Outcome::Unsure && new.outcome == Outcome::Risk)
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

//! What to change first: which single change turns most verdicts.
//!
//! Computed by judging again with findings taken away, never written down.

use std::collections::BTreeSet;

use crate::finding::{Aspect, Finding, Severity};
use crate::name::Question;
use crate::receivers::{Outcome, Receiver, Sender, When, lines_for};

/// One change: all findings of one record set that it cures, and what receivers do then, given the steps before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The findings, by their places in the list; the chief one is the first.
    pub findings: Vec<usize>,
    /// What it turns; empty where a later step is needed, too.
    pub turns: Vec<Turn>,
    /// Seconds until the change is seen everywhere, where that is known.
    pub until_seen: Option<u32>,
}

/// A verdict that a change turns.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// Whose.
    pub receiver: &'static Receiver,
    /// About whose mail.
    pub sender: Sender,
    /// What it was.
    pub from: Outcome,
    /// What it becomes.
    pub to: Outcome,
}

impl PartialEq for Turn {
    fn eq(&self, other: &Turn) -> bool {
        let key = |turn: &Turn| (std::ptr::from_ref(turn.receiver), turn.sender, turn.from, turn.to);
        key(self) == key(other)
    }
}

/// The changes in the order in which they help most: at each step the one that turns most verdicts, then the one that
/// leaves the mildest outcomes, then the one that takes most objections away.
pub fn first(receivers: &[&'static Receiver], senders: &[Sender], findings: &[Finding]) -> Vec<Step> {
    let verdicts: Vec<Weighed> =
        receivers.iter().flat_map(|it| senders.iter().map(|sender| weigh(it, *sender, findings))).collect();
    let mut changes = changes(findings, &verdicts);
    let mut gone = BTreeSet::new();
    let mut steps = Vec::new();
    while let Some(best) = best(&changes, &gone, findings, &verdicts) {
        let change = changes.remove(best);
        let after = without(&gone, &change, findings);
        let turns = verdicts.iter().filter_map(|verdict| verdict.turn(&gone, &after)).collect();
        steps.push(Step { findings: change, turns, until_seen: None });
        gone = after;
    }
    steps
}

/// The lines of one receiver that apply, each with the place of its finding.
struct Weighed {
    receiver: &'static Receiver,
    sender: Sender,
    lines: Vec<(&'static When, usize)>,
}

fn weigh(receiver: &'static Receiver, sender: Sender, findings: &[Finding]) -> Weighed {
    let place = |finding: &Finding| findings.iter().position(|other| std::ptr::eq(other, finding));
    let lines = lines_for(receiver, sender, findings).filter_map(|(when, finding)| Some((when, place(finding)?)));
    Weighed { receiver, sender, lines: lines.collect() }
}

impl Weighed {
    fn outcome(&self, gone: &BTreeSet<usize>) -> Outcome {
        let left = self.lines.iter().filter(|(_, finding)| !gone.contains(finding));
        left.map(|(when, _)| when.then).max().unwrap_or(Outcome::Nothing)
    }

    fn turn(&self, before: &BTreeSet<usize>, after: &BTreeSet<usize>) -> Option<Turn> {
        let (from, to) = (self.outcome(before), self.outcome(after));
        (from != to).then_some(Turn { receiver: self.receiver, sender: self.sender, from, to })
    }

    /// Does it object to this finding, rather than say that it cannot tell?
    fn objects_to(&self, finding: usize) -> bool {
        self.lines.iter().any(|(when, own)| *own == finding && when.then != Outcome::Unsure)
    }
}

/// The findings that anybody objects to, those of one record set and one aspect together: they are cured by writing that
/// record right. The worst comes first.
fn changes(findings: &[Finding], verdicts: &[Weighed]) -> Vec<Vec<usize>> {
    let mut changes: Vec<(Key, Vec<usize>)> = Vec::new();
    for (place, finding) in findings.iter().enumerate() {
        if !verdicts.iter().any(|verdict| verdict.objects_to(place)) || has_roots(finding, findings) {
            continue;
        }
        let key = (finding.record_sets().next(), finding.aspects());
        match changes.iter_mut().find(|(own, _)| *own == key) {
            Some((_, places)) => places.push(place),
            None => changes.push((key, vec![place])),
        }
    }
    changes.into_iter().map(|(_, places)| places).collect()
}

type Key<'a> = (Option<&'a Question>, BTreeSet<Aspect>);

/// Is the finding a consequence of others that are told, too?
fn has_roots(finding: &Finding, findings: &[Finding]) -> bool {
    finding.rests_on.iter().any(|aspect| roots(*aspect, findings).next().is_some())
}

/// The faults that keep an aspect from working.
fn roots(aspect: Aspect, findings: &[Finding]) -> impl Iterator<Item = usize> {
    let is_root = move |finding: &Finding| {
        finding.rests_on.is_empty() && finding.severity > Severity::Advice && finding.aspects().contains(&aspect)
    };
    findings.iter().enumerate().filter(move |(_, finding)| is_root(finding)).map(|(place, _)| place)
}

/// What is gone after one more change: its findings, and the consequences of what nothing is left of.
fn without(gone: &BTreeSet<usize>, change: &[usize], findings: &[Finding]) -> BTreeSet<usize> {
    let mut gone: BTreeSet<usize> = gone.iter().chain(change).copied().collect();
    let is_mended = |aspect: &Aspect, gone: &BTreeSet<usize>| {
        let mut roots = roots(*aspect, findings).peekable();
        roots.peek().is_some() && roots.all(|root| gone.contains(&root))
    };
    let ended = findings.iter().enumerate().filter(|(_, it)| it.rests_on.iter().any(|aspect| is_mended(aspect, &gone)));
    let ended: Vec<usize> = ended.map(|(place, _)| place).collect();
    gone.extend(ended);
    gone
}

/// The change that helps most; nothing where none is left.
fn best(changes: &[Vec<usize>], gone: &BTreeSet<usize>, findings: &[Finding], verdicts: &[Weighed]) -> Option<usize> {
    let gain = |change: &[usize]| {
        let after = without(gone, change, findings);
        let turns: Vec<Turn> = verdicts.iter().filter_map(|verdict| verdict.turn(gone, &after)).collect();
        let milder: usize = turns.iter().map(|turn| (turn.from as usize).saturating_sub(turn.to as usize)).sum();
        let objections = verdicts.iter().flat_map(|verdict| &verdict.lines);
        let weight: usize = objections.filter(|(_, it)| change.contains(it)).map(|(when, _)| when.then as usize).sum();
        (turns.len(), milder, weight)
    };
    // Of equals the first: findings stand in the order of their severity.
    (0..changes.len()).rev().max_by_key(|index| gain(&changes[*index]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Kind;
    use crate::receivers::by_name;
    use crate::rules::by_id;
    use crate::source::{Source, SourceKind, Span};

    #[test]
    fn the_change_that_turns_most_comes_first() {
        let steps =
            steps(&[("dkim-key-short", "s._domainkey"), ("dmarc-missing", "_dmarc")], &["yahoo", "gmail", "outlook"]);
        // A short key is no more than a risk; without DMARC all three refuse bulk mail.
        assert_eq!(ids(&steps), [vec!["dmarc-missing"], vec!["dkim-key-short"]]);
        assert_eq!(steps[0].1.turns.len(), 3);
    }

    #[test]
    fn findings_of_one_record_are_one_change() {
        let found = [("spf-unknown-mechanism", ""), ("dkim-key-short", "s._domainkey"), ("spf-too-many-lookups", "")];
        let steps = steps(&found, &["yahoo"]);
        assert_eq!(ids(&steps), [vec!["spf-unknown-mechanism", "spf-too-many-lookups"], vec!["dkim-key-short"]]);
        assert_eq!(steps[0].1.turns.len(), 1, "bulk mail is at risk as long as the key is short");
        assert_eq!(steps[1].1.turns.len(), 2);
    }

    #[test]
    fn a_consequence_goes_with_its_cause() {
        let found = [("auth-neither-spf-nor-dkim", ""), ("spf-missing", ""), ("auth-no-dkim", "_domainkey")];
        let steps = steps(&found, &["yahoo"]);
        assert_eq!(ids(&steps), [vec!["spf-missing"], vec!["auth-no-dkim"]]);
        let everyone = steps[0].1.turns.iter().find(|turn| turn.sender == Sender::Everyone).expect("it turns");
        assert_eq!((everyone.from, everyone.to), (Outcome::Reject, Outcome::Nothing));
        assert!(!steps[0].1.turns.iter().any(|turn| turn.sender == Sender::Bulk), "of bulk senders both are asked");
    }

    #[test]
    fn a_consequence_without_a_known_cause_is_a_change_itself() {
        assert_eq!(ids(&steps(&[("auth-neither-spf-nor-dkim", "")], &["yahoo"])), [["auth-neither-spf-nor-dkim"]]);
    }

    #[test]
    fn what_nobody_objects_to_is_no_change() {
        let found = [("dmarc-policy-none", "_dmarc"), ("dkim-selector-not-found", "_domainkey"), ("dns-no-answer", "")];
        assert_eq!(steps(&found, &["yahoo", "gmail"]), []);
    }

    /// The steps for these findings, each at a name below `example.test`, and the ids of what they cure.
    fn steps(found: &[(&'static str, &str)], receivers: &[&str]) -> Vec<(Vec<&'static str>, Step)> {
        let findings: Vec<Finding> = found.iter().map(|(id, at)| finding(id, at)).collect();
        let receivers: Vec<&Receiver> = receivers.iter().map(|id| by_name(id).expect("a receiver")).collect();
        let steps = first(&receivers, &Sender::ALL, &findings);
        steps.into_iter().map(|step| (step.findings.iter().map(|it| findings[*it].id).collect(), step)).collect()
    }

    fn ids(steps: &[(Vec<&'static str>, Step)]) -> Vec<Vec<&'static str>> {
        steps.iter().map(|(ids, _)| ids.clone()).collect()
    }

    fn finding(id: &'static str, at: &str) -> Finding {
        let name = format!("{at}.example.test");
        let question =
            Question::new(&crate::name::Name::parse(name.trim_start_matches('.')).expect("a name"), Kind::TXT);
        let source = Source::new("test", "", SourceKind::Answer);
        let finding = by_id(id).expect("a rule").at([Span { source, bytes: 0..0, record_set: Some(question) }]);
        let rests_on: &[Aspect] = if id.contains("neither") { &[Aspect::Spf, Aspect::Dkim] } else { &[] };
        finding.resting_on(rests_on)
    }
}

//! What to change first: which single change turns most verdicts.
//!
//! Computed by judging again with findings taken away, never written down.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Aspect, Finding, Severity};
use crate::name::Question;
use crate::receivers::{Outcome, Receiver, Sender, lines_for};

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

/// After so many changes the rest is one: nobody writes that many records one by one, and weighing all of thousands
/// against each other would take hours.
const MAX_STEPS: usize = 100;

/// The changes in the order in which they help most: at each step the one that turns most verdicts, then the one that
/// leaves the mildest outcomes, then the one that takes most objections away.
pub fn first(receivers: &[&'static Receiver], senders: &[Sender], findings: &[Finding]) -> Vec<Step> {
    let mut left = Left::of(receivers, senders, findings);
    let mut changes = left.changes(findings);
    let mut steps = Vec::new();
    while let Some(best) = left.best(&changes) {
        let change = match steps.len() + 1 < MAX_STEPS {
            true => changes.remove(best),
            false => together(std::mem::take(&mut changes)),
        };
        let cured = left.cured_by(&change);
        steps.push(Step { findings: change, turns: left.turns(&cured), until_seen: None });
        left.take(&cured);
    }
    steps
}

/// All that is left as one change; the worst comes first in it, too.
fn together(changes: Vec<Vec<usize>>) -> Vec<usize> {
    let mut all = changes.concat();
    all.sort_unstable();
    all
}

/// What is left to judge after the steps so far. Each change looks only at the lines of what it cures: a zone may hold
/// hundreds of broken keys, and each of them is weighed at every step.
struct Left {
    verdicts: Vec<Weighed>,
    /// For each finding, what lines say of it: the place of the verdict, and the outcome.
    lines: Vec<Vec<(usize, Outcome)>>,
    /// The consequences that are left, each with the aspects that it rests on.
    consequences: BTreeMap<usize, &'static [Aspect]>,
    /// The faults that are left of each aspect that something rests on, and that has any.
    roots: BTreeMap<Aspect, BTreeSet<usize>>,
}

/// One verdict, and how many lines are left that lead to each outcome.
struct Weighed {
    receiver: &'static Receiver,
    sender: Sender,
    counts: BTreeMap<Outcome, usize>,
}

impl Left {
    fn of(receivers: &[&'static Receiver], senders: &[Sender], findings: &[Finding]) -> Left {
        let places: BTreeMap<*const Finding, usize> =
            findings.iter().enumerate().map(|(place, finding)| (std::ptr::from_ref(finding), place)).collect();
        let (mut verdicts, mut lines) = (Vec::new(), vec![Vec::new(); findings.len()]);
        for (receiver, sender) in receivers.iter().flat_map(|it| senders.iter().map(|sender| (*it, *sender))) {
            let mut counts = BTreeMap::new();
            for (when, finding) in lines_for(receiver, sender, findings) {
                *counts.entry(when.then).or_default() += 1;
                let place = places.get(&std::ptr::from_ref(finding));
                if let Some(of_finding) = place.and_then(|place| lines.get_mut(*place)) {
                    of_finding.push((verdicts.len(), when.then));
                }
            }
            verdicts.push(Weighed { receiver, sender, counts });
        }
        let consequences: BTreeMap<usize, &'static [Aspect]> = findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| !finding.rests_on.is_empty())
            .map(|(place, finding)| (place, finding.rests_on))
            .collect();
        let aspects: BTreeSet<Aspect> = consequences.values().copied().flatten().copied().collect();
        let roots = aspects.into_iter().map(|aspect| (aspect, roots(aspect, findings).collect::<BTreeSet<usize>>()));
        let roots = roots.filter(|(_, places)| !places.is_empty()).collect();
        Left { verdicts, lines, consequences, roots }
    }

    /// The findings that anybody objects to, those of one record set and one aspect together: they are cured by writing
    /// that record right. The worst comes first.
    fn changes(&self, findings: &[Finding]) -> Vec<Vec<usize>> {
        let mut changes: Vec<Vec<usize>> = Vec::new();
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        for (place, finding) in findings.iter().enumerate() {
            if !self.is_objected_to(place) || self.has_roots(place) {
                continue;
            }
            let key = (finding.record_sets().next(), finding.aspects());
            let number = *known.entry(key).or_insert(changes.len());
            match changes.get_mut(number) {
                Some(places) => places.push(place),
                None => changes.push(vec![place]),
            }
        }
        changes
    }

    /// Does anybody object to this finding, rather than say that it cannot tell?
    fn is_objected_to(&self, finding: usize) -> bool {
        self.lines_of(finding).any(|(_, outcome)| outcome != Outcome::Unsure)
    }

    /// Is the finding a consequence of others that are told, too?
    fn has_roots(&self, finding: usize) -> bool {
        self.consequences.get(&finding).is_some_and(|it| it.iter().any(|aspect| self.roots.contains_key(aspect)))
    }

    fn lines_of(&self, finding: usize) -> impl Iterator<Item = (usize, Outcome)> {
        self.lines.get(finding).into_iter().flatten().copied()
    }

    /// What a change takes away: its findings, which stand in their order, and the consequences of what nothing is left
    /// of.
    fn cured_by(&self, change: &[usize]) -> Vec<usize> {
        let is_mended = |aspect: &Aspect| {
            self.roots.get(aspect).is_some_and(|roots| roots.iter().all(|root| change.binary_search(root).is_ok()))
        };
        let ended = self.consequences.iter().filter(|(place, _)| change.binary_search(place).is_err());
        let ended = ended.filter(|(_, rests_on)| rests_on.iter().any(is_mended)).map(|(place, _)| *place);
        change.iter().copied().chain(ended).collect()
    }

    /// The verdicts that turn when these findings go.
    fn turns(&self, cured: &[usize]) -> Vec<Turn> {
        let mut gone: BTreeMap<usize, BTreeMap<Outcome, usize>> = BTreeMap::new();
        for (verdict, outcome) in cured.iter().flat_map(|finding| self.lines_of(*finding)) {
            *gone.entry(verdict).or_default().entry(outcome).or_default() += 1;
        }
        gone.into_iter().filter_map(|(verdict, gone)| self.verdicts.get(verdict)?.turn(&gone)).collect()
    }

    /// The change that helps most; nothing where none is left.
    fn best(&self, changes: &[Vec<usize>]) -> Option<usize> {
        let gain = |change: &[usize]| {
            let turns = self.turns(&self.cured_by(change));
            let milder: usize = turns.iter().map(|turn| (turn.from as usize).saturating_sub(turn.to as usize)).sum();
            let objections = change.iter().flat_map(|finding| self.lines_of(*finding));
            let weight: usize = objections.map(|(_, outcome)| outcome as usize).sum();
            (turns.len(), milder, weight)
        };
        // Of equals the first: findings stand in the order of their severity.
        let gains = changes.iter().map(|change| gain(change)).enumerate().rev();
        gains.max_by(|(_, a), (_, b)| a.cmp(b)).map(|(place, _)| place)
    }

    fn take(&mut self, cured: &[usize]) {
        for finding in cured {
            for (verdict, outcome) in self.lines.get_mut(*finding).map(std::mem::take).unwrap_or_default() {
                if let Some(count) = self.verdicts.get_mut(verdict).and_then(|it| it.counts.get_mut(&outcome)) {
                    *count = count.saturating_sub(1);
                }
            }
            self.consequences.remove(finding);
            self.roots.values_mut().for_each(|roots| _ = roots.remove(finding));
        }
    }
}

impl Weighed {
    /// What becomes of the verdict when so many lines go.
    fn turn(&self, gone: &BTreeMap<Outcome, usize>) -> Option<Turn> {
        let worst = |left: &dyn Fn(&Outcome, usize) -> bool| {
            let outcomes = self.counts.iter().rev().find(|(outcome, count)| left(outcome, **count));
            outcomes.map_or(Outcome::Nothing, |(outcome, _)| *outcome)
        };
        let from = worst(&|_, count| count > 0);
        let to = worst(&|outcome, count| count > gone.get(outcome).copied().unwrap_or(0));
        (from != to).then_some(Turn { receiver: self.receiver, sender: self.sender, from, to })
    }
}

type Key<'a> = (Option<&'a Question>, BTreeSet<Aspect>);

/// The faults that keep an aspect from working.
fn roots(aspect: Aspect, findings: &[Finding]) -> impl Iterator<Item = usize> {
    let is_root = move |finding: &Finding| {
        finding.rests_on.is_empty() && finding.severity > Severity::Advice && finding.aspects().contains(&aspect)
    };
    findings.iter().enumerate().filter(move |(_, finding)| is_root(finding)).map(|(place, _)| place)
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
    fn thousands_of_broken_keys_are_weighed_in_no_time_and_the_last_of_them_together() {
        let keys: Vec<String> = (0..3000).map(|number| format!("s{number}._domainkey")).collect();
        let found: Vec<(&str, &str)> = keys.iter().map(|at| ("dkim-key-broken", at.as_str())).collect();
        let begin = std::time::Instant::now();
        let steps = steps(&found, &["yahoo", "gmail", "outlook"]);
        assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
        assert_eq!((steps.len(), steps[98].0.len(), steps[99].0.len()), (MAX_STEPS, 1, 2901));
        let turns: Vec<usize> = steps.iter().map(|(_, step)| step.turns.len()).collect();
        assert!(turns[99] > 0, "as long as one is left, it is a risk");
        assert_eq!(turns[..99], [0; 99]);
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

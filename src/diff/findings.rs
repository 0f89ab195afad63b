//! Which findings come and go.

use std::collections::{BTreeSet, HashMap};

use crate::diff::{Presence, Records, Which};
use crate::finding::identity::fingerprints;
use crate::finding::{Aspect, Finding};
use crate::name::Name;

/// Rules that say that something could not be seen: what they say of is not told by the others.
const SAY_UNSEEN: [&str; 4] = ["dns-no-answer", "dnssec-bogus", "zone-include-unread", "zone-unreadable-line"];

/// What rules of these topics find is to be seen in live answers alone, or in files alone.
const SEEN_ON_ONE_SIDE: [&str; 4] = ["dane", "dns", "dnssec", "zone"];

/// Findings, sorted by where they are.
pub struct Compared {
    pub new: Vec<Finding>,
    pub gone: Vec<Finding>,
    pub untold: Vec<(Finding, Which)>,
    pub unchanged: usize,
}

/// The findings of one side, and what it knows.
type Seen<'r> = (Vec<Finding>, &'r Records);

/// Compares the findings on a domain. Those that do not count are not told of, but those that did count before and do not
/// any more are still there.
pub fn compare(domain: &Name, presence: Presence, old: Seen, new: Seen) -> Compared {
    let (old_prints, new_prints) = (fingerprints(domain, &old.0), fingerprints(domain, &new.0));
    let counted = |findings: &[Finding], prints: &[String]| {
        let counted = findings.iter().zip(prints).filter(|(finding, _)| finding.counts());
        counted.map(|(_, print)| print.clone()).collect::<Vec<_>>()
    };
    let (in_old, in_new) = (count(&counted(&old.0, &old_prints)), count(&new_prints));
    let is_of_old = |print: &String, nth: usize| in_old.get(print).is_some_and(|count| nth < *count);
    let is_of_new = |print: &String, nth: usize| in_new.get(print).is_some_and(|count| nth < *count);
    let mut compared = Compared { new: Vec::new(), gone: Vec::new(), untold: Vec::new(), unchanged: 0 };
    for finding in without(&new.0, &new_prints, is_of_old) {
        match is_told(finding, Which::New, presence, (&new.0, new.1), (&old.0, old.1)) {
            true => compared.new.push(finding.clone()),
            false => compared.untold.push((finding.clone(), Which::New)),
        }
    }
    for finding in without(&old.0, &old_prints, is_of_new) {
        match is_told(finding, Which::Old, presence, (&old.0, old.1), (&new.0, new.1)) {
            true => compared.gone.push(finding.clone()),
            false => compared.untold.push((finding.clone(), Which::Old)),
        }
    }
    let all = new.0.iter().filter(|finding| finding.counts()).count();
    let different = compared.untold.iter().filter(|(_, which)| *which == Which::New).count() + compared.new.len();
    compared.unchanged = all - different;
    compared
}

fn count(prints: &[String]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for print in prints {
        *counts.entry(print.clone()).or_insert(0) += 1;
    }
    counts
}

/// The findings that count and that the other side does not have: of equal ones those beyond its number.
fn without<'f>(
    findings: &'f [Finding],
    prints: &[String],
    is_there: impl Fn(&String, usize) -> bool,
) -> Vec<&'f Finding> {
    let mut nth: HashMap<&String, usize> = HashMap::new();
    let counted = findings.iter().zip(prints).filter(|(finding, _)| finding.counts());
    let missing = counted.filter(|(_, print)| {
        let nth = nth.entry(print).and_modify(|nth| *nth += 1).or_insert(0);
        !is_there(print, *nth)
    });
    missing.map(|(finding, _)| finding).collect()
}

/// Would the other side have found it, if it were so there?
fn is_told(
    finding: &Finding,
    which: Which,
    presence: Presence,
    own: (&[Finding], &Records),
    other: (&[Finding], &Records),
) -> bool {
    // That nothing was seen is a fact of its own.
    if SAY_UNSEEN.contains(&finding.id) && presence == Presence::Both {
        return true;
    }
    let is_asked_there = !matches!(presence, Presence::NotKnownBeside(_));
    let is_unknown = |set| own.1.knows(set) && !other.1.knows(set) && !other.1.does_not_lead_to(set, own.1);
    let is_unknown_there = finding.record_sets().any(is_unknown);
    is_asked_there
        && !is_unknown_there
        && !hides(other.0, own.0, &finding.aspects())
        && is_seen_there(finding, which, own.1, other.1)
}

/// Did the one side not see something of these aspects that the other one did see?
fn hides(findings: &[Finding], others: &[Finding], aspects: &BTreeSet<Aspect>) -> bool {
    let unseen = findings.iter().filter(|finding| SAY_UNSEEN.contains(&finding.id));
    let mut unseen = unseen.filter(|finding| !others.iter().any(|other| other.says_the_same(finding)));
    unseen.any(|finding| !finding.aspects().is_disjoint(aspects))
}

/// A fault of the new file is one that the file brings, though DNS could not show it.
fn is_seen_there(finding: &Finding, which: Which, own: &Records, other: &Records) -> bool {
    let topic = finding.id.split('-').next().unwrap_or_default();
    let is_of_new_file = topic == "zone" && which == Which::New;
    own.is_of_files() == other.is_of_files() || !SEEN_ON_ONE_SIDE.contains(&topic) || is_of_new_file
}

//! Two sides compared: before a change and behind it, in a file and in DNS. Which records change, which findings come and
//! go, how each receiver's verdict turns.
//!
//! Only what both sides know is compared: what one does not know is "not known there", never "removed".

mod findings;
mod parts;
mod records;
mod verdicts;

use std::collections::HashMap;

use crate::finding::Finding;
use crate::name::{Name, Question};
use crate::receivers::Verdict;
use crate::source::Span;

pub use parts::Part;
pub use records::{Change, Records, What};
pub use verdicts::Turn;

/// One of the two sides.
#[derive(Debug)]
pub struct Side {
    /// What a person calls it.
    pub name: String,
    /// The domains that were checked.
    pub checked: Vec<Checked>,
    /// What it knows of records.
    pub records: Records,
}

/// What was found about a domain.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The domain.
    pub domain: Name,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What receivers will do.
    pub verdicts: Vec<Verdict>,
    /// Where the domain stands in the zone file that was checked.
    pub in_zone: Option<Span>,
}

/// What is different.
#[derive(Debug)]
pub struct Diff {
    /// What a person calls the old side.
    pub old: String,
    /// And the new one.
    pub new: String,
    /// The records that changed, by name and type.
    pub records: Vec<Change>,
    /// Record sets that only one side knows.
    pub unknown: Vec<(Question, Which)>,
    /// Domain by domain: those of the new side in their order, then those that only the old one has.
    pub domains: Vec<DomainDiff>,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Old,
    New,
}

/// What is different about a domain.
#[derive(Debug)]
pub struct DomainDiff {
    /// The domain.
    pub domain: Name,
    /// Which side has it as a mail domain.
    pub presence: Presence,
    /// Findings that were not there.
    pub new: Vec<Finding>,
    /// Findings that are there no more.
    pub gone: Vec<Finding>,
    /// Findings of one side of which the other one cannot tell.
    pub untold: Vec<(Finding, Which)>,
    /// How many findings both sides have.
    pub unchanged: usize,
    /// The verdicts that are others, the worst first.
    pub turns: Vec<Turn>,
    /// Where the domain stands in the new zone file.
    pub in_zone: Option<Span>,
}

/// Which side has a domain as a mail domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Both.
    Both,
    /// This one alone.
    Only(Which),
    /// This one; of the other it is not known.
    NotKnownBeside(Which),
}

/// Compares two sides.
pub fn compare(old: &Side, new: &Side) -> Diff {
    let (records, unknown) = records::compare(&old.records, &new.records);
    let (old_domains, new_domains) = (by_domain(&old.checked), by_domain(&new.checked));
    let only_old = old.checked.iter().filter(|checked| !new_domains.contains_key(&checked.domain));
    let mut domains: Vec<&Name> = new.checked.iter().chain(only_old).map(|checked| &checked.domain).collect();
    let mut seen = std::collections::HashSet::new();
    domains.retain(|domain| seen.insert(*domain));
    let none: &[&Checked] = &[];
    let of_domain = |domain: &Name| {
        let of_old = old_domains.get(domain).map_or(none, Vec::as_slice);
        let of_new = new_domains.get(domain).map_or(none, Vec::as_slice);
        compare_domain(domain, (of_old, &old.records), (of_new, &new.records))
    };
    Diff {
        old: old.name.clone(),
        new: new.name.clone(),
        records,
        unknown,
        domains: domains.into_iter().map(of_domain).collect(),
    }
}

/// Several zones may have one name, as of two views: then they are looked at together.
fn by_domain(checked: &[Checked]) -> HashMap<&Name, Vec<&Checked>> {
    let mut domains: HashMap<&Name, Vec<&Checked>> = HashMap::new();
    for one in checked {
        domains.entry(&one.domain).or_default().push(one);
    }
    domains
}

fn compare_domain(domain: &Name, old: (&[&Checked], &Records), new: (&[&Checked], &Records)) -> DomainDiff {
    let presence = match (old.0.is_empty(), new.0.is_empty()) {
        (true, _) if old.1.tells_of(domain) => Presence::Only(Which::New),
        (true, _) => Presence::NotKnownBeside(Which::New),
        (_, true) if new.1.tells_of(domain) => Presence::Only(Which::Old),
        (_, true) => Presence::NotKnownBeside(Which::Old),
        (false, false) => Presence::Both,
    };
    let findings = |checked: &[&Checked]| checked.iter().flat_map(|one| one.findings.clone()).collect::<Vec<_>>();
    let verdicts = |checked: &[&Checked]| checked.first().map(|one| one.verdicts.clone()).unwrap_or_default();
    let (old_findings, new_findings) = (findings(old.0), findings(new.0));
    let turns = verdicts::turns((&verdicts(old.0), &old_findings), (&verdicts(new.0), &new_findings));
    let in_zone = new.0.first().and_then(|one| one.in_zone.clone());
    let compared = findings::compare(domain, presence, (old_findings, old.1), (new_findings, new.1));
    let findings::Compared { new, gone, untold, unchanged } = compared;
    DomainDiff { domain: domain.clone(), presence, new, gone, untold, unchanged, turns, in_zone }
}

impl Diff {
    /// The findings that were not there.
    pub fn new_findings(&self) -> impl Iterator<Item = &Finding> {
        self.domains.iter().flat_map(|domain| &domain.new)
    }

    /// The findings of the new side of which the old one cannot tell.
    pub fn untold_findings(&self) -> impl Iterator<Item = &Finding> {
        let untold = self.domains.iter().flat_map(|domain| &domain.untold);
        untold.filter(|(_, which)| *which == Which::New).map(|(finding, _)| finding)
    }
}

impl DomainDiff {
    /// Is anything about it to be told?
    pub fn is_different(&self) -> bool {
        let Self { presence, new, gone, untold, turns, .. } = self;
        let is_same = new.is_empty() && gone.is_empty() && untold.is_empty() && turns.is_empty();
        !is_same || *presence != Presence::Both
    }
}

#[cfg(test)]
mod tests;

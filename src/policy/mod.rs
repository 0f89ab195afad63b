//! What counts of what is found: how wrong somebody takes a rule to be, and which findings are not to count, and why.
//!
//! It comes after the verdicts: what receivers do does not change by it.

mod comments;
mod date;
mod domains;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::{Finding, Severity, Waiver};
use crate::name::Name;
use crate::source::Span;

pub use comments::{Comments, Fault, Unread};
pub use date::{Date, NoDate};
pub use domains::Domains;

/// What somebody decided about findings.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Levels, and for which domains; the nearest that names a rule holds.
    pub levels: Vec<(Domains, Levels)>,
    /// Findings that do not count.
    pub ignores: Vec<Ignore>,
    /// Today; without it nothing expires.
    pub today: Option<Date>,
}

/// Levels of rules, by their ids or topics; an id goes before its topic.
pub type Levels = BTreeMap<String, Level>;

/// How wrong somebody takes a rule to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not told at all.
    Off,
    /// So wrong.
    Severity(Severity),
}

/// Somebody's word that findings of some rules do not count.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The ids of the rules as they are written, each with its place.
    pub rules: Vec<(String, Span)>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is written.
    pub at: Span,
    /// Which findings of these rules.
    pub covers: Covers,
}

/// Which findings an [`Ignore`] is about.
#[derive(Clone, Debug)]
pub enum Covers {
    /// Those of these domains.
    Domains(Domains),
    /// Those that point into this place.
    Place(Span),
}

/// What somebody said about findings, as far as the report of one domain speaks of it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// What is ignored by settings for the domain; by comments, where it is the apex of the zone.
    pub ignores: Vec<Ignore>,
    /// Comments that cannot be read.
    pub unread: Vec<Unread>,
    /// Today; without it nothing expires.
    pub today: Option<Date>,
}

impl Level {
    /// Reads `off`, `error`, `warning`, `advice`.
    pub fn read(text: &str) -> Option<Level> {
        match text {
            "off" => Some(Level::Off),
            _ => Severity::read(text).map(Level::Severity),
        }
    }
}

impl Ignore {
    /// Is its last day over?
    pub fn has_expired(&self, today: Option<Date>) -> bool {
        self.until.zip(today).is_some_and(|(until, today)| until < today)
    }

    fn is_about(&self, finding: &Finding) -> bool {
        self.rules.iter().any(|(id, _)| id == finding.id)
    }

    fn waiver(&self) -> Waiver {
        let (reason, until) = (self.reason.clone(), self.until.map(|date| date.to_string()));
        match &self.covers {
            Covers::Domains(_) => Waiver::Config { reason, until },
            Covers::Place(_) => Waiver::Comment { reason, until, at: self.at.clone() },
        }
    }
}

impl Policy {
    /// The ignores for a domain, those that expired, too.
    fn ignores_for<'a>(&'a self, domain: &'a Name) -> impl Iterator<Item = &'a Ignore> {
        self.ignores.iter().filter(|ignore| match &ignore.covers {
            Covers::Domains(domains) => domains.contain(domain),
            Covers::Place(_) => false,
        })
    }

    /// What is said about findings of a domain, with these comments in its zone.
    pub fn said(&self, domain: &Name, comments: &Comments) -> Said {
        let ignores = self.ignores_for(domain).chain(&comments.ignores).cloned().collect();
        Said { ignores, unread: comments.unread.clone(), today: self.today }
    }

    /// The findings about a domain as they count, the worst first; each with its place in the list before.
    pub fn hold(&self, domain: &Name, comments: &Comments, findings: Vec<Finding>) -> Vec<(usize, Finding)> {
        let mut levels: Vec<_> = self.levels.iter().filter(|(domains, _)| domains.contain(domain)).collect();
        levels.sort_by_key(|(domains, _)| Reverse(domains.nearness()));
        let ignores: Vec<&Ignore> = self.ignores_for(domain).collect();
        let mut held = Vec::with_capacity(findings.len());
        for (place, mut finding) in findings.into_iter().enumerate() {
            match levels.iter().find_map(|(_, levels)| level(levels, finding.id)) {
                Some(Level::Off) => continue,
                Some(Level::Severity(severity)) => finding.severity = severity,
                None => {}
            }
            let ignores = comments.covering(&finding).chain(ignores.iter().copied());
            let mut holding = ignores.filter(|ignore| ignore.is_about(&finding) && !ignore.has_expired(self.today));
            let waiver = holding.next().map(Ignore::waiver);
            drop(holding);
            finding.waiver = waiver;
            held.push((place, finding));
        }
        held.sort_by_key(|(_, finding)| Reverse(finding.severity));
        held
    }
}

/// A topic is named by the words that the ids of its rules begin with; the longest one holds, and the id before all.
fn level(levels: &Levels, id: &str) -> Option<Level> {
    let names = |key: &str| id.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    levels.iter().filter(|(key, _)| names(key)).max_by_key(|(key, _)| key.len()).map(|(_, level)| *level)
}

#[cfg(test)]
mod tests;

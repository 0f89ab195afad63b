//! Records that were meant for a selector and stand at another name.

use std::collections::HashSet;

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::name::{Kind, Name};
use crate::near;
use crate::records::dkim::DkimKey;
use crate::rules::dkim::{is_absent, missing_fixed, targets};

/// The label below which selectors stand.
const LABEL: &str = "_domainkey";

/// A record at a wrong name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// The domain stands twice in the name.
    Doubled,
    /// `_domainkey` is left out, misspelt or doubled, or the selector is another one than the provider's.
    Misspelt,
    /// There is no selector in the name.
    NoSelector,
}

/// A record that was meant for a selector.
#[derive(Clone, Debug)]
pub(super) struct Misplaced<'a> {
    pub record: &'a Record,
    pub slip: Slip,
    /// The name at which it belongs, where that is known.
    pub right: Option<Name>,
}

impl Misplaced<'_> {
    /// The data, as a DNS panel asks for them.
    pub(super) fn value(&self) -> String {
        let text = self.record.txt().map(|txt| txt.value.clone());
        text.or_else(|| self.record.target().map(Name::to_string)).unwrap_or_default()
    }
}

/// All of them.
pub(super) fn all(evidence: &Evidence) -> Vec<Misplaced<'_>> {
    let domain = &evidence.domain;
    let bare = [&evidence.spf.own().answer, &evidence.dkim.node].into_iter().flat_map(|answer| answer.records());
    let bare = bare.filter(|record| is_live_key(record) && (record.owner == *domain || is_node(evidence, record)));
    let bare = bare.filter(|record| !is_copy(evidence, record));
    let bare = bare.map(|record| Misplaced { record, slip: Slip::NoSelector, right: None });
    let taken = taken(evidence);
    let nearby = evidence.nearby().filter(|record| matches!(record.kind, Kind::TXT | Kind::CNAME));
    let named = nearby.filter_map(|record| {
        let (slip, right) = right_name(evidence, record)?;
        (right != record.owner && !taken.contains(&right)).then_some(Misplaced { record, slip, right: Some(right) })
    });
    bare.chain(named).collect()
}

fn is_node(evidence: &Evidence, record: &Record) -> bool {
    evidence.dkim.node.aliases.is_empty() && record.owner == evidence.dkim.node.question.name
        // What a wildcard puts there is nobody's slip at this name.
        && evidence.dkim.wildcard.records().iter().all(|wild| wild.txt().map(|t| &t.value) != record.txt().map(|t| &t.value))
}

/// Does the same key stand at a selector, too? Then nothing is missing there.
fn is_copy(evidence: &Evidence, record: &Record) -> bool {
    let key = |key: &DkimKey| key.tags.value("p").map(str::to_owned);
    let copied = record.txt().map(DkimKey::read).and_then(|read| key(&read));
    let mut published = evidence.dkim.selectors.iter().flat_map(|selector| &selector.asked.found);
    copied.is_some() && published.any(|found| key(found) == copied)
}

/// Is it a key record with a key that is not revoked?
fn is_live_key(record: &Record) -> bool {
    record.txt().map(DkimKey::read).is_some_and(|key| {
        let version = key.txt.value.to_ascii_lowercase().contains("v=dkim");
        key.key.is_usable() || (version && key.tags.value("p").is_some_and(|p| !p.is_empty()))
    })
}

/// Does a record hold a key, or lead to one?
fn is_for_dkim(record: &Record) -> bool {
    is_live_key(record) || alias_target(record).is_some_and(targets::is_key_name)
}

fn alias_target(record: &Record) -> Option<&Name> {
    record.target().filter(|_| record.kind == Kind::CNAME)
}

/// The name at which a record belongs, and how the name at hand came about.
fn right_name(evidence: &Evidence, record: &Record) -> Option<(Slip, Name)> {
    let domain = &evidence.domain;
    let part = Name::parse(record.owner.below(domain)?).ok()?;
    if part.is_below(domain) && part.labels().any(|label| label == LABEL) {
        return Some((Slip::Doubled, part));
    }
    let labels: Vec<&str> = part.labels().collect();
    let right = if is_for_dkim(record) { respelt(evidence, record, &labels)? } else { return None };
    Some((Slip::Misspelt, domain.prefixed(&right).ok()?))
}

fn respelt(evidence: &Evidence, record: &Record, labels: &[&str]) -> Option<String> {
    let made_for = alias_target(record).and_then(targets::selector_of);
    let is_missing = |name: &str| evidence.dkim.selectors.iter().any(|asked| asked.name == name && is_absent(asked));
    match labels {
        [selector, LABEL] => {
            let fixed = missing_fixed(evidence).into_iter().flat_map(|(_, missing)| missing);
            let wanted =
                fixed.map(|asked| asked.name.as_str()).find(|name| Some(*name) == made_for && name != selector);
            wanted.map(|wanted| format!("{wanted}.{LABEL}"))
        }
        [LABEL, selector] if made_for == Some(selector) || is_missing(selector) => Some(format!("{selector}.{LABEL}")),
        [selector @ .., LABEL, LABEL] if !selector.is_empty() => Some(format!("{}.{LABEL}", selector.join("."))),
        [selector @ .., last] if !selector.is_empty() && near::is_slip_of_label(last, LABEL) => {
            Some(format!("{}.{LABEL}", selector.join(".")))
        }
        [selector] if made_for == Some(selector) || is_missing(selector) => Some(format!("{selector}.{LABEL}")),
        _ => None,
    }
}

/// Names that have what they need, or are somebody else's to fill.
fn taken(evidence: &Evidence) -> HashSet<&Name> {
    let kinds = |record: &&Record| matches!(record.kind, Kind::TXT | Kind::CNAME | Kind::NS);
    let in_zone = evidence.zone.iter().flat_map(|zone| &zone.records).filter(kinds).map(|record| &record.owner);
    let asked = evidence.dkim.selectors.iter().filter(|asked| !is_absent(asked));
    in_zone.chain(asked.map(|asked| &asked.asked.answer.question.name)).collect()
}

//! Mending: the edits of the worst findings first, then of what is left, until nothing more can be mended. What does not
//! make its finding go, or brings another, is taken back.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use super::texts::overlap;
use super::{Texts, addition, apply, missing};
use crate::finding::{Edit, Finding, Severity};
use crate::name::{Kind, Name, Question};
use crate::zone::{Record, Zone, write};

/// Each round uncovers what the one before hid; more than this no text needs.
const MAX_ROUNDS: usize = 10;

/// The zones are checked so often at most.
const MAX_CHECKS: usize = 300;

/// Zones, and what was found in them.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The zones.
    pub zones: Vec<Arc<Zone>>,
    /// What was found, and about which domain.
    pub findings: Vec<(Name, Finding)>,
}

/// What is to be mended.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Findings of these rules only; all where there is none.
    pub only: Vec<&'static str>,
    /// Write records that are missing, too.
    pub add_missing: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Mended {
    /// The texts that are not as they were.
    pub texts: Texts,
    /// The zones with these texts, and what is still found in them.
    pub checked: Checked,
    /// What had an edit, and is no longer found.
    pub gone: Vec<(Name, Finding)>,
}

impl Wanted {
    /// Is the finding to be mended?
    pub fn is_about(&self, finding: &Finding) -> bool {
        finding.counts() && (self.only.is_empty() || self.only.contains(&finding.id))
    }
}

impl Mended {
    /// What is still found of what was wanted to be mended.
    pub fn left(&self, wanted: &Wanted) -> impl Iterator<Item = &(Name, Finding)> {
        self.checked.findings.iter().filter(|(_, finding)| wanted.is_about(finding))
    }
}

/// Mends zones. `check` reads and checks them with these texts in place of their files.
///
/// # Errors
/// What `check` says: then nothing is mended.
pub fn mend<E>(
    before: Checked,
    wanted: &Wanted,
    mut check: impl FnMut(&Texts) -> Result<Checked, E>,
) -> Result<Mended, E> {
    let mut trial = Trial::new(before);
    for _ in 0..MAX_ROUNDS {
        let proposals = trial.proposals(wanted);
        if proposals.is_empty() {
            break;
        }
        trial.round(&proposals, &mut check)?;
    }
    let Trial { texts, checked, gone, .. } = trial;
    Ok(Mended { texts, checked, gone })
}

/// What was found before, and is no longer.
fn gone(before: &Checked, after: &Checked) -> Vec<(Name, Finding)> {
    let mut left = counted(&after.findings);
    let is_gone = |(domain, finding): &&(Name, Finding)| match left.get_mut(&Key::of(domain, finding)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    before.findings.iter().filter(is_gone).cloned().collect()
}

/// By what a finding is known again in a text that has changed: values may tell of other faults of the same record.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    domain: Name,
    id: &'static str,
    place: Option<Question>,
}

impl Key {
    fn of(domain: &Name, finding: &Finding) -> Key {
        let place = finding.spans.first().and_then(|span| span.record_set.clone());
        Key { domain: domain.clone(), id: finding.id, place }
    }
}

fn counted(findings: &[(Name, Finding)]) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for (domain, finding) in findings {
        *counts.entry(Key::of(domain, finding)).or_default() += 1;
    }
    counts
}

/// The edits of a finding, to be tried.
#[derive(Clone)]
struct Proposal {
    /// More than one where a file is a part of several domains.
    keys: Vec<Key>,
    /// How bad what it brings to light may be.
    hidden: Option<Severity>,
    edits: Vec<Edit>,
    /// The record sets that may change by it; nothing where that cannot be told.
    places: Option<BTreeSet<Question>>,
}

/// The state of the texts so far.
struct Trial {
    texts: Texts,
    checked: Checked,
    /// What was tried and taken back.
    refused: HashSet<(Key, Vec<String>)>,
    gone: Vec<(Name, Finding)>,
    checks: usize,
    /// All texts so far: what leads back to one leads nowhere.
    seen: Vec<Texts>,
}

impl Trial {
    fn new(checked: Checked) -> Trial {
        let (refused, gone, seen) = (HashSet::new(), Vec::new(), Vec::new());
        Trial { texts: Texts::new(), checked, refused, gone, checks: 0, seen }
    }

    /// The edits of findings that are not in the way of each other, the worst first.
    fn proposals(&self, wanted: &Wanted) -> Vec<Proposal> {
        let mut findings: Vec<_> = self.checked.findings.iter().filter(|(_, it)| wanted.is_about(it)).collect();
        findings.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
        let mut proposals: Vec<Proposal> = Vec::new();
        let mut taken: Vec<&Edit> = Vec::new();
        let records = self.checked.zones.iter().flat_map(|zone| &zone.records);
        let there: HashSet<(&Name, Kind)> = records.map(|record| (&record.owner, record.kind)).collect();
        let proposal = |found: &&(Name, Finding)| self.proposal(found, wanted, &there);
        let all: Vec<Proposal> = findings.iter().filter_map(proposal).collect();
        for proposal in &all {
            let is_free = |edit: &Edit| !taken.iter().any(|other| overlap(edit, other));
            if proposal.names().any(|name| self.refused.contains(&name)) {
                continue;
            }
            if proposal.edits.iter().all(is_free) {
                taken.extend(&proposal.edits);
                proposals.push(proposal.clone());
            } else if let Some(alike) = proposals.iter_mut().find(|other| other.writes_the_same(proposal)) {
                alike.join(proposal);
            }
        }
        proposals
    }

    fn proposal(
        &self,
        (domain, finding): &(Name, Finding),
        wanted: &Wanted,
        there: &HashSet<(&Name, Kind)>,
    ) -> Option<Proposal> {
        let edits = match finding.edits.is_empty() {
            false => finding.edits.clone(),
            true if wanted.add_missing => self.additions(finding)?,
            true => return None,
        };
        let sets: Option<BTreeSet<Question>> = finding.spans.iter().map(|span| span.record_set.clone()).collect();
        let published: BTreeSet<Question> = finding.publish.iter().map(|publish| publish.record_set()).collect();
        let hidden = match finding.severity {
            _ if published.iter().any(|set| !there.contains(&(&set.name, set.kind))) => Some(Severity::Error),
            Severity::Advice => None,
            severity => Some(severity),
        };
        let places = sets.map(|sets| sets.into_iter().chain(published).collect());
        Some(Proposal { keys: vec![Key::of(domain, finding)], hidden, edits, places })
    }

    fn additions(&self, finding: &Finding) -> Option<Vec<Edit>> {
        let zones = self.checked.zones.iter().filter(|zone| !missing(zone, finding).is_empty());
        // Of a zone and the one above it, the lower one answers.
        let zone = zones.max_by_key(|zone| zone.origin.labels().count())?;
        missing(zone, finding).iter().map(|publish| addition(zone, publish)).collect()
    }

    /// Tries all at once; where that is not good, the halves, so that one bad edit costs few checks.
    fn round<E>(
        &mut self,
        proposals: &[Proposal],
        check: &mut impl FnMut(&Texts) -> Result<Checked, E>,
    ) -> Result<(), E> {
        let (before, texts) = (self.checked.clone(), self.texts.clone());
        self.seen.push(texts.clone());
        let mut accepted: Vec<Proposal> = Vec::new();
        let mut parts = VecDeque::from([proposals]);
        while let Some(part) = parts.pop_front().filter(|_| self.checks < MAX_CHECKS) {
            let tried = [accepted.as_slice(), part].concat();
            let new_texts = apply(&texts, tried.iter().flat_map(|proposal| &proposal.edits));
            let after = check(&new_texts)?;
            self.checks += 1;
            if !self.seen.contains(&new_texts) && is_better(&before, &after, &tried) {
                (self.texts, self.checked, accepted) = (new_texts, after, tried);
            } else if let [single] = part {
                self.refused.extend(single.names());
            } else {
                let (first, second) = part.split_at(part.len() / 2);
                parts.push_front(second);
                parts.push_front(first);
            }
        }
        let is_proposed = |(domain, finding): &(Name, Finding)| {
            let key = Key::of(domain, finding);
            !finding.edits.is_empty() || accepted.iter().any(|proposal| proposal.keys.contains(&key))
        };
        self.gone.extend(gone(&before, &self.checked).into_iter().filter(is_proposed));
        if self.checks >= MAX_CHECKS {
            self.refused.extend(proposals.iter().flat_map(Proposal::names));
        }
        Ok(())
    }
}

impl Proposal {
    /// May it bring something about this domain to light?
    fn concerns(&self, domain: &Name) -> bool {
        let is_below = |places: &BTreeSet<Question>| places.iter().any(|set| set.name.is_within(domain));
        self.keys.iter().any(|key| key.domain == *domain) || self.places.as_ref().is_none_or(is_below)
    }

    /// By what it is known again.
    fn names(&self) -> impl Iterator<Item = (Key, Vec<String>)> {
        self.keys.iter().map(|key| (key.clone(), self.edits.iter().map(|edit| edit.text.clone()).collect()))
    }

    /// Is it about the same bytes of the same file?
    fn writes_the_same(&self, other: &Proposal) -> bool {
        let written = |edit: &Edit| (edit.at.source.name.clone(), edit.at.bytes.clone(), edit.text.clone());
        self.edits.iter().map(written).eq(other.edits.iter().map(written))
    }

    /// The same record of another domain is mended, too. Of one record it is enough that one of several findings goes.
    fn join(&mut self, other: &Proposal) {
        self.keys.extend(other.keys.iter().filter(|key| !self.keys.contains(key)).cloned().collect::<Vec<_>>());
        self.hidden = self.hidden.max(other.hidden);
        self.places =
            self.places.take().zip(other.places.clone()).map(|(one, two)| one.into_iter().chain(two).collect());
    }
}

/// Is all that was tried mended, and nothing worse than before?
///
/// A record that was broken, or not there, is judged for the first time when it is mended: what is found then was there
/// before. But of a broken record it is never worse than what was mended; and where a record worked, nothing was hidden.
fn is_better(before: &Checked, after: &Checked, tried: &[Proposal]) -> bool {
    let (old, new) = (counted(&before.findings), counted(&after.findings));
    let count = |counts: &BTreeMap<Key, usize>, key: &Key| counts.get(key).copied().unwrap_or(0);
    let mut mended: BTreeMap<&Key, usize> = BTreeMap::new();
    for key in tried.iter().flat_map(|proposal| &proposal.keys) {
        *mended.entry(key).or_default() += 1;
    }
    let all_gone = mended.iter().all(|(key, mended)| count(&new, key) + mended <= count(&old, key));
    let was_hidden = |domain: &Name, finding: &Finding| {
        let hides = |proposal: &&Proposal| proposal.hidden.is_some_and(|hidden| hidden >= finding.severity);
        tried.iter().filter(hides).any(|proposal| proposal.concerns(domain))
    };
    let is_worse = |(domain, finding): &(Name, Finding)| {
        let key = Key::of(domain, finding);
        count(&new, &key) > count(&old, &key) && !was_hidden(domain, finding)
    };
    // What the owner wants left as it is would be mended along with it.
    let ignored = before.findings.iter().filter(|(_, finding)| !finding.counts() && !finding.edits.is_empty());
    let mut ignored = ignored.map(|(domain, finding)| Key::of(domain, finding));
    let all_kept = ignored.all(|key| count(&new, &key) >= count(&old, &key));
    all_gone && all_kept && !after.findings.iter().any(is_worse) && is_confined(before, after, tried)
}

/// Are the records that changed those that were meant to, and is no more unreadable than before?
fn is_confined(before: &Checked, after: &Checked, tried: &[Proposal]) -> bool {
    let allowed: Option<BTreeSet<&Question>> = tried.iter().try_fold(BTreeSet::new(), |mut all, proposal| {
        all.extend(proposal.places.as_ref()?);
        Some(all)
    });
    before.zones.len() == after.zones.len()
        && before.zones.iter().zip(&after.zones).filter(|(old, new)| !Arc::ptr_eq(old, new)).all(|(old, new)| {
            let changed = changed(old, new);
            let is_allowed = allowed.as_ref().is_none_or(|allowed| changed.iter().all(|set| allowed.contains(set)));
            let is_sound = old.origin == new.origin && new.problems.len() <= old.problems.len();
            is_allowed && is_sound && !collides(old, new)
        })
}

/// Is what was moved to a name in the way of what is there: an alias beside other data, a second address, another host?
/// Texts stand beside each other.
fn collides(old: &Zone, new: &Zone) -> bool {
    let (before, after) = (data_of_sets(old), data_of_sets(new));
    let grows = |(set, data): (&(&Name, Kind), &BTreeSet<String>)| {
        set.1 != Kind::TXT && before.get(set).is_some_and(|before| data.len() > before.len())
    };
    after.iter().any(grows) || !aliases_and_more(new).is_subset(&aliases_and_more(old))
}

fn data_of_sets(zone: &Zone) -> BTreeMap<(&Name, Kind), BTreeSet<String>> {
    let mut sets: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for record in &zone.records {
        sets.entry((&record.owner, record.kind)).or_default().insert(write::data(record));
    }
    sets
}

/// RFC 1034 section 3.6.2: "If a CNAME RR is present at a node, no other data should be present".
fn aliases_and_more(zone: &Zone) -> HashSet<&Name> {
    let is_alias = |record: &&Record| record.kind == Kind::CNAME;
    let aliases: HashSet<&Name> = zone.records.iter().filter(is_alias).map(|record| &record.owner).collect();
    let others = zone.records.iter().filter(|record| !is_alias(record)).map(|record| &record.owner);
    others.filter(|owner| aliases.contains(owner)).collect()
}

/// The record sets that do not hold the same in both.
fn changed(old: &Zone, new: &Zone) -> BTreeSet<Question> {
    let mut lines: BTreeMap<String, (Question, i64)> = BTreeMap::new();
    for (zone, step) in [(old, 1), (new, -1)] {
        for record in &zone.records {
            lines.entry(record.to_line()).or_insert_with(|| (record.record_set(), 0)).1 += step;
        }
    }
    lines.into_values().filter(|(_, count)| *count != 0).map(|(set, _)| set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::testing::checked;
    use crate::testing::mended;

    fn text(zone: &str) -> String {
        mended(zone, &Wanted::default()).0
    }

    #[test]
    fn what_inherits_an_owner_keeps_it() {
        let zone = "$TTL 60\n@ TXT \"v=spf1 mx -all\" ; first\n  TXT \"v=spf1 ip4:192.0.2.1 -all\" ; second\n  MX 10 mail\nmail A 192.0.2.1\n";
        let right = "$TTL 60\n@ TXT \"v=spf1 mx ip4:192.0.2.1 -all\" ; first\n  MX 10 mail\nmail A 192.0.2.1\n";
        assert_eq!(text(zone), right);
        let moved = "$TTL 60\n@ MX 10 mail\ndmarc TXT \"v=DMARC1; p=reject\"\n  A 192.0.2.1\nmail A 192.0.2.1\n";
        let right = "$TTL 60\n@ MX 10 mail\n_dmarc TXT \"v=DMARC1; p=reject\"\ndmarc  A 192.0.2.1\nmail A 192.0.2.1\n";
        assert_eq!(text(moved), right);
        let second = "$TTL 60\n@ MX 10 mail\ndmarc A 192.0.2.1\n TXT \"v=DMARC1; p=reject\"\n AAAA 2001:db8::1\nmail A 192.0.2.1\n";
        let right = "$TTL 60\n@ MX 10 mail\ndmarc A 192.0.2.1\n_dmarc TXT \"v=DMARC1; p=reject\"\ndmarc AAAA 2001:db8::1\nmail A 192.0.2.1\n";
        assert_eq!(text(second), right);
    }

    #[test]
    fn a_line_that_goes_takes_its_parentheses_with_it() {
        let zone = "$TTL 60\n@ TXT \"v=spf1 mx -all\"\n@ TXT ( \"v=spf1 \" ; half )\n   \"ip4:192.0.2.1 -all\"\n ) ; end\n@ MX 0 mail\nmail A 192.0.2.1\n";
        let right = "$TTL 60\n@ TXT \"v=spf1 mx ip4:192.0.2.1 -all\"\n@ MX 0 mail\nmail A 192.0.2.1\n";
        assert_eq!(text(zone), right);
    }

    #[test]
    fn comments_line_ends_and_the_mark_of_utf_8_stay() {
        let zone = "\u{feff}$TTL 60\r\n@ TXT ( \"v=spf1 \" ; a;b\r\n \"ipv4:192.0.2.1\" \" -all\" ) ; c\r\n";
        assert_eq!(text(zone), zone.replace("ipv4", "ip4"));
    }

    #[test]
    fn quotation_marks_are_closed_where_nothing_else_can_be_meant() {
        let line = |data: &str| format!("$TTL 60\n_dmarc TXT {data}\nmail A 192.0.2.1\n");
        for (data, right) in [
            ("\"v=DMARC1; p=reject", "\"v=DMARC1; p=reject\""),
            ("\"v=DMARC1; \" \"p=reject  \r", "\"v=DMARC1; \" \"p=reject\"  \r"),
            ("v=DMARC1; p=reject", "\"v=DMARC1; p=reject\""),
        ] {
            assert_eq!(text(&line(data)), line(right));
        }
        // A comment may begin there, and a tag would be lost in one.
        for data in [
            "\"v=spf1 -all ; ours",
            "\"v=DMARC1; p=reject ; ours",
            "( \"v=DMARC1 )",
            "v=DMARC1 p=none; rua=mailto:a@b.test",
        ] {
            assert_eq!(text(&line(data)), line(data));
        }
    }

    #[test]
    fn an_edit_that_changes_another_record_is_taken_back() {
        let zone = "$TTL 60\n@ TXT \"v=spf1 ipv4:192.0.2.1 -all\"\nwww A 192.0.2.1\n";
        let mut before = checked(zone);
        let (_, finding) = before.findings.iter_mut().find(|(_, it)| !it.edits.is_empty()).expect("a finding");
        let source = finding.edits[0].at.source.clone();
        let at = zone.find("www").expect("a place");
        let at = Span { source, bytes: at..at + 3, record_set: None };
        finding.edits.push(Edit { at, text: "ftp".to_owned() });
        let check = |texts: &Texts| Ok::<_, ()>(checked(&texts["test.zone"]));
        let mended = mend(before, &Wanted::default(), check).expect("no error");
        assert!(mended.texts.is_empty() && mended.gone.is_empty());
    }

    #[test]
    fn missing_records_are_added_where_asked_for() {
        let zone = "$TTL 60\n@ MX 10 mail\n  NS ns\nmail A 192.0.2.1\nns A 192.0.2.2";
        assert_eq!(text(zone), zone);
        let wanted = Wanted { only: vec!["dmarc-missing"], add_missing: true };
        let (added, gone) = mended(zone, &wanted);
        let line = "_dmarc.example.test. IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc@example.test\"\n";
        assert_eq!((added, gone), (format!("{zone}\n{line}"), vec!["dmarc-missing"]));
    }

    #[test]
    fn nothing_is_added_where_it_cannot_be() {
        let wanted = Wanted { only: vec!["dmarc-missing"], add_missing: true };
        for there in ["_dmarc CNAME mail", "_dmarc NS ns.other.test.", "_dmarc DNAME x.other.test.\n_dmarc CNAME mail"]
        {
            let zone = format!("$TTL 60\n@ MX 10 mail\nmail A 192.0.2.1\n{there}\n");
            assert_eq!(mended(&zone, &wanted), (zone, Vec::new()));
        }
    }

    #[test]
    fn what_is_moved_is_not_in_the_way_of_what_is_there() {
        let zone = |there: &str| {
            let mended = "$TTL 60\n@ MX 10 mail\nmail A 192.0.2.1\nwww.example.test. A 192.0.2.1\n";
            (mended.replace("test. A", "test A") + there, mended.to_owned() + there)
        };
        let (wrong, right) = zone("www A 192.0.2.1\n");
        assert_eq!(text(&wrong), right, "it says the same");
        for there in ["www A 192.0.2.2\n", "www CNAME mail\n"] {
            let (wrong, _) = zone(there);
            assert_eq!(text(&wrong), wrong);
        }
    }

    #[test]
    fn a_line_that_stands_for_many_records_is_left() {
        let zone = "$TTL 60\n$GENERATE 1-2 h$ CNAME mail.example.test\n@ MX 0 mail\nmail A 192.0.2.1\n";
        assert!(checked(zone).findings.iter().any(|(_, finding)| finding.id == "zone-dot-missing"));
        assert_eq!(text(zone), zone);
    }

    #[test]
    fn a_record_that_works_is_not_made_worse() {
        let finding = |id: &str, zone: &str| {
            let found = checked(zone).findings.into_iter().find(|(_, finding)| finding.id == id);
            found.expect("a finding")
        };
        let zone = "$TTL 60\n@ TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 -all\"\n";
        let (domain, mut advice) = finding("spf-range-covered", zone);
        let at = advice.edits[0].at.clone();
        advice.edits = vec![Edit {
            at: Span { bytes: at.source.text.len() - 7..at.source.text.len() - 6, ..at },
            text: "+".to_owned(),
        }];
        let mut before = checked(zone);
        before.findings = vec![(domain, advice)];
        let check = |texts: &Texts| Ok::<_, ()>(checked(&texts["test.zone"]));
        let mended = mend(before, &Wanted::default(), check).expect("no error");
        assert!(mended.texts.is_empty() && mended.gone.is_empty());
    }
}

//! Which records change.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::diff::Which;
use crate::diff::parts::{Part, class, parts};
use crate::dns::zone::ZoneData;
use crate::dns::{Answer, Data, Record};
use crate::name::{Kind, Name, Question};
use crate::zone::{Soa, Zone, write};

/// Signing makes these anew each time.
const MADE_BY_SIGNING: [Kind; 3] = [Kind::RRSIG, Kind::NSEC, Kind::NSEC3];

/// How texts begin that have to do with mail, wherever they stand.
const OF_MAIL: [&str; 6] = ["v=spf1", "v=dkim1", "v=dmarc1", "v=stsv1", "v=tlsrptv1", "v=bimi1"];

/// What one side knows of records.
#[derive(Debug, Default)]
pub struct Records {
    /// Empty where it is certain that there are none.
    sets: BTreeMap<Question, Set>,
    zones: ZoneData,
    origins: HashSet<Name>,
    /// Their addresses are looked at in files alone.
    name_servers: HashSet<Name>,
    /// Record sets of which something could not be read.
    unreadable: HashSet<Question>,
    /// What was asked for, and what it led to: what matters for mail.
    asked: HashSet<Question>,
    /// What of it was answered.
    answered: HashSet<Question>,
    /// Are they what DNS itself says, which answers whatever it is asked?
    is_live: bool,
}

#[derive(Debug)]
struct Set {
    /// Names in data that are not read begin here.
    origin: Name,
    records: Vec<Record>,
}

/// A change at a name and type.
#[derive(Clone, Debug)]
pub struct Change {
    /// The name and the type.
    pub set: Question,
    /// What changes.
    pub what: What,
    /// Does it matter for mail?
    pub of_mail: bool,
}

/// What changes.
#[derive(Clone, Debug)]
pub enum What {
    Added(Record),
    Removed(Record),
    /// Another record in place of one; `parts` where it is a text whose form is known.
    Changed {
        old: Record,
        new: Record,
        parts: Vec<Part>,
    },
    /// The same records with another time to live, in seconds.
    Ttl {
        old: u32,
        new: Record,
    },
}

impl Records {
    /// Nothing yet.
    pub fn new() -> Records {
        Records::default()
    }

    /// Nothing yet of what DNS itself says.
    pub fn live() -> Records {
        Records { is_live: true, ..Records::default() }
    }

    /// Adds a zone that was read from a file.
    pub fn add_zone(&mut self, zone: &Arc<Zone>) {
        self.zones.add(zone);
        self.origins.insert(zone.origin.clone());
        self.unreadable.extend(zone.unread().filter_map(|problem| problem.at.record_set.clone()));
        for record in zone.records.iter().filter(|record| record.owner.is_within(&zone.origin)) {
            let set = || Set { origin: zone.origin.clone(), records: Vec::new() };
            self.sets.entry(record.record_set()).or_insert_with(set).records.push(record.clone());
            self.name_servers.extend(record.target().filter(|_| record.kind == Kind::NS).cloned());
        }
    }

    /// Adds that a zone of the other side is not there: for a side that has all zones.
    pub fn add_absent(&mut self, zone: &Zone) {
        if self.is_about(&zone.origin) {
            return;
        }
        let (origin, source) = (zone.origin.clone(), Arc::clone(&zone.source));
        let (records, problems, untold) = (Vec::new(), Vec::new(), Vec::new());
        self.add_zone(&Arc::new(Zone { origin, source, records, problems, more_problems: 0, untold, partial: false }));
    }

    /// Adds answers that this side is made of.
    pub fn add_answers<'a>(&mut self, answers: impl IntoIterator<Item = &'a Answer> + Clone) {
        for answer in answers.clone().into_iter().filter(|answer| answer.as_of.is_none()) {
            for alias in &answer.aliases {
                self.put(alias.record_set(), std::slice::from_ref(alias));
            }
            if answer.failure().is_none() {
                places(answer).into_iter().for_each(|place| self.put(place, &[]));
                self.put(Question::new(answer.final_name(), answer.question.kind), answer.records());
            }
        }
        self.note_asked(answers);
    }

    /// Notes what was asked for, and what of it is known: of answers that are not compared themselves.
    pub fn note_asked<'a>(&mut self, answers: impl IntoIterator<Item = &'a Answer>) {
        for answer in answers {
            let places = places(answer);
            if answer.failure().is_none() {
                self.answered.extend(places.iter().cloned());
            }
            self.asked.extend(places);
        }
    }

    /// Does it know what stands there, or that nothing does?
    pub fn knows(&self, set: &Question) -> bool {
        self.answered.contains(set) || self.set(set).is_some()
    }

    /// Is it certain that its records do not lead there, to records of other people? Behind zone files stands the same world
    /// as behind the other side, and DNS answers what it is asked; a snapshot holds no more than what was asked for.
    pub fn does_not_lead_to(&self, set: &Question, other: &Records) -> bool {
        let is_theirs =
            (self.is_of_files() || other.is_of_files()) && !self.is_about(&set.name) && !other.is_about(&set.name);
        is_theirs && (self.is_of_files() || self.is_live) && !self.asked.contains(set)
    }

    /// Would it tell of a mail domain of this name, if there were one? Of answers that is never known.
    pub fn tells_of(&self, domain: &Name) -> bool {
        self.is_about(domain) && self.knows(&Question::new(domain, Kind::MX))
    }

    /// Is this name in one of its zone files, or should be?
    fn is_about(&self, name: &Name) -> bool {
        std::iter::successors(Some(name.clone()), Name::parent).any(|above| self.origins.contains(&above))
    }

    /// Was it read from zone files?
    pub fn is_of_files(&self) -> bool {
        !self.origins.is_empty()
    }

    /// The questions that the other side is asked, too: what matters for mail in it.
    pub fn of_mail(&self) -> impl Iterator<Item = &Question> {
        let held = self.sets.iter().filter(|(set, held)| !held.records.is_empty() && self.is_of_mail(set));
        held.map(|(set, _)| set)
    }

    fn put(&mut self, place: Question, records: &[Record]) {
        let set = self.sets.entry(place).or_insert_with(|| Set { origin: Name::root(), records: Vec::new() });
        if set.records.is_empty() {
            set.records.extend_from_slice(records);
        }
    }

    /// The records there; nothing where that is not known.
    fn set(&self, place: &Question) -> Option<Cow<'_, [Record]>> {
        if self.unreadable.contains(place) {
            return None;
        }
        if let Some(set) = self.sets.get(place) {
            return Some(Cow::Borrowed(&set.records));
        }
        let answer = self.zones.answer(place);
        // RFC 1034 section 3.6.2: "If a CNAME RR is present at a node, no other data should be present".
        match answer.failure() {
            _ if !answer.aliases.is_empty() => Some(Cow::Borrowed(&[])),
            Some(_) => None,
            None => Some(Cow::Owned(answer.records().to_vec())),
        }
    }

    fn origin(&self, place: &Question) -> Name {
        self.sets.get(place).map_or_else(Name::root, |set| set.origin.clone())
    }

    fn is_of_mail(&self, place: &Question) -> bool {
        let of_mail = |record: &Record| {
            record.txt().is_some_and(|txt| OF_MAIL.contains(&class(&txt.value).as_str())) || record.kind == Kind::MX
        };
        let is_named_so = place.name.labels().any(|label| ["_domainkey", "_dmarc"].contains(&label));
        is_named_so
            || self.asked.contains(place)
            || self.sets.get(place).is_some_and(|set| set.records.iter().any(of_mail))
    }
}

/// What an answer tells of: each name on its way, as an alias and with the type that was asked for.
fn places(answer: &Answer) -> Vec<Question> {
    let on_the_way = answer.aliases.iter().filter_map(Record::target);
    let names = std::iter::once(&answer.question.name).chain(on_the_way);
    names.flat_map(|name| [Question::new(name, answer.question.kind), Question::new(name, Kind::CNAME)]).collect()
}

/// The changes, by name and type, and the record sets that only one side knows.
pub fn compare(old: &Records, new: &Records) -> (Vec<Change>, Vec<(Question, Which)>) {
    let (mut changes, mut unknown) = (Vec::new(), Vec::new());
    let mut places: Vec<&Question> = old.sets.keys().chain(new.sets.keys()).collect();
    places.sort_unstable();
    places.dedup();
    for place in places.into_iter().filter(|place| !MADE_BY_SIGNING.contains(&place.kind)) {
        let of_mail = old.is_of_mail(place) || new.is_of_mail(place);
        let is_missed = of_mail && place.kind != Kind::SOA;
        match (old.set(place), new.set(place)) {
            (Some(before), Some(after)) if !is_left_out(place, &before, &after, old, new) => {
                let sides = ((&*before, old.origin(place)), (&*after, new.origin(place)));
                let keeps_ttl = old.is_of_files() && new.is_of_files();
                let found = changes_of(sides.0, sides.1, keeps_ttl);
                changes.extend(found.into_iter().map(|what| Change { set: place.clone(), what, of_mail }));
            }
            (Some(before), None) if is_missed && !before.is_empty() && could_know(new, old, place) => {
                unknown.push((place.clone(), Which::Old));
            }
            (None, Some(after)) if is_missed && !after.is_empty() && could_know(old, new, place) => {
                unknown.push((place.clone(), Which::New));
            }
            _ => {}
        }
    }
    (changes, unknown)
}

/// Is it missed there? Records of other people are not missed in a zone file, nor addresses of name servers elsewhere.
fn could_know(records: &Records, other: &Records, place: &Question) -> bool {
    if records.is_of_files() { records.is_about(&place.name) } else { !other.name_servers.contains(&place.name) }
}

/// Each zone has an SOA record and name servers: a text without them leaves them to whoever serves the zone.
fn is_left_out(place: &Question, before: &[Record], after: &[Record], old: &Records, new: &Records) -> bool {
    let is_apex = old.origins.contains(&place.name) || new.origins.contains(&place.name);
    is_apex && matches!(place.kind, Kind::SOA | Kind::NS) && before.is_empty() != after.is_empty()
}

/// The records of one side, and where names in their data begin.
type Held<'r> = (&'r [Record], Name);

fn changes_of(old: Held, new: Held, keeps_ttl: bool) -> Vec<What> {
    let mut added: Vec<(&Record, String)> = new.0.iter().map(|record| (record, data(record, &new.1))).collect();
    let (mut removed, mut ttl) = (Vec::new(), None);
    for record in old.0 {
        let value = data(record, &old.1);
        match added.iter().position(|(_, other)| *other == value) {
            Some(place) => {
                let (same, _) = added.remove(place);
                if keeps_ttl && same.ttl != record.ttl {
                    ttl.get_or_insert(What::Ttl { old: record.ttl, new: same.clone() });
                }
            }
            None => removed.push(record),
        }
    }
    let added = added.into_iter().map(|(record, _)| record).collect();
    let mut changes = paired(removed, added);
    changes.extend(ttl);
    changes
}

/// Of each class one that goes and one that comes are a change.
fn paired(removed: Vec<&Record>, added: Vec<&Record>) -> Vec<What> {
    let class = |record: &Record| record.txt().map(|txt| class(&txt.value)).unwrap_or_default();
    let mut classes: HashMap<String, (Vec<&Record>, Vec<&Record>)> = HashMap::new();
    for record in &removed {
        classes.entry(class(record)).or_default().0.push(record);
    }
    for record in &added {
        classes.entry(class(record)).or_default().1.push(record);
    }
    let partner = |record: &Record| match classes.get(&class(record)).map(|(old, new)| (&old[..], &new[..])) {
        Some(([_], [new])) => Some(*new),
        _ => None,
    };
    let of_removed = removed.iter().map(|old| match partner(old) {
        Some(new) => What::Changed { old: (*old).clone(), new: new.clone(), parts: parts_of(old, new) },
        None => What::Removed((*old).clone()),
    });
    let is_alone = |record: &&&Record| !matches!(classes.get(&class(record)), Some((old, new)) if old.len() == 1 && new.len() == 1);
    let of_added = added.iter().filter(is_alone).map(|record| What::Added((*record).clone()));
    of_removed.chain(of_added).collect()
}

fn parts_of(old: &Record, new: &Record) -> Vec<Part> {
    match (old.txt(), new.txt()) {
        (Some(old), Some(new)) => parts(&old.value, &new.value),
        _ => Vec::new(),
    }
}

/// The data in one form: how a text is cut into strings, how names are written and which serial number the zone has does
/// not count.
fn data(record: &Record, origin: &Name) -> String {
    match &record.data {
        Data::Txt(txt) => txt.value.clone(),
        Data::Soa(soa) => {
            let Soa { primary, mailbox, refresh, retry, expire, minimum, .. } = &**soa;
            format!("{primary} {mailbox} {refresh} {retry} {expire} {minimum}")
        }
        Data::Other => with_whole_name(&write::data(record).to_ascii_lowercase(), record.kind, origin),
        _ => write::data(record).to_ascii_lowercase(),
    }
}

/// In data that are not read a name may leave the origin out.
fn with_whole_name(data: &str, kind: Kind, origin: &Name) -> String {
    // RFC 2782, RFC 6672 section 2.1: the target of SRV and DNAME comes last.
    match data.rsplit_once(' ').map_or(("", data), |(before, name)| (before, name)) {
        (before, name) if matches!(kind, Kind::SRV | Kind::DNAME) && !name.ends_with('.') => {
            format!("{before} {name}.{}", origin.absolute()).trim_start().to_owned()
        }
        _ => data.to_owned(),
    }
}

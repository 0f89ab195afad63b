//! Answers out of zone data, as an authoritative server would give them (RFC 1034 section 4.3.2).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::dns::{Answer, Data, Dns, Failure, MAX_ALIASES, Outcome, Record};
use crate::name::{Kind, Name, Question};
use crate::zone::Zone;

/// Zone data of one or more zones, to be asked.
#[derive(Debug, Default)]
pub struct ZoneData {
    /// By their origin, so that thousands of zones cost no more than one.
    zones: HashMap<Name, Vec<Part>>,
}

/// One zone. Authoritative: what it does not hold does not exist; otherwise nothing is known of it.
#[derive(Debug)]
struct Part {
    /// Shared with whoever checks it: a large zone is not held twice.
    zone: Arc<Zone>,
    origin: Name,
    authoritative: bool,
    records: Order,
    untold: Order,
    /// Names with an NS or DNAME record: few, and asked for with every question.
    cuts: HashSet<Name>,
    /// Where a record stands that could not be read.
    unreadable: HashSet<Question>,
}

/// Numbers of the items of a list, in the order of their names: those of one name, and of all names below it, stand
/// together. Four bytes for each item are all that a zone costs to be asked.
#[derive(Debug)]
struct Order(Box<[u32]>);

/// What has a name to be found by.
trait Named {
    fn name(&self) -> &Name;
}

/// One step of answering: the end, or another name to look at.
enum Step {
    End(Outcome),
    Alias(Record, Name),
}

impl ZoneData {
    /// No data: knows nothing.
    pub fn new() -> ZoneData {
        ZoneData::default()
    }

    /// Adds a zone that somebody deploys: what it does not hold does not exist, if all of it was read.
    pub fn add(&mut self, zone: &Arc<Zone>) {
        self.push(Part::new(zone, zone.is_whole()));
    }

    /// Adds data of other people. Without an SOA record they may be a part of a zone only, so nothing follows from
    /// what they do not hold.
    pub fn add_foreign(&mut self, zone: &Arc<Zone>) {
        let whole = zone.is_whole() && zone.records.iter().any(|record| record.kind == Kind::SOA);
        self.push(Part::new(zone, whole));
    }

    fn push(&mut self, part: Part) {
        self.zones.entry(part.origin.clone()).or_default().push(part);
    }

    /// Answers a question.
    pub fn answer(&self, question: &Question) -> Answer {
        let mut answer = Answer::failed(question, Failure::AliasLoop);
        let mut name = question.name.clone();
        while answer.aliases.len() < MAX_ALIASES {
            match self.step(&name, question.kind) {
                Step::End(outcome) => {
                    answer.outcome = outcome;
                    return answer;
                }
                Step::Alias(alias, target) => {
                    let seen = answer.aliases.iter().any(|before| before.owner == target) || target == question.name;
                    answer.aliases.push(alias);
                    if seen {
                        break;
                    }
                    name = target;
                }
            }
        }
        answer
    }

    fn step(&self, name: &Name, kind: Kind) -> Step {
        let unknown = Step::End(Outcome::Failed(Failure::NotAsked));
        let origins = std::iter::successors(Some(name.clone()), Name::parent);
        let mut parts: Vec<&Part> = origins.filter_map(|origin| self.zones.get(&origin)).flatten().collect();
        // Single records that somebody gave come first: they say nothing of what they do not hold. Then the zone nearest
        // to the name has the say.
        parts.sort_by_key(|part| part.authoritative);
        for part in parts {
            match part.step(name, kind) {
                Step::End(Outcome::Failed(Failure::NotAsked)) => {}
                step => return step,
            }
        }
        unknown
    }
}

impl Part {
    fn new(zone: &Arc<Zone>, authoritative: bool) -> Part {
        // Foreign data without authority may hold names of any zone.
        let origin = if authoritative { zone.origin.clone() } else { Name::root() };
        let (records, untold) = (Order::of(&zone.records), Order::of(&zone.untold));
        let unreadable = zone.problems.iter().filter_map(|problem| problem.at.record_set.clone()).collect();
        let is_cut = |record: &&Record| matches!(record.kind, Kind::NS | Kind::DNAME);
        let cuts = zone.records.iter().filter(is_cut).map(|record| record.owner.clone()).collect();
        Part { zone: Arc::clone(zone), origin, authoritative, records, untold, cuts, unreadable }
    }

    fn records(&self, name: &Name) -> impl Iterator<Item = &Record> + Clone {
        self.records.at(&self.zone.records, name)
    }

    /// Does the name exist: are there records at it, or below it ("empty non-terminals", RFC 8499 section 7)?
    fn exists(&self, name: &Name) -> bool {
        let (zone, is_there) = (&self.zone, |found: Option<&Name>| found.is_some_and(|found| found.is_within(name)));
        *name == zone.origin
            || (name.is_below(&zone.origin)
                && (is_there(self.records.first_from(&zone.records, name))
                    || is_there(self.untold.first_from(&zone.untold, name))))
    }

    fn is_untold(&self, name: &Name, kind: Kind) -> bool {
        self.untold.at(&self.zone.untold, name).any(|untold| untold.kind == kind)
    }

    fn step(&self, name: &Name, kind: Kind) -> Step {
        match self.look_up(name, kind) {
            // It is there, and nobody can tell what it says.
            Step::End(Outcome::NoData | Outcome::NxDomain) if self.unreadable.contains(&Question::new(name, kind)) => {
                Step::End(Outcome::Failed(Failure::Unreadable))
            }
            Step::End(Outcome::NoData | Outcome::NxDomain) if self.is_untold(name, kind) => {
                Step::End(Outcome::Failed(Failure::NotAsked))
            }
            step => step,
        }
    }

    fn look_up(&self, name: &Name, kind: Kind) -> Step {
        if self.is_handed_over(name, kind) {
            return Step::End(Outcome::Failed(Failure::NotAsked));
        }
        if self.records(name).next().is_some() {
            return self.as_known(answer_from(self.records(name), kind, name));
        }
        if self.exists(name) {
            return Step::End(self.absent(Outcome::NoData));
        }
        match self.wildcard(name) {
            // RFC 4592 section 2.1: the records are there for each name that does not exist, with that name as owner.
            Some(wildcard) => self.as_known(answer_from(self.records(&wildcard), kind, name)),
            None => Step::End(self.absent(Outcome::NxDomain)),
        }
    }

    fn as_known(&self, step: Step) -> Step {
        match step {
            Step::End(Outcome::NoData) => Step::End(self.absent(Outcome::NoData)),
            step => step,
        }
    }

    fn absent(&self, outcome: Outcome) -> Outcome {
        if self.authoritative { outcome } else { Outcome::Failed(Failure::NotAsked) }
    }

    /// Is the name below a delegation, or under a DNAME? Then somebody else knows.
    fn is_handed_over(&self, name: &Name, kind: Kind) -> bool {
        let mut above = Some(name.clone());
        while let Some(node) = above.filter(|node| node.is_below(&self.origin)) {
            let here = node == *name;
            let hands_over = |record: &Record| match record.kind {
                Kind::NS => !(here && kind == Kind::NS) && self.authoritative,
                Kind::DNAME => !here,
                _ => false,
            };
            if self.cuts.contains(&node) && self.records(&node).any(hands_over) {
                return true;
            }
            above = node.parent();
        }
        false
    }

    fn wildcard(&self, name: &Name) -> Option<Name> {
        // RFC 4592 section 3.3.1: the closest encloser is the longest existing ancestor, and only its `*` counts.
        let mut encloser = name.parent()?;
        while !self.exists(&encloser) {
            if !encloser.is_below(&self.origin) {
                return None;
            }
            encloser = encloser.parent()?;
        }
        encloser.prefixed("*").ok().filter(|wildcard| self.records(wildcard).next().is_some())
    }
}

impl Order {
    fn of(items: &[impl Named]) -> Order {
        let mut numbers: Vec<u32> = (0..=u32::MAX).zip(items).map(|(number, _)| number).collect();
        numbers.sort_by(|a, b| items[*a as usize].name().cmp_by_labels(items[*b as usize].name()));
        Order(numbers.into())
    }

    /// The items of a name, as they stand in the list.
    fn at<'t, T: Named>(&'t self, items: &'t [T], name: &Name) -> impl Iterator<Item = &'t T> + Clone + use<'t, T> {
        let start = self.start(items, name);
        let rest = self.0.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|number| items[**number as usize].name() == name).count();
        rest[..count].iter().map(|number| &items[*number as usize])
    }

    /// The name itself, or the first one behind it: one below it, if there is any.
    fn first_from<'t>(&self, items: &'t [impl Named], name: &Name) -> Option<&'t Name> {
        self.0.get(self.start(items, name)).map(|number| items[*number as usize].name())
    }

    fn start(&self, items: &[impl Named], name: &Name) -> usize {
        self.0.partition_point(|number| items[*number as usize].name().cmp_by_labels(name).is_lt())
    }
}

impl Named for Record {
    fn name(&self) -> &Name {
        &self.owner
    }
}

impl Named for Question {
    fn name(&self) -> &Name {
        &self.name
    }
}

/// The answer out of the records of a name, or of the wildcard that makes it.
fn answer_from<'r>(records: impl Iterator<Item = &'r Record> + Clone, kind: Kind, owner: &Name) -> Step {
    let made = |record: &Record| Record { owner: owner.clone(), ..record.clone() };
    let mut found: Vec<Record> = records.clone().filter(|record| record.kind == kind).map(made).collect();
    if !found.is_empty() {
        // RFC 2181 section 5: "It is meaningless for two records to ever have label, class, type and data all equal -
        // servers should suppress such duplicates if encountered." A text written twice is no second SPF record.
        if found.len() > 1 {
            let mut texts: HashSet<(String, Vec<u32>)> = HashSet::new();
            found
                .retain(|record| record.txt().is_none_or(|txt| texts.insert((txt.value.clone(), txt.strings.clone()))));
        }
        return Step::End(Outcome::Records(found.into()));
    }
    let mut records = records;
    let alias = records.find_map(|record| match &record.data {
        Data::Cname(target) => Some((target.clone(), made(record))),
        _ => None,
    });
    match alias {
        Some((target, record)) => Step::Alias(record, target),
        None => Step::End(Outcome::NoData),
    }
}

impl Dns for ZoneData {
    async fn ask(&self, question: &Question) -> Answer {
        self.answer(question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, SourceKind};
    use crate::zone::master;

    fn data(text: &str) -> ZoneData {
        let source = Source::new("test.zone", format!("$ORIGIN example.test.\n$TTL 60\n{text}\n"), SourceKind::File);
        let mut data = ZoneData::new();
        data.add(&Arc::new(master::read(&source, None, None)));
        data
    }

    fn ask(data: &ZoneData, name: &str, kind: Kind) -> Answer {
        data.answer(&Question { name: Name::parse(name).expect("a name"), kind })
    }

    fn outcome(data: &ZoneData, name: &str, kind: Kind) -> &'static str {
        ask(data, name, kind).outcome.comment()
    }

    #[test]
    fn what_is_there_and_what_is_not() {
        let data = data("@ MX 10 mail\n a.b A 192.0.2.1\nsub NS ns.sub\nns.sub A 192.0.2.2");
        assert_eq!(outcome(&data, "example.test", Kind::MX), "NOERROR");
        assert_eq!(outcome(&data, "example.test", Kind::TXT), "NODATA");
        assert_eq!(outcome(&data, "none.example.test", Kind::TXT), "NXDOMAIN");
        assert_eq!(outcome(&data, "x.sub.example.test", Kind::A), "NOT-ASKED", "below a delegation");
        assert_eq!(outcome(&data, "example.org", Kind::A), "NOT-ASKED");
    }

    #[test]
    fn what_is_there_and_not_told_is_not_missing() {
        let source = Source::new("test.zone", "$ORIGIN example.test.\n@ 60 MX 10 mail\n", SourceKind::File);
        let mut zone = master::read(&source, None, None);
        zone.untold = vec![Question::new(&Name::parse("a.b.example.test").expect("a name"), Kind::A)];
        let mut data = ZoneData::new();
        data.add(&Arc::new(zone.clone()));
        assert_eq!(outcome(&data, "a.b.example.test", Kind::A), "NOT-ASKED");
        assert_eq!(outcome(&data, "a.b.example.test", Kind::TXT), "NODATA");
        assert_eq!(outcome(&data, "b.example.test", Kind::A), "NODATA");
        zone.partial = true;
        let mut data = ZoneData::new();
        data.add(&Arc::new(zone));
        assert_eq!(outcome(&data, "example.test", Kind::TXT), "NOT-ASKED");
    }

    #[test]
    fn where_a_file_was_not_read_nothing_is_missing() {
        let data = data("$INCLUDE elsewhere.zone\n@ MX 10 mail");
        assert_eq!(outcome(&data, "example.test", Kind::MX), "NOERROR");
        assert_eq!(outcome(&data, "example.test", Kind::TXT), "NOT-ASKED");
        assert_eq!(outcome(&data, "mail.example.test", Kind::A), "NOT-ASKED");
    }

    #[test]
    fn the_same_text_twice_is_one_record() {
        let data = data("t TXT \"a\" b\nt TXT a \"b\"\nt TXT ab");
        assert_eq!(ask(&data, "t.example.test", Kind::TXT).records().len(), 2);
    }

    #[test]
    fn single_records_stand_beside_a_zone_of_everything() {
        let source = |text: &str| Source::new("a", text, SourceKind::File);
        let read = |text: &str| Arc::new(master::read(&source(text), Some(&Name::root()), None));
        let mut data = ZoneData::new();
        data.add_foreign(&read(". 60 SOA ns. host. 1 2 3 4 5\na.test. 60 TXT one\n"));
        data.add_foreign(&read("b.test. 60 TXT two\n"));
        assert_eq!(outcome(&data, "a.test", Kind::TXT), "NOERROR");
        assert_eq!(outcome(&data, "b.test", Kind::TXT), "NOERROR");
        assert_eq!(outcome(&data, "c.test", Kind::TXT), "NXDOMAIN");
    }

    #[test]
    fn what_cannot_be_read_is_not_absent() {
        let data = data("@ MX 10 mail extra\nsub TXT \"open\nx A 192.0.2.1");
        assert_eq!(outcome(&data, "example.test", Kind::MX), "UNREADABLE");
        assert_eq!(outcome(&data, "sub.example.test", Kind::TXT), "UNREADABLE");
        assert_eq!(outcome(&data, "example.test", Kind::TXT), "NODATA");
    }

    #[test]
    fn a_name_above_a_name_exists() {
        let data = data("s1._domainkey TXT \"k=rsa\"");
        assert_eq!(outcome(&data, "_domainkey.example.test", Kind::TXT), "NODATA");
    }

    #[test]
    fn wildcards_make_records_but_not_below_names_that_exist() {
        let data = data("* TXT w\nhost A 192.0.2.1");
        assert_eq!(ask(&data, "x.y.example.test", Kind::TXT).records()[0].owner.as_str(), "x.y.example.test");
        assert_eq!(outcome(&data, "x.host.example.test", Kind::TXT), "NXDOMAIN");
        assert_eq!(outcome(&data, "x.example.test", Kind::MX), "NODATA");
    }

    #[test]
    fn aliases_stay_visible() {
        let data = data("a CNAME b\nb CNAME c\nout CNAME example.org.\nl CNAME m\nm CNAME l\nd CNAME a");
        let answer = ask(&data, "a.example.test", Kind::TXT);
        assert_eq!((answer.aliases.len(), answer.outcome.comment()), (2, "NXDOMAIN"));
        assert_eq!(outcome(&data, "out.example.test", Kind::TXT), "NOT-ASKED");
        assert_eq!(outcome(&data, "l.example.test", Kind::TXT), "CNAME-LOOP");
        assert_eq!(ask(&data, "d.example.test", Kind::CNAME).aliases.len(), 0, "the alias itself was asked for");
    }
}

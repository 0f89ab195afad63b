//! What changed from one answer to a later one, in terms of what it is for: the ranges and includes of an SPF record, the
//! keys of DKIM.

use std::collections::BTreeSet;

use crate::dns::{Answer, Record};
use crate::name::Question;
use crate::records::dkim::DkimKey;
use crate::records::spf::{Spf, Term, TermKind};

/// How the answer to a question changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The question.
    pub question: Question,
    /// The outcomes before and now, in the terms of the protocol, where they are not the same.
    pub outcome: Option<(&'static str, &'static str)>,
    /// What is there now, and was not before.
    pub gained: Vec<Item>,
    /// What was there before, and is no more.
    pub lost: Vec<Item>,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// What it is.
    pub class: Class,
    /// As it stands in the answer.
    pub text: String,
}

/// What a part of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `ip4` or `ip6` in an SPF record.
    Range,
    /// `include` or `redirect` in an SPF record.
    Include,
    /// Another term of an SPF record.
    Term,
    /// A key of DKIM.
    Key,
    /// An alias that leads on.
    Alias,
    /// A record as a whole.
    Record,
}

impl Class {
    /// All, in the order in which they are told.
    pub const ALL: [Class; 6] = [Class::Range, Class::Include, Class::Term, Class::Key, Class::Alias, Class::Record];
}

/// What changed between two answers to a question; nothing where it makes no difference to mail, such as another text
/// beside an SPF record.
pub fn change(before: &Answer, now: &Answer) -> Option<Change> {
    let outcomes = (before.outcome.comment(), now.outcome.comment());
    let outcome = (outcomes.0 != outcomes.1).then_some(outcomes);
    let (gained, lost) = gained_and_lost(before, now);
    let is_change = outcome.is_some() || !gained.is_empty() || !lost.is_empty();
    is_change.then(|| Change { question: now.question.clone(), outcome, gained, lost })
}

fn gained_and_lost(before: &Answer, now: &Answer) -> (Vec<Item>, Vec<Item>) {
    let has_spf = |answer: &Answer| answer.records().iter().any(|record| spf(record).is_some());
    let only_spf = has_spf(before) || has_spf(now);
    let difference = |of: fn(&Answer, bool) -> BTreeSet<Item>| {
        let (before, now) = (of(before, only_spf), of(now, only_spf));
        (now.difference(&before).cloned().collect::<Vec<_>>(), before.difference(&now).cloned().collect::<Vec<_>>())
    };
    let by_parts = difference(parts);
    // The same terms in another order, or twice, are another record all the same.
    if by_parts.0.is_empty() && by_parts.1.is_empty() { difference(wholes) } else { by_parts }
}

/// The terms of SPF records, keys, aliases, records.
fn parts(answer: &Answer, only_spf: bool) -> BTreeSet<Item> {
    let mut items = aliases(answer);
    for record in answer.records() {
        match spf(record) {
            Some(spf) => items.extend(spf.terms.iter().map(|term| term_item(&spf, term))),
            None if only_spf => {}
            None => drop(items.insert(whole(answer, record))),
        }
    }
    items
}

/// Aliases, and records as they are.
fn wholes(answer: &Answer, only_spf: bool) -> BTreeSet<Item> {
    let records = answer.records().iter().filter(|record| !only_spf || spf(record).is_some());
    records.map(|record| whole(answer, record)).chain(aliases(answer)).collect()
}

fn aliases(answer: &Answer) -> BTreeSet<Item> {
    let targets = answer.aliases.iter().filter_map(Record::target);
    targets.map(|target| Item { class: Class::Alias, text: target.to_string() }).collect()
}

fn whole(answer: &Answer, record: &Record) -> Item {
    let is_at_selector = answer.question.name.labels().any(|label| label == "_domainkey");
    let is_key = record.txt().is_some_and(|txt| is_at_selector || DkimKey::read(txt).is_meant_as_key());
    let text = record.txt().map_or_else(|| record.data_text().to_owned(), |txt| txt.value.clone());
    Item { class: if is_key { Class::Key } else { Class::Record }, text }
}

fn term_item(spf: &Spf, term: &Term) -> Item {
    let class = match term.kind {
        TermKind::Ip4(..) | TermKind::Ip6(..) => Class::Range,
        TermKind::Include(_) | TermKind::Redirect(_) => Class::Include,
        _ => Class::Term,
    };
    Item { class, text: spf.text(term).to_owned() }
}

fn spf(record: &Record) -> Option<Spf> {
    Spf::read(record.txt()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dns::zone::ZoneData;
    use crate::name::Name;
    use crate::source::{Source, SourceKind};
    use crate::zone::master;

    fn answer(lines: &str, question: &str) -> Answer {
        let source = Source::new("test", format!("$TTL 60\n{lines}\n"), SourceKind::File);
        let mut data = ZoneData::new();
        data.add(&Arc::new(master::read(&source, Some(&Name::root()), None)));
        let (name, kind) = question.split_once(' ').expect("a name and a type");
        data.answer(&Question::new(&Name::parse(name).expect("a name"), kind.parse().expect("a type")))
    }

    /// What was gained and lost, each with a sign and its class.
    fn told(question: &str, before: &str, now: &str) -> Vec<String> {
        let Some(change) = change(&answer(before, question), &answer(now, question)) else { return Vec::new() };
        let outcome = change.outcome.map(|(before, now)| format!("{before} {now}"));
        let sign = |sign: char| move |item: &Item| format!("{sign}{:?} {}", item.class, item.text);
        let gained = change.gained.iter().map(sign('+'));
        outcome.into_iter().chain(gained).chain(change.lost.iter().map(sign('-'))).collect()
    }

    #[test]
    fn ranges_and_includes_of_spf() {
        let before = "a.test. TXT \"v=spf1 ip4:192.0.2.0/24 include:b.test a ~all\"\na.test. TXT token=1";
        let now = "a.test. TXT \"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 redirect=c.test\" \"\"\na.test. TXT token=2";
        assert_eq!(
            told("a.test TXT", before, now),
            [
                "+Range ip6:2001:db8::/32",
                "+Include redirect=c.test",
                "-Include include:b.test",
                "-Term a",
                "-Term ~all"
            ]
        );
    }

    #[test]
    fn what_makes_no_difference() {
        let before = "a.test. TXT \"v=spf1 mx -all\"\na.test. TXT token=1";
        assert!(told("a.test TXT", before, "a.test. 5 TXT \"v=spf1 \" \"mx -all\"\na.test. TXT other").is_empty());
        assert_eq!(
            told("a.test TXT", before, "a.test. TXT \"v=spf1 -all mx\""),
            ["+Record v=spf1 -all mx", "-Record v=spf1 mx -all"]
        );
    }

    #[test]
    fn keys_aliases_and_absence() {
        let name = "s._domainkey.a.test";
        let key = format!("{name}. TXT \"p=AAAA\"");
        let moved = format!("{name}. CNAME k.b.test.\nk.b.test. TXT p=BBBB");
        let question = format!("{name} TXT");
        assert_eq!(told(&question, &key, &moved), ["+Key p=BBBB", "+Alias k.b.test", "-Key p=AAAA"]);
        assert_eq!(told("k.b.test TXT", "k.b.test. TXT p=A", "k.b.test. TXT v=x"), ["+Record v=x", "-Key p=A"]);
        let (dmarc, other) = ("d.test. TXT \"v=DMARC1;p=none\"", "d.test. TXT \"v=DMARC1;p=reject\"");
        assert_eq!(told("d.test TXT", dmarc, other), ["+Record v=DMARC1;p=reject", "-Record v=DMARC1;p=none"]);
        assert_eq!(told(&question, &key, "a.test. A 192.0.2.1"), ["NOERROR NXDOMAIN", "-Key p=AAAA"]);
    }
}

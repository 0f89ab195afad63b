//! The SPF record of a domain with addresses in place of the names that lead to them, so that it needs no look-ups,
//! or fewer.
//!
//! What cannot be replaced without a change of meaning stays as it is. This file reads the tree; `publish.rs` writes
//! the records.

mod publish;
mod ranges;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::dns::{Answer, Data, Failure, Record};
use crate::evaluate::spf::lookups_of;
use crate::evidence::{Lookup, SpfNode, SpfTree, Target};
use crate::name::{Kind, Name};
use crate::records::spf::{Prefixes, Qualifier, Spf, Term, TermKind, terms};

/// Records that mean what the domain's SPF record means today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flattened {
    /// The domain's own record first, then those that it includes by a name below the domain. Empty where the domain
    /// has no record, several, or one that is a "permerror".
    pub records: Vec<Published>,
    /// Terms that stay, as they stand in the new record, in its order.
    pub kept: Vec<Kept>,
    /// Terms of the old record that have no effect and are left out: modifiers that nobody defines, and what stands
    /// where no address ever gets to.
    pub dropped: Vec<String>,
    /// How many look-ups the new records cost an address that no mechanism matches (RFC 7208 section 4.6.4).
    pub lookups: usize,
    /// Are these more than the ten that are allowed?
    pub exceeds_limit: bool,
    /// Names whose answers went in: when their owners change these, the new records are out of date.
    pub stale: Vec<Name>,
    /// The lowest TTL of these answers, in seconds; nothing where none went in, or none holds a record.
    pub ttl: Option<u32>,
}

/// A TXT record to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Where.
    pub owner: Name,
    /// Its text.
    pub value: String,
}

/// A term that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The term.
    pub term: String,
    /// Why.
    pub why: KeptReason,
}

/// Why a term cannot be replaced by addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptReason {
    /// A macro: each message asks for another name.
    Macro,
    /// `exists` asks for a name, not for addresses.
    Exists,
    /// `ptr` asks for the name of an address.
    Ptr,
    /// DNS did not answer.
    Failed(Failure),
    /// Nobody looked.
    Unread,
    /// The record leads back to itself: a "permerror" today.
    Loop,
    /// There is no record at the name: a "permerror" today (RFC 7208 section 5.2).
    NoRecord,
    /// There are several records at the name: a "permerror" today.
    SeveralRecords,
    /// A term of the record at the name is none: a "permerror" today.
    Invalid,
    /// More than ten mail exchanges: a "permerror" today (RFC 7208 section 4.6.4).
    TooManyHosts,
    /// More ranges than can be published under ten look-ups.
    TooManyRanges,
    /// The record at the name holds a term that must stay and means something else outside of that record.
    Inseparable,
    /// An explanation: `exp`, or a `redirect` to a record whose failures are explained in another way.
    Explanation,
}

/// More ranges than these of one `include` are not taken in. A record of 450 octets has room for about 23 ranges of
/// IPv4, so that not even ten of them would do.
const MAX_RANGES: usize = 256;

/// RFC 7208 section 4.6.4: more than ten MX records are a "permerror".
const MAX_HOSTS: usize = 10;

/// Flattens the SPF record of a domain.
///
/// Every address that gets a result other than "permerror" and "temperror" from the record of today gets the same one
/// from the new records. Where the old record needs too many look-ups, the new ones say what it would mean without
/// that limit.
pub fn flatten(tree: &SpfTree) -> Flattened {
    match record_of(tree.root()) {
        Ok(spf) => publish::publish(tree, flat(tree, 0, spf)),
        Err(_) => Flattened::default(),
    }
}

/// A record read in this way: ranges of addresses with their results, and between them what stays.
#[derive(Default)]
struct Flat {
    /// In the order of evaluation.
    steps: Vec<Step>,
    exp: Option<String>,
    dropped: Vec<String>,
    /// The nodes whose records went in.
    nodes: Vec<usize>,
    stale: Vec<Name>,
    ttl: Option<u32>,
}

enum Step {
    /// Any of these addresses; all there are for `all`.
    Ranges(Qualifier, Vec<IpNet>),
    Fixed(Fixed),
}

/// A term that stays.
struct Fixed {
    qualifier: Qualifier,
    /// The term without its qualifier.
    body: String,
    why: KeptReason,
    /// What it costs, with all that it leads to.
    lookups: usize,
    /// Does it mean the same in the record of another domain?
    portable: bool,
    is_redirect: bool,
}

/// The one record of a node that can be evaluated.
fn record_of(node: &SpfNode) -> Result<&Spf, KeptReason> {
    if let Some(failure) = node.asked.failure() {
        return Err(KeptReason::Failed(failure));
    }
    match node.asked.found.as_slice() {
        [] => Err(KeptReason::NoRecord),
        [spf] if spf.invalid().next().is_some() => Err(KeptReason::Invalid),
        [spf] => Ok(spf),
        _ => Err(KeptReason::SeveralRecords),
    }
}

fn flat(tree: &SpfTree, number: usize, spf: &Spf) -> Flat {
    let node = &tree.nodes[number];
    let is_exp = |term: &&Term| matches!(term.kind, TermKind::Exp(_));
    let exp = spf.terms.iter().find(is_exp).map(|term| spf.text(term).to_owned());
    let mut flat = Flat { exp, nodes: vec![number], ..Flat::default() };
    let mut reached = Vec::new();
    for (index, term) in spf.effective() {
        if flat.is_decided() {
            break;
        }
        reached.push(index);
        let lookup = node.lookups.iter().find(|lookup| lookup.term == index);
        if let Err(why) = flat.add(tree, term, lookup) {
            let lookups = lookup.map_or(0, |lookup| lookups_of(tree, lookup));
            flat.steps.push(Step::Fixed(fixed(node, spf, term, why, lookups)));
        }
    }
    let idle = spf.terms.iter().enumerate().filter(|(index, term)| !reached.contains(index) && !is_exp(term));
    flat.dropped.extend(idle.map(|(_, term)| spf.text(term).to_owned()));
    flat
}

impl Flat {
    /// Adds what a term stands for, or says why the term must stay.
    fn add(&mut self, tree: &SpfTree, term: &Term, lookup: Option<&Lookup>) -> Result<(), KeptReason> {
        let qualifier = term.result();
        match &term.kind {
            TermKind::All => self.push(qualifier, ranges::everything()),
            TermKind::Ip4(address, length) => {
                self.push(qualifier, Ipv4Net::new(*address, *length).map(IpNet::V4).into_iter().collect());
            }
            TermKind::Ip6(address, length) => {
                self.push(qualifier, Ipv6Net::new(*address, *length).map(IpNet::V6).into_iter().collect());
            }
            TermKind::A(_, prefixes) => {
                let answers = answers(lookup)?;
                self.push_hosts(qualifier, answers, *prefixes);
            }
            TermKind::Mx(_, prefixes) => {
                let answers = answers(lookup)?;
                check_exchanges(answers)?;
                self.push_hosts(qualifier, answers, *prefixes);
            }
            TermKind::Include(_) => self.take(included(target(tree, lookup)?, qualifier)?),
            TermKind::Redirect(_) => self.redirect(target(tree, lookup)?)?,
            TermKind::Ptr(_) => return Err(KeptReason::Ptr),
            TermKind::Exists(_) => return Err(KeptReason::Exists),
            TermKind::Exp(_) | TermKind::UnknownModifier | TermKind::Invalid(_) => {}
        }
        Ok(())
    }

    fn push(&mut self, qualifier: Qualifier, nets: Vec<IpNet>) {
        self.steps.push(Step::Ranges(qualifier, nets));
    }

    fn push_hosts(&mut self, qualifier: Qualifier, answers: &[Answer], prefixes: Prefixes) {
        let records = answers.iter().flat_map(Answer::records);
        self.push(qualifier, records.filter_map(|record| range(&record.data, prefixes)).collect());
        answers.iter().for_each(|answer| self.rests_on(answer));
    }

    /// Notes an answer that went in.
    fn rests_on(&mut self, answer: &Answer) {
        self.stale.push(answer.question.name.clone());
        let ttls = answer.aliases.iter().chain(answer.records()).map(|record| record.ttl);
        self.ttl = ttls.chain(self.ttl).min();
    }

    fn take(&mut self, part: Flat) {
        self.steps.extend(part.steps);
        self.nodes.extend(part.nodes);
        self.stale.extend(part.stale);
        self.ttl = part.ttl.into_iter().chain(self.ttl).min();
    }

    /// Goes on with the terms of the record that `redirect` names, where this record can say all that it says.
    ///
    /// RFC 7208 section 6.2: "when executing a "redirect" modifier, an "exp" modifier from the original domain MUST
    /// NOT be used." The macros of an explanation know whose record it is, so it stays where it is.
    fn redirect(&mut self, mut target: Flat) -> Result<(), KeptReason> {
        if target.steps.iter().any(|step| matches!(step, Step::Fixed(fixed) if !fixed.portable)) {
            return Err(KeptReason::Inseparable);
        }
        if target.fails() {
            if target.exp.is_some() || (self.exp.is_some() && self.fails()) {
                return Err(KeptReason::Explanation);
            }
            self.dropped.extend(self.exp.take());
        }
        self.dropped.append(&mut target.dropped);
        self.take(target);
        Ok(())
    }

    /// Can the record's own terms end in "fail", where an explanation is used?
    fn fails(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Ranges(qualifier, _) => *qualifier == Qualifier::Fail,
            Step::Fixed(fixed) => fixed.qualifier == Qualifier::Fail,
        })
    }

    /// Does no address get past the last step?
    fn is_decided(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Ranges(_, nets)) if ranges::is_everything(nets))
    }
}

/// The answers of `a` or `mx`.
fn answers(lookup: Option<&Lookup>) -> Result<&[Answer], KeptReason> {
    match lookup.map(|lookup| &lookup.target) {
        Some(Target::Answers(answers)) => match answers.iter().find_map(Answer::failure) {
            Some(failure) => Err(KeptReason::Failed(failure)),
            None => Ok(answers),
        },
        Some(Target::Undecided) => Err(KeptReason::Macro),
        _ => Err(KeptReason::Unread),
    }
}

/// Are the addresses of all mail exchanges there?
fn check_exchanges(answers: &[Answer]) -> Result<(), KeptReason> {
    let exchanges: Vec<&Record> = answers.first().map(Answer::records).unwrap_or_default().iter().collect();
    if exchanges.len() > MAX_HOSTS {
        return Err(KeptReason::TooManyHosts);
    }
    let has = |name: &Name, kind| answers.iter().any(|a| a.question.name == *name && a.question.kind == kind);
    let mut hosts = exchanges.into_iter().filter_map(Record::target).filter(|host| !host.is_root());
    if hosts.all(|host| has(host, Kind::A) && has(host, Kind::AAAA)) { Ok(()) } else { Err(KeptReason::Unread) }
}

fn range(data: &Data, prefixes: Prefixes) -> Option<IpNet> {
    match data {
        Data::A(address) => Ipv4Net::new(*address, prefixes.ip4).ok().map(IpNet::V4),
        Data::Aaaa(address) => Ipv6Net::new(*address, prefixes.ip6).ok().map(IpNet::V6),
        _ => None,
    }
}

/// The record that `include` or `redirect` leads to.
fn target(tree: &SpfTree, lookup: Option<&Lookup>) -> Result<Flat, KeptReason> {
    match lookup.map(|lookup| &lookup.target) {
        Some(Target::Node(number)) => {
            let node = tree.nodes.get(*number).ok_or(KeptReason::Unread)?;
            let mut flat = flat(tree, *number, record_of(node)?);
            flat.rests_on(&node.asked.answer);
            Ok(flat)
        }
        Some(Target::Loop(_)) => Err(KeptReason::Loop),
        Some(Target::Undecided) => Err(KeptReason::Macro),
        Some(Target::Answers(_) | Target::Unread) | None => Err(KeptReason::Unread),
    }
}

/// What of a record passes, with the result that an `include` of it gives.
///
/// RFC 7208 section 5.2: only a "pass" of the included record is a match; "fail", "softfail" and "neutral" are none,
/// so addresses that get one of these do not match by what follows in that record.
fn included(target: Flat, qualifier: Qualifier) -> Result<Flat, KeptReason> {
    let mut blocked: Vec<IpNet> = Vec::new();
    let mut steps = Vec::new();
    for step in target.steps {
        match step {
            Step::Ranges(Qualifier::Pass, nets) => {
                steps.push(Step::Ranges(qualifier, ranges::without(&nets, &blocked)));
            }
            Step::Ranges(_, nets) => blocked.extend(nets),
            // Nobody knows whom it matches, so ranges can neither be taken from it, nor it from ranges.
            Step::Fixed(fixed) if fixed.may_pass() && blocked.is_empty() => {
                steps.push(Step::Fixed(Fixed { qualifier, ..fixed }));
            }
            Step::Fixed(_) => return Err(KeptReason::Inseparable),
        }
    }
    if steps.iter().map(Step::ranges).sum::<usize>() > MAX_RANGES {
        return Err(KeptReason::TooManyRanges);
    }
    Ok(Flat { steps, exp: None, dropped: Vec::new(), ..target })
}

impl Step {
    fn ranges(&self) -> usize {
        match self {
            Step::Ranges(_, nets) => nets.len(),
            Step::Fixed(_) => 0,
        }
    }
}

impl Fixed {
    /// Can it stand in a record that includes this one, in its place?
    fn may_pass(&self) -> bool {
        self.portable && self.qualifier == Qualifier::Pass && !self.is_redirect
    }
}

/// The term as it stays. Where it means the domain of the record without naming it, and the record is not the domain's
/// own, it names it now.
fn fixed(node: &SpfNode, spf: &Spf, term: &Term, why: KeptReason, lookups: usize) -> Fixed {
    let (name, rest) = (spf.part(&term.name), spf.part(&(term.name.end..term.range.end)));
    let domain =
        if term.domain().is_none() && node.parent.is_some() { format!(":{}", node.name) } else { String::new() };
    Fixed {
        qualifier: term.result(),
        body: format!("{name}{domain}{rest}"),
        why,
        lookups,
        portable: term
            .domain()
            .map_or_else(|| can_be_written(&node.name), |domain| is_portable(spf.part(&domain.range))),
        is_redirect: matches!(term.kind, TermKind::Redirect(_)),
    }
}

/// RFC 7208 section 7.3: the macro `d` is the domain of the record, and `p` prefers a name that equals it.
fn is_portable(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    !domain.contains("%{d") && !domain.contains("%{p")
}

/// Can the name stand in a term? One with a percent sign, or without a letter at the end, cannot.
fn can_be_written(name: &Name) -> bool {
    let terms = terms(&format!("v=spf1 include:{name}")).unwrap_or_default();
    let is_read = |term: &Term| term.domain().and_then(|domain| domain.name.as_ref()) == Some(name);
    matches!(terms.as_slice(), [term] if is_read(term))
}

#[cfg(test)]
mod tests;

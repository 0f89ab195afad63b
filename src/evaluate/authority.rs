//! Do the name servers of a zone agree with each other, and the resolver with them?

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::dns::{Answer, Data, Failure, Record};
use crate::evidence::{Evidence, Replies};
use crate::name::Name;

/// A name server at one of its addresses.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Its name.
    pub host: &'a Name,
    /// The NS record that names it.
    pub record: &'a Record,
    /// What it says.
    pub replies: &'a Replies,
}

/// Name servers that give the same answer to a question.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// The answer of the first of them.
    pub answer: &'a Answer,
    /// What it says.
    pub contents: BTreeSet<String>,
    /// The servers; never empty.
    pub servers: Vec<Server<'a>>,
}

/// A start of authority, without its serial number, and the numbers that servers have.
#[derive(Clone, Debug)]
pub struct Version<'a> {
    /// Seconds until a secondary server asks again.
    pub refresh: u32,
    /// Each number, and a server that has it; the newest first.
    pub serials: Vec<(u32, Server<'a>)>,
}

impl Group<'_> {
    /// The serial number of the zone, where all of them have the same.
    pub fn serial(&self) -> Option<u32> {
        let mut serials = self.servers.iter().map(|server| server.replies.serial());
        let first = serials.next()?;
        first.filter(|_| serials.all(|serial| serial == first))
    }
}

impl Server<'_> {
    /// Is it an authority for the zone?
    pub fn knows_zone(&self) -> bool {
        self.replies.serial().is_some()
    }

    /// Did it answer, but not for this zone?
    pub fn is_lame(&self) -> bool {
        let refused = matches!(self.replies.soa.failure(), Some(Failure::Refused | Failure::ServFail));
        refused || self.replies.soa.is_absent()
    }

    /// Did it not answer at all?
    pub fn is_silent(&self) -> bool {
        matches!(self.replies.soa.failure(), Some(Failure::Timeout | Failure::Unreachable))
    }
}

/// All name servers that were to be asked, at each of their addresses.
pub fn servers(evidence: &Evidence) -> Vec<Server<'_>> {
    let all = evidence.name_servers.iter().filter_map(|server| Some((server, server.record.target()?)));
    all.flat_map(|(server, host)| server.replies.iter().map(|replies| Server { host, record: &server.record, replies }))
        .collect()
}

/// The name servers that have an answer to the question with this number, by what they answer.
pub fn groups(evidence: &Evidence, question: usize) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for server in servers(evidence) {
        let Some(answer) = server.replies.answers.get(question) else { continue };
        let Some(contents) = contents(answer) else { continue };
        match groups.iter_mut().find(|group| group.contents == contents) {
            Some(group) => group.servers.push(server),
            None => groups.push(Group { answer, contents, servers: vec![server] }),
        }
    }
    groups
}

/// What an answer says of the name that was asked for: the name it is an alias of, or its records, in any order and
/// whatever their TTL. Nothing where it says nothing.
pub fn contents(answer: &Answer) -> Option<BTreeSet<String>> {
    match (answer.failure(), answer.aliases.first()) {
        (_, Some(alias)) => Some(BTreeSet::from([value(alias)])),
        (Some(_), None) => None,
        (None, None) => Some(answer.records().iter().map(value).collect()),
    }
}

/// The data as a DNS panel shows them.
pub fn value(record: &Record) -> String {
    match &record.data {
        Data::Txt(txt) => txt.value.clone(),
        Data::Mx { preference, exchange } => format!("{preference} {exchange}"),
        Data::Cname(target) => format!("CNAME {target}"),
        _ => record.data_text().to_owned(),
    }
}

/// The versions of the zone, by its start of authority: numbers of different zones cannot be compared, as where two
/// providers each have their own.
pub fn versions(evidence: &Evidence) -> Vec<Version<'_>> {
    let mut found: BTreeMap<[&Name; 2], Version<'_>> = BTreeMap::new();
    for server in servers(evidence) {
        for record in server.replies.soa.records() {
            let Data::Soa(soa) = &record.data else { continue };
            let new = || Version { refresh: soa.refresh, serials: Vec::new() };
            let version = found.entry([&soa.primary, &soa.mailbox]).or_insert_with(new);
            if version.serials.iter().all(|(known, _)| *known != soa.serial) {
                version.serials.push((soa.serial, server));
            }
        }
    }
    for version in found.values_mut() {
        let first = version.serials[0].0;
        version.serials.sort_by_key(|(serial, _)| Reverse(lead(*serial, first)));
    }
    found.into_values().collect()
}

/// How far a serial number is ahead of another one.
///
/// RFC 1982 section 3.2: serial numbers go on from the largest with zero; the nearer way around tells which is later.
fn lead(serial: u32, other: u32) -> i32 {
    serial.wrapping_sub(other).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_around() {
        assert!(lead(2, 1) > 0 && lead(1, 2) < 0 && lead(1, 1) == 0);
        assert!(lead(0, u32::MAX) > 0 && lead(u32::MAX, 0) < 0);
    }
}

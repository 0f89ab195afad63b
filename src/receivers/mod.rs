//! What receivers will do: their published rules as tables in TOML, one file each, and a look-up in them. What holds
//! for any other receiver, by the standards, stands in `generic.toml`; what the tables have in common in `shared.toml`.
//!
//! No opinion of ours has a place here, and no condition: "neither SPF nor DKIM" is a rule of its own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::finding::{Aspect, Finding, Severity, aspects};
use crate::lang::{Lang, Phrase};
use crate::name::Name;
use crate::providers;

mod first;
mod recipient;
mod table;

pub use first::{Step, Turn, first};
pub use recipient::{Behind, Operator, Place, Recipient, Sign, receivers_of};
pub use table::all;
pub(crate) use table::group;

/// A receiver and what it publishes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// Stable id, such as `yahoo`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Most people write to its mailboxes: it is judged unless others are asked for.
    #[serde(default)]
    pub prominent: bool,
    /// What it publishes nothing about: there its table is empty on purpose, and what was not seen changes nothing.
    #[serde(default)]
    pub silent_on: Vec<Aspect>,
    /// Who counts as a bulk sender.
    pub bulk: Bulk,
    /// The documents that everything here rests on.
    pub source: Vec<Source>,
    /// Its mailboxes; none for what holds for any receiver.
    #[serde(default)]
    pub mailboxes: Vec<Mailboxes>,
    /// What it replies when it refuses.
    #[serde(default)]
    pub reply: Vec<Reply>,
    /// What it does about each finding.
    #[serde(deserialize_with = "table::lines")]
    pub when: Vec<When>,
    /// What it asks for and DNS cannot show.
    #[serde(default)]
    pub unchecked: Vec<Unchecked>,
}

/// Who counts as a bulk sender.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// How much mail that is.
    #[serde(deserialize_with = "table::phrase")]
    pub text: Phrase,
    /// The document that says so, by its id.
    pub source: String,
}

/// Mailboxes of a receiver.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailboxes {
    /// Their domains.
    pub domains: Vec<String>,
    /// Patterns of their MX hosts: how a hosted domain is recognised.
    #[serde(default)]
    pub mx: Vec<String>,
    /// The document that says so, by its id.
    pub source: String,
}

/// A reply to mail that is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// What `when.reply` names.
    pub id: String,
    /// Its words, as far as they are the same for all mail.
    pub text: String,
    /// The document that quotes it, by its id.
    pub source: String,
}

/// Something that a receiver asks for and DNS cannot show.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unchecked {
    /// What it is.
    #[serde(deserialize_with = "table::phrase")]
    pub text: Phrase,
    /// Of whom it is asked.
    pub sender: Sender,
    /// The document that says so, by its id.
    pub source: String,
}

/// A document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What `source` names everywhere else.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it stands, if there is such a place.
    #[serde(default)]
    pub url: Option<String>,
    /// The day of the copy that was read, else the day it was read.
    pub read: String,
    /// How sure it is.
    #[serde(default)]
    pub sure: Sure,
}

/// How sure a source is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// The receiver's own words, or those of a standard.
    #[default]
    Official,
    /// Somebody else's account of it.
    ThirdParty,
    /// What people in the field remember; no text was at hand.
    Memory,
}

/// What a receiver does about one finding.
#[derive(Debug)]
pub struct When {
    /// The rule's id.
    pub finding: String,
    /// For whose mail.
    pub sender: Sender,
    /// What it does.
    pub then: Outcome,
    /// What it replies, by the id of the reply, where it is known.
    pub reply: Option<String>,
    /// The document that says so, by its id.
    pub source: String,
}

/// Whose mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// Everyone's.
    Everyone,
    /// That of those who send much; what holds for everyone holds for them, too.
    Bulk,
}

/// What a receiver will do, from nothing to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing objected. It does not mean "accepted": there is more than DNS.
    Nothing,
    /// It may count against the mail.
    Risk,
    /// Not seen well enough to tell.
    Unsure,
    /// To the spam folder.
    Junk,
    /// Put off: "try again later", and in the end returned.
    Defer,
    /// Refused.
    Reject,
}

/// What one receiver will do with the mail of one kind of sender.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The receiver.
    pub receiver: &'static Receiver,
    /// Whose mail.
    pub sender: Sender,
    /// The worst of all that applies.
    pub outcome: Outcome,
    /// The same for each of [`Aspect::ALL`]; nothing where the receiver publishes nothing about it, or where nothing of
    /// it is to be seen.
    pub cells: [Option<Outcome>; 6],
    /// The lines of the table that lead to that outcome; the others are left out.
    pub because: Vec<&'static When>,
    /// Findings that leave something open, beside the outcome.
    pub unsure: Vec<&'static When>,
}

/// Those that most people write to: judged unless others are asked for.
pub fn prominent() -> impl Iterator<Item = &'static Receiver> {
    all().iter().filter(|receiver| receiver.prominent)
}

/// The receiver with this id, or the one whose mailboxes have this domain.
pub fn by_name(name: &str) -> Option<&'static Receiver> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let domain = name.rsplit_once('@').map_or(name.as_str(), |(_, domain)| domain);
    all().iter().find(|receiver| {
        receiver.id == name || receiver.mailboxes.iter().flat_map(|boxes| &boxes.domains).any(|own| own == domain)
    })
}

/// The receiver that an MX host belongs to.
pub fn by_mx(host: &Name) -> Option<&'static Receiver> {
    all().iter().find(|receiver| {
        receiver.mailboxes.iter().flat_map(|boxes| &boxes.mx).any(|pattern| providers::matches(pattern, host))
    })
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// Of what anything is to be seen at all: of the others no finding means nothing.
    pub seen: &'a [Aspect],
}

/// What these receivers will do with the mail of these senders: receiver by receiver, and in each the senders in turn.
pub fn judge(receivers: &[&'static Receiver], senders: &[Sender], case: Case) -> Vec<Verdict> {
    receivers.iter().flat_map(|receiver| senders.iter().map(|sender| verdict(receiver, *sender, case))).collect()
}

fn verdict(receiver: &'static Receiver, sender: Sender, case: Case) -> Verdict {
    let lines: Vec<(&When, &Finding)> = lines_for(receiver, sender, case.findings).collect();
    let outcome = worst(lines.iter().copied());
    let cells = Aspect::ALL.map(|aspect| {
        let own: Vec<_> = lines.iter().filter(|(_, finding)| finding.aspects().contains(&aspect)).copied().collect();
        let has_fault =
            || case.findings.iter().any(|it| it.severity > Severity::Advice && it.aspects().contains(&aspect));
        // A fault that the receiver says nothing of is not fine.
        let is_fine = || case.seen.contains(&aspect) && receiver.weighs(aspect, sender) && !has_fault();
        let is_judged = !receiver.silent_on.contains(&aspect) && (!own.is_empty() || is_fine());
        is_judged.then(|| worst(own.into_iter()))
    });
    let mut whens: Vec<&When> = lines.into_iter().map(|(when, _)| when).collect();
    whens.dedup_by(|a, b| std::ptr::eq(*a, *b));
    let (unsure, rest): (Vec<_>, Vec<_>) = whens.into_iter().partition(|when| when.then == Outcome::Unsure);
    let because = rest.into_iter().filter(|when| when.then == outcome).collect();
    Verdict { receiver, sender, outcome, cells, because, unsure }
}

/// The lines of a receiver that apply, each with the finding that it applies to.
fn lines_for<'a>(
    receiver: &'static Receiver,
    sender: Sender,
    findings: &'a [Finding],
) -> impl Iterator<Item = (&'static When, &'a Finding)> {
    let lines = receiver.when.iter().filter(move |when| when.sender.includes(sender));
    let heard = move |finding: &&Finding| !receiver.is_silent_on(&finding.aspects());
    lines.flat_map(move |when| {
        let own = findings.iter().filter(|finding| finding.id == when.finding);
        own.filter(heard).map(move |finding| (when, finding))
    })
}

fn worst<'a>(lines: impl Iterator<Item = (&'static When, &'a Finding)>) -> Outcome {
    lines.map(|(when, _)| when.then).max().unwrap_or(Outcome::Nothing)
}

impl Sender {
    /// Both.
    pub const ALL: [Sender; 2] = [Sender::Everyone, Sender::Bulk];

    /// Does a line for these hold for mail of those? What holds for everyone holds for bulk senders, too.
    fn includes(self, other: Sender) -> bool {
        self == other || self == Sender::Everyone
    }
}

impl Receiver {
    /// Does it publish anything about this for mail of these senders?
    fn weighs(&self, aspect: Aspect, sender: Sender) -> bool {
        let lines = self.when.iter().filter(|when| when.sender.includes(sender) && when.then != Outcome::Unsure);
        lines.into_iter().any(|when| aspects(&when.finding, &[]).contains(&aspect))
    }

    /// Does it publish nothing about all of these?
    fn is_silent_on(&self, aspects: &BTreeSet<Aspect>) -> bool {
        !aspects.is_empty() && aspects.iter().all(|aspect| self.silent_on.contains(aspect))
    }

    /// How sure the source with this id is.
    pub fn sure(&self, source: &str) -> Sure {
        self.source.iter().find(|own| own.id == source).map_or(Sure::Memory, |own| own.sure)
    }
}

impl Verdict {
    /// What the receiver would reply, where it is known.
    pub fn reply(&self) -> Option<&'static Reply> {
        let id = self.because.iter().find_map(|when| when.reply.as_ref())?;
        self.receiver.reply.iter().find(|reply| reply.id == *id)
    }

    /// What the receiver asks of this sender and DNS cannot show.
    pub fn unchecked(&self, lang: Lang) -> impl Iterator<Item = &'static str> {
        let sender = self.sender;
        let asked = move |point: &&Unchecked| point.sender == sender || point.sender == Sender::Everyone;
        self.receiver.unchecked.iter().filter(asked).map(move |point| point.text.get(lang))
    }
}

#[cfg(test)]
mod tests;

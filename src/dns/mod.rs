//! Asking DNS: one trait, and what an answer is.
//!
//! "No answer" is never "no record": NODATA, NXDOMAIN and each kind of failure stay apart from here to the report.
//! Who asks is elsewhere: [`live`] the network, [`zone`] zone data, [`crate::snapshot`] what was recorded.

pub mod built_in;
pub mod cache;
pub mod live;
pub mod overlay;
pub mod recorder;
pub mod zone;

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use crate::name::{Kind, Name, Question};
use crate::source::{Source, SourceKind, Span};
pub use crate::zone::{Data, Record, Txt};

/// Whoever can be asked.
pub trait Dns: Send + Sync {
    /// Asks. Cannot fail: a failure is an answer, too.
    fn ask(&self, question: &Question) -> impl Future<Output = Answer> + Send;

    /// Asks a question that nobody asks again in this run: a guess, of which there may be many. Nothing needs to be
    /// remembered of it.
    fn ask_once(&self, question: &Question) -> impl Future<Output = Answer> + Send {
        self.ask(question)
    }

    /// Asks a name server itself: what it does not know on its own authority is a failure. Only the network can be asked
    /// so; of all others nobody was asked.
    fn ask_server(&self, _server: IpAddr, question: &Question) -> impl Future<Output = Answer> + Send {
        std::future::ready(Answer::failed(question, Failure::NotAsked))
    }
}

/// What came back for a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// The records, or why there are none.
    pub outcome: Outcome,
    /// The CNAME records that were followed, in order, also when what they lead to does not exist.
    pub aliases: Vec<Record>,
    /// What is known of DNSSEC.
    pub security: Security,
    /// Why the server failed, as it says itself: the number of an extended error (RFC 8914 section 4).
    pub extended_error: Option<u16>,
    /// Who answered, as `address:port`; nothing for zone data and snapshots.
    pub server: Option<String>,
    /// The day on which it was read, where nobody was asked now (see [`built_in`]).
    pub as_of: Option<&'static str>,
}

/// What a question led to, at the end of its aliases.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Records of the type asked for; never empty.
    Records(Arc<[Record]>),
    /// The name exists, the type does not (NOERROR without answer; RFC 2308 section 2.2).
    NoData,
    /// The name does not exist, nor anything below it (RFC 8020).
    NxDomain,
    /// Nobody knows.
    Failed(Failure),
}

/// Why nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// No answer in time.
    Timeout,
    /// The server could not answer.
    ServFail,
    /// The server would not answer.
    Refused,
    /// DNSSEC validation failed.
    Bogus,
    /// The server could not be reached, or its answer was no DNS message.
    Unreachable,
    /// Aliases in a circle, or more than could be followed.
    AliasLoop,
    /// The zone data hold a record there, and it cannot be read.
    Unreadable,
    /// Nobody was asked: the zone data at hand say nothing of this name, and the network is not to be used.
    NotAsked,
}

/// What is known of DNSSEC for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// Nobody said.
    #[default]
    Unknown,
    /// The resolver did not vouch for it: the AD bit is not set.
    Insecure,
    /// The resolver vouches for it: the AD bit is set (RFC 4035 section 3.2.3).
    Secure,
}

/// How many aliases are followed before it is a loop.
pub const MAX_ALIASES: usize = 16;

impl Answer {
    /// An answer without aliases.
    pub fn new(question: Question, outcome: Outcome) -> Answer {
        Answer {
            question,
            outcome,
            aliases: Vec::new(),
            security: Security::Unknown,
            extended_error: None,
            server: None,
            as_of: None,
        }
    }

    /// An answer that nobody gave.
    pub fn failed(question: &Question, failure: Failure) -> Answer {
        Answer::new(question.clone(), Outcome::Failed(failure))
    }

    /// The records; none where there are none for whatever reason.
    pub fn records(&self) -> &[Record] {
        match &self.outcome {
            Outcome::Records(records) => records,
            _ => &[],
        }
    }

    /// Is it certain that there is no such record?
    pub fn is_absent(&self) -> bool {
        matches!(self.outcome, Outcome::NoData | Outcome::NxDomain)
    }

    /// Why nobody knows, if nobody does.
    pub fn failure(&self) -> Option<Failure> {
        match self.outcome {
            Outcome::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Does this answer lead where the answer to the wildcard leads, or hold the same texts? Then nobody has put a record
    /// there.
    ///
    /// RFC 4592 section 2.2.1: a query for the asterisk label itself is answered with the records of the wildcard.
    pub fn is_of_wildcard(&self, wildcard: &Answer) -> bool {
        match (self.aliases.first(), wildcard.aliases.first()) {
            (Some(here), Some(there)) => here.target() == there.target(),
            (None, None) => !wildcard.records().is_empty() && self.texts() == wildcard.texts(),
            _ => false,
        }
    }

    /// The values of all texts, sorted.
    fn texts(&self) -> Vec<&str> {
        let mut texts: Vec<&str> =
            self.records().iter().filter_map(|record| Some(record.txt()?.value.as_str())).collect();
        texts.sort_unstable();
        texts
    }

    /// Does another answer to the same question hold the same, in whatever order? Times to live and DNSSEC do not count, nor
    /// does what a SOA record holds: its serial moves with every change of the zone.
    pub fn says_the_same(&self, other: &Answer) -> bool {
        let of = |answer: &Answer| {
            let told = |record: &Record| match record.kind {
                Kind::SOA => String::new(),
                _ => record.data_text().to_owned(),
            };
            let mut records: Vec<String> = answer.records().iter().map(told).collect();
            records.sort_unstable();
            let aliases: Vec<Option<Name>> = answer.aliases.iter().map(|alias| alias.target().cloned()).collect();
            (answer.outcome.comment(), aliases, records)
        };
        of(self) == of(other)
    }

    /// The name at the end of the aliases.
    pub fn final_name(&self) -> &Name {
        self.aliases.last().and_then(Record::target).unwrap_or(&self.question.name)
    }

    /// The question as a place, for a finding about something that is not there.
    pub fn question_span(&self) -> Span {
        let text = format!("{} {}  ; {}", self.question.name.absolute(), self.question.kind, self.outcome.comment());
        let end = text.find("  ;").unwrap_or(text.len());
        Span {
            source: Source::new(self.question.to_string(), text, SourceKind::Answer),
            bytes: 0..end,
            record_set: Some(self.question.clone()),
        }
    }

    /// The places of all records; the question where there are none.
    pub fn spans(&self) -> Vec<Span> {
        match self.records() {
            [] => vec![self.question_span()],
            records => records.iter().map(Record::span).collect(),
        }
    }
}

impl Outcome {
    /// The outcome as a comment in zone data, in the terms of the protocol.
    pub fn comment(&self) -> &'static str {
        match self {
            Outcome::Records(_) => "NOERROR",
            Outcome::NoData => "NODATA",
            Outcome::NxDomain => "NXDOMAIN",
            Outcome::Failed(failure) => failure.code(),
        }
    }
}

impl Failure {
    /// The failure in the terms of the protocol: also the word that snapshots store.
    pub fn code(self) -> &'static str {
        match self {
            Failure::Timeout => "TIMEOUT",
            Failure::ServFail => "SERVFAIL",
            Failure::Refused => "REFUSED",
            Failure::Bogus => "BOGUS",
            Failure::Unreachable => "UNREACHABLE",
            Failure::AliasLoop => "CNAME-LOOP",
            Failure::Unreadable => "UNREADABLE",
            Failure::NotAsked => "NOT-ASKED",
        }
    }
}

impl<D: Dns> Dns for &D {
    async fn ask(&self, question: &Question) -> Answer {
        (**self).ask(question).await
    }

    async fn ask_once(&self, question: &Question) -> Answer {
        (**self).ask_once(question).await
    }

    async fn ask_server(&self, server: IpAddr, question: &Question) -> Answer {
        (**self).ask_server(server, question).await
    }
}

impl<D: Dns> Dns for Arc<D> {
    async fn ask(&self, question: &Question) -> Answer {
        (**self).ask(question).await
    }

    async fn ask_once(&self, question: &Question) -> Answer {
        (**self).ask_once(question).await
    }

    async fn ask_server(&self, server: IpAddr, question: &Question) -> Answer {
        (**self).ask_server(server, question).await
    }
}

/// Nobody: each question is answered by "not asked".
impl<D: Dns> Dns for Option<D> {
    async fn ask(&self, question: &Question) -> Answer {
        match self {
            Some(dns) => dns.ask(question).await,
            None => Answer::failed(question, Failure::NotAsked),
        }
    }
}

/// Splits the records of an answer section into the aliases that lead on from the name asked for, and what stands at
/// their end. For readers of messages, zones and snapshots alike.
pub fn follow(question: &Question, records: Vec<Record>) -> (Vec<Record>, Vec<Record>) {
    let mut aliases: Vec<Record> = Vec::new();
    let mut name = question.name.clone();
    if question.kind != Kind::CNAME {
        while aliases.len() < MAX_ALIASES {
            let Some(alias) = records.iter().find(|r| r.kind == Kind::CNAME && r.owner == name) else { break };
            let Some(target) = alias.target().cloned() else { break };
            aliases.push(alias.clone());
            name = target;
        }
    }
    let found = records.into_iter().filter(|r| r.kind == question.kind && r.owner == name).collect();
    (aliases, found)
}

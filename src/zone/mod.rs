//! Zone data, each record with its place in a text.
//!
//! DNS has one written form, the zone line: a zone file holds them, a snapshot stores them, a live answer is written
//! as them. So every record of this program comes out of a text, and a finding can point into it. What the data mean
//! for mail is not known here.

mod cloudflare;
pub mod comments;
mod directive;
mod dnscontrol;
mod document;
mod export;
pub mod folder;
pub mod format;
mod generate;
mod head;
mod lexer;
pub mod master;
mod octodns;
mod rdata;
mod records;
mod route53;
mod terraform;
mod txt;
pub mod write;
mod written;

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::Arc;

use crate::name::{Kind, Name, NameError, Question};
use crate::source::{Extent, Source, Span};

pub use txt::Txt;

/// A text with more problems is no zone: the others are only counted.
pub const MAX_PROBLEMS: usize = 10_000;

/// What a text of zone lines holds.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The apex: the owner of the SOA record, else the origin that was given, else the first `$ORIGIN`.
    pub origin: Name,
    /// The text itself (not those that it includes).
    pub source: Arc<Source>,
    /// All records that could be read, in the order of the text, `$INCLUDE` and `$GENERATE` carried out.
    pub records: Vec<Record>,
    /// What could not be read, in the order of the text; the first [`MAX_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// How many problems there are behind those.
    pub more_problems: usize,
    /// Record sets that are there, but the text does not tell what they hold: aliases that a provider resolves, and
    /// values that are known only once they are made.
    pub untold: Vec<Question>,
    /// There may be records that the text does not name: nothing follows from what it does not hold.
    pub partial: bool,
}

/// One resource record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The owner name.
    pub owner: Name,
    /// The type.
    pub kind: Kind,
    /// Time to live in seconds.
    pub ttl: u32,
    /// What the record says.
    pub data: Data,
    /// Where it is written.
    pub line: Line,
}

/// Where a record is written.
#[derive(Clone, Debug)]
pub struct Line {
    /// The text.
    pub source: Arc<Source>,
    bytes: Extent,
    owner: Extent,
    data: Extent,
    /// The record in JSON or YAML; nothing where it is a zone line.
    pub elsewhere: Option<Box<Elsewhere>>,
}

/// A record that is written in another form than a zone line.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The data as a zone line has them.
    pub data: Box<str>,
    /// Where each field of the data is written.
    pub fields: Box<[Extent]>,
}

/// The data of the types that this program reads; of all others only the place is kept. Types of which a zone has many
/// need no space for those of which it has few.
#[derive(Clone, Debug)]
pub enum Data {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// The name that the owner is an alias of.
    Cname(Name),
    /// A name server.
    Ns(Name),
    /// The name of an address.
    Ptr(Name),
    /// A mail exchange.
    Mx {
        /// Lower is tried first.
        preference: u16,
        /// The host; the root in a null MX (RFC 7505).
        exchange: Name,
    },
    /// The start of authority.
    Soa(Box<Soa>),
    /// Character-strings of a TXT record (or one of the obsolete type SPF).
    Txt(Arc<Txt>),
    /// What a TLS server is known by (RFC 6698).
    Tlsa(Box<Tlsa>),
    /// Who may issue certificates (RFC 8659).
    Caa(Box<Caa>),
    /// Any other type.
    Other,
}

/// The start of authority: what an SOA record says (RFC 1035 section 3.3.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Soa {
    /// The primary name server.
    pub primary: Name,
    /// The mailbox of whom is responsible, as a name.
    pub mailbox: Name,
    /// The serial number.
    pub serial: u32,
    /// Seconds until a secondary server asks again.
    pub refresh: u32,
    /// Seconds until it asks again after a failure.
    pub retry: u32,
    /// Seconds until it stops answering when all fails.
    pub expire: u32,
    /// Seconds that "no such record" may be kept (RFC 2308 section 4).
    pub minimum: u32,
}

/// What a CAA record says (RFC 8659 section 4.1).
#[derive(Clone, Debug)]
pub struct Caa {
    /// The highest bit: who does not know the tag must not issue.
    pub flags: u8,
    /// The name of the property, as it is written.
    pub tag: String,
    /// Its value.
    pub value: Arc<Txt>,
}

/// What a TLSA record says; the numbers are those of RFC 6698 sections 2.1.1 to 2.1.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlsa {
    /// 0 and 1 for certificates of public authorities, 2 for an authority of one's own, 3 for the server's certificate.
    pub usage: u8,
    /// What is compared: 0 the whole certificate, 1 its public key.
    pub selector: u8,
    /// How: 0 octet by octet, 1 by SHA-256, 2 by SHA-512.
    pub matching: u8,
    /// What it is compared with.
    pub data: Arc<[u8]>,
}

/// Something in the text that could not be read. Reading went on behind it.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub at: Span,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A quotation mark is not closed on its line.
    UnclosedQuote,
    /// A parenthesis is not closed.
    UnclosedParenthesis,
    /// A closing parenthesis without an opening one.
    StrayParenthesis,
    /// A backslash that escapes nothing, or a number over 255 behind it.
    BadEscape,
    /// No type is on the line, or there is one that nobody knows.
    NoType,
    /// The line begins with a blank, and there is no owner before it.
    NoOwner,
    /// A relative name, and the origin is not known.
    NoOrigin,
    /// A name that is none.
    BadName(NameError),
    /// The data do not fit the type.
    BadData(Kind),
    /// A character-string of more than 255 octets.
    LongString,
    /// A class other than IN.
    BadClass,
    /// A `$` line that is not known, or whose arguments cannot be read.
    BadDirective,
    /// `$INCLUDE` of a file that is not there or cannot be read.
    IncludeFailed,
    /// `$INCLUDE` of a file outside of the folder that was named.
    IncludeOutside,
    /// `$INCLUDE` too deep, or in a circle.
    IncludeDepth,
    /// `$GENERATE` of too many records.
    GenerateTooMany,
    /// A name that does not belong to this zone.
    OutOfZone,
    /// JSON or YAML that cannot be read from here on.
    BadSyntax,
    /// Lists and mappings of JSON or YAML that go too deep.
    TooDeep,
    /// Aliases of YAML that stand for too much.
    TooManyAliases,
    /// A key that stands twice in a mapping: the last one counts.
    DuplicateKey,
    /// A field is missing that the record needs.
    MissingField,
    /// Something else is expected here: a text, a list, or a mapping.
    WrongForm,
}

impl Zone {
    /// What could not be read, of the zone itself.
    pub fn unread(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.kind != ProblemKind::OutOfZone)
    }

    /// All texts that the zone is made of: its own, and those that it includes.
    pub fn sources(&self) -> Vec<&Arc<Source>> {
        let of_records = self.records.iter().map(|record| &record.line.source);
        let of_problems = self.problems.iter().map(|problem| &problem.at.source);
        let mut sources = vec![&self.source];
        let mut known = HashSet::from([Arc::as_ptr(&self.source)]);
        sources.extend(of_records.chain(of_problems).filter(|source| known.insert(Arc::as_ptr(source))));
        sources
    }

    /// Was all of the zone read? Otherwise nothing follows from what it does not hold.
    pub fn is_whole(&self) -> bool {
        !self.partial && self.more_problems == 0 && !self.problems.iter().any(|problem| problem.kind.hides_records())
    }
}

impl ProblemKind {
    /// May there be records that were not read, and of which nothing is known?
    pub fn hides_records(&self) -> bool {
        self.is_unread_include()
            || matches!(self, ProblemKind::BadSyntax | ProblemKind::TooDeep | ProblemKind::TooManyAliases)
    }

    /// Is there a file that belongs to the text and was not read?
    pub fn is_unread_include(&self) -> bool {
        matches!(self, ProblemKind::IncludeFailed | ProblemKind::IncludeOutside)
    }
}

impl Line {
    /// A record that is written at these places of a text.
    pub fn new(source: &Arc<Source>, bytes: Range<usize>, owner: Range<usize>, data: Range<usize>) -> Line {
        let (source, elsewhere) = (Arc::clone(source), None);
        Line { source, bytes: bytes.into(), owner: owner.into(), data: data.into(), elsewhere }
    }

    /// The whole record, from its owner (or its first token) to its last token, without a comment.
    pub fn bytes(&self) -> Range<usize> {
        self.bytes.range()
    }

    /// The owner name; empty where it is left out and taken from the line before.
    pub fn owner(&self) -> Range<usize> {
        self.owner.range()
    }

    /// The data, from first to last token.
    pub fn data(&self) -> Range<usize> {
        self.data.range()
    }
}

impl Record {
    /// Owner and type.
    pub fn record_set(&self) -> Question {
        Question::new(&self.owner, self.kind)
    }

    /// The whole record.
    pub fn span(&self) -> Span {
        self.at(self.line.bytes())
    }

    /// The text that it is written in.
    pub fn source(&self) -> &Arc<Source> {
        &self.line.source
    }

    /// Is it written as a zone line, and not in JSON or YAML?
    pub fn is_zone_line(&self) -> bool {
        self.line.elsewhere.is_none()
    }

    /// The data.
    pub fn data_span(&self) -> Span {
        self.at(self.line.data())
    }

    /// The data as a zone line has them, as they are written.
    pub fn data_text(&self) -> &str {
        let written = self.line.source.text.get(self.line.data()).unwrap_or_default();
        self.line.elsewhere.as_ref().map_or(written, |elsewhere| &elsewhere.data)
    }

    /// The owner name, or the record where the owner is left out.
    pub fn owner_span(&self) -> Span {
        let owner = self.line.owner();
        self.at(if owner.is_empty() { self.line.bytes() } else { owner })
    }

    /// The n-th field of the data, from 0, as it is written; the data where there are fewer.
    pub fn field_span(&self, n: usize) -> Span {
        let field = match &self.line.elsewhere {
            Some(elsewhere) => elsewhere.fields.get(n).map(|field| field.range()),
            None => master::fields(&self.line.source.text, &self.line.data()).into_iter().nth(n),
        };
        self.at(field.unwrap_or_else(|| self.line.data()))
    }

    /// Does its line stand for many records, as `$GENERATE` does?
    pub fn is_generated(&self) -> bool {
        // The owner is what the line begins with, unless it stands behind that word.
        !self.line.owner().is_empty()
            && self.line.elsewhere.is_none()
            && self.line.owner().start != self.line.bytes().start
    }

    /// The record as one line with absolute names: what to show, and what a snapshot stores.
    pub fn to_line(&self) -> String {
        write::line(self)
    }

    /// The host or name that the data name, for the types that name one.
    pub fn target(&self) -> Option<&Name> {
        match &self.data {
            Data::Cname(name) | Data::Ns(name) | Data::Ptr(name) | Data::Mx { exchange: name, .. } => Some(name),
            _ => None,
        }
    }

    /// The address of an A or AAAA record.
    pub fn address(&self) -> Option<IpAddr> {
        match self.data {
            Data::A(address) => Some(address.into()),
            Data::Aaaa(address) => Some(address.into()),
            _ => None,
        }
    }

    /// The text of a TXT record.
    pub fn txt(&self) -> Option<&Arc<Txt>> {
        match &self.data {
            Data::Txt(txt) => Some(txt),
            _ => None,
        }
    }

    /// What a TLSA record says.
    pub fn tlsa(&self) -> Option<&Tlsa> {
        match &self.data {
            Data::Tlsa(tlsa) => Some(tlsa),
            _ => None,
        }
    }

    /// The strings of a TXT record that is written without any quotation mark or escape, and what stands behind `;` on
    /// its line.
    pub fn unquoted(&self) -> Option<(Vec<&str>, &str)> {
        let text = &self.line.source.text;
        let (data, behind) = (text.get(self.line.data())?, text.get(self.line.data().end..)?);
        if self.kind != Kind::TXT || self.line.elsewhere.is_some() || data.contains(['"', '\\']) {
            return None;
        }
        let fields = master::fields(text, &self.line.data());
        let comment = behind.lines().next().unwrap_or_default().trim_start().strip_prefix(';').unwrap_or_default();
        Some((fields.into_iter().filter_map(|field| text.get(field)).collect(), comment))
    }

    fn at(&self, bytes: Range<usize>) -> Span {
        Span { source: Arc::clone(&self.line.source), bytes, record_set: Some(self.record_set()) }
    }
}

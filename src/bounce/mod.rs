//! Bounces: what a mail that came back says, or a pasted reply, or a line of a log; and what it means.
//!
//! Reading takes out what stands there, with its places; a table of causes says what a reply means at this receiver.
//! Nothing here asks DNS: whether the records of today explain the refusal, `check` finds out.

mod address;
mod cause;
mod clues;
mod copy;
mod fields;
mod html;
mod log;
mod marks;
mod matching;
mod message;
mod notice;
mod notification;
mod passage;
mod read;
mod recheck;
mod reply;
mod status;

use std::fmt;

use serde::Serialize;

use crate::source::Span;

pub use cause::{Cause, Class, Codes, Family, Fixer, Meaning, Recognise, Statuses, families, meanings};
pub use clues::{Clues, operator};
pub use matching::{cause, family};
pub use read::LARGEST;
pub use recheck::{Explanation, KeyToday, Recheck, SpfToday};

/// Reads a file, and says what its replies mean: one mail, an mbox with many, or a text such as one line of a log. What
/// is beyond [`LARGEST`] is not read.
pub fn read(name: &str, bytes: &[u8]) -> Vec<Bounce> {
    let mut bounces = read::read(name, bytes);
    bounces.iter_mut().flat_map(|bounce| &mut bounce.recipients).for_each(Refusal::weigh);
    bounces
}

/// What a mail, or a text in place of one, tells about other mail.
#[derive(Clone, Debug)]
pub struct Bounce {
    /// What it is.
    pub kind: Kind,
    /// For whom the mail was, and what became of it for each; empty unless it is a bounce.
    pub recipients: Vec<Refusal>,
    /// There is more in it than is read: of some thousand recipients, these are the first.
    pub is_cut: bool,
    /// The mail that came back, as far as it is quoted.
    pub original: Original,
}

/// What a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Mail was not delivered.
    Failed,
    /// Mail was not delivered yet, and is tried again.
    Delayed,
    /// Mail was delivered, passed on or expanded: no bounce.
    Delivered,
    /// An answer of a machine: out of office, a confirmation. No bounce.
    AutoReply,
    /// A complaint about mail that was delivered (RFC 5965). No bounce.
    Feedback,
    /// Any other mail or text. No bounce.
    Other,
}

/// Words out of a mail, and where they stand.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// The words.
    pub text: String,
    /// Their place, in the decoded text of their part.
    pub span: Span,
}

/// What became of the mail for one recipient.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// Whom it was for.
    pub recipient: Option<Quoted>,
    /// Whom the sender named, where the report tells it (RFC 3464 section 2.3.1): mail may have been passed on.
    pub original_recipient: Option<Quoted>,
    /// The server that refused; nothing where nobody is named, so that the generator itself did.
    pub remote: Option<Quoted>,
    /// The server that wrote the bounce.
    pub generator: Option<Quoted>,
    /// The enhanced status code of the report (RFC 3464 section 2.3.4); it may differ from that of the reply.
    pub status: Option<Quoted>,
    /// Until when the mail is tried again (RFC 3464 section 2.3.9).
    pub retry_until: Option<Quoted>,
    /// The replies, the one that says most first: what stands inside of a wrapper comes before the wrapper.
    pub replies: Vec<Reply>,
    /// Whose reply it is, as far as host and words tell.
    pub family: Option<&'static Family>,
    /// What it means; nothing where no cause is known.
    pub cause: Option<&'static Cause>,
}

impl Refusal {
    /// Whose replies these are, and what they mean.
    fn weigh(&mut self) {
        self.family = self.family();
        let said = self.replies.iter().find_map(|reply| cause(self.family, reply));
        self.cause = said.or_else(|| cause(self.family, &Reply::of_status(self.status.as_ref()?)));
    }

    /// Where no other server is named, a code or the recipient may tell who refused; else who wrote the bounce did.
    fn family(&self) -> Option<&'static Family> {
        let remote = self.remote.as_ref().map(|host| host.text.as_str());
        let named = family(remote, self.replies.iter().map(|reply| reply.text.as_str()));
        let coded = || matching::by_code(self.replies.first()?);
        let meant = || matching::by_recipient(&self.recipient.as_ref()?.text);
        let worded = || self.replies.iter().find_map(matching::by_code_and_words);
        let wrote = || family(Some(&self.generator.as_ref()?.text), []);
        let told = named.or_else(coded);
        if remote.is_some() { told } else { told.or_else(meant).or_else(worded).or_else(wrote) }
    }

    /// The reply code of the reply that says most.
    pub fn smtp(&self) -> Option<u16> {
        self.replies.iter().find_map(|reply| reply.smtp)
    }

    /// The enhanced code of the reply that says most, or of the report where that tells more than `5.0.0`.
    pub fn enhanced(&self) -> Option<Enhanced> {
        let (first, others) =
            self.replies.split_first().map_or((None, &self.replies[..]), |(first, others)| (first.enhanced, others));
        let status = self.status.as_ref().and_then(|status| Enhanced::read(&status.text));
        let all = || first.into_iter().chain(status).chain(others.iter().filter_map(|reply| reply.enhanced));
        all().find(|code| (code.1, code.2) != (0, 0)).or_else(|| all().next())
    }
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The reply code (RFC 5321 section 4.2), such as 550.
    pub smtp: Option<u16>,
    /// The enhanced status code (RFC 3463): class, subject, detail.
    pub enhanced: Option<Enhanced>,
    /// All its words, on one line.
    pub text: String,
    /// Its place.
    pub span: Span,
}

impl Reply {
    /// The code of a report, as if it were a reply.
    fn of_status(status: &Quoted) -> Reply {
        let (text, span) = (status.text.clone(), status.span.clone());
        Reply { smtp: None, enhanced: Enhanced::read(&text), text, span }
    }
}

/// An enhanced status code (RFC 3463), such as 5.7.26.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Enhanced(pub u8, pub u16, pub u16);

impl Enhanced {
    /// Reads the code at the beginning of a text (RFC 3463 section 2): of one digit, and twice of up to three.
    pub fn read(text: &str) -> Option<Enhanced> {
        reply::enhanced_at(text).map(|(code, _)| code)
    }
}

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The mail that came back, as far as it is quoted.
#[derive(Clone, Debug, Default)]
pub struct Original {
    /// The address in From.
    pub from: Option<Quoted>,
    /// The address in MAIL FROM; empty for a bounce of a bounce.
    pub mail_from: Option<Quoted>,
    /// The address that it came from, as a receiver saw it.
    pub sending_ip: Option<Quoted>,
    /// Domain and selector of each DKIM signature.
    pub signatures: Vec<(Quoted, Quoted)>,
    /// The Authentication-Results headers.
    pub authentication_results: Vec<Quoted>,
    /// When it was sent.
    pub date: Option<Quoted>,
}

impl Bounce {
    /// What is none.
    fn none(kind: Kind) -> Bounce {
        Bounce { kind, recipients: Vec::new(), is_cut: false, original: Original::default() }
    }
}

impl Kind {
    /// Is it a bounce: was mail refused, or is it late?
    pub fn is_bounce(self) -> bool {
        matches!(self, Kind::Failed | Kind::Delayed)
    }
}

//! Bounces: what a mail that came back says, or a pasted reply, or a line of a log; and what it means.
//!
//! Reading takes out what stands there, with its places; a table of causes says what a reply means at this receiver.
//! Nothing here asks DNS: whether the records of today explain the refusal, `check` finds out.

mod cause;

use crate::source::Span;

pub use cause::{Cause, Class, Fixer, Meaning};

/// What a mail, or a text in place of one, tells about other mail.
#[derive(Clone, Debug)]
pub struct Bounce {
    /// What it is.
    pub kind: Kind,
    /// For whom the mail was, and what became of it for each; empty unless it is a bounce.
    pub recipients: Vec<Refusal>,
    /// The mail that came back, as far as it is quoted.
    pub original: Original,
}

/// What a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The server that refused; nothing where nobody is named, so that the generator itself did.
    pub remote: Option<Quoted>,
    /// The server that wrote the bounce.
    pub generator: Option<Quoted>,
    /// The enhanced status code of the report (RFC 3464 section 2.3.4); it may differ from that of the reply.
    pub status: Option<Quoted>,
    /// The replies, the one that says most first: what stands inside of a wrapper comes before the wrapper.
    pub replies: Vec<Reply>,
    /// What it means; nothing where no cause is known.
    pub cause: Option<&'static Cause>,
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

/// An enhanced status code (RFC 3463), such as 5.7.26.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Enhanced(pub u8, pub u16, pub u16);

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

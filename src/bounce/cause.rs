//! Causes: what a reply means, by receiver, as tables in TOML.

use crate::lang::Phrase;

/// What a reply means at one receiver.
#[derive(Debug)]
pub struct Cause {
    /// Stable id, such as `yahoo-5.7.9`.
    pub id: String,
    /// What it means, and what to do.
    pub meaning: &'static Meaning,
}

/// What many causes have in common.
#[derive(Debug)]
pub struct Meaning {
    /// Stable id, such as `dmarc-reject`.
    pub id: String,
    /// The coarse class.
    pub class: Class,
    /// The reason, in the names of sisimai, such as `authfailure`.
    pub reason: String,
    /// Whose turn it is.
    pub turn: Fixer,
    /// Rules to look at, by their ids.
    pub rules: Vec<String>,
    /// What the reply says.
    pub says: Phrase,
    /// What to do.
    pub remedy: Phrase,
}

/// The coarse class of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// SPF, DKIM, DMARC.
    Authentication,
    /// Of the sending address or domain, and block lists.
    Reputation,
    /// Too much, too fast.
    Rate,
    /// The recipient's mailbox.
    Recipient,
    /// DNS, and the way to the receiver.
    Dns,
    /// The server does not take mail for this domain, or from this client.
    Relay,
    /// What is in the mail.
    Content,
    /// Anything else.
    Other,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fixer {
    /// The DNS of the sender's domain.
    SenderDns,
    /// The service that sends, or its administrator.
    SenderService,
    /// The administrator of the receiver.
    Receiver,
    /// The recipient.
    Recipient,
    /// Nobody: wait.
    Nobody,
}

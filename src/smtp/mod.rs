//! Asking mail servers: one trait, and what a host says before any mail is sent: its greeting, STARTTLS, its certificate.
//!
//! As with DNS, no answer is an answer, too. Who asks is elsewhere: [`live`] the network.

pub mod cache;
pub mod live;
mod reply;

use std::future::Future;
use std::net::IpAddr;

use crate::name::Name;
use crate::tls::CertificateFault;

pub use reply::Reply;

/// Whoever can look at a mail server.
pub trait Smtp: Send + Sync {
    /// Looks at the host at this address. Cannot fail: a failure is a probe, too.
    fn probe(&self, host: &Name, address: IpAddr) -> impl Future<Output = Probe> + Send;
}

/// What was seen of a mail server.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The host, as the MX record names it.
    pub host: Name,
    /// The address that was asked.
    pub address: IpAddr,
    /// The greeting, if there was one.
    pub greeting: Option<Reply>,
    /// The answer to EHLO, if there was one.
    pub ehlo: Option<Reply>,
    /// TLS, or how far it went.
    pub outcome: Result<Tls, Failure>,
}

/// A connection with TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The version.
    pub version: TlsVersion,
    /// The certificates as DER, the server's own first.
    pub chain: Vec<Vec<u8>>,
    /// Why the certificate does not prove that it is this host; nothing where it does.
    pub fault: Option<CertificateFault>,
}

/// A version of TLS that may still be used (RFC 8996).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    Tls12,
    Tls13,
}

/// Why there is no connection with TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody was asked.
    NotAsked,
    /// The address does not belong to the Internet.
    PrivateAddress,
    /// No connection, or none in time.
    Unreachable,
    /// A connection, and then no answer in time, or it broke.
    Silent,
    /// The answer is not SMTP, or breaks its bounds.
    Protocol,
    /// The server does not want to talk: its greeting, or its answer to EHLO.
    Refused(Reply),
    /// The server does not offer STARTTLS.
    NoStartTls,
    /// It does, and then refuses it.
    StartTlsRefused(Reply),
    /// Something came in clear text behind the answer to STARTTLS, where only TLS may come.
    Injected,
    /// The server speaks neither TLS 1.2 nor TLS 1.3.
    OldTls,
    /// The handshake failed; the text says why, in the words of the protocol.
    Handshake(String),
}

impl Probe {
    /// A probe that went no further than this.
    pub fn failed(host: &Name, address: IpAddr, failure: Failure) -> Probe {
        Probe { host: host.clone(), address, greeting: None, ehlo: None, outcome: Err(failure) }
    }

    /// Why there is no TLS, if there is none.
    pub fn failure(&self) -> Option<&Failure> {
        self.outcome.as_ref().err()
    }

    /// What is wrong with the certificate, if there is one, and something is.
    pub fn fault(&self) -> Option<&CertificateFault> {
        self.outcome.as_ref().ok()?.fault.as_ref()
    }
}

/// Nobody: each host is "not asked".
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Smtp for Nobody {
    async fn probe(&self, host: &Name, address: IpAddr) -> Probe {
        Probe::failed(host, address, Failure::NotAsked)
    }
}

/// Nobody, where there is none.
impl<S: Smtp> Smtp for Option<S> {
    async fn probe(&self, host: &Name, address: IpAddr) -> Probe {
        match self {
            Some(smtp) => smtp.probe(host, address).await,
            None => Nobody.probe(host, address).await,
        }
    }
}

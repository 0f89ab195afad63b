//! Asking web servers: one trait, and what comes back for a URL.
//!
//! As with DNS, no answer is an answer, too: each way in which a page could not be had stays apart from here to the
//! report. Who asks is elsewhere: [`live`] the network, `snapshot` what was recorded.

pub mod live;
pub mod recorder;
mod url;

use std::future::Future;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::source::{Source, SourceKind, Span};

pub use crate::tls::CertificateFault;
pub use url::{Url, UrlError};

/// Whoever can be asked for a page.
pub trait Web: Send + Sync {
    /// Asks. Cannot fail: a failure is a page, too.
    fn fetch(&self, request: &Request) -> impl Future<Output = Page> + Send;
}

/// What to ask for, and how far to go for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The page.
    pub url: Url,
    /// More octets than these are not read.
    pub largest: usize,
    /// So many redirects are followed.
    pub redirects: usize,
}

/// What came back for a URL.
#[derive(Clone, Debug)]
pub struct Page {
    /// What was asked for.
    pub url: Url,
    /// Where the redirects that were followed led, in order.
    pub redirects: Vec<Url>,
    /// The document, or why there is none.
    pub outcome: Result<Document, Failure>,
}

/// What a server sent with status 200.
#[derive(Clone, Debug)]
pub struct Document {
    /// The field Content-Type, if there was one.
    pub content_type: Option<String>,
    /// The octets.
    pub octets: Arc<[u8]>,
    /// The octets read as UTF-8, for findings to point into.
    pub text: Arc<Source>,
}

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// Nobody was asked.
    NotAsked,
    /// The host's addresses could not be looked up: nothing is known of the page.
    NotResolved,
    /// The host has no address.
    NoAddress,
    /// The host has only addresses that do not belong to the Internet.
    PrivateAddress,
    /// No answer in time.
    Timeout,
    /// No connection, or it broke.
    Unreachable,
    /// The certificate does not hold.
    Certificate(CertificateFault),
    /// There is a server, and no TLS connection to it; the text says why, in the words of the protocol.
    Tls(String),
    /// The answer is not HTTP, or breaks its rules.
    Protocol,
    /// The document is larger than what was asked for.
    TooLarge,
    /// A status other than 200.
    Status(u16),
    /// A redirect that is not followed, and where it leads.
    Redirect(String),
}

/// The largest policy that is read.
///
/// RFC 8461 section 3.3: the "suggested maximum policy size" is 64 kilobytes.
const LARGEST_POLICY: usize = 64 * 1024;

/// The largest image or certificate that is read.
const LARGEST_IMAGE: usize = 512 * 1024;

/// So many redirects are followed where they may be.
const REDIRECTS: usize = 3;

impl Request {
    /// A policy of MTA-STS.
    ///
    /// RFC 8461 section 3.3: "HTTP 3xx redirects MUST NOT be followed".
    pub fn policy(url: Url) -> Request {
        Request { url, largest: LARGEST_POLICY, redirects: 0 }
    }

    /// An image, or the certificate for one.
    pub fn image(url: Url) -> Request {
        Request { url, largest: LARGEST_IMAGE, redirects: REDIRECTS }
    }
}

impl Page {
    /// A page that nobody has.
    pub fn failed(url: &Url, failure: Failure) -> Page {
        Page { url: url.clone(), redirects: Vec::new(), outcome: Err(failure) }
    }

    /// The document, if there is one.
    pub fn document(&self) -> Option<&Document> {
        self.outcome.as_ref().ok()
    }

    /// Why there is none, if there is none.
    pub fn failure(&self) -> Option<&Failure> {
        self.outcome.as_ref().err()
    }

    /// The URL as a place, for a finding about a page that cannot be had.
    pub fn url_span(&self) -> Span {
        let url = self.url.to_string();
        let comment = self.failure().map_or_else(|| "200".to_owned(), Failure::comment);
        let text = format!("{url}  ; {comment}");
        Span { source: Source::new(url.clone(), text, SourceKind::Page), bytes: 0..url.len(), record_set: None }
    }
}

impl Document {
    /// What came from this URL.
    pub fn new(url: &Url, content_type: Option<String>, octets: Vec<u8>) -> Document {
        let text = String::from_utf8_lossy(&octets).into_owned();
        Document { content_type, octets: octets.into(), text: Source::new(url.to_string(), text, SourceKind::Page) }
    }

    /// A part of the text.
    pub fn span(&self, bytes: std::ops::Range<usize>) -> Span {
        Span { source: Arc::clone(&self.text), bytes, record_set: None }
    }
}

impl Failure {
    /// The failure in the terms of the protocol.
    pub fn comment(&self) -> String {
        match self {
            Failure::NotAsked => "NOT-ASKED".to_owned(),
            Failure::NotResolved => "NOT-RESOLVED".to_owned(),
            Failure::NoAddress => "NO-ADDRESS".to_owned(),
            Failure::PrivateAddress => "PRIVATE-ADDRESS".to_owned(),
            Failure::Timeout => "TIMEOUT".to_owned(),
            Failure::Unreachable => "UNREACHABLE".to_owned(),
            Failure::Certificate(fault) => format!("CERTIFICATE: {}", fault.comment()),
            Failure::Tls(why) => format!("TLS: {why}"),
            Failure::Protocol => "NOT-HTTP".to_owned(),
            Failure::TooLarge => "TOO-LARGE".to_owned(),
            Failure::Status(status) => status.to_string(),
            Failure::Redirect(location) => format!("REDIRECT: {location}"),
        }
    }
}

/// Nobody: each request is answered by "not asked".
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Web for Nobody {
    async fn fetch(&self, request: &Request) -> Page {
        Page::failed(&request.url, Failure::NotAsked)
    }
}

/// Asks the first; where that was not asked, asks the second.
#[derive(Debug)]
pub struct Overlay<A, B>(pub A, pub B);

impl<A: Web, B: Web> Web for Overlay<A, B> {
    async fn fetch(&self, request: &Request) -> Page {
        let page = self.0.fetch(request).await;
        match page.failure() {
            Some(Failure::NotAsked) => self.1.fetch(request).await,
            _ => page,
        }
    }
}

impl<W: Web> Web for &W {
    async fn fetch(&self, request: &Request) -> Page {
        (**self).fetch(request).await
    }
}

impl<W: Web> Web for Arc<W> {
    async fn fetch(&self, request: &Request) -> Page {
        (**self).fetch(request).await
    }
}

/// Nobody, where there is none.
impl<W: Web> Web for Option<W> {
    async fn fetch(&self, request: &Request) -> Page {
        match self {
            Some(web) => web.fetch(request).await,
            None => Nobody.fetch(request).await,
        }
    }
}

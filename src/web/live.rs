//! The network: pages over HTTPS.
//!
//! One request on one connection, as little of HTTP as that takes.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, crypto};

use super::{Document, Failure, Page, Request, Url, Web};
use crate::address;
use crate::dns::{self, Dns};
use crate::name::{Kind, Question};
use crate::tls;

/// How to ask.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The time for one request: names, connections and redirects included.
    pub timeout: Duration,
    /// Connect to addresses that do not belong to the Internet, too.
    pub allow_private: bool,
    /// Certificates of authorities to trust besides those that browsers trust, as DER.
    pub extra_roots: Vec<Vec<u8>>,
    /// The port where a URL names none.
    pub port: u16,
}

/// Web servers on the network, whose names are looked up in a given DNS.
///
/// Must be asked inside of a tokio runtime.
pub struct Live<D> {
    dns: D,
    settings: Settings,
    tls: TlsConnector,
}

impl<D: Dns> Live<D> {
    /// Ready to ask. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the TLS library does not take its own settings, or a root is no certificate.
    pub fn new(dns: D, settings: Settings) -> Result<Live<D>, rustls::Error> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(tls::roots(&settings.extra_roots)?)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Live { dns, settings, tls: TlsConnector::from(Arc::new(config)) })
    }
}

impl<D: Dns> Web for Live<D> {
    async fn fetch(&self, request: &Request) -> Page {
        let mut page = Page::failed(&request.url, Failure::Timeout);
        let deadline = Instant::now() + self.settings.timeout;
        // Without an answer in time the page stays as it is.
        let _ = timeout_at(deadline, self.follow(request, &mut page, deadline)).await;
        page
    }
}

/// More addresses of a host than these are not tried.
const MAX_ADDRESSES: usize = 4;

/// The most octets of status line and fields.
const LARGEST_HEAD: usize = 16 * 1024;

/// More fields than these are not read.
const MAX_FIELDS: usize = 100;

/// An answer: its head, and the octets behind it that were read already.
struct Head {
    status: u16,
    location: Option<String>,
    content_type: Option<String>,
    framing: Framing,
    rest: Vec<u8>,
}

/// How the end of the content is found (RFC 9112 section 6.3).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Framing {
    Chunked,
    Length(usize),
    ToTheEnd,
}

impl<D: Dns> Live<D> {
    /// Gets the page, and goes where it leads as far as redirects may be followed.
    async fn follow(&self, request: &Request, page: &mut Page, deadline: Instant) {
        let mut url = request.url.clone();
        loop {
            page.outcome = self.get(&url, request.largest, deadline).await;
            let Err(Failure::Redirect(location)) = &page.outcome else { return };
            let Ok(next) = url.join(location) else { return };
            if page.redirects.len() >= request.redirects {
                return;
            }
            page.redirects.push(next.clone());
            page.outcome = Err(Failure::Timeout);
            url = next;
        }
    }

    async fn get(&self, url: &Url, largest: usize, deadline: Instant) -> Result<Document, Failure> {
        let mut failure = Failure::NoAddress;
        let addresses = self.addresses(url).await?;
        for (index, ip) in addresses.iter().enumerate() {
            // A silent address must leave time for those behind it.
            let left = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
            let share = deadline.saturating_duration_since(Instant::now()) / left;
            let address = SocketAddr::new(*ip, url.port().unwrap_or(self.settings.port));
            failure = match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return self.get_from(stream, url, largest).await,
                Ok(Err(_)) => Failure::Unreachable,
                Err(_) => Failure::Timeout,
            };
        }
        Err(failure)
    }

    /// The addresses of the host that may be connected to.
    async fn addresses(&self, url: &Url) -> Result<Vec<IpAddr>, Failure> {
        let (a, aaaa) = (Question::new(url.host(), Kind::A), Question::new(url.host(), Kind::AAAA));
        let (a, aaaa) = tokio::join!(self.dns.ask(&a), self.dns.ask(&aaaa));
        let all: Vec<IpAddr> = a.records().iter().chain(aaaa.records()).filter_map(dns::Record::address).collect();
        if all.is_empty() {
            return Err(match a.failure().or(aaaa.failure()) {
                Some(dns::Failure::NotAsked) => Failure::NotAsked,
                Some(_) => Failure::NotResolved,
                None => Failure::NoAddress,
            });
        }
        let is_allowed = |ip: &IpAddr| self.settings.allow_private || address::is_public(*ip);
        let allowed: Vec<IpAddr> = all.into_iter().filter(is_allowed).take(MAX_ADDRESSES).collect();
        if allowed.is_empty() { Err(Failure::PrivateAddress) } else { Ok(allowed) }
    }

    async fn get_from(&self, stream: TcpStream, url: &Url, largest: usize) -> Result<Document, Failure> {
        let host = url.host().to_string();
        let name = ServerName::try_from(host).map_err(|_| Failure::Tls("the host is no name for TLS".to_owned()))?;
        let mut stream = self.tls.connect(name, stream).await.map_err(|error| tls_failure(&error))?;
        // RFC 9112 section 9.6: with "close" the server ends the connection behind its answer.
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: mailvet/{}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            url.path(),
            url.authority(),
            env!("CARGO_PKG_VERSION")
        );
        stream.write_all(request.as_bytes()).await.map_err(|error| tls_failure(&error))?;
        read_answer(stream, url, largest).await
    }
}

/// What an error of the handshake, or of the connection behind it, means.
fn tls_failure(error: &std::io::Error) -> Failure {
    let Some(error) = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) else {
        return Failure::Unreachable;
    };
    match error {
        rustls::Error::InvalidCertificate(error) => Failure::Certificate(error.into()),
        error => Failure::Tls(error.to_string()),
    }
}

async fn read_answer(mut stream: impl AsyncRead + Unpin, url: &Url, largest: usize) -> Result<Document, Failure> {
    let mut octets = Vec::new();
    let head = loop {
        if read_some(&mut stream, &mut octets).await? == 0 {
            return Err(Failure::Protocol);
        }
        match read_head(&octets)? {
            // RFC 9110 section 15.2: a client must be able to take answers of class 1xx before the final one.
            Some(Head { status: 100..=199, rest, .. }) => octets = rest,
            Some(head) => break head,
            None if octets.len() > LARGEST_HEAD => return Err(Failure::Protocol),
            None => {}
        }
    };
    match (head.status, head.location) {
        (200, _) => {
            let content = read_content(stream, head.rest, head.framing, largest).await?;
            Ok(Document::new(url, head.content_type, content))
        }
        // RFC 9110 section 15.4: 300 and 304 lead nowhere by themselves.
        (301 | 302 | 303 | 307 | 308, Some(location)) => Err(Failure::Redirect(location)),
        (status, _) => Err(Failure::Status(status)),
    }
}

/// Reads on; no octets are the end. Servers that end the connection without saying so to TLS are many.
async fn read_some(stream: &mut (impl AsyncRead + Unpin), octets: &mut Vec<u8>) -> Result<usize, Failure> {
    match stream.read_buf(octets).await {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(0),
        read => read.map_err(|error| tls_failure(&error)),
    }
}

/// The head, if it is there to its end.
fn read_head(octets: &[u8]) -> Result<Option<Head>, Failure> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let httparse::Status::Complete(end) = response.parse(octets).map_err(|_| Failure::Protocol)? else {
        return Ok(None);
    };
    let field = |name: &str| {
        let found = response.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
        found.map(|field| String::from_utf8_lossy(field.value).trim().to_owned())
    };
    // No coding was asked for, so there must be none (RFC 9110 section 12.5.3).
    if field("Content-Encoding").is_some_and(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")) {
        return Err(Failure::Protocol);
    }
    Ok(Some(Head {
        status: response.code.ok_or(Failure::Protocol)?,
        location: field("Location"),
        content_type: field("Content-Type"),
        framing: framing(field("Transfer-Encoding"), field("Content-Length"))?,
        rest: octets.get(end..).unwrap_or_default().to_vec(),
    }))
}

/// RFC 9112 section 6.3: "If a message is received with both a Transfer-Encoding and a Content-Length header field, the
/// Transfer-Encoding overrides the Content-Length."
fn framing(coding: Option<String>, length: Option<String>) -> Result<Framing, Failure> {
    match (coding, length) {
        (Some(coding), _) if coding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
        (Some(_), _) => Err(Failure::Protocol),
        (None, Some(length)) => length.parse().map(Framing::Length).map_err(|_| Failure::Protocol),
        (None, None) => Ok(Framing::ToTheEnd),
    }
}

async fn read_content(
    mut stream: impl AsyncRead + Unpin,
    mut octets: Vec<u8>,
    framing: Framing,
    largest: usize,
) -> Result<Vec<u8>, Failure> {
    if matches!(framing, Framing::Length(length) if length > largest) {
        return Err(Failure::TooLarge);
    }
    let mut chunks = Vec::new();
    loop {
        match framing {
            Framing::Length(length) if octets.len() >= length => {
                octets.truncate(length);
                return Ok(octets);
            }
            Framing::Chunked if take_chunks(&mut octets, &mut chunks, largest)? => return Ok(chunks),
            _ => {}
        }
        let slack = if framing == Framing::Chunked { LARGEST_HEAD } else { 0 };
        if octets.len() > largest + slack {
            return Err(Failure::TooLarge);
        }
        if read_some(&mut stream, &mut octets).await? == 0 {
            return if framing == Framing::ToTheEnd { Ok(octets) } else { Err(Failure::Protocol) };
        }
    }
}

/// Moves the content of whole chunks (RFC 9112 section 7.1) out of the octets. Was the last one among them?
fn take_chunks(octets: &mut Vec<u8>, content: &mut Vec<u8>, largest: usize) -> Result<bool, Failure> {
    let mut taken = 0;
    let is_last = loop {
        let behind = octets.get(taken..).unwrap_or_default();
        let status = httparse::parse_chunk_size(behind).map_err(|_| Failure::Protocol)?;
        let httparse::Status::Complete((begin, size)) = status else { break false };
        let size = usize::try_from(size).map_err(|_| Failure::TooLarge)?;
        if size > largest.saturating_sub(content.len()) {
            return Err(Failure::TooLarge);
        }
        if size == 0 {
            break true;
        }
        let Some(chunk) = behind.get(begin..begin + size + 2) else { break false };
        content.extend_from_slice(chunk.strip_suffix(b"\r\n").ok_or(Failure::Protocol)?);
        taken += begin + size + 2;
    };
    octets.drain(..taken);
    Ok(is_last)
}

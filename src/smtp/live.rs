//! The network: mail servers at port 25.
//!
//! One connection to a host, as far as a sender goes before its first message: greeting, EHLO, STARTTLS, QUIT. The
//! handshake goes on with any certificate, as that of most senders does, and what is wrong with it is kept.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, AlertDescription, ClientConfig, DigitallySignedStruct, PeerIncompatible, ProtocolVersion, SignatureScheme,
    crypto,
};

use super::{Failure, Probe, Reply, Smtp, Tls, TlsVersion};
use crate::address;
use crate::name::Name;
use crate::tls::{self, CertificateFault};

/// How to ask.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The time for a connection to come about. The whole may take four times as long: servers let strangers wait.
    pub timeout: Duration,
    /// Connect to addresses that do not belong to the Internet, too.
    pub allow_private: bool,
    /// Certificates of authorities to trust besides those that browsers trust, as DER.
    pub extra_roots: Vec<Vec<u8>>,
    /// The port: 25 but for tests.
    pub port: u16,
}

/// Mail servers on the network.
///
/// Must be asked inside of a tokio runtime.
#[derive(Debug)]
pub struct Live {
    settings: Settings,
    provider: Arc<crypto::CryptoProvider>,
    strict: Arc<WebPkiServerVerifier>,
}

impl Live {
    /// Ready to ask. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the TLS library does not take its own settings, or a root is no certificate.
    pub fn new(settings: Settings) -> Result<Live, rustls::Error> {
        let provider = Arc::new(crypto::ring::default_provider());
        let roots = Arc::new(tls::roots(&settings.extra_roots)?);
        let strict = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider));
        let strict = strict.build().map_err(|error| rustls::Error::General(error.to_string()))?;
        Ok(Live { settings, provider, strict })
    }
}

impl Smtp for Live {
    async fn probe(&self, host: &Name, address: IpAddr) -> Probe {
        let mut probe = Probe::failed(host, address, Failure::PrivateAddress);
        if !self.settings.allow_private && !address::is_public(address) {
            return probe;
        }
        let deadline = Instant::now() + self.settings.timeout * 4;
        let connecting = TcpStream::connect(SocketAddr::new(address, self.settings.port));
        let Ok(Ok(stream)) = timeout(self.settings.timeout, connecting).await else {
            probe.outcome = Err(Failure::Unreachable);
            return probe;
        };
        let name = client_name(&stream);
        let mut conversation = Conversation { stream: Box::new(stream), octets: Vec::new() };
        let talk = self.talk(&mut probe, &mut conversation, &name);
        let outcome = timeout_at(deadline, talk).await.unwrap_or(Err(Failure::Silent));
        if is_polite_to_quit(&outcome) {
            // RFC 5321 section 4.1.1.10: the client sends QUIT, and waits for the answer. Whatever that is.
            let _ = timeout(GOODBYE, conversation.command("QUIT")).await;
        }
        Probe { outcome, ..probe }
    }
}

/// So long the answer to QUIT is waited for.
const GOODBYE: Duration = Duration::from_secs(1);

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection, and what came by it and was not read yet.
struct Conversation {
    stream: Box<dyn Stream>,
    octets: Vec<u8>,
}

impl Conversation {
    /// The next reply.
    async fn reply(&mut self) -> Result<Reply, Failure> {
        loop {
            if let Some((reply, length)) = Reply::read(&self.octets)? {
                self.octets.drain(..length);
                return Ok(reply);
            }
            match self.stream.read_buf(&mut self.octets).await {
                Ok(1..) => {}
                Ok(0) | Err(_) => return Err(Failure::Silent),
            }
        }
    }

    async fn command(&mut self, line: &str) -> Result<Reply, Failure> {
        let line = format!("{line}\r\n");
        self.stream.write_all(line.as_bytes()).await.map_err(|_| Failure::Silent)?;
        self.stream.flush().await.map_err(|_| Failure::Silent)?;
        self.reply().await
    }
}

impl Live {
    async fn talk(&self, probe: &mut Probe, talk: &mut Conversation, name: &str) -> Result<Tls, Failure> {
        let greeting = talk.reply().await?;
        probe.greeting = Some(greeting.clone());
        expect(220, greeting)?;
        let ehlo = talk.command(&format!("EHLO {name}")).await?;
        probe.ehlo = Some(ehlo.clone());
        if !expect(250, ehlo)?.offers("STARTTLS") {
            return Err(Failure::NoStartTls);
        }
        let ready = talk.command("STARTTLS").await?;
        if ready.code != 220 {
            return Err(Failure::StartTlsRefused(ready));
        }
        // What came in clear text must not be taken for something that came by TLS.
        if !talk.octets.is_empty() {
            return Err(Failure::Injected);
        }
        self.handshake(talk, &probe.host).await
    }

    async fn handshake(&self, talk: &mut Conversation, host: &Name) -> Result<Tls, Failure> {
        let name = ServerName::try_from(host.to_string());
        let name = name.map_err(|_| Failure::Handshake("the host is no name for TLS".to_owned()))?;
        let verifier = Arc::new(Lenient { strict: Arc::clone(&self.strict), seen: Mutex::default() });
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Handshake(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        let plain = std::mem::replace(&mut talk.stream, Box::new(tokio::io::empty()));
        let stream = TlsConnector::from(Arc::new(config)).connect(name, plain).await;
        let stream = stream.map_err(|error| handshake_failure(&error))?;
        let version = match stream.get_ref().1.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => TlsVersion::Tls13,
            _ => TlsVersion::Tls12,
        };
        talk.stream = Box::new(stream);
        let (chain, fault) = verifier.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Tls { version, chain, fault })
    }
}

/// The name in EHLO.
///
/// RFC 5321 section 4.1.4: a client that has no name "SHOULD" give "an address literal", which is that of its end of the
/// connection. It is true, which an invented name would not be.
fn client_name(stream: &TcpStream) -> String {
    match stream.local_addr().map(|address| address.ip()) {
        Ok(IpAddr::V4(address)) => format!("[{address}]"),
        Ok(IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Err(_) => "[127.0.0.1]".to_owned(),
    }
}

fn expect(code: u16, reply: Reply) -> Result<Reply, Failure> {
    match reply.code {
        got if got == code => Ok(reply),
        400.. => Err(Failure::Refused(reply)),
        _ => Err(Failure::Protocol),
    }
}

/// Is there somebody who waits for a command?
fn is_polite_to_quit(outcome: &Result<Tls, Failure>) -> bool {
    matches!(outcome, Ok(_) | Err(Failure::Refused(_) | Failure::NoStartTls | Failure::StartTlsRefused(_)))
}

fn handshake_failure(error: &std::io::Error) -> Failure {
    use rustls::Error::{AlertReceived, PeerIncompatible as Incompatible};
    match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
        // The server says so, or chooses an older one.
        Some(
            AlertReceived(AlertDescription::ProtocolVersion)
            | Incompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
        ) => Failure::OldTls,
        Some(error) => Failure::Handshake(error.to_string()),
        None => Failure::Handshake("the connection ended".to_owned()),
    }
}

/// Takes any certificate, and keeps what a strict verifier says of it. Whoever holds the connection must still have the
/// key of the certificate.
#[derive(Debug)]
struct Lenient {
    strict: Arc<WebPkiServerVerifier>,
    seen: Mutex<(Vec<Vec<u8>>, Option<CertificateFault>)>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let fault = match self.strict.verify_server_cert(own, others, name, ocsp, now) {
            Ok(_) => None,
            Err(rustls::Error::InvalidCertificate(error)) => Some((&error).into()),
            Err(error) => Some(CertificateFault::Other(error.to_string())),
        };
        let chain = std::iter::once(own).chain(others).map(|certificate| certificate.to_vec()).collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = (chain, fault);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

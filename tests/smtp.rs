//! Mail servers on loopback, with certificates of our own: what they say before any mail is sent.

mod certificates;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use certificates::{Certificate, certificate, self_signed};
use mailvet::collect::{Known, Wanted};
use mailvet::dns::zone::ZoneData;
use mailvet::dns::{Answer, Dns, Security};
use mailvet::evaluate::dane::key_hash;
use mailvet::name::{Name, Question};
use mailvet::smtp::live::{Live, Settings};
use mailvet::smtp::{Failure, Probe, Smtp, Tls, TlsVersion};
use mailvet::source::{Source, SourceKind};
use mailvet::tls::CertificateFault;
use mailvet::web::{Document, Page, Request, Web};
use mailvet::zone::master;
use rcgen::{BasicConstraints, IsCa};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

const HOST: &str = "mx.example.test";
const GREETING: &str = "220 mx.example.test ESMTP\r\n";
const EXTENSIONS: &str = "250-mx.example.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
const READY: &str = "220 2.0.0 Ready\r\n";

/// What a server answers: at once, and then to each line.
struct Script {
    answers: Vec<Vec<u8>>,
    /// Then TLS follows.
    certificate: Option<Certificate>,
}

fn script(answers: &[&str]) -> Script {
    let answers = answers.iter().map(|answer| answer.as_bytes().to_vec()).collect();
    Script { answers, certificate: None }
}

fn with(certificate: Certificate) -> Script {
    Script { certificate: Some(certificate), ..script(&[GREETING, EXTENSIONS, READY]) }
}

fn right() -> Certificate {
    certificate(HOST, |_| ())
}

/// A server, and the lines that it has read.
async fn serve(script: &Script) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (answers, acceptor) = (script.answers.clone(), script.certificate.as_ref().map(Certificate::acceptor));
    let heard = Arc::new(Mutex::new(String::new()));
    let hears = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            for (index, answer) in answers.iter().enumerate() {
                if index > 0 {
                    hear(&mut stream, &hears).await;
                }
                let _ = stream.write_all(answer).await;
            }
            match &acceptor {
                Some(acceptor) => {
                    let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                    hear(&mut stream, &hears).await;
                    let _ = stream.write_all(b"221 Bye\r\n").await;
                }
                None => hear(&mut stream, &hears).await,
            }
        }
    });
    (port, heard)
}

async fn hear(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), heard: &Mutex<String>) {
    let mut octets = [0; 4096];
    let length = stream.read(&mut octets).await.unwrap_or(0);
    heard.lock().expect("a lock").push_str(&String::from_utf8_lossy(&octets[..length]));
}

fn settings(port: u16, roots: &[&Certificate]) -> Settings {
    let extra_roots = roots.iter().map(|certificate| certificate.root.clone()).collect();
    Settings { timeout: Duration::from_secs(5), allow_private: true, extra_roots, port }
}

async fn ask(settings: Settings) -> Probe {
    let host = Name::parse(HOST).expect("a name");
    Live::new(settings).expect("settings").probe(&host, Ipv4Addr::LOCALHOST.into()).await
}

/// What is seen of a server, and what it has heard.
async fn seen(script: &Script) -> (Probe, String) {
    let (port, heard) = serve(script).await;
    let probe = ask(settings(port, &script.certificate.iter().collect::<Vec<_>>())).await;
    let heard = heard.lock().expect("a lock").clone();
    (probe, heard)
}

async fn failure(answers: &[&str]) -> Failure {
    seen(&script(answers)).await.0.outcome.expect_err("a failure")
}

async fn fault(certificate: Certificate) -> Option<CertificateFault> {
    seen(&with(certificate)).await.0.outcome.expect("TLS").fault
}

#[tokio::test]
async fn a_host_as_it_should_be() {
    let script = with(right());
    let (probe, heard) = seen(&script).await;
    let chain = script.certificate.map(|certificate| certificate.chain).into_iter().collect();
    assert_eq!(probe.outcome, Ok(Tls { version: TlsVersion::Tls13, chain, fault: None }));
    assert_eq!(probe.greeting.map(|reply| reply.to_string()).as_deref(), Some("220 mx.example.test ESMTP"));
    assert_eq!(probe.ehlo.map(|reply| reply.lines.len()), Some(3));
    assert_eq!(heard, "EHLO [127.0.0.1]\r\nSTARTTLS\r\nQUIT\r\n", "no mail, and a goodbye");
}

#[tokio::test]
async fn certificates() {
    let expired = certificate(HOST, |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let early = certificate(HOST, |params| params.not_before = rcgen::date_time_ymd(4000, 1, 1));
    assert_eq!(fault(expired).await, Some(CertificateFault::Expired));
    assert_eq!(fault(early).await, Some(CertificateFault::NotYetValid));
    let names = vec!["www.example.test".to_owned()];
    assert_eq!(fault(certificate("www.example.test", |_| ())).await, Some(CertificateFault::WrongName(names)));
    for is_ca in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let (port, _) = serve(&with(self_signed(HOST, is_ca))).await;
        let tls = ask(settings(port, &[])).await.outcome.expect("TLS");
        assert_eq!((tls.fault, tls.chain.len()), (Some(CertificateFault::UnknownIssuer), 1));
    }
}

#[tokio::test]
async fn no_starttls() {
    let (probe, heard) = seen(&script(&[GREETING, "250-mx\r\n250 SIZE\r\n", "221 Bye\r\n"])).await;
    assert_eq!(probe.failure(), Some(&Failure::NoStartTls));
    assert_eq!(heard, "EHLO [127.0.0.1]\r\nQUIT\r\n");
    let Failure::StartTlsRefused(reply) = failure(&[GREETING, EXTENSIONS, "454 4.7.0 not now\r\n"]).await else {
        panic!("another failure")
    };
    assert_eq!(reply.code, 454);
}

#[tokio::test]
async fn who_does_not_want_to_talk() {
    for answers in [&["554-no\r\n554 way\r\n"][..], &[GREETING, "554 no\r\n"]] {
        let Failure::Refused(reply) = failure(answers).await else { panic!("another failure") };
        assert_eq!(reply.to_string(), "554 no");
    }
    assert_eq!(failure(&["HTTP/1.1 400 Bad Request\r\n"]).await, Failure::Protocol);
    assert_eq!(failure(&["250 hello\r\n"]).await, Failure::Protocol);
}

#[tokio::test]
async fn hostile_greetings() {
    let endless = "a".repeat(100_000);
    assert_eq!(failure(&[&endless]).await, Failure::Protocol);
    assert_eq!(failure(&[&"220-a\r\n".repeat(20_000)]).await, Failure::Protocol);
    let (probe, _) = seen(&script(&["554 \x1b]0;x\x07\u{9b}2J\r\n"])).await;
    assert!(probe.greeting.expect("a greeting").lines[0].chars().all(|c| !c.is_control()));
}

/// Octets behind the answer to STARTTLS would be taken for what the server says by TLS.
#[tokio::test]
async fn clear_text_before_the_handshake() {
    let script = Script {
        answers: vec![GREETING.into(), EXTENSIONS.into(), format!("{READY}250 x\r\n").into()],
        ..with(right())
    };
    let (probe, heard) = seen(&script).await;
    assert_eq!(probe.failure(), Some(&Failure::Injected));
    assert_eq!(heard, "EHLO [127.0.0.1]\r\nSTARTTLS\r\n");
}

#[tokio::test]
async fn handshakes_that_fail() {
    // Fatal: protocol_version. A server hello of TLS 1.1. Fatal: handshake_failure. No TLS at all.
    let alert = |code: u8| vec![0x15, 3, 1, 0, 2, 2, code];
    let hello = [&[0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    for (answer, is_old) in [(alert(70), true), (hello, true), (alert(40), false), (b"500 what?\r\n".to_vec(), false)] {
        let answers = vec![GREETING.into(), EXTENSIONS.into(), READY.into(), answer];
        let (probe, _) = seen(&Script { answers, certificate: None }).await;
        let failure = probe.outcome.expect_err("a failure");
        assert!(
            if is_old { failure == Failure::OldTls } else { matches!(failure, Failure::Handshake(_)) },
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn who_is_slow_is_not_waited_for() {
    for answers in
        [&[""][..], &["220-mx\r\n"], &[GREETING, ""], &[GREETING, EXTENSIONS, ""], &[GREETING, EXTENSIONS, READY, ""]]
    {
        let (port, _) = serve_and_wait(answers).await;
        let begin = Instant::now();
        let probe = ask(Settings { timeout: Duration::from_millis(50), ..settings(port, &[]) }).await;
        assert_eq!(probe.failure(), Some(&Failure::Silent));
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
}

/// As [`serve`], but the connection stays open.
async fn serve_and_wait(answers: &[&str]) -> (u16, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let task = tokio::spawn(async move {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        for (index, answer) in answers.iter().enumerate() {
            if index > 0 {
                hear(&mut stream, &Mutex::default()).await;
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
    (port, task)
}

#[tokio::test]
async fn where_there_is_no_server() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
    assert_eq!(ask(settings(closed, &[])).await.failure(), Some(&Failure::Unreachable));
    let (port, heard) = serve(&script(&[GREETING])).await;
    let public = Settings { allow_private: false, ..settings(port, &[]) };
    assert_eq!(ask(public).await.failure(), Some(&Failure::PrivateAddress));
    assert!(heard.lock().expect("a lock").is_empty());
}

/// The policy of MTA-STS of each domain.
struct Policy;

impl Web for Policy {
    async fn fetch(&self, request: &Request) -> Page {
        let text = format!("version: STSv1\nmode: enforce\nmx: {HOST}\nmax_age: 604800\n");
        let document = Document::new(&request.url, Some("text/plain".to_owned()), text.into_bytes());
        Page { url: request.url.clone(), redirects: Vec::new(), outcome: Ok(document) }
    }
}

/// A resolver for which all is signed.
struct Signed(ZoneData);

impl Dns for Signed {
    async fn ask(&self, question: &Question) -> Answer {
        Answer { security: Security::Secure, ..self.0.answer(question) }
    }
}

/// Counts who is asked.
struct Counting<S>(S, Mutex<Vec<(String, IpAddr)>>);

impl<S: Smtp> Smtp for Counting<S> {
    async fn probe(&self, host: &Name, address: IpAddr) -> Probe {
        self.1.lock().expect("a lock").push((host.to_string(), address));
        self.0.probe(host, address).await
    }
}

/// The findings about mail servers, and who was asked.
async fn check(zone: &str, smtp: impl Smtp) -> (Vec<&'static str>, Vec<(String, IpAddr)>) {
    let source = Source::new("world", format!("$TTL 60\n{zone}\n"), SourceKind::File);
    let mut dns = ZoneData::new();
    dns.add(&Arc::new(master::read(&source, Some(&Name::root()), None)));
    let smtp = Counting(smtp, Mutex::default());
    let wanted = Wanted::domain(&Name::parse("example.test").expect("a name"), &Known::default());
    let report = mailvet::check(&Signed(dns), &Policy, &smtp, &wanted, &mailvet::Judges::default()).await;
    let ids = report.findings.iter().map(|finding| finding.id);
    let ids = ids.filter(|id| id.starts_with("smtp-") || id.starts_with("dane-")).collect();
    (ids, smtp.1.into_inner().expect("a lock"))
}

/// From the record by the policy to the certificate.
#[tokio::test]
async fn a_certificate_that_the_policy_does_not_allow() {
    let script = with(certificate("www.example.test", |_| ()));
    let (port, _) = serve(&script).await;
    let smtp = || Live::new(settings(port, &script.certificate.iter().collect::<Vec<_>>())).expect("settings");
    let zone = format!("example.test MX 0 {HOST}.\n{HOST} A 127.0.0.1\n{HOST} AAAA ::1");
    let (ids, asked) = check(&zone, smtp()).await;
    assert_eq!(ids, ["smtp-certificate-invalid"]);
    assert_eq!(asked, [(HOST.to_owned(), Ipv4Addr::LOCALHOST.into())]);
    let zone = format!("{zone}\n_mta-sts.example.test TXT \"v=STSv1; id=1\"");
    assert_eq!(check(&zone, smtp()).await.0, ["smtp-certificate-invalid-enforced"]);
}

/// From the TLSA record to the certificate.
#[tokio::test]
async fn a_certificate_that_dane_is_for() {
    let server = with(self_signed(HOST, IsCa::NoCa));
    let (port, _) = serve(&server).await;
    let smtp = || Live::new(settings(port, &[])).expect("settings");
    let hash = server.certificate.as_ref().and_then(|certificate| key_hash(&certificate.chain)).expect("a key");
    let zone = |hash: &str| format!("example.test MX 0 {HOST}.\n{HOST} A 127.0.0.1\n_25._tcp.{HOST} TLSA 3 1 1 {hash}");
    assert_eq!(check(&zone(&hash), smtp()).await.0, [""; 0]);
    let other = "ab".repeat(32);
    assert_eq!(check(&zone(&other), smtp()).await.0, ["dane-certificate-mismatch", "smtp-certificate-invalid"]);
    let (port, _) = serve(&script(&[GREETING, "250 SIZE\r\n", "221 Bye\r\n"])).await;
    let smtp = Live::new(settings(port, &[])).expect("settings");
    assert_eq!(check(&zone(&hash), smtp).await.0, ["dane-no-starttls"]);
}

/// Without an MX record mail goes to the domain itself.
#[tokio::test]
async fn a_domain_without_an_mx_record() {
    let script = with(certificate("www.example.test", |_| ()));
    let (port, _) = serve(&script).await;
    let smtp = || Live::new(settings(port, &script.certificate.iter().collect::<Vec<_>>())).expect("settings");
    let (ids, asked) = check("example.test A 127.0.0.1", smtp()).await;
    assert_eq!(ids, ["smtp-certificate-invalid"]);
    assert_eq!(asked, [("example.test".to_owned(), Ipv4Addr::LOCALHOST.into())]);
    assert_eq!(check("example.test MX 0 .\nexample.test A 127.0.0.1", smtp()).await.1, []);
}

#[tokio::test]
async fn the_first_hosts_are_asked_and_nobody_by_default() {
    let hosts = |n: u8| {
        format!("example.test MX {n} mx{n}.test.\nexample.test MX 9{n} mx{n}.test.\nmx{n}.test A 127.0.0.{n}\n")
    };
    let zone: String = (1..=7).map(hosts).collect();
    let (ids, asked) = check(&zone, mailvet::smtp::Nobody).await;
    assert_eq!((ids.len(), asked.len()), (0, 5));
    assert_eq!(asked[4], ("mx5.test".to_owned(), Ipv4Addr::new(127, 0, 0, 5).into()));
}

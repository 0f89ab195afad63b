//! Pages over HTTPS from a real server on loopback, with certificates of our own.

mod certificates;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certificates::{Certificate, certificate, self_signed};
use mailvet::collect::{Known, Wanted};
use mailvet::dns::recorder::Recorder;
use mailvet::dns::zone::ZoneData;
use mailvet::name::Name;
use mailvet::smtp;
use mailvet::snapshot::Snapshot;
use mailvet::source::{Source, SourceKind};
use mailvet::web::live::{Live, Settings};
use mailvet::web::{self, CertificateFault, Failure, Page, Request, Url, Web};
use mailvet::zone::master;
use rcgen::{BasicConstraints, IsCa};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const HOST: &str = "mta-sts.example.test";
const POLICY: &str = "version: STSv1\nmode: none\nmax_age: 86400\n";

fn right() -> Certificate {
    certificate(HOST, |_| ())
}

/// A server that sends these parts to whoever asks, with a pause behind each; silent if there are none.
async fn serve(certificate: &Certificate, parts: Vec<Vec<u8>>, pause: Duration) -> SocketAddr {
    let acceptor = certificate.acceptor();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, parts) = (acceptor.clone(), parts.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                if parts.is_empty() {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                for part in parts {
                    let _ = stream.write_all(&part).await;
                    tokio::time::sleep(pause).await;
                }
                let _ = stream.shutdown().await;
            });
        }
    });
    address
}

fn world(text: &str) -> ZoneData {
    let source = Source::new("world", format!("$TTL 60\n{text}\n"), SourceKind::File);
    let mut data = ZoneData::new();
    data.add(&Arc::new(master::read(&source, Some(&Name::root()), None)));
    data
}

fn settings(port: u16, certificate: &Certificate) -> Settings {
    let extra_roots = vec![certificate.root.clone()];
    Settings { timeout: Duration::from_secs(5), allow_private: true, extra_roots, port }
}

/// The policy of `example.test` from that server.
async fn fetch(settings: Settings) -> Page {
    let dns = world(&format!("{HOST} A 127.0.0.1"));
    let url = Url::parse(&format!("https://{HOST}/.well-known/mta-sts.txt")).expect("a URL");
    Live::new(dns, settings).expect("settings").fetch(&Request::policy(url)).await
}

async fn answered(parts: &[&str]) -> Page {
    let certificate = right();
    let parts = parts.iter().map(|part| part.as_bytes().to_vec()).collect();
    let server = serve(&certificate, parts, Duration::from_millis(5)).await;
    fetch(settings(server.port(), &certificate)).await
}

async fn failure(parts: &[&str]) -> Option<Failure> {
    answered(parts).await.failure().cloned()
}

async fn certificate_fault(certificate: &Certificate, trusted: &Certificate) -> Option<Failure> {
    let answer = format!("HTTP/1.1 200 OK\r\n\r\n{POLICY}").into_bytes();
    let server = serve(certificate, vec![answer], Duration::ZERO).await;
    fetch(settings(server.port(), trusted)).await.failure().cloned()
}

fn text(page: &Page) -> &str {
    page.document().map_or("", |document| &document.text.text)
}

#[tokio::test]
async fn a_policy_in_each_framing() {
    let length = format!("Content-Length: {}\r\n", POLICY.len());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n";
    for answer in [
        &[head, &length, "\r\n", POLICY][..],
        &[head, "\r\n", &POLICY[..9], &POLICY[9..]],
        &["HTTP/1.1 100 Continue\r\n\r\n", head, &length, "\r\n", POLICY, "trailing"],
    ] {
        let page = answered(answer).await;
        assert_eq!(text(&page), POLICY, "{:?}", page.failure());
        let document = page.document().expect("a document");
        assert_eq!(document.content_type.as_deref(), Some("text/plain; charset=utf-8"));
    }
}

#[tokio::test]
async fn chunks() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (one, two) = POLICY.split_at(20);
    let chunk = |text: &str| format!("{:x};x=y\r\n{text}\r\n", text.len());
    let page = answered(&[head, &chunk(one), &chunk(two)[..7], &chunk(two)[7..], "0\r\n", "\r\n"]).await;
    assert_eq!(text(&page), POLICY, "{:?}", page.failure());
    assert_eq!(failure(&[head, &chunk(one)]).await, Some(Failure::Protocol), "the last chunk is not there");
    assert_eq!(failure(&[head, "3\r\nabcdef\r\n"]).await, Some(Failure::Protocol));
    assert_eq!(failure(&[head, "ffffffffffffffff\r\n"]).await, Some(Failure::TooLarge));
}

#[tokio::test]
async fn what_is_no_document() {
    for (answer, wanted) in [
        ("HTTP/1.1 404 Not Found\r\n\r\n<html>", Failure::Status(404)),
        ("HTTP/1.1 304 Not Modified\r\nLocation: /\r\n\r\n", Failure::Status(304)),
        ("HTTP/1.1 301 Moved\r\nLocation: https://www.example.test/\r\n\r\n", {
            Failure::Redirect("https://www.example.test/".to_owned())
        }),
        ("220 mail ESMTP\r\n", Failure::Protocol),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Failure::Protocol),
        ("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\nabc", Failure::TooLarge),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabc", Failure::Protocol),
    ] {
        assert_eq!(failure(&[answer]).await, Some(wanted), "{answer}");
    }
    let endless = "a".repeat(65_537);
    assert_eq!(failure(&["HTTP/1.1 200 OK\r\n\r\n", &endless]).await, Some(Failure::TooLarge));
    let head = format!("HTTP/1.1 200 OK\r\nX: {endless}");
    assert_eq!(failure(&[&head]).await, Some(Failure::Protocol));
}

#[tokio::test]
async fn certificates() {
    let right = right();
    assert_eq!(certificate_fault(&right, &right).await, None);
    let expired = certificate(HOST, |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let early = certificate(HOST, |params| params.not_before = rcgen::date_time_ymd(4000, 1, 1));
    let other = certificate("www.example.test", |_| ());
    let fault = |fault| Some(Failure::Certificate(fault));
    assert_eq!(certificate_fault(&expired, &expired).await, fault(CertificateFault::Expired));
    assert_eq!(certificate_fault(&early, &early).await, fault(CertificateFault::NotYetValid));
    let names = vec!["www.example.test".to_owned()];
    assert_eq!(certificate_fault(&other, &other).await, fault(CertificateFault::WrongName(names)));
    assert_eq!(certificate_fault(&right, &other).await, fault(CertificateFault::UnknownIssuer));
}

#[tokio::test]
async fn certificates_that_sign_themselves() {
    for is_ca in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let own = self_signed(HOST, is_ca);
        let found = certificate_fault(&own, &right()).await;
        assert_eq!(found, Some(Failure::Certificate(CertificateFault::UnknownIssuer)));
    }
}

#[tokio::test]
async fn who_is_slow_is_not_waited_for() {
    let certificate = right();
    let slow = vec![b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b"version: STSv1\n".to_vec()];
    for parts in [Vec::new(), slow] {
        let server = serve(&certificate, parts, Duration::from_secs(60)).await;
        let begin = Instant::now();
        let page =
            fetch(Settings { timeout: Duration::from_millis(200), ..settings(server.port(), &certificate) }).await;
        assert_eq!(page.failure(), Some(&Failure::Timeout));
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn where_there_is_no_server() {
    let certificate = right();
    let server = serve(&certificate, Vec::new(), Duration::ZERO).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
    assert_eq!(fetch(settings(closed, &certificate)).await.failure(), Some(&Failure::Unreachable));
    let public = Settings { allow_private: false, ..settings(server.port(), &certificate) };
    assert_eq!(fetch(public.clone()).await.failure(), Some(&Failure::PrivateAddress));
    for (host, wanted) in [
        ("gone.test", Failure::NoAddress),
        ("loop.test", Failure::NotResolved),
        ("mapped.test", Failure::PrivateAddress),
    ] {
        let dns = world("loop.test CNAME loop.test.\nmapped.test AAAA ::ffff:127.0.0.1");
        let url = Url::parse(&format!("https://{host}/")).expect("a URL");
        let page = Live::new(dns, public.clone()).expect("settings").fetch(&Request::image(url)).await;
        assert_eq!(page.failure(), Some(&wanted), "{host}");
    }
}

#[tokio::test]
async fn a_server_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    assert!(matches!(fetch(settings(port, &right())).await.failure(), Some(Failure::Tls(_))));
}

#[tokio::test]
async fn redirects_of_images() {
    let certificate = right();
    let answer = |location: &str| format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n").into_bytes();
    let end = serve(&certificate, vec![b"HTTP/1.1 200 OK\r\n\r\n<svg/>".to_vec()], Duration::ZERO).await;
    let to_end = format!("https://{HOST}:{}/logo.svg", end.port());
    for (location, wanted) in [
        (to_end.as_str(), Ok(1)),
        ("/again", Err((3, Failure::Redirect("/again".to_owned())))),
        ("http://a.test/", Err((0, Failure::Redirect("http://a.test/".to_owned())))),
    ] {
        let server = serve(&certificate, vec![answer(location)], Duration::ZERO).await;
        let dns = world(&format!("{HOST} A 127.0.0.1"));
        let live = Live::new(dns, settings(server.port(), &certificate)).expect("settings");
        let url = Url::parse(&format!("https://{HOST}/logo.svg")).expect("a URL");
        let page = live.fetch(&Request::image(url)).await;
        let got = match page.failure() {
            None => Ok(page.redirects.len()),
            Some(failure) => Err((page.redirects.len(), failure.clone())),
        };
        assert_eq!(got, wanted);
    }
}

/// From the record to the line of the policy, and the same again from a snapshot.
#[tokio::test]
async fn a_host_that_the_policy_does_not_name() {
    let certificate = right();
    let policy = "version: STSv1\nmode: enforce\nmx: old.example.test\nmax_age: 604800\n";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{policy}").into_bytes();
    let server = serve(&certificate, vec![answer], Duration::ZERO).await;
    let zone = format!(
        "example.test MX 0 mail.example.test.\n_mta-sts.example.test TXT \"v=STSv1; id=1\"\n{HOST} A 127.0.0.1"
    );
    let dns = Recorder::new(world(&zone));
    let live = Live::new(&dns, settings(server.port(), &certificate)).expect("settings");
    let web = web::recorder::Recorder::new(live);
    let domain = Name::parse("example.test").expect("a name");
    let wanted = Wanted::domain(&domain, &Known::default());
    let report = mailvet::check(&dns, &web, &smtp::Nobody, &wanted, &mailvet::Judges::default()).await;
    let places = |id: &str| {
        let finding = report.findings.iter().find(|finding| finding.id == id).expect(id);
        finding.spans.iter().map(|span| (span.position().line, span.text().to_owned())).collect::<Vec<_>>()
    };
    let line = (3, "old.example.test".to_owned());
    assert_eq!(places("mta-sts-mx-not-covered"), [(2, "mail.example.test.".to_owned()), line.clone()]);
    assert_eq!(places("mta-sts-mx-unused"), [line]);
    let snapshot = Snapshot::new(String::new(), vec![domain], dns.answers(), web.pages());
    let snapshot = Snapshot::read(&snapshot.write()).expect("a snapshot");
    let again = mailvet::check(&snapshot, &snapshot, &smtp::Nobody, &wanted, &mailvet::Judges::default()).await;
    let ids = |report: &mailvet::report::Report| report.findings.iter().map(|finding| finding.id).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&report));
}

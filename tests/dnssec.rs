//! DNSSEC and DANE against a resolver that validates: Unbound, on loopback, with zones of its own. Where Unbound is not
//! installed nothing is tested, and the tests say so.
//!
//! The zones of `testdata/dnssec` hang below a root of their own, whose key is `anchor.key`. All are signed until 2090,
//! by `ldns-signzone`, but for `unsigned.test` and all but the keys of `expired.test` (until 2020). The DS record of `mismatched.test` is of
//! another key; in `half.test` the TLSA record was changed after it was signed.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mailvet::dns::live::{Live, Settings};
use mailvet::dns::{Answer, Dns, Failure, Security};
use mailvet::name::{Name, Question};
use serde_json::Value;

const ZONES: [&str; 5] = ["signed.test", "unsigned.test", "expired.test", "mismatched.test", "half.test"];

/// Unbound, until it is dropped.
struct Resolver {
    process: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Resolver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Resolver {
    /// Starts it with these modules; nothing where it is not installed.
    fn start(modules: &str, more: &str) -> Option<Resolver> {
        let folder = tempfile::tempdir().expect("a folder");
        let address = free_address();
        let file = folder.path().join("unbound.conf");
        std::fs::write(&file, configuration(address, modules, more)).expect("a file is written");
        let start = |program: &str| {
            let mut command = Command::new(program);
            command.args(["-d", "-c"]).arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
        };
        let Ok(process) = start("unbound").or_else(|_| start("/usr/sbin/unbound")) else {
            // Unlike `eprintln!`, this is shown for a test that passes, too.
            writeln!(std::io::stderr(), "SKIPPED: unbound is not installed").expect("standard error");
            return None;
        };
        let resolver = Resolver { process, address, _folder: folder };
        let begin = Instant::now();
        while resolver.ask_within(Duration::from_millis(200), ". SOA").failure().is_some() {
            assert!(begin.elapsed() < Duration::from_secs(20), "unbound does not answer");
        }
        Some(resolver)
    }

    fn validating() -> Option<Resolver> {
        Resolver::start("validator iterator", "ede: yes")
    }

    fn ask(&self, text: &str) -> Answer {
        self.ask_within(Duration::from_secs(5), text)
    }

    fn ask_within(&self, timeout: Duration, text: &str) -> Answer {
        let (name, kind) = text.split_once(' ').expect("name and type");
        let question = Question::new(&Name::parse(name).expect("a name"), kind.parse().expect("a type"));
        let settings = Settings { servers: vec![self.address], timeout, attempts: 1 };
        let live = Live::new(settings).expect("a server is given");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(live.ask(&question))
    }

    /// What `mailvet` finds of DNSSEC, DANE, and questions without answer.
    fn findings(&self, command: &str, arguments: &[&str]) -> Vec<(String, Value)> {
        let resolver = self.address.to_string();
        let output = Command::new(env!("CARGO_BIN_EXE_mailvet"))
            .arg(command)
            .args(arguments)
            .args(["--format", "json", "--resolver", &resolver])
            .output()
            .expect("mailvet runs");
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON on standard output");
        let findings = document["reports"][0]["findings"].as_array().expect("findings").clone();
        let is_told = |id: &str| ["dnssec-", "dane-", "dns-no-answer"].iter().any(|topic| id.starts_with(topic));
        let with_id = findings.into_iter().filter_map(|finding| Some((finding["id"].as_str()?.to_owned(), finding)));
        with_id.filter(|(id, _)| is_told(id)).collect()
    }

    fn ids(&self, domain: &str) -> Vec<String> {
        self.findings("check", &[domain]).into_iter().map(|(id, _)| id).collect()
    }
}

fn free_address() -> SocketAddr {
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = udp.local_addr().expect("a bound socket has an address");
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

fn configuration(address: SocketAddr, modules: &str, more: &str) -> String {
    let zones = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/dnssec");
    let zones = zones.display();
    let (ip, port) = (address.ip(), address.port());
    let mut text = format!(
        "server:\n chroot: \"\"\n username: \"\"\n pidfile: \"\"\n directory: \"{zones}\"\n use-syslog: no\n \
         do-daemonize: no\n interface: {ip}@{port}\n port: {port}\n do-ip6: no\n num-threads: 1\n \
         trust-anchor-file: \"anchor.key\"\n local-zone: \"test.\" nodefault\n module-config: \"{modules}\"\n {more}\n\
         remote-control:\n control-enable: no\n"
    );
    for (name, file) in ZONES.iter().map(|zone| (*zone, *zone)).chain([(".", "root")]) {
        text.push_str(&format!(
            "auth-zone:\n name: \"{name}\"\n zonefile: \"{file}.zone\"\n for-upstream: yes\n for-downstream: no\n \
             fallback-enabled: no\n"
        ));
    }
    text
}

#[test]
fn what_the_resolver_vouches_for() {
    let Some(resolver) = Resolver::validating() else { return };
    for text in [". SOA", "signed.test MX", "_25._tcp.mx.signed.test TLSA", "signed.test SRV", "no.signed.test A"] {
        let answer = resolver.ask(text);
        assert_eq!((answer.security, answer.failure()), (Security::Secure, None), "{text}");
    }
    assert_eq!(resolver.ask("unsigned.test MX").security, Security::Insecure);
    assert_eq!(resolver.ask("_25._tcp.mx.unsigned.test TLSA").security, Security::Insecure);
    let tlsa = resolver.ask("_25._tcp.mx.signed.test TLSA");
    assert_eq!(tlsa.records()[0].tlsa().map(|tlsa| (tlsa.usage, tlsa.data.len())), Some((3, 32)));
}

#[test]
fn why_validation_fails() {
    let Some(resolver) = Resolver::validating() else { return };
    let told = |text| {
        let answer = resolver.ask(text);
        (answer.failure(), answer.extended_error)
    };
    assert_eq!(told("expired.test MX"), (Some(Failure::Bogus), Some(7)));
    assert_eq!(told("mismatched.test MX"), (Some(Failure::Bogus), Some(9)));
    assert_eq!(told("_25._tcp.mx.half.test TLSA").0, Some(Failure::Bogus));
}

#[test]
fn a_resolver_that_does_not_say_why_answers_without_validation() {
    let Some(resolver) = Resolver::start("validator iterator", "") else { return };
    for text in ["expired.test MX", "mismatched.test TXT", "_25._tcp.mx.half.test TLSA"] {
        let answer = resolver.ask(text);
        assert_eq!((answer.failure(), answer.extended_error), (Some(Failure::Bogus), None), "{text}");
    }
    assert_eq!(resolver.ids("expired.test"), ["dnssec-bogus"]);
}

#[test]
fn what_is_found() {
    let Some(resolver) = Resolver::validating() else { return };
    assert_eq!(resolver.ids("signed.test"), [""; 0]);
    assert_eq!(resolver.ids("unsigned.test"), ["dane-answer-insecure"]);
    assert_eq!(resolver.ids("half.test"), ["dane-lookup-failed"]);
    for (domain, reason) in [("expired.test", "have expired"), ("mismatched.test", "none of its keys")] {
        let findings = resolver.findings("check", &[domain]);
        assert_eq!(findings.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["dnssec-bogus"]);
        assert!(findings[0].1["title"].as_str().is_some_and(|title| title.contains(reason)), "{findings:?}");
    }
}

#[test]
fn of_a_resolver_that_does_not_validate_nothing_is_believed() {
    let Some(resolver) = Resolver::start("iterator", "") else { return };
    assert_eq!(resolver.ask(". SOA").security, Security::Insecure);
    for domain in ["signed.test", "unsigned.test", "expired.test", "half.test"] {
        assert_eq!(resolver.ids(domain), ["dane-security-unknown"], "{domain}");
    }
}

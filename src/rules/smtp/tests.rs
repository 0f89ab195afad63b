//! For the tests of these rules: `example.test` with MX hosts of which this was seen, and a policy of MTA-STS.

use std::net::Ipv4Addr;

use crate::collect::{Known, Wanted, collect};
use crate::finding::Finding;
use crate::lang::{Lang, fill, placeholders};
use crate::name::Name;
use crate::rules::Rule;
use crate::smtp::{Failure, Probe, Reply, Tls, TlsVersion};
use crate::testing::zone_data;
use crate::tls::CertificateFault;
use crate::web::{Document, Page, Request, Web};

type Seen = Result<Tls, Failure>;

/// The mode of the policy.
struct Policy<'a>(&'a str);

impl Web for Policy<'_> {
    async fn fetch(&self, request: &Request) -> Page {
        let text = format!("version: STSv1\nmode: {}\nmx: *.example.test\nmax_age: 604800\n", self.0);
        let document = Document::new(&request.url, None, text.into_bytes());
        Page { url: request.url.clone(), redirects: Vec::new(), outcome: Ok(document) }
    }
}

/// The findings of one rule, where this was seen of `mx1`, `mx2` and so on.
pub(super) fn findings(rule: &'static Rule, seen: &[Seen], mode: Option<&str>) -> Vec<Finding> {
    let host = |n: usize| format!("@ MX {n} mx{n}\nmx{n} A 192.0.2.{n}\n");
    let record = if mode.is_some() { "_mta-sts TXT \"v=STSv1; id=1\"\n" } else { "" };
    let zone: String = (1..=seen.len()).map(host).chain([record.to_owned()]).collect();
    let wanted = Wanted::domain(&Name::parse("example.test").expect("a name"), &Known::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let web = Policy(mode.unwrap_or("none"));
    let mut evidence = runtime.block_on(collect(&zone_data(&zone), &web, &wanted));
    for (host, outcome) in evidence.mx.found.iter().zip(seen) {
        let probe = Probe::failed(&host.exchange, Ipv4Addr::LOCALHOST.into(), Failure::NotAsked);
        evidence.smtp.push(Probe { outcome: outcome.clone(), ..probe });
    }
    assert_eq!(evidence.smtp.len(), seen.len());
    let mut found = Vec::new();
    (rule.check)(&evidence, &mut found);
    found
}

/// There is one finding, it points there, and has all values for its words.
pub(super) fn finds_at(rule: &'static Rule, seen: &[Seen], mode: Option<&str>, place: &str) {
    let found = findings(rule, seen, mode);
    assert_eq!(found.len(), 1, "{}: {found:#?}", rule.id);
    assert_eq!(found[0].spans[0].text(), place);
    for lang in Lang::ALL {
        let text = rule.text.get(lang);
        for text in [text.title, text.here, text.why, text.fix] {
            assert!(placeholders(&fill(text, &found[0].values, lang)).is_empty(), "{}: {text}", rule.id);
        }
    }
}

/// The same for a single host.
pub(super) fn finds(rule: &'static Rule, seen: Seen, mode: Option<&str>) {
    finds_at(rule, &[seen], mode, "mx1");
}

/// The rule finds nothing.
pub(super) fn clean(rule: &'static Rule, seen: Seen, mode: Option<&str>) {
    let found = findings(rule, &[seen], mode);
    assert!(found.is_empty(), "{} finds {found:#?}", rule.id);
}

pub(super) fn reply(code: u16) -> Reply {
    Reply { code, lines: vec!["go away".to_owned()] }
}

pub(super) fn tls(fault: Option<CertificateFault>) -> Tls {
    Tls { version: TlsVersion::Tls13, chain: Vec::new(), fault }
}

pub(super) fn every_fault() -> [CertificateFault; 5] {
    [
        CertificateFault::Expired,
        CertificateFault::NotYetValid,
        CertificateFault::WrongName(vec!["a.test".to_owned()]),
        CertificateFault::UnknownIssuer,
        CertificateFault::Other("BadSignature".to_owned()),
    ]
}

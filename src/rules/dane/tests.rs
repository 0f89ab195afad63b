//! For the tests of rules on certificates: `mx.example.test` with these TLSA records, and what was seen of it.

use std::net::Ipv4Addr;

use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::lang::{Lang, fill, placeholders};
use crate::name::Name;
use crate::rules::Rule;
use crate::smtp::{Failure, Probe, Tls, TlsVersion};
use crate::testing::Resolver;
use crate::tls::CertificateFault;

/// Of the certificate that the host shows.
pub(super) const KEY: &str = "3 1 1 dc1ed17e7be8c8be43d0d343ea8a2000827839655ac046d689771268f2f672cd";

/// The host shows a certificate that nobody trusted issued.
pub(super) fn tls() -> Tls {
    let chain = vec![include_bytes!("../../../testdata/dane/mx.example.test.der").to_vec()];
    Tls { version: TlsVersion::Tls13, chain, fault: Some(CertificateFault::UnknownIssuer) }
}

/// What there is to see; these names are not signed.
fn seen(records: &[&str], unsigned: &[&str], outcome: Result<Tls, Failure>) -> Evidence {
    let tlsa: String = records.iter().map(|record| format!("_25._tcp.mx TLSA {record}\n")).collect();
    let world = format!("$TTL 60\n@ MX 10 mx\nmx A 192.0.2.1\n{tlsa}");
    let mut evidence = Resolver::new(&world, unsigned).evidence();
    let host = Name::parse("mx.example.test").expect("a name");
    evidence.smtp = vec![Probe { outcome, ..Probe::failed(&host, Ipv4Addr::LOCALHOST.into(), Failure::NotAsked) }];
    evidence
}

fn findings(rule: &'static Rule, evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    (rule.check)(evidence, &mut findings);
    findings
}

/// There is one finding, and it has all values for its words.
pub(super) fn finds(rule: &'static Rule, records: &[&str], outcome: Result<Tls, Failure>) {
    let found = findings(rule, &seen(records, &[], outcome));
    assert_eq!(found.len(), 1, "{}: {found:#?}", rule.id);
    for lang in Lang::ALL {
        let text = rule.text.get(lang);
        for text in [text.title, text.here, text.why, text.fix] {
            assert!(placeholders(&fill(text, &found[0].values, lang)).is_empty(), "{}: {text}", rule.id);
        }
    }
}

/// The rule finds nothing.
pub(super) fn clean(rule: &'static Rule, records: &[&str], unsigned: &[&str], outcome: Result<Tls, Failure>) {
    let found = findings(rule, &seen(records, unsigned, outcome));
    assert!(found.is_empty(), "{} finds {found:#?}", rule.id);
}

#[test]
fn what_other_rules_leave_to_dane() {
    let ids = |records: &[&str], unsigned: &[&str], outcome| {
        let found = crate::rules::run(&seen(records, unsigned, outcome)).into_iter().map(|finding| finding.id);
        found.filter(|id| id.starts_with("smtp-") || *id == "dane-no-starttls").collect::<Vec<_>>()
    };
    assert_eq!(ids(&[KEY], &[], Ok(tls())), [""; 0]);
    assert_eq!(ids(&[KEY], &["example.test"], Ok(tls())), ["smtp-certificate-invalid"]);
    assert_eq!(ids(&[], &[], Ok(tls())), ["smtp-certificate-invalid"]);
    assert_eq!(ids(&[KEY], &[], Err(Failure::NoStartTls)), ["dane-no-starttls"]);
    assert_eq!(ids(&[KEY], &["example.test"], Err(Failure::NoStartTls)), ["smtp-no-starttls"]);
}

//! TLSA records that DNSSEC does not vouch for: nobody uses them.

use crate::dns::Security;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dane-answer-insecure",
    severity: Severity::Warning,
    references: &["RFC 7672 section 2.2", "RFC 6698 section 4.1"],
    check,
    text: Text {
        en: Prose {
            title: "the TLSA records of {host} have no effect: its zone is not signed with DNSSEC",
            here: "not vouched for by DNSSEC",
            why: "Senders use TLSA records only where DNSSEC vouches for them. A DNS server that validates DNSSEC does not vouch for these, so mail to {domain} is sent to {host} as if there were none.",
            fix: "Sign the zone of {host} with DNSSEC and put its DS record at the registrar, or delete the TLSA records.",
        },
        es: Prose {
            title: "los registros TLSA de {host} no tienen efecto: su zona no está firmada con DNSSEC",
            here: "no protegido por DNSSEC",
            why: "Los servidores remitentes solo usan registros TLSA protegidos por DNSSEC. Según un servidor DNS que valida DNSSEC, estos no lo están, así que el correo para {domain} se envía a {host} como si esos registros no existieran.",
            fix: "Firme la zona de {host} con DNSSEC y dé de alta su registro DS en el registrador, o elimine los registros TLSA.",
        },
        ja: Prose {
            title: "{host} のTLSAレコードは機能しません: ゾーンがDNSSECで署名されていません",
            here: "DNSSECで保証されていません",
            why: "送信側は、DNSSECで保証されたTLSAレコードだけを使います。検証を行うDNSサーバーがこのレコードを保証していないため、{domain} 宛てのメールは、TLSAレコードがないものとして {host} に送られます。",
            fix: "{host} のゾーンをDNSSECで署名してDSレコードをレジストラに登録するか、TLSAレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let found = evidence.dane.hosts.iter().filter(|host| !host.tlsa.records().is_empty());
    for host in found.filter(|host| evidence.security(&host.tlsa) == Security::Insecure) {
        let finding = RULE.at(host.tlsa.spans()).with("domain", &evidence.domain);
        findings.push(finding.with("host", &host.host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Resolver, clean};

    const WORLD: &str = "$TTL 60\n@ MX 10 mx\nmx A 192.0.2.1\n_25._tcp.mx TLSA 3 1 1 204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2\n";

    fn finds(unsigned: &[&str], validates: bool) -> usize {
        Resolver { validates, ..Resolver::new(WORLD, unsigned) }.findings(&RULE).len()
    }

    #[test]
    fn a_resolver_that_validates_does_not_vouch() {
        assert_eq!(finds(&["example.test"], true), 1);
    }

    #[test]
    fn vouched_for_or_not_known() {
        clean(&RULE, WORLD);
        assert_eq!(finds(&[], true), 0);
        assert_eq!(finds(&["example.test"], false), 0, "it vouches for nothing, not even for the root");
    }
}

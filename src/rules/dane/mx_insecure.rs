//! The mail exchanges have TLSA records, and nobody vouches for the MX records that lead to them.

use crate::dns::{Answer, Security};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dane-mx-insecure",
    severity: Severity::Advice,
    references: &["RFC 7672 section 2.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} is not signed with DNSSEC, so the TLSA records of {host} protect only half of the way",
            here: "not vouched for by DNSSEC",
            why: "{host} has TLSA records that DNSSEC vouches for, but the MX records of {domain} can be forged: then mail goes to another server. Some senders use DANE for such a domain all the same, others do not.",
            fix: "Have the DNS provider sign {domain} with DNSSEC, and put the DS record at the registrar.",
        },
        es: Prose {
            title: "{domain} no está firmado con DNSSEC, así que los registros TLSA de {host} solo protegen la mitad del camino",
            here: "no protegido por DNSSEC",
            why: "{host} tiene registros TLSA protegidos por DNSSEC, pero los registros MX de {domain} se pueden falsificar, y entonces el correo va a otro servidor. Algunos servidores remitentes usan DANE de todos modos con un dominio así; otros no.",
            fix: "Haga que el proveedor de DNS firme {domain} con DNSSEC y dé de alta el registro DS en el registrador.",
        },
        ja: Prose {
            title: "{domain} がDNSSECで署名されていないため、{host} のTLSAレコードによる保護は不完全です",
            here: "DNSSECで保証されていません",
            why: "{host} にはDNSSECで保証されたTLSAレコードがありますが、{domain} のMXレコードは偽造でき、その場合メールは別のサーバーに送られます。このようなドメインでもDANEを使う送信側はありますが、使わない送信側もあります。",
            fix: "DNSサービスで {domain} をDNSSECで署名し、DSレコードをレジストラに登録してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if evidence.security(&evidence.mx.answer) != Security::Insecure {
        return;
    }
    let is_secure = |answer: &Answer| evidence.security(answer) == Security::Secure;
    let mut found = evidence.dane.hosts.iter().filter(|host| !host.tlsa.records().is_empty());
    if let Some(host) = found.find(|host| is_secure(&host.tlsa)) {
        let finding = RULE.at(evidence.mx.answer.spans()).with("domain", &evidence.domain);
        findings.push(finding.with("host", &host.host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Resolver, clean};

    const WORLD: &str = "$TTL 60\n@ MX 10 mx.other.\nmx.other. A 192.0.2.1\n_25._tcp.mx.other. TLSA 3 1 1 204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2\n";

    fn finds(unsigned: &[&str], validates: bool) -> usize {
        Resolver { validates, ..Resolver::new(WORLD, unsigned) }.findings(&RULE).len()
    }

    #[test]
    fn only_the_host_is_signed() {
        assert_eq!(finds(&["example.test"], true), 1);
    }

    #[test]
    fn both_or_neither_or_not_known() {
        clean(&RULE, WORLD);
        assert_eq!(finds(&[], true), 0);
        assert_eq!(finds(&["example.test", "other"], true), 0);
        assert_eq!(finds(&["example.test"], false), 0);
    }
}

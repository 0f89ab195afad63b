//! TLSA records, and a resolver that does not validate DNSSEC: nobody can tell whether they count.

use crate::dns::Security;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dane-security-unknown",
    severity: Severity::Advice,
    references: &["RFC 7672 section 2.2", "RFC 4035 section 3.2.3"],
    check,
    text: Text {
        en: Prose {
            title: "whether DNSSEC vouches for the TLSA records of {host} is not known: {server} does not validate",
            here: "not vouched for here",
            why: "Senders use TLSA records only where DNSSEC vouches for them. The DNS server that was asked vouches for nothing, not even for the root, so it cannot be told whether these have an effect.",
            fix: "Ask a DNS server that validates DNSSEC: `--resolver ADDRESS`.",
        },
        es: Prose {
            title: "no se sabe si los registros TLSA de {host} están protegidos por DNSSEC: {server} no lo valida",
            here: "aquí no se ha validado",
            why: "Los servidores remitentes solo usan registros TLSA protegidos por DNSSEC. El servidor DNS consultado no valida nada, ni siquiera la raíz, así que no se puede saber si estos tienen efecto.",
            fix: "Consulte un servidor DNS que valide DNSSEC: `--resolver DIRECCIÓN`.",
        },
        ja: Prose {
            title: "{host} のTLSAレコードがDNSSECで保証されているかどうか分かりません: {server} は検証を行いません",
            here: "ここでは保証されていません",
            why: "送信側は、DNSSECで保証されたTLSAレコードだけを使います。問い合わせたDNSサーバーはルートを含め何も保証しないため、これらのレコードが有効かどうかを判定できません。",
            fix: "DNSSECを検証するDNSサーバーに問い合わせてください: `--resolver アドレス`",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(root) = evidence.dane.root.as_ref().filter(|root| root.failure().is_none()) else { return };
    let is_unknown = |security| security == Security::Insecure && root.security == Security::Insecure;
    let mut found = evidence.dane.hosts.iter().filter(|host| !host.tlsa.records().is_empty());
    if let Some(host) = found.find(|host| is_unknown(host.tlsa.security) && host.tlsa.server == root.server) {
        let finding = RULE.at(host.tlsa.spans()).with("host", &host.host);
        findings.push(finding.with("server", host.tlsa.server.as_deref().unwrap_or_default()));
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
    fn a_resolver_that_does_not_validate() {
        assert_eq!(finds(&[], false), 1);
    }

    #[test]
    fn one_that_does_and_none() {
        clean(&RULE, WORLD);
        assert_eq!(finds(&[], true), 0);
        assert_eq!(finds(&["example.test"], true), 0);
    }
}

//! No MX host has an IPv4 address.

use crate::dns::Record;
use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::has_no_address;
use crate::rules::mx::private_address::is_unreachable;

pub static RULE: Rule = Rule {
    id: "mx-ipv6-only",
    severity: Severity::Warning,
    references: &["RFC 5321 section 5.1", "RFC 3974 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} takes mail by IPv6 only: {hosts}",
            here: "no IPv4 address",
            why: "Many mail servers still have no IPv6. Their mail for {domain} waits in their queues and comes back after some days.",
            fix: "Give the host an A record with an IPv4 address under which it takes mail, or add an MX record with a host that has one.",
        },
        es: Prose {
            title: "{domain} solo recibe correo por IPv6: {hosts}",
            here: "sin dirección IPv4",
            why: "Muchos servidores de correo aún no tienen IPv6. El correo que envían a {domain} espera en cola y se devuelve al cabo de unos días.",
            fix: "Publique para el servidor un registro A con una dirección IPv4 en la que reciba correo, o añada un registro MX con un servidor que la tenga.",
        },
        ja: Prose {
            title: "{domain} はIPv6でしかメールを受信できません: {hosts}",
            here: "IPv4アドレスがありません",
            why: "IPv6に対応していないメールサーバーはまだ多くあります。そうしたサーバーから {domain} 宛てのメールは送信側のキューに滞留し、数日後に不達通知とともに返送されます。",
            fix: "メールを受け取るIPv4アドレスをAレコードとしてこのホストに設定するか、IPv4アドレスを持つホストのMXレコードを追加してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.mx.found;
    let reached: Vec<&MailHost> = hosts.iter().filter(|host| has_ipv6_only(host)).collect();
    // Of a host without any address another rule tells; one that nobody knows of may have IPv4.
    if !reached.is_empty() && hosts.iter().all(|host| has_ipv6_only(host) || has_no_address(host)) {
        let names: Vec<&str> = reached.iter().map(|host| host.exchange.as_str()).collect();
        let finding = RULE.at(reached.iter().map(|host| host.record.field_span(1)));
        findings.push(finding.with("domain", &evidence.domain).with("hosts", names.join(", ")));
    }
}

/// Of addresses that lead nowhere another rule tells.
fn has_ipv6_only(host: &MailHost) -> bool {
    let leads_somewhere = |record: &Record| !is_unreachable(record);
    host.addresses.as_ref().is_some_and(|[a, aaaa]| a.is_absent() && aaaa.records().iter().any(leads_somewhere))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn no_host_has_ipv4() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail
                                ^^^^
            @             MX 20 gone
            mail          AAAA  2001:db8::25
            "#,
        );
    }

    #[test]
    fn one_ipv4_address_is_enough() {
        clean(&RULE, "@ MX 10 mail\nmail AAAA 2001:db8::25\nmail A 192.0.2.25");
        clean(&RULE, "@ MX 10 mail\n@ MX 20 old\nmail AAAA 2001:db8::25\nold A 192.0.2.25");
        clean(&RULE, "@ MX 0 .");
        clean(&RULE, "@ MX 0 gone");
    }

    #[test]
    fn an_address_that_leads_nowhere_is_no_way_by_ipv6() {
        clean(&RULE, "@ MX 10 mail\nmail AAAA ::1");
        clean(&RULE, "@ MX 10 mail\nmail AAAA ::ffff:127.0.0.1");
    }

    #[test]
    fn nobody_knows() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n@ MX 10 mail\n@ MX 20 mx.other.\nmail AAAA 2001:db8::25\n";
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty());
    }
}

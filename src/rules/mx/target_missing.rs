//! The host of an MX record does not exist, or has no address.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::{has_no_address, host_typo, is_misnamed};

pub static RULE: Rule = Rule {
    id: "mx-target-missing",
    severity: Severity::Error,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} has no address",
            here: "no A or AAAA record",
            why: "No mail can be delivered to this host. Where it is the only one, mail for the domain bounces, and receivers may refuse mail from a domain that cannot be answered.",
            fix: "Correct the name, or give {host} an A or AAAA record. If the host is gone, delete this MX record.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} no tiene dirección",
            here: "sin registro A ni AAAA",
            why: "A este servidor no se le puede entregar correo. Si es el único, el correo para el dominio se devuelve, y los receptores pueden rechazar los mensajes de un dominio al que no se puede responder.",
            fix: "Corrija el nombre o publique un registro A o AAAA para {host}. Si el servidor ya no existe, elimine este registro MX.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} にアドレスがありません",
            here: "AレコードもAAAAレコードもありません",
            why: "このホストにはメールを配送できません。ほかにMXホストがなければ、このドメイン宛てのメールはすべて不達になり、返信できないドメインからのメールとして受信を拒否されることもあります。",
            fix: "名前を修正するか、{host} のAまたはAAAAレコードを公開してください。使われなくなったホストであれば、このMXレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let lost = evidence.mx.found.iter().filter(|host| has_no_address(host) && !is_misnamed(host));
    for host in lost.filter(|host| host_typo::meant(evidence, host).is_none()) {
        // The alias that leads nowhere is part of the fault.
        let aliases = host.addresses.iter().flatten().take(1).flat_map(|answer| &answer.aliases);
        let finding = RULE.at([host.record.field_span(1)]).and_at(aliases.map(|alias| alias.data_span()));
        findings.push(finding.with("domain", &evidence.domain).with("host", &host.exchange));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn no_such_host_and_no_address() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail
                                ^^^^
            @             MX 20 mail.example.net.
                                ^^^^^^^^^^^^^^^^^
            @             MX 30 text
                                ^^^^
            text          TXT "no address"
            "#,
        );
    }

    #[test]
    fn an_alias_that_leads_nowhere() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail
                                ^^^^
            mail          CNAME gone.example.net.
                                ^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_address_of_either_family_is_enough() {
        clean(&RULE, "@ MX 10 a\n@ MX 20 b\na A 192.0.2.1\nb AAAA 2001:db8::1\n@ MX 30 .");
    }

    #[test]
    fn nobody_knows() {
        let mut findings = Vec::new();
        for evidence in offline_evidence("@ MX 10 mail.example.net.\n@ MX 20 mx.sub\nsub NS ns.example.net.") {
            check(&evidence, &mut findings);
        }
        assert!(findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn other_rules_speak_of_these() {
        clean(&RULE, "@ MX 10 192.0.2.1\n@ MX 20 mail.example.test\n@ MX 30 \\\"mail\\\"\n@ MX 40 smtp.gogle.com.");
    }
}

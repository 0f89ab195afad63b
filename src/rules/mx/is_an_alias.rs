//! The host of an MX record is an alias (CNAME).

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::{has_no_address, is_misnamed};

pub static RULE: Rule = Rule {
    id: "mx-is-an-alias",
    severity: Severity::Warning,
    references: &["RFC 5321 section 5.1", "RFC 2181 section 10.3"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} is an alias (CNAME) of {target}",
            here: "must be a host, not an alias",
            why: "The standards forbid an alias here. Most senders follow it anyway, some do not deliver, and a mail server that does not find its own name in the MX record may send mail in a loop.",
            fix: "Write `{target}` in the MX record, or give {host} an A or AAAA record in place of the CNAME.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} es un alias (CNAME) de {target}",
            here: "debe ser un servidor, no un alias",
            why: "Las normas prohíben aquí un alias. La mayoría de los servidores lo siguen de todos modos, pero algunos no entregan el correo, y un servidor que no encuentra su propio nombre en el registro MX puede reenviar el correo en bucle.",
            fix: "Escriba `{target}` en el registro MX o publique para {host} un registro A o AAAA en lugar del CNAME.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} は {target} の別名(CNAME)です",
            here: "別名ではなくホスト名が必要です",
            why: "規格ではMXレコードに別名を書くことは禁止されています。多くの送信側は別名をたどりますが、配送しないサーバーもあり、MXレコードに自分の名前を見つけられないサーバーではメールがループするおそれもあります。",
            fix: "MXレコードに `{target}` と書くか、{host} のCNAMEをAまたはAAAAレコードに置き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in evidence.mx.found.iter().filter(|host| !has_no_address(host) && !is_misnamed(host)) {
        // RFC 5321 section 5.1: "Any other response, specifically including a value that will return a CNAME record
        // when queried, lies outside the scope of this Standard."
        let Some(answer) = host.addresses.iter().flatten().find(|answer| !answer.aliases.is_empty()) else { continue };
        let alias = answer.aliases.iter().take(1).map(|alias| alias.span());
        let finding = RULE.at([host.record.field_span(1)]).and_at(alias).with("domain", &evidence.domain);
        findings.push(finding.with("host", &host.exchange).with("target", answer.final_name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn an_alias_and_where_it_is_made() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail
                                ^^^^
            mail          CNAME host.example.net.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            host.example.net. A 192.0.2.1
            "#,
        );
    }

    #[test]
    fn an_alias_is_one_wherever_it_leads() {
        let mut findings = Vec::new();
        for evidence in offline_evidence("@ MX 10 mail\nmail CNAME host.example.net.") {
            check(&evidence, &mut findings);
        }
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn hosts() {
        clean(&RULE, "@ MX 10 mail\nmail A 192.0.2.1\nwww CNAME mail\n@ MX 20 gone");
    }
}

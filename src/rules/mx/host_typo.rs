//! An MX host that does not exist, near one of a provider's.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::providers::meant::{self, Meant};
use crate::rules::Rule;
use crate::rules::mx::{has_no_address, is_misnamed};

pub static RULE: Rule = Rule {
    id: "mx-host-typo",
    severity: Severity::Error,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} has no address: did you mean `{instead}`, of {provider}?",
            here: "did you mean `{instead}`?",
            why: "No mail can be delivered to this host: it has no A or AAAA record. Where it is the only one, mail for the domain bounces.",
            fix: "Write `{instead}` in place of `{host}`. If another host is meant, correct its name or give it an address.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} no tiene dirección: ¿quiso decir `{instead}`, de {provider}?",
            here: "¿quiso decir `{instead}`?",
            why: "A este servidor no se le puede entregar correo: no tiene registro A ni AAAA. Si es el único, el correo para el dominio se devuelve.",
            fix: "Escriba `{instead}` en lugar de `{host}`. Si se trata de otro servidor, corrija su nombre o publique su dirección.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} にアドレスがありません。{provider} の `{instead}` ではありませんか",
            here: "`{instead}` ではありませんか",
            why: "このホストにはAレコードもAAAAレコードもないため、メールを配送できません。ほかにMXホストがなければ、このドメイン宛てのメールはすべて不達になります。",
            fix: "`{host}` を `{instead}` に書き換えてください。別のホストを指すつもりであれば、その名前を修正するか、アドレスを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in &evidence.mx.found {
        findings.extend(meant(evidence, host).map(|meant| finding(&RULE, evidence, host, &meant)));
    }
}

/// The host that must have been meant by one that does not exist.
pub(super) fn meant(evidence: &Evidence, host: &MailHost) -> Option<Meant> {
    let is_absent = has_no_address(host) && !is_misnamed(host);
    is_absent.then(|| meant::mail_host(&host.exchange, &evidence.domain)).flatten()
}

/// The finding that another host is meant.
pub(super) fn finding(rule: &'static Rule, evidence: &Evidence, host: &MailHost, meant: &Meant) -> Finding {
    let right = &meant.slip.right;
    rule.at([host.record.field_span(1)])
        .with("domain", &evidence.domain)
        .with("host", &host.exchange)
        .with("instead", right)
        .with("provider", &meant.provider.name)
        .publish(&host.record.owner, Kind::MX, format!("{} {right}", host.preference))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn hosts_of_providers() {
        let zone = r#"
            example.test. MX 1  aspmx.l.gogle.com.
                                ^^^^^^^^^^^^^^^^^^
            example.test. MX 0  example-test.mail.protection.outlook.de.
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let publish: Vec<String> = findings(&RULE, zone).iter().map(|found| found.publish[0].value.clone()).collect();
        assert_eq!(publish, ["0 example-test.mail.protection.outlook.com", "1 aspmx.l.google.com"]);
    }

    #[test]
    fn hosts_that_are_there_and_strangers() {
        clean(&RULE, "@ MX 1 aspmx.l.gogle.com.\naspmx.l.gogle.com. A 192.0.2.1");
        clean(&RULE, "@ MX 1 aspmx.l.google.com.\n@ MX 5 alt5.aspmx.l.google.com.\n@ MX 9 mail.other.");
    }
}

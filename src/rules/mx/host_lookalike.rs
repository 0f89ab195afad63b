//! An MX host near one of a provider's, which is there, or of which nobody knows whether it is.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::near::name::Place;
use crate::providers::meant::{self, Meant};
use crate::rules::Rule;
use crate::rules::mx::{has_no_address, host_typo};

pub static RULE: Rule = Rule {
    id: "mx-host-lookalike",
    severity: Severity::Warning,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} looks like a misspelt host of {provider}: did you mean `{instead}`?",
            here: "did you mean `{instead}`?",
            why: "Mail for the domain goes to whoever has this name. If there is no such host, it cannot be delivered; if the name belongs to a stranger, the stranger gets the mail.",
            fix: "If {provider} has the mailboxes, write `{instead}` in place of `{host}`.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} parece un servidor de {provider} mal escrito: ¿quiso decir `{instead}`?",
            here: "¿quiso decir `{instead}`?",
            why: "El correo para el dominio llega a quien tenga este nombre. Si no existe tal servidor, no se puede entregar; si el nombre es de un tercero, el correo lo recibe ese tercero.",
            fix: "Si los buzones están en {provider}, escriba `{instead}` en lugar de `{host}`.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} は {provider} のホストの書き間違いかもしれません。`{instead}` ではありませんか",
            here: "`{instead}` ではありませんか",
            why: "このドメイン宛てのメールは、この名前の持ち主に届きます。そのようなホストがなければ配送できず、名前が第三者のものであれば、メールはその第三者に届きます。",
            fix: "メールボックスが {provider} にあるのであれば、`{host}` を `{instead}` に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in evidence.mx.found.iter().filter(|host| !host.exchange.is_root() && !has_no_address(host)) {
        let meant = meant::mail_host(&host.exchange, &evidence.domain).filter(|meant| is_plain(host, meant));
        // The name is there, and may be the one that is meant.
        findings.extend(meant.map(|meant| host_typo::finding(&RULE, evidence, host, &meant).as_choice()));
    }
}

/// A host that is there, within the provider's own domain, is the provider's.
fn is_plain(host: &MailHost, meant: &Meant) -> bool {
    let is_there = host.addresses.iter().flatten().any(|answer| !answer.records().is_empty());
    meant.slip.is_plain && (!is_there || meant.slip.place == Place::Domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn a_strangers_host() {
        finds(
            &RULE,
            r#"
            example.test.      MX 1  aspmx.l.gogle.com.
                                     ^^^^^^^^^^^^^^^^^^
            aspmx.l.gogle.com. A 192.0.2.1
            "#,
        );
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n@ MX 0 example-test.mail.protecton.outlook.com.\n@ MX 1 smtp.google.com.\n@ MX 9 smtp.google.de.\n";
        offline_evidence(zone).iter().for_each(|evidence| check(evidence, &mut found));
        let publish: Vec<&str> = found.iter().map(|found| found.publish[0].value.as_str()).collect();
        assert_eq!(publish, ["0 example-test.mail.protection.outlook.com"]);
    }

    #[test]
    fn known_hosts_and_such_as_do_not_exist() {
        clean(&RULE, "@ MX 1 smtp.google.com.\n@ MX 2 smtp.gogle.com.\n@ MX 3 .\nsmtp.google.com. A 192.0.2.1");
        clean(&RULE, "@ MX 1 smpt.google.com.\nsmpt.google.com. A 192.0.2.1");
    }
}

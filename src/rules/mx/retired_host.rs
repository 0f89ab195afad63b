//! An MX host that its provider no longer supports.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Value, Words};
use crate::providers::{self, Former, Provider};
use crate::rules::Rule;
use crate::rules::mx::has_no_address;

pub static RULE: Rule = Rule {
    id: "mx-retired-host",
    severity: Severity::Error,
    references: &["RFC 5321 section 5.1", "Google: Actions required to prepare for Postini End of Life"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} is one that {provider} has retired",
            here: "retired",
            why: "{provider} no longer supports this name: mail that is sent there is put off or refused, and comes back to the sender in the end.",
            fix: "In the MX record, write the host that the panel of your mailbox provider shows in place of {host}: {instead}.",
        },
        es: Prose {
            title: "{provider} ha retirado el servidor MX {host} de {domain}",
            here: "retirado",
            why: "{provider} ya no admite este nombre: el correo que se envía allí se aplaza o se rechaza y al final se devuelve al remitente.",
            fix: "Sustituya {host} en el registro MX por el servidor que indica el panel de su proveedor de buzones: {instead}.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} は、{provider} が提供を終了した名前です",
            here: "提供終了",
            why: "{provider} はこの名前をもうサポートしていません。この名前へのメールは一時拒否または拒否され、最終的に不達となります。",
            fix: "MXの {host} を、ご利用のメールサービスの管理画面に表示されているホストに置き換えてください: {instead}",
        },
    },
};

const NONE: Words = Words {
    en: "the service itself is gone",
    es: "el propio servicio ya no existe",
    ja: "このサービス自体が終了しています",
};

/// Of a host that has no address another rule speaks.
fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in evidence.mx.found.iter().filter(|host| !has_no_address(host)) {
        if let Some((provider, former)) = retired(host) {
            let finding = RULE.at([host.record.field_span(1)]).with("domain", &evidence.domain);
            let finding = finding.with("host", &host.exchange).with("provider", &provider.name);
            findings.push(finding.with_value("instead", instead(evidence, former)));
        }
    }
}

/// The provider that has retired the host.
fn retired(host: &MailHost) -> Option<(&'static Provider, &'static Former)> {
    let mut former = providers::all().iter().flat_map(|it| it.former_mx.iter().map(move |former| (it, former)));
    former.find(|(_, former)| providers::matches(&former.name, &host.exchange))
}

/// The host of today, as it is for most domains.
fn instead(evidence: &Evidence, former: &Former) -> Value {
    match &former.instead {
        Some(host) => {
            let domain = evidence.domain.as_str();
            Value::Plain(host.replace("{dashed}", &domain.replace('.', "-")).replace("{domain}", domain))
        }
        None => Value::Words(NONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn hosts_of_former_services() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail.messaging.microsoft.com.
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            @             MX 20 example.test.s7a1.psmtp.com.
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            mail.messaging.microsoft.com. A 52.101.73.5
            example.test.s7a1.psmtp.com. A 64.18.7.10
            "#,
        );
    }

    #[test]
    fn what_stands_instead() {
        let found = findings(&RULE, "@ MX 0 mail.global.frontbridge.com.\nmail.global.frontbridge.com. A 52.101.73.5");
        let instead =
            found[0].values.iter().find(|(name, _)| *name == "instead").map(|(_, it)| it.get(crate::lang::Lang::En));
        assert_eq!(instead, Some("example-test.mail.protection.outlook.com"));
    }

    #[test]
    fn hosts_of_today_and_hosts_that_are_gone() {
        clean(&RULE, "@ MX 10 example-test.mail.protection.outlook.com.\n@ MX 20 example.test.s7a1.psmtp.com.");
    }
}

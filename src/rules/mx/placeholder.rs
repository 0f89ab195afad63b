//! An MX host out of instructions, which was not filled in.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::is_an_address;
use crate::rules::zone::placeholder;

pub static RULE: Rule = Rule {
    id: "mx-placeholder",
    severity: Severity::Error,
    references: &["RFC 2606 section 3", "RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host `{host}` of {domain} is a placeholder",
            here: "not filled in",
            why: "This name was copied out of instructions, where it stands for the real one. Mail for {domain} is not delivered through this record, or it goes to the stranger who owns that name.",
            fix: "Write the MX host that your mail provider shows for {domain}, or delete this record.",
        },
        es: Prose {
            title: "el servidor MX `{host}` de {domain} es un texto de ejemplo",
            here: "sin rellenar",
            why: "Este nombre se copió de unas instrucciones, donde ocupa el lugar del nombre real. A través de este registro, el correo para {domain} no se entrega o le llega a un tercero: el dueño de ese nombre.",
            fix: "Escriba el servidor MX que su proveedor de correo muestra para {domain}, o elimine este registro.",
        },
        ja: Prose {
            title: "{domain} のMXホスト `{host}` は記入例のままです",
            here: "記入されていません",
            why: "手順書の例にある名前で、本来は実際のホスト名に置き換えるものです。このレコードでは {domain} 宛てのメールが届かないか、その名前を持つ第三者に届きます。",
            fix: "メールサービスが {domain} 用に表示するMXホストを書くか、このレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in evidence.mx.found.iter().filter(|host| is_placeholder(host)) {
        let finding = RULE.at([host.record.field_span(1)]);
        findings.push(finding.with("domain", &evidence.domain).with("host", &host.exchange));
    }
}

pub(super) fn is_placeholder(host: &MailHost) -> bool {
    placeholder::is_in(&host.exchange, &host.record.owner) && is_an_address::address(host).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn hosts_of_instructions() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail.yourdomain.com.
                                ^^^^^^^^^^^^^^^^^^^^
            @             MX 20 <domain>.mail.protection.outlook.com.
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn hosts_in_use() {
        clean(&RULE, "@ MX 10 mail.example.net.\n@ MX 20 www4.your-server.de.\n@ MX 30 [192.0.2.1]");
    }
}

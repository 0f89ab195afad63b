//! The old and the new MX host of Microsoft 365 side by side.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-microsoft-both",
    severity: Severity::Advice,
    references: &["Microsoft: How SMTP DNS-based Authentication of Named Entities (DANE) works"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has both its old and its new Microsoft 365 host in MX",
            here: "the same mailboxes",
            why: "Both take the mail, but only the name below `mx.microsoft` can be protected by DNSSEC and DANE. While `{host}` remains, mail can still arrive without that protection.",
            fix: "When mail arrives through the new host, delete the MX record with `{host}`.",
        },
        es: Prose {
            title: "{domain} tiene en MX a la vez el servidor antiguo y el nuevo de Microsoft 365",
            here: "los mismos buzones",
            why: "Ambos reciben el correo, pero solo el nombre bajo `mx.microsoft` puede protegerse con DNSSEC y DANE. Mientras siga `{host}`, el correo puede llegar sin esa protección.",
            fix: "Cuando el correo llegue por el servidor nuevo, elimine el registro MX con `{host}`.",
        },
        ja: Prose {
            title: "{domain} のMXに、Microsoft 365の旧ホストと新ホストが併存しています",
            here: "同じメールボックス",
            why: "どちらでも受信できますが、DNSSECとDANEで保護できるのは `mx.microsoft` 以下の名前だけです。`{host}` が残っている間は、保護のない経路でメールが届くことがあります。",
            fix: "新しいホストで受信できることを確認したら、`{host}` のMXレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let old = first_below(evidence, "mail.protection.outlook.com");
    let new = first_below(evidence, "mx.microsoft");
    if let (Some(old), Some(new)) = (old, new) {
        let finding = RULE.at([old.record.data_span(), new.record.data_span()]);
        findings.push(finding.with("domain", &evidence.domain).with("host", &old.exchange));
    }
}

fn first_below<'e>(evidence: &'e Evidence, suffix: &str) -> Option<&'e MailHost> {
    let suffix = Name::parse(suffix).ok()?;
    evidence.mx.found.iter().find(|host| host.exchange.is_below(&suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn both() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 example-test.o-v1.mx.microsoft.
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            @             MX 20 example-test.mail.protection.outlook.com.
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_of_them() {
        clean(&RULE, "@ MX 10 example-test.o-v1.mx.microsoft.\n@ MX 20 mail");
    }
}

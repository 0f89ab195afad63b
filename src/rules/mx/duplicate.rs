//! The same host in two MX records.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-duplicate",
    severity: Severity::Advice,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "{host} appears in more than one MX record of {domain}",
            here: "the same host",
            why: "Senders that do not reach the host try the same host again. It looks like a second way in, but is not one.",
            fix: "Keep the MX record with the lowest preference for this host, and delete the others.",
        },
        es: Prose {
            title: "{host} figura en más de un registro MX de {domain}",
            here: "el mismo servidor",
            why: "Quien no logra conectar con el servidor vuelve a intentarlo con el mismo. Parece una segunda vía de entrada, pero no lo es.",
            fix: "Conserve para este servidor el registro MX con la preferencia más baja y elimine los demás.",
        },
        ja: Prose {
            title: "{host} が {domain} の複数のMXレコードに書かれています",
            here: "同じホスト",
            why: "このホストに接続できない送信側は、同じホストにもう一度接続を試みるだけです。予備の経路のように見えますが、予備になっていません。",
            fix: "このホストについては優先度の値が最も小さいMXレコードだけを残し、ほかを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.mx.found;
    for (index, host) in hosts.iter().enumerate() {
        let is_same = |other: &&MailHost| other.exchange == host.exchange;
        let first = !hosts[..index].iter().any(|before| is_same(&before));
        let same: Vec<_> = hosts.iter().filter(is_same).collect();
        if first && same.len() > 1 && !host.exchange.is_root() {
            let finding = RULE.at(same.iter().map(|host| host.record.data_span()));
            findings.push(finding.with("host", &host.exchange).with("domain", &evidence.domain));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn one_host_twice() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail
                             ^^^^^^^
            @             MX 20 MAIL.example.test.
                             ^^^^^^^^^^^^^^^^^^^^^
            @             MX 20 other
            "#,
        );
    }

    #[test]
    fn equal_preferences_are_right() {
        clean(&RULE, "@ MX 10 a\n@ MX 10 b");
    }
}

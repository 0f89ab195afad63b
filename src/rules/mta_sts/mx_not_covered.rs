//! An MX host that the policy does not name, in the mode `enforce`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, lines, names, policy, uncovered};

pub static RULE: Rule = Rule {
    id: "mta-sts-mx-not-covered",
    severity: Severity::Error,
    references: &["RFC 8461 section 4.1", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} does not name its MX host {hosts}",
            here: "these do not match",
            why: "Senders that honour MTA-STS, such as Gmail, Outlook.com and Exchange Online, deliver only to hosts that the policy names. They do not deliver to {hosts}; where no other host is named, mail waits and then comes back.",
            fix: "Add {lines} to the policy, then write a new `id` into the record at `_mta-sts`. Senders keep the old policy until they see the new `id`.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} no incluye su servidor MX {hosts}",
            here: "no coinciden",
            why: "Los servidores remitentes que respetan MTA-STS, como Gmail, Outlook.com y Exchange Online, solo entregan el correo a los servidores que la política incluye. No entregan nada a {hosts}; si la política no incluye ningún otro, el correo espera en cola y al final se devuelve.",
            fix: "Añada {lines} a la política y después escriba un `id` nuevo en el registro de `_mta-sts`. Los servidores remitentes conservan la política antigua hasta que ven el `id` nuevo.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに、MXホスト {hosts} が書かれていません",
            here: "一致しません",
            why: "Gmail、Outlook.com、Exchange OnlineなどMTA-STSに従う送信側は、ポリシーに書かれたホストにしか配送しません。{hosts} には配送されず、ほかに書かれたホストがなければ、メールは滞留した後に不達となります。",
            fix: "ポリシーに {lines} を追加し、`_mta-sts` のレコードの `id` を新しくしてください。送信側は新しい `id` を見るまで古いポリシーを使い続けます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() == Some(Mode::Enforce)) else {
        return;
    };
    let hosts = uncovered(evidence, policy);
    // A policy without any host is another rule's.
    if hosts.is_empty() || policy.mx().next().is_none() {
        return;
    }
    let finding = RULE.at(hosts.iter().map(|host| host.record.field_span(1)));
    let finding = finding.and_at(policy.mx().take(MAX_PLACES).map(|field| document.span(field.value.clone())));
    let finding = finding.with("domain", &evidence.domain).with("hosts", names(&hosts));
    findings.push(finding.with("lines", lines(&hosts)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::rules::mta_sts::tests::{clean, findings, finds};

    #[test]
    fn another_host_and_too_many_labels() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: enforce
            mx: mx.example.test
                ^^^^^^^^^^^^^^^
            mx: *.mail.example.test
                ^^^^^^^^^^^^^^^^^^^
            ",
        );
        let found = findings(&RULE, "version: STSv1\nmode: enforce\nmx: *.test\n");
        let said = |text: &str| found[0].values.iter().any(|(_, value)| value.get(Lang::En) == text);
        assert!(said("`mx: mail.example.test`") && said("mail.example.test"));
    }

    #[test]
    fn named_or_in_another_mode() {
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: *.Example.TEST\n");
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test.\n");
        clean(&RULE, "version: STSv1\nmode: enforce\n");
        clean(&RULE, "version: STSv1\nmode: testing\nmx: mx.example.test\n");
    }
}

//! An MX host that the policy does not name, in the mode `testing`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, lines, names, policy, uncovered};

pub static RULE: Rule = Rule {
    id: "mta-sts-mx-not-covered-testing",
    severity: Severity::Warning,
    references: &["RFC 8461 section 4.1", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain}, still in testing, does not name its MX host {hosts}",
            here: "these do not match",
            why: "In the mode `testing` mail is still delivered. With `enforce` senders such as Gmail, Outlook.com and Exchange Online would not deliver to {hosts}.",
            fix: "Add {lines} to the policy before you change the mode, then write a new `id` into the record at `_mta-sts`.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain}, aún en pruebas, no incluye su servidor MX {hosts}",
            here: "no coinciden",
            why: "En el modo `testing` el correo se sigue entregando. Con `enforce`, servicios como Gmail, Outlook.com y Exchange Online no entregarían nada a {hosts}.",
            fix: "Añada {lines} a la política antes de cambiar el modo y después escriba un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシー(`testing` モード)に、MXホスト {hosts} が書かれていません",
            here: "一致しません",
            why: "`testing` の間はメールが配送されます。`enforce` に変えると、Gmail、Outlook.com、Exchange Onlineなどの送信側は {hosts} に配送しなくなります。",
            fix: "モードを変える前にポリシーに {lines} を追加し、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() == Some(Mode::Testing)) else {
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
            mode: testing
            mx: mx.example.test
                ^^^^^^^^^^^^^^^
            mx: *.mail.example.test
                ^^^^^^^^^^^^^^^^^^^
            ",
        );
        let found = findings(&RULE, "version: STSv1\nmode: testing\nmx: *.test\n");
        let said = |text: &str| found[0].values.iter().any(|(_, value)| value.get(Lang::En) == text);
        assert!(said("`mx: mail.example.test`") && said("mail.example.test"));
    }

    #[test]
    fn named_or_in_another_mode() {
        clean(&RULE, "version: STSv1\nmode: testing\nmx: *.Example.TEST\n");
        clean(&RULE, "version: STSv1\nmode: testing\nmx: mail.example.test.\n");
        clean(&RULE, "version: STSv1\nmode: testing\n");
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mx.example.test\n");
    }
}

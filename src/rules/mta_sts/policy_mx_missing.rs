//! A policy that names no MX host.

use crate::evidence::Evidence;
use crate::evidence::MailHost;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::{lines, place_of_missing, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-mx-missing",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} names no MX host",
            here: "no `mx` in the policy",
            why: "A policy like this is not valid. Senders act as if {domain} had none, and nothing forces TLS.",
            fix: "Add a line for each MX host to the policy: {lines}; then write a new `id` into the record at `_mta-sts`.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} no incluye ningún servidor MX",
            here: "sin `mx` en la política",
            why: "Una política así no es válida. Los servidores remitentes actúan como si {domain} no tuviera ninguna y nada obliga a usar TLS.",
            fix: "Añada a la política una línea por cada servidor MX: {lines}; después escriba un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーにMXホストが書かれていません",
            here: "ポリシーに `mx` がありません",
            why: "このポリシーは無効です。送信側は {domain} にポリシーがないものとして扱い、TLSは強制されません。",
            fix: "ポリシーにMXホストごとの行({lines})を追加し、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    let needs_hosts = matches!(policy.mode(), Some(Mode::Enforce | Mode::Testing));
    if needs_hosts && policy.mx().next().is_none() {
        let hosts: Vec<&MailHost> = evidence.mx.found.iter().collect();
        let finding = RULE.at([place_of_missing(document, policy, "mx")]).with("domain", &evidence.domain);
        findings.push(finding.with("lines", lines(&hosts)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::rules::mta_sts::tests::{clean, findings, finds};

    #[test]
    fn none_and_another_case() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: enforce
            MX: mail.example.test
            ^^
            ",
        );
        let found = findings(&RULE, "version: STSv1\nmode: testing\n");
        assert!(found[0].values.iter().any(|(_, value)| value.get(Lang::En) == "`mx: mail.example.test`"));
    }

    #[test]
    fn with_hosts_and_without_need() {
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
        clean(&RULE, "version: STSv1\nmode: none\nmax_age: 86400\n");
    }
}

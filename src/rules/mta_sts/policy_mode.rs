//! A policy without a mode, or with one that does not exist.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::{place_of_missing, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-mode",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} has no valid `mode`",
            here: "no valid mode",
            why: "A policy like this is not valid. Senders act as if {domain} had none, and nothing forces TLS.",
            fix: "Write `mode: enforce`, or `mode: testing` while you try it out; in small letters.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} no tiene un `mode` válido",
            here: "no es un modo válido",
            why: "Una política así no es válida. Los servidores remitentes actúan como si {domain} no tuviera ninguna y nada obliga a usar TLS.",
            fix: "Escriba `mode: enforce`, o `mode: testing` mientras hace pruebas; en minúsculas.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに正しい `mode` がありません",
            here: "正しいモードではありません",
            why: "このポリシーは無効です。送信側は {domain} にポリシーがないものとして扱い、TLSは強制されません。",
            fix: "`mode: enforce`(試験中は `mode: testing`)と小文字で書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    if policy.mode().is_some() {
        return;
    }
    let place = match policy.find("mode") {
        Some(field) if !field.value.is_empty() => document.span(field.value.clone()),
        Some(field) => document.span(field.key.clone()),
        None => place_of_missing(document, policy, "mode"),
    };
    findings.push(RULE.at([place]).with("domain", &evidence.domain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn unknown_and_missing() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: Enforce
                  ^^^^^^^
            ",
        );
        finds(
            &RULE,
            "
            version: STSv1
            mdoe: enforce
            ^^^^
            ",
        );
        finds(
            &RULE,
            "
            version: STSv1
            mode:
            ^^^^
            ",
        );
    }

    #[test]
    fn known_ones() {
        for mode in ["enforce", "testing", "none"] {
            clean(&RULE, &*format!("version: STSv1\nmode: {mode}\n"));
        }
    }
}

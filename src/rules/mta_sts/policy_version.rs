//! A policy without the line `version: STSv1`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::{place_of_missing, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-version",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} lacks the line `version: STSv1`",
            here: "must be `version: STSv1`",
            why: "A policy like this is not valid. Senders act as if {domain} had none, and nothing forces TLS.",
            fix: "Write `version: STSv1` as the first line of the policy, with the letters in this case.",
        },
        es: Prose {
            title: "a la política MTA-STS de {domain} le falta la línea `version: STSv1`",
            here: "debe ser `version: STSv1`",
            why: "Una política así no es válida. Los servidores remitentes actúan como si {domain} no tuviera ninguna y nada obliga a usar TLS.",
            fix: "Escriba `version: STSv1` en la primera línea de la política, con esas mayúsculas y minúsculas.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに `version: STSv1` の行がありません",
            here: "`version: STSv1` でなければなりません",
            why: "このポリシーは無効です。送信側は {domain} にポリシーがないものとして扱い、TLSは強制されません。",
            fix: "ポリシーの1行目に、大文字・小文字もこのとおりに `version: STSv1` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    if policy.find("version").is_some_and(|field| policy.value(field) == "STSv1") {
        return;
    }
    let place = match policy.find("version") {
        Some(field) if !field.value.is_empty() => document.span(field.value.clone()),
        Some(field) => document.span(field.key.clone()),
        None => place_of_missing(document, policy, "version"),
    };
    findings.push(RULE.at([place]).with("domain", &evidence.domain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn another_value_another_case_and_none() {
        finds(
            &RULE,
            "
            version: STSv2
                     ^^^^^
            mode: enforce
            ",
        );
        finds(
            &RULE,
            "
            mode: enforce
            Version: STSv1
            ^^^^^^^
            ",
        );
        finds(
            &RULE,
            "
            mode: enforce
            ^^^^
            ",
        );
    }

    #[test]
    fn the_right_one() {
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
        clean(&RULE, "\u{feff}version:STSv1 \r\n");
    }
}

//! A policy without `max_age`, or with one that is no number.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::{place_of_missing, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-max-age",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} has no valid `max_age`",
            here: "no number of seconds",
            why: "A policy like this is not valid. Senders act as if {domain} had none, and nothing forces TLS.",
            fix: "Write `max_age:` with the number of seconds that senders may keep the policy, such as `max_age: 604800` for a week.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} no tiene un `max_age` válido",
            here: "no es un número de segundos",
            why: "Una política así no es válida. Los servidores remitentes actúan como si {domain} no tuviera ninguna y nada obliga a usar TLS.",
            fix: "Escriba `max_age:` con el número de segundos que los servidores remitentes pueden conservar la política, como `max_age: 604800` para una semana.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに正しい `max_age` がありません",
            here: "秒数ではありません",
            why: "このポリシーは無効です。送信側は {domain} にポリシーがないものとして扱い、TLSは強制されません。",
            fix: "`max_age:` に、送信側がポリシーを保持してよい秒数を書いてください(例: 1週間なら `max_age: 604800`)。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    if policy.max_age().is_some() {
        return;
    }
    let place = match policy.find("max_age") {
        Some(field) if !field.value.is_empty() => document.span(field.value.clone()),
        Some(field) => document.span(field.key.clone()),
        None => place_of_missing(document, policy, "max_age"),
    };
    findings.push(RULE.at([place]).with("domain", &evidence.domain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn no_number_and_none() {
        finds(
            &RULE,
            "
            version: STSv1
            max_age: 7d
                     ^^
            ",
        );
        finds(
            &RULE,
            "
            version: STSv1
            mode: none
            maxage: 604800
            ^^^^^^
            ",
        );
    }

    #[test]
    fn a_number() {
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
        clean(&RULE, "version: STSv1\nmax_age: 0\n");
    }
}

//! A line of the policy that is no key with a value.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-line-invalid",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "a line of the MTA-STS policy of {domain} is not of the form `key: value`",
            here: "not `key: value`",
            why: "A policy with such a line is not valid by the standard. Senders that read it strictly act as if {domain} had none.",
            fix: "Correct the line, or delete it; a policy cannot hold comments.",
        },
        es: Prose {
            title: "una línea de la política MTA-STS de {domain} no tiene la forma `clave: valor`",
            here: "no es `clave: valor`",
            why: "Según el estándar, una política con una línea así no es válida. Los servidores remitentes que la leen de forma estricta actúan como si {domain} no tuviera ninguna.",
            fix: "Corrija la línea o elimínela; una política no puede contener comentarios.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに `キー: 値` の形でない行があります",
            here: "`キー: 値` ではありません",
            why: "このような行のあるポリシーは、規格上は無効です。厳密に読む送信側では、{domain} にはポリシーがないものとして扱われます。",
            fix: "行を直すか、削除してください。ポリシーにコメントは書けません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| !policy.invalid.is_empty()) else { return };
    let lines = policy.invalid.iter().take(MAX_PLACES).map(|line| document.span(line.clone()));
    findings.push(RULE.at(lines).with("domain", &evidence.domain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn comments_and_other_signs() {
        finds(
            &RULE,
            "
            version: STSv1
            # our policy
            ^^^^^^^^^^^^
            mode=enforce
            ^^^^^^^^^^^^
            ",
        );
    }

    #[test]
    fn keys_blank_lines_and_web_pages() {
        clean(&RULE, "version: STSv1\r\n\r\nx-y: z\r\nmode: none\r\n\r\n");
        clean(&RULE, "<html>\n</html>\n");
    }
}

//! A policy that begins with a byte order mark.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-byte-order-mark",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} begins with a byte order mark",
            here: "an invisible character before this",
            why: "The file begins with an invisible character that some editors write (UTF-8 with BOM). To many senders the first line then is not `version`, and the policy is not valid.",
            fix: "Save the policy as UTF-8 without BOM, or as plain ASCII.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} empieza por una marca de orden de bytes (BOM)",
            here: "hay un carácter invisible delante",
            why: "El archivo empieza por un carácter invisible que escriben algunos editores (UTF-8 con BOM). Para muchos servidores remitentes, la primera línea deja de ser `version` y la política no es válida.",
            fix: "Guarde la política como UTF-8 sin BOM o como ASCII.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーがBOM(バイトオーダーマーク)で始まっています",
            here: "この前に見えない文字があります",
            why: "ファイルの先頭に、一部のエディターが書き込む見えない文字(BOM付きUTF-8)があります。多くの送信側では1行目が `version` と認識されず、ポリシーが無効になります。",
            fix: "ポリシーをBOMなしのUTF-8、またはASCIIで保存し直してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.has_byte_order_mark()) else { return };
    // The mark cannot be seen: what follows it can.
    let place = policy.fields.first().map_or(0..0, |field| field.key.clone());
    findings.push(RULE.at([document.span(place)]).with("domain", &evidence.domain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, findings, finds};

    #[test]
    fn before_the_version() {
        let found = findings(&RULE, "\u{feff}version: STSv1\n");
        assert_eq!(found[0].spans[0].text(), "version");
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }

    #[test]
    fn the_first_key_is_marked() {
        finds(&RULE, "\u{feff}version: STSv1\n ^^^^^^^\n");
    }
}

//! Characters that do not belong into a record: no-break spaces, dashes, quotation marks.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::characters;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-character",
    severity: Severity::Error,
    references: &["RFC 7208 section 12"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {owner} contains {characters}",
            here: "this character does not belong here",
            why: "SPF records are plain ASCII text with spaces between the terms. With another character in `{term}` the record is invalid (\"permerror\"), and no message from {owner} passes SPF. Such characters come from copying out of web pages and word processors.",
            fix: "Delete `{term}` and type it by hand. It should read: {instead}.",
        },
        es: Prose {
            title: "el registro SPF de {owner} contiene {characters}",
            here: "este carácter sobra aquí",
            why: "Los registros SPF son texto ASCII simple, con espacios entre los términos. Con otro carácter en `{term}` el registro no es válido («permerror») y ningún mensaje de {owner} supera SPF. Estos caracteres llegan al copiar de páginas web y procesadores de texto.",
            fix: "Elimine `{term}` y escríbalo a mano. Debe quedar así: {instead}.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードに {characters} が含まれています",
            here: "ここには使えない文字です",
            why: "SPFレコードは、項目を空白で区切ったASCII文字だけのテキストです。`{term}` に別の文字があるとレコードは無効(「permerror」)になり、{owner} のどのメールもSPFに合格しません。Webページやワープロソフトからコピーすると、このような文字が混ざることがあります。",
            fix: "`{term}` を削除し、手で入力し直してください。正しい形は {instead} です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (finding, value) in fault::findings_with(&RULE, Slip::Character, evidence) {
        findings.push(finding.with("characters", characters::names(&characters::strays(&value, 0..value.len()))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn characters_are_marked_and_named() {
        let zone = r#"
            example.test. TXT "v=spf1 include:x.test\226\128\139 \226\128\147all"
                                                    ^^^^^^^^^^^^ ^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let found = findings(&RULE, zone);
        assert_eq!(found[1].values.last().expect("a value").1.get(crate::lang::Lang::En), "U+2013 EN DASH");
        assert_eq!(found[0].publish[0].value, "v=spf1 include:x.test -all");
    }

    #[test]
    fn quotation_marks_and_line_breaks() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all\""
                                             ^^
            "#,
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx\010-all"
                                        ^^^^
            "#,
        );
    }

    #[test]
    fn plain_text_is_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx -all""#);
    }
}

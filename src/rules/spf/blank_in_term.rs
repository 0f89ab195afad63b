//! A blank inside of a term: `include: x`, `- all`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-blank-in-term",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6.1", "RFC 7208 section 4.6"],
    check,
    text: Text {
        en: Prose {
            title: "space inside a term in the SPF record of {owner}",
            here: "no space belongs here",
            why: "A space ends a term, so `{term}` is read as several, and not all of them are valid. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`.",
        },
        es: Prose {
            title: "hay un espacio dentro de un término en el registro SPF de {owner}",
            here: "este espacio sobra",
            why: "El espacio marca el fin del término, de modo que `{term}` se lee como varios, y no todos son válidos. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードで項目の途中に空白があります",
            here: "この空白が余分です",
            why: "空白は項目の区切りなので、`{term}` は複数の項目として読まれ、その中に正しくないものが含まれます。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` を {instead} に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::BlankInTerm, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn blanks_are_marked() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include: x.test - all"
                                              ^        ^
            "#,
        );
    }

    #[test]
    fn corrected() {
        let zone = r#"example.test. TXT "v=spf1 ip4: 192.0.2.1  a /24 -all""#;
        let found = crate::testing::findings(&RULE, zone);
        assert_eq!(found[0].publish[0].value, "v=spf1 ip4:192.0.2.1 a/24 -all");
    }

    #[test]
    fn blanks_between_terms_are_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1  include:x.test   -all ""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 include:x.test. mx -all""#);
    }
}

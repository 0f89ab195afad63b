//! `all` or `ptr` with something behind it that they do not take.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-argument-unexpected",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6", "RFC 7208 section 12"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} has one argument too many",
            here: "takes no argument",
            why: "`all` stands alone, and `ptr` takes a domain only. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Remove what follows the name in `{term}`.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, a `{term}` le sobra el argumento",
            here: "no admite argumento",
            why: "`all` va solo y `ptr` solo admite un dominio. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Elimine lo que sigue al nombre en `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` に余分な引数があります",
            here: "引数を取りません",
            why: "`all` は単独で書き、`ptr` に付けられるのはドメインだけです。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` の名前より後ろを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::UnexpectedArgument, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn too_many() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all:x.test"
                                         ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn alone() {
        clean(&RULE, r#"example.test. TXT "v=spf1 ptr:x.test -all""#);
    }
}

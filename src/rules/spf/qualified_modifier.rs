//! A sign before a modifier: `-redirect=x`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-qualified-modifier",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6", "RFC 7208 section 12"],
    check,
    text: Text {
        en: Prose {
            title: "sign before a modifier in the SPF record of {owner}: `{term}`",
            here: "no sign may be here",
            why: "Only mechanisms take a sign. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write `{term}` without the sign, or with a colon if a mechanism is meant: {instead}.",
        },
        es: Prose {
            title: "hay un calificador delante de un modificador en el registro SPF de {owner}: `{term}`",
            here: "aquí no cabe un calificador",
            why: "Solo los mecanismos llevan calificador. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba `{term}` sin el calificador, o con dos puntos si se trata de un mecanismo: {instead}.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードのモディファイア `{term}` の前に記号があります",
            here: "ここに記号は置けません",
            why: "先頭の記号を付けられるのはメカニズムだけです。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` の記号を外すか、メカニズムのつもりなら、コロンを使って {instead} と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::QualifiedModifier, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn signs() {
        let zone = r#"
            example.test. TXT "v=spf1 -redirect=x.test"
                                      ^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 redirect=x.test");
    }

    #[test]
    fn no_sign() {
        clean(&RULE, r#"example.test. TXT "v=spf1 -a redirect=x.test""#);
    }
}

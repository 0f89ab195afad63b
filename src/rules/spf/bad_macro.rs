//! A macro that does not exist, or a `%` that begins none.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-bad-macro",
    severity: Severity::Error,
    references: &["RFC 7208 section 7.1", "RFC 7208 section 7.2"],
    check,
    text: Text {
        en: Prose {
            title: "wrong macro in `{term}` in the SPF record of {owner}",
            here: "not a valid macro",
            why: "A `%` begins an SPF macro ({macros}); a percent sign itself is written `%%`. Placeholders of templates, such as `%DOMAIN%`, are never filled in. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write the name itself in place of the macro in `{term}`, or one of these: {macros}.",
        },
        es: Prose {
            title: "en el registro SPF de {owner} hay una macro incorrecta en `{term}`",
            here: "no es una macro válida",
            why: "Un `%` inicia una macro de SPF ({macros}); el propio signo de porcentaje se escribe `%%`. Nadie rellena los marcadores de plantillas como `%DOMAIN%`. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba en `{term}` el nombre mismo en lugar de la macro, o una de estas: {macros}.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` に誤ったマクロがあります",
            here: "正しいマクロではありません",
            why: "`%` はSPFのマクロ({macros})の始まりで、パーセント記号そのものは `%%` と書きます。`%DOMAIN%` のようなテンプレートの置き換え用の記号は、そのまま残っても置き換えられません。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` のマクロの部分に名前そのものを書くか、{macros} のいずれかを使ってください。",
        },
    },
};

/// RFC 7208 section 7.2.
const MACROS: &str = "`%{s}`, `%{l}`, `%{o}`, `%{d}`, `%{i}`, `%{v}`, `%{h}`";

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let found = fault::findings(&RULE, Slip::BadMacro, evidence);
    findings.extend(found.into_iter().map(|finding| finding.with("macros", MACROS)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn marked() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:%DOMAIN% a:%{x}.test -all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_macros() {
        clean(&RULE, r#"example.test. TXT "v=spf1 exists:%{ir}.%{v}._spf.%{d2} exists:x%%y.test -all""#);
    }
}

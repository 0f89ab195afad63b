//! `redirect:x`: a modifier written as a mechanism.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-redirect-as-mechanism",
    severity: Severity::Error,
    references: &["RFC 7208 section 6.1", "RFC 7208 section 4.6", "RFC 7208 section 12"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} needs an equals sign",
            here: "`=` belongs here, not `:`",
            why: "`redirect` and `exp` are modifiers and take `=`; with a colon they are mechanisms that do not exist. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`. Next to `all`, `redirect` is ignored: keep one of the two.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` necesita un signo igual",
            here: "aquí va `=`, no `:`",
            why: "`redirect` y `exp` son modificadores y llevan `=`; con dos puntos son mecanismos que no existen. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`. Junto a `all`, `redirect` se ignora: conserve solo uno de los dos.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` には等号が必要です",
            here: "`:` ではなく `=` です",
            why: "`redirect` と `exp` はモディファイアで、`=` を使います。コロンでは存在しないメカニズムになります。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` を {instead} に書き換えてください。`all` があると `redirect` は無視されるため、どちらか一方だけを残してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::RedirectAsMechanism, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn colon() {
        let zone = r#"
            example.test. TXT "v=spf1 mx redirect:x.test"
                                         ^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx redirect=x.test");
    }

    #[test]
    fn equals_sign() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx redirect=x.test""#);
    }
}

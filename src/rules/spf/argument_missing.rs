//! A term without what must follow it: `include:`, `ip4`, `a:`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-argument-missing",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6", "RFC 7208 section 12"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} has no argument",
            here: "a domain or address is missing",
            why: "`include`, `exists`, `ip4`, `ip6` and `redirect` need an argument, and after a colon there must always be one. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`, or delete it.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, a `{term}` le falta el argumento",
            here: "falta un dominio o una dirección",
            why: "`include`, `exists`, `ip4`, `ip6` y `redirect` necesitan un argumento, y detrás de los dos puntos tiene que haber uno. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`, o elimínelo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` に引数がありません",
            here: "ドメインかアドレスが必要です",
            why: "`include`、`exists`、`ip4`、`ip6`、`redirect` には引数が必要で、コロンの後ろは空にできません。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` を {instead} の形に書き換えるか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::MissingArgument, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn missing() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include: ip4 mx -all"
                                      ^^^^^^^^ ^^^
            "#,
        );
        let zone = r#"
            example.test. TXT "v=spf1 a:/24 -all"
                                      ^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 a/24 -all");
    }

    #[test]
    fn none_needed() {
        clean(&RULE, r#"example.test. TXT "v=spf1 a mx a/24 -all""#);
    }
}

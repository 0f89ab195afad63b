//! A prefix length that is no number, or too large.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-bad-prefix",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.6", "RFC 7208 section 4.6"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} has a wrong prefix length",
            here: "not a prefix length",
            why: "The number after the slash goes from 0 to 32 for IPv4 and to 128 for IPv6, without leading zeros. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` tiene una longitud de prefijo incorrecta",
            here: "no es una longitud de prefijo",
            why: "El número tras la barra va de 0 a 32 para IPv4 y hasta 128 para IPv6, sin ceros a la izquierda. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` のプレフィックス長が正しくありません",
            here: "プレフィックス長ではありません",
            why: "スラッシュの後の数字は、IPv4では0～32、IPv6では0～128で、先頭に0は付けません。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` を {instead} に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::BadPrefix, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn prefixes_are_marked() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:192.0.2.0/33 a//129 -all"
                                                   ^^^  ^^^^^
            "#,
        );
        let zone = r#"
            example.test. TXT "v=spf1 ip4:192.0.2.0/255.255.255.0 -all"
                                                   ^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 ip4:192.0.2.0/24 -all");
    }

    #[test]
    fn right_prefixes() {
        clean(&RULE, r#"example.test. TXT "v=spf1 a/24//64 mx//64 ip4:192.0.2.0/0 -all""#);
    }
}

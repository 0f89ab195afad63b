//! `ip4` or `ip6` with something that is no such address.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-bad-address",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.6", "RFC 7208 section 4.6"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} does not hold a valid address",
            here: "not a valid address",
            why: "The reason: {reason}. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`, or delete it.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no contiene una dirección válida",
            here: "no es una dirección válida",
            why: "Motivo: {reason}. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`, o elimínelo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` のアドレスが正しくありません",
            here: "正しいアドレスではありません",
            why: "{reason}。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` を {instead} に書き換えるか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::BadAddress, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn addresses_are_marked() {
        let zone = r#"
            example.test. TXT "v=spf1 ip6:192.0.2.1 ip4:192.0.2.2. -all"
                                          ^^^^^^^^^     ^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all"
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:192.0.2.256/24 -all"
                                          ^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_addresses() {
        clean(&RULE, r#"example.test. TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1/64 ip6:::ffff:192.0.2.1 -all""#);
    }
}

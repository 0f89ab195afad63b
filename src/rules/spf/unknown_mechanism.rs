//! A term that begins with no mechanism.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-unknown-mechanism",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6", "RFC 7208 section 12"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} is not a mechanism",
            here: "not a mechanism",
            why: "Receivers know only `all`, `include`, `a`, `mx`, `ip4`, `ip6`, `exists` and `ptr`. One invalid term makes the whole record invalid: the result is \"permerror\", and no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`, or delete it.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no es un mecanismo",
            here: "no es un mecanismo",
            why: "Los receptores solo conocen `all`, `include`, `a`, `mx`, `ip4`, `ip6`, `exists` y `ptr`. Un solo término no válido invalida todo el registro: el resultado es «permerror» y ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`, o elimínelo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は存在しないメカニズムです",
            here: "メカニズムではありません",
            why: "受信側が知っているのは `all`、`include`、`a`、`mx`、`ip4`、`ip6`、`exists`、`ptr` だけです。1か所でもこのような誤りがあるとレコード全体が無効になり、結果は「permerror」です。{owner} のどのメールもSPFに合格しません。",
            fix: "`{term}` を {instead} に書き換えるか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::UnknownMechanism, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn slips_are_corrected() {
        let zone = r#"
            example.test. TXT "v=spf1 inlcude:x.test 192.0.2.1 -all"
                                      ^^^^^^^^^^^^^^ ^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 include:x.test ip4:192.0.2.1 -all"
        );
    }

    #[test]
    fn unknown_words() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 foo:bar -all"
                                      ^^^^^^^
            "#,
        );
    }

    #[test]
    fn capitals_and_helpers() {
        clean(&RULE, r#"example.test. TXT "v=spf1 MX INCLUDE:x.test -ALL""#);
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 redirect=_spf.example.test"
            _spf          TXT "v=spf1 ip:192.0.2.1 -all"
                                      ^^^^^^^^^^^^
            "#,
        );
    }
}

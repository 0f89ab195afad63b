//! `redirect` or `exp` for the second time.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-repeated-modifier",
    severity: Severity::Error,
    references: &["RFC 7208 section 6"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` repeats a modifier in the SPF record of {owner}",
            here: "the second of its kind",
            why: "`redirect` and `exp` may appear once each. A second one makes the whole record invalid (\"permerror\"), and no message from {owner} passes SPF.",
            fix: "Keep one of the two and delete the other.",
        },
        es: Prose {
            title: "`{term}` repite un modificador en el registro SPF de {owner}",
            here: "el segundo de su clase",
            why: "`redirect` y `exp` solo pueden aparecer una vez. El segundo invalida todo el registro («permerror») y ningún mensaje de {owner} supera SPF.",
            fix: "Conserve uno de los dos y elimine el otro.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードで `{term}` のモディファイアが重複しています",
            here: "同じ種類の2つ目です",
            why: "`redirect` と `exp` はそれぞれ1回だけ使えます。2つ目があるとレコード全体が無効(「permerror」)になり、{owner} のどのメールもSPFに合格しません。",
            fix: "どちらか一方だけを残し、もう一方を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::RepeatedModifier, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn second() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 redirect=x.test redirect=y.test"
                                                      ^^^^^^^^^^^^^^^
            "#,
        );
        let zone = r#"
            example.test. TXT "v=spf1 exp=x.test -all EXP=x.test"
                                                      ^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 exp=x.test -all");
    }

    #[test]
    fn once_each() {
        clean(&RULE, r#"example.test. TXT "v=spf1 redirect=x.test exp=x.test foo=1 foo=1""#);
    }
}

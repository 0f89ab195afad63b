//! A modifier that is nearly `redirect`: legal, and without effect.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-modifier-typo",
    severity: Severity::Error,
    references: &["RFC 7208 section 6", "RFC 7208 section 6.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` has no effect in the SPF record of {owner}",
            here: "is `redirect` meant?",
            why: "Receivers silently ignore modifiers that they do not know. The record that it was meant to lead to is never read, and its senders are not allowed.",
            fix: "Write {instead} in place of `{term}`.",
        },
        es: Prose {
            title: "`{term}` no tiene efecto en el registro SPF de {owner}",
            here: "¿quiso escribir `redirect`?",
            why: "Los receptores ignoran sin avisar los modificadores que no conocen. El registro al que debía llevar no se lee nunca y sus remitentes no quedan autorizados.",
            fix: "Escriba {instead} en lugar de `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は機能していません",
            here: "`redirect` の誤りではありませんか",
            why: "受信側は知らないモディファイアを何も知らせずに無視します。参照するはずのレコードは読まれず、その送信元は許可されません。",
            fix: "`{term}` を {instead} に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::ModifierTypo, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn nearly_redirect() {
        let zone = r#"
            example.test. TXT "v=spf1 redirct=x.test"
                                      ^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 redirect=x.test");
    }

    #[test]
    fn others() {
        clean(&RULE, r#"example.test. TXT "v=spf1 foo=bar redirect=x.test""#);
    }
}

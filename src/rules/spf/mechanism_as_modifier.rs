//! `include=x`, `ip4=x`: a mechanism written as a modifier. Legal, and without effect.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-mechanism-as-modifier",
    severity: Severity::Error,
    references: &["RFC 7208 section 6", "RFC 7208 section 4.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` has no effect in the SPF record of {owner}",
            here: "a colon is needed, not `=`",
            why: "With `=` this is a modifier that nobody knows, and receivers silently ignore it. The senders that it was meant to allow are not allowed: their mail fails SPF.",
            fix: "Write {instead} in place of `{term}`.",
        },
        es: Prose {
            title: "`{term}` no tiene efecto en el registro SPF de {owner}",
            here: "aquí van dos puntos, no `=`",
            why: "Con `=` es un modificador que nadie conoce, y los receptores lo ignoran sin avisar. El remitente que debía autorizar no queda autorizado: su correo no supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は機能していません",
            here: "`=` ではなくコロンです",
            why: "`=` を使うと未知のモディファイアとみなされ、受信側は何も知らせずに無視します。許可するはずの送信元が許可されず、そのメールはSPFに失敗します。",
            fix: "`{term}` を {instead} に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::MechanismAsModifier, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn mechanisms_with_an_equals_sign() {
        let zone = r#"
            example.test. TXT "v=spf1 ip4=192.0.2.1 include=x.test mx -all"
                                      ^^^^^^^^^^^^^ ^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 ip4:192.0.2.1 include:x.test mx -all"
        );
    }

    #[test]
    fn other_modifiers() {
        clean(&RULE, r#"example.test. TXT "v=spf1 foo=bar ra=postmaster exp=x.test redirect=y.test""#);
    }
}

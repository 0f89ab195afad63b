//! `t=y`: the policy is applied one degree milder.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::Policy;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-testing",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7", "RFC 7489 section 6.3"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC policy of {domain} is in test mode",
            here: "test mode",
            why: "Receivers apply the policy one step milder: `reject` as `quarantine`, `quarantine` as `none`. Those that still follow RFC 7489 do not know `t` and apply it in full.",
            fix: "Delete `t=y` when the reports show that your own mail passes DMARC.",
        },
        es: Prose {
            title: "la política DMARC de {domain} está en modo de prueba",
            here: "modo de prueba",
            why: "Los receptores aplican la política un nivel más suave: `reject` como `quarantine` y `quarantine` como `none`. Los que aún siguen la RFC 7489 no conocen `t` y la aplican por completo.",
            fix: "Elimine `t=y` cuando los informes muestren que su propio correo supera DMARC.",
        },
        ja: Prose {
            title: "{domain} のDMARCポリシーはテストモードです",
            here: "テストモード",
            why: "受信側はポリシーを1段階弱めて適用します(`reject` は `quarantine`、`quarantine` は `none` として扱われます)。RFC 7489に従う古い受信側は `t` を知らず、ポリシーをそのまま適用します。",
            fix: "正規のメールがDMARCに合格していることをレポートで確認したら、`t=y` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let enforced = applied.dmarc.effective_policy().is_some_and(|policy| policy > Policy::None);
    if let Some(tag) = applied.dmarc.tags.find("t").filter(|_| enforced)
        && applied.dmarc.tags.value_of(tag).eq_ignore_ascii_case("y")
    {
        findings.push(applied.at(&RULE, tag.range.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn test_mode() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; t=y"
                                            ^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=reject; t=n"#, r#"v=DMARC1; p=none; t=y"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

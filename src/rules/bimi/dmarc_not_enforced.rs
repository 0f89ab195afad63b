//! A logo, and a DMARC policy under which no receiver shows it.

use crate::evaluate::dmarc::{PolicyFound, policy};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::{Dmarc, Policy};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;
use std::ops::Range;

pub static RULE: Rule = Rule {
    id: "bimi-dmarc-not-enforced",
    severity: Severity::Warning,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification", "Google: Set up BIMI"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC policy of {domain} keeps the BIMI logo from being shown",
            here: "no logo is shown",
            why: "Receivers show the logo only where DMARC protects the domain: `p=quarantine` or `p=reject`, no `sp=none`, and with `p=quarantine` no `pct` below 100. Mail itself is not affected.",
            fix: "When the reports show that your own mail passes DMARC, publish `p=quarantine` or `p=reject`, without `sp=none` and without `pct`.",
        },
        es: Prose {
            title: "la política DMARC de {domain} impide que se muestre el logotipo BIMI",
            here: "no se muestra el logotipo",
            why: "Los receptores solo muestran el logotipo si DMARC protege el dominio: `p=quarantine` o `p=reject`, sin `sp=none` y, con `p=quarantine`, sin `pct` inferior a 100. El correo en sí no se ve afectado.",
            fix: "Cuando los informes muestren que su propio correo supera DMARC, publique `p=quarantine` o `p=reject`, sin `sp=none` ni `pct`.",
        },
        ja: Prose {
            title: "{domain} のDMARCポリシーではBIMIのロゴが表示されません",
            here: "ロゴが表示されません",
            why: "受信側がロゴを表示するのは、DMARCでドメインが保護されている場合だけです。`p=quarantine` か `p=reject` で、`sp=none` がなく、`p=quarantine` のときは `pct` が100未満でないことが条件です。メール自体への影響はありません。",
            fix: "正規のメールがDMARCに合格していることをレポートで確認してから、`p=quarantine` または `p=reject` を、`sp=none` も `pct` も付けずに公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence).filter(|applied| applied.bimi.image().is_some()) else { return };
    let PolicyFound::Record { dmarc, policy, .. } = policy(evidence) else { return };
    if let Some(part) = fault(dmarc, policy) {
        let finding = RULE.at(dmarc.txt.spans(part)).and_at(applied.bimi.txt.whole());
        findings.push(finding.with("domain", applied.domain));
    }
}

/// What in the record keeps logos from being shown.
///
/// Section "Authentication Requirements": with `p=none`, with `sp=none`, and with `p=quarantine` and a `pct` other than 100
/// "BIMI processing MUST NOT be performed".
fn fault(dmarc: &Dmarc, policy: Option<Policy>) -> Option<Range<usize>> {
    let tags = &dmarc.tags;
    let none = |name: &str| tags.find(name).filter(|tag| tags.value_of(tag).eq_ignore_ascii_case("none"));
    let partial = tags.find("pct").filter(|tag| policy == Some(Policy::Quarantine) && tags.value_of(tag) != "100");
    match none("p").or_else(|| none("sp")).or(partial) {
        Some(tag) => Some(tag.range.clone()),
        None => policy.is_none_or(|policy| policy == Policy::None).then_some(0..dmarc.txt.value.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn no_policy() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@example.test"
                                  ^^^^^^
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; rua=mailto:a@example.test"
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_part_of_the_mail() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=quarantine; pct=50"
                                                ^^^^^^
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; sp=none"
                                            ^^^^^^^
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn policies_that_are_enough() {
        for dmarc in ["p=reject", "p=quarantine", "p=quarantine; pct=100", "p=reject; pct=50; sp=quarantine"] {
            let zone =
                format!("_dmarc TXT \"v=DMARC1; {dmarc}\"\ndefault._bimi TXT \"v=BIMI1; l=https://b.test/l.svg\"");
            clean(&RULE, &zone);
        }
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"\ndefault._bimi TXT \"v=BIMI1; l=; a=;\"");
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"");
    }
}

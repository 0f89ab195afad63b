//! A tag that nobody defines.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-tag-unknown",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{name}` is not a DMARC tag",
            here: "without effect",
            why: "Receivers skip tags that they do not know. The rest of the record of {domain} remains valid.",
            fix: "Delete `{name}`, unless a service asked you for it.",
        },
        es: Prose {
            title: "`{name}` no es una etiqueta de DMARC",
            here: "sin efecto",
            why: "Los receptores ignoran las etiquetas que no conocen. El resto del registro de {domain} sigue siendo válido.",
            fix: "Elimine `{name}`, salvo que algún servicio se lo haya pedido.",
        },
        ja: Prose {
            title: "`{name}` はDMARCのタグではありません",
            here: "機能していません",
            why: "受信側は知らないタグを読み飛ばします。{domain} のレコードの残りの部分は有効です。",
            fix: "サービスから指定されたものでなければ、`{name}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for tag in faults::unknown(applied.dmarc) {
        let finding = applied.at(&RULE, tag.name.clone());
        findings.push(finding.with("name", applied.dmarc.tags.name(tag)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn nobody_knows_it() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; comment=hello"
                                          ^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [
            r#"v=DMARC1; p=none; rf=afrf; ri=60; pct=1"#,
            r#"v=DMARC1; p=none; ura=mailto:a@b.test"#,
            r#"v=DMARC1; p:none; x"#,
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

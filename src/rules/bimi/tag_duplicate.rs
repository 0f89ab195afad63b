//! The same tag twice.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::bimi::TAGS;
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;

pub static RULE: Rule = Rule {
    id: "bimi-tag-duplicate",
    severity: Severity::Warning,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification", "RFC 6376 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{name}` appears twice in the BIMI record of {domain}",
            here: "`{name}`",
            why: "A tag may appear only once; with two the whole record is invalid. Receivers that are strict show no logo. Mail itself is not affected.",
            fix: "Keep one `{name}`.",
        },
        es: Prose {
            title: "`{name}` aparece dos veces en el registro BIMI de {domain}",
            here: "`{name}`",
            why: "Cada etiqueta solo puede aparecer una vez; con dos, todo el registro deja de ser válido. Los receptores estrictos no muestran el logotipo. El correo en sí no se ve afectado.",
            fix: "Deje una sola etiqueta `{name}`.",
        },
        ja: Prose {
            title: "{domain} のBIMIレコードに `{name}` が重複しています",
            here: "`{name}`",
            why: "同じタグは1回しか書けず、2つあるとレコード全体が無効です。厳密に読む受信側ではロゴが表示されません。メール自体への影響はありません。",
            fix: "`{name}` を1つにしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for name in TAGS {
        // RFC 6376 section 3.2: "if a tag name does occur more than once, the entire tag-list is invalid."
        let same: Vec<_> = applied.bimi.tags.all(name).collect();
        if same.len() > 1 {
            let spans = same.iter().flat_map(|tag| applied.bimi.txt.spans(tag.range.clone()));
            findings.push(RULE.at(spans).with("domain", applied.domain).with("name", name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn two_images() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg; L=https://b.test/m.svg"
                                        ^^^^^^^^^^^^^^^^^^^^^^  ^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        clean(&RULE, "default._bimi TXT \"v=BIMI1; l=https://b.test/l.svg; a=; avp=brand; lps=false;\"");
    }
}

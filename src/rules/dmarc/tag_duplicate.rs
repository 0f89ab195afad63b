//! The same tag twice.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::TAGS;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-tag-duplicate",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.2", "RFC 9989 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "`{name}` appears twice in the DMARC record of {domain}",
            here: "`{name}`",
            why: "A tag may appear only once. Receivers take the first, the last, or drop the whole record: which policy and which addresses apply is a matter of luck.",
            fix: "Keep one `{name}`; put several report addresses into one tag, separated by commas.",
        },
        es: Prose {
            title: "`{name}` aparece dos veces en el registro DMARC de {domain}",
            here: "`{name}`",
            why: "Cada etiqueta solo puede aparecer una vez. Los receptores toman la primera, la última o descartan todo el registro: qué política y qué direcciones valen es cuestión de suerte.",
            fix: "Deje una sola `{name}`; reúna varias direcciones de informes en una etiqueta, separadas por comas.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードに `{name}` が重複しています",
            here: "`{name}`",
            why: "同じタグは1回しか書けません。受信側によって最初のもの、最後のもの、あるいはレコード全体の破棄と扱いが分かれ、どのポリシーやレポートの送り先が有効になるか分かりません。",
            fix: "`{name}` を1つにしてください。レポートの送り先が複数ある場合は、1つのタグの中にカンマ区切りで書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let tags = &applied.dmarc.tags;
    for name in TAGS {
        // RFC 6376 section 3.2: "Tags with duplicate names MUST NOT occur within a single tag-list".
        let same: Vec<_> = tags.all(name).collect();
        if same.len() > 1 {
            let spans = same.iter().flat_map(|tag| applied.dmarc.txt.spans(tag.range.clone()));
            let finding = RULE.at(spans).with("domain", applied.domain).with("name", name);
            findings.push(applied.correct(finding));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn each_is_marked() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; P=reject"
                                  ^^^^^^  ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn addresses_are_joined() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p=none; rua=mailto:a@b.test; rua=mailto:c@d.test""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=none; rua=mailto:a@b.test,mailto:c@d.test");
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none; sp=none\"");
    }
}

//! A tag that nobody defines, or a part that is none.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::bimi::TAGS;
use crate::records::tags::Tag;
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;

pub static RULE: Rule = Rule {
    id: "bimi-tag-unknown",
    severity: Severity::Advice,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "`{name}` is not a BIMI tag",
            here: "without effect",
            why: "Receivers skip tags that they do not know. The rest of the record of {domain} remains valid.",
            fix: "Delete `{name}`, unless a service asked you for it.",
        },
        es: Prose {
            title: "`{name}` no es una etiqueta de BIMI",
            here: "sin efecto",
            why: "Los receptores ignoran las etiquetas que no conocen. El resto del registro de {domain} sigue siendo válido.",
            fix: "Elimine `{name}`, salvo que algún servicio se lo haya pedido.",
        },
        ja: Prose {
            title: "`{name}` はBIMIのタグではありません",
            here: "機能していません",
            why: "受信側は知らないタグを読み飛ばします。{domain} のレコードの残りの部分は有効です。",
            fix: "サービスから指定されたものでなければ、`{name}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let tags = &applied.bimi.tags;
    let is_known =
        |tag: &Tag| tag.value.is_some() && TAGS.iter().any(|known| known.eq_ignore_ascii_case(tags.name(tag)));
    for tag in applied.bimi.fields().iter().filter(|tag| !is_known(tag)) {
        findings.push(applied.at(&RULE, tag.name.clone()).with("name", tags.name(tag)));
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
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg; s=default; hello"
                                                                ^          ^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        clean(&RULE, "default._bimi TXT \"v=BIMI1; L=https://b.test/l.svg; a=; avp=brand; lps=false;\"");
    }
}

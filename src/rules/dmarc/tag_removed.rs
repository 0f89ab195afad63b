//! Tags that RFC 9989 removed: `pct`, `rf`, `ri`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::tags::Tag;
use crate::rules::Rule;
use crate::rules::dmarc::pct_partial;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-tag-removed",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC record of {domain} contains tags that were removed",
            here: "removed by RFC 9989",
            why: "Today's receivers skip {tags}. Nothing is broken.",
            fix: "Delete {tags} when you next change the record.",
        },
        es: Prose {
            title: "el registro DMARC de {domain} contiene etiquetas suprimidas",
            here: "suprimida por la RFC 9989",
            why: "Los receptores actuales ignoran {tags}. Nada deja de funcionar.",
            fix: "Elimine {tags} la próxima vez que cambie el registro.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードに廃止されたタグがあります",
            here: "RFC 9989で廃止されました",
            why: "現在の受信側は {tags} を読み飛ばします。問題は起きていません。",
            fix: "次にレコードを変更するときに {tags} を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let partial = pct_partial::partial(applied.dmarc).map(|tag| tag.range.clone());
    let is_removed = |tag: &&Tag| {
        let name = applied.dmarc.tags.name(tag);
        ["pct", "rf", "ri"].iter().any(|removed| removed.eq_ignore_ascii_case(name))
    };
    let removed: Vec<&Tag> =
        applied.tags().filter(is_removed).filter(|tag| Some(&tag.range) != partial.as_ref()).collect();
    if !removed.is_empty() {
        let names: Vec<String> = removed.iter().map(|tag| format!("`{}`", applied.text(tag.range.clone()))).collect();
        let spans = removed.iter().flat_map(|tag| applied.dmarc.txt.spans(tag.range.clone()));
        let finding = RULE.at(spans).with("domain", applied.domain).with("tags", names.join(", "));
        findings.push(applied.correct(finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn all_in_one() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; pct=100; ri=3600; rf=afrf"
                                            ^^^^^^^  ^^^^^^^  ^^^^^^^
            "#,
        );
    }

    #[test]
    fn they_are_left_out() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p=reject; pct=100; ri=3600""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=reject; t=n"#, r#"v=DMARC1; p=reject; pct=50"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

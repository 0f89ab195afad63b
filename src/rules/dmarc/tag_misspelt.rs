//! A tag that is not known, and near to one that is.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-tag-misspelt",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{name}` is not a DMARC tag: is it `{meant}`?",
            here: "not a tag that receivers know",
            why: "Receivers skip tags that they do not know, so what is in `{name}` has no effect.",
            fix: "Write `{meant}={value}`.",
        },
        es: Prose {
            title: "`{name}` no es una etiqueta de DMARC: ¿quiso decir `{meant}`?",
            here: "los receptores no la conocen",
            why: "Los receptores ignoran las etiquetas que no conocen, así que lo que contiene `{name}` no tiene efecto.",
            fix: "Escriba `{meant}={value}`.",
        },
        ja: Prose {
            title: "`{name}` はDMARCのタグではありません(`{meant}` の間違いではありませんか)",
            here: "受信側の知らないタグです",
            why: "受信側は知らないタグを読み飛ばすため、`{name}` の内容は機能しません。",
            fix: "`{meant}={value}` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for (tag, meant) in faults::misspelt(applied.dmarc) {
        let (name, value) = (applied.dmarc.tags.name(tag), applied.dmarc.tags.value_of(tag));
        let finding = applied.at(&RULE, tag.name.clone()).with("name", name).with("meant", meant);
        findings.push(applied.correct(finding.with("value", value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn slips_and_words() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; policy=reject; ura=mailto:a@b.test"
                                  ^^^^^^         ^^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; policy=reject; ura=mailto:a@b.test""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject; rua=mailto:a@b.test");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in
            [r#"v=DMARC1; p=none; RUA=mailto:a@b.test; psd=n; np=none; t=n"#, r#"v=DMARC1; p=none; comment=hello; x=1"#]
        {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

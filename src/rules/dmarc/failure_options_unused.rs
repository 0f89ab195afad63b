//! `fo` without `ruf`: nobody is told.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::corrected::mended;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-failure-options-unused",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{tag}` has no effect without `ruf`",
            here: "no address for failure reports",
            why: "The tag says when to send failure reports, and the record of {domain} names nobody to send them to.",
            fix: "Delete `{tag}`, or name an address in `ruf`.",
        },
        es: Prose {
            title: "`{tag}` no tiene efecto sin `ruf`",
            here: "sin dirección para informes de fallo",
            why: "La etiqueta indica cuándo enviar informes de fallo, pero el registro de {domain} no dice a quién.",
            fix: "Elimine `{tag}` o indique una dirección en `ruf`.",
        },
        ja: Prose {
            title: "`ruf` がないため `{tag}` は機能していません",
            here: "失敗レポートの送り先がありません",
            why: "このタグは失敗レポートを送る条件を示しますが、{domain} のレコードには送り先がありません。",
            fix: "`{tag}` を削除するか、`ruf` に送り先を書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let tags = &applied.dmarc.tags;
    let has_effect = |value: &str| value != "0" && mended("fo", value).as_deref() == Some(value);
    let Some(tag) = tags.find("fo").filter(|tag| has_effect(tags.value_of(tag))) else { return };
    if tags.find("ruf").is_none() && !applied.dmarc.txt.value.contains("ruf") {
        findings.push(applied.at(&RULE, tag.range.clone()).with("tag", applied.text(tag.range.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn nobody_is_named() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; fo=1"
                                          ^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none; fo=0"#, r#"v=DMARC1; p=none; fo=1; ruf=mailto:a@b.test"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

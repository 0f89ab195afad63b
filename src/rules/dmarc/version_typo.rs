//! A text at `_dmarc` that was meant as a DMARC record and does not begin with `v=DMARC1;`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::dmarc::lookalike;
use crate::rules::Rule;
use crate::rules::dmarc::character;
use crate::rules::dmarc::corrected::corrected;
use crate::rules::dmarc::record;

pub static RULE: Rule = Rule {
    id: "dmarc-version-typo",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "the text at {name} is not a DMARC record",
            here: "must be `v=DMARC1;`",
            why: "A DMARC record begins with exactly `v=DMARC1`, with `DMARC1` in capitals, and a semicolon. Receivers discard any other text, so {domain} has no DMARC.",
            fix: "Begin the record with `v=DMARC1;`.",
        },
        es: Prose {
            title: "el texto en {name} no es un registro DMARC",
            here: "debe ser `v=DMARC1;`",
            why: "Un registro DMARC empieza exactamente por `v=DMARC1`, con `DMARC1` en mayúsculas, y un punto y coma. Los receptores descartan cualquier otro texto, así que {domain} se queda sin DMARC.",
            fix: "Empiece el registro con `v=DMARC1;`.",
        },
        ja: Prose {
            title: "{name} のテキストはDMARCレコードではありません",
            here: "`v=DMARC1;` でなければなりません",
            why: "DMARCレコードは、`v=DMARC1`(`DMARC1` は大文字)とセミコロンで始まる必要があります。それ以外のテキストは受信側が破棄するため、{domain} にはDMARCがない状態です。",
            fix: "レコードを `v=DMARC1;` で始めてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    for (txt, owner) in record::failed_texts(own) {
        // Stray characters are another rule's.
        let Some(version) = lookalike(&txt.value).filter(|_| character::odd(&txt.value).is_empty()) else { continue };
        let finding = RULE.at(txt.spans(version)).with("domain", &evidence.domain);
        let finding = finding.with("name", &own.answer.question.name);
        findings.push(match corrected(&txt.value).zip(owner) {
            Some((value, owner)) => finding.publish(owner, Kind::TXT, value),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_case_counts() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=dmarc1; p=none"
                        ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_semicolon_must_follow() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1 p=none"
                        ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        for value in ["v=DMARC; p=none", "v=DMARC1: p=none", "v=DMARC2; p=none", "DMARC1; p=none", "p=none; v=DMARC1"] {
            let found = findings(&RULE, &format!("_dmarc TXT \"{value}\""));
            assert_eq!(found[0].publish[0].value, "v=DMARC1; p=none", "{value}");
        }
    }

    #[test]
    fn beside_a_right_record_nothing_is_lost() {
        clean(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none"
            _dmarc TXT "v=dmarc1; p=none"
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none"#, r#"v=spf1 -all"#, r#"V = DMARC1 ; p=none"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

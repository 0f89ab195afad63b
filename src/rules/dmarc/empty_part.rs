//! Two semicolons in a row.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-empty-part",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "two semicolons in a row in the DMARC record of {domain}",
            here: "nothing before this semicolon",
            why: "Receivers mostly skip the gap; a strict one may take the record for malformed.",
            fix: "Delete one of the semicolons.",
        },
        es: Prose {
            title: "dos puntos y coma seguidos en el registro DMARC de {domain}",
            here: "nada delante de este punto y coma",
            why: "La mayoría de los receptores ignoran el hueco; uno estricto puede considerar el registro mal formado.",
            fix: "Elimine uno de los puntos y coma.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードでセミコロンが続いています",
            here: "このセミコロンの前に何もありません",
            why: "ほとんどの受信側は読み飛ばしますが、厳密な受信側では不正なレコードとされることがあります。",
            fix: "余分なセミコロンを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let empty: Vec<usize> = applied.dmarc.tags.empty.clone();
    if !empty.is_empty() {
        let spans = empty.into_iter().flat_map(|at| applied.dmarc.txt.spans(at..at + 1));
        findings.push(applied.correct(RULE.at(spans).with("domain", applied.domain)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn nothing_between() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none;; fo=1; ;"
                                         ^       ^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none;"#, r#"v=DMARC1; p=none ; "#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

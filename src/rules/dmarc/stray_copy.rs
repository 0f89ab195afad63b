//! A second copy of the record at a wrong name, beside the right one.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::stray;

pub static RULE: Rule = Rule {
    id: "dmarc-stray-copy",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.10"],
    check,
    text: Text {
        en: Prose {
            title: "there is a DMARC record at {wrong}, where nobody looks",
            here: "without effect",
            why: "Receivers look for the DMARC record of {domain} at {right}, and find it there. This one has no effect, and misleads whoever reads the zone.",
            fix: "Delete the record at {wrong}.",
        },
        es: Prose {
            title: "hay un registro DMARC en {wrong}, donde nadie lo busca",
            here: "sin efecto",
            why: "Los receptores buscan el registro DMARC de {domain} en {right} y allí lo encuentran. Este no tiene efecto y confunde a quien lee la zona.",
            fix: "Elimine el registro de {wrong}.",
        },
        ja: Prose {
            title: "参照されない名前 {wrong} にDMARCレコードがあります",
            here: "機能していません",
            why: "受信側は {domain} のDMARCレコードを {right} で参照しており、そちらは存在します。このレコードは機能しておらず、ゾーンを読む人を混乱させるだけです。",
            fix: "{wrong} のレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if let PolicyFound::Record { answer, .. } = dmarc::policy(evidence) {
        for record in stray::all(evidence) {
            let finding = RULE.at([record.span()]).with("domain", &evidence.domain);
            findings.push(finding.with("wrong", &record.owner).with("right", &answer.question.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn at_the_apex() {
        finds(
            &RULE,
            r#"
            @      TXT "v=DMARC1; p=none"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            _dmarc TXT "v=DMARC1; p=none"
            "#,
        );
    }

    #[test]
    fn only_the_right_one() {
        clean(
            &RULE,
            r#"
            @      TXT "v=spf1 -all"
            _dmarc TXT "v=DMARC1; p=none"
            "#,
        );
    }

    #[test]
    fn the_only_one() {
        clean(
            &RULE,
            r#"
            @ TXT "v=DMARC1; p=none"
            "#,
        );
    }
}

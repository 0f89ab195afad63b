//! A record without a valid policy and without a valid report address: receivers act as if it were not there.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-ignored",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.10.1", "RFC 7489 section 6.6.3"],
    check,
    text: Text {
        en: Prose {
            title: "receivers ignore the DMARC record of {domain}",
            here: "no valid policy and no report address",
            why: "The record has no valid policy in `p`, `sp` or `np`, and no valid address in `rua`. Receivers then apply no DMARC at all: those that demand a DMARC record of senders act as if there were none.",
            fix: "Write `p=none`, `p=quarantine` or `p=reject` after the version.",
        },
        es: Prose {
            title: "los receptores ignoran el registro DMARC de {domain}",
            here: "sin política válida ni dirección de informes",
            why: "El registro no tiene una política válida en `p`, `sp` o `np` ni una dirección válida en `rua`. En ese caso los receptores no aplican DMARC en absoluto: para quien exige un registro DMARC, es como si no existiera.",
            fix: "Escriba `p=none`, `p=quarantine` o `p=reject` a continuación de la versión.",
        },
        ja: Prose {
            title: "受信側は {domain} のDMARCレコードを無視します",
            here: "有効なポリシーもレポートの送り先もありません",
            why: "`p`、`sp`、`np` に有効なポリシーがなく、`rua` にも有効なアドレスがありません。この場合、受信側はDMARCをまったく適用しないため、DMARCレコードを必須とする受信側からは「レコードなし」とみなされます。",
            fix: "バージョンの直後に `p=none`、`p=quarantine`、`p=reject` のいずれかを書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    // RFC 9989 section 4.10.1: without a valid "p", or with a wrong "sp" or "np", and without a valid "rua", no DMARC
    // is applied to the message.
    if applied.dmarc.effective_policy().is_none() {
        let broken = ["p", "sp", "np"].into_iter().find_map(|tag| applied.dmarc.policy(tag).err());
        let part = broken.map_or(0..applied.dmarc.txt.value.len(), |tag| applied.dmarc.tags.value_range(tag));
        findings.push(applied.correct(applied.at(&RULE, part)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn neither_policy_nor_address() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; rua=dmarc@example.test"
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_policy_that_is_none() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; sp=rejct"
                                               ^^^^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p=reject; sp=rejct""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject; sp=reject");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in
            [r#"v=DMARC1; p=none"#, r#"v=DMARC1; rua=mailto:a@b.test"#, r#"v=DMARC1; p=rejct; rua=mailto:a@b.test"#]
        {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

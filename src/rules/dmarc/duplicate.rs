//! Two or more DMARC records at one name: receivers use none of them.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dmarc::corrected::merged;
use crate::rules::dmarc::record::owner;

pub static RULE: Rule = Rule {
    id: "dmarc-duplicate",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.10", "RFC 7489 section 6.6.3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has {count} DMARC records",
            here: "a DMARC record",
            why: "A domain may have only one DMARC record. If receivers find several, they discard them all, as if there were none: no policy, no reports, and mail is refused where a DMARC record is demanded.",
            fix: "Keep the record that is right, and delete the others.",
        },
        es: Prose {
            title: "{domain} tiene {count} registros DMARC",
            here: "un registro DMARC",
            why: "Un dominio solo puede tener un registro DMARC. Si los receptores encuentran varios, los descartan todos, como si no hubiera ninguno: no hay política ni informes, y el correo se rechaza allí donde se exige un registro DMARC.",
            fix: "Conserve el registro correcto y elimine los demás.",
        },
        ja: Prose {
            title: "{domain} にDMARCレコードが {count} 個あります",
            here: "DMARCレコード",
            why: "DMARCレコードは1つのドメインに1つしか置けません。複数あると受信側はすべてを破棄し、何もないものとして扱います。ポリシーもレポートも無効になり、DMARCレコードを必須とする受信側では拒否されます。",
            fix: "正しいレコードだけを残し、ほかを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    // RFC 9989 section 4.10: where one name has several policy records, all of them are discarded.
    if let [_, _, ..] = own.found.as_slice() {
        let spans = own.found.iter().flat_map(|dmarc| dmarc.txt.whole());
        let finding = RULE.at(spans).with("domain", &evidence.domain).with("count", own.found.len());
        let merged = merged(own.found.iter().map(|dmarc| dmarc.txt.value.as_str()));
        findings.push(match (merged, owner(&own.answer)) {
            (Some(value), Some(owner)) => finding.publish(owner, Kind::TXT, value),
            _ => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn all_are_marked() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none"
                        ^^^^^^^^^^^^^^^^
            _dmarc TXT "v=DMARC1; p=reject"
                        ^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn they_are_merged_where_they_agree() {
        let agree = findings(&RULE, "_dmarc TXT \"v=DMARC1;p=none\"\n_dmarc TXT \"v=DMARC1; rua=mailto:a@b.test\"");
        assert_eq!(agree[0].publish[0].value, "v=DMARC1; p=none; rua=mailto:a@b.test");
        let contradict = findings(&RULE, "_dmarc TXT \"v=DMARC1;p=none\"\n_dmarc TXT \"v=DMARC1;p=reject\"");
        assert!(contradict[0].publish.is_empty());
    }

    #[test]
    fn other_texts_do_not_count() {
        clean(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none"
            _dmarc TXT "v=spf1 -all"
            _dmarc TXT "v=DMARC2; p=none"
            "#,
        );
    }
}

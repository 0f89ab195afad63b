//! A text that was meant as the BIMI record, and is none.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::bimi::lookalike;
use crate::rules::Rule;
use crate::rules::dmarc::owner;

pub static RULE: Rule = Rule {
    id: "bimi-version-typo",
    severity: Severity::Error,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI record of {domain} does not begin with `v=BIMI1`",
            here: "not `v=BIMI1`",
            why: "Receivers skip the text at `{name}` as if there were no record, and show no logo. The version must match letter by letter, in upper and lower case, with a semicolon behind it. Mail itself is not affected.",
            fix: "Begin the record with `v=BIMI1;`.",
        },
        es: Prose {
            title: "el registro BIMI de {domain} no empieza por `v=BIMI1`",
            here: "no es `v=BIMI1`",
            why: "Los receptores ignoran el texto de `{name}` como si no hubiera registro y no muestran el logotipo. La versión se compara letra por letra, distinguiendo mayúsculas y minúsculas, y debe ir seguida de un punto y coma. El correo en sí no se ve afectado.",
            fix: "Haga que el registro empiece por `v=BIMI1;`.",
        },
        ja: Prose {
            title: "{domain} のBIMIレコードが `v=BIMI1` で始まっていません",
            here: "`v=BIMI1` ではありません",
            why: "受信側は `{name}` のテキストを読み飛ばし、レコードがないものとして扱うため、ロゴが表示されません。バージョンは大文字と小文字も含めて一字一句一致し、その後にセミコロンが続く必要があります。メール自体への影響はありません。",
            fix: "レコードの先頭を `v=BIMI1;` にしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let asked = &evidence.indicator.record;
    if !asked.found.is_empty() {
        return;
    }
    for txt in asked.answer.records().iter().filter_map(Record::txt) {
        let Some(version) = lookalike(&txt.value) else { continue };
        // What stands behind a version that was only misspelt is as it was meant.
        let corrected = txt.value[version.end..].trim_start().strip_prefix(';').map(|rest| format!("v=BIMI1;{rest}"));
        let finding = RULE.at(txt.spans(version)).with("domain", &evidence.domain);
        let finding = finding.with("name", &asked.answer.question.name);
        findings.push(match corrected.filter(|record| !record.contains('"')).zip(owner(&asked.answer)) {
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
    fn letter_case_counts() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=bimi1; l=https://b.test/l.svg"
                               ^^^^^^^
            "#,
        );
        let found = findings(&RULE, "default._bimi TXT \"v=bimi1; l=https://b.test/l.svg\"");
        assert_eq!(found[0].publish[0].value, "v=BIMI1; l=https://b.test/l.svg");
    }

    #[test]
    fn right_and_other_texts_are_left_alone() {
        for value in ["v=BIMI1; l=; a=;", "v=BIMI1 ; l=https://b.test/l.svg", "v=spf1 -all", "hello"] {
            clean(&RULE, &format!("default._bimi TXT \"{value}\""));
        }
    }
}

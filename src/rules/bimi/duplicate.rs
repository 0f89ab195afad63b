//! Two or more BIMI records: receivers use none of them.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "bimi-duplicate",
    severity: Severity::Error,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has {count} BIMI records",
            here: "a BIMI record",
            why: "Receivers that find several BIMI records at one name show no logo. Mail itself is not affected.",
            fix: "Keep the record that is right, and delete the others.",
        },
        es: Prose {
            title: "{domain} tiene {count} registros BIMI",
            here: "un registro BIMI",
            why: "Los receptores que encuentran varios registros BIMI en un mismo nombre no muestran ningún logotipo. El correo en sí no se ve afectado.",
            fix: "Conserve el registro correcto y elimine los demás.",
        },
        ja: Prose {
            title: "{domain} にBIMIレコードが {count} 個あります",
            here: "BIMIレコード",
            why: "同じ名前にBIMIレコードが複数あると、受信側はロゴを表示しません。メール自体への影響はありません。",
            fix: "正しいレコードだけを残し、ほかを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // Section "Assertion Record Discovery": "If the remaining set contains multiple records or no records, Assertion Record
    // Discovery terminates".
    if let found @ [_, _, ..] = evidence.indicator.record.found.as_slice() {
        let spans = found.iter().flat_map(|bimi| bimi.txt.whole());
        findings.push(RULE.at(spans).with("domain", &evidence.domain).with("count", found.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn all_are_marked() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            default._bimi TXT "v=BIMI1; l=; a=;"
                               ^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn other_texts_do_not_count() {
        clean(&RULE, "default._bimi TXT \"v=BIMI1; l=https://b.test/l.svg\"\ndefault._bimi TXT \"v=BIMI2; l=;\"");
    }
}

//! A part of the record that is not `name=value`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-not-a-tag",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "`{part}` in the DMARC record of {domain} is not a tag",
            here: "no `name=value`",
            why: "Every part between semicolons must be `name=value`. Receivers skip what is not, and some drop the whole record as malformed.",
            fix: "Complete `{part}` as `name=value`, or delete it.",
        },
        es: Prose {
            title: "`{part}` en el registro DMARC de {domain} no es una etiqueta",
            here: "no es `nombre=valor`",
            why: "Cada parte entre puntos y coma debe ser `nombre=valor`. Los receptores ignoran lo que no lo es, y algunos descartan todo el registro por estar mal formado.",
            fix: "Complete `{part}` como `nombre=valor` o elimínelo.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードの `{part}` はタグではありません",
            here: "`名前=値` になっていません",
            why: "セミコロンで区切られた各部分は `名前=値` でなければなりません。受信側はそうでない部分を読み飛ばし、レコード全体を不正として破棄する受信側もあります。",
            fix: "`{part}` を `名前=値` の形に直すか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for part in faults::loose_parts(applied.dmarc) {
        let text = applied.text(part.clone()).to_owned();
        findings.push(applied.correct(applied.at(&RULE, part).with("part", text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_word_alone() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; reject"
                                          ^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in
            [r#"v=DMARC1; p=none;"#, r#"v=DMARC1; p:none"#, r#"v=DMARC1; p=none; rua=mailto:a@b.test;c@d.test"#]
        {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

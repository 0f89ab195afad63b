//! A comma, a blank or a colon where a semicolon or an equals sign belongs.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-separator",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "wrong separator in the DMARC record of {domain}",
            here: "not a separator here",
            why: "Tags are written `name=value` and separated by semicolons. Here receivers read two tags as one, or none at all, so a policy or a report address is lost.",
            fix: "Write `;` between the tags, and `=` between a tag and its value.",
        },
        es: Prose {
            title: "separador incorrecto en el registro DMARC de {domain}",
            here: "aquí no es un separador",
            why: "Las etiquetas se escriben `nombre=valor` y se separan con punto y coma. Aquí los receptores leen dos etiquetas como una sola, o ninguna, y así se pierde una política o una dirección de informes.",
            fix: "Escriba `;` entre las etiquetas y `=` entre cada etiqueta y su valor.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードの区切り文字が間違っています",
            here: "ここでは区切りになりません",
            why: "タグは `名前=値` の形で書き、セミコロンで区切ります。このままでは2つのタグが1つに読まれるか、タグとして読まれず、ポリシーやレポートの送り先が失われます。",
            fix: "タグの間は `;`、タグと値の間は `=` で書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let wrong = faults::separators(applied.dmarc);
    if !wrong.is_empty() {
        let spans = wrong.into_iter().flat_map(|part| applied.dmarc.txt.spans(part));
        findings.push(applied.correct(RULE.at(spans).with("domain", applied.domain)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn colon_comma_and_blank() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p:reject, rua=mailto:a@b.test ruf=mailto:a@b.test"
                                   ^      ^^                   ^
            "#,
        );
    }

    #[test]
    fn all_are_mended() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p:reject, rua=mailto:a@b.test""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject; rua=mailto:a@b.test");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [
            r#"v = DMARC1 ; p = none ; rua = mailto:a@b.test , mailto:p=1@d.test"#,
            r#"v=DMARC1; p=none; rua=mailto:a@b.test, mailto:c@d.test; fo=1:d:s"#,
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

//! `fo` with an option that does not exist.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-failure-options",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{value}` is not a value of `fo`",
            here: "not `0`, `1`, `d` or `s`",
            why: "Receivers skip the tag and send a failure report only when both SPF and DKIM fail. Mail itself is not affected.",
            fix: "Write `fo=1`, or several of `0`, `1`, `d`, `s` joined by colons.",
        },
        es: Prose {
            title: "`{value}` no es un valor de `fo`",
            here: "no es `0`, `1`, `d` ni `s`",
            why: "Los receptores ignoran la etiqueta y solo envían un informe de fallo cuando fallan tanto SPF como DKIM. El correo en sí no se ve afectado.",
            fix: "Escriba `fo=1`, o varios de `0`, `1`, `d`, `s` unidos por dos puntos.",
        },
        ja: Prose {
            title: "`{value}` は `fo` の値ではありません",
            here: "`0`、`1`、`d`、`s` のどれでもありません",
            why: "受信側はこのタグを読み飛ばし、SPFとDKIMの両方が失敗したときだけ失敗レポートを送ります。メール自体への影響はありません。",
            fix: "`fo=1`、または `0`、`1`、`d`、`s` をコロンでつないで書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let Some(tag) = applied.dmarc.tags.find("fo") else { return };
    let value = applied.dmarc.tags.value_of(tag);
    let known = |option: &str| matches!(option.trim(), "0" | "1" | "d" | "s" | "D" | "S");
    if !value.split(':').all(known) && !faults::explain(applied.dmarc, &tag.range) {
        let finding = applied.at(&RULE, applied.dmarc.tags.value_range(tag)).with("value", value);
        findings.push(applied.correct(finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn unknown_option() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; fo=2"
                                             ^
            "#,
        );
    }

    #[test]
    fn colons_for_commas() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p=none; fo=1,d""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=none; fo=1:d");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none; fo=1:d:s"#, r#"v=DMARC1; p=none; fo=0; ruf=mailto:a@b.test"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

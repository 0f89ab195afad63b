//! `t` or `psd` with a value that they do not have.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-flag-value",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{tag}={value}` has no meaning",
            here: "not a value of `{tag}`",
            why: "Receivers skip the tag: `t` takes `y` or `n`, `psd` takes `y`, `n` or `u`.",
            fix: "Write one of these letters in `{tag}`, or delete it.",
        },
        es: Prose {
            title: "`{tag}={value}` no tiene significado",
            here: "no es un valor de `{tag}`",
            why: "Los receptores ignoran la etiqueta: `t` admite `y` o `n`; `psd` admite `y`, `n` o `u`.",
            fix: "Escriba una de esas letras en `{tag}` o elimínela.",
        },
        ja: Prose {
            title: "`{tag}={value}` は意味を持ちません",
            here: "`{tag}` の値ではありません",
            why: "受信側はこのタグを読み飛ばします。`t` に書けるのは `y` か `n`、`psd` に書けるのは `y`、`n`、`u` です。",
            fix: "`{tag}` にいずれかの文字を書くか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for (name, letters) in [("t", "yn"), ("psd", "ynu")] {
        let Some(tag) = applied.dmarc.tags.find(name) else { continue };
        let value = applied.dmarc.tags.value_of(tag);
        let known = value.len() == 1 && letters.contains(&value.to_ascii_lowercase());
        if !known && !faults::explain(applied.dmarc, &tag.range) {
            let finding = applied.at(&RULE, applied.dmarc.tags.value_range(tag)).with("tag", name);
            findings.push(applied.correct(finding.with("value", value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_word_for_a_letter() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; t=yes"
                                              ^^^
            "#,
        );
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=reject; t=Y; psd=u\"");
    }
}

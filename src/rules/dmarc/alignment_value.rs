//! `adkim` or `aspf` with something else than `r` or `s`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-alignment-value",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "the value of `{tag}={value}` is neither `r` nor `s`",
            here: "not `r` or `s`",
            why: "Receivers know the letters `r` (relaxed) and `s` (strict) only. They skip `{tag}` and apply relaxed alignment.",
            fix: "Write `{tag}=r` or `{tag}=s`.",
        },
        es: Prose {
            title: "el valor de `{tag}={value}` no es `r` ni `s`",
            here: "no es `r` ni `s`",
            why: "Los receptores solo conocen las letras `r` (relajada) y `s` (estricta). Omiten `{tag}` y aplican la alineación relajada.",
            fix: "Escriba `{tag}=r` o `{tag}=s`.",
        },
        ja: Prose {
            title: "`{tag}={value}` の値は `r` でも `s` でもありません",
            here: "`r` か `s` ではありません",
            why: "受信側が認識するのは `r`(relaxed、緩やか)と `s`(strict、厳格)だけです。`{tag}` は無視され、緩やかなアライメントで判定されます。",
            fix: "`{tag}=r` または `{tag}=s` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for name in ["adkim", "aspf"] {
        let Some(tag) = applied.dmarc.tags.find(name) else { continue };
        let value = applied.dmarc.tags.value_of(tag);
        let known = value.eq_ignore_ascii_case("r") || value.eq_ignore_ascii_case("s");
        if !known && !faults::explain(applied.dmarc, &tag.range) {
            let finding = applied.at(&RULE, applied.dmarc.tags.value_range(tag)).with("tag", name);
            findings.push(applied.correct(finding.with("value", value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn words_for_letters() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; adkim=relaxed; aspf=strict"
                                                ^^^^^^^       ^^^^^^
            "#,
        );
    }

    #[test]
    fn letters_for_words() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p=none; adkim=relaxed; aspf=strict""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=none; adkim=r; aspf=s");
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none; adkim=R; aspf=s\"");
    }
}

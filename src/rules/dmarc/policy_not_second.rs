//! `p` stands behind other tags: RFC 7489 wanted it right behind the version.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-policy-not-second",
    severity: Severity::Advice,
    references: &["RFC 7489 section 6.3", "RFC 9989 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "`p` is not the first tag after the version",
            here: "`p` is here",
            why: "RFC 9989 lets tags come in any order. Receivers that still follow RFC 7489 want `p` right after `v=DMARC1` and may drop the record of {domain}.",
            fix: "Move `p` right after the version.",
        },
        es: Prose {
            title: "`p` no es la primera etiqueta detrás de la versión",
            here: "`p` está aquí",
            why: "La RFC 9989 permite cualquier orden de las etiquetas. Los receptores que aún siguen la RFC 7489 esperan `p` justo detrás de `v=DMARC1` y pueden descartar el registro de {domain}.",
            fix: "Ponga `p` justo detrás de la versión.",
        },
        ja: Prose {
            title: "`p` がバージョンの直後にありません",
            here: "`p` はここにあります",
            why: "RFC 9989ではタグの順序は自由ですが、RFC 7489に従う古い受信側は `v=DMARC1` の直後の `p` を求め、{domain} のレコードを破棄することがあります。",
            fix: "`p` をバージョンの直後に移してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let dmarc = applied.dmarc;
    let position = dmarc.tags.tags.iter().position(|tag| dmarc.tags.name(tag).eq_ignore_ascii_case("p"));
    if let Some(tag) = position.filter(|at| *at > 1).and_then(|at| dmarc.tags.tags.get(at)) {
        findings.push(applied.correct(applied.at(&RULE, tag.range.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn behind_others() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; fo=1; p=none"
                                        ^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none; fo=1"#, r#"v=DMARC1;; p=none"#, r#"v=DMARC1; sp=none"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

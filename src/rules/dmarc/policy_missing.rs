//! No `p` in the record, but a report address: it counts as `p=none`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-policy-missing",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7", "RFC 9989 section 4.10.1", "RFC 7489 section 6.3"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC record of {domain} has no policy",
            here: "no `p=` in this record",
            why: "Receivers take the record for `p=none`: they send reports and let forged mail pass. Older receivers demand `p=` right after the version and may drop the record as invalid.",
            fix: "Add the policy after the version. `p=none` keeps things as they are.",
        },
        es: Prose {
            title: "el registro DMARC de {domain} no tiene política",
            here: "falta `p=` en este registro",
            why: "Los receptores lo interpretan como `p=none`: envían informes y dejan pasar el correo falsificado. Los receptores antiguos exigen `p=` justo detrás de la versión y pueden descartar el registro por no ser válido.",
            fix: "Añada la política detrás de la versión. Con `p=none` todo queda como hasta ahora.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードにポリシーがありません",
            here: "`p=` がありません",
            why: "受信側は `p=none` とみなし、レポートは送りますが、なりすましメールも通します。古い受信側はバージョンの直後に `p=` を求め、無効なレコードとして破棄することがあります。",
            fix: "バージョンの直後にポリシーを追加してください。`p=none` なら現在の動作のままです。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let dmarc = applied.dmarc;
    let in_force = dmarc.effective_policy().is_some();
    if in_force && dmarc.tags.find("p").is_none() && !faults::explain_missing_policy(dmarc) {
        findings.push(applied.correct(applied.at(&RULE, 0..dmarc.txt.value.len())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn no_policy() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; rua=mailto:a@b.test"
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [
            r#"v=DMARC1; p=none; rua=mailto:a@b.test"#,
            r#"v=DMARC1; policy=none; rua=mailto:a@b.test"#,
            r#"v=DMARC1; p:none; rua=mailto:a@b.test"#,
            r#"v=DMARC1"#,
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

//! A value of `p`, `sp` or `np` that is no policy.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-policy-unknown",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.7", "RFC 9989 section 4.10.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{tag}={value}` is not a DMARC policy",
            here: "not `none`, `quarantine` or `reject`",
            why: "One wrong policy spoils the record: receivers treat all of it as `p=none`, so forged mail is neither refused nor junked. Without a valid report address in `rua` they would ignore the record.",
            fix: "Write `none`, `quarantine` or `reject` in `{tag}`.",
        },
        es: Prose {
            title: "`{tag}={value}` no es una política DMARC",
            here: "no es `none`, `quarantine` ni `reject`",
            why: "Una sola política incorrecta estropea el registro: los receptores lo tratan todo como `p=none`, de modo que el correo falsificado no se rechaza ni va a spam. Sin una dirección de informes válida en `rua`, ignorarían el registro.",
            fix: "Escriba `none`, `quarantine` o `reject` en `{tag}`.",
        },
        ja: Prose {
            title: "`{tag}={value}` はDMARCポリシーではありません",
            here: "`none`、`quarantine`、`reject` のどれでもありません",
            why: "誤ったポリシーが1つあるだけで、受信側はレコード全体を `p=none` として扱い、なりすましメールは拒否も隔離もされません。`rua` に有効なレポートの送り先がなければ、レコード自体が無視されます。",
            fix: "`{tag}` には `none`、`quarantine`、`reject` のいずれかを書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    if applied.dmarc.effective_policy().is_none() {
        // Then the record is ignored, which another rule says.
        return;
    }
    for name in ["p", "sp", "np"] {
        let Err(tag) = applied.dmarc.policy(name) else { continue };
        if !faults::explain(applied.dmarc, &tag.range) {
            let finding = applied.at(&RULE, applied.dmarc.tags.value_range(tag)).with("tag", name);
            findings.push(applied.correct(finding.with("value", applied.dmarc.tags.value_of(tag))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn slips_and_emptiness() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=; sp=rejct; rua=mailto:a@b.test"
                                  ^^     ^^^^^
            "#,
        );
    }

    #[test]
    fn did_you_mean() {
        let found = findings(&RULE, r#"_dmarc TXT "v=DMARC1; p=quarentine; rua=mailto:a@b.test""#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=quarantine; rua=mailto:a@b.test");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [
            r#"v=DMARC1; p=REJECT; sp=None; rua=mailto:a@b.test"#,
            r#"v=DMARC1; p=none, rua=mailto:a@b.test"#,
            r#"v=DMARC1; p=reject\\; rua=mailto:a@b.test"#,
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

//! No address in `rua`: nobody sends reports.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::tls_rpt::record::Applied;

pub static RULE: Rule = Rule {
    id: "tls-rpt-no-address",
    severity: Severity::Error,
    references: &["RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the TLS-RPT record of {domain} names no address",
            here: "no `rua=` with an address",
            why: "`rua` tells senders where their reports about failed encryption go. Without an address nobody sends any. Mail itself is not affected.",
            fix: "Write `rua=mailto:` with an address that you read.",
        },
        es: Prose {
            title: "el registro TLS-RPT de {domain} no indica ninguna dirección",
            here: "falta `rua=` con una dirección",
            why: "`rua` indica a los servidores remitentes adónde enviar sus informes sobre los fallos de cifrado. Sin dirección nadie los envía. El correo en sí no se ve afectado.",
            fix: "Escriba `rua=mailto:` seguido de una dirección que usted lea.",
        },
        ja: Prose {
            title: "{domain} のTLS-RPTレコードに送り先がありません",
            here: "`rua=` のアドレスがありません",
            why: "`rua` は、暗号化の失敗に関するレポートの送り先を送信側に知らせる項目です。アドレスがなければレポートは届きません。メール自体への影響はありません。",
            fix: "`rua=mailto:` に続けて、受信できるアドレスを書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    if applied.record.destinations().is_empty() && applied.separators().is_empty() {
        let slip = applied.misspelt_rua().map(|tag| tag.name.clone());
        let empty = || applied.record.rua().next().map(|tag| tag.range.clone());
        let part = slip.or_else(empty).unwrap_or(0..applied.record.txt.value.len());
        findings.push(applied.correct(applied.at(&RULE, part)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn no_rua() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1;"
                            ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn an_empty_one() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua=;"
                                        ^^^^
            "#,
        );
    }

    #[test]
    fn a_slip_of_the_hand() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; ruf=mailto:a@example.test"
                                        ^^^
            "#,
        );
        let found = findings(&RULE, "_smtp._tls TXT \"v=TLSRPTv1; RUA=mailto:a@b.test\"");
        assert_eq!(found[0].publish[0].value, "v=TLSRPTv1; rua=mailto:a@b.test");
    }

    #[test]
    fn other_faults_are_those_of_others() {
        for value in ["v=TLSRPTv1; rua=a@example.test", "v=TLSRPTv1; rua:mailto:a@example.test", "v=TLSRPTV1;"] {
            clean(&RULE, &format!("_smtp._tls TXT \"{value}\""));
        }
    }
}

//! Two or more TLS reporting records: senders use none of them.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dmarc::owner;
use crate::rules::tls_rpt::record::corrected;

pub static RULE: Rule = Rule {
    id: "tls-rpt-duplicate",
    severity: Severity::Error,
    references: &["RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has {count} TLS-RPT records",
            here: "a TLS-RPT record",
            why: "A domain may have only one TLS-RPT record. Senders that find several act as if there were none, and send no reports about failed encryption. Mail itself is not affected.",
            fix: "Keep one record with all addresses in `rua`, and delete the others.",
        },
        es: Prose {
            title: "{domain} tiene {count} registros TLS-RPT",
            here: "un registro TLS-RPT",
            why: "Un dominio solo puede tener un registro TLS-RPT. Los servidores remitentes que encuentran varios actúan como si no hubiera ninguno y no envían informes sobre los fallos de cifrado. El correo en sí no se ve afectado.",
            fix: "Conserve un registro con todas las direcciones en `rua` y elimine los demás.",
        },
        ja: Prose {
            title: "{domain} にTLS-RPTレコードが {count} 個あります",
            here: "TLS-RPTレコード",
            why: "TLS-RPTレコードは1つのドメインに1つしか置けません。複数あると送信側はレコードがないものとして扱い、暗号化の失敗に関するレポートを送りません。メール自体への影響はありません。",
            fix: "すべての送り先を `rua` にまとめたレコードを1つだけ残し、ほかを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let asked = &evidence.tls_reports.record;
    // RFC 8460 section 3: "If the number of resulting records is not one, senders MUST assume the recipient domain does not
    // implement TLSRPT."
    if let [_, _, ..] = asked.found.as_slice() {
        let spans = asked.found.iter().flat_map(|record| record.txt.whole());
        let finding = RULE.at(spans).with("domain", &evidence.domain).with("count", asked.found.len());
        let joined: Vec<&str> = asked.found.iter().map(|record| record.txt.value.as_str()).collect();
        findings.push(match corrected(&joined.join(";")).zip(owner(&asked.answer)) {
            Some((value, owner)) => finding.publish(owner, Kind::TXT, value),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn all_are_marked() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.test"
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:b@example.test"
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_addresses_are_joined() {
        let zone =
            "_smtp._tls TXT \"v=TLSRPTv1;rua=mailto:a@b.test\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=https://b.test/\"";
        let found = findings(&RULE, zone);
        assert_eq!(found[0].publish[0].value, "v=TLSRPTv1; rua=mailto:a@b.test,https://b.test/");
    }

    #[test]
    fn other_texts_do_not_count() {
        clean(&RULE, "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.test\"\n_smtp._tls TXT \"v=TLSRPTv2; rua=x\"");
    }
}

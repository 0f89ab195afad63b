//! A text that was meant as the TLS reporting record, and is none.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::tls_rpt::lookalike;
use crate::rules::Rule;
use crate::rules::dmarc::owner;
use crate::rules::tls_rpt::record::corrected;

pub static RULE: Rule = Rule {
    id: "tls-rpt-version-typo",
    severity: Severity::Error,
    references: &["RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the TLS-RPT record of {domain} does not begin with `v=TLSRPTv1;`",
            here: "not `v=TLSRPTv1;`",
            why: "Senders skip the text at `{name}` as if there were no record, and send no reports about failed encryption. The version must match letter by letter, in upper and lower case, with a semicolon behind it.",
            fix: "Begin the record with `v=TLSRPTv1;`.",
        },
        es: Prose {
            title: "el registro TLS-RPT de {domain} no empieza por `v=TLSRPTv1;`",
            here: "no es `v=TLSRPTv1;`",
            why: "Los servidores remitentes ignoran el texto de `{name}` como si no hubiera registro y no envían informes sobre los fallos de cifrado. La versión se compara letra por letra, distinguiendo mayúsculas y minúsculas, y debe ir seguida de un punto y coma.",
            fix: "Haga que el registro empiece por `v=TLSRPTv1;`.",
        },
        ja: Prose {
            title: "{domain} のTLS-RPTレコードが `v=TLSRPTv1;` で始まっていません",
            here: "`v=TLSRPTv1;` ではありません",
            why: "送信側は `{name}` のテキストを読み飛ばし、レコードがないものとして扱うため、暗号化の失敗に関するレポートが届きません。バージョンは大文字と小文字も含めて一字一句一致し、その後にセミコロンが続く必要があります。",
            fix: "レコードの先頭を `v=TLSRPTv1;` にしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let asked = &evidence.tls_reports.record;
    if !asked.found.is_empty() {
        return;
    }
    for txt in asked.answer.records().iter().filter_map(Record::txt) {
        let Some(version) = lookalike(&txt.value) else { continue };
        let finding = RULE.at(txt.spans(version)).with("domain", &evidence.domain);
        let finding = finding.with("name", &asked.answer.question.name);
        findings.push(match corrected(&txt.value).zip(owner(&asked.answer)) {
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
    fn letter_case_counts() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTV1; rua=mailto:a@example.test"
                            ^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        for value in [
            "v=TLSRPTV1; rua=mailto:a@b.test",
            "v=TLSRPT1;rua=a@b.test",
            "v=TLSRPTv1, rua=mailto:a@b.test",
            "rua=mailto:a@b.test",
            "\\\"v=TLSRPTv1; rua=mailto:a@b.test\\\"",
        ] {
            let found = findings(&RULE, &format!("_smtp._tls TXT \"{value}\""));
            assert_eq!(found[0].publish[0].value, "v=TLSRPTv1; rua=mailto:a@b.test", "{value}");
        }
    }

    #[test]
    fn right_and_other_texts_are_left_alone() {
        for value in ["v=TLSRPTv1; rua=mailto:a@example.test", "v=TLSRPTv1 ;", "v=spf1 -all", "hello"] {
            clean(&RULE, &format!("_smtp._tls TXT \"{value}\""));
        }
    }
}

//! MTA-STS without TLS reporting: nobody tells the owner of mail that is held back.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::records::tls_rpt::lookalike;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "tls-rpt-missing",
    severity: Severity::Advice,
    references: &["RFC 8461 section 1", "RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} uses MTA-STS without TLS-RPT",
            here: "no TLS-RPT record",
            why: "With MTA-STS senders hold mail back when they cannot reach a mail server safely. Without TLS-RPT nobody tells you that it happens.",
            fix: "Publish a TXT record at `{name}`: `v=TLSRPTv1; rua=mailto:` and an address that you read.",
        },
        es: Prose {
            title: "{domain} usa MTA-STS sin TLS-RPT",
            here: "falta el registro TLS-RPT",
            why: "Con MTA-STS, los servidores remitentes retienen el correo cuando no pueden llegar a un servidor de correo de forma segura. Sin TLS-RPT nadie le avisa de que eso ocurre.",
            fix: "Publique en `{name}` un registro TXT: `v=TLSRPTv1; rua=mailto:` seguido de una dirección que usted lea.",
        },
        ja: Prose {
            title: "{domain} はMTA-STSを使っていますがTLS-RPTがありません",
            here: "TLS-RPTレコードがありません",
            why: "MTA-STSを使うと、送信側はメールサーバーに安全に接続できないときメールの配送を見合わせます。TLS-RPTがなければ、そうなっても通知は届きません。",
            fix: "`{name}` に `v=TLSRPTv1; rua=mailto:` と受信できるアドレスを書いたTXTレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let asked = &evidence.tls_reports.record;
    let is_meant = asked.answer.records().iter().filter_map(Record::txt).any(|txt| lookalike(&txt.value).is_some());
    let mode = evidence.mta_sts.policy.as_ref().and_then(|policy| policy.mode());
    let in_use = evidence.mta_sts.record.only().is_some() && mode != Some(Mode::None);
    if in_use && asked.is_missing() && !is_meant && !evidence.has_null_mx() {
        let finding = RULE.at([asked.answer.question_span()]).with("domain", &evidence.domain);
        findings.push(finding.with("name", &asked.answer.question.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn without() {
        finds(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n?");
    }

    #[test]
    fn with_it_or_with_nothing_to_report() {
        for zone in [
            "@ MX 0 mail",
            "@ MX 0 .\n_mta-sts TXT \"v=STSv1; id=1\"",
            "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.test\"",
            "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls TXT \"v=TLSRPTV1; rua=mailto:a@example.test\"",
            "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls CNAME _smtp._tls",
        ] {
            clean(&RULE, zone);
        }
    }
}

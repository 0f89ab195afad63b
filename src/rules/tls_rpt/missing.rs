//! MTA-STS or DANE without TLS reporting: nobody tells the owner of mail that is held back.

use crate::dns::{Record, Security};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::records::tls_rpt::lookalike;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "tls-rpt-missing",
    severity: Severity::Advice,
    references: &["RFC 8460 section 1", "RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} uses {means} without TLS-RPT",
            here: "no TLS-RPT record",
            why: "With {means} senders hold mail back when they cannot reach a mail server safely. Without TLS-RPT nobody tells you that it happens.",
            fix: "Publish a TXT record at `{name}`: `v=TLSRPTv1; rua=mailto:` and an address that you read.",
        },
        es: Prose {
            title: "{domain} usa {means} sin TLS-RPT",
            here: "falta el registro TLS-RPT",
            why: "Con {means}, los servidores remitentes retienen el correo cuando no pueden llegar a un servidor de correo de forma segura. Sin TLS-RPT nadie le avisa de que eso ocurre.",
            fix: "Publique en `{name}` un registro TXT: `v=TLSRPTv1; rua=mailto:` seguido de una dirección que usted lea.",
        },
        ja: Prose {
            title: "{domain} は {means} を使っていますがTLS-RPTがありません",
            here: "TLS-RPTレコードがありません",
            why: "{means} を使うと、送信側はメールサーバーに安全に接続できないときメールの配送を見合わせます。TLS-RPTがなければ、そうなっても通知は届きません。",
            fix: "`{name}` に `v=TLSRPTv1; rua=mailto:` と受信できるアドレスを書いたTXTレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let asked = &evidence.tls_reports.record;
    let is_meant = asked.answer.records().iter().filter_map(Record::txt).any(|txt| lookalike(&txt.value).is_some());
    let Some(means) = means(evidence) else { return };
    if asked.is_missing() && !is_meant && !evidence.has_null_mx() {
        let finding = RULE.at([asked.answer.question_span()]).with("domain", &evidence.domain).with("means", means);
        findings.push(finding.with("name", &asked.answer.question.name));
    }
}

/// By which means senders are made to hold mail back.
fn means(evidence: &Evidence) -> Option<&'static str> {
    let mode = evidence.mta_sts.policy.as_ref().and_then(|policy| policy.mode());
    if evidence.mta_sts.record.only().is_some() && mode != Some(Mode::None) {
        return Some("MTA-STS");
    }
    uses_dane(evidence).then_some("DANE")
}

/// Has a mail host of the domain's own TLSA records that may count? Those of a provider's host are its own affair.
fn uses_dane(evidence: &Evidence) -> bool {
    let own = evidence.domain.registered_domain();
    let mut hosts = evidence.dane.hosts.iter().filter(|host| host.host.is_within(&own));
    hosts.any(|host| !host.tlsa.records().is_empty() && evidence.security(&host.tlsa) != Security::Insecure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Resolver, clean, finds};

    #[test]
    fn without() {
        finds(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n?");
        finds(&RULE, "@ MX 0 mail\n_25._tcp.mail TLSA 3 1 1 00\n?");
    }

    #[test]
    fn with_it_or_with_nothing_to_report() {
        for zone in [
            "@ MX 0 mail",
            "@ MX 0 mx.provider.test.\n_25._tcp.mx.provider.test. TLSA 3 1 1 00",
            "@ MX 0 .\n_mta-sts TXT \"v=STSv1; id=1\"",
            "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.test\"",
            "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls TXT \"v=TLSRPTV1; rua=mailto:a@example.test\"",
            "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_smtp._tls CNAME _smtp._tls",
        ] {
            clean(&RULE, zone);
        }
        let world = "$TTL 60\n@ MX 0 mail\nmail A 192.0.2.1\n_25._tcp.mail TLSA 3 1 1 00\n";
        assert_eq!(Resolver::new(world, &[]).findings(&RULE).len(), 1);
        assert!(Resolver::new(world, &["example.test"]).findings(&RULE).is_empty());
    }
}

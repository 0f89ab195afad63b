//! A domain of mail without an SPF record.

use crate::dns::{Answer, Outcome, Record};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::providers::{self, Provider};
use crate::records::spf;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "spf-missing",
    severity: Severity::Error,
    references: &["RFC 7208 section 3", "Google: Email sender guidelines", "Yahoo: Sender Best Practices"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has no SPF record",
            here: "no SPF record here",
            why: "Without an SPF record receivers cannot tell which servers may send for {domain}. Gmail, Yahoo and Outlook.com ask senders for one, and for a domain that sends nothing it helps to keep others from using its name.",
            fix: "Publish one TXT record at {domain} that begins with `v=spf1`, names the servers that send, and ends in `~all` or `-all`; `v=spf1 -all` for a domain that never sends.",
        },
        es: Prose {
            title: "{domain} no tiene registro SPF",
            here: "aquí no hay registro SPF",
            why: "Sin registro SPF los receptores no pueden saber qué servidores pueden enviar en nombre de {domain}. Gmail, Yahoo y Outlook.com lo piden a quien envía, y en un dominio que no envía nada ayuda a impedir que otros usen su nombre.",
            fix: "Publique en {domain} un registro TXT que empiece por `v=spf1`, indique los servidores que envían y termine en `~all` o `-all`; `v=spf1 -all` si el dominio no envía nunca.",
        },
        ja: Prose {
            title: "{domain} にSPFレコードがありません",
            here: "ここにSPFレコードがありません",
            why: "SPFレコードがないと、受信側はどのサーバーが {domain} のメールを送信してよいのか判断できません。Gmail、Yahoo、Outlook.comは送信者にSPFを求めています。メールを送らないドメインでも、なりすましを防ぐのに役立ちます。",
            fix: "{domain} に、`v=spf1` で始まり、送信サーバーを列挙し、`~all` または `-all` で終わるTXTレコードを1つ公開してください。メールを送らないドメインでは `v=spf1 -all` とします。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let own = evidence.spf.own();
    let mail = evidence.named || !evidence.mx.found.is_empty();
    if !mail || !own.is_missing() || matches!(own.answer.outcome, Outcome::NxDomain) || has_lookalike(&own.answer) {
        return;
    }
    let finding = RULE.at([own.answer.question_span()]).with("domain", &evidence.domain);
    findings.push(match record(evidence) {
        Some(record) => finding.publish(&evidence.domain, Kind::TXT, record),
        None => finding,
    });
}

fn has_lookalike(answer: &Answer) -> bool {
    answer.records().iter().filter_map(Record::txt).any(|txt| spf::lookalike(&txt.value).is_some())
}

/// The record to publish: what the providers ask for that the MX records lead to. Where these do not have the mailboxes,
/// nobody knows who sends.
fn record(evidence: &Evidence) -> Option<String> {
    // RFC 7505 section 4.2: a domain with a null MX should not send; "v=spf1 -all" says so.
    if evidence.has_null_mx() {
        return Some("v=spf1 -all".to_owned());
    }
    let hosts = evidence.mx.found.iter().map(|host| providers::by_mx(&host.exchange));
    let mut providers: Vec<&Provider> = hosts.collect::<Option<_>>()?;
    providers.dedup();
    if !providers.iter().all(|provider| provider.kind.has_mailboxes()) {
        return None;
    }
    match providers.as_slice() {
        [] => None,
        [provider] => provider.spf_record(),
        providers => {
            let includes: Vec<&str> = providers.iter().map(|provider| provider.include()).collect::<Option<_>>()?;
            Some(format!("v=spf1 include:{} ~all", includes.join(" include:")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence, offline_evidence};

    #[test]
    fn what_providers_ask_for() {
        for (mx, record) in [
            ("0 .", "v=spf1 -all"),
            ("0 x.mail.protection.outlook.com.", "v=spf1 include:spf.protection.outlook.com -all"),
            ("0 x.o-v1.mx.microsoft.", "v=spf1 include:spf.protection.outlook.com -all"),
            ("0 x.mail.protection.office365.us.", "v=spf1 include:spf.protection.office365.us -all"),
            ("1 smtp.google.com.", "v=spf1 include:_spf.google.com ~all"),
        ] {
            let zone = format!("example.test. MX {mx}\n?");
            finds(&RULE, &zone);
            assert_eq!(findings(&RULE, &zone)[0].publish[0].value, record);
        }
        for unknown in ["mail", "mx01.hornetsecurity.com.", "mx1.improvmx.com."] {
            assert!(findings(&RULE, &format!("example.test. MX 0 {unknown}"))[0].publish.is_empty(), "{unknown}");
        }
    }

    #[test]
    fn sub_domains_with_mail() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 -all"
            sub           MX 0 mail
            ?
            "#,
        );
    }

    #[test]
    fn there_or_nearly_there() {
        clean(&RULE, r#"example.test. TXT "v=spf1 -all""#);
        clean(&RULE, r#"example.test. TXT "v=spf2 mx -all""#);
        clean(&RULE, "www A 192.0.2.1");
    }

    #[test]
    fn a_named_domain() {
        let mut found = Vec::new();
        check(&live_evidence("other.test. A 192.0.2.1", &[]), &mut found);
        assert!(found.is_empty(), "there is no such domain");
        check(&live_evidence("example.test. A 192.0.2.1", &[]), &mut found);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn nobody_knows() {
        let mut found = Vec::new();
        for evidence in offline_evidence("mail.other.test. A 192.0.2.1") {
            check(&evidence, &mut found);
        }
        assert!(found.is_empty());
    }
}

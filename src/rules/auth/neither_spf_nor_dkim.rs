//! Nobody can pass SPF for the domain, and no DKIM key of it exists.

use crate::evaluate::{dkim, pass};
use crate::evidence::Evidence;
use crate::finding::{Aspect, Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "auth-neither-spf-nor-dkim",
    severity: Severity::Error,
    references: &[
        "Google: Email sender guidelines",
        "Yahoo: Sender Best Practices",
        "RFC 7208 section 2.6",
        "RFC 8020 section 2",
    ],
    check,
    text: Text {
        en: Prose {
            title: "nothing proves that mail comes from {domain}: neither SPF nor DKIM works",
            here: "nothing here that works",
            why: "No server passes SPF for {domain}, and there is no key to verify a signature with. Gmail, Yahoo and others ask everyone for one of the two, and refuse or junk mail that has neither.",
            fix: "Set up SPF or DKIM; what is wrong with each is told in findings of their own. One of the two is enough for the mail of small senders; those who send much need both.",
        },
        es: Prose {
            title: "nada demuestra que el correo procede de {domain}: no funcionan ni SPF ni DKIM",
            here: "aquí no hay nada que funcione",
            why: "Ningún servidor supera SPF para {domain} y no hay clave con la que verificar una firma. Gmail, Yahoo y otros exigen a todos al menos uno de los dos, y rechazan o envían a spam el correo que no tiene ninguno.",
            fix: "Configure SPF o DKIM; lo que falla en cada uno se explica por separado en este informe. Si envía poco correo, basta con uno de los dos; quien envía mucho necesita ambos.",
        },
        ja: Prose {
            title: "{domain} から送られたことを証明できません: SPFもDKIMも機能していません",
            here: "有効な設定がありません",
            why: "{domain} のSPFに合格するサーバーがなく、署名を検証する公開鍵もありません。GmailやYahooなどはすべての送信者に少なくともどちらか一方を求めており、どちらもないメールは拒否するか迷惑メールにします。",
            fix: "SPFまたはDKIMを設定してください。それぞれの問題点はこのレポートの別の項目で説明しています。送信量が少なければどちらか一方で足りますが、大量に送信する場合は両方が必要です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if !is_so(evidence) {
        return;
    }
    let own = evidence.spf.own();
    let spans = match own.found.as_slice() {
        [] => vec![own.answer.question_span()],
        found => found.iter().flat_map(|spf| spf.txt.whole()).collect(),
    };
    let finding = RULE.at(spans).and_at([evidence.dkim.node.question_span()]).with("domain", &evidence.domain);
    findings.push(finding.resting_on(&[Aspect::Spf, Aspect::Dkim]));
}

pub(super) fn is_so(evidence: &Evidence) -> bool {
    may_be_judged(evidence) && !pass::anybody_may_pass(&evidence.spf) && dkim::is_certainly_unusable(evidence)
}

/// Does the domain send under keys of its own? A sub-domain's mail may be signed by the domain above, and a domain
/// that nobody named may be there for incoming mail alone.
pub(super) fn may_be_judged(evidence: &Evidence) -> bool {
    let forbidden = evidence.spf.own().only().is_some_and(pass::forbids_all);
    let receives = evidence.mx.found.iter().any(|host| !host.exchange.is_root());
    let own_keys = evidence.domain == evidence.domain.registered_domain();
    // `-all` alone and no mail exchange: it says that it does not send, and that is right.
    evidence.named && own_keys && evidence.sends() && (receives || !forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, live_evidence, offline_evidence};

    #[test]
    fn nothing_at_all() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            mail A 192.0.2.1
            ?
            "#,
        );
    }

    #[test]
    fn spf_that_nobody_passes() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            @ TXT "v=spf1 ipv4:192.0.2.1 -all"
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_key_that_is_too_short_is_none() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            @ TXT "v=spf1 ipv4:192.0.2.1 -all"
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^
            s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANAz8HFXDYYc6Oe4jSl7ArMysAbezQc23e5LSe2QMjj0TakVaclJ78pcnLfIfMZ9nfRjXR/NXpcy7g+0DpiumS8CAwEAAQ=="
            "#,
        );
    }

    #[test]
    fn either_is_enough_and_doubt_is_for_the_domain() {
        for records in [
            "@ MX 0 mail\n@ TXT \"v=spf1 mx -all\"\nmail A 192.0.2.1",
            "@ MX 0 mail\ns1._domainkey TXT \"v=DKIM1; p=\"",
            "@ MX 0 mail\n* TXT x",
            "@ MX 0 .\n@ TXT \"v=spf1 -all\"",
            "@ TXT \"v=spf1 -all\"",
            "@ A 192.0.2.1",
        ] {
            clean(&RULE, records);
        }
    }

    #[test]
    fn sub_domains_may_be_signed_by_the_domain_above() {
        clean(
            &RULE,
            r#"
            @ MX 0 mail
            @ TXT "v=spf1 ip4:192.0.2.1 -all"
            news MX 0 mail
            news TXT "v=spf1 ipv4:192.0.2.1 -all"
            "#,
        );
    }

    #[test]
    fn who_was_not_asked_may_let_pass() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n@ MX 0 mail\n@ TXT \"v=spf1 include:spf.example.org -all\"\n";
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty());
    }

    #[test]
    fn on_live_dns_an_unknown_selector_may_be_there() {
        let mut found = Vec::new();
        check(&live_evidence("$TTL 60\n@ MX 0 mail\nx._domainkey TXT \"v=DKIM1; p=\"\n", &[]), &mut found);
        assert!(found.is_empty());
        check(&live_evidence("$TTL 60\n@ MX 0 mail\n", &[]), &mut found);
        assert_eq!(found.len(), 1);
    }
}

//! Reports are sent to a domain that cannot take them.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::records::tls_rpt::{Destination, DestinationKind};
use crate::rules::Rule;
use crate::rules::tls_rpt::record::Applied;
use crate::web::Url;

pub static RULE: Rule = Rule {
    id: "tls-rpt-report-domain-dead",
    severity: Severity::Warning,
    references: &["RFC 8460 section 3", "RFC 5321 section 5.1", "RFC 7505 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "TLS reports of {domain} go to {target}, which cannot receive them",
            here: "cannot receive reports",
            why: "The name {target} has no address and no mail server in DNS, or refuses all mail. Reports about failed encryption are lost. Mail itself is not affected.",
            fix: "Name an address in `rua` that exists, or repair the DNS records of {target}.",
        },
        es: Prose {
            title: "los informes TLS de {domain} van a {target}, que no puede recibirlos",
            here: "no puede recibir informes",
            why: "El nombre {target} no tiene dirección ni servidor de correo en el DNS, o rechaza todo el correo. Los informes sobre los fallos de cifrado se pierden. El correo en sí no se ve afectado.",
            fix: "Indique en `rua` una dirección que exista o corrija los registros DNS de {target}.",
        },
        ja: Prose {
            title: "{domain} のTLSレポートの送り先 {target} は受信できません",
            here: "レポートを受信できません",
            why: "{target} はDNSにアドレスもメールサーバーもないか、すべてのメールを拒否しています。暗号化の失敗に関するレポートは失われます。メール自体への影響はありません。",
            fix: "`rua` に実在する送り先を書くか、{target} のDNSレコードを修正してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // Nobody delivers to a null MX, so there is nothing to report.
    let Some(applied) = Applied::of(evidence).filter(|_| !evidence.has_null_mx()) else { return };
    for domain in evidence.tls_reports.domains.iter().filter(|domain| domain.is_dead()) {
        let goes_there = |destination: &Destination| {
            let text = applied.text(destination.range.clone());
            match &destination.kind {
                DestinationKind::Mail(name) => domain.mx.is_some() && Name::parse(name).as_ref() == Ok(&domain.name),
                DestinationKind::Https => {
                    domain.mx.is_none() && Url::parse(text).is_ok_and(|url| *url.host() == domain.name)
                }
                DestinationKind::Foreign | DestinationKind::Broken => false,
            }
        };
        for destination in applied.record.destinations().into_iter().filter(goes_there) {
            findings.push(applied.at(&RULE, destination.range).with("target", &domain.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn names_that_are_not_there() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@gone.test,https://gone.test/v1,mailto:b@null.test"
                                            ^^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^^^
                                                                                    ^^^^^^^^^^^^^^^^^^
            null.test. MX 0 .
            "#,
        );
    }

    #[test]
    fn names_that_are_there() {
        clean(
            &RULE,
            r#"
            @ MX 0 mail
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.test,mailto:a@b.test,https://b.test/v1,mailto:a@c.test"
            b.test. A 192.0.2.1
            c.test. MX 0 mail.c.test.
            "#,
        );
    }

    #[test]
    fn nothing_to_report() {
        clean(&RULE, "@ MX 0 .\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.test\"");
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@gone.test\"\n";
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

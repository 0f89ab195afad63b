//! A record, and no host that could serve the policy.

use crate::dns::{Answer, Record};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::mta_sts::is_used;

pub static RULE: Rule = Rule {
    id: "mta-sts-host-missing",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has an MTA-STS record, but {host} has no address",
            here: "no address",
            why: "Senders that see the record fetch the policy from {host}. There is no such host, so they cannot, and deliver without MTA-STS: nothing forces TLS.",
            fix: "Point {host} to a web server that serves the policy at `{url}` with a valid certificate; or delete the record at `_mta-sts`.",
        },
        es: Prose {
            title: "{domain} tiene un registro MTA-STS, pero {host} no tiene dirección",
            here: "sin dirección",
            why: "Los servidores remitentes que ven el registro descargan la política de {host}. Ese host no existe, así que no pueden descargarla y entregan el correo sin MTA-STS: nada obliga a usar TLS.",
            fix: "Haga que {host} apunte a un servidor web que sirva la política en `{url}` con un certificado válido, o elimine el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} にMTA-STSレコードがありますが、{host} にアドレスがありません",
            here: "アドレスがありません",
            why: "レコードを見た送信側は {host} からポリシーを取得します。このホストにアドレスがないため取得できず、MTA-STSなしで配送します。TLSは強制されません。",
            fix: "有効な証明書を使って `{url}` でポリシーを返すWebサーバーのアドレスを {host} に設定するか、`_mta-sts` のレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let sts = &evidence.mta_sts;
    let is_certain = sts.host.iter().all(Answer::is_absent) && !may_be_there(evidence);
    let Some(page) = sts.page.as_ref().filter(|_| is_certain && is_used(evidence)) else { return };
    let place = match sts.host[0].aliases.first() {
        Some(alias) => alias.data_span(),
        None => sts.host[0].question_span(),
    };
    let records = sts.record.answer.records().iter().map(Record::data_span);
    let finding = RULE.at([place]).and_at(records).with("domain", &evidence.domain);
    findings.push(finding.with("host", &sts.host[0].question.name).with("url", &page.url));
}

/// Is there a line in the zone that could not be read, or of a type that only the server makes addresses of?
fn may_be_there(evidence: &Evidence) -> bool {
    let host = &evidence.mta_sts.host[0].question.name;
    evidence.zone.as_ref().is_some_and(|zone| {
        let is_alias = |record: &Record| record.kind == Kind::ALIAS && record.owner == *host;
        zone.unread().next().is_some() || zone.records.iter().any(is_alias)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, offline_evidence};

    #[test]
    fn nothing_and_a_dangling_alias() {
        let zone = "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"";
        assert_eq!(findings(&RULE, zone)[0].spans.len(), 2);
        finds(
            &RULE,
            r#"
            @        MX    0 mail
            _mta-sts TXT   "v=STSv1; id=1"
                           ^^^^^^^^^^^^^^^
            mta-sts  CNAME gone.example.org.
                           ^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_address_is_enough() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts AAAA 2001:db8::1");
        clean(&RULE, "@ MX 0 mail");
        clean(&RULE, "@ MX 0 .\n_mta-sts TXT \"v=STSv1; id=1\"");
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts ALIAS sts.example.org.");
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts CNAME x.example.org.\n";
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty());
    }
}

//! A filtering gateway, and beside it in MX the mailboxes that it protects.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::{gateway_at, mailboxes_at};

pub static RULE: Rule = Rule {
    id: "mx-gateway-and-mailboxes",
    severity: Severity::Warning,
    references: &["RFC 5321 section 5.1", "Microsoft: Mail flow best practices for Exchange Online"],
    check,
    text: Text {
        en: Prose {
            title: "the MX records of {domain} lead past {gateway} to the mailboxes at {provider}",
            here: "past the filter",
            why: "Any sender may choose {host}, whatever its preference, and spammers do: what comes that way has not been filtered by {gateway}.",
            fix: "Delete the MX records with hosts of {provider}: {gateway} hands the mail on without them. Let {provider} take mail from {gateway} only. If {gateway} is no longer in use, delete its MX records instead.",
        },
        es: Prose {
            title: "los registros MX de {domain} permiten eludir {gateway} y llegar a los buzones en {provider}",
            here: "elude el filtro",
            why: "Cualquier remitente puede elegir {host}, sea cual sea su preferencia, y quienes envían spam lo hacen: lo que llega así no ha pasado por el filtro de {gateway}.",
            fix: "Elimine los registros MX con servidores de {provider}: {gateway} entrega el correo sin ellos. Haga que {provider} solo acepte correo de {gateway}. Si {gateway} ya no se usa, elimine sus registros MX.",
        },
        ja: Prose {
            title: "{domain} のMXレコードに、{gateway} を通らず {provider} のメールボックスに直接届くものがあります",
            here: "フィルターを迂回する経路",
            why: "優先度にかかわらず送信側は {host} を選ぶことができ、迷惑メールの送信者は実際にそうします。この経路で届くメールは {gateway} の検査を受けません。",
            fix: "{provider} のホストのMXレコードを削除してください。なくても {gateway} からの配送に影響はありません。{provider} では {gateway} からのメールだけを受け取るように設定してください。{gateway} をもう使っていない場合は、{gateway} のMXレコードのほうを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.mx.found;
    let gateway = hosts.iter().find_map(|host| Some((host, gateway_at(&host.exchange)?)));
    let behind: Vec<&MailHost> = hosts.iter().filter(|host| mailboxes_at(&host.exchange).is_some()).collect();
    let provider = behind.first().and_then(|host| Some((host, mailboxes_at(&host.exchange)?)));
    if let (Some((filter, gateway)), Some((host, provider))) = (gateway, provider) {
        let finding = RULE.at(behind.iter().map(|host| host.record.data_span())).and_at([filter.record.data_span()]);
        let finding = finding.with("domain", &evidence.domain).with("gateway", &gateway.name);
        findings.push(finding.with("provider", &provider.name).with("host", &host.exchange));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_mailboxes_behind_the_filter() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mxa-1.gslb.pphosted.com.
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^
            @             MX 50 example-test.mail.protection.outlook.com.
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_of_them() {
        clean(&RULE, "@ MX 10 mxa-1.gslb.pphosted.com.\n@ MX 10 mxb-1.gslb.pphosted.com.\n@ MX 20 mail");
        clean(&RULE, "@ MX 10 example-test.mail.protection.outlook.com.\n@ MX 20 mail");
    }
}

//! A filtering gateway before Microsoft 365, which can be reached without it.

use crate::evidence::{Evidence, SpfNode};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::providers::{self, Provider};
use crate::rules::Rule;
use crate::rules::mx::{gateway_at, mailboxes_at};
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "mx-gateway-bypass",
    severity: Severity::Advice,
    references: &[
        "Microsoft: Manage mail flow using a third-party cloud service with Exchange Online",
        "Microsoft: Enhanced Filtering for Connectors in Exchange Online",
    ],
    check,
    text: Text {
        en: Prose {
            title: "mail may get past {gateway} straight to the mailboxes of {domain} at Microsoft 365",
            here: "the filter, and what is behind it",
            why: "The MX record leads to {gateway}, but Microsoft 365 can be reached without it, under a name that anybody can work out, as a rule `{host}`. Whether your tenant refuses mail that comes that way, DNS does not show.",
            fix: "In the Exchange admin center set up an inbound connector from a partner organization for all domains (`*`) that takes mail only from the addresses (`RestrictDomainsToIPAddresses`) or with the certificate (`RestrictDomainsToCertificate`) of {gateway}. Turn on Enhanced Filtering for Connectors for it, so that SPF is checked against the sender and not against {gateway}.",
        },
        es: Prose {
            title: "el correo podría eludir {gateway} y llegar directamente a los buzones de {domain} en Microsoft 365",
            here: "el filtro y lo que hay detrás",
            why: "El MX lleva a {gateway}, pero a Microsoft 365 se llega también sin pasar por ahí, con un nombre que cualquiera puede deducir, por lo general `{host}`. El DNS no muestra si su inquilino (tenant) rechaza el correo que llega así.",
            fix: "En el Centro de administración de Exchange cree un conector de entrada desde una organización asociada para todos los dominios (`*`) que solo acepte correo desde las direcciones (`RestrictDomainsToIPAddresses`) o con el certificado (`RestrictDomainsToCertificate`) de {gateway}. Active en él el filtrado mejorado para conectores, para que SPF se compruebe con el servidor de origen y no con {gateway}.",
        },
        ja: Prose {
            title: "{gateway} を通らずに、Microsoft 365にある {domain} のメールボックスへ直接メールを送れる可能性があります",
            here: "フィルターと、その背後",
            why: "MXは {gateway} を指していますが、Microsoft 365には、誰でも推測できる名前(通常は `{host}`)で直接接続できます。この経路のメールをテナントで拒否しているかどうかは、DNSからは分かりません。",
            fix: "Exchange管理センターで、パートナー組織からの受信コネクタをすべてのドメイン(`*`)に対して作成し、{gateway} のIPアドレス(`RestrictDomainsToIPAddresses`)または証明書(`RestrictDomainsToCertificate`)からのメールだけを受け取るようにしてください。あわせてコネクタの拡張フィルター処理を有効にし、SPFが {gateway} ではなく本来の送信元に対して検証されるようにしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.mx.found;
    let Some(gateway) = hosts.first().and_then(|host| gateway_at(&host.exchange)) else { return };
    let Some(microsoft) = providers::by_name("microsoft365") else { return };
    // With mailboxes in MX another rule speaks. Hosts of one's own behind the filter may be where the mailboxes are.
    let is_gateway = |name: &Name| gateway_at(name).is_some() && mailboxes_at(name).is_none();
    if !hosts.iter().all(|host| is_gateway(&host.exchange)) {
        return;
    }
    if let Some(sign) = sign(evidence, microsoft) {
        let dashed = evidence.domain.as_str().replace('.', "-");
        let finding = RULE.at(hosts.iter().map(|host| host.record.data_span())).and_at(sign);
        let finding = finding.with("domain", &evidence.domain).with("gateway", &gateway.name);
        findings.push(finding.with("host", format!("{dashed}.mail.protection.outlook.com")));
    }
}

/// What shows that mail is sent from mailboxes at the provider: an include in the domain's own SPF record, or a DKIM
/// selector that leads there. A text that verifies the domain does not: it may be there for other services.
fn sign(evidence: &Evidence, provider: &Provider) -> Option<Vec<Span>> {
    let root = evidence.spf.root();
    let included = |node: &&SpfNode| matches!(node.parent, Some((0, _))) && provider.is_included_by(&node.name);
    let term = evidence.spf.nodes.iter().find(included).and_then(|node| node.parent);
    if let (Some((_, term)), Some(spf)) = (term, root.asked.only()) {
        return Some(spf.txt.spans(spf.terms.get(term)?.range.clone()));
    }
    let mut aliases = evidence.dkim.selectors.iter().filter_map(|selector| selector.asked.answer.aliases.first());
    let alias = aliases.find(|alias| alias.target().and_then(providers::by_target) == Some(provider))?;
    Some(vec![alias.data_span()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn seen_in_the_spf_record() {
        finds(
            &RULE,
            r#"
            example.test. MX  10 mxa-1.gslb.pphosted.com.
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^
            @             TXT "v=spf1 include:spf.protection.outlook.com -all"
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn seen_in_dkim() {
        finds(
            &RULE,
            r#"
            example.test.         MX    10 mxa-1.gslb.pphosted.com.
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^
            selector1._domainkey  CNAME selector1-example-test._domainkey.example.onmicrosoft.com.
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn without_a_filter_without_microsoft_and_with_hosts_of_ones_own() {
        let spf = "@ TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n";
        clean(&RULE, &format!("{spf}@ MX 0 example-test.mail.protection.outlook.com."));
        clean(
            &RULE,
            &format!("{spf}@ MX 10 mxa-1.gslb.pphosted.com.\n@ MX 20 example-test.mail.protection.outlook.com."),
        );
        clean(&RULE, &format!("{spf}@ MX 10 mxa-1.gslb.pphosted.com.\n@ MX 20 mail"));
        clean(&RULE, "@ MX 10 mxa-1.gslb.pphosted.com.\n@ TXT \"v=spf1 mx -all\"\n@ TXT \"MS=ms12345678\"");
    }
}

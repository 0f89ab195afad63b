//! An unknown host stands before the mailbox provider that the SPF record names: the old server, forgotten there?

use ipnet::IpNet;

use crate::evaluate::ranges;
use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::providers::{self, Provider, ProviderKind};
use crate::records::spf::Qualifier;
use crate::rules::Rule;
use crate::rules::mx::addresses_of;
use crate::zone::Record;

pub static RULE: Rule = Rule {
    id: "mx-provider-not-first",
    severity: Severity::Advice,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "mail for {domain} goes to {host} first, and only then to {provider}",
            here: "tried first",
            why: "Senders try the lowest number first: {host} gets the mail, and {provider}, which sends for {domain} by its SPF record, only what that host does not take. If {host} is a server from before the move to {provider}, mail stays there unseen.",
            fix: "Delete the MX record with {host} if it is no longer in use. If it is a filter that hands the mail on to {provider}, that order is right; then delete the MX records of {provider}, so that nobody goes past the filter.",
        },
        es: Prose {
            title: "el correo para {domain} va primero a {host} y solo después a {provider}",
            here: "se prueba primero",
            why: "Los servidores remitentes prueban primero el número más bajo: {host} recibe el correo, y {provider}, que según el registro SPF envía correo de {domain}, solo recibe lo que ese servidor no acepte. Si {host} es un servidor anterior al paso a {provider}, el correo se queda allí sin que nadie lo vea.",
            fix: "Elimine el registro MX con {host} si ya no se usa. Si es un filtro que entrega el correo a {provider}, ese orden es correcto; en tal caso elimine los registros MX de {provider} para que nadie eluda el filtro.",
        },
        ja: Prose {
            title: "{domain} 宛てのメールは、{provider} より先に {host} に届きます",
            here: "最初に試されるホスト",
            why: "送信側は数値の小さいホストから試すため、メールはまず {host} に届き、SPFレコードで送信元とされている {provider} には、{host} が受け取らなかったものしか届きません。{host} が {provider} への移行前のサーバーであれば、メールは誰にも読まれないままそこに残ります。",
            fix: "{host} を使っていなければ、そのMXレコードを削除してください。{host} が {provider} へ転送するフィルターであれば順序は正しいので、フィルターを迂回されないように {provider} のホストをMXから外してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.mx.found;
    let behind = hosts.iter().find_map(|host| Some((host, sender_at(evidence, host)?)));
    let Some((behind, provider)) = behind else { return };
    let (front, rest): (Vec<&MailHost>, Vec<&MailHost>) =
        hosts.iter().partition(|host| host.preference < behind.preference);
    let is_strange = |host: &&MailHost| providers::by_mx(&host.exchange).is_none() && sends_nothing(evidence, host);
    let is_ours = |host: &MailHost| providers::by_mx(&host.exchange) == Some(provider);
    if let Some(first) = front.first()
        && front.iter().all(is_strange)
        && rest.into_iter().all(is_ours)
    {
        let finding = RULE.at(front.iter().map(|host| host.record.data_span())).and_at([behind.record.data_span()]);
        let finding = finding.with("domain", &evidence.domain).with("host", &first.exchange);
        findings.push(finding.with("provider", &provider.name));
    }
}

/// The provider of mailboxes that the host belongs to, where the SPF record names it, too.
fn sender_at(evidence: &Evidence, host: &MailHost) -> Option<&'static Provider> {
    let provider = providers::by_mx(&host.exchange)?;
    let is_included = evidence.spf.nodes.iter().any(|node| provider.is_included_by(&node.name));
    (provider.kind == ProviderKind::Mailboxes && is_included).then_some(provider)
}

/// Is it certain that the SPF record does not let the host send? A filter of one's own sends, as a rule.
fn sends_nothing(evidence: &Evidence, host: &MailHost) -> bool {
    let reach = ranges::reach(evidence, 0);
    let addresses = addresses_of(host);
    let may_send = |record: &&Record| {
        let is_in = |net: &IpNet| record.address().is_some_and(|ip| net.contains(&ip));
        reach.networks.iter().any(|it| it.result == Qualifier::Pass && is_in(&it.net))
    };
    reach.open.is_empty() && !addresses.is_empty() && !addresses.iter().any(may_send)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    const WORLD: &str = "
        mail A   93.184.216.25
        example-test.mail.protection.outlook.com. A 52.101.73.5
        spf.protection.outlook.com. TXT \"v=spf1 ip4:40.92.0.0/15 -all\"
        spf.filter.example. TXT \"v=spf1 ip4:93.184.216.0/24 -all\"
    ";

    fn with_world(lines: &str) -> String {
        let trimmed = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
        format!("{}{}", trimmed(lines), trimmed(WORLD))
    }

    #[test]
    fn the_old_server_in_front() {
        finds(
            &RULE,
            &format!(
                "{}\n{}\n{}\n{}\n{}",
                "example.test. MX 0 mail",
                "                 ^^^^^^",
                "@ MX 10 example-test.mail.protection.outlook.com.",
                "     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
                with_world("@ TXT \"v=spf1 include:spf.protection.outlook.com -all\"")
            ),
        );
    }

    #[test]
    fn a_filter_that_sends_and_a_provider_in_front() {
        let microsoft = "example-test.mail.protection.outlook.com.";
        for lines in [
            format!("@ MX 0 mail\n@ MX 10 {microsoft}\n@ TXT \"v=spf1 mx include:spf.protection.outlook.com -all\""),
            format!("@ MX 0 {microsoft}\n@ MX 10 mail\n@ TXT \"v=spf1 include:spf.protection.outlook.com -all\""),
            format!("@ MX 0 mail\n@ MX 0 {microsoft}\n@ TXT \"v=spf1 include:spf.protection.outlook.com -all\""),
            format!("@ MX 0 mail\n@ MX 10 {microsoft}\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\""),
            format!(
                "@ MX 0 mail\n@ MX 5 {microsoft}\n\
                 @ TXT \"v=spf1 include:spf.filter.example include:spf.protection.outlook.com -all\""
            ),
        ] {
            clean(&RULE, &with_world(&lines));
        }
    }

    #[test]
    fn a_host_whose_address_nobody_asked_for() {
        let zone = "$TTL 60\n@ MX 0 mx.other.\n@ MX 10 example-test.mail.protection.outlook.com.\n\
                    @ TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n";
        let mut found = Vec::new();
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

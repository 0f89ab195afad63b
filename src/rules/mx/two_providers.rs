//! MX hosts of two mailbox providers: mail lands in two places.

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::mx::mailboxes_at;

pub static RULE: Rule = Rule {
    id: "mx-two-providers",
    severity: Severity::Warning,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX records of {domain} lead to the mailboxes of more than one provider: {providers}",
            here: "another provider's mailboxes",
            why: "{way} Each provider keeps, or refuses, what arrives at it: mail goes missing for those who look for it at the other one. The hosts, the preferred one first: {hosts}.",
            fix: "Delete the MX records of the provider that no longer has your mailboxes. If some mailboxes are still there, have the provider in front forward their mail, and keep only its hosts in MX.",
        },
        es: Prose {
            title: "los registros MX de {domain} llevan a los buzones de más de un proveedor: {providers}",
            here: "buzones de otro proveedor",
            why: "{way} Cada proveedor guarda, o rechaza, lo que le llega: quien busca ese correo en el otro no lo encuentra. Los servidores, primero el preferido: {hosts}.",
            fix: "Elimine los registros MX del proveedor que ya no tiene sus buzones. Si aún quedan buzones allí, haga que el proveedor principal les reenvíe el correo y deje solo los servidores de este en MX.",
        },
        ja: Prose {
            title: "{domain} のMXレコードが、複数のメールサービスのメールボックスを指しています: {providers}",
            here: "別のメールサービス",
            why: "{way}届いたメールは、それぞれのサービスが保存するか拒否するため、もう一方で探しても見つかりません。優先順に並べたホスト: {hosts}",
            fix: "メールボックスを使わなくなったサービスのMXレコードを削除してください。一部のメールボックスがまだそちらにある場合は、主に使うサービスから転送するように設定し、MXには主に使うサービスのホストだけを残してください。",
        },
    },
};

const AT_RANDOM: Words = Words {
    en: "Both stand at the same preference, so senders take one of them at random.",
    es: "Ambos tienen la misma preferencia, así que los servidores remitentes eligen uno al azar.",
    ja: "両者の優先度が同じため、送信側はどちらかを無作為に選びます。",
};

const IN_ORDER: Words = Words {
    en: "Senders try the host with the lowest number first, and the others when it does not answer at once.",
    es: "Los servidores remitentes prueban primero el servidor con el número más bajo y, si no responde enseguida, los demás.",
    ja: "送信側は数値の最も小さいホストを先に試し、すぐに応答がなければほかのホストに送ります。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // By preference, as they are sorted.
    let hosts: Vec<(&MailHost, &str)> =
        evidence.mx.found.iter().filter_map(|host| Some((host, mailboxes_at(&host.exchange)?.name.as_str()))).collect();
    let Some((best, first)) = hosts.first() else { return };
    let mut names: Vec<&str> = hosts.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 {
        return;
    }
    let is_even = hosts.iter().any(|(host, name)| name != first && host.preference == best.preference);
    let others = hosts.iter().filter(|(_, name)| name != first).map(|(host, _)| *host);
    let finding = RULE.at(others.chain([*best]).map(|host| host.record.data_span())).with("domain", &evidence.domain);
    let list: Vec<String> =
        hosts.iter().map(|(host, name)| format!("{} {} ({name})", host.preference, host.exchange)).collect();
    let finding = finding.with("providers", names.join(", ")).with("hosts", list.join(", "));
    findings.push(finding.with_words("way", if is_even { AT_RANDOM } else { IN_ORDER }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn google_and_microsoft() {
        finds(
            &RULE,
            r#"
            example.test. MX 0  example-test.mail.protection.outlook.com.
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            @             MX 10 smtp.google.com.
                             ^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_way_of_the_mail() {
        let way = |first: u8, second: u8| {
            let zone = format!(
                "@ MX {first} example-test.mail.protection.outlook.com.\n@ MX {second} aspmx.l.google.com.\n\
                 @ MX 50 alt1.aspmx.l.google.com.\n"
            );
            let found = findings(&RULE, &zone);
            found[0]
                .values
                .iter()
                .find(|(name, _)| *name == "way")
                .map(|(_, way)| way.get(crate::lang::Lang::En).to_owned())
        };
        assert_eq!(way(10, 10).as_deref(), Some(AT_RANDOM.en));
        assert_eq!(way(10, 20).as_deref(), Some(IN_ORDER.en));
        assert_eq!(way(20, 10).as_deref(), Some(IN_ORDER.en));
    }

    #[test]
    fn one_provider_by_several_names_and_hosts_of_ones_own() {
        clean(&RULE, "@ MX 1 smtp.google.com.\n@ MX 10 aspmx.l.google.com.\n@ MX 20 mail");
        clean(&RULE, "@ MX 0 a.mail.protection.outlook.com.\n@ MX 0 a.o-v1.mx.microsoft.\n@ MX 20 mx.other.");
    }
}

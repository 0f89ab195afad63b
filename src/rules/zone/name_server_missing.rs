//! A name server of the zone that does not exist, or has no address.

use crate::evidence::{Evidence, NameServer};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::zone::intended;

pub static RULE: Rule = Rule {
    id: "zone-name-server-missing",
    severity: Severity::Warning,
    references: &["RFC 1912 section 2.8", "RFC 1034 section 4.2.2"],
    check,
    text: Text {
        en: Prose {
            title: "the name server {host} of {domain} has no address",
            here: "no A or AAAA record",
            why: "Resolvers that choose this name server get no answer and have to try another one. Lookups become slow, and if the others fail too, receivers cannot find SPF, DKIM and DMARC and defer the mail.",
            fix: "Correct the name, give {host} an A or AAAA record, or delete this NS record here and at the registrar.",
        },
        es: Prose {
            title: "el servidor de nombres {host} de {domain} no tiene dirección",
            here: "sin registro A ni AAAA",
            why: "Los servidores DNS resolutores que eligen este servidor de nombres no obtienen respuesta y deben probar con otro. Las consultas se vuelven lentas y, si los demás también fallan, los receptores no encuentran SPF, DKIM ni DMARC y aplazan el correo.",
            fix: "Corrija el nombre, publique un registro A o AAAA para {host} o elimine este registro NS aquí y en el registrador.",
        },
        ja: Prose {
            title: "{domain} のネームサーバー {host} にアドレスがありません",
            here: "AレコードもAAAAレコードもありません",
            why: "このネームサーバーを選んだリゾルバーは応答を得られず、別のサーバーを試すことになります。名前解決が遅くなるうえ、ほかのサーバーにも障害が起きると、受信側はSPF、DKIM、DMARCを確認できず、メールを一時拒否します。",
            fix: "名前を修正するか、{host} のAまたはAAAAレコードを公開してください。不要であれば、このNSレコードをこことレジストラの両方で削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for server in evidence.name_servers.iter().filter(|server| is_missing(server)) {
        let Some(host) = server.record.target() else { continue };
        let finding = RULE.at([server.record.data_span()]);
        findings.push(finding.with("host", host).with("domain", &evidence.domain));
    }
}

/// A name without its final dot is the business of a rule of its own.
fn is_missing(server: &NameServer) -> bool {
    server.addresses.iter().all(|answer| answer.is_absent()) && intended(&server.record).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn inside_and_outside_of_the_zone() {
        finds(
            &RULE,
            r#"
            example.test. NS ns1
                             ^^^
            @             NS gone.example.net.
                             ^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn servers_with_an_address_and_delegations() {
        clean(&RULE, "@ NS ns1\nns1 AAAA 2001:db8::1\nsub NS gone\n");
        clean(&RULE, "@ NS ns1.example.net");
    }

    #[test]
    fn nobody_knows() {
        let mut findings = Vec::new();
        offline_evidence("@ NS ns1.example.net.").iter().for_each(|evidence| check(evidence, &mut findings));
        assert!(findings.is_empty());
    }
}

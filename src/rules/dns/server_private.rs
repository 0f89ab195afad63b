//! A name server of the zone has no public address.

use crate::dns::Failure;
use crate::evidence::{Authority, Evidence, NameServer};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dns-server-private",
    severity: Severity::Advice,
    references: &["RFC 6890 section 2.2"],
    check,
    text: Text {
        en: Prose {
            title: "the name server {host} of {zone} has no address on the Internet",
            here: "was not asked",
            why: "{addresses} is a private or reserved address: receivers on the Internet get no answer from there. It was not asked, so that a foreign DNS record does not lead into your own network.",
            fix: "For a zone on the Internet, give {host} its public address. If you check an internal DNS, say so with `--allow-private`.",
        },
        es: Prose {
            title: "el servidor de nombres {host} de {zone} no tiene dirección en Internet",
            here: "no se le consultó",
            why: "{addresses} es una dirección privada o reservada: los receptores de Internet no obtienen respuesta de ella. No se le consultó, para evitar que un registro DNS ajeno provoque conexiones a su propia red.",
            fix: "Si la zona es de Internet, asigne a {host} su dirección pública. Si comprueba un DNS interno, indíquelo con `--allow-private`.",
        },
        ja: Prose {
            title: "{zone} のネームサーバー {host} にはインターネット上のアドレスがありません",
            here: "問い合わせていません",
            why: "{addresses} はプライベートアドレスまたは予約済みアドレスで、インターネット上の受信側からは応答が得られません。外部のDNSレコードによって組織内のネットワークに誘導されないよう、問い合わせは行っていません。",
            fix: "インターネットに公開するゾーンであれば、{host} にグローバルアドレスを設定してください。組織内のDNSを検査する場合は `--allow-private` を指定してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, .. }) = &evidence.authority else { return };
    for server in evidence.name_servers.iter().filter(|server| is_private(server)) {
        let Some(host) = server.record.target() else { continue };
        let addresses: Vec<String> = server.replies.iter().map(|replies| replies.ip.to_string()).collect();
        let finding = RULE.at([server.record.data_span()]).with("host", host).with("zone", zone);
        findings.push(finding.with("addresses", addresses.join(", ")));
    }
}

/// Only what is not public is not asked.
fn is_private(server: &NameServer) -> bool {
    let unasked = server.replies.iter().all(|replies| replies.soa.failure() == Some(Failure::NotAsked));
    !server.replies.is_empty() && unasked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dns::tests::Server::{Has, IsPrivate, IsSilent};
    use crate::rules::dns::tests::{asked, clean, finds};

    #[test]
    fn finds_a_server_that_may_not_be_asked() {
        let servers = [("93.184.216.1", Has(1, "")), ("10.0.0.1", IsPrivate)];
        let want = ["the name server ns2.other of example.test has no address on the Internet"];
        finds(&RULE, &asked("", &servers), &want);
    }

    #[test]
    fn clean_where_they_were_asked() {
        clean(&RULE, &asked("", &[("93.184.216.1", Has(1, "")), ("93.184.216.2", IsSilent)]));
    }
}

//! A name server of the zone does not answer.

use crate::evaluate::authority;
use crate::evidence::{Authority, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dns-server-silent",
    severity: Severity::Warning,
    references: &["RFC 2182 section 3.1", "RFC 1912 section 2.8"],
    check,
    text: Text {
        en: Prose {
            title: "the name server {host} of {zone} does not answer",
            here: "no answer from {address}",
            why: "Resolvers that choose {host} at {address} wait in vain and then try another server. Lookups are slow, and a receiver whose time runs out defers the mail.",
            fix: "Check again; if it stays silent, see whether the server runs and lets DNS (port 53, UDP and TCP) through its firewall. If it is gone, delete its NS record in the zone and its name at the registrar.",
        },
        es: Prose {
            title: "el servidor de nombres {host} de {zone} no responde",
            here: "sin respuesta de {address}",
            why: "Los servidores DNS resolutores que eligen {host} en {address} esperan en vano y después prueban con otro. Las consultas son lentas, y el receptor al que se le agota el tiempo aplaza el correo.",
            fix: "Vuelva a comprobarlo; si sigue sin responder, mire si el servidor está en marcha y si su cortafuegos deja pasar el DNS (puerto 53, UDP y TCP). Si ya no existe, elimine su registro NS en la zona y su nombre en el registrador.",
        },
        ja: Prose {
            title: "{zone} のネームサーバー {host} が応答しません",
            here: "{address} から応答がありません",
            why: "{host} ({address}) を選んだリゾルバーは応答を待ち続け、そのあと別のサーバーを試すことになります。ルックアップが遅くなり、タイムアウトした受信側ではメールが一時拒否されます。",
            fix: "もう一度確認してください。それでも応答がなければ、サーバーが稼働しているか、ファイアウォールがDNS(53番ポート、UDPとTCP)を許可しているかを確認してください。廃止したサーバーであれば、ゾーンのNSレコードとレジストラのネームサーバー設定から削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, .. }) = &evidence.authority else { return };
    let servers = authority::servers(evidence);
    for server in servers.iter().filter(|server| server.is_silent()) {
        // We may have no IPv6, or nobody may let us ask: another server that answered proves the contrary.
        let ip = server.replies.ip;
        if servers.iter().any(|other| other.knows_zone() && other.replies.ip.is_ipv4() == ip.is_ipv4()) {
            let finding = RULE.at([server.record.data_span()]).with("host", server.host).with("zone", zone);
            findings.push(finding.with("address", ip));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dns::tests::Server::{Has, IsSilent, Refuses};
    use crate::rules::dns::tests::{asked, clean, finds};

    #[test]
    fn finds_a_server_that_does_not_answer() {
        let servers = [("93.184.216.1", Has(1, "")), ("93.184.216.2", IsSilent)];
        let want = ["the name server ns2.other of example.test does not answer"];
        finds(&RULE, &asked("", &servers), &want);
    }

    #[test]
    fn clean_where_we_may_have_no_ipv6_or_no_way_out() {
        let no_ipv6 = [("93.184.216.1", Has(1, "")), ("2606:2800:220::1", IsSilent)];
        clean(&RULE, &asked("", &no_ipv6));
        clean(&RULE, &asked("", &[("93.184.216.1", IsSilent), ("93.184.216.2", IsSilent)]));
        clean(&RULE, &asked("", &[("93.184.216.1", Has(1, "")), ("93.184.216.2", Refuses)]));
    }
}

//! A name server of the zone answers, but not for this zone.

use crate::evaluate::authority::{self, Server};
use crate::evidence::{Authority, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dns-server-lame",
    severity: Severity::Warning,
    references: &["RFC 1912 section 2.8", "RFC 1035 section 4.1.1"],
    check,
    text: Text {
        en: Prose {
            title: "the name server {host} does not know the zone {zone}",
            here: "named for the zone, but does not have it",
            why: "{host} ({address}) is named as a server of {zone}, but answers {answer} when asked for it. Resolvers that choose it have to try another one; lookups are slow, and some fail, so that receivers defer mail.",
            fix: "Set the zone up at {host}; or, if it is no longer to serve {zone}, delete its NS record in the zone and its name at the registrar.",
        },
        es: Prose {
            title: "el servidor de nombres {host} no conoce la zona {zone}",
            here: "figura como servidor de la zona, pero no la tiene",
            why: "{host} ({address}) figura como servidor de {zone}, pero responde {answer} cuando se le consulta por ella. Los servidores DNS resolutores que lo eligen deben probar con otro; las consultas son lentas y algunas fallan, y los receptores aplazan el correo.",
            fix: "Configure la zona en {host}; si ya no debe servir {zone}, elimine su registro NS en la zona y su nombre en el registrador.",
        },
        ja: Prose {
            title: "ネームサーバー {host} はゾーン {zone} を持っていません",
            here: "指定されていますが、ゾーンがありません",
            why: "{host} ({address}) は {zone} のネームサーバーとして指定されていますが、問い合わせると {answer} と応答します。このサーバーを選んだリゾルバーは別のサーバーを試すことになります。ルックアップが遅くなったり失敗したりして、受信側でメールが一時拒否される原因になります。",
            fix: "{host} に {zone} のゾーンを設定してください。もう使わないサーバーであれば、ゾーンのNSレコードとレジストラのネームサーバー設定から削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, .. }) = &evidence.authority else { return };
    let servers = authority::servers(evidence);
    // If no server knows the zone, somebody between us and them answers in their place.
    if !servers.iter().any(Server::knows_zone) {
        return;
    }
    for server in servers.iter().filter(|server| server.is_lame()) {
        let finding = RULE.at([server.record.data_span()]).with("host", server.host).with("zone", zone);
        let answer = server.replies.soa.outcome.comment();
        findings.push(finding.with("address", server.replies.ip).with("answer", answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dns::tests::Server::{Has, IsSilent, Refuses};
    use crate::rules::dns::tests::{asked, clean, finds, found};

    #[test]
    fn finds_a_server_that_refuses() {
        let servers = [("93.184.216.1", Has(1, "")), ("93.184.216.2", Refuses)];
        let evidence = asked("", &servers);
        finds(&RULE, &evidence, &["the name server ns2.other does not know the zone example.test"]);
        assert_eq!(found(&RULE, &evidence)[0].spans[0].text(), "ns2.other.");
    }

    #[test]
    fn clean_where_it_answers_or_is_silent_or_nobody_lets_us_ask() {
        clean(&RULE, &asked("", &[("93.184.216.1", Has(1, "")), ("93.184.216.2", IsSilent)]));
        clean(&RULE, &asked("", &[("93.184.216.1", Refuses), ("93.184.216.2", Refuses)]));
    }
}

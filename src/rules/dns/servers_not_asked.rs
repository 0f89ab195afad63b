//! No name server of the zone could be asked.

use crate::dns::Failure;
use crate::evaluate::authority::{self, Server};
use crate::evidence::{Authority, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dns-servers-not-asked",
    severity: Severity::Advice,
    references: &["RFC 8499 section 6"],
    check,
    text: Text {
        en: Prose {
            title: "no name server of {zone} could be asked",
            here: "none of these answered for the zone",
            why: "So it is not known whether they agree. Many networks let questions through to their own DNS servers only, or answer them in the place of others.",
            fix: "Check from another network, such as a server outside of your office, and without a VPN.",
        },
        es: Prose {
            title: "no se pudo consultar ningún servidor de nombres de {zone}",
            here: "ninguno respondió sobre la zona",
            why: "Por eso no se sabe si coinciden. Muchas redes solo permiten consultar sus propios servidores DNS, o responden en lugar de los demás.",
            fix: "Compruébelo desde otra red, por ejemplo desde un servidor fuera de su oficina, y sin VPN.",
        },
        ja: Prose {
            title: "{zone} のネームサーバーに直接問い合わせることができませんでした",
            here: "ゾーンについての応答がありません",
            why: "そのため、ネームサーバーの間で内容が一致しているかどうかは分かりません。組織内のDNSサーバーへの問い合わせしか許可しないネットワークや、ほかのサーバーの代わりに応答するネットワークは多くあります。",
            fix: "組織外のサーバーなど、別のネットワークから、VPNを使わずに確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, ns, .. }) = &evidence.authority else { return };
    let servers = authority::servers(evidence);
    // Of servers that must not be asked another rule tells.
    let forbidden = |server: &Server| server.replies.soa.failure() == Some(Failure::NotAsked);
    if servers.iter().any(Server::knows_zone) || (!servers.is_empty() && servers.iter().all(forbidden)) {
        return;
    }
    findings.push(RULE.at(ns.spans()).with("zone", zone));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dns::tests::Server::{Has, IsPrivate, IsSilent, Refuses};
    use crate::rules::dns::tests::{asked, clean, finds};

    #[test]
    fn finds_that_nobody_answered() {
        let want = ["no name server of example.test could be asked"];
        finds(&RULE, &asked("", &[("93.184.216.1", Refuses), ("93.184.216.2", IsSilent)]), &want);
        finds(&RULE, &asked("", &[]), &want);
    }

    #[test]
    fn clean_where_one_answered_or_must_not_be_asked() {
        clean(&RULE, &asked("", &[("93.184.216.1", Has(1, "")), ("93.184.216.2", IsSilent)]));
        clean(&RULE, &asked("", &[("10.0.0.1", IsPrivate)]));
        clean(&RULE, &crate::testing::live_evidence("$TTL 60\n@ MX 0 mail", &[]));
    }
}

//! An address with bits behind its prefix: `192.0.2.5/24`.

use crate::evaluate::ranges;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Term, TermKind};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-host-bits",
    severity: Severity::Advice,
    references: &["RFC 7208 section 5.6", "RFC 4632 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} allows all of {net}, not this address alone",
            here: "read as {net}",
            why: "Only as many bits as the prefix length says are compared, so that the whole network {net} may send, whichever of its addresses is written.",
            fix: "Write `{network}` if the whole network is meant, or `{host}` if only that server is.",
        },
        es: Prose {
            title: "`{term}` autoriza toda la red {net} y no solo esta dirección, en el registro SPF de {owner}",
            here: "se lee como {net}",
            why: "Solo se comparan tantos bits como indica la longitud del prefijo, de modo que puede enviar toda la red {net}, sea cual sea la dirección escrita.",
            fix: "Escriba `{network}` si se refiere a toda la red, o `{host}` si solo se refiere a ese servidor.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は、このアドレスだけでなく {net} 全体を許可します",
            here: "{net} として扱われます",
            why: "比較されるのはプレフィックス長のビット数だけなので、どのアドレスが書かれていても {net} のネットワーク全体が送信できます。",
            fix: "ネットワーク全体を許可するなら `{network}`、そのサーバーだけを許可するなら `{host}` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        for (_, term) in spf.effective() {
            let Some(host) = host_in_network(term) else { continue };
            let Some(net) = ranges::network(&term.kind) else { continue };
            let before = spf.part(&(term.range.start..term.name.end));
            let finding = RULE.at(spf.txt.spans(term.range.clone())).with("owner", &node.name);
            let finding = finding.with("term", spf.text(term)).with("net", net);
            findings.push(finding.with("network", format!("{before}:{net}")).with("host", format!("{before}:{host}")));
        }
    }
}

/// The address of `ip4` or `ip6`, where it is not that of the network itself.
fn host_in_network(term: &Term) -> Option<String> {
    let net = ranges::network(&term.kind)?;
    match term.kind {
        TermKind::Ip4(address, _) => Some(address.to_string()).filter(|_| net.addr() != address),
        TermKind::Ip6(address, _) => Some(address.to_string()).filter(|_| net.addr() != address),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn bits_behind_the_prefix() {
        let zone = r#"
            example.test. TXT "v=spf1 ip4:192.0.2.5/24 ~IP6:2001:db8::1/64 -all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let found = findings(&RULE, zone);
        let values = |at: usize| found[at].values[2..].iter().map(|(_, value)| value.get(Lang::En)).collect::<Vec<_>>();
        assert_eq!(values(0), ["192.0.2.0/24", "ip4:192.0.2.0/24", "ip4:192.0.2.5"]);
        assert_eq!(values(1), ["2001:db8::/64", "~IP6:2001:db8::/64", "~IP6:2001:db8::1"]);
    }

    #[test]
    fn networks_and_hosts() {
        clean(
            &RULE,
            r#"example.test. TXT "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.5 ip4:192.0.2.5/32 ip6:2001:db8::/32 a/24 -all""#,
        );
    }
}

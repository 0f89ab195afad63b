//! A range that lets very many addresses send.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::evaluate::ranges;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::providers;
use crate::records::spf::{Qualifier, Term, TermKind};
use crate::rules::Rule;
use crate::rules::spf::{fault, range_private};

pub static RULE: Rule = Rule {
    id: "spf-range-wide",
    severity: Severity::Warning,
    references: &["RFC 7208 section 5.6"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} lets {size} addresses send",
            here: "very many addresses",
            why: "So large a range seldom belongs to one sender alone. Whoever has one of its addresses can send mail in the name of {owner} that passes SPF, and with it DMARC.",
            fix: "Name only the addresses of the servers that send, such as `{example}`.",
        },
        es: Prose {
            title: "`{term}` permite enviar a {size} direcciones, en el registro SPF de {owner}",
            here: "demasiadas direcciones",
            why: "Un rango tan grande rara vez es de un solo remitente. Quien tenga una de sus direcciones puede enviar en nombre de {owner} correo que supera SPF y, con ello, DMARC.",
            fix: "Nombre solo las direcciones de los servidores que envían, por ejemplo `{example}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は {size} 個のアドレスに送信を許可しています",
            here: "範囲が広すぎます",
            why: "これほど広い範囲を1つの送信元だけで使うことはまれです。その中のアドレスを持つ者は誰でも {owner} の名前でメールを送信でき、SPFにもDMARCにも合格します。",
            fix: "`{example}` のように、実際に送信するサーバーのアドレスだけを書いてください。",
        },
    },
};

/// Shorter prefixes are wide: more than one customer of an Internet provider gets from it.
const WIDE: [u8; 2] = [16, 32];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        for (_, term) in spf.effective().filter(|(_, term)| term.result() == Qualifier::Pass) {
            let Some(net) = wide(term) else { continue };
            let finding = RULE.at(spf.txt.spans(term.range.clone())).with("owner", &node.name);
            let example = if matches!(net, IpNet::V4(_)) { "ip4:203.0.113.25" } else { "ip6:2001:db8::25" };
            findings.push(finding.with("term", spf.text(term)).with("size", size(&net)).with("example", example));
        }
    }
}

/// How many addresses a network has. Those of IPv6 have no names.
fn size(net: &IpNet) -> String {
    let bits = net.max_prefix_len() - net.prefix_len();
    if bits > 32 { format!("2^{bits}") } else { (1_u64 << bits).to_string() }
}

/// The wide network of a term, unless it is of no use at all or that of a provider whom an include would allow as well.
fn wide(term: &Term) -> Option<IpNet> {
    let written = ranges::network(&term.kind).filter(|net| range_private::special(net).is_none() && !is_known(net));
    let net = written.or_else(|| around_hosts(&term.kind))?;
    let limit = if matches!(net, IpNet::V4(_)) { WIDE[0] } else { WIDE[1] };
    Some(net).filter(|net| net.prefix_len() < limit)
}

/// `a/8`: so many addresses around each host, which ones does not matter here.
fn around_hosts(term: &TermKind) -> Option<IpNet> {
    let (TermKind::A(_, prefixes) | TermKind::Mx(_, prefixes)) = term else { return None };
    if prefixes.ip4 < WIDE[0] {
        return Ipv4Net::new(Ipv4Addr::UNSPECIFIED, prefixes.ip4).ok().map(IpNet::from);
    }
    Ipv6Net::new(Ipv6Addr::UNSPECIFIED, prefixes.ip6).ok().map(IpNet::from)
}

/// Is it a range of a provider, or one that is at most twice as large? Providers write theirs in several ways.
fn is_known(net: &IpNet) -> bool {
    let mut known = providers::all().iter().flat_map(|provider| provider.addresses());
    known.any(|known| known.contains(net) || (net.contains(known) && known.prefix_len() - net.prefix_len() <= 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn wide() {
        let zone = r#"
            example.test. TXT "v=spf1 ip4:93.0.0.0/8 a/12 mx//16 ip6:2001::/16 ip4:0.0.0.0/0 -all"
                                      ^^^^^^^^^^^^^^ ^^^^ ^^^^^^ ^^^^^^^^^^^^^ ^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let sizes = findings(&RULE, zone);
        let sizes: Vec<&str> = sizes.iter().map(|finding| finding.values[2].1.get(Lang::En)).collect();
        assert_eq!(sizes, ["16777216", "1048576", "2^112", "2^112", "4294967296"]);
    }

    #[test]
    fn of_one_sender() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:93.184.0.0/16 ip6:2001:db8::/32 a/24 mx -ip4:93.0.0.0/8 include:x.other -all"
            x.other.      TXT "v=spf1 ip4:93.0.0.0/8 -all"
            "#,
        );
        clean(&RULE, r#"example.test. TXT "v=spf1 ip4:40.92.0.0/15 ip4:52.100.0.0/14 ip4:10.0.0.0/8 -all""#);
    }
}

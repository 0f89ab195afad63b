//! A range from which nobody sends on the Internet: private, loopback, link-local, multicast or reserved addresses.

use ipnet::IpNet;

use crate::evaluate::ranges;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-range-private",
    severity: Severity::Warning,
    references: &["RFC 6890 section 2.2.2", "RFC 6890 section 2.2.3", "RFC 7208 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} names {kind}",
            here: "not an address on the Internet",
            why: "Receivers see the public address from which a mail comes, and that is never one of these. The term allows no server; if it was meant for yours, mail from there fails SPF.",
            fix: "Write the public address of the server in place of `{term}`, or delete the term.",
        },
        es: Prose {
            title: "`{term}` nombra {kind}, en el registro SPF de {owner}",
            here: "no es una dirección de Internet",
            why: "Los receptores ven la dirección pública desde la que llega un mensaje, y nunca es una de estas. El término no autoriza ningún servidor; si estaba pensado para el suyo, el correo que sale de ahí no supera SPF.",
            fix: "Escriba la dirección pública del servidor en lugar de `{term}` o elimine el término.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は{kind}です",
            here: "インターネット上のアドレスではありません",
            why: "受信側から見えるのは送信元のグローバルアドレスで、このアドレスになることはありません。この項目はどのサーバーも許可しません。自社のサーバーのつもりであれば、そこからのメールはSPFに失敗します。",
            fix: "`{term}` をサーバーのグローバルアドレスに書き換えるか、項目を削除してください。",
        },
    },
};

const PRIVATE: Words =
    Words { en: "private addresses", es: "direcciones privadas", ja: "プライベートアドレス" };
const LOOPBACK: Words =
    Words {
        en: "the loopback of a host", es: "el bucle local (loopback) de un host", ja: "ループバックアドレス"
    };
const LINK_LOCAL: Words =
    Words { en: "link-local addresses", es: "direcciones de enlace local", ja: "リンクローカルアドレス" };
const MULTICAST: Words =
    Words { en: "multicast addresses", es: "direcciones de multidifusión", ja: "マルチキャストアドレス" };
const RESERVED: Words =
    Words { en: "reserved addresses", es: "direcciones reservadas", ja: "予約済みアドレス" };
const MAPPED: Words =
    Words {
        en: "IPv4 addresses as IPv6", es: "direcciones IPv4 como IPv6", ja: "IPv6形式で書かれたIPv4アドレス"
    };

/// The special-purpose address registries of RFC 6890 where they say "not globally reachable", and multicast. Ranges for
/// documentation (RFC 5737, RFC 3849) are left out: they stand in examples, which are right in all else.
const RANGES: [(&str, Words); 20] = [
    ("0.0.0.0/8", RESERVED),
    ("10.0.0.0/8", PRIVATE),
    ("100.64.0.0/10", PRIVATE),
    ("127.0.0.0/8", LOOPBACK),
    ("169.254.0.0/16", LINK_LOCAL),
    ("172.16.0.0/12", PRIVATE),
    ("192.0.0.0/29", RESERVED),
    ("192.168.0.0/16", PRIVATE),
    ("198.18.0.0/15", RESERVED),
    ("224.0.0.0/4", MULTICAST),
    ("240.0.0.0/4", RESERVED),
    ("::/128", RESERVED),
    ("::1/128", LOOPBACK),
    // For SPF an IPv4-mapped address is an IPv4 address (RFC 7208 section 5), so that `ip6` never matches it.
    ("::ffff:0:0/96", MAPPED),
    ("100::/64", RESERVED),
    ("2001:2::/48", RESERVED),
    ("fc00::/7", PRIVATE),
    ("fe80::/10", LINK_LOCAL),
    ("fec0::/10", PRIVATE),
    ("ff00::/8", MULTICAST),
];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        for (_, term) in spf.effective() {
            let Some(kind) = ranges::network(&term.kind).and_then(|net| special(&net)) else { continue };
            let finding = RULE.at(spf.txt.spans(term.range.clone())).with("owner", &node.name);
            findings.push(finding.with("term", spf.text(term)).with_words("kind", kind));
        }
    }
}

/// What kind of addresses a range holds, if all of them are of no use on the Internet.
pub(super) fn special(net: &IpNet) -> Option<Words> {
    let holds = |range: &str| range.parse::<IpNet>().is_ok_and(|range| range.contains(net));
    RANGES.iter().find(|(range, _)| holds(range)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn of_no_use() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:192.168.1.10 ip4:10.0.0.0/8 mx ip4:127.0.0.1 ip6:fe80::1 ip6:::ffff:192.0.2.1 -all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^    ^^^^^^^^^^^^^ ^^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            example.test.      TXT "v=spf1 include:_spf.example.test -all"
            _spf.example.test. TXT "v=spf1 ip4:172.31.0.5 -all"
                                           ^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn every_range_is_one() {
        for (range, _) in RANGES {
            let net: IpNet = range.parse().expect("a range");
            assert_eq!(net, net.trunc(), "{range}");
        }
    }

    #[test]
    fn of_use_or_of_others() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:172.32.0.1 ip4:192.0.2.1 ip4:0.0.0.0/0 ip6:2001:db8::1 include:x.other -all"
            x.other.      TXT "v=spf1 ip4:10.0.0.1 -all"
            "#,
        );
    }
}

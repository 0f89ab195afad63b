//! An address that sends, and whose name in reverse DNS is one of a line with changing addresses.

use std::net::{IpAddr, Ipv4Addr};

use crate::evidence::{Evidence, SendingAddress};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::host;

pub static RULE: Rule = Rule {
    id: "host-ptr-generic",
    severity: Severity::Warning,
    references: &[
        "Outlook.com Postmaster: Troubleshooting",
        "Yahoo: Sender Requirements & Recommendations",
        "RFC 1912 section 2.1",
    ],
    check,
    text: Text {
        en: Prose {
            title: "the reverse DNS name of {ip}, which may send mail for {domain}, looks like that of a dynamic address: {names}",
            here: "`{word}` and the address itself",
            why: "Internet providers give such names to home lines whose addresses change. Many receivers refuse mail from them or count it as spam, whatever SPF, DKIM and DMARC say.",
            fix: "If {ip} is the fixed address of a server, have the Internet or hosting provider that owns it set its reverse DNS name (PTR) to {host}, a name that has {ip} as its address. From a line whose address changes send through the mail server of a provider (smarthost).",
        },
        es: Prose {
            title: "el nombre en el DNS inverso de {ip}, que puede enviar correo de {domain}, parece el de una dirección dinámica: {names}",
            here: "`{word}` y la propia dirección",
            why: "Los proveedores de Internet dan esos nombres a las líneas domésticas, cuyas direcciones cambian. Muchos receptores rechazan el correo que llega de ellas o lo consideran spam, digan lo que digan SPF, DKIM y DMARC.",
            fix: "Si {ip} es la dirección fija de un servidor, pida al proveedor de Internet o de alojamiento al que pertenece que configure {host} como su nombre en el DNS inverso (PTR); ese nombre debe tener {ip} como dirección. Desde una línea cuya dirección cambia, envíe a través del servidor de correo de un proveedor (smarthost).",
        },
        ja: Prose {
            title: "{domain} のメールを送信できる {ip} の逆引き名が、動的IPアドレスの名前に見えます: {names}",
            here: "`{word}` とアドレス自体を含む名前",
            why: "インターネットプロバイダーは、アドレスが変わる家庭用回線にこのような名前を付けます。SPF、DKIM、DMARCの結果にかかわらず、こうした送信元からのメールを拒否したり迷惑メールとして扱ったりする受信側が多くあります。",
            fix: "{ip} がサーバーの固定アドレスであれば、所有するホスティング事業者またはインターネットプロバイダーに、逆引き名(PTR)として {host} を設定するよう依頼してください(その名前の正引きが {ip} になっていること)。アドレスが変わる回線からは、プロバイダーのメールサーバー(スマートホスト)を経由して送信してください。",
        },
    },
};

/// Words for lines whose addresses change. Digits behind them do not matter: `dip0`.
const DYNAMIC: [&str; 18] = [
    "adsl",
    "cable",
    "dhcp",
    "dial",
    "dialin",
    "dialup",
    "dip",
    "dsl",
    "dyn",
    "dynamic",
    "dynamicip",
    "dynip",
    "pool",
    "pools",
    "ppp",
    "pppoe",
    "vdsl",
    "xdsl",
];

/// Words for addresses that stay, and for servers.
const FIXED: [&str; 12] =
    ["biz", "business", "dedicated", "fix", "fixed", "mail", "mx", "server", "smtp", "sta", "static", "statique"];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for address in evidence.sending_addresses.iter().filter(|address| is_generic(address)) {
        let word = address.names().find_map(|name| dynamic_word(name, address.ip)).unwrap_or_default();
        let finding = host::finding(&RULE, evidence, address).with("names", host::names(address));
        findings.push(finding.with("word", word));
    }
}

/// Are all names of the address such names?
pub(super) fn is_generic(address: &SendingAddress) -> bool {
    address.names().next().is_some() && address.names().all(|name| dynamic_word(name, address.ip).is_some())
}

/// The word for a changing address in a name that holds the address, too. What the provider itself is called does not
/// count, and a word for a fixed address settles it.
fn dynamic_word(name: &Name, ip: IpAddr) -> Option<&'static str> {
    // How providers name IPv6 addresses differs too much to be certain.
    let IpAddr::V4(ip) = ip else { return None };
    let labels = name.below(&name.registered_domain())?.to_owned();
    let words: Vec<&str> = labels.split(|c: char| !c.is_ascii_lowercase()).collect();
    if !holds(&labels, ip) || FIXED.iter().any(|word| words.contains(word)) {
        return None;
    }
    DYNAMIC.into_iter().find(|word| words.contains(word))
}

/// Does a text hold an address: as four numbers in this or the other order, with zeros before them and no separators,
/// or in hexadecimal digits?
fn holds(text: &str, ip: Ipv4Addr) -> bool {
    let octets = ip.octets();
    let mut reversed = octets;
    reversed.reverse();
    let numbers: Vec<Option<u8>> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|it| it.parse().ok())
        .collect();
    let [a, b, c, d] = octets;
    numbers.windows(4).any(|four| four == octets.map(Some) || four == reversed.map(Some))
        || text.contains(&format!("{a:03}{b:03}{c:03}{d:03}"))
        || text.contains(&format!("{a:02x}{b:02x}{c:02x}{d:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_line_with_a_changing_address() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:93.184.216.220 -all"
                                      ^^^^^^^^^^^^^^^^^^
            220.216.184.93.in-addr.arpa. PTR 93-184-216-220.dynamic.isp.example.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_name_that_stays_is_enough() {
        clean(
            &RULE,
            r#"
            @ TXT "v=spf1 ip4:93.184.216.220 -all"
            220.216.184.93.in-addr.arpa. PTR 93-184-216-220.dynamic.isp.example.
            220.216.184.93.in-addr.arpa. PTR mail.example.test.
            "#,
        );
    }

    #[test]
    fn names_of_lines_and_names_of_servers() {
        let word = |name: &str| dynamic_word(&Name::parse(name).expect("a name"), [93, 184, 216, 220].into());
        for (name, found) in [
            ("93-184-216-220.dyn.isp.example", "dyn"),
            ("220.216.184.93.dsl3.isp.example", "dsl"),
            ("p5db8d8dc.dip0.t-ipconnect.de", "dip"),
            ("host093184216220.pool.isp.co.uk", "pool"),
            ("ppp-93-184-216-220.isp.example", "ppp"),
        ] {
            assert_eq!(word(name), Some(found), "{name}");
        }
        for name in [
            "static.220.216.184.93.clients.your-server.de",
            "93-184-216-220.static.dsl.isp.example",
            "93-184-216-220.isp.example",
            "93-184-216-221.dynamic.isp.example",
            "mail.dynamic.isp.example",
            "93-184-216-220.dynamic.com",
            "ec2-93-184-216-220.compute-1.amazonaws.com",
            "mail.example.test",
        ] {
            assert_eq!(word(name), None, "{name}");
        }
    }
}

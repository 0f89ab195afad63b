//! TLSA records for another port of a mail exchange, and none for mail.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dane::{MAIL, below, port};

pub static RULE: Rule = Rule {
    id: "dane-other-port",
    severity: Severity::Advice,
    references: &["RFC 7672 section 2.2.3", "RFC 6698 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} has TLSA records for port {port}, and none for mail",
            here: "not looked up for mail",
            why: "Mail arrives at port 25. These records are for another service of {host}; nothing is wrong with that. But if they are meant to protect mail, they do not.",
            fix: "If they are meant for mail, publish the TLSA records at `_25._tcp.{host}`.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} tiene registros TLSA para el puerto {port} y ninguno para el correo",
            here: "no se consulta para el correo",
            why: "El correo llega al puerto 25. Estos registros son para otro servicio de {host}, y eso no es un error. Pero si estaban pensados para proteger el correo, no lo protegen.",
            fix: "Si son para el correo, publique los registros TLSA en `_25._tcp.{host}`.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} には、ポート {port} のTLSAレコードがありますが、メール用のものがありません",
            here: "メールの送信側はここを参照しません",
            why: "メールは25番ポートで受信します。このレコードは {host} の別のサービスのためのもので、それ自体に問題はありません。ただし、メールの保護が目的であれば、効果はありません。",
            fix: "メール用であれば、TLSAレコードを `_25._tcp.{host}` に公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.dane.hosts;
    if !hosts.iter().all(|host| host.tlsa.is_absent()) {
        return;
    }
    for host in hosts {
        let others = below(evidence, &host.host).filter_map(|(record, labels)| Some((record, port(labels)?.0)));
        let others = others.filter(|(_, port)| *port != MAIL.0);
        let others: Vec<_> = others.collect();
        if let Some((_, port)) = others.first() {
            let finding = RULE.at(others.iter().map(|(record, _)| record.owner_span())).with("host", &host.host);
            findings.push(finding.with("domain", &evidence.domain).with("port", port));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn the_port_of_the_web() {
        finds(
            &RULE,
            &format!(
                "
                @ MX 10 mx
                mx A 192.0.2.1
                _443._tcp.mx TLSA 3 1 1 {HASH}
                ^^^^^^^^^^^^
                "
            ),
        );
    }

    #[test]
    fn beside_the_port_of_mail() {
        clean(&RULE, &format!("@ MX 10 mx\n_443._tcp.mx TLSA 3 1 1 {HASH}\n_25._tcp.mx TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\n_443._tcp.www TLSA 3 1 1 {HASH}"));
    }
}

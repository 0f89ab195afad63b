//! A host that speaks only versions of TLS that are not used any more.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-old-tls",
    severity: Severity::Warning,
    references: &["RFC 8996 section 4", "RFC 8996 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} supports neither TLS 1.2 nor TLS 1.3",
            here: "too old",
            why: "Senders that no longer use TLS 1.0 and 1.1 deliver in clear text, or not at all: Gmail, Outlook.com and Exchange Online do not deliver where MTA-STS or DANE demands TLS.",
            fix: "Turn TLS 1.2 and TLS 1.3 on at {host}. If the mail program cannot do it, update it and its TLS library.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} no admite TLS 1.2 ni TLS 1.3",
            here: "demasiado antiguo",
            why: "Los servidores remitentes que ya no usan TLS 1.0 y 1.1 entregan el correo sin cifrar o no lo entregan: Gmail, Outlook.com y Exchange Online no lo entregan cuando MTA-STS o DANE exige TLS.",
            fix: "Active TLS 1.2 y TLS 1.3 en {host}. Si el programa de correo no los admite, actualícelo junto con su biblioteca TLS.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} がTLS 1.2にもTLS 1.3にも対応していません",
            here: "古すぎます",
            why: "TLS 1.0と1.1を廃止した送信側は、暗号化せずに配送するか、配送しません。MTA-STSやDANEがTLSを必須としている場合、Gmail、Outlook.com、Exchange Onlineは配送しません。",
            fix: "{host} でTLS 1.2とTLS 1.3を有効にしてください。対応していなければ、プログラムとTLSライブラリを更新してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, _) in hosts(evidence).filter(|(_, probe)| probe.failure() == Some(&Failure::OldTls)) {
        findings.push(at(&RULE, evidence, &host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds};

    #[test]
    fn too_old() {
        finds(&RULE, Err(Failure::OldTls), None);
    }

    #[test]
    fn another_reason() {
        clean(&RULE, Err(Failure::Handshake("no cipher in common".to_owned())), None);
    }
}

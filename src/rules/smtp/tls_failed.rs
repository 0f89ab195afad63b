//! A handshake that fails.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-tls-failed",
    severity: Severity::Advice,
    references: &["RFC 3207 section 4"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} offers STARTTLS, but the connection with TLS failed from here",
            here: "{error}",
            why: "mailvet uses TLS 1.2 and 1.3 with modern ciphers only, so a sender that allows more may still succeed. The others deliver in clear text, or not at all where MTA-STS or DANE demands TLS.",
            fix: "Look at the TLS settings and the log of {host}: versions, ciphers, certificate and key. Check from another network, too.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} ofrece STARTTLS, pero la conexión TLS falló desde aquí",
            here: "{error}",
            why: "mailvet solo usa TLS 1.2 y 1.3 con cifrados modernos, así que un servidor remitente que admita más quizá lo consiga. Los demás entregan el correo sin cifrar, o no lo entregan cuando MTA-STS o DANE exige TLS.",
            fix: "Revise la configuración de TLS y el registro (log) de {host}: versiones, cifrados, certificado y clave. Compruébelo también desde otra red.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} はSTARTTLSに対応していますが、ここからのTLS接続に失敗しました",
            here: "{error}",
            why: "mailvetは、TLS 1.2と1.3の新しい暗号方式だけを使います。ほかの方式も認める送信側なら、接続できるかもしれません。接続できない送信側は暗号化せずに配送し、MTA-STSやDANEがTLSを必須としている場合は配送しません。",
            fix: "{host} のTLSの設定とログ(バージョン、暗号方式、証明書、秘密鍵)を確認してください。別のネットワークからも確認してください。",
        },
    },
};

const CLEAR_TEXT: Words = Words {
    en: "clear text where TLS should begin",
    es: "texto sin cifrar donde debería empezar TLS",
    ja: "TLSが始まるはずのところに平文が届きました",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in hosts(evidence) {
        match probe.failure() {
            Some(Failure::Handshake(error)) => findings.push(at(&RULE, evidence, &host).with("error", error)),
            Some(Failure::Injected) => findings.push(at(&RULE, evidence, &host).with_words("error", CLEAR_TEXT)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds};

    #[test]
    fn the_reason_is_told() {
        finds(&RULE, Err(Failure::Handshake("received fatal alert: HandshakeFailure".to_owned())), None);
        finds(&RULE, Err(Failure::Injected), None);
    }

    #[test]
    fn certain_reasons() {
        clean(&RULE, Err(Failure::OldTls), None);
    }
}

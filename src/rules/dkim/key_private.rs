//! A private key stands in DNS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at, readable_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-private",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1", "RFC 6376 section 8.1"],
    check,
    text: Text {
        en: Prose {
            title: "the private DKIM key is published at {name}",
            here: "a private key",
            why: "Anyone who reads DNS can now sign mail as the domain. And receivers find no public key here, so the signatures fail.",
            fix: "Create a new key pair under a new selector, publish its public key, and delete this record. The key in it is no longer secret.",
        },
        es: Prose {
            title: "la clave privada de DKIM está publicada en {name}",
            here: "una clave privada",
            why: "Cualquiera que consulte el DNS puede ahora firmar correo en nombre del dominio. Además, los receptores no encuentran aquí una clave pública, así que las firmas fallan.",
            fix: "Genere un nuevo par de claves con otro selector, publique su clave pública y elimine este registro. La clave que contiene ya no es secreta.",
        },
        ja: Prose {
            title: "{name} にDKIMの秘密鍵が公開されています",
            here: "秘密鍵です",
            why: "DNSを見た人は誰でも、このドメインとしてメールに署名できてしまいます。また、受信側から見るとここに公開鍵がないため、署名の検証は失敗します。",
            fix: "新しいセレクターで鍵ペアを作り直して公開鍵を公開し、このレコードは削除してください。この秘密鍵はもう秘密ではありません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let private = readable_keys(evidence).into_iter().filter(|(_, key)| key.key == PublicKey::Private);
    findings.extend(private.map(|(selector, key)| at(&RULE, selector, key, key.key_range())));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_private_key() {
        let carets = "^".repeat(PRIVATE_512.len());
        let head = " ".repeat("s._domainkey TXT \"v=DKIM1; p=".len());
        finds(&RULE, &format!("s._domainkey TXT \"v=DKIM1; p={PRIVATE_512}\"\n{head}{carets}"));
    }

    #[test]
    fn a_public_key() {
        clean(&RULE, &format!("s._domainkey TXT \"v=DKIM1; p={RSA_1024}\""));
    }
}

//! An RSA key of less than 1024 bits.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-short",
    severity: Severity::Error,
    references: &["RFC 8301 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} has only {bits} bits",
            here: "{bits} bits",
            why: "Receivers must not accept signatures with RSA keys of less than 1024 bits: anyone can work out the private key. Signatures with this selector fail.",
            fix: "Create a new key of 2048 bits, publish it under a new selector, and sign with it. Then delete this one.",
        },
        es: Prose {
            title: "la clave DKIM de {name} tiene solo {bits} bits",
            here: "{bits} bits",
            why: "Los receptores no deben aceptar firmas con claves RSA de menos de 1024 bits: cualquiera puede averiguar la clave privada. Las firmas con este selector fallan.",
            fix: "Genere una clave nueva de 2048 bits, publíquela con otro selector y firme con ella. Elimine después esta.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵は {bits} ビットしかありません",
            here: "{bits} ビットです",
            why: "1024ビット未満のRSA鍵は秘密鍵を割り出せるため、受信側はその署名を有効と認めません。このセレクターの署名は検証に失敗します。",
            fix: "2048ビットの鍵を新しく作り、新しいセレクターで公開して署名に使ってください。その後、この鍵を削除します。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        // RFC 8301 section 3.2: "Verifiers MUST NOT consider signatures using RSA keys of less than 1024 bits as valid".
        if let PublicKey::Rsa { bits: bits @ ..1024, .. } = key.key {
            findings.push(at(&RULE, selector, key, key.key_range()).with("bits", bits));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn short_keys() {
        for key in [RSA_512, RSA_768] {
            let blank = " ".repeat("s._domainkey TXT \"p=".len());
            finds(&RULE, &format!("s._domainkey TXT \"p={key}\"\n{blank}{}", "^".repeat(key.len())));
        }
    }

    #[test]
    fn long_enough() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\"\nt._domainkey TXT \"k=ed25519; p={ED25519}\""));
    }
}

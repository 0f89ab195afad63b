//! An RSA key that is shorter than advised.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-1024",
    severity: Severity::Advice,
    references: &["RFC 8301 section 3.2", "Google: Email sender guidelines"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} has {bits} bits; 2048 are advised",
            here: "{bits} bits",
            why: "Receivers accept keys of 1024 bits or more; signers should use 2048. The shorter key works, but is easier to break.",
            fix: "Create the next key with 2048 bits. In Microsoft 365: `Rotate-DkimSigningConfig -KeySize 2048`.",
        },
        es: Prose {
            title: "la clave DKIM de {name} tiene {bits} bits; se recomiendan 2048",
            here: "{bits} bits",
            why: "Los receptores aceptan claves a partir de 1024 bits; quienes firman deberían usar 2048. La clave corta funciona, pero es más fácil de romper.",
            fix: "Genere la próxima clave con 2048 bits. En Microsoft 365: `Rotate-DkimSigningConfig -KeySize 2048`.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵は {bits} ビットです(推奨は2048ビット)",
            here: "{bits} ビットです",
            why: "受信側は1024ビット以上の鍵を受け入れますが、署名には2048ビットが推奨されています。短い鍵でも機能しますが、解読されやすくなります。",
            fix: "次に鍵を更新するときは2048ビットで作成してください。Microsoft 365では `Rotate-DkimSigningConfig -KeySize 2048` です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        // RFC 8301 section 3.2: "Signers MUST use RSA keys of at least 1024 bits for all keys. Signers SHOULD use RSA keys
        // of at least 2048 bits."
        if let PublicKey::Rsa { bits: bits @ 1024..2048, .. } = key.key {
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
    fn a_short_key() {
        let blank = " ".repeat("s._domainkey TXT \"p=".len());
        finds(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\"\n{blank}{}", "^".repeat(RSA_1024.len())));
    }

    #[test]
    fn other_keys() {
        let (head, tail) = RSA_2048.split_at(200);
        clean(&RULE, &format!("s._domainkey TXT \"p={head}\" \"{tail}\"\nt._domainkey TXT \"k=ed25519; p={ED25519}\""));
    }
}

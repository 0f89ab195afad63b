//! An RSA key of more than 4096 bits.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-long",
    severity: Severity::Warning,
    references: &["RFC 8301 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} has {bits} bits",
            here: "{bits} bits",
            why: "Receivers must be able to use keys of up to 4096 bits; some do not use larger ones, and there signatures with this selector fail.",
            fix: "Use a key of 2048 bits.",
        },
        es: Prose {
            title: "la clave DKIM de {name} tiene {bits} bits",
            here: "{bits} bits",
            why: "Los receptores deben poder usar claves de hasta 4096 bits; algunos no usan las mayores, y allí las firmas con este selector fallan.",
            fix: "Use una clave de 2048 bits.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵は {bits} ビットあります",
            here: "{bits} ビットです",
            why: "受信側が必ず扱えるのは4096ビットまでの鍵です。それより大きな鍵を扱わない受信側では、このセレクターの署名は検証に失敗します。",
            fix: "2048ビットの鍵を使ってください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        // RFC 8301 section 3.2: "Verifiers MUST be able to validate signatures with keys ranging from 1024 bits to 4096
        // bits, and they MAY be able to validate signatures with larger keys."
        if let PublicKey::Rsa { bits: bits @ 4097.., .. } = key.key {
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
    fn a_long_key() {
        // The header of a bare key: 513 octets of modulus behind a zero octet, and the exponent 3.
        let octets =
            [&[0x30, 0x82, 0x02, 0x09, 0x02, 0x82, 0x02, 0x02, 0][..], &[0xff; 513], &[0x02, 0x01, 0x03]].concat();
        let key = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, octets);
        let blank = " ".repeat("s._domainkey TXT (\"p=".len());
        let strings = key.as_bytes().chunks(200).map(crate::zone::write::quote).collect::<Vec<_>>();
        let carets = strings.iter().map(|string| "^".repeat(string.len() - 2)).collect::<Vec<_>>().join("   ");
        finds(&RULE, &format!("s._domainkey TXT (\"p={})\n{blank}{carets}", &strings.join(" ")[1..]));
    }

    #[test]
    fn keys_that_all_can_use() {
        let strings = RSA_4096.as_bytes().chunks(200).map(crate::zone::write::quote).collect::<Vec<_>>().join(" ");
        clean(&RULE, &format!("s._domainkey TXT \"p=\" {strings}"));
    }
}

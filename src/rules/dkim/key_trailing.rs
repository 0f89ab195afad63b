//! Octets stand behind the end of the key.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::records::dkim::public_key;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-trailing",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} continues past its end",
            here: "something after the key",
            why: "The key says how long it is, and more follows. Some receivers read the key anyway, others refuse it, and there signatures with this selector fail.",
            fix: "Copy the key again; something was pasted after it.",
        },
        es: Prose {
            title: "la clave DKIM de {name} continúa después de su final",
            here: "sobra algo tras la clave",
            why: "La clave indica su longitud, y después hay más datos. Algunos receptores la leen de todos modos; otros la rechazan, y allí las firmas con este selector fallan.",
            fix: "Copie la clave de nuevo; se pegó algo detrás.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵の後ろに余分なデータがあります",
            here: "鍵の後ろに余分なデータ",
            why: "鍵に書かれた長さより後ろに、さらにデータがあります。それでも鍵を読む受信側はありますが、拒否する受信側ではこのセレクターの署名は検証に失敗します。",
            fix: "鍵をもう一度コピーしてください。後ろに何かが貼り付けられています。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence).into_iter().filter(|(_, key)| matches!(key.key, PublicKey::Rsa { .. }))
    {
        let octets = public_key::decode(&key.txt.value[key.key_range()]).unwrap_or_default();
        if public_key::surplus(&octets) > 0 {
            findings.push(at(&RULE, selector, key, key.key_range()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn more_behind_the_key() {
        let blank = " ".repeat("s._domainkey TXT \"p=".len());
        finds(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}AAAA\"\n{blank}{}", "^".repeat(RSA_1024.len() + 4)));
    }

    #[test]
    fn nothing_behind_it() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\""));
    }
}

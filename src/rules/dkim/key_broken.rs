//! What stands in `p=` is no key.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-broken",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is not a key",
            here: "not a public key",
            why: "This is base64, but it does not decode to a public key: its beginning was lost in copying, or it is something else. Receivers cannot use it, and signatures with this selector fail.",
            fix: "Copy the whole key again. An RSA key in base64 begins with `MI`.",
        },
        es: Prose {
            title: "la clave DKIM de {name} no es una clave",
            here: "no es una clave pública",
            why: "Es base64, pero no contiene ninguna clave pública: se perdió el principio al copiarla o es otra cosa. Los receptores no pueden usarla, y las firmas con este selector fallan.",
            fix: "Copie la clave de nuevo, entera. Una clave RSA en base64 empieza por `MI`.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵は鍵として読めません",
            here: "公開鍵ではありません",
            why: "base64ではありますが、公開鍵になっていません。コピーの際に先頭が失われたか、別のデータです。受信側は使えず、このセレクターの署名は検証に失敗します。",
            fix: "鍵全体をもう一度コピーしてください。base64のRSA鍵は `MI` で始まります。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        if matches!(key.key, PublicKey::NotAKey { .. }) {
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
    fn the_beginning_is_lost_or_never_was() {
        let key = &RSA_1024[1..];
        let blank = " ".repeat("s._domainkey TXT \"p=".len());
        finds(&RULE, &format!("s._domainkey TXT \"p={key}\"\n{blank}{}", "^".repeat(key.len())));
        finds(&RULE, "s._domainkey TXT \"p=xxxxxxxx\"\n                    ^^^^^^^^");
    }

    #[test]
    fn keys_and_what_others_say() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\""));
        clean(&RULE, "s._domainkey TXT \"v=DKIM2; p=xxxxxxxx\"\nt._domainkey TXT \"k=x; p=xxxxxxxx\"");
        clean(&RULE, "@ MX 0 smtp.google.com.\n* TXT \"v=DMARC1; p=none\"");
    }
}

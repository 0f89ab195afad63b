//! The key holds a character that base64 does not have.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::records::dkim::{DkimKey, key_in};
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::dkim::{at, code_point, judged_keys, publish};

pub static RULE: Rule = Rule {
    id: "dkim-key-not-base64",
    severity: Severity::Error,
    references: &["RFC 6376 section 2.10", "RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is not base64: it contains {character}",
            here: "{character}",
            why: "A key is written in base64: the letters A to Z and a to z, digits, `+` and `/`, and `=` at its end. With anything else in it, receivers read no key or a wrong one, and signatures with this selector fail.",
            fix: "Copy the key again from where it was generated: only what is between `-----BEGIN PUBLIC KEY-----` and `-----END PUBLIC KEY-----`, as one line.",
        },
        es: Prose {
            title: "la clave DKIM de {name} no es base64: contiene {character}",
            here: "{character}",
            why: "Una clave se escribe en base64: las letras de la A a la Z y de la a a la z, cifras, `+` y `/`, y `=` al final. Si contiene otra cosa, los receptores no leen ninguna clave o leen una errónea, y las firmas con este selector fallan.",
            fix: "Copie la clave de nuevo de donde se generó: solo lo que hay entre `-----BEGIN PUBLIC KEY-----` y `-----END PUBLIC KEY-----`, en una sola línea.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵はbase64ではありません: {character} が含まれています",
            here: "{character}",
            why: "鍵はbase64(英字、数字、`+`、`/`、末尾の `=`)で書きます。それ以外の文字があると、受信側は鍵を読めないか誤った鍵として読み、このセレクターの署名は検証に失敗します。",
            fix: "鍵を生成元からもう一度コピーしてください。`-----BEGIN PUBLIC KEY-----` と `-----END PUBLIC KEY-----` の間だけを1行で書きます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let PublicKey::NotBase64(place) = &key.key else { continue };
        let character = key.txt.value[place.clone()].chars().next().map_or_else(String::new, code_point);
        let finding = at(&RULE, selector, key, place.clone()).with("character", character);
        findings.push(match repaired(key) {
            Some(right) => publish(finding, selector, right),
            None => finding,
        });
    }
}

/// The record with its key out of a PEM frame, or out of the alphabet for file names (RFC 4648 section 5), if that
/// makes it a key.
fn repaired(key: &DkimKey) -> Option<String> {
    let (text, range) = (&key.txt.value, key.key_range());
    let value = &text[range.clone()];
    let body = value.split("-----").find(|part| part.len() > 40).unwrap_or(value).trim();
    let standard = body.replace('-', "+").replace('_', "/");
    [body, &standard].into_iter().map(|body| replaced(text, &range, body)).find(|right| key_in(right).is_usable())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_placeholder() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; p=<your key>"
                                         ^
            "#,
        );
    }

    #[test]
    fn a_frame_and_another_alphabet() {
        let right = format!("v=DKIM1; p={RSA_2048}");
        let frame = right.replace("p=", "p=-----BEGIN PUBLIC KEY-----") + "-----END PUBLIC KEY-----";
        let names = right.replace('+', "-").replace('/', "_");
        for text in [frame, names] {
            let value =
                |text: &str| text.as_bytes().chunks(200).map(crate::zone::write::quote).collect::<Vec<_>>().join(" ");
            let found = findings(&RULE, &format!("s._domainkey TXT {}", value(&text)));
            assert_eq!(found[0].publish[0].value, right);
        }
    }

    #[test]
    fn white_space_is_right() {
        clean(&RULE, r#"a._domainkey TXT "v=DKIM1; p=MII B AAA""#);
    }
}

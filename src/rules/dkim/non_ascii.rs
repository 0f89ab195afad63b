//! Characters outside of ASCII in the tags.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::Damage;
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, code_point, key_records};

pub static RULE: Rule = Rule {
    id: "dkim-non-ascii",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record at {name} contains the character {character}",
            here: "{character}",
            why: "Tags are written in ASCII. Receivers do not recognize the tag here, although it may look right to the eye, and signatures with this selector fail.",
            fix: "Delete the character and retype the text around it; do not paste it.",
        },
        es: Prose {
            title: "el registro DKIM de {name} contiene el carácter {character}",
            here: "{character}",
            why: "Las etiquetas se escriben en ASCII. Los receptores no reconocen la etiqueta en este punto, aunque a simple vista parezca correcta, y las firmas con este selector fallan.",
            fix: "Elimine el carácter y vuelva a teclear el fragmento que lo rodea; no lo pegue.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードに 文字 {character} が含まれています",
            here: "{character}",
            why: "タグはASCII文字で書きます。見た目は正しくても、受信側はこの部分のタグを認識できず、このセレクターの署名は検証に失敗します。",
            fix: "この文字を削除し、前後を貼り付けではなく手で入力し直してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in key_records(evidence) {
        if let Some(Damage::NotAscii(places)) = &key.damage {
            let first = places.first().and_then(|place| key.txt.value[place.clone()].chars().next());
            let character = first.map_or_else(String::new, code_point);
            findings.push(at_parts(&RULE, selector, key, places).with("character", character));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_blank_that_is_none() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1;\194\160k=rsa; p=MIIB"
                                      ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn in_notes() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; n=\195\164; p=MIIB""#);
    }
}

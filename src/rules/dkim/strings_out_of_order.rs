//! The character-strings of a key are in the wrong order.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::Damage;
use crate::rules::Rule;
use crate::rules::dkim::{at, key_records, publish};

pub static RULE: Rule = Rule {
    id: "dkim-strings-out-of-order",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.2"],
    check,
    text: Text {
        en: Prose {
            title: "the strings of the DKIM record at {name} are in the wrong order",
            here: "not in this order",
            why: "A long key is cut into several strings, which receivers join as they stand. In this order they do not form a key, in another one they do: signatures with this selector fail.",
            fix: "Publish the strings in the right order.",
        },
        es: Prose {
            title: "las cadenas del registro DKIM de {name} están en un orden equivocado",
            here: "no en este orden",
            why: "Una clave larga se divide en varias cadenas, que los receptores unen tal como están. En este orden no forman una clave, en otro sí: las firmas con este selector fallan.",
            fix: "Publique las cadenas en el orden correcto.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードの文字列の順序が違います",
            here: "この順序ではありません",
            why: "長い鍵は複数の文字列に分けて書かれ、受信側は並んでいる順につなぎます。この順序では鍵になりませんが、順序を変えると鍵になります。このままではこのセレクターの署名は検証に失敗します。",
            fix: "文字列を正しい順序で公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in key_records(evidence) {
        if let Some(Damage::Disorder(right)) = &key.damage {
            let finding = at(&RULE, selector, key, 0..key.txt.value.len());
            findings.push(publish(finding, selector, right));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_second_half_first() {
        let text = format!("v=DKIM1; p={RSA_1024}");
        let (first, second) = text.split_at(100);
        let carets = |text: &str| "^".repeat(text.len());
        let blank = " ".repeat("s._domainkey TXT \"".len());
        let zone = format!("s._domainkey TXT \"{second}\" \"{first}\"\n{blank}{}   {}", carets(second), carets(first));
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, text);
    }

    #[test]
    fn in_order() {
        let text = format!("v=DKIM1; p={RSA_1024}");
        let (first, second) = text.split_at(100);
        clean(&RULE, &format!("s._domainkey TXT \"{first}\" \"{second}\""));
    }
}

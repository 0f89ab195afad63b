//! `k=` does not fit the key.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dkim::{DkimKey, OtherType, PublicKey, public_key};
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys, publish};

pub static RULE: Rule = Rule {
    id: "dkim-key-type-mismatch",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1", "RFC 8463 section 4"],
    check,
    text: Text {
        en: Prose {
            title: "the type of the DKIM key at {name} is wrong: {mismatch}",
            here: "not the key that `k=` names",
            why: "Receivers read the key as the type that `k=` names (rsa where it is left out), and this key is not of that type, or not in the form that this type has in DNS. Signatures with this selector fail.",
            fix: "Name the right type: `k=rsa` for an RSA key, `k=ed25519` for an Ed25519 key, whose `p=` holds only the 32 octets (44 characters).",
        },
        es: Prose {
            title: "el tipo de la clave DKIM de {name} es incorrecto: {mismatch}",
            here: "no es la clave que indica `k=`",
            why: "Los receptores leen la clave según el tipo que indica `k=` (rsa si falta), y esta no es de ese tipo o no tiene la forma que ese tipo lleva en el DNS. Las firmas con este selector fallan.",
            fix: "Indique el tipo correcto: `k=rsa` para una clave RSA, `k=ed25519` para una clave Ed25519, de la que `p=` contiene solo los 32 octetos (44 caracteres).",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵の種類が合っていません: {mismatch}",
            here: "`k=` の種類と違います",
            why: "受信側は `k=` の種類(省略時は `rsa`)として鍵を読みますが、この鍵はその種類ではないか、DNSに書く形式になっていません。このセレクターの署名は検証に失敗します。",
            fix: "正しい種類を書いてください。RSA鍵は `k=rsa`、Ed25519鍵は `k=ed25519` です。Ed25519の `p=` には32オクテットの鍵だけ(44文字)を書きます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let PublicKey::OtherType(other) = key.key else { continue };
        let finding = at(&RULE, selector, key, key.key_range()).with_words("mismatch", mismatch(other));
        findings.push(match right(key, other) {
            Some(right) => publish(finding, selector, right),
            None => finding,
        });
    }
}

fn mismatch(other: OtherType) -> Words {
    match other {
        OtherType::Rsa => Words {
            en: "an RSA key with `k=ed25519`",
            es: "una clave RSA con `k=ed25519`",
            ja: "RSA鍵に `k=ed25519` が付いています",
        },
        OtherType::Octets32 => Words {
            en: "32 octets, as an Ed25519 key has, without `k=ed25519`",
            es: "32 octetos, como una clave Ed25519, sin `k=ed25519`",
            ja: "Ed25519鍵と同じ32オクテットですが `k=ed25519` がありません",
        },
        OtherType::WrappedEd25519 => Words {
            en: "an Ed25519 key with a header around it",
            es: "una clave Ed25519 con una cabecera alrededor",
            ja: "Ed25519鍵に余分なヘッダーが付いています",
        },
    }
}

/// The record with the right type, where that is certain.
fn right(key: &DkimKey, other: OtherType) -> Option<String> {
    let (text, place) = (&key.txt.value, key.key_range());
    let (kind, value) = match other {
        OtherType::Rsa => ("rsa", text[place.clone()].to_owned()),
        OtherType::WrappedEd25519 => ("ed25519", public_key::unwrapped(&public_key::decode(&text[place.clone()])?)?),
        // Any 32 octets could be a key of Ed25519.
        OtherType::Octets32 => return None,
    };
    let others = key.tags.tags.iter().filter(|tag| !matches!(key.tags.name(tag), "v" | "k" | "p"));
    let others: String = others.map(|tag| format!("{}; ", &text[tag.range.clone()])).collect();
    Some(format!("v=DKIM1; k={kind}; {others}p={value}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn keys_of_the_other_type() {
        let blank = " ".repeat("s._domainkey TXT \"k=rsa; p=".len());
        finds(&RULE, &format!("s._domainkey TXT \"k=rsa; p={ED25519}\"\n{blank}{}", "^".repeat(ED25519.len())));
        let publish =
            |text: String| findings(&RULE, &format!("s._domainkey TXT \"{text}\""))[0].publish[0].value.clone();
        assert_eq!(publish(format!("k=ed25519; p={RSA_1024}")), format!("v=DKIM1; k=rsa; p={RSA_1024}"));
        assert_eq!(publish(format!("v=DKIM1; p={ED25519_WRAPPED}")), format!("v=DKIM1; k=ed25519; p={ED25519}"));
        assert_eq!(
            publish(format!("k=ed25519; t=s; p={ED25519_WRAPPED}")),
            format!("v=DKIM1; k=ed25519; t=s; p={ED25519}")
        );
    }

    #[test]
    fn types_that_fit() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\"\nt._domainkey TXT \"k=ed25519; p={ED25519}\""));
    }
}

//! `k=` names a type of key that does not exist.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::near;
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::dkim::{at, is_known_type, publish, readable_keys};

pub static RULE: Rule = Rule {
    id: "dkim-unknown-key-type",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1", "RFC 8463 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record at {name} has a key type that does not exist: `{kind}`",
            here: "rsa or ed25519",
            why: "Receivers skip keys of types that they do not know. Signatures with this selector fail.",
            fix: "Write `k=rsa`, or `k=ed25519` for an Ed25519 key.",
        },
        es: Prose {
            title: "el registro DKIM de {name} tiene un tipo de clave que no existe: `{kind}`",
            here: "rsa o ed25519",
            why: "Los receptores ignoran las claves de tipos que no conocen. Las firmas con este selector fallan.",
            fix: "Escriba `k=rsa`, o `k=ed25519` si es una clave Ed25519.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードの鍵の種類 `{kind}` は存在しません",
            here: "`rsa` か `ed25519` です",
            why: "受信側は知らない種類の鍵を無視します。このセレクターの署名は検証に失敗します。",
            fix: "`k=rsa` と書いてください。Ed25519の鍵なら `k=ed25519` です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in readable_keys(evidence) {
        let Some(tag) = key.tags.find("k") else { continue };
        let kind = key.tags.value_of(tag);
        // RFC 6376 section 3.6.1: "Unrecognized key types MUST be ignored."
        if !is_known_type(&kind.to_ascii_lowercase()) {
            let range = key.tags.value_range(tag);
            let finding = at(&RULE, selector, key, range.clone()).with("kind", kind);
            findings.push(match near::nearest(kind, ["rsa", "ed25519"]) {
                Some(right) => publish(finding, selector, replaced(&key.txt.value, &range, right)),
                None => finding,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn unknown_types() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; k=rsa-sha256; p=MIIB"
                                         ^^^^^^^^^^
            t._domainkey TXT "v=DKIM1; k=; p=MIIB"
                                       ^^
            "#,
        );
    }

    #[test]
    fn known_types_or_none() {
        clean(
            &RULE,
            "a._domainkey TXT \"k=rsa; p=MIIB\"\nb._domainkey TXT \"k=ED25519; p=MIIB\"\nc._domainkey TXT \"p=MIIB\"",
        );
    }
}

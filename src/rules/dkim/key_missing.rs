//! A key record without `p=`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::records::dkim::key_in;
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys, publish};

pub static RULE: Rule = Rule {
    id: "dkim-key-missing",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record at {name} has no key",
            here: "no p= in it",
            why: "The key itself belongs in `p=`, which is missing. Signatures with this selector fail.",
            fix: "Publish the whole record as the sending service shows it, with `p=` and the key after it.",
        },
        es: Prose {
            title: "el registro DKIM de {name} no tiene clave",
            here: "no contiene p=",
            why: "La clave va en `p=`, y aquí falta. Las firmas con este selector fallan.",
            fix: "Publique el registro completo, tal como lo muestra el servicio de envío, con `p=` seguido de la clave.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードに鍵がありません",
            here: "`p=` がありません",
            why: "鍵は `p=` に書きますが、これがありません。このセレクターの署名は検証に失敗します。",
            fix: "送信サービスが示すレコードを、`p=` とその後の鍵まで含めて、そのまま公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence).into_iter().filter(|(_, key)| key.key == PublicKey::Missing) {
        let finding = at(&RULE, selector, key, 0..key.txt.value.len());
        // The key is there and `p=` before it is not.
        let insert =
            |tag: &crate::records::tags::Tag| replaced(&key.txt.value, &(tag.range.start..tag.range.start), "p=");
        let right = key.tags.tags.iter().map(insert).find(|right| key_in(right).is_usable());
        findings.push(match right {
            Some(right) => publish(finding, selector, right),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn without_a_key() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; k=rsa"
                              ^^^^^^^^^^^^^^
            "#,
        );
        let found = findings(&RULE, &format!("s._domainkey TXT \"v=DKIM1; {RSA_1024}\""));
        assert_eq!(found[0].publish[0].value, format!("v=DKIM1; p={RSA_1024}"));
    }

    #[test]
    fn revoked_or_something_else() {
        clean(&RULE, r#"a._domainkey TXT "v=DKIM1; p=""#);
        clean(&RULE, r#"a._domainkey TXT "o=~""#);
    }
}

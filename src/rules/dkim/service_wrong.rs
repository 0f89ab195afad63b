//! `s=` says that the key is not for mail.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-service-wrong",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the key at {name} is not for mail: `s={service}`",
            here: "must be email or *",
            why: "`s=` says what the key may be used for; it is not the selector. Receivers of mail use only keys for `email` or `*`, so signatures with this selector fail.",
            fix: "Delete `s={service}`; a key without `s=` is good for everything.",
        },
        es: Prose {
            title: "la clave de {name} no es para correo: `s={service}`",
            here: "debe contener email o *",
            why: "`s=` indica para qué puede usarse la clave, no el selector. Los receptores de correo solo usan claves para `email` o `*`, así que las firmas con este selector fallan.",
            fix: "Elimine `s={service}`; una clave sin `s=` vale para todo.",
        },
        ja: Prose {
            title: "{name} の鍵はメール用ではありません: `s={service}`",
            here: "`email` か `*` が必要です",
            why: "`s=` はセレクターではなく鍵の用途を示します。メールの受信側は `email` または `*` の鍵だけを使うため、このセレクターの署名は検証に失敗します。",
            fix: "`s={service}` を削除してください。`s=` のない鍵はどの用途にも使えます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let Some(tag) = key.tags.find("s") else { continue };
        let service = key.tags.value_of(tag);
        // RFC 6376 section 3.6.1: "Verifiers for a given service type MUST ignore this record if the appropriate type is
        // not listed."
        if !service.split(':').map(str::trim).any(|service| matches!(service, "*" | "email")) {
            findings.push(at(&RULE, selector, key, key.tags.value_range(tag)).with("service", service));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_selector_as_service() {
        finds(
            &RULE,
            r#"
            s1._domainkey TXT "v=DKIM1; s=s1; p=MIIB"
                                          ^^
            "#,
        );
    }

    #[test]
    fn mail_and_everything() {
        clean(&RULE, r#"a._domainkey TXT "s=email; p=MIIB""#);
        clean(&RULE, r#"a._domainkey TXT "s=other : *; p=MIIB""#);
    }
}

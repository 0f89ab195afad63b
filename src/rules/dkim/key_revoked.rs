//! A key that was withdrawn.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, is_retired, revoked_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-revoked",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is revoked",
            here: "empty",
            why: "An empty `p=` says that the key was withdrawn. That is right for a key that nothing signs with any more; signatures with this selector fail.",
            fix: "If something still signs with this selector, publish its key. Otherwise nothing needs to be done.",
        },
        es: Prose {
            title: "la clave DKIM de {name} está revocada",
            here: "vacío",
            why: "Un `p=` vacío indica que la clave se ha retirado. Es correcto para una clave con la que ya no se firma nada; las firmas con este selector fallan.",
            fix: "Si algo todavía firma con este selector, publique su clave. Si no, no hay que hacer nada.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵は失効しています",
            here: "空です",
            why: "空の `p=` は、鍵が取り下げられたことを示します。もう署名に使わない鍵なら正しい状態ですが、このセレクターの署名は検証に失敗します。",
            fix: "このセレクターで署名しているものがまだある場合は、鍵を公開してください。なければ対処は不要です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in revoked_keys(evidence) {
        // Of these, a rule of their own tells.
        if !is_retired(evidence, selector) {
            findings.push(at(&RULE, selector, key, key.key_range()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn one_selector() {
        finds(
            &RULE,
            r#"
            @            MX 0 mail
            s._domainkey TXT "v=DKIM1; p="
                                       ^^
            "#,
        );
    }

    #[test]
    fn wildcards_and_parked_domains() {
        clean(&RULE, "@ MX 0 smtp.google.com.\n*._domainkey TXT \"v=DKIM1; p=\"");
        clean(&RULE, "@ TXT \"v=spf1 -all\"\ns._domainkey TXT \"v=DKIM1; p=\"");
    }
}

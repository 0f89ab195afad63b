//! The target of an alias was published as text.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, host_name, is_explicit, publish_alias, targets, texts};

pub static RULE: Rule = Rule {
    id: "dkim-alias-target-as-txt",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1", "Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "{name} contains the name of a key as a TXT record",
            here: "a name, not a key",
            why: "Receivers take this text for the key, but it is not one: signatures with this selector fail. The sending service keeps the key at `{target}`, and a CNAME record must lead there.",
            fix: "Delete the TXT record and publish a CNAME with the same value.",
        },
        es: Prose {
            title: "{name} contiene el nombre de una clave como registro TXT",
            here: "un nombre, no una clave",
            why: "Los receptores toman este texto por la clave, y no lo es: las firmas con este selector fallan. El servicio de envío guarda la clave en `{target}`, y debe ser un registro CNAME el que apunte allí.",
            fix: "Elimine el registro TXT y publique un CNAME con el mismo valor.",
        },
        ja: Prose {
            title: "{name} のTXTレコードに、鍵ではなく鍵の置き場所の名前が書かれています",
            here: "鍵ではなく名前です",
            why: "受信側はこのテキストを鍵として読みますが、鍵ではないため、このセレクターの署名は検証に失敗します。鍵は送信サービスが `{target}` に置いているので、CNAMEレコードでそこを指す必要があります。",
            fix: "TXTレコードを削除し、同じ値でCNAMEレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, text) in texts(evidence) {
        let Some(target) = host_name(&text.txt.value) else { continue };
        if targets::is_key_name(&target) || is_explicit(selector) {
            let finding = at(&RULE, selector, text, 0..text.txt.value.len()).with("target", &target);
            findings.push(publish_alias(finding, selector, &target));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_name_as_text() {
        let zone = r#"
            s1._domainkey TXT "s1.dkim.vendor.test."
                               ^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            findings(&RULE, zone)[0].publish[0].line(),
            "s1._domainkey.example.test. IN CNAME s1.dkim.vendor.test."
        );
    }

    #[test]
    fn an_alias_and_other_texts() {
        clean(&RULE, "s1._domainkey CNAME s1.dkim.vendor.test.");
        clean(&RULE, r#"s1._domainkey TXT "v=DKIM1; p=""#);
        clean(&RULE, r#"s1._domainkey TXT "o=~""#);
    }
}

//! A text at a selector that is no key record.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, host_name, is_explicit, is_wildcard, texts};

pub static RULE: Rule = Rule {
    id: "dkim-not-a-key",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the text at {name} is not a DKIM key",
            here: "not a key record",
            why: "Receivers that look for a key at this selector find this text, which contains no key: signatures with this selector fail.",
            fix: "If a service signs with this selector, publish the key record that it shows; otherwise delete this record.",
        },
        es: Prose {
            title: "el texto de {name} no es una clave DKIM",
            here: "no es un registro de clave",
            why: "Los receptores que buscan una clave en este selector encuentran este texto, que no contiene ninguna: las firmas con este selector fallan.",
            fix: "Si un servicio firma con este selector, publique el registro de clave que muestra; si no, elimine este registro.",
        },
        ja: Prose {
            title: "{name} のテキストはDKIMの鍵ではありません",
            here: "鍵レコードではありません",
            why: "受信側がこのセレクターの鍵を調べるとこのテキストが返りますが、鍵は含まれていないため、このセレクターの署名は検証に失敗します。",
            fix: "このセレクターで署名するサービスがある場合は、サービスの示す鍵レコードを公開してください。ない場合はこのレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, text) in texts(evidence) {
        let alone = !selector.asked.found.iter().any(|other| other.is_meant_as_key());
        let meant_for_dkim = is_explicit(selector) && !is_wildcard(evidence, selector);
        if alone && meant_for_dkim && host_name(&text.txt.value).is_none() {
            findings.push(at(&RULE, selector, text, 0..text.txt.value.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn another_text() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=spf1 -all"
                              ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn keys_wildcards_and_records_of_others() {
        clean(&RULE, "@ MX 0 smtp.google.com.\n* TXT \"v=spf1 -all\"\n_adsp._domainkey TXT \"dkim=all\"");
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; p=""#);
    }
}

//! A tag stands twice in a key record.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, readable_keys};

pub static RULE: Rule = Rule {
    id: "dkim-tag-duplicate",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{tag}=` appears more than once in the DKIM record at {name}",
            here: "the same tag",
            why: "Each tag may appear only once; otherwise the whole record is invalid, and signatures with this selector fail.",
            fix: "Keep only the right one.",
        },
        es: Prose {
            title: "`{tag}=` aparece más de una vez en el registro DKIM de {name}",
            here: "la misma etiqueta",
            why: "Cada etiqueta puede aparecer una sola vez; de lo contrario, todo el registro es inválido y las firmas con este selector fallan.",
            fix: "Deje solo la correcta.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードに `{tag}=` が複数あります",
            here: "同じタグです",
            why: "同じタグは1回しか書けません。2回以上あるとレコード全体が無効になり、このセレクターの署名は検証に失敗します。",
            fix: "正しいものだけを残してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in readable_keys(evidence) {
        let mut names: Vec<&str> =
            key.tags.tags.iter().filter(|t| t.value.is_some()).map(|t| key.tags.name(t)).collect();
        names.sort_unstable();
        // RFC 6376 section 3.2: "Tags with duplicate names MUST NOT occur within a single tag-list; if a tag name does
        // occur more than once, the entire tag-list is invalid."
        let Some(name) = names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]) else { continue };
        let places: Vec<_> =
            key.tags.all(name).filter(|tag| key.tags.name(tag) == name).map(|tag| tag.range.clone()).collect();
        findings.push(at_parts(&RULE, selector, key, &places).with("tag", name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn two_keys_in_one_record() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; p=MIIB; p=MIIC"
                                       ^^^^^^  ^^^^^^
            "#,
        );
    }

    #[test]
    fn each_once() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; k=rsa; t=s; p=MIIB""#);
    }
}

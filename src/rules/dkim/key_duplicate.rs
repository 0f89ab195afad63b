//! Several TXT records at one selector.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, host_name, key_records, split_key};

pub static RULE: Rule = Rule {
    id: "dkim-key-duplicate",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.6.2.2"],
    check,
    text: Text {
        en: Prose {
            title: "{name} has {count} TXT records",
            here: "one of several",
            why: "A selector has one key record. With several, it is not defined which one receivers take: some try one of them, others none, so signatures with this selector fail now and then.",
            fix: "Keep the record of the key that is in use, and delete the others. A second key goes under a selector of its own.",
        },
        es: Prose {
            title: "{name} tiene {count} registros TXT",
            here: "uno de varios",
            why: "Un selector tiene un solo registro de clave. Si hay varios, no está definido cuál toman los receptores: unos prueban uno cualquiera y otros ninguno, así que las firmas con este selector fallan de vez en cuando.",
            fix: "Conserve el registro de la clave en uso y elimine los demás. Una segunda clave va con un selector propio.",
        },
        ja: Prose {
            title: "{name} にTXTレコードが {count} 個あります",
            here: "複数あるうちの1つ",
            why: "1つのセレクターに置ける鍵のレコードは1つだけです。複数あるとどれが使われるかは決まっておらず、どれか1つを試す受信側もあれば、どれも使わない受信側もあるため、このセレクターの署名はときどき検証に失敗します。",
            fix: "使用中の鍵のレコードだけを残し、ほかは削除してください。2つ目の鍵は別のセレクターに置きます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut before = None;
    for (selector, first) in key_records(evidence) {
        let found = &selector.asked.found;
        let again = before.replace(&selector.name) == Some(&selector.name);
        let other_rule =
            || split_key(selector).is_some() || found.iter().any(|text| host_name(&text.txt.value).is_some());
        // RFC 6376 section 3.6.2.2: "TXT RRs MUST be unique for a particular selector name; that is, if there are
        // multiple records in an RRset, the results are undefined."
        if found.len() > 1 && !again && !other_rule() {
            let others = found.iter().filter(|other| other.txt.whole() != first.txt.whole());
            let finding = at(&RULE, selector, first, 0..first.txt.value.len());
            findings.push(finding.and_at(others.flat_map(|other| other.txt.whole())).with("count", found.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn two_keys_or_a_key_and_another_text() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; p=MIIB"
                              ^^^^^^^^^^^^^^^
            s._domainkey TXT "v=DKIM1; p=MIIC"
                              ^^^^^^^^^^^^^^^
            t._domainkey TXT "verification=1"
                              ^^^^^^^^^^^^^^
            t._domainkey TXT "v=DKIM1; p=MIIC"
                              ^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_each() {
        clean(&RULE, "s._domainkey TXT \"v=DKIM1; p=MIIB\"\nt._domainkey TXT \"v=DKIM1; p=MIIC\"");
    }
}

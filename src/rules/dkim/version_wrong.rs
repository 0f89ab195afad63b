//! A version other than `DKIM1`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::dkim::{at, publish, readable_keys};

pub static RULE: Rule = Rule {
    id: "dkim-version-wrong",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record at {name} has a version that does not exist: {version}",
            here: "must be DKIM1",
            why: "Receivers discard a key record whose version is anything other than `DKIM1`, in capital letters. Signatures with this selector fail.",
            fix: "Write `v=DKIM1` at the beginning.",
        },
        es: Prose {
            title: "el registro DKIM de {name} tiene una versión que no existe: {version}",
            here: "debe ser DKIM1",
            why: "Los receptores descartan un registro de clave cuya versión no sea exactamente `DKIM1`, en mayúsculas. Las firmas con este selector fallan.",
            fix: "Escriba `v=DKIM1` al principio.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードのバージョン {version} は存在しません",
            here: "`DKIM1` が必要です",
            why: "受信側は、バージョンが大文字の `DKIM1` でない鍵レコードを破棄します。このセレクターの署名は検証に失敗します。",
            fix: "先頭に `v=DKIM1` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 6376 section 3.6.1: "Note that Verifiers must do a string comparison on this value; for example, "DKIM1" is
    // not the same as "DKIM1.0"."
    for (selector, key) in readable_keys(evidence).into_iter().filter(|(_, key)| !key.has_right_version()) {
        let Some(tag) = key.version() else { continue };
        let finding = at(&RULE, selector, key, key.tags.value_range(tag));
        let finding = finding.with("version", format_args!("`{}`", &key.txt.value[tag.range.clone()]));
        findings.push(publish(finding, selector, replaced(&key.txt.value, &tag.range, "v=DKIM1")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn small_letters_and_other_numbers() {
        let zone = format!(
            "s._domainkey TXT \"v=dkim1; k=ed25519; p={ED25519}\"\n                    ^^^^^\n\
             t._domainkey TXT \"v=DKIM1.0; p=MIIB\"\n                    ^^^^^^^"
        );
        finds(&RULE, &zone);
        let found = findings(&RULE, &zone);
        assert_eq!(found[0].publish[0].value, format!("v=DKIM1; k=ed25519; p={ED25519}"));
        assert!(found[1].publish.is_empty(), "its key is broken, too");
    }

    #[test]
    fn right_none_or_of_another_record() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; p=MIIB""#);
        clean(&RULE, r#"s._domainkey TXT "p=MIIB""#);
        clean(&RULE, r#"s._domainkey TXT "v=spf1 -all""#);
    }
}

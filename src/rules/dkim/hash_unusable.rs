//! `h=` allows no hash that receivers accept.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-hash-unusable",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1", "RFC 8301 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the key at {name} is not for sha256: `h={hashes}`",
            here: "must include sha256",
            why: "Signatures are made with sha256; those with sha1 are no longer valid, and other names are unknown. This key forbids sha256, so signatures with this selector fail.",
            fix: "Write `h=sha256`, or delete `h={hashes}`.",
        },
        es: Prose {
            title: "la clave de {name} no sirve para sha256: `h={hashes}`",
            here: "debe contener sha256",
            why: "Las firmas se hacen con sha256; las de sha1 ya no son válidas y otros nombres son desconocidos. Esta clave excluye sha256, así que las firmas con este selector fallan.",
            fix: "Escriba `h=sha256` o elimine `h={hashes}`.",
        },
        ja: Prose {
            title: "{name} の鍵は `sha256` を許可していません: `h={hashes}`",
            here: "`sha256` が必要です",
            why: "署名には `sha256` を使います。`sha1` の署名はすでに無効で、それ以外の名前は認識されません。この鍵は `sha256` を許可していないため、このセレクターの署名は検証に失敗します。",
            fix: "`h=sha256` と書くか、`h={hashes}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let Some(tag) = key.tags.find("h") else { continue };
        let hashes = key.tags.value_of(tag);
        // RFC 8301 section 3.1: "rsa-sha1 MUST NOT be used for signing or verifying."
        if !hashes.split(':').any(|hash| hash.trim().eq_ignore_ascii_case("sha256")) {
            findings.push(at(&RULE, selector, key, key.tags.value_range(tag)).with("hashes", hashes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn sha1_alone_and_unknown() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; h=sha1; p=MIIB"
                                         ^^^^
            t._domainkey TXT "v=DKIM1; h=sha-256; p=MIIB"
                                         ^^^^^^^
            "#,
        );
    }

    #[test]
    fn sha256_among_others() {
        clean(&RULE, r#"a._domainkey TXT "h=sha1 : sha256; p=MIIB""#);
    }
}

//! The version stands behind other tags.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys, publish};

pub static RULE: Rule = Rule {
    id: "dkim-version-not-first",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the version does not come first in the DKIM record at {name}",
            here: "belongs at the beginning",
            why: "The version must be the first tag of a key record. Some receivers read the record anyway, others do not, and there signatures with this selector fail.",
            fix: "Put `v=DKIM1` at the beginning, or leave it out.",
        },
        es: Prose {
            title: "la versión no está al principio en el registro DKIM de {name}",
            here: "debe ir al principio",
            why: "La versión tiene que ser la primera etiqueta de un registro de clave. Algunos receptores leen el registro de todos modos; en los demás, las firmas con este selector fallan.",
            fix: "Ponga `v=DKIM1` al principio o quítela.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードで、バージョンが先頭にありません",
            here: "先頭に書きます",
            why: "バージョンは鍵レコードの最初のタグでなければなりません。それでも読む受信側はありますが、読まない受信側ではこのセレクターの署名は検証に失敗します。",
            fix: "`v=DKIM1` を先頭に移すか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let Some(tag) = key.version().filter(|tag| key.tags.tags.first() != Some(tag)) else { continue };
        let others =
            key.tags.tags.iter().filter(|other| *other != tag).map(|other| &key.txt.value[other.range.clone()]);
        let right = std::iter::once("v=DKIM1").chain(others).collect::<Vec<_>>().join("; ");
        findings.push(publish(at(&RULE, selector, key, tag.range.clone()), selector, right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn behind_the_type() {
        let zone =
            format!("s._domainkey TXT \"k=ed25519; v=DKIM1; p={ED25519}\"\n                             ^^^^^^^");
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, format!("v=DKIM1; k=ed25519; p={ED25519}"));
    }

    #[test]
    fn first_or_left_out() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; k=rsa; p=MIIB""#);
        clean(&RULE, r#"s._domainkey TXT "k=rsa; p=MIIB""#);
    }
}

//! Capital letters where small ones belong.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::DkimKey;
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, is_known_type, publish, readable_keys};
use std::ops::Range;

pub static RULE: Rule = Rule {
    id: "dkim-letter-case",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "capital letters in the DKIM record at {name}: {found}",
            here: "write {right}",
            why: "Names and values of tags are compared letter by letter. Some receivers accept capitals anyway; others then do not recognize the tag or the type, and there signatures with this selector fail.",
            fix: "Write it in small letters: `{right}`.",
        },
        es: Prose {
            title: "mayúsculas en el registro DKIM de {name}: {found}",
            here: "escriba {right}",
            why: "Los nombres y valores de las etiquetas se comparan letra por letra. Algunos receptores aceptan mayúsculas; otros no reconocen entonces la etiqueta o el tipo, y allí las firmas con este selector fallan.",
            fix: "Escríbalo en minúsculas: `{right}`.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードに大文字が使われています: {found}",
            here: "`{right}` と書きます",
            why: "タグの名前と値は、大文字と小文字を区別して比べられます。大文字でも読む受信側はありますが、タグや種類を認識できない受信側では、このセレクターの署名は検証に失敗します。",
            fix: "小文字で `{right}` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in readable_keys(evidence) {
        let places = capitals(key);
        let Some(first) = places.first() else { continue };
        let text = &key.txt.value;
        let right =
            places.iter().fold(text.clone(), |text, at| replaced(&text, at, &text[at.clone()].to_ascii_lowercase()));
        let finding = at_parts(&RULE, selector, key, &places).with("found", format_args!("`{}`", &text[first.clone()]));
        let finding = finding.with("right", text[first.clone()].to_ascii_lowercase());
        findings.push(publish(finding, selector, right));
    }
}

/// Names of known tags and values of `k=` and `h=` that would be known in small letters.
fn capitals(key: &DkimKey) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for tag in &key.tags.tags {
        let (name, value) = (key.tags.name(tag), key.tags.value_of(tag));
        let lower = name.to_ascii_lowercase();
        if lower != name && tag.value.is_some() && matches!(lower.as_str(), "v" | "k" | "p" | "h" | "s" | "t") {
            places.push(tag.name.clone());
        }
        let small = value.to_ascii_lowercase();
        let known = (lower == "k" && is_known_type(&small)) || (lower == "h" && small == "sha256");
        if small != value && known {
            places.push(key.tags.value_range(tag));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_type_and_a_name() {
        let zone =
            format!("s._domainkey TXT \"v=DKIM1; k=Ed25519; P={ED25519}\"\n                             ^^^^^^^  ^");
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, format!("v=DKIM1; k=ed25519; p={ED25519}"));
    }

    #[test]
    fn where_capitals_are_right() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; k=rsa; n=SHA; p=MIIB""#);
    }
}

//! Quotation marks or backslashes inside of the key.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::DkimKey;
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, judged_keys, publish};
use std::ops::Range;

pub static RULE: Rule = Rule {
    id: "dkim-quotes-in-key",
    severity: Severity::Warning,
    references: &["RFC 6376 section 2.10", "RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "there are quotation marks or backslashes inside the DKIM key at {name}",
            here: "part of the text",
            why: "Base64 has no such characters. Receivers that skip them read the key, others do not, and there signatures with this selector fail. They come from a text in zone-file form that was pasted into a panel.",
            fix: "Enter the record as one text without quotation marks and backslashes.",
        },
        es: Prose {
            title: "hay comillas o barras invertidas dentro de la clave DKIM de {name}",
            here: "forma parte del texto",
            why: "Base64 no tiene esos caracteres. Los receptores que los ignoran leen la clave; los demás no, y allí las firmas con este selector fallan. Proceden de un texto en formato de archivo de zona pegado en un panel.",
            fix: "Introduzca el registro como un solo texto, sin comillas ni barras invertidas.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵の中に引用符かバックスラッシュがあります",
            here: "テキストの一部になっています",
            why: "base64にこれらの文字はありません。読み飛ばす受信側では鍵を読めますが、そうでない受信側ではこのセレクターの署名は検証に失敗します。ゾーンファイル形式のテキストを管理画面に貼り付けたときに起こります。",
            fix: "引用符やバックスラッシュのない1つのテキストとして登録してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let places = marks(key);
        if !places.is_empty() && key.key != PublicKey::Private {
            let right = key.txt.value.replace(['"', '\\'], "");
            findings.push(publish(at_parts(&RULE, selector, key, &places), selector, right));
        }
    }
}

/// The marks inside of the key; those that stand together as one place.
fn marks(key: &DkimKey) -> Vec<Range<usize>> {
    let range = key.key_range();
    let found = key.txt.value[range.clone()].match_indices(['"', '\\']).map(|(at, _)| range.start + at);
    let mut places: Vec<Range<usize>> = Vec::new();
    for at in found.filter(|_| key.tags.find("p").is_some()) {
        match places.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => places.push(at..at + 1),
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn two_strings_as_one_text() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; p=MIIB\" \"AAA"
                                             ^^ ^^
            "#,
        );
    }

    #[test]
    fn around_the_key_or_two_strings() {
        clean(&RULE, r#"s._domainkey TXT "\"v=DKIM1; p=MIIB\"""#);
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; p=MIIB" "AAA""#);
    }
}

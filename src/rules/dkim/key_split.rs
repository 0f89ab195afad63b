//! One long key stands in several records.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dkim::split_key;

pub static RULE: Rule = Rule {
    id: "dkim-key-split",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is split across several TXT records",
            here: "a part of the key",
            why: "Records of one name come in any order, and receivers do not join them. None of them contains a whole key, so signatures with this selector fail.",
            fix: "Publish one TXT record with the whole text. Where a string may have no more than 255 characters, cut it into several strings within the one record.",
        },
        es: Prose {
            title: "la clave DKIM de {name} está repartida en varios registros TXT",
            here: "una parte de la clave",
            why: "Los registros de un mismo nombre llegan en cualquier orden y los receptores no los unen. Ninguno contiene la clave completa, así que las firmas con este selector fallan.",
            fix: "Publique un único registro TXT con el texto completo. Si una cadena no puede tener más de 255 caracteres, divídala en varias cadenas dentro del mismo registro.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵が複数のTXTレコードに分かれています",
            here: "鍵の一部です",
            why: "同じ名前のレコードは順序が決まっておらず、受信側はそれらをつなぎません。どのレコードにも完全な鍵がないため、このセレクターの署名は検証に失敗します。",
            fix: "全体を1つのTXTレコードとして公開してください。255文字を超える場合は、1つのレコードの中で複数の文字列に分けます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for selector in &evidence.dkim.selectors {
        let Some((_, whole)) = split_key(selector) else { continue };
        let answer = &selector.asked.answer;
        let spans = selector.asked.found.iter().flat_map(|part| part.txt.whole());
        let finding = RULE.at(spans).with("name", &answer.question.name);
        findings.push(match whole {
            Some(whole) if answer.aliases.is_empty() => finding.publish(&answer.question.name, Kind::TXT, whole),
            _ => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn two_halves() {
        let text = format!("v=DKIM1; p={RSA_1024}");
        let (first, second) = text.split_at(100);
        let part = |text: &str| format!("s._domainkey TXT \"{text}\"\n                  {}", "^".repeat(text.len()));
        let zone = format!("{}\n{}", part(second), part(first));
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, text);
    }

    #[test]
    fn two_strings_or_a_key_and_another_text() {
        let text = format!("v=DKIM1; p={RSA_1024}");
        let (first, second) = text.split_at(100);
        clean(&RULE, &format!("s._domainkey TXT \"{first}\" \"{second}\""));
        clean(&RULE, &format!("s._domainkey TXT \"{text}\"\ns._domainkey TXT \"verification=1\""));
    }
}

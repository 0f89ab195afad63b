//! Quotation marks, backslashes or HTML entities are a part of the text.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dkim::{Damage, unquoted};
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, key_records, publish};

pub static RULE: Rule = Rule {
    id: "dkim-quotes",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record at {name} contains {marks} as text",
            here: "part of the text",
            why: "They slipped in when the record was copied, and receivers read them as part of the record: the version, the type or the key is not what it should be, and signatures with this selector fail.",
            fix: "Enter the record without them. DNS panels ask for the bare text, and add quotation marks and backslashes where DNS needs them.",
        },
        es: Prose {
            title: "el registro DKIM de {name} contiene {marks} como texto",
            here: "forma parte del texto",
            why: "Estos caracteres se colaron al copiar el registro, y los receptores los leen como parte de él: la versión, el tipo o la clave no son lo que deberían, y las firmas con este selector fallan.",
            fix: "Introduzca el registro sin ellos. Los paneles DNS piden el texto tal cual y añaden comillas y barras invertidas donde el DNS las necesita.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードに{marks}が文字として入っています",
            here: "テキストの一部になっています",
            why: "レコードをコピーしたときに紛れ込んだ文字です。受信側はこれもレコードの一部として読むため、バージョンや種類、鍵を正しく読めず、このセレクターの署名は検証に失敗します。",
            fix: "これらの文字を除いて登録してください。DNS管理画面には素のテキストだけを入力します。必要な引用符やバックスラッシュは管理画面が付けます。",
        },
    },
};

const QUOTES: Words = Words { en: "quotation marks", es: "comillas", ja: "引用符" };
const BACKSLASHES: Words = Words { en: "backslashes", es: "barras invertidas", ja: "バックスラッシュ" };
const ENTITIES: Words = Words { en: "HTML entities", es: "entidades HTML", ja: "HTMLの文字参照" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in key_records(evidence) {
        let Some(Damage::Quotes(places)) = &key.damage else { continue };
        let first = places.first().and_then(|place| key.txt.value[place.clone()].chars().next());
        let marks = match first {
            Some('\\') => BACKSLASHES,
            Some('&') => ENTITIES,
            _ => QUOTES,
        };
        let finding = at_parts(&RULE, selector, key, places).with_words("marks", marks);
        let right = unquoted(&key.txt.value);
        findings.push(publish(finding, selector, right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn quotation_marks_around() {
        let zone = format!("s._domainkey TXT \"\\\"v=DKIM1; k=ed25519; p={ED25519}\"\n                  ^^");
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, format!("v=DKIM1; k=ed25519; p={ED25519}"));
    }

    #[test]
    fn backslashes_and_entities() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1\\; k=rsa; p=MIIB"
                                     ^^
            t._domainkey TXT "v=DKIM1; k=rsa; p=MIIB&#43;AAA"
                                                    ^^^^^
            "#,
        );
    }

    #[test]
    fn in_notes_and_in_the_key() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; n=\"x\"; p=MIIB\" \"AAA""#);
        clean(&RULE, r#"s._domainkey TXT "v=spf1 \"a\"""#);
    }
}

//! Characters that do not belong in a record: quotation marks, backslashes, HTML, characters outside of ASCII.

use std::ops::Range;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dmarc::corrected::corrected;
use crate::rules::dmarc::record;
use crate::rules::dmarc::record::Applied;
use crate::zone::Txt;

pub static RULE: Rule = Rule {
    id: "dmarc-character",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.8", "RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "stray characters in the DMARC record of {domain}: {characters}",
            here: "does not belong here",
            why: "They slip in when a record is pasted from a web page or a document: quotation marks, backslashes, HTML entities, zero-width spaces. Receivers read them as part of the record, so the version, a policy or an address is not what it looks like.",
            fix: "Retype the record in plain ASCII, without quotation marks and backslashes in the value.",
        },
        es: Prose {
            title: "caracteres extraños en el registro DMARC de {domain}: {characters}",
            here: "no debe estar aquí",
            why: "Se cuelan al pegar el registro desde una página web o un documento: comillas, barras invertidas, entidades HTML, espacios de ancho cero. Los receptores los leen como parte del registro, y la versión, una política o una dirección no es lo que parece.",
            fix: "Vuelva a escribir el registro en ASCII, sin comillas ni barras invertidas en el valor.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードに余分な文字があります: {characters}",
            here: "ここには不要な文字です",
            why: "Webページや文書から貼り付けたときに、引用符、バックスラッシュ、HTMLの文字参照、幅のない空白などが紛れ込みます。受信側はそれもレコードの一部として読むため、バージョンやポリシー、アドレスが見た目どおりに解釈されません。",
            fix: "値に引用符やバックスラッシュを含めず、半角のASCII文字でレコードを入力し直してください。",
        },
    },
};

/// A character that does not belong in a record, or an HTML entity.
pub(super) struct Odd {
    pub range: Range<usize>,
    /// What a person can tell it by.
    pub name: String,
    /// What was meant by it: nothing where that cannot be told.
    meant: Option<String>,
}

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let applied = Applied::of(evidence);
    let failed = evidence.dmarc.first().into_iter().flat_map(record::failed_texts);
    if let Some(applied) = &applied {
        findings.extend(finding(evidence, &applied.dmarc.txt).map(|finding| applied.correct(finding)));
    }
    for (txt, owner) in failed {
        let corrected = corrected(&txt.value).zip(owner);
        findings.extend(finding(evidence, txt).map(|finding| match corrected {
            Some((value, owner)) => finding.publish(owner, Kind::TXT, value),
            None => finding,
        }));
    }
}

fn finding(evidence: &Evidence, txt: &Txt) -> Option<Finding> {
    let odd = odd(&txt.value);
    let mut names: Vec<&str> = Vec::new();
    for odd in &odd {
        if !names.contains(&odd.name.as_str()) {
            names.push(&odd.name);
        }
    }
    // A few tell enough: a text in another language is all characters of this kind.
    names.truncate(5);
    let spans = odd.iter().take(20).flat_map(|odd| txt.spans(odd.range.clone()));
    let finding = RULE.at(spans).with("domain", &evidence.domain).with("characters", names.join(", "));
    (!odd.is_empty()).then_some(finding)
}

/// All characters of a text that do not belong in a record.
///
/// RFC 9989 section 4.8: `dmarc-value = %x20-3A / %x3C-7E`: visible ASCII and the blank, and no semicolon. Quotation
/// marks and backslashes are allowed by that, but stand in no value that means anything.
pub(super) fn odd(value: &str) -> Vec<Odd> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(character) = value[at..].chars().next() {
        let odd = entity(value, at).or_else(|| odd_character(character, at));
        at = odd.as_ref().map_or(at + character.len_utf8(), |odd| odd.range.end);
        found.extend(odd);
    }
    found
}

/// The text without such characters: as it was meant; nothing where that cannot be told.
pub(super) fn plain(value: &str) -> Option<String> {
    let mut text = String::with_capacity(value.len());
    let mut at = 0;
    for odd in odd(value) {
        text.push_str(&value[at..odd.range.start]);
        text.push_str(&odd.meant?);
        at = odd.range.end;
    }
    Some(text + &value[at..])
}

fn odd_character(character: char, at: usize) -> Option<Odd> {
    if character != '"' && character != '\\' && matches!(character, ' '..='~' | '\t') {
        return None;
    }
    let name = match (known(character), character) {
        (Some(name), _) => format!("U+{:04X} ({name})", u32::from(character)),
        (None, '"' | '\\') => format!("`{character}`"),
        (None, _) => format!("U+{:04X}", u32::from(character)),
    };
    Some(Odd { range: at..at + character.len_utf8(), name, meant: meant(character) })
}

/// Characters that cannot be seen, or that look like others, by their Unicode names.
fn known(character: char) -> Option<&'static str> {
    match character {
        '\u{a0}' => Some("NO-BREAK SPACE"),
        '\u{ad}' => Some("SOFT HYPHEN"),
        '\u{200b}' => Some("ZERO WIDTH SPACE"),
        '\u{200c}' => Some("ZERO WIDTH NON-JOINER"),
        '\u{200d}' => Some("ZERO WIDTH JOINER"),
        '\u{2060}' => Some("WORD JOINER"),
        '\u{feff}' => Some("BYTE ORDER MARK"),
        '\u{2013}' => Some("EN DASH"),
        '\u{2014}' => Some("EM DASH"),
        '\u{2018}' => Some("LEFT SINGLE QUOTATION MARK"),
        '\u{2019}' => Some("RIGHT SINGLE QUOTATION MARK"),
        '\u{201c}' => Some("LEFT DOUBLE QUOTATION MARK"),
        '\u{201d}' => Some("RIGHT DOUBLE QUOTATION MARK"),
        '\u{ff1b}' => Some("FULLWIDTH SEMICOLON"),
        '\u{ff1d}' => Some("FULLWIDTH EQUALS SIGN"),
        '\u{3000}' => Some("IDEOGRAPHIC SPACE"),
        _ => None,
    }
}

fn meant(character: char) -> Option<String> {
    match character {
        '"' | '\\' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => Some(String::new()),
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => Some(String::new()),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some("-".to_owned()),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).map(String::from),
        _ if character.is_whitespace() => Some(" ".to_owned()),
        _ => None,
    }
}

/// An HTML entity: `&quot;`, `&#34;`.
fn entity(value: &str, at: usize) -> Option<Odd> {
    let body = value[at..].strip_prefix('&')?;
    let length = body.bytes().take(10).position(|byte| byte == b';')?;
    let body = &body[..length];
    let meant = match (body, body.strip_prefix('#')) {
        ("quot" | "apos" | "ldquo" | "rdquo" | "lsquo" | "rsquo" | "zwj" | "zwnj" | "shy", _) => Some(String::new()),
        ("lt", _) => Some("<".to_owned()),
        ("gt", _) => Some(">".to_owned()),
        ("amp", _) => Some("&".to_owned()),
        ("nbsp", _) => Some(" ".to_owned()),
        (_, Some(number)) => numbered(number)?,
        _ => return None,
    };
    let range = at..at + length + 2;
    Some(Odd { name: format!("`{}`", &value[range.clone()]), range, meant })
}

fn numbered(number: &str) -> Option<Option<String>> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    let character = char::from_u32(code)?;
    let visible = character.is_ascii_graphic() && character != '"' && character != '\'' && character != '\\';
    Some(if visible || character == ' ' {
        Some(character.into())
    } else if code == 39 {
        Some(String::new())
    } else {
        meant(character)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn quotes_backslashes_and_html() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=\"none\" \\; rua=&lt;mailto:a@b.test&#62;"
                                    ^^    ^^ ^^      ^^^^               ^^^^^
            "#,
        );
    }

    #[test]
    fn outside_of_ascii() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1;\194\160p=none"
                                 ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn in_a_record_that_is_none() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "\"v=DMARC1; p=none"
                        ^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        let found = findings(&RULE, "_dmarc TXT \"&quot;v\u{ff1d}DMARC1; p=none; rua=mailto:a\u{200b}@b.test&quot;\"");
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=none; rua=mailto:a@b.test");
        let names = found[0].values.iter().find(|(name, _)| *name == "characters").expect("names");
        let text = names.1.get(crate::lang::Lang::En);
        assert_eq!(text, "`&quot;`, U+FF1D (FULLWIDTH EQUALS SIGN), U+200B (ZERO WIDTH SPACE)");
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:o'brien&co@b.test\"");
    }
}

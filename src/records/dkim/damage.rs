//! What comes into a key record when it is copied: quotation marks, escapes, lost semicolons, strings in disorder.

use std::ops::Range;

use super::{PublicKey, key_in};
use crate::records::tags::TagList;
use crate::zone::Txt;

/// Entities of HTML that stand for characters of a key record, and those characters.
const ENTITIES: [(&str, &str); 13] = [
    ("&quot;", ""),
    ("&#34;", ""),
    ("&apos;", ""),
    ("&#39;", ""),
    ("&nbsp;", " "),
    ("&#43;", "+"),
    ("&#x2b;", "+"),
    ("&#47;", "/"),
    ("&#x2f;", "/"),
    ("&#61;", "="),
    ("&#x3d;", "="),
    ("&equals;", "="),
    ("&amp;", "&"),
];

/// So many strings of a record are tried in other orders.
const MAX_PARTS: usize = 4;

/// What came into a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Quotation marks, backslashes or HTML entities, at these places, outside of the key itself.
    Quotes(Vec<Range<usize>>),
    /// Characters outside of ASCII, at these places, outside of the key itself.
    NotAscii(Vec<Range<usize>>),
    /// A key comes out where its character-strings are put into this order.
    Disorder(String),
    /// Tags stand behind each other without a semicolon; the blanks or commas that stand there instead.
    NoSeparator(Vec<Range<usize>>),
}

/// The chief damage of a text.
pub(super) fn find(txt: &Txt, tags: &TagList, key: &PublicKey) -> Option<Damage> {
    let text = txt.value.as_str();
    let outside = |at: &Range<usize>| {
        let inside = |name| tags.all(name).filter_map(|tag| tag.value.clone()).any(|value| value.contains(&at.start));
        !inside("p") && !inside("n")
    };
    let quotes: Vec<_> =
        quotes(text).into_iter().filter(|at| outside(at) || text[at.clone()].starts_with('&')).collect();
    let characters = text.char_indices().filter(|(_, c)| !c.is_ascii()).map(|(at, c)| at..at + c.len_utf8());
    let not_ascii: Vec<_> = characters.filter(outside).collect();
    let separators = missing_separators(text, tags);
    if !quotes.is_empty() {
        Some(Damage::Quotes(quotes))
    } else if !not_ascii.is_empty() {
        Some(Damage::NotAscii(not_ascii))
    } else if let Some(text) = in_order(txt, key) {
        Some(Damage::Disorder(text))
    } else {
        (!separators.is_empty()).then_some(Damage::NoSeparator(separators))
    }
}

/// The text without quotation marks and backslashes, and with HTML entities as the characters for which they stand.
pub fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for part in quotes(text) {
        out.push_str(&text[from..part.start]);
        out.push_str(entity_at(text, part.start).map_or("", |(_, character)| character));
        from = part.end;
    }
    out + &text[from..]
}

/// The text with a semicolon at each of these places.
pub fn separated(text: &str, places: &[Range<usize>]) -> String {
    places.iter().rev().fold(text.to_owned(), |text, place| crate::records::replaced(&text, place, "; "))
}

/// The order of the parts in which they are a record with a key, if there is one.
pub fn in_any_order(parts: &[&str]) -> Option<String> {
    if parts.len() > MAX_PARTS {
        return None;
    }
    orders(parts.len()).into_iter().find_map(|order| {
        let text: String = order.into_iter().map(|at| parts[at]).collect();
        key_in(&text).is_usable().then_some(text)
    })
}

fn quotes(text: &str) -> Vec<Range<usize>> {
    text.char_indices()
        .filter_map(|(at, c)| match c {
            '"' | '\\' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' => Some(at..at + c.len_utf8()),
            '&' => entity_at(text, at).map(|(length, _)| at..at + length),
            _ => None,
        })
        .collect()
}

fn entity_at(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let is_there =
        |entity: &str| text.get(at..at + entity.len()).is_some_and(|found| found.eq_ignore_ascii_case(entity));
    ENTITIES.iter().find(|(entity, _)| is_there(entity)).map(|(entity, character)| (entity.len(), *character))
}

/// Places inside of tag values where another tag of a key record begins behind blanks or a comma.
fn missing_separators(text: &str, tags: &TagList) -> Vec<Range<usize>> {
    let values =
        tags.tags.iter().filter(|tag| !tags.name(tag).eq_ignore_ascii_case("n")).filter_map(|tag| tag.value.clone());
    values.flat_map(|value| separators_in(text, value)).collect()
}

fn separators_in(text: &str, value: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let blank = |at: &usize| matches!(bytes[*at], b' ' | b'\t' | b',');
    let begins = |at: &usize| {
        let tag = matches!(bytes[*at], b'v' | b'k' | b'p' | b't' | b'h' | b's' | b'n' | b'g');
        // A blank may stand in base64; a `=` in it stands at its end, with nothing but another one behind it.
        tag && bytes.get(*at + 1) == Some(&b'=') && bytes[..value.end].get(*at + 2).is_some_and(|next| *next != b'=')
    };
    (value.start + 1..value.end)
        .filter(|at| blank(&(at - 1)) && begins(at))
        .map(|at| (value.start..at).rev().take_while(blank).last().unwrap_or(at)..at)
        .collect()
}

/// The text in the order of its character-strings in which there is a key, where there is none in the order at hand.
fn in_order(txt: &Txt, key: &PublicKey) -> Option<String> {
    let broken = matches!(
        key,
        PublicKey::Truncated { .. } | PublicKey::NotAKey { .. } | PublicKey::NotBase64(_) | PublicKey::Missing
    );
    if !broken || txt.strings.len() < 2 || !txt.value.is_ascii() {
        return None;
    }
    let mut rest = txt.value.as_str();
    let parts: Vec<&str> = txt.strings.iter().map(|length| cut(&mut rest, *length as usize)).collect();
    in_any_order(&parts)
}

fn cut<'a>(rest: &mut &'a str, length: usize) -> &'a str {
    let (part, behind) = rest.split_at(length.min(rest.len()));
    *rest = behind;
    part
}

/// All orders of so many parts.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..count {
        let longer = |order: &Vec<usize>| {
            let left = (0..count).filter(|at| !order.contains(at));
            left.map(|at| [order.as_slice(), &[at]].concat()).collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders
}

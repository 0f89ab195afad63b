//! Characters that are pasted into records and do not belong there: their names, and what was meant by them.

use std::ops::Range;

/// A character that does not belong into an SPF record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    /// Where it stands.
    pub range: Range<usize>,
    /// Number and name by Unicode; the entity itself for those of HTML.
    pub name: String,
    /// What must have been meant; nothing where that is not known.
    pub instead: Option<&'static str>,
}

/// Characters by their Unicode names, and what is meant by them.
const KNOWN: &[(char, &str, Option<&str>)] = &[
    ('\t', "CHARACTER TABULATION", Some(" ")),
    ('\n', "LINE FEED", Some(" ")),
    ('\r', "CARRIAGE RETURN", Some(" ")),
    ('\u{a0}', "NO-BREAK SPACE", Some(" ")),
    ('\u{2002}', "EN SPACE", Some(" ")),
    ('\u{2003}', "EM SPACE", Some(" ")),
    ('\u{2009}', "THIN SPACE", Some(" ")),
    ('\u{202f}', "NARROW NO-BREAK SPACE", Some(" ")),
    ('\u{2028}', "LINE SEPARATOR", Some(" ")),
    ('\u{3000}', "IDEOGRAPHIC SPACE", Some(" ")),
    ('\u{ad}', "SOFT HYPHEN", Some("")),
    ('\u{200b}', "ZERO WIDTH SPACE", Some("")),
    ('\u{200c}', "ZERO WIDTH NON-JOINER", Some("")),
    ('\u{200d}', "ZERO WIDTH JOINER", Some("")),
    ('\u{200e}', "LEFT-TO-RIGHT MARK", Some("")),
    ('\u{200f}', "RIGHT-TO-LEFT MARK", Some("")),
    ('\u{2060}', "WORD JOINER", Some("")),
    ('\u{feff}', "ZERO WIDTH NO-BREAK SPACE (byte order mark)", Some("")),
    ('"', "QUOTATION MARK", Some("")),
    ('\'', "APOSTROPHE", Some("")),
    ('`', "GRAVE ACCENT", Some("")),
    ('\\', "REVERSE SOLIDUS (backslash)", Some("")),
    ('\u{2018}', "LEFT SINGLE QUOTATION MARK", Some("")),
    ('\u{2019}', "RIGHT SINGLE QUOTATION MARK", Some("")),
    ('\u{201c}', "LEFT DOUBLE QUOTATION MARK", Some("")),
    ('\u{201d}', "RIGHT DOUBLE QUOTATION MARK", Some("")),
    ('\u{ab}', "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK", Some("")),
    ('\u{bb}', "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK", Some("")),
    ('\u{2010}', "HYPHEN", Some("-")),
    ('\u{2011}', "NON-BREAKING HYPHEN", Some("-")),
    ('\u{2012}', "FIGURE DASH", Some("-")),
    ('\u{2013}', "EN DASH", Some("-")),
    ('\u{2014}', "EM DASH", Some("-")),
    ('\u{2212}', "MINUS SIGN", Some("-")),
    ('\u{2dc}', "SMALL TILDE", Some("~")),
    ('\u{223c}', "TILDE OPERATOR", Some("~")),
    ('\u{301c}', "WAVE DASH", Some("~")),
    ('\u{ff0d}', "FULLWIDTH HYPHEN-MINUS", Some("-")),
    ('\u{ff0e}', "FULLWIDTH FULL STOP", Some(".")),
    ('\u{ff1a}', "FULLWIDTH COLON", Some(":")),
    ('\u{ff1d}', "FULLWIDTH EQUALS SIGN", Some("=")),
    ('\u{ff5e}', "FULLWIDTH TILDE", Some("~")),
    ('\u{430}', "CYRILLIC SMALL LETTER A", Some("a")),
    ('\u{435}', "CYRILLIC SMALL LETTER IE", Some("e")),
    ('\u{43e}', "CYRILLIC SMALL LETTER O", Some("o")),
    ('\u{440}', "CYRILLIC SMALL LETTER ER", Some("p")),
    ('\u{441}', "CYRILLIC SMALL LETTER ES", Some("c")),
    ('\u{443}', "CYRILLIC SMALL LETTER U", Some("y")),
    ('\u{445}', "CYRILLIC SMALL LETTER HA", Some("x")),
    ('\u{455}', "CYRILLIC SMALL LETTER DZE", Some("s")),
    ('\u{456}', "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I", Some("i")),
    ('\u{3bf}', "GREEK SMALL LETTER OMICRON", Some("o")),
];

/// Entities of HTML, which stay behind when a record is copied out of a page's source.
const ENTITIES: &[(&str, &str)] =
    &[("&nbsp;", " "), ("&#160;", " "), ("&quot;", ""), ("&#34;", ""), ("&#39;", ""), ("&apos;", "")];

/// All characters in a part of a text that do not belong into a record, in order.
pub(super) fn strays(value: &str, part: Range<usize>) -> Vec<Stray> {
    let mut strays = Vec::new();
    let mut at = part.start;
    while let Some(character) = value.get(at..part.end).and_then(|rest| rest.chars().next()) {
        let stray = entity(value, at).or_else(|| stray(character, at));
        at = stray.as_ref().map_or(at + character.len_utf8(), |stray| stray.range.end);
        strays.extend(stray);
    }
    strays
}

/// The names of some, each once; of many only the first.
pub(super) fn names(strays: &[Stray]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for stray in strays {
        if !names.contains(&stray.name.as_str()) {
            names.push(&stray.name);
        }
    }
    names.truncate(3);
    names.join(", ")
}

fn entity(value: &str, at: usize) -> Option<Stray> {
    let (text, instead) = ENTITIES.iter().find(|(text, _)| value[at..].starts_with(text))?;
    Some(Stray { range: at..at + text.len(), name: format!("{text} (HTML)"), instead: Some(instead) })
}

fn stray(character: char, at: usize) -> Option<Stray> {
    let range = at..at + character.len_utf8();
    let number = u32::from(character);
    match KNOWN.iter().find(|(known, ..)| *known == character) {
        Some((_, name, instead)) => Some(Stray { range, name: format!("U+{number:04X} {name}"), instead: *instead }),
        None if character == ' ' || character.is_ascii_graphic() => None,
        None => Some(Stray { range, name: format!("U+{number:04X}"), instead: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strays_are_named_and_placed() {
        let value = "v=spf1 \u{2013}all\r\n&nbsp;\u{1f600}";
        let strays = strays(value, 0..value.len());
        let seen: Vec<_> = strays.iter().map(|stray| (stray.range.clone(), stray.instead)).collect();
        assert_eq!(
            seen,
            [(7..10, Some("-")), (13..14, Some(" ")), (14..15, Some(" ")), (15..21, Some(" ")), (21..25, None)]
        );
        assert_eq!(names(&strays), "U+2013 EN DASH, U+000D CARRIAGE RETURN, U+000A LINE FEED");
        assert_eq!(strays[4].name, "U+1F600");
    }
}

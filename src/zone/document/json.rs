//! JSON (RFC 8259).

use std::ops::Range;
use std::sync::Arc;

use super::{Document, MAX_DEPTH, Node, NodeKind, Scalar, without_doubled};
use crate::zone::ProblemKind;
use crate::zone::lexer::Fault;
use crate::zone::written::Written;

/// Reads up to the first thing that is no JSON; lists and objects that are open there hold what was read of them.
pub(super) fn read(text: &str) -> Document {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at, depth: 0, stopped: false, faults: Vec::new() };
    let root = reader.value();
    reader.blanks();
    if !reader.stopped && reader.at < text.len() {
        reader.stop(ProblemKind::BadSyntax);
    }
    Document { root: Arc::new(root), faults: reader.faults }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    /// Something could not be read: nothing is read behind it.
    stopped: bool,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn value(&mut self) -> Node {
        self.blanks();
        let start = self.at;
        match self.byte() {
            Some(b'{' | b'[') if self.depth >= MAX_DEPTH => self.stop(ProblemKind::TooDeep),
            Some(b'{') => return self.nested(|reader, start| reader.object(start)),
            Some(b'[') => return self.nested(|reader, start| reader.array(start)),
            Some(b'"') => {
                let scalar = self.string();
                return Node { bytes: scalar.bytes.clone(), kind: NodeKind::Scalar(scalar) };
            }
            _ => return self.literal(),
        }
        self.node(start, NodeKind::Sequence(Vec::new()))
    }

    fn nested(&mut self, read: fn(&mut Self, usize) -> Node) -> Node {
        let start = self.at;
        self.at += 1;
        self.depth += 1;
        let node = read(self, start);
        self.depth -= 1;
        node
    }

    fn object(&mut self, start: usize) -> Node {
        let mut entries = Vec::new();
        while self.goes_on(entries.is_empty(), b'}') {
            if self.byte() != Some(b'"') {
                self.stop(ProblemKind::BadSyntax);
                break;
            }
            let key = self.string();
            self.blanks();
            if self.stopped || !self.take(b':') {
                self.stop(ProblemKind::BadSyntax);
                break;
            }
            entries.push((key, Arc::new(self.value())));
        }
        self.faults.extend(without_doubled(&mut entries));
        self.node(start, NodeKind::Mapping(entries))
    }

    fn array(&mut self, start: usize) -> Node {
        let mut items = Vec::new();
        while self.goes_on(items.is_empty(), b']') {
            items.push(Arc::new(self.value()));
        }
        self.node(start, NodeKind::Sequence(items))
    }

    /// Is there another member? Takes the comma before it, or the bracket behind the last one.
    fn goes_on(&mut self, first: bool, bracket: u8) -> bool {
        self.blanks();
        if self.stopped || self.take(bracket) {
            return false;
        }
        if !first && !self.take(b',') {
            self.stop(ProblemKind::BadSyntax);
        }
        self.blanks();
        !self.stopped
    }

    /// RFC 8259 section 3: "A JSON value MUST be an object, array, number, or string, or one of the following three
    /// literal names: false null true".
    fn literal(&mut self) -> Node {
        let start = self.at;
        let rest = &self.text[start..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.bytes().take_while(is_part).count();
        let word = &rest[..length];
        let is_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && word.parse::<f64>().is_ok();
        let mut value = Written::default();
        if matches!(word, "true" | "false" | "null") || is_number {
            value.push_same(word, start);
            self.at += length;
        } else {
            self.stop(ProblemKind::BadSyntax);
        }
        let bytes = start..self.at;
        Node { bytes: bytes.clone(), kind: NodeKind::Scalar(Scalar { value, bytes, plain: true, tagged: false }) }
    }

    fn string(&mut self) -> Scalar {
        let start = self.at;
        self.at += 1;
        let mut value = Written::default();
        loop {
            let rest = &self.text[self.at..];
            let length = rest.bytes().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            value.push_same(&rest[..length], self.at);
            self.at += length;
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => match escape(&self.text[self.at..]) {
                    Some((character, length)) => {
                        value.push_as(character.encode_utf8(&mut [0; 4]), self.at..self.at + length);
                        self.at += length;
                    }
                    None => {
                        self.stop(ProblemKind::BadSyntax);
                        break;
                    }
                },
                // RFC 8259 section 7: "the characters that MUST be escaped: ... the control characters (U+0000 through
                // U+001F)".
                _ => {
                    self.stop(ProblemKind::BadSyntax);
                    break;
                }
            }
        }
        Scalar { value, bytes: start..self.at, plain: false, tagged: false }
    }

    fn blanks(&mut self) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|byte| blank(byte)).count();
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn stop(&mut self, kind: ProblemKind) {
        if !self.stopped {
            self.stopped = true;
            self.faults.push(Fault { kind, at: character_at(self.text, self.at) });
        }
    }

    fn node(&self, start: usize, kind: NodeKind) -> Node {
        Node { bytes: start..self.at, kind }
    }
}

/// The character at this byte; an empty place at the end of the text.
pub(super) fn character_at(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at);
    at..at + text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The character that an escape stands for, and the length of the escape.
fn escape(text: &str) -> Option<(char, usize)> {
    let character = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((character, 2))
}

/// RFC 8259 section 7: "To escape an extended character that is not in the Basic Multilingual Plane, the character is
/// represented as a 12-character sequence, encoding the UTF-16 surrogate pair."
fn unicode(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(0)?;
    let pair = unit(6).and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    match char::decode_utf16([first]).next()? {
        Ok(character) => Some((character, 6)),
        Err(_) => Some(pair.map_or((char::REPLACEMENT_CHARACTER, 6), |character| (character, 12))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(ProblemKind, Range<usize>)> {
        read(text).faults.into_iter().map(|fault| (fault.kind, fault.at)).collect()
    }

    #[test]
    fn strings_and_their_places() {
        let text = r#" {"a\u00e9": "x\"\\\/\b\f\n\r\t\ud83d\ude00é\ud800z", "b": [1, -2.5e3, true, null, {}]} "#;
        let document = read(text);
        assert_eq!(faults(text), []);
        let (key, node) = &document.root.entries()[0];
        let value = node.as_scalar().expect("a text");
        assert_eq!(key.value.text, "aé");
        assert_eq!(&text[key.bytes.clone()], r#""a\u00e9""#);
        assert_eq!(value.value.text, "x\"\\/\u{8}\u{c}\n\r\t😀é\u{fffd}z");
        let place = |part: &str| {
            let at = value.value.text.find(part).expect("a part");
            &text[value.value.place(at..at + part.len())]
        };
        assert_eq!(
            [place("x"), place("\""), place("😀"), place("é"), place("z")],
            ["x", r#"\""#, r"\ud83d\ude00", "é", "z"]
        );
        let list = document.root.list("b");
        assert_eq!((list.len(), list[2].is_true(), list[4].is_mapping()), (5, true, true));
        assert!(document.root.get("c").is_none());
    }

    #[test]
    fn what_is_read_before_a_fault_is_kept() {
        let document = read(r#"{"a": ["b", "c", x"#);
        assert_eq!(document.root.list("a").len(), 3);
        assert_eq!(document.faults[0].at, 17..18);
        for text in [
            "",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "\"a",
            "[\"\\x\"]",
            "[\"\n\"]",
            "{a:1}",
            "[1] 2",
            "01x",
            "nul",
        ] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_and_doubled_keys_are_told() {
        assert_eq!(faults(&"[".repeat(1_000_000)), [(ProblemKind::TooDeep, 128..129)]);
        assert_eq!(faults(r#"{"a":1,"a":2}"#), [(ProblemKind::DuplicateKey, 7..10)]);
        assert_eq!(read(r#"{"a":1,"a":2}"#).root.text("a"), Some("2"));
    }
}

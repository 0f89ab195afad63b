//! YAML 1.2, its first document. `saphyr_parser` reads it; here its values get their places back.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::json::character_at;
use super::{Document, MAX_DEPTH, Node, NodeKind, Scalar, without_doubled};
use crate::zone::ProblemKind;
use crate::zone::lexer::Fault;
use crate::zone::written::Written;

/// Aliases repeat no more values than this: a few lines may otherwise stand for billions.
const MAX_REPEATED: usize = 100_000;

/// Reads up to the first thing that is no YAML; lists and mappings that are open there hold what was read of them.
pub(super) fn read(text: &str) -> Document {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        text,
        offsets: Offsets { text, start, last: (0, start) },
        open: Vec::new(),
        anchors: HashMap::new(),
        repeated: 0,
        root: None,
        faults: Vec::new(),
    };
    let mut deep = 0;
    for event in Parser::new_from_str(&text[start..]) {
        match event {
            Ok((Event::DocumentEnd | Event::StreamEnd, _)) => break,
            // Deeper levels are read for their ends alone.
            Ok((Event::SequenceStart(..) | Event::MappingStart(..), span)) if reader.open.len() >= MAX_DEPTH => {
                if deep == 0 {
                    reader.fault(ProblemKind::TooDeep, &span.start);
                }
                deep += 1;
            }
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) if deep > 0 => deep -= 1,
            Ok(_) if deep > 0 => {}
            Ok((event, span)) => reader.event(event, &span),
            Err(error) => {
                let deep = error.info() == "recursion limit exceeded";
                let kind = if deep { ProblemKind::TooDeep } else { ProblemKind::BadSyntax };
                reader.fault(kind, error.marker());
                break;
            }
        }
    }
    reader.finish()
}

struct Reader<'t> {
    text: &'t str,
    offsets: Offsets<'t>,
    open: Vec<Open>,
    /// Each with the number of values in it.
    anchors: HashMap<usize, (Arc<Node>, usize)>,
    repeated: usize,
    root: Option<Arc<Node>>,
    faults: Vec<Fault>,
}

/// A list or a mapping that is being read.
struct Open {
    anchor: usize,
    bytes: Range<usize>,
    is_mapping: bool,
    /// How many values are in it, with those in its own.
    count: usize,
    nodes: Vec<Arc<Node>>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: &Span) {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let mut scalar = self.scalar(&value, style, span);
                scalar.tagged = tag.is_some_and(|tag| !tag.is_yaml_core_schema());
                let node = Node { bytes: scalar.bytes.clone(), kind: NodeKind::Scalar(scalar) };
                self.push(Arc::new(node), anchor, 1);
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, _) => self.begin(anchor, false, span),
            Event::MappingStart(anchor, _) => self.begin(anchor, true, span),
            Event::SequenceEnd | Event::MappingEnd => {
                let end = self.offsets.byte(&span.end);
                self.end(end);
            }
            _ => {}
        }
    }

    fn begin(&mut self, anchor: usize, is_mapping: bool, span: &Span) {
        let bytes = self.offsets.byte(&span.start)..self.offsets.byte(&span.end);
        self.open.push(Open { anchor, bytes, is_mapping, count: 1, nodes: Vec::new() });
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        // A list in brackets ends with its bracket, any other with its last value.
        let last = open.nodes.iter().map(|node| node.bytes.end).max().unwrap_or(open.bytes.end).max(open.bytes.start);
        let is_in_brackets = self.text.get(open.bytes.start..).is_some_and(|text| text.starts_with(['[', '{']));
        let rest = self.text.get(last..end).filter(|_| is_in_brackets);
        let bracket = rest.and_then(|rest| rest.find([']', '}'])).map(|at| last + at + 1);
        let bytes = open.bytes.start..bracket.unwrap_or(last);
        let kind = if open.is_mapping { self.mapping(open.nodes) } else { NodeKind::Sequence(open.nodes) };
        self.push(Arc::new(Node { bytes, kind }), open.anchor, open.count);
    }

    fn push(&mut self, node: Arc<Node>, anchor: usize, count: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (Arc::clone(&node), count));
        }
        match self.open.last_mut() {
            Some(open) => {
                open.count = open.count.saturating_add(count);
                open.nodes.push(node);
            }
            None => self.root = Some(node),
        }
    }

    fn alias(&mut self, anchor: usize, span: &Span) {
        let bytes = self.offsets.byte(&span.start)..self.offsets.byte(&span.end);
        let (node, count) = match self.anchors.get(&anchor) {
            Some((node, count)) => (Arc::clone(node), *count),
            None => (nothing(bytes.start), 1),
        };
        self.repeated = self.repeated.saturating_add(count);
        if self.repeated > MAX_REPEATED {
            self.faults.push(Fault { kind: ProblemKind::TooManyAliases, at: bytes.clone() });
            return self.push(nothing(bytes.start), 0, 1);
        }
        self.push(node, 0, count);
    }

    /// Keys and values take turns. `<<` takes over the entries of another mapping that the mapping does not have.
    fn mapping(&mut self, nodes: Vec<Arc<Node>>) -> NodeKind {
        let (mut entries, mut merged) = (Vec::new(), Vec::new());
        let mut nodes = nodes.into_iter();
        while let Some(key) = nodes.next() {
            let value = nodes.next().unwrap_or_else(|| nothing(key.bytes.end));
            match key.as_scalar() {
                Some(scalar) if scalar.plain && scalar.value.text == "<<" => merged.push(value),
                Some(scalar) => entries.push((scalar.clone(), value)),
                None => self.faults.push(Fault { kind: ProblemKind::WrongForm, at: key.bytes.clone() }),
            }
        }
        self.faults.extend(without_doubled(&mut entries));
        if !merged.is_empty() {
            let mut own: HashSet<String> = entries.iter().map(|(key, _)| key.value.text.clone()).collect();
            let others = merged.iter().flat_map(|value| std::iter::once(value).chain(value.items()));
            for (key, value) in others.flat_map(|other| other.entries()) {
                if own.insert(key.value.text.clone()) {
                    entries.push((key.clone(), Arc::clone(value)));
                }
            }
        }
        NodeKind::Mapping(entries)
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: &Span) -> Scalar {
        let bytes = self.offsets.byte(&span.start)..self.offsets.byte(&span.end);
        let bytes = without_properties(self.text, bytes);
        let plain = style == ScalarStyle::Plain;
        let (bytes, read) = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let end = bytes.start + self.text[bytes.clone()].trim_end_matches(['\n', '\r', ' ']).len();
                let bytes = bytes.start..end;
                let block = Block { text: self.text, indent: span.start.col(), folded: style == ScalarStyle::Folded };
                let read = block.read(bytes.clone(), value);
                (bytes, read)
            }
            _ => {
                let (read, end) = flow(self.text, bytes.clone(), style);
                (bytes.start..end, read)
            }
        };
        // The parser has the say; where the bytes seem to tell something else, all of them are the place of all of it.
        let value = if read.text == value { read } else { in_one_place(value, &bytes) };
        Scalar { value, bytes, plain, tagged: false }
    }

    fn fault(&mut self, kind: ProblemKind, marker: &Marker) {
        let at = character_at(self.text, self.offsets.byte(marker));
        self.faults.push(Fault { kind, at });
    }

    fn finish(mut self) -> Document {
        let end = self.open.iter().flat_map(|open| &open.nodes).map(|node| node.bytes.end).max().unwrap_or(0);
        while !self.open.is_empty() {
            self.end(end);
        }
        self.faults.sort_by_key(|fault| fault.at.start);
        Document { root: self.root.unwrap_or_else(|| nothing(0)), faults: self.faults }
    }
}

/// Turns the character numbers of the parser into bytes. They come nearly in order, so few characters are counted twice.
struct Offsets<'t> {
    text: &'t str,
    start: usize,
    /// A character and its byte.
    last: (usize, usize),
}

impl Offsets<'_> {
    fn byte(&mut self, marker: &Marker) -> usize {
        let (mut character, mut byte) = self.last;
        while character > marker.index() && byte > self.start {
            byte = self.text.floor_char_boundary(byte - 1);
            character -= 1;
        }
        while character < marker.index() && byte < self.text.len() {
            byte = self.text.ceil_char_boundary(byte + 1);
            character += 1;
        }
        self.last = (character, byte);
        byte
    }
}

fn nothing(at: usize) -> Arc<Node> {
    let scalar = Scalar { bytes: at..at, plain: true, ..Scalar::default() };
    Arc::new(Node { bytes: at..at, kind: NodeKind::Scalar(scalar) })
}

fn in_one_place(value: &str, bytes: &Range<usize>) -> Written {
    let mut written = Written::default();
    written.push_as(value, bytes.clone());
    written
}

/// The bytes of a scalar without the tag and the anchor before it.
fn without_properties(text: &str, bytes: Range<usize>) -> Range<usize> {
    let mut start = bytes.start;
    while let Some(rest) = text.get(start..bytes.end).filter(|rest| rest.starts_with(['!', '&'])) {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        start += word + rest[word..].len() - rest[word..].trim_start().len();
    }
    start..bytes.end
}

/// A scalar that is plain or in quotation marks. YAML 1.2 section 6.5: a line break is a space, and of several the first
/// one is nothing; blanks around them are no part of the value. Returns where it ends, too: the bytes may go on behind it.
fn flow(text: &str, bytes: Range<usize>, style: ScalarStyle) -> (Written, usize) {
    let mark = match style {
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        _ => '\0',
    };
    let (mut at, mut out) = (bytes.start + usize::from(mark != '\0'), Written::default());
    while let Some(rest) = text.get(at..bytes.end).filter(|rest| !rest.is_empty()) {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let breaks = line_breaks(&rest[blanks..]);
        if let Some((length, count)) = breaks {
            let folded = if count == 1 { " ".to_owned() } else { "\n".repeat(count - 1) };
            out.push_as(&folded, at..at + blanks + length);
            at += blanks + length;
        } else if blanks > 0 {
            out.push_same(&rest[..blanks], at);
            at += blanks;
        } else if mark == '\'' && rest.starts_with("''") {
            out.push_as("'", at..at + 2);
            at += 2;
        } else if mark != '\0' && rest.starts_with(mark) {
            return (out, at + 1);
        } else if mark == '"' && rest.starts_with('\\') {
            let (value, length) = escape(rest);
            value.into_iter().for_each(|c| out.push_as(c.encode_utf8(&mut [0; 4]), at..at + length));
            at += length;
        } else {
            let special = |(n, c): (usize, char)| n > 0 && matches!(c, ' ' | '\t' | '\n' | '\r' | '\\' | '\'' | '"');
            let length = rest.char_indices().find(|entry| special(*entry)).map_or(rest.len(), |(n, _)| n);
            out.push_same(&rest[..length], at);
            at += length;
        }
    }
    (out, bytes.end)
}

/// Line breaks and the blanks behind each: their length and number.
fn line_breaks(text: &str) -> Option<(usize, usize)> {
    let (mut length, mut count) = (0, 0);
    while let Some(rest) = text[length..].strip_prefix("\r\n").or_else(|| text[length..].strip_prefix(['\n', '\r'])) {
        length = text.len() - rest.trim_start_matches([' ', '\t']).len();
        count += 1;
    }
    (count > 0).then_some((length, count))
}

/// YAML 1.2 section 5.7: the character that an escape stands for, and the length of the escape.
fn escape(text: &str) -> (Option<char>, usize) {
    let Some(letter) = text[1..].chars().next() else { return (None, 1) };
    if let Some((length, _)) = line_breaks(&text[1..]) {
        return (None, 1 + length);
    }
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let number = text.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        return (number.and_then(char::from_u32), (2 + digits).min(text.len()));
    }
    let character = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    };
    (Some(character), 1 + letter.len_utf8())
}

/// A scalar behind `|` or `>` (YAML 1.2 section 8.1).
struct Block<'t> {
    text: &'t str,
    indent: usize,
    folded: bool,
}

impl Block<'_> {
    /// Reads the lines; line breaks at the end are those of the value, which the header decides on.
    fn read(&self, bytes: Range<usize>, value: &str) -> Written {
        let (mut out, mut at, mut empty, mut spaced) = (Written::default(), bytes.start, 0, false);
        let mut end_of_line = None;
        for line in self.text[bytes.clone()].split('\n') {
            let own = if end_of_line.is_none() { line } else { self.without_indent(line) };
            let content = own.strip_suffix('\r').unwrap_or(own);
            let start = at + line.len() - own.len();
            if content.is_empty() {
                empty += 1;
            } else {
                let indented = content.starts_with([' ', '\t']);
                if let Some(before) = end_of_line {
                    out.push_as(&self.between(empty, spaced || indented), before..start);
                }
                out.push_same(content, start);
                (empty, spaced) = (0, indented);
            }
            if !content.is_empty() || end_of_line.is_none() {
                end_of_line = Some(start + content.len());
            }
            at += line.len() + 1;
        }
        let rest = value.strip_prefix(out.text.as_str()).filter(|rest| rest.bytes().all(|byte| byte == b'\n'));
        out.push_as(rest.unwrap_or_default(), bytes.end..bytes.end);
        out
    }

    fn without_indent<'l>(&self, line: &'l str) -> &'l str {
        let spaces = line.bytes().take(self.indent).take_while(|byte| *byte == b' ').count();
        &line[spaces..]
    }

    fn between(&self, empty: usize, spaced: bool) -> String {
        match (self.folded && !spaced, empty) {
            (true, 0) => " ".to_owned(),
            (true, empty) => "\n".repeat(empty),
            (false, empty) => "\n".repeat(empty + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Scalar {
        let document = read(text);
        assert!(document.faults.is_empty(), "{text}: {:?}", document.faults);
        document.root.scalar("a").expect(text).clone()
    }

    /// Where a part of the value is written.
    fn place<'t>(text: &'t str, part: &str) -> &'t str {
        let scalar = value(text);
        let at = scalar.value.text.find(part).unwrap_or_else(|| panic!("{part} in {:?}", scalar.value.text));
        &text[scalar.value.place(at..at + part.len())]
    }

    #[test]
    fn every_style_has_its_places() {
        for (text, whole) in [
            ("a: v=spf1 mx -all # comment\n", "v=spf1 mx -all"),
            ("x: é\na: 'v=spf1 mx -all'\n", "v=spf1 mx -all"),
            ("a: \"v=spf1 mx -all\"\n", "v=spf1 mx -all"),
            ("a: v=spf1\n  mx\n\n  -all\n", "v=spf1 mx\n-all"),
            ("a: \"v=spf1 \\\n    mx\n   -all\"\n", "v=spf1 mx -all"),
            ("a: >-\n  v=spf1\n  mx\n  -all\nb: c\n", "v=spf1 mx -all"),
            ("a: >\n  v=spf1\n\n\n  mx\n   -all\n", "v=spf1\n\nmx\n -all\n"),
            ("a: |\n  v=spf1 mx\n  -all\n", "v=spf1 mx\n-all\n"),
            ("a: |2-\n   v=spf1 mx\r\n  -all\n\n\nb: c\n", " v=spf1 mx\n-all"),
            ("a: !!str v=spf1 mx -all\n", "v=spf1 mx -all"),
            ("a: &anchor 'v=spf1 mx -all'\n", "v=spf1 mx -all"),
            ("\u{feff}a: [v=spf1 mx -all]\nb: &x [v=spf1 mx -all]\n", ""),
        ] {
            if !whole.is_empty() {
                assert_eq!(value(text).value.text, whole, "{text}");
                for part in ["v=spf1", "mx", "-all", "p"] {
                    assert_eq!(place(text, part), part, "{text}");
                }
            }
        }
        assert_eq!(place(r#"a: "p=none\\; \u00e9\x41\t""#, "\\"), r"\\");
        assert_eq!(place(r#"a: "p=none\\; \u00e9\x41\t""#, "é"), r"\u00e9");
        assert_eq!(place("a: 'it''s'", "'"), "''");
        assert_eq!(place("a: one\n  two", " "), "\n  ");
        assert_eq!(&"a: 'x' # it's"[value("a: 'x' # it's").bytes], "'x'");
    }

    #[test]
    fn places_of_lists_and_mappings() {
        let text = "a:\n  - type: A\n    value: é\n  - {type: B}\nb: [1, 2] # c\n";
        let document = read(text);
        let items = document.root.list("a");
        assert_eq!(&text[items[0].bytes.clone()], "type: A\n    value: é");
        assert_eq!(&text[items[1].bytes.clone()], "{type: B}");
        assert_eq!(&text[document.root.get("b").expect("b").bytes.clone()], "[1, 2]");
    }

    #[test]
    fn aliases_and_merged_mappings() {
        let document = read("x: &x {t: 1, u: 2}\na: {<<: *x, t: 3}\nb: {<<: [*x, {v: 4}]}\n");
        let [a, b] = ["a", "b"].map(|key| document.root.get(key).expect(key));
        assert_eq!([a.text("t"), a.text("u"), b.text("t"), b.text("v")], [Some("3"), Some("2"), Some("1"), Some("4")]);
    }

    #[test]
    fn bombs_are_bounded() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for n in 1..30 {
            bomb.push_str(&format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(",")));
        }
        let document = read(&bomb);
        assert!(document.faults.iter().all(|fault| fault.kind == ProblemKind::TooManyAliases));
        assert!(!document.faults.is_empty());
        let document = read(&"[".repeat(200_000));
        assert!(document.faults.iter().any(|fault| fault.kind == ProblemKind::TooDeep), "{:?}", document.faults);
    }

    #[test]
    fn what_is_read_before_a_fault_is_kept() {
        let document = read("a: b\nc:\n  - d\n  - e: f: g\n");
        assert_eq!((document.root.text("a"), document.root.list("c").len()), (Some("b"), 2));
        assert_eq!(document.faults.len(), 1);
        assert_eq!(document.faults[0].kind, ProblemKind::BadSyntax);
        assert_eq!(read("a: 1\na: 2\n").faults[0].at, 5..6);
        assert_eq!(read("").root.entries().len(), 0);
    }
}

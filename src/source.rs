//! Texts that findings point into, and places in them.
//!
//! A source is the text of a zone file, of one DNS answer written as zone lines, or of a page. Who reads a text keeps byte
//! ranges; this file turns them into spans, lines and columns. It knows nothing of DNS beyond names and types.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::name::Question;

/// A text that a finding may point into.
pub struct Source {
    /// What a reader calls the text: a path as it was given, or `example.com TXT` for an answer.
    pub name: String,
    /// The text as it stands there.
    pub text: String,
    /// Where the text comes from.
    pub kind: SourceKind,
    line_starts: OnceLock<Vec<usize>>,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A file that somebody edits: places in it are lines of that file.
    File,
    /// A DNS answer, written as zone lines.
    Answer,
    /// What a web server sent.
    Page,
    /// A part of a mail, decoded.
    Message,
}

/// Bytes of a source, and the record set (owner and type) they belong to, where they belong to one.
#[derive(Clone)]
pub struct Span {
    /// The text.
    pub source: Arc<Source>,
    /// Byte range in the text; empty for a place between two characters.
    pub bytes: Range<usize>,
    /// The record set that stands there.
    pub record_set: Option<Question>,
}

/// A place for people: line and column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A byte range in half the space, for what is held a million times. Texts are far smaller than the 4 GiB that it can
/// tell; what lies behind them is their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    start: u32,
    end: u32,
}

impl Extent {
    /// The same as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<Range<usize>> for Extent {
    fn from(range: Range<usize>) -> Extent {
        let byte = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Extent { start: byte(range.start), end: byte(range.end) }
    }
}

impl Source {
    /// A source with this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>, kind: SourceKind) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into(), kind, line_starts: OnceLock::new() })
    }

    /// Line and column of a byte; a byte behind the end stands for the end.
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte);
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= byte);
        let column = self.text[starts[line - 1]..byte].chars().count() + 1;
        Position { line, column }
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1)).collect()
        })
    }
}

/// The name alone: a text may be long, and many hold on to it.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.name)
    }
}

impl Span {
    /// Where the span begins.
    pub fn position(&self) -> Position {
        self.source.position(self.bytes.start)
    }

    /// The bytes that the span covers.
    pub fn text(&self) -> &str {
        self.source.text.get(self.bytes.clone()).unwrap_or_default()
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Span) -> bool {
        self.bytes == other.bytes && self.source.name == other.source.name && self.record_set == other.record_set
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?} {:?}", self.source.name, self.bytes, self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.zone", "one\nzwölf x\n", SourceKind::File);
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(11), Position { line: 2, column: 7 });
        assert_eq!(source.position(999).line, 3);
    }
}

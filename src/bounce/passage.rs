//! Pieces of a source, and lines of them joined to one.

use std::ops::Range;
use std::sync::Arc;

use crate::bounce::Quoted;
use crate::source::{Source, SourceKind, Span};

/// A piece of a source. Ranges that go in and out count from its beginning.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    source: Arc<Source>,
    bytes: Range<usize>,
}

/// Lines joined by single blanks, each character with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Joined {
    pub text: String,
    /// Where a piece of the text begins, and where it stands in the passage.
    pieces: Vec<(usize, usize)>,
}

impl Passage {
    pub fn whole(source: &Arc<Source>) -> Passage {
        Passage { source: source.clone(), bytes: 0..source.text.len() }
    }

    pub fn text(&self) -> &str {
        self.source.text.get(self.bytes.clone()).unwrap_or_default()
    }

    /// What the source is called.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The file, if the passage is a piece of it.
    pub fn file(&self) -> Option<&Arc<Source>> {
        Some(&self.source).filter(|source| source.kind == SourceKind::File)
    }

    /// Where the passage begins in its source.
    pub fn start(&self) -> usize {
        self.bytes.start
    }

    pub fn part(&self, range: Range<usize>) -> Passage {
        let end = self.bytes.end.min(self.bytes.start + range.end);
        Passage { source: self.source.clone(), bytes: (self.bytes.start + range.start).min(end)..end }
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        Span { source: self.source.clone(), bytes: self.part(range).bytes, record_set: None }
    }

    /// The words that stand there.
    pub fn quoted(&self, range: Range<usize>) -> Quoted {
        let text = self.text().get(range.clone()).unwrap_or_default().to_owned();
        Quoted { text, span: self.span(range) }
    }

    /// Each line with its place, without its end.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut at = 0;
        self.text().split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\r', '\n']))
        })
    }
}

impl Joined {
    /// Adds a line that stands at this place; blanks around it are dropped.
    pub fn push(&mut self, at: usize, line: &str) {
        let words = line.trim();
        if words.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.pieces.push((self.text.len(), at + line.len() - line.trim_start().len()));
        self.text.push_str(words);
    }

    /// Where a range of the text stands in the passage.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.place_of(range.start);
        let end = if range.is_empty() { start } else { self.place_of(range.end - 1) + 1 };
        start..end.max(start)
    }

    pub fn quoted(&self, passage: &Passage, range: Range<usize>) -> Quoted {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        Quoted { text, span: passage.span(self.place(&range)) }
    }

    /// What stands behind this place.
    pub fn after(&self, from: usize) -> Joined {
        let text = self.text.get(from..).unwrap_or_default().to_owned();
        let first = self.pieces.partition_point(|(start, _)| *start <= from);
        let mut pieces = vec![(0, self.place_of(from))];
        pieces.extend(self.pieces[first..].iter().map(|(start, at)| (start - from, *at)));
        Joined { text, pieces }
    }

    fn place_of(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(start, _)| *start <= at).checked_sub(1);
        piece.map_or(0, |piece| self.pieces[piece].1 + at - self.pieces[piece].0)
    }
}

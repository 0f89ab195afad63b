//! The lines that a finding is about.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{Source, Span};

/// Lines of one source that lie no farther apart are shown together.
const NEAR: usize = 4;

/// Neighbouring lines of one source, with the places in them.
pub(super) struct Excerpt {
    /// The text they are of.
    pub source: Arc<Source>,
    /// The bytes of whole lines.
    pub lines: Range<usize>,
    /// The places, in bytes of the source.
    pub spans: Vec<Range<usize>>,
    /// Is it of the text that the finding is about in the first place?
    pub primary: bool,
}

impl Excerpt {
    /// The lines.
    pub fn text(&self) -> &str {
        &self.source.text[self.lines.clone()]
    }

    /// The number of the first line, from 1.
    pub fn first_line(&self) -> usize {
        self.source.position(self.lines.start).line
    }
}

/// The lines that hold these places, in the order in which they are first named.
pub(super) fn excerpts(spans: &[Span]) -> Vec<Excerpt> {
    let mut excerpts: Vec<Excerpt> = Vec::new();
    for span in spans {
        let lines = lines_around(&span.source, &span.bytes);
        let near = excerpts.iter_mut().find(|excerpt| {
            Arc::ptr_eq(&excerpt.source, &span.source) && is_near(&span.source, &excerpt.lines, &lines)
        });
        match near {
            Some(excerpt) => {
                excerpt.lines = excerpt.lines.start.min(lines.start)..excerpt.lines.end.max(lines.end);
                excerpt.spans.push(span.bytes.clone());
            }
            None => excerpts.push(Excerpt {
                source: Arc::clone(&span.source),
                lines,
                spans: vec![span.bytes.clone()],
                primary: Arc::ptr_eq(&span.source, &spans[0].source),
            }),
        }
    }
    excerpts
}

fn lines_around(source: &Source, bytes: &Range<usize>) -> Range<usize> {
    let text = &source.text;
    let start = text.floor_char_boundary(bytes.start);
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = text.floor_char_boundary(bytes.end).max(start);
    let behind = text[end..].split('\n').next().unwrap_or_default();
    from..end + behind.strip_suffix('\r').unwrap_or(behind).len()
}

fn is_near(source: &Source, a: &Range<usize>, b: &Range<usize>) -> bool {
    let between = if a.end <= b.start { a.end..b.start } else { b.end.min(a.start)..a.start };
    source.text.get(between).is_none_or(|text| text.matches('\n').count() <= NEAR)
}

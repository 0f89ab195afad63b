//! A text that was put together from parts of a source, each byte with the place where it is written there.

use std::ops::Range;

/// A text, and where it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// The text.
    pub text: String,
    /// What is written where, in the order of the text, without gaps.
    runs: Vec<Run>,
}

/// A part of the text and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    /// Where the part begins; it ends where the next one begins.
    start: usize,
    place: Range<usize>,
    /// Each byte is written as itself; otherwise the place is one for the whole part.
    exact: bool,
}

impl Written {
    /// Adds a text that stands at this place byte by byte.
    pub fn push_same(&mut self, text: &str, start: usize) {
        let place = start..start + text.len();
        match self.runs.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.exact && last.place.end == start => last.place.end = place.end,
            _ => self.runs.push(Run { start: self.text.len(), place, exact: true }),
        }
        self.text.push_str(text);
    }

    /// Adds a text that is written in another way at this place: an escape, or what stands for nothing in the source.
    pub fn push_as(&mut self, text: &str, place: Range<usize>) {
        if !text.is_empty() {
            self.runs.push(Run { start: self.text.len(), place, exact: false });
            self.text.push_str(text);
        }
    }

    /// Adds a part of another text.
    pub fn push_part(&mut self, other: &Written, part: Range<usize>) {
        let mut at = part.start;
        while at < part.end {
            let Some((run, end)) = other.run(at) else { return };
            let end = end.min(part.end);
            let Some(text) = other.text.get(at..end) else { return };
            match run.exact {
                true => self.push_same(text, run.place.start + (at - run.start)),
                false => self.push_as(text, run.place.clone()),
            }
            at = end;
        }
    }

    /// Adds all of another text.
    pub fn push_all(&mut self, other: &Written) {
        self.push_part(other, 0..other.text.len());
    }

    /// The place of a part, with all that stands between its bytes there. An empty part has an empty place.
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        if part.is_empty() {
            let at = match self.run(part.start) {
                Some((run, _)) => run.place_of(part.start).start,
                None => self.runs.last().map_or(0, |run| run.place.end),
            };
            return at..at;
        }
        let (mut start, mut end, mut at) = (usize::MAX, 0, part.start);
        while let Some((run, next)) = self.run(at).filter(|_| at < part.end) {
            start = start.min(run.place_of(at).start);
            end = end.max(run.place_of(next.min(part.end) - 1).end);
            at = next;
        }
        start.min(end)..end
    }

    /// The part that holds this byte, and where it ends.
    fn run(&self, at: usize) -> Option<(&Run, usize)> {
        let next = self.runs.partition_point(|run| run.start <= at);
        let end = self.runs.get(next).map_or(self.text.len(), |run| run.start);
        let run = self.runs.get(next.checked_sub(1)?)?;
        (at < end).then_some((run, end))
    }
}

impl Run {
    fn place_of(&self, at: usize) -> Range<usize> {
        match self.exact {
            true => self.place.start + (at - self.start)..self.place.start + (at - self.start) + 1,
            false => self.place.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_its_place() {
        let mut written = Written::default();
        written.push_same("ab", 10);
        written.push_same("c", 12);
        written.push_as("\"", 13..15);
        written.push_same("d", 20);
        assert_eq!(written.text, "abc\"d");
        assert_eq!((written.place(0..3), written.place(1..4), written.place(3..5)), (10..13, 11..15, 13..21));
        assert_eq!((written.place(0..0), written.place(4..4), written.place(5..5)), (10..10, 20..20, 21..21));
        let mut part = Written::default();
        part.push_part(&written, 2..5);
        assert_eq!((part.text.as_str(), part.place(0..1), part.place(1..3)), ("c\"d", 12..13, 13..21));
    }
}

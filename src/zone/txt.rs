//! The text of a TXT record: all character-strings joined, with a map back to the bytes where they are written.
//!
//! Readers of SPF, DKIM and DMARC work on the joined value alone and keep byte ranges of it; [`Txt::spans`] tells
//! where these are written, across character-strings and escapes.

use std::any::Any;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::name::Question;
use crate::source::{Extent, Source, Span};

/// The character-strings of a TXT record.
#[derive(Clone, Debug)]
pub struct Txt {
    /// All character-strings joined without a blank.
    ///
    /// RFC 7208 section 3.3: "If a published record contains multiple character-strings, then the record MUST be
    /// treated as if those strings are concatenated together without adding spaces." Octets are read as UTF-8; each
    /// octet that is not part of valid UTF-8 becomes the character of the same number (Latin-1).
    pub value: String,
    /// The octets of each character-string.
    pub strings: Vec<u32>,
    source: Arc<Source>,
    record_set: Question,
    /// What is written where, in the order of the value, without gaps.
    runs: Box<[Run]>,
    /// Bytes of the value where a character stands for one octet that is not UTF-8.
    lone_octets: Box<[u32]>,
    /// What a reader made of the value.
    reading: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// An octet of the data, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Octet {
    pub octet: u8,
    pub written: Range<usize>,
}

/// A part of the value and the place where it is written.
#[derive(Clone, Debug)]
struct Run {
    value: Extent,
    written: Extent,
    /// Each byte of the value is written as itself; otherwise the place is one for the whole run.
    exact: bool,
}

impl Txt {
    /// A text whose character-strings are written at these places without any escape.
    pub(super) fn plain(source: &Arc<Source>, record_set: Question, places: &[Range<usize>]) -> Txt {
        let mut value = String::with_capacity(places.iter().map(Range::len).sum());
        let mut runs = Vec::with_capacity(places.len());
        let mut strings = Vec::with_capacity(places.len());
        for written in places {
            let text = source.text.get(written.clone()).unwrap_or_default();
            let start = value.len();
            value.push_str(text);
            strings.push(length(text.len()));
            if !text.is_empty() {
                runs.push(Run::new(start..value.len(), written.clone(), true));
            }
        }
        let mut txt = Txt::empty(source, record_set, strings);
        txt.value = value;
        txt.finished(runs, places.first().map_or(0, |place| place.start))
    }

    /// A text of these character-strings; `place` is where an empty text is written.
    pub(super) fn from_octets(source: &Arc<Source>, record_set: Question, strings: &[Vec<Octet>], place: usize) -> Txt {
        let lengths = strings.iter().map(|string| length(string.len())).collect();
        let octets: Vec<&Octet> = strings.iter().flatten().collect();
        let bytes: Vec<u8> = octets.iter().map(|octet| octet.octet).collect();
        let mut txt = Txt::empty(source, record_set, lengths);
        let (mut runs, mut lone, mut at) = (Vec::new(), Vec::new(), 0);
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                txt.push(character, &octets[at..at + character.len_utf8()], &mut runs);
                at += character.len_utf8();
            }
            for byte in chunk.invalid() {
                lone.push(length(txt.value.len()));
                txt.push(char::from(*byte), &octets[at..=at], &mut runs);
                at += 1;
            }
        }
        txt.lone_octets = lone.into();
        txt.finished(runs, place)
    }

    /// The written places of a byte range of the value: one span for each contiguous stretch, so a part that goes
    /// over from one character-string to the next has two. Escapes are covered whole. Never empty: an empty part has
    /// one empty span, at the end of the value just behind the last character.
    pub fn spans(&self, part: Range<usize>) -> Vec<Span> {
        let start = self.value.floor_char_boundary(part.start);
        let end = self.value.ceil_char_boundary(part.end).min(self.value.len());
        let first = self.runs.partition_point(|run| run.value.range().end <= start);
        if part.is_empty() || start >= end {
            return vec![self.span(self.point(first, start))];
        }
        let mut places: Vec<Range<usize>> = Vec::new();
        for run in self.runs[first..].iter().take_while(|run| run.value.range().start < end) {
            let place = run.written_part(start, end);
            match places.last_mut() {
                Some(last) if (last.start..=last.end).contains(&place.start) => last.end = last.end.max(place.end),
                _ => places.push(place),
            }
        }
        places.into_iter().map(|place| self.span(place)).collect()
    }

    /// The written places of the whole value.
    pub fn whole(&self) -> Vec<Span> {
        self.spans(0..self.value.len())
    }

    /// What `read` makes of the value. It is remembered, so that a record that many domains lead to is read once.
    pub(crate) fn reading<T: Send + Sync + 'static>(&self, read: impl Fn(&str) -> T) -> Arc<T> {
        let reading = self.reading.get_or_init(|| Arc::new(read(&self.value)));
        // Only one reading has a place here, and it may be another one's.
        Arc::clone(reading).downcast().unwrap_or_else(|_| Arc::new(read(&self.value)))
    }

    /// The octets of all character-strings together.
    pub fn octets(&self) -> usize {
        self.strings.iter().map(|octets| *octets as usize).sum()
    }

    /// The octets of each character-string.
    pub fn character_strings(&self) -> Vec<Vec<u8>> {
        let mut octets = Vec::with_capacity(self.octets());
        let mut lone = self.lone_octets.iter().peekable();
        for (at, character) in self.value.char_indices() {
            if lone.next_if(|lone| **lone as usize == at).is_some() {
                octets.extend(u8::try_from(character));
            } else {
                octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        let mut rest = octets.as_slice();
        let cut = |length: &u32| rest.split_off(..(*length as usize).min(rest.len())).unwrap_or_default().to_vec();
        self.strings.iter().map(cut).collect()
    }

    fn empty(source: &Arc<Source>, record_set: Question, strings: Vec<u32>) -> Txt {
        let (runs, lone_octets) = (Box::default(), Box::default());
        let (value, source) = (String::new(), Arc::clone(source));
        Txt { value, strings, source, record_set, runs, lone_octets, reading: OnceLock::new() }
    }

    fn finished(mut self, mut runs: Vec<Run>, place: usize) -> Txt {
        if runs.is_empty() {
            runs.push(Run::new(0..0, place..place, true));
        }
        self.runs = runs.into();
        self
    }

    fn push(&mut self, character: char, octets: &[&Octet], runs: &mut Vec<Run>) {
        let start = self.value.len();
        self.value.push(character);
        let value = start..self.value.len();
        let exact = octets.len() == value.len()
            && octets.iter().all(|octet| octet.written.len() == 1)
            && octets.windows(2).all(|pair| pair[0].written.end == pair[1].written.start);
        if let ([first, ..], true) = (octets, exact) {
            return push_exact(runs, value.clone(), first.written.start..first.written.start + value.len());
        }
        for octet in octets {
            push_whole(runs, &value, octet.written.clone());
        }
    }

    /// The place between two characters; `run` is the number of the run that holds the byte.
    fn point(&self, run: usize, at: usize) -> Range<usize> {
        let place = match (self.runs.get(run), self.runs.last()) {
            (Some(run), _) => run.written_part(at, at).start,
            (None, Some(last)) => last.written.range().end,
            (None, None) => 0,
        };
        place..place
    }

    fn span(&self, bytes: Range<usize>) -> Span {
        Span { source: Arc::clone(&self.source), bytes, record_set: Some(self.record_set.clone()) }
    }
}

impl Run {
    fn new(value: Range<usize>, written: Range<usize>, exact: bool) -> Run {
        Run { value: value.into(), written: written.into(), exact }
    }

    fn written_part(&self, start: usize, end: usize) -> Range<usize> {
        let (value, written) = (self.value.range(), self.written.range());
        if !self.exact {
            return written;
        }
        let (start, end) = (start.max(value.start), end.min(value.end));
        written.start + (start - value.start)..written.start + (end - value.start)
    }

    /// Makes the value and its place longer.
    fn extend(&mut self, value: usize, written: usize) {
        self.value = (self.value.range().start..value).into();
        self.written = (self.written.range().start..written).into();
    }
}

fn push_exact(runs: &mut Vec<Run>, value: Range<usize>, written: Range<usize>) {
    match runs.last_mut() {
        Some(last) if last.exact && last.written.range().end == written.start => last.extend(value.end, written.end),
        _ => runs.push(Run::new(value, written, true)),
    }
}

fn push_whole(runs: &mut Vec<Run>, value: &Range<usize>, written: Range<usize>) {
    match runs.last_mut() {
        // Octets of one character, written one behind the other.
        Some(last) if !last.exact && last.value.range() == *value && last.written.range().end == written.start => {
            last.extend(value.end, written.end);
        }
        // Octets that have one place together.
        Some(last) if !last.exact && last.written.range() == written => last.extend(value.end, written.end),
        _ => runs.push(Run::new(value.clone(), written, false)),
    }
}

fn length(octets: usize) -> u32 {
    u32::try_from(octets).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::name::{Kind, Name};
    use crate::source::SourceKind;
    use crate::zone::master;

    use super::*;

    fn txt(data: &str) -> Arc<Txt> {
        let source = Source::new("a.zone", format!("a. TXT {data}"), SourceKind::File);
        let mut zone = master::read(&source, None, None);
        assert!(zone.problems.is_empty(), "{:?}", zone.problems);
        match zone.records.remove(0).data {
            crate::zone::Data::Txt(txt) => txt,
            other => panic!("{other:?}"),
        }
    }

    fn written(txt: &Txt, part: Range<usize>) -> Vec<String> {
        txt.spans(part).iter().map(|span| span.text().to_owned()).collect()
    }

    #[test]
    fn strings_are_joined_without_a_blank() {
        let txt = txt(r#""v=spf1 a" "ll" x"#);
        assert_eq!((txt.value.as_str(), txt.strings.as_slice(), txt.octets()), ("v=spf1 allx", &[8, 2, 1][..], 11));
        assert_eq!(written(&txt, 7..10), ["a", "ll"]);
        assert_eq!(written(&txt, 0..6), ["v=spf1"]);
        assert_eq!(written(&txt, 8..11), ["ll", "x"]);
        assert_eq!(txt.whole()[0].record_set, Some(Question::new(&Name::parse("a").expect("a name"), Kind::TXT)));
    }

    #[test]
    fn escapes_are_covered_whole() {
        let txt = txt(r#""p=none\; \065\"\\" \;"#);
        assert_eq!(txt.value, "p=none; A\"\\;");
        assert_eq!(written(&txt, 6..7), [r"\;"]);
        assert_eq!(written(&txt, 5..7), [r"e\;"]);
        assert_eq!(written(&txt, 8..9), [r"\065"]);
        assert_eq!(written(&txt, 9..12), [r#"\"\\"#, r"\;"]);
    }

    #[test]
    fn octets_are_utf_8_or_latin_1() {
        let txt = txt(r#""é\195\169" "\195" "\169x\160" \é"#);
        assert_eq!(txt.value, "éééx\u{a0}é");
        assert_eq!(txt.strings, [4, 1, 3, 2]);
        assert_eq!(written(&txt, 0..4), [r"é\195\169"]);
        // A character that goes over from one string to the next.
        assert_eq!(written(&txt, 4..6), [r"\195", r"\169"]);
        assert_eq!(written(&txt, 5..5), [""]);
        assert_eq!(written(&txt, 7..9), [r"\160"]);
        assert_eq!(written(&txt, 9..11), [r"\é"]);
        let strings = [vec![195, 169, 195, 169], vec![195], vec![169, b'x', 160], vec![195, 169]];
        assert_eq!(txt.character_strings(), strings);
    }

    #[test]
    fn an_empty_part_has_a_place() {
        let txt = txt(r#""ab\;" "cd" "#);
        let place = |at: usize| txt.spans(at..at)[0].bytes.clone();
        assert_eq!(place(0), 8..8);
        assert_eq!(place(2), 10..10);
        assert_eq!(place(3), 15..15);
        assert_eq!((place(5), place(99)), (17..17, 17..17));
    }

    #[test]
    fn an_empty_text_has_a_place_inside_of_the_quotation_marks() {
        for data in [r#""""#, r#""" """#] {
            let txt = txt(data);
            assert_eq!(txt.value, "");
            assert_eq!((txt.whole().len(), txt.whole()[0].bytes.clone()), (1, 8..8));
        }
    }

    #[test]
    fn the_generic_form_has_one_place() {
        let txt = txt(r"\# 6 0261 6202 63C3");
        assert_eq!((txt.value.as_str(), txt.strings.as_slice()), ("abc\u{c3}", &[2, 2][..]));
        for part in [0..1, 1..5, 0..0, 2..3] {
            assert!(txt.spans(part.clone()).iter().all(|span| "0261 6202 63C3".starts_with(span.text())), "{part:?}");
        }
        assert_eq!(written(&txt, 1..2), ["0261 6202 63C3"]);
    }

    #[test]
    fn any_range_has_a_place() {
        let txt = txt(r#""aé\233" \;"#);
        for start in 0..12 {
            for end in (0..12).chain([usize::MAX]) {
                let spans = txt.spans(start..end);
                assert!(!spans.is_empty());
                assert!(spans.iter().all(|span| span.source.text.get(span.bytes.clone()).is_some()));
            }
        }
    }
}

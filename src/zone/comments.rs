//! Comments that speak to this program: `; mailvet: …` in zone lines, `# mailvet: …` in YAML.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memmem, memrchr};

use super::{Record, Zone};
use crate::name::{Kind, Question};
use crate::source::{Source, Span};

/// What such a comment begins with.
const ADDRESS: &str = "mailvet:";

/// A comment that begins with `mailvet:`.
#[derive(Clone, Debug)]
pub struct Comment {
    /// All of it, from its sign.
    pub at: Span,
    /// What stands behind `mailvet:`.
    pub text: Range<usize>,
    /// What it is about: the records on its line, or on the next line where it stands alone; the record that it stands
    /// in, where that takes several lines.
    pub about: Span,
}

/// The comments in a zone and in the files that it includes, source by source, each in the order of the text.
pub fn comments(zone: &Zone) -> Vec<Comment> {
    let sign = if zone.records.first().is_none_or(Record::is_zone_line) { b';' } else { b'#' };
    let mut found = Vec::new();
    // JSON, which may hold many zones, has no comments.
    if sign == b'#' && zone.source.text.trim_start().starts_with(['{', '[']) {
        return found;
    }
    for source in sources(zone) {
        let own = own(&source, sign);
        if !own.is_empty() {
            found.extend(about_records(own, &source, zone));
        }
    }
    found
}

/// Where a comment stands; ranges are those of the source.
struct Place {
    /// From the sign on.
    bytes: Range<usize>,
    /// Behind `mailvet:`.
    text: Range<usize>,
    /// The line that it is about.
    line: Range<usize>,
    /// The line, and the records on it.
    about: Option<Range<usize>>,
}

/// The text itself, and those that it includes, as far as they hold records.
fn sources(zone: &Zone) -> Vec<Arc<Source>> {
    let mut sources = vec![Arc::clone(&zone.source)];
    let text = zone.source.text.as_bytes();
    let includes = memchr::memchr_iter(b'$', text)
        .any(|at| text.get(at + 1..at + 8).is_some_and(|word| word.eq_ignore_ascii_case(b"INCLUDE")));
    if includes {
        let mut known = HashSet::from([Arc::as_ptr(&zone.source)]);
        let all = zone.records.iter().map(Record::source);
        sources.extend(all.filter(|source| known.insert(Arc::as_ptr(source))).cloned());
    }
    sources
}

/// The comments of one text.
fn own(source: &Source, sign: u8) -> Vec<Place> {
    let text = source.text.as_bytes();
    let mut places: Vec<Place> = Vec::new();
    for at in memmem::find_iter(text, ADDRESS) {
        let start = memrchr(b'\n', &text[..at]).map_or(0, |newline| newline + 1);
        let Some(comment) = comment_start(&text[start..at], sign).map(|column| start + column) else { continue };
        let end = end_of_line(text, at);
        let line = match text[start..comment].trim_ascii().is_empty() {
            false => start..end,
            // Of several comments one below the other all are about the same line.
            true => match places.last().map(|last| last.line.clone()) {
                Some(line) if line.start > at => line,
                _ => next_line(text, end, sign),
            },
        };
        let (bytes, text) = (comment..end, at + ADDRESS.len()..end);
        places.push(Place { bytes, text, line, about: None });
    }
    places
}

/// Where on the line the comment begins that the line ends with, if nothing stands between its sign and this end.
fn comment_start(line: &[u8], sign: u8) -> Option<usize> {
    let mut quote = None;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        let before = at.checked_sub(1).and_then(|before| line.get(before));
        match (quote, *byte) {
            (Some(mark), byte) if byte == mark => quote = None,
            (None | Some(b'"'), b'\\') => at += 1,
            (None, mark @ (b'"' | b'\'')) if opens(mark, before, sign) => quote = Some(mark),
            (None, byte) if byte == sign && (sign == b';' || before.is_none_or(u8::is_ascii_whitespace)) => {
                let is_between = |byte: &u8| *byte == sign || byte.is_ascii_whitespace();
                return line[at..].iter().all(is_between).then_some(at);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Does a quotation mark begin a quoted text? In zone lines there is only one, and it does so anywhere. In YAML it does
/// only at the start of a scalar.
fn opens(mark: u8, before: Option<&u8>, sign: u8) -> bool {
    match sign {
        b';' => mark == b'"',
        _ => before.is_none_or(|byte| byte.is_ascii_whitespace() || b"[{,:".contains(byte)),
    }
}

/// The next line that holds more than a comment; an empty range at the end where there is none.
fn next_line(text: &[u8], mut at: usize, sign: u8) -> Range<usize> {
    while let Some(newline) = memchr(b'\n', &text[at..]) {
        let start = at + newline + 1;
        at = end_of_line(text, start);
        let line = text[start..at].trim_ascii();
        if line.first().is_some_and(|first| *first != sign) {
            return start..at;
        }
    }
    text.len()..text.len()
}

fn end_of_line(text: &[u8], at: usize) -> usize {
    let end = memchr(b'\n', &text[at..]).map_or(text.len(), |newline| at + newline);
    if text[at..end].last() == Some(&b'\r') { end - 1 } else { end }
}

/// What the comments are about, and without those that are no comments but stand in a text of several lines.
fn about_records(mut places: Vec<Place>, source: &Arc<Source>, zone: &Zone) -> Vec<Comment> {
    let mut later: Vec<(Range<usize>, Question)> = Vec::new();
    for record in zone.records.iter().filter(|record| Arc::ptr_eq(record.source(), source)) {
        let bytes = record.span().bytes;
        let first = places.partition_point(|place| place.bytes.start <= bytes.start);
        // A value that is left out is empty, and may stand where a comment does.
        let inside = first..places.partition_point(|place| place.bytes.start < bytes.end).max(first);
        if record.kind == Kind::TXT && !record.is_zone_line() && !inside.is_empty() {
            places.drain(inside);
        } else {
            places[inside].iter_mut().for_each(|place| place.line = bytes.clone());
        }
        let owner = record.owner_span().bytes;
        for part in [&owner, &bytes] {
            let first = places.partition_point(|place| place.line.end <= part.start);
            let on_line = places[first..].iter_mut().take_while(|place| place.line.start < part.end);
            on_line.for_each(|place| widen(&mut place.about, &bytes));
        }
        if !record.is_zone_line() {
            later.push((bytes, record.record_set()));
        }
    }
    later.sort_by_key(|(bytes, _)| bytes.start);
    let comment = |place: Place| {
        let mut about = place.about.or_else(|| next_set(&later, place.line.start));
        widen(&mut about, &place.line);
        let about = about.unwrap_or(place.line);
        let at = |bytes| Span { source: Arc::clone(source), bytes, record_set: None };
        Comment { at: at(place.bytes), text: place.text, about: at(about) }
    };
    places.into_iter().map(comment).collect()
}

fn widen(about: &mut Option<Range<usize>>, bytes: &Range<usize>) {
    let before = about.take().unwrap_or_else(|| bytes.clone());
    *about = Some(before.start.min(bytes.start)..before.end.max(bytes.end));
}

/// In YAML, a line such as `type: TXT` is about the values that follow.
fn next_set(records: &[(Range<usize>, Question)], at: usize) -> Option<Range<usize>> {
    let following = records.get(records.partition_point(|(bytes, _)| bytes.start < at)..)?;
    let (first, set) = following.first()?;
    let last = following.iter().take_while(|(_, other)| other == set).last()?;
    Some(first.start..last.0.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceKind;
    use crate::zone::format;

    /// The comments of a zone: what each says, and what it is about.
    fn found(name: &str, text: &str) -> Vec<(String, String)> {
        let source = Source::new(name, text, SourceKind::File);
        let zones = format::read(&source, None, None, None).expect("a zone");
        let said = |comment: Comment| {
            let text = source.text.get(comment.text).unwrap_or_default().trim().to_owned();
            (text, comment.about.text().to_owned())
        };
        zones.iter().flat_map(comments).map(said).collect()
    }

    fn in_zone_lines(text: &str) -> Vec<(String, String)> {
        found("test.zone", &format!("$ORIGIN example.test.\n$TTL 60\n{text}"))
    }

    fn says(comments: &[(&str, &str)]) -> Vec<(String, String)> {
        comments.iter().map(|(text, about)| ((*text).to_owned(), (*about).to_owned())).collect()
    }

    #[test]
    fn on_the_line_and_above_it() {
        let zone = "@ MX 0 mail ; mailvet: one\n  ;; mailvet: two\n; other\n\n;mailvet: three\r\na A 192.0.2.1\r\nb A 192.0.2.2\n";
        let own = "@ MX 0 mail ; mailvet: one";
        assert_eq!(in_zone_lines(zone), says(&[("one", own), ("two", "a A 192.0.2.1"), ("three", "a A 192.0.2.1")]));
        assert_eq!(in_zone_lines("@ MX 0 mail\n; mailvet: last"), says(&[("last", "")]));
        assert_eq!(
            in_zone_lines("@ FOO bar ; mailvet: x\n@ MX 0 a\n"),
            says(&[("x", "@ FOO bar ; mailvet: x")]),
            "a line that cannot be read"
        );
    }

    #[test]
    fn in_and_at_records_of_several_lines() {
        let record = "@ TXT ( \"v=spf1 \" ; mailvet: one\n  ; mailvet: two\n \"-all\"";
        let (one, two) = (("one", record), ("two", record));
        assert_eq!(in_zone_lines(&format!("{record} )\na A 192.0.2.1\n")), says(&[one, two]));
        let all = format!("{record} ) ; mailvet: three");
        assert_eq!(in_zone_lines(&all), says(&[one, two, ("three", &all)]));
        assert_eq!(in_zone_lines(&format!("; mailvet: zero\n{record} )\n"))[0], says(&[("zero", record)])[0]);
    }

    #[test]
    fn what_is_no_comment() {
        for text in [
            "@ TXT \"; mailvet: x\"",
            "@ TXT \"a\\\"; mailvet: x\"",
            "@ TXT a\\; mailvet: x",
            "@ MX 0 a ; see mailvet: x",
            "@ MX 0 a ; Mailvet: x",
            "@ TXT mailvet: x",
            "@ TXT #mailvet: x",
        ] {
            assert_eq!(in_zone_lines(text), [], "{text}");
        }
        assert_eq!(in_zone_lines("@ TXT \"; a\" ; mailvet: x\n").len(), 1);
        assert_eq!(in_zone_lines("@ TXT \"don't\" ; mailvet: x\n").len(), 1);
    }

    #[test]
    fn in_yaml() {
        let zone = "---\n'':  # mailvet: key\n- type: MX\n  value:\n    preference: 0  # mailvet: part\n    exchange: mx.\n\
                    # mailvet: set\n- type: TXT\n  values:\n  - one\n  # mailvet: value\n  - 'v=spf1 # mailvet: x'\n\
                    # mailvet: www\nwww:\n  type: A\n  value: 192.0.2.1\n";
        let found = found("example.test.yaml", zone);
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["key", "part", "set", "value", "www"]);
        let about = |place: usize| found[place].1.as_str();
        assert!(about(0).starts_with("'':") && about(0).ends_with("x'"), "{}", about(0));
        assert!(about(1).starts_with("preference") && about(1).trim_end().ends_with("exchange: mx."), "{}", about(1));
        assert!(about(2).starts_with("- type: TXT") && about(2).ends_with("x'"), "{}", about(2));
        assert_eq!(about(3), "  - 'v=spf1 # mailvet: x'");
        assert!(about(4).starts_with("www:") && about(4).ends_with("192.0.2.1"), "{}", about(4));
    }

    #[test]
    fn texts_of_yaml_that_look_like_comments() {
        let zone = "'':\n  type: TXT\n  value: |\n    a\n    # mailvet: x\n    b\nwww:\n  type: TXT\n  value: \"a\n    # mailvet: x\"\n";
        assert_eq!(found("example.test.yaml", zone), []);
    }

    #[test]
    fn values_that_are_left_out() {
        for zone in [
            "a:\n  type: A\n  value: # mailvet: x\n",
            "a:\n  type: A\n  value:# mailvet: x\n",
            "a: # mailvet: x\n- type: A\n  value:\n# mailvet: x",
        ] {
            found("example.test.yaml", &format!("b: {{type: A, value: 192.0.2.1}}\n{zone}"));
        }
    }

    #[test]
    fn many_comments_are_read_in_one_pass() {
        let zone = "; mailvet: x\n".repeat(50_000) + "@ MX 0 mail\n";
        assert_eq!(in_zone_lines(&zone).len(), 50_000);
    }
}

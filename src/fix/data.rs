//! The data of a record, changed where they stand: of a text no more than what differs, of other data the fields that do.

use std::ops::Range;

use crate::finding::{Edit, Publish};
use crate::name::Name;
use crate::source::{Source, SourceKind, Span};
use crate::zone::{Record, Txt, master, write};

/// RFC 1035 section 3.3: a character-string has a length of one octet before it.
const MAX_STRING: u32 = 255;

/// What to write so that the record has the type and the data to publish; nothing where that cannot be done.
pub(super) fn edits(record: &Record, publish: &Publish) -> Option<Vec<Edit>> {
    match (record.txt(), &record.line.elsewhere) {
        _ if record.kind != publish.kind && record.line.elsewhere.is_some() => None,
        _ if record.kind != publish.kind => of_other_type(record, publish),
        _ if hides_a_part(record, &publish.value) => None,
        (Some(txt), _) if txt.value == publish.value && has_sound_strings(txt) => Some(Vec::new()),
        (Some(txt), None) => in_text(record, txt, &publish.value).or_else(|| Some(anew(record, &publish.data()))),
        (Some(txt), Some(_)) => in_yaml_text(record, txt, &publish.value),
        (None, _) => in_fields(record, publish),
    }
}

fn has_sound_strings(txt: &Txt) -> bool {
    txt.strings.iter().all(|octets| *octets <= MAX_STRING)
}

/// Is a tag that was meant to belong to an unquoted text a comment now, which the new text would not hold either?
fn hides_a_part(record: &Record, value: &str) -> bool {
    let comment = record.unquoted().map(|(_, comment)| comment.trim()).unwrap_or_default();
    comment.contains('=') && !value.contains(comment)
}

/// The type and all data are written anew.
fn of_other_type(record: &Record, publish: &Publish) -> Option<Vec<Edit>> {
    let text = &record.line.source.text;
    let before = master::fields(text, &(record.line.bytes().start..record.line.data().start));
    let kind = edit(record, before.last()?.clone(), publish.kind.to_string());
    Some(std::iter::once(kind).chain(anew(record, &publish.data())).collect())
}

/// The part of the text that differs; nothing where it cannot be written in the same strings.
fn in_text(record: &Record, txt: &Txt, value: &str) -> Option<Vec<Edit>> {
    let (gone, put) = difference(&txt.value, value);
    let places = txt.spans(gone);
    let first = places.first()?.bytes.clone();
    let tokens = master::fields(&record.line.source.text, &record.line.data());
    let token = tokens.iter().find(|token| token.start <= first.start && first.end <= token.end)?;
    let is_quoted = record.line.source.text[token.clone()].starts_with('"');
    let put = if is_quoted { escaped(put) } else { plain(put)?.to_owned() };
    let edits = at_places(places, put);
    let read = read_again(record, &edits)?;
    (read.value == value && has_sound_strings(&read)).then_some(edits)
}

/// The first place takes the text, the others go.
fn at_places(places: Vec<Span>, put: String) -> Vec<Edit> {
    let texts = std::iter::once(put).chain(std::iter::repeat(String::new()));
    places.into_iter().zip(texts).map(|(at, text)| Edit { at, text }).collect()
}

/// What the record says when it is written so.
fn read_again(record: &Record, edits: &[Edit]) -> Option<Txt> {
    let data = record.line.data();
    let mut text = record.line.source.text.get(data.clone())?.to_owned();
    for edit in edits.iter().rev() {
        let at = edit.at.bytes.start.checked_sub(data.start)?..edit.at.bytes.end.checked_sub(data.start)?;
        text.get(at.clone())?;
        text.replace_range(at, &edit.text);
    }
    let fields = master::fields(&text, &(0..text.len()));
    let fields: Vec<&str> = fields.into_iter().filter_map(|field| text.get(field)).collect();
    let source = Source::new("", format!(". TXT {}\n", fields.join(" ")), SourceKind::File);
    let zone = master::read(&source, Some(&Name::root()), None);
    zone.records.first().and_then(Record::txt).map(|txt| Txt::clone(txt))
}

/// A text in YAML, where `octoDNS` wants a backslash before each semicolon. Only what is written alike in all forms of YAML.
fn in_yaml_text(record: &Record, txt: &Txt, value: &str) -> Option<Vec<Edit>> {
    let scalar = record.line.elsewhere.as_ref()?.fields.first()?.range();
    let written = record.line.source.text.get(scalar.clone())?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " ._:/=+~?@%-,!;".contains(c);
    let (gone, put) = difference(&txt.value, value);
    if written.contains('\n') || !put.chars().all(is_plain) {
        return None;
    }
    let put = put.replace(';', if written.starts_with('"') { "\\\\;" } else { "\\;" });
    let edits = at_places(txt.spans(gone), put);
    // Without quotation marks, these would begin a mapping or a comment, and the first letter decides what it is.
    let is_quoted = written.starts_with(['"', '\'']);
    let may_begin = |edit: &Edit| edit.at.bytes.start > scalar.start && !edit.text.contains(": ");
    (is_quoted || edits.iter().all(may_begin)).then_some(edits)
}

/// Field by field, if there are as many; else all anew.
fn in_fields(record: &Record, publish: &Publish) -> Option<Vec<Edit>> {
    let text = &record.line.source.text;
    let data = publish.data();
    let new: Vec<&str> = data.split_ascii_whitespace().collect();
    let places = match &record.line.elsewhere {
        Some(elsewhere) => elsewhere.fields.iter().map(|field| field.range()).collect(),
        None => master::fields(text, &record.line.data()),
    };
    if places.len() != new.len() {
        return record.line.elsewhere.is_none().then(|| anew(record, &data));
    }
    let pairs = places.into_iter().zip(new).filter(|(place, new)| text.get(place.clone()) != Some(*new));
    Some(pairs.map(|(place, new)| edit(record, place.clone(), with_marks_of(&text[place], new, record))).collect())
}

/// In YAML, a scalar keeps its quotation marks.
fn with_marks_of(written: &str, new: &str, record: &Record) -> String {
    match written.chars().next().filter(|mark| record.line.elsewhere.is_some() && "\"'".contains(*mark)) {
        Some(mark) => format!("{mark}{new}{mark}"),
        None => new.to_owned(),
    }
}

/// All data in place of the first token; the others go, with the blanks before them. Comments and parentheses stay.
fn anew(record: &Record, data: &str) -> Vec<Edit> {
    let text = &record.line.source.text;
    let tokens = master::fields(text, &record.line.data());
    let mut edits = Vec::new();
    let mut end = record.line.data().start;
    for (number, token) in tokens.into_iter().enumerate() {
        let is_blank = number > 0 && text[end..token.start].chars().all(char::is_whitespace);
        let start = if is_blank { end } else { token.start };
        end = token.end;
        edits.push(edit(record, start..end, if number == 0 { data.to_owned() } else { String::new() }));
    }
    edits
}

fn edit(record: &Record, bytes: Range<usize>, text: String) -> Edit {
    let span = Span { source: record.line.source.clone(), bytes, record_set: Some(record.record_set()) };
    Edit { at: span, text }
}

/// Where two texts differ: the range of the one, and what the other has there.
fn difference<'n>(old: &str, new: &'n str) -> (Range<usize>, &'n str) {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let length = |(c, _): (char, char)| c.len_utf8();
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(length).sum();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end: usize = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(length).sum();
    (start..old.len() - end, &new_rest[..new_rest.len() - end])
}

/// As it stands between quotation marks.
fn escaped(text: &str) -> String {
    let quoted = write::quote(text.as_bytes());
    quoted[1..quoted.len() - 1].to_owned()
}

/// A text that needs no quotation marks.
fn plain(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b';' | b'(' | b')');
    text.bytes().all(is_plain).then_some(text)
}

//! Tag lists: `name=value; name=value`, as DKIM (RFC 6376 section 3.2) and DMARC (RFC 9989 section 4.8) use them.

use std::ops::Range;

/// One part of a tag list, between two semicolons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The whole part, without the blanks around it.
    pub range: Range<usize>,
    /// The name as written; the whole part where there is no `=`.
    pub name: Range<usize>,
    /// The value, without the blanks around it; nothing where there is no `=`.
    pub value: Option<Range<usize>>,
}

/// A tag list and the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagList {
    text: String,
    /// All parts that are not empty, in order.
    pub tags: Vec<Tag>,
    /// Places of semicolons with nothing before them: `;;`.
    pub empty: Vec<usize>,
}

impl TagList {
    /// Reads a tag list. Takes any text.
    pub fn read(text: &str) -> TagList {
        let mut list = TagList { text: text.to_owned(), tags: Vec::new(), empty: Vec::new() };
        let mut start = 0;
        for part in text.split(';') {
            let end = start + part.len();
            match trimmed(text, start..end) {
                range if !range.is_empty() => list.tags.push(tag(text, range)),
                // The last semicolon may have nothing behind it.
                _ if end < text.len() => list.empty.push(end),
                _ => {}
            }
            start = end + 1;
        }
        list
    }

    /// The first tag of this name, case not counting.
    pub fn find(&self, name: &str) -> Option<&Tag> {
        self.all(name).next()
    }

    /// All tags of this name, case not counting.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.value.is_some() && self.name(tag).eq_ignore_ascii_case(name))
    }

    /// The value of the first tag of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.find(name).map(|tag| self.value_of(tag))
    }

    /// A tag's name as written.
    pub fn name(&self, tag: &Tag) -> &str {
        &self.text[tag.name.clone()]
    }

    /// A tag's value; empty where it has none.
    pub fn value_of(&self, tag: &Tag) -> &str {
        tag.value.clone().map_or("", |value| &self.text[value])
    }

    /// The place of a tag's value; the whole tag where the value is empty.
    pub fn value_range(&self, tag: &Tag) -> Range<usize> {
        tag.value.clone().filter(|value| !value.is_empty()).unwrap_or_else(|| tag.range.clone())
    }
}

fn tag(text: &str, range: Range<usize>) -> Tag {
    match text[range.clone()].find('=') {
        None => Tag { name: range.clone(), range, value: None },
        Some(at) => Tag {
            name: trimmed(text, range.start..range.start + at),
            value: Some(trimmed(text, range.start + at + 1..range.end)),
            range,
        },
    }
}

/// The range without blanks, tabs and line breaks at its ends (folding white space, RFC 6376 section 3.2).
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let start = range.start + (part.len() - part.trim_start_matches(blank).len());
    let end = range.end - (part.len() - part.trim_end_matches(blank).len());
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_values_and_blanks() {
        let list = TagList::read("v = DMARC1 ; P=none;; rua ;t=;");
        let named: Vec<_> = list.tags.iter().map(|t| (list.name(t), t.value.is_some(), list.value_of(t))).collect();
        assert_eq!(named, [("v", true, "DMARC1"), ("P", true, "none"), ("rua", false, ""), ("t", true, "")]);
        assert_eq!(list.value("p"), Some("none"));
        assert_eq!(list.value("rua"), None);
        assert_eq!(list.empty.len(), 1);
    }
}

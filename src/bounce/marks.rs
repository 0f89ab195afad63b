//! Marks of bounces: words by which programs that write them are known, as a table in TOML.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

const FILE: &str = include_str!("marks.toml");

/// What a word is a mark of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mark {
    /// Who writes bounces: in the address in From, or the name before it.
    BounceFrom,
    /// In the subject of a bounce.
    BounceSubject,
    /// In the text of a bounce, for those whose header tells nothing.
    BounceText,
    /// In a bounce that is no more than a warning.
    Delay,
    /// At the beginning of the subject of an answer of a machine.
    AutoReplySubject,
    /// Before the address of a recipient.
    Recipient,
    /// Before an address that is not one of a recipient.
    NotRecipient,
    /// In a line behind which the mail that came back is quoted.
    Copy,
    /// At the beginning of a line that begins something new.
    Label,
    /// A pattern: the server that wrote the bounce.
    Generator,
    /// A pattern: the server that refused.
    Remote,
    /// A pattern: the server, or the domain, that could not be reached, in what Postfix and Exim say of that.
    Unreachable,
    /// In the words behind a code, so that it is the one of a reply, and no other number.
    Reply,
}

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    mark: Vec<Entry>,
    source: Vec<Source>,
}

/// Marks of one kind out of one source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    is: Mark,
    /// The id of the source.
    source: String,
    /// The words, or patterns whose first group is what is looked for.
    text: Vec<String>,
}

/// Where marks are from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: String,
    #[expect(dead_code, reason = "for people who read the table")]
    title: String,
    #[expect(dead_code, reason = "for people who read the table")]
    read: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for people who read the table")]
    sure: String,
}

/// The marks by kind.
#[derive(Debug, Default)]
pub(super) struct Marks {
    words: HashMap<Mark, Vec<String>>,
    patterns: HashMap<Mark, Vec<Regex>>,
}

/// The marks.
pub(super) fn all() -> &'static Marks {
    static ALL: OnceLock<Marks> = OnceLock::new();
    ALL.get_or_init(|| {
        let file: File = toml::from_str(FILE).unwrap_or_default();
        let mut marks = Marks::default();
        // What has no source is not used.
        let known: Vec<String> = file.source.into_iter().map(|source| source.id).collect();
        for entry in file.mark.into_iter().filter(|entry| known.contains(&entry.source)) {
            if matches!(entry.is, Mark::Generator | Mark::Remote | Mark::Unreachable) {
                let compiled = entry.text.iter().filter_map(|pattern| Regex::new(pattern).ok());
                marks.patterns.entry(entry.is).or_default().extend(compiled);
            } else {
                marks.words.entry(entry.is).or_default().extend(entry.text);
            }
        }
        marks
    })
}

impl Marks {
    /// Does the text, in small letters, hold one of these words?
    pub fn held(&self, mark: Mark, text: &str) -> bool {
        self.words(mark).any(|word| text.contains(word))
    }

    /// Does the text, in small letters, begin with one of these words?
    pub fn begins(&self, mark: Mark, text: &str) -> bool {
        self.words(mark).any(|word| text.starts_with(word))
    }

    /// Does the text, in small letters, end with one of these words?
    pub fn ends(&self, mark: Mark, text: &str) -> bool {
        self.words(mark).any(|word| text.strip_suffix(word).is_some_and(|rest| ends_word(rest, word)))
    }

    /// Where the server is named: the first group of the first pattern that is found.
    pub fn server(&self, mark: Mark, text: &str) -> Option<Range<usize>> {
        let patterns = self.patterns.get(&mark).into_iter().flatten();
        let named = patterns.filter_map(|pattern| Some(pattern.captures(text)?.get(1)?.range())).next()?;
        Some(named.start..named.start + text[named].trim_end_matches('.').len())
    }

    fn words(&self, mark: Mark) -> impl Iterator<Item = &str> {
        self.words.get(&mark).into_iter().flatten().map(String::as_str)
    }
}

/// `hi` is not the end of `Delhi`.
fn ends_word(before: &str, word: &str) -> bool {
    !word.starts_with(|c: char| c.is_ascii_alphanumeric()) || !before.ends_with(|c: char| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let file: File = toml::from_str(FILE).expect("marks");
        for entry in &file.mark {
            assert!(file.source.iter().any(|source| source.id == entry.source), "no source {}", entry.source);
            for text in &entry.text {
                match entry.is {
                    Mark::Generator | Mark::Remote | Mark::Unreachable => drop(Regex::new(text).expect("a pattern")),
                    _ => assert_eq!(*text, text.to_lowercase(), "is compared in small letters"),
                }
            }
        }
    }
}

//! Languages and words: a text stands in all three, or it does not compile.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The languages in which the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Japanese.
    Ja,
}

/// One expression in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    pub en: &'static str,
    pub es: &'static str,
    pub ja: &'static str,
}

/// Words in three languages, out of a table in TOML.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    pub en: String,
    pub es: String,
    pub ja: String,
}

/// What a rule says, in each language.
#[derive(Debug)]
pub struct Text {
    pub en: Prose,
    pub es: Prose,
    pub ja: Prose,
}

/// What a rule says in one language. `{name}` stands for a value of the finding.
#[derive(Debug)]
pub struct Prose {
    /// What is wrong, in one line: names the thing.
    pub title: &'static str,
    /// The label at the place itself: a few words.
    pub here: &'static str,
    /// Why it matters: the effect on mail.
    pub why: &'static str,
    /// The change to make.
    pub fix: &'static str,
}

/// A value to be put into a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// The same in every language: a name, a number, a piece of a record.
    Plain(String),
    /// An expression of the language itself.
    Words(Words),
}

/// Values by their names.
pub type Values = Vec<(&'static str, Value)>;

impl Lang {
    /// All languages.
    pub const ALL: [Lang; 3] = [Lang::En, Lang::Es, Lang::Ja];

    /// The code of ISO 639.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
            Lang::Ja => "ja",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Lang {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Words {
    /// The expression in this language.
    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Es => self.es,
            Lang::Ja => self.ja,
        }
    }
}

impl Phrase {
    /// The words in this language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Es => &self.es,
            Lang::Ja => &self.ja,
        }
    }
}

impl Text {
    /// What is said in this language.
    pub fn get(&self, lang: Lang) -> &Prose {
        match lang {
            Lang::En => &self.en,
            Lang::Es => &self.es,
            Lang::Ja => &self.ja,
        }
    }
}

impl Value {
    /// The value in this language.
    pub fn get(&self, lang: Lang) -> &str {
        match self {
            Value::Plain(text) => text,
            Value::Words(words) => words.get(lang),
        }
    }
}

/// Puts the values into a text: `{name}` becomes the value of that name, `{` without one stays.
pub fn fill(text: &str, values: &[(&'static str, Value)], lang: Lang) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let value = rest.find('}').and_then(|close| {
            let (_, value) = values.iter().find(|(name, _)| *name == &rest[1..close])?;
            Some((value.get(lang), close))
        });
        match value {
            Some((value, close)) => {
                out.push_str(value);
                rest = &rest[close + 1..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// The names of the values that a text asks for, in order.
pub fn placeholders(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_and_never_read_again() {
        let values = vec![("a", Value::Plain("{b}".into())), ("b", Value::Plain("no".into()))];
        assert_eq!(fill("x {a} y {c} %{i} {b", &values, Lang::En), "x {b} y {c} %{i} {b");
        assert_eq!(placeholders("x {a} y {c} %{i}"), ["a", "c", "i"]);
    }
}

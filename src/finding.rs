//! What a rule found: which rule, where, with which values, and what to publish instead.

use std::fmt;

use serde::Serialize;

use crate::lang::{Text, Value, Values, Words};
use crate::name::{Kind, Name};
use crate::source::Span;

/// How wrong something is by the standards. What it does to mail, receivers decide (see `receivers`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is broken; something could be better, or cannot be told from here.
    Advice,
    /// It works at some receivers, or only by luck.
    Warning,
    /// It does not do what it is there for.
    Error,
}

/// One thing that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's id, such as `spf-duplicate`.
    pub id: &'static str,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's words.
    pub text: &'static Text,
    /// On what the rule rests: `RFC 7208 section 4.5`.
    pub references: &'static [&'static str],
    /// Where; never empty. The first is the chief one.
    pub spans: Vec<Span>,
    /// Values for the words.
    pub values: Values,
    /// The day of the built-in answers that the finding rests on; nothing where it stands without them.
    pub as_of: Option<&'static str>,
    /// The records to publish in place of those that were found, where there is one right answer.
    pub publish: Vec<Publish>,
}

/// A record to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// The owner name.
    pub owner: Name,
    /// The type.
    pub kind: Kind,
    /// The data as a DNS panel asks for them: text without quotation marks, names without the final dot.
    pub value: String,
}

impl Finding {
    /// Does another finding say the same, with the same values?
    pub fn says_the_same(&self, other: &Finding) -> bool {
        self.id == other.id && self.values == other.values && self.publish == other.publish
    }

    /// Adds a value for the words: `.with("domain", &domain)`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Finding {
        self.values.push((name, Value::Plain(value.to_string())));
        self
    }

    /// Adds a value that has its own words in each language.
    #[must_use]
    pub fn with_words(mut self, name: &'static str, words: Words) -> Finding {
        self.values.push((name, Value::Words(words)));
        self
    }

    /// Adds a value that has its own words only in some cases.
    #[must_use]
    pub fn with_value(mut self, name: &'static str, value: Value) -> Finding {
        self.values.push((name, value));
        self
    }

    /// Adds a record to publish. The words may speak of the first one as `{record}`.
    #[must_use]
    pub fn publish(mut self, owner: &Name, kind: Kind, value: impl Into<String>) -> Finding {
        let value = value.into();
        if self.publish.is_empty() {
            self.values.push(("record", Value::Plain(value.clone())));
        }
        self.publish.push(Publish { owner: owner.clone(), kind, value });
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and_at(mut self, spans: impl IntoIterator<Item = Span>) -> Finding {
        self.spans.extend(spans);
        self
    }
}

impl Publish {
    /// The name as most DNS panels ask for it: without the domain, `@` for the domain itself.
    pub fn host(&self) -> String {
        let domain = self.owner.registered_domain();
        self.owner.below(&domain).unwrap_or("@").to_owned()
    }

    /// The record as a zone line.
    pub fn line(&self) -> String {
        let value = match self.kind {
            Kind::TXT => crate::zone::write::txt_value(&self.value),
            // The name comes last; in a null MX it is the root, which is its own final dot.
            Kind::CNAME | Kind::MX | Kind::NS | Kind::PTR => format!("{}.", self.value.trim_end_matches('.')),
            _ => self.value.clone(),
        };
        format!("{} IN {} {value}", self.owner.absolute(), self.kind)
    }
}

//! What a rule found: which rule, where, with which values, and what to publish instead.

pub mod identity;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lang::{Text, Value, Values, Words};
use crate::name::{Kind, Name, Question};
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

/// What receivers look at: a column of their verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// The SPF record, and whether anybody passes by it.
    Spf,
    /// The keys of DKIM.
    Dkim,
    /// The DMARC record.
    Dmarc,
    /// Whether SPF or DKIM can vouch for the domain in From.
    Alignment,
    /// The host names of sending addresses in reverse DNS.
    Ptr,
    /// Whether the domain exists, and its DNS answers.
    Dns,
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
    /// The records to publish are a proposal, right only if the owner wants it so: no edit comes of them.
    pub is_choice: bool,
    /// It is no more than the consequence of faults of one of these: it goes when those of one are mended.
    pub rests_on: &'static [Aspect],
    /// What to write in the files, where the fault stands in one and there is one right answer. Made all together, or not
    /// at all; they do not overlap.
    pub edits: Vec<Edit>,
    /// Why it does not count; nothing where it does.
    pub waiver: Option<Waiver>,
}

/// A text to write in place of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What goes; empty where something is put between.
    pub at: Span,
    /// What comes in its place.
    pub text: String,
}

/// Why a finding does not count: it is no more than a number in the report, and fails no run. What receivers do about it
/// stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Waiver {
    /// A comment in the zone file says so, there.
    Comment {
        /// Why it is right, or has to wait.
        reason: String,
        /// The last day on which it holds, such as `2027-01-31`.
        until: Option<String>,
        /// The comment.
        at: Span,
    },
    /// The configuration says so.
    Config {
        /// Why it is right, or has to wait.
        reason: String,
        /// The last day on which it holds, such as `2027-01-31`.
        until: Option<String>,
    },
    /// It was there when the baseline was made.
    Baseline,
}

/// A record to publish.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Publish {
    /// The owner name.
    pub owner: Name,
    /// The type.
    pub kind: Kind,
    /// The data as a DNS panel asks for them: text without quotation marks, names without the final dot.
    pub value: String,
}

impl Severity {
    /// Reads the word for it in arguments and settings; nothing for any other text.
    pub fn read(text: &str) -> Option<Severity> {
        match text {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "advice" => Some(Severity::Advice),
            _ => None,
        }
    }
}

impl Finding {
    /// Does it count: for the exit code, and for what to do first?
    pub fn counts(&self) -> bool {
        self.waiver.is_none()
    }

    /// Does another finding say the same, with the same values?
    pub fn says_the_same(&self, other: &Finding) -> bool {
        self.what_it_says() == other.what_it_says()
    }

    /// What a finding says, wherever it stands: rule, values, and the records to publish.
    pub fn what_it_says(&self) -> (&'static str, &Values, &[Publish]) {
        (self.id, &self.values, &self.publish)
    }

    /// What it belongs to in the eyes of a receiver; more than one where it says something of each.
    pub fn aspects(&self) -> BTreeSet<Aspect> {
        aspects(self.id, &self.spans)
    }

    /// The record sets it points to, in the order of its places.
    pub fn record_sets(&self) -> impl Iterator<Item = &Question> {
        self.spans.iter().filter_map(|span| span.record_set.as_ref())
    }

    /// Says that it goes when the faults of one of these are mended.
    #[must_use]
    pub fn resting_on(self, rests_on: &'static [Aspect]) -> Finding {
        Finding { rests_on, ..self }
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

    /// Says that it is for the owner to choose what to publish.
    #[must_use]
    pub fn as_choice(self) -> Finding {
        Finding { is_choice: true, ..self }
    }

    /// Adds a text to write in place of another. Where the records to publish say what to write, none is needed.
    #[must_use]
    pub fn edit(mut self, at: Span, text: impl Into<String>) -> Finding {
        self.edits.push(Edit { at, text: text.into() });
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and_at(mut self, spans: impl IntoIterator<Item = Span>) -> Finding {
        self.spans.extend(spans);
        self
    }
}

/// What the findings of a rule at these places belong to in the eyes of a receiver.
pub fn aspects(id: &str, spans: &[Span]) -> BTreeSet<Aspect> {
    let topic = id.split('-').next().unwrap_or(id);
    match topic {
        "spf" => BTreeSet::from([Aspect::Spf]),
        "dkim" => BTreeSet::from([Aspect::Dkim]),
        "dmarc" => BTreeSet::from([Aspect::Dmarc]),
        "host" => BTreeSet::from([Aspect::Ptr]),
        "auth" => auth_aspects(id).iter().copied().collect(),
        // Of what somebody does not want to hear no receiver knows.
        "ignore" => BTreeSet::new(),
        _ if TOLD_OF_ANY_NAME.contains(&id) => {
            spans.iter().filter_map(|span| span.record_set.as_ref()).map(aspect_of_place).collect()
        }
        _ => BTreeSet::from([Aspect::Dns]),
    }
}

/// Rules of what nobody answered or nobody can read, whatever was asked for.
const TOLD_OF_ANY_NAME: [&str; 6] = [
    "dns-no-answer",
    "dns-not-asked",
    "dnssec-bogus",
    "zone-unreadable-line",
    "zone-text-unquoted",
    "zone-include-unread",
];

fn aspect_of_place(place: &Question) -> Aspect {
    let is_below = |label: &str| place.name.labels().any(|own| own == label);
    match place.kind {
        _ if is_below("_domainkey") => Aspect::Dkim,
        _ if is_below("_dmarc") => Aspect::Dmarc,
        Kind::TXT => Aspect::Spf,
        Kind::PTR => Aspect::Ptr,
        _ => Aspect::Dns,
    }
}

/// Of the rules across protocols each says something else.
fn auth_aspects(id: &str) -> &'static [Aspect] {
    match id {
        "auth-neither-spf-nor-dkim" => &[Aspect::Spf, Aspect::Dkim],
        "auth-no-spf" => &[Aspect::Spf],
        "auth-no-dkim" | "auth-unsigned" | "auth-provider-cannot-sign" => &[Aspect::Dkim],
        "auth-sender-without-ptr" | "auth-sender-ptr-unconfirmed" => &[Aspect::Ptr],
        "auth-onmicrosoft-sender" | "auth-no-mail-incomplete" => &[Aspect::Dns],
        _ => &[Aspect::Alignment],
    }
}

impl Aspect {
    /// All, in the order of the columns.
    pub const ALL: [Aspect; 6] =
        [Aspect::Spf, Aspect::Dkim, Aspect::Dmarc, Aspect::Alignment, Aspect::Ptr, Aspect::Dns];
}

impl Publish {
    /// The name as most DNS panels ask for it: without the domain, `@` for the domain itself.
    pub fn host(&self) -> String {
        let domain = self.owner.registered_domain();
        self.owner.below(&domain).unwrap_or("@").to_owned()
    }

    /// The record as a zone line.
    pub fn line(&self) -> String {
        format!("{} IN {} {}", self.owner.absolute(), self.kind, self.data())
    }

    /// The data as a zone line has them, names with the final dot.
    pub fn data(&self) -> String {
        match self.kind {
            Kind::TXT => crate::zone::write::txt_value(&self.value),
            // The name comes last; in a null MX it is the root, which is its own final dot.
            Kind::CNAME | Kind::MX | Kind::NS | Kind::PTR => format!("{}.", self.value.trim_end_matches('.')),
            _ => self.value.clone(),
        }
    }

    /// Owner and type.
    pub fn record_set(&self) -> Question {
        Question::new(&self.owner, self.kind)
    }
}

//! What comments in zone files say: `mailvet: ignore spf-ptr until 2027-01-31 -- the printer needs it`.

use std::ops::Range;
use std::sync::Arc;

use super::{Covers, Date, Ignore};
use crate::finding::Finding;
use crate::source::{Source, Span};
use crate::zone::Zone;
use crate::zone::comments::{self, Comment};

/// What the comments in a zone say.
#[derive(Clone, Debug, Default)]
pub struct Comments {
    /// Those that can be read, in the order of what they are about in each text.
    pub ignores: Vec<Ignore>,
    /// Those that cannot.
    pub unread: Vec<Unread>,
}

/// A comment that begins with `mailvet:`, and does not say what is to be done.
#[derive(Clone, Debug)]
pub struct Unread {
    /// What is wrong.
    pub fault: Fault,
    /// The comment.
    pub at: Span,
}

/// What can be wrong with such a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The first word is not `ignore`.
    NotIgnore,
    /// No rule is named.
    NoRule,
    /// Nothing stands behind `--`, or there is none.
    NoReason,
    /// What stands behind `until` is no day.
    NoDate,
}

impl Comments {
    /// The comments in zones, and in the files that these include.
    pub fn of<'z>(zones: impl IntoIterator<Item = &'z Zone>) -> Comments {
        let mut all = Comments::default();
        for comment in zones.into_iter().flat_map(comments::comments) {
            match read(&comment) {
                Ok(ignore) => all.ignores.push(ignore),
                Err(fault) => all.unread.push(Unread { fault, at: comment.at }),
            }
        }
        all.ignores.sort_by(|a, b| key(a).cmp(&key(b)));
        all
    }

    /// Those that are about a place which the finding points to.
    pub(super) fn covering<'a>(&'a self, finding: &'a Finding) -> impl Iterator<Item = &'a Ignore> {
        finding.spans.iter().flat_map(|span| self.covering_place(span))
    }

    fn covering_place(&self, span: &Span) -> impl Iterator<Item = &Ignore> {
        let wanted = (span.source.name.as_str(), span.bytes.start);
        let end = self.ignores.partition_point(|ignore| key(ignore) <= wanted);
        let before = self.ignores.get(..end).unwrap_or_default().iter();
        before.filter(|ignore| place(ignore).is_some_and(|place| covers(place, span)))
    }
}

fn place(ignore: &Ignore) -> Option<&Span> {
    match &ignore.covers {
        Covers::Place(place) => Some(place),
        Covers::Domains(_) => None,
    }
}

fn key(ignore: &Ignore) -> (&str, usize) {
    place(ignore).map(|place| (place.source.name.as_str(), place.bytes.start)).unwrap_or_default()
}

fn covers(place: &Span, span: &Span) -> bool {
    place.bytes.start <= span.bytes.start
        && span.bytes.end <= place.bytes.end
        && place.source.name == span.source.name
        && place.source.kind == span.source.kind
}

fn read(comment: &Comment) -> Result<Ignore, Fault> {
    let source = &comment.at.source;
    let text = source.text.get(comment.text.clone()).unwrap_or_default();
    let (order, reason) = text.split_once("--").map_or((text, ""), |(order, reason)| (order, reason.trim()));
    let mut words = words(source, comment.text.start..comment.text.start + order.len()).into_iter();
    if words.next().is_none_or(|word| word.text() != "ignore") {
        return Err(Fault::NotIgnore);
    }
    let rules: Vec<Span> = words.by_ref().take_while(|word| word.text() != "until").collect();
    let is_until = order.split_ascii_whitespace().any(|word| word == "until");
    let until = match (is_until, words.next(), words.next()) {
        (false, ..) => None,
        (true, Some(date), None) => Some(date.text().parse::<Date>().map_err(|_| Fault::NoDate)?),
        (true, ..) => return Err(Fault::NoDate),
    };
    match (rules.is_empty(), reason.is_empty()) {
        (true, _) => Err(Fault::NoRule),
        (_, true) => Err(Fault::NoReason),
        _ => Ok(Ignore {
            rules: rules.into_iter().map(|span| (span.text().to_owned(), span)).collect(),
            reason: reason.to_owned(),
            until,
            at: comment.at.clone(),
            covers: Covers::Place(comment.about.clone()),
        }),
    }
}

/// The words of a part of a text, between blanks and commas.
fn words(source: &Arc<Source>, part: Range<usize>) -> Vec<Span> {
    let text = source.text.get(part.clone()).unwrap_or_default();
    let is_between = |c: char| c == ',' || c.is_ascii_whitespace();
    let words = text.split(is_between).filter(|word| !word.is_empty());
    let span = |word: &str| {
        let start = part.start + (word.as_ptr().addr() - text.as_ptr().addr());
        Span { source: Arc::clone(source), bytes: start..start + word.len(), record_set: None }
    };
    words.map(span).collect()
}

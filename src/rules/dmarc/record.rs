//! The record that the rules look at, and where to publish it anew.

use std::ops::Range;

use crate::dns::{Answer, Record};
use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::{Asked, Evidence};
use crate::finding::Finding;
use crate::name::{Kind, Name};
use crate::records::dmarc::{Dmarc, lookalike};
use crate::records::tags::Tag;
use crate::rules::Rule;
use crate::rules::dmarc::corrected::corrected;
use crate::zone::Txt;

/// The one DMARC record that applies to a domain: its own, or for a domain that somebody named also that of the
/// domain above.
pub(super) struct Applied<'a> {
    pub domain: &'a Name,
    pub dmarc: &'a Dmarc,
    /// Where it can be published anew: not where an alias leads to somebody else's name.
    owner: Option<&'a Name>,
}

impl Applied<'_> {
    pub fn of(evidence: &Evidence) -> Option<Applied<'_>> {
        match dmarc::policy(evidence) {
            // Of a domain that does not exist there is only that to say.
            PolicyFound::Record { dmarc, answer, own, .. } if own || (evidence.named && !evidence.is_nonexistent()) => {
                Some(Applied { domain: &evidence.domain, dmarc, owner: owner(answer) })
            }
            _ => None,
        }
    }

    /// A finding at a part of the record.
    pub fn at(&self, rule: &'static Rule, part: Range<usize>) -> Finding {
        rule.at(self.dmarc.txt.spans(part)).with("domain", self.domain)
    }

    /// A finding with the whole record as it should be, where that is certain.
    pub fn correct(&self, finding: Finding) -> Finding {
        self.publish(finding, corrected(&self.dmarc.txt.value))
    }

    /// A finding with the record to publish in place of this one.
    pub fn publish(&self, finding: Finding, value: Option<String>) -> Finding {
        match (self.owner, value) {
            (Some(owner), Some(value)) if value != self.dmarc.txt.value => finding.publish(owner, Kind::TXT, value),
            _ => finding,
        }
    }

    /// All parts that are `name=value`, but for the version.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.dmarc.tags.tags.iter().skip(1).filter(|tag| tag.value.is_some())
    }

    /// A part of the record as written.
    pub fn text(&self, part: Range<usize>) -> &str {
        &self.dmarc.txt.value[part]
    }
}

/// Texts at a `_dmarc` name that were meant as its record and are none, where there is no record; and where each can
/// be published anew.
pub(super) fn failed_texts(asked: &Asked<Dmarc>) -> Vec<(&Txt, Option<&Name>)> {
    if !asked.found.is_empty() {
        return Vec::new();
    }
    let texts = asked.answer.records().iter().filter_map(Record::txt);
    texts.filter(|txt| lookalike(&txt.value).is_some()).map(|txt| (&**txt, owner(&asked.answer))).collect()
}

/// Is there a line about DMARC in the zone file that could not be read?
pub(super) fn is_unreadable(evidence: &Evidence) -> bool {
    let problems = evidence.zone.iter().flat_map(|zone| zone.unread());
    problems.map(|problem| &problem.at).any(|at| {
        let text = &at.source.text;
        let start = text[..text.floor_char_boundary(at.bytes.start)].rfind('\n').map_or(0, |end| end + 1);
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        text[start..end].to_ascii_lowercase().contains("dmarc")
    })
}

/// The name at which the record of an answer can be changed: nothing where it is the name of somebody else.
pub(in crate::rules) fn owner(answer: &Answer) -> Option<&Name> {
    let name = answer.final_name();
    name.is_within(&answer.question.name.registered_domain()).then_some(name)
}

/// Do two ranges share a byte?
pub(super) fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

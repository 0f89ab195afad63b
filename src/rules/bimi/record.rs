//! The record that the rules look at.

use std::ops::Range;

use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::name::Name;
use crate::records::bimi::Bimi;
use crate::rules::Rule;

/// The one BIMI record of a domain.
pub(super) struct Applied<'a> {
    pub domain: &'a Name,
    pub bimi: &'a Bimi,
}

impl Applied<'_> {
    pub fn of(evidence: &Evidence) -> Option<Applied<'_>> {
        Some(Applied { domain: &evidence.domain, bimi: evidence.indicator.record.only()? })
    }

    /// A finding at a part of the record.
    pub fn at(&self, rule: &'static Rule, part: Range<usize>) -> Finding {
        rule.at(self.bimi.txt.spans(part)).with("domain", self.domain)
    }
}

//! Faults in how a record is written. One byte is at fault for one reason: each rule leaves to the others what these
//! explain.

use std::ops::Range;

use crate::records::dmarc::{Dmarc, TAGS};
use crate::records::tags::Tag;
use crate::rules::dmarc::record::overlap;
use crate::rules::dmarc::{character, corrected};

/// Wrong separators: a colon in place of `=`, a comma or a blank in place of `;`.
pub(super) fn separators(dmarc: &Dmarc) -> Vec<Range<usize>> {
    dmarc.tags.tags.iter().flat_map(|part| separators_in(&dmarc.txt.value, part.range.clone())).collect()
}

fn separators_in(value: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = part.start;
    loop {
        let text = &value[start..part.end];
        found.extend(colon(text).map(|at| start + at..start + at + 1));
        let Some((length, separator)) = corrected::next_tag(text) else { return found };
        found.push(start + length..start + length + separator);
        start += length + separator;
    }
}

/// The colon of `p:none`.
fn colon(part: &str) -> Option<usize> {
    let at = part.find([':', '=']).filter(|at| part[*at..].starts_with(':'))?;
    TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(part[..at].trim())).then_some(at)
}

/// Is a part of the record at fault for its characters or separators?
pub(super) fn explain(dmarc: &Dmarc, part: &Range<usize>) -> bool {
    let characters = character::odd(&dmarc.txt.value).into_iter().map(|odd| odd.range);
    characters.chain(separators(dmarc)).any(|fault| overlap(&fault, part))
}

/// Is there something that was meant as the policy, and that another rule speaks about?
pub(super) fn explain_missing_policy(dmarc: &Dmarc) -> bool {
    !character::odd(&dmarc.txt.value).is_empty()
        || !separators(dmarc).is_empty()
        || misspelt(dmarc).iter().any(|(_, meant)| *meant == "p")
        || loose_parts(dmarc).iter().any(|part| corrected::policy(&dmarc.txt.value[part.clone()]).is_some())
}

/// Tags that were meant as others.
pub(super) fn misspelt(dmarc: &Dmarc) -> Vec<(&Tag, &'static str)> {
    let meant = |tag| corrected::meant(dmarc.tags.name(tag), dmarc.tags.value_of(tag)).map(|meant| (tag, meant));
    unexplained(dmarc).filter(|tag| tag.value.is_some()).filter_map(meant).collect()
}

/// Tags that nobody knows and that are near to none.
pub(super) fn unknown(dmarc: &Dmarc) -> Vec<&Tag> {
    let known = |tag: &Tag| {
        let name = dmarc.tags.name(tag);
        TAGS.iter().any(|known| known.eq_ignore_ascii_case(name))
            || corrected::meant(name, dmarc.tags.value_of(tag)).is_some()
    };
    unexplained(dmarc).filter(|tag| tag.value.is_some() && !known(tag)).collect()
}

/// Parts without `=` that are no report addresses.
pub(super) fn loose_parts(dmarc: &Dmarc) -> Vec<Range<usize>> {
    let addresses = loose_addresses(dmarc);
    let loose = unexplained(dmarc).filter(|tag| tag.value.is_none()).map(|tag| tag.range.clone());
    loose.filter(|part| !addresses.iter().any(|(address, _)| address == part)).collect()
}

/// Addresses that a semicolon cuts off from the report tag before them, and the name of that tag.
pub(super) fn loose_addresses(dmarc: &Dmarc) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut report_tag = None;
    let whole = |tag: &Tag| dmarc.txt.value[tag.range.clone()].to_ascii_lowercase();
    for tag in &dmarc.tags.tags {
        let name = dmarc.tags.name(tag);
        match (&tag.value, report_tag) {
            (None, Some(report_tag)) if name.contains('@') => found.push((tag.range.clone(), report_tag)),
            (None, _) => {}
            // With a wrong separator the tag stands within another one.
            (Some(_), _) => report_tag = ["ruf", "rua"].into_iter().find(|known| whole(tag).contains(known)),
        }
    }
    found
}

fn unexplained(dmarc: &Dmarc) -> impl Iterator<Item = &Tag> {
    dmarc.tags.tags.iter().skip(1).filter(|tag| !explain(dmarc, &tag.range))
}

//! Readers of the records that have to do with mail. They never fail: what is wrong is data with a place, and the
//! rules speak about it. Ranges are byte ranges of the joined text (`txt.value`); `txt.spans` turns them into places.

pub mod bimi;
pub mod dkim;
pub mod dmarc;
pub mod mta_sts;
pub mod spf;
pub mod svg;
pub mod tags;
pub mod tls_rpt;
pub mod unquoted;

use std::ops::Range;

/// The first word of a text in lower case, without its `v=`: what may have been meant as a version. And its place, with
/// what stands before it.
fn version_word(lower: &str) -> (Range<usize>, &str, &str) {
    let start = lower.len() - lower.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).len();
    let end = start + lower[start..].find([';', ' ', ',', ':']).unwrap_or(lower.len() - start);
    let word = &lower[start..end];
    (0..end, word, word.strip_prefix("v=").unwrap_or(word))
}

/// A text with a part of it replaced: the record as it should be.
pub fn replaced(value: &str, part: &Range<usize>, with: &str) -> String {
    let (before, behind) = (value.get(..part.start).unwrap_or(value), value.get(part.end..).unwrap_or_default());
    format!("{before}{with}{behind}")
}

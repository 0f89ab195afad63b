//! Answers of DNS that are none, and name servers that do not agree.

mod change_not_seen;
mod name_missing;
mod no_answer;
mod not_asked;
pub(in crate::rules) mod questions;
mod serials_differ;
mod server_lame;
mod server_private;
mod server_silent;
mod servers_differ;
mod servers_not_asked;
mod soa_missing;

use crate::finding::Finding;
use crate::lang::Words;
use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &name_missing::RULE,
    &soa_missing::RULE,
    &servers_differ::RULE,
    &server_lame::RULE,
    &server_silent::RULE,
    &change_not_seen::RULE,
    &serials_differ::RULE,
    &server_private::RULE,
    &servers_not_asked::RULE,
    &no_answer::RULE,
    &not_asked::RULE,
];

const MINUTES: Words = Words { en: "min", es: "min", ja: "分" };
const HOURS: Words = Words { en: "h", es: "h", ja: "時間" };

/// The finding with a time to wait, as `{wait}` and `{unit}`: in minutes, or in hours where it is long.
fn with_wait(finding: Finding, seconds: u32) -> Finding {
    let minutes = seconds.div_ceil(60);
    match minutes {
        0..180 => finding.with("wait", minutes).with_words("unit", MINUTES),
        _ => finding.with("wait", minutes.div_ceil(60)).with_words("unit", HOURS),
    }
}

#[cfg(test)]
pub(crate) mod tests;

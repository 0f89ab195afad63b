//! Names of DKIM selectors to try where nobody named one: DNS cannot list them.

use std::sync::OnceLock;

use crate::collect::Discovery;
use crate::providers;

/// The names, in two parts; the file says on what they rest.
const TEXT: &str = include_str!("selectors.txt");

/// The line between the parts.
const REST: &str = "# The rest.";

const YEARS: std::ops::RangeInclusive<u16> = 2005..=2026;

/// The names to try, in the order in which they are asked. Some may be there twice.
pub(super) fn names(discovery: Discovery) -> Vec<&'static str> {
    let (common, rest) = lists();
    let provided = providers::all().iter().flat_map(|provider| provider.selector_names());
    match discovery {
        Discovery::Known => Vec::new(),
        Discovery::Common => common.iter().map(String::as_str).collect(),
        Discovery::All => {
            common.iter().map(String::as_str).chain(provided).chain(rest.iter().map(String::as_str)).collect()
        }
    }
}

fn lists() -> &'static (Vec<String>, Vec<String>) {
    static LISTS: OnceLock<(Vec<String>, Vec<String>)> = OnceLock::new();
    LISTS.get_or_init(|| {
        let (common, rest) = TEXT.split_once(REST).unwrap_or((TEXT, ""));
        (read(common), read(rest))
    })
}

fn read(part: &str) -> Vec<String> {
    part.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(expand).collect()
}

/// The names that a line stands for.
fn expand(line: &str) -> Vec<String> {
    if !line.contains("{year}") {
        return vec![line.to_owned()];
    }
    let months = if line.contains("{month}") { 1..=12 } else { 0..=0 };
    let of_year = |year: u16| {
        let line = line.replace("{year}", &year.to_string());
        months.clone().map(move |month| line.replace("{month}", &format!("{month:02}")))
    };
    // The newest first: few keys are of old years.
    YEARS.rev().flat_map(of_year).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::name::Name;

    #[test]
    fn every_name_is_one_and_stands_once() {
        let (common, rest) = lists();
        let mut seen = HashSet::new();
        for name in common.iter().chain(rest) {
            assert!(Name::parse(name).is_ok_and(|read| read.as_str() == name), "{name}");
            assert!(seen.insert(name), "{name} stands twice");
        }
        assert!((40..=60).contains(&common.len()), "{} common names", common.len());
        assert!(rest.len() > 2_000, "{} others", rest.len());
    }

    #[test]
    fn dates() {
        assert_eq!(expand("x{year}-{month}").first().map(String::as_str), Some("x2026-01"));
        assert_eq!((expand("x{year}-{month}").len(), expand("x{year}").len(), expand("x").len()), (264, 22, 1));
    }

    #[test]
    fn all_begins_with_what_is_common() {
        let (common, all) = (names(Discovery::Common), names(Discovery::All));
        assert!(all.starts_with(&common) && names(Discovery::Known).is_empty());
    }
}

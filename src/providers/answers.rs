//! What the names of providers answered when they were asked for their SPF record.

use std::collections::HashMap;
use std::sync::OnceLock;

use ipnet::IpNet;
use serde::Deserialize;

const FILE: &str = include_str!("answers.toml");

/// So many records behind one name are read.
const MAX_RECORDS: usize = 40;

/// What a name answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAnswer {
    /// The name.
    pub name: String,
    /// Its SPF record.
    pub text: String,
    /// The day it was read.
    pub read: String,
}

#[derive(Deserialize)]
struct File {
    answer: Vec<KnownAnswer>,
}

/// The answer of a name, if it is known.
pub fn answer(name: &str) -> Option<&'static KnownAnswer> {
    all().get(name)
}

/// The networks that the record of a name lets send, and those that it includes, as far as they are known.
pub fn addresses(name: &str) -> Vec<IpNet> {
    let (mut names, mut at, mut found) = (vec![name], 0, Vec::new());
    while let Some(name) = names.get(at).copied().filter(|_| at < MAX_RECORDS) {
        at += 1;
        for term in answer(name).iter().flat_map(|answer| answer.text.split_ascii_whitespace()) {
            let term = term.strip_prefix('+').unwrap_or(term);
            let leads = term.strip_prefix("include:").or_else(|| term.strip_prefix("redirect="));
            if let Some(next) = leads.filter(|next| !names.contains(next)) {
                names.push(next);
            }
            found.extend(network(term));
        }
    }
    found
}

fn network(term: &str) -> Option<IpNet> {
    let text = term.strip_prefix("ip4:").or_else(|| term.strip_prefix("ip6:"))?;
    text.parse::<IpNet>().ok().or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)))
}

fn all() -> &'static HashMap<String, KnownAnswer> {
    static ALL: OnceLock<HashMap<String, KnownAnswer>> = OnceLock::new();
    ALL.get_or_init(|| {
        let file: Option<File> = toml::from_str(FILE).ok();
        file.into_iter().flat_map(|file| file.answer).map(|answer| (answer.name.clone(), answer)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    #[test]
    fn every_answer_is_an_spf_record_with_a_date() {
        let file: File = toml::from_str(FILE).expect("answers");
        assert_eq!(all().len(), file.answer.len(), "a name stands twice");
        for answer in &file.answer {
            assert_eq!(Name::parse(&answer.name).map(|name| name.to_string()).as_ref(), Ok(&answer.name));
            assert!(answer.text.starts_with("v=spf1 "), "{}", answer.name);
            let date: Vec<Option<u32>> = answer.read.split('-').map(|part| part.parse().ok()).collect();
            assert!(matches!(date[..], [Some(2025..), Some(1..=12), Some(1..=31)]), "{}", answer.name);
        }
    }

    #[test]
    fn what_is_included_is_known_too() {
        for answer in all().values() {
            let terms = answer.text.split(' ').map(|term| term.trim_start_matches(['+', '-', '~', '?']));
            let leads = terms.filter_map(|term| term.strip_prefix("include:").or(term.strip_prefix("redirect=")));
            for name in leads.filter(|name| !name.contains('%')) {
                assert!(super::answer(name).is_some(), "{} includes {name}", answer.name);
            }
        }
    }

    #[test]
    fn addresses_behind_an_include() {
        assert!(addresses("secureserver.net").contains(&"40.92.0.0/15".parse().expect("a network")));
        assert!(addresses("smtp-out.spf.superhosting.bg").contains(&"185.123.190.10/32".parse().expect("a network")));
        assert!(addresses("nobody.test").is_empty());
    }
}

//! How the tables are read: several findings in one entry, and what many tables have in common by its name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::lang::Phrase;
use crate::receivers::{Outcome, Receiver, Sender, When};

/// Those that most people write to come first; what holds for any other comes last.
pub(super) const FILES: [&str; 16] = [
    include_str!("yahoo.toml"),
    include_str!("gmail.toml"),
    include_str!("outlook.toml"),
    include_str!("microsoft365.toml"),
    include_str!("icloud.toml"),
    include_str!("comcast.toml"),
    include_str!("gmx.toml"),
    include_str!("t-online.toml"),
    include_str!("orange.toml"),
    include_str!("laposte.toml"),
    include_str!("mailru.toml"),
    include_str!("docomo.toml"),
    include_str!("au.toml"),
    include_str!("softbank.toml"),
    include_str!("bt.toml"),
    include_str!("generic.toml"),
];

pub(super) const SHARED: &str = include_str!("shared.toml");

/// All receivers, and what holds for any other.
pub fn all() -> &'static [Receiver] {
    static ALL: OnceLock<Vec<Receiver>> = OnceLock::new();
    ALL.get_or_init(|| FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect())
}

/// What the tables name with an `@`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shared {
    /// Findings that receivers take alike.
    pub(super) findings: BTreeMap<String, Vec<String>>,
    /// What several receivers say, or ask for.
    pub(super) texts: BTreeMap<String, Phrase>,
}

pub(super) fn shared() -> &'static Shared {
    static ONCE: OnceLock<Shared> = OnceLock::new();
    ONCE.get_or_init(|| toml::from_str(SHARED).unwrap_or_default())
}

/// `[[when]]` as it stands in a file: for several findings at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhenAny {
    findings: Vec<String>,
    sender: Sender,
    then: Outcome,
    #[serde(default)]
    reply: Option<String>,
    source: String,
}

/// One line for each finding.
pub(super) fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<When>, D::Error> {
    let mut lines = Vec::new();
    for WhenAny { findings, sender, then, reply, source } in Vec::<WhenAny>::deserialize(deserializer)? {
        for entry in &findings {
            let line = |finding| When { finding, sender, then, reply: reply.clone(), source: source.clone() };
            lines.extend(group(entry).map_err(D::Error::custom)?.into_iter().map(line));
        }
    }
    Ok(lines)
}

/// The findings of a group, such as `@spf-broken`; what is none stands for itself.
pub(crate) fn group(entry: &str) -> Result<Vec<String>, String> {
    match entry.strip_prefix('@') {
        None => Ok(vec![entry.to_owned()]),
        Some(name) => shared().findings.get(name).cloned().ok_or_else(|| format!("no group of findings: {entry}")),
    }
}

/// A text of its own, or the name of a shared one, such as `@ptr`.
pub(super) fn phrase<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Phrase, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Shared(String),
        Own(Phrase),
    }
    match Either::deserialize(deserializer)? {
        Either::Own(phrase) => Ok(phrase),
        Either::Shared(name) => {
            let phrase = name.strip_prefix('@').and_then(|name| shared().texts.get(name));
            phrase.cloned().ok_or_else(|| D::Error::custom(format!("no shared text: {name}")))
        }
    }
}

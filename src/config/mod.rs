//! Settings in a file, `mailvet.toml`: the arguments of each run, which findings count, and what is known of domains.
//!
//! The text comes from whoever wrote the zones, so it is read as they are: bounded, and each fault with its place.

mod reader;
pub mod values;

use std::fmt;
use std::sync::Arc;

use crate::collect::Section;
use crate::finding::Severity;
use crate::lang::Lang;
use crate::name::Name;
use crate::policy::Policy;
use crate::receivers::{Receiver, Sender};
use crate::source::{Position, Source, Span};

/// What the file is called where nobody names another one.
pub const FILE_NAME: &str = "mailvet.toml";

/// Larger files are refused: nobody writes so many settings.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The settings of a file. What it does not set is empty, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `receivers`: whose verdicts are wanted.
    pub receivers: Vec<&'static [Receiver]>,
    /// `volume`: whose mail is judged.
    pub volume: Option<Sender>,
    /// `lang`: the language of reports.
    pub lang: Option<Lang>,
    /// `fail-on`: what makes a run fail.
    pub fail_on: Option<FailOn>,
    /// `to`: the domains that mail is sent to.
    pub to: Vec<Name>,
    /// `to-file`: files with more of them.
    pub to_file: Vec<FilePath>,
    /// `with`: other people's zone data.
    pub with: Vec<FilePath>,
    /// `from`: a snapshot.
    pub from: Option<FilePath>,
    /// `baseline`: what was found before, so that only what is new counts.
    pub baseline: Option<FilePath>,
    /// `locked`: is `mailvet.lock` asked for what the zones do not hold?
    pub locked: bool,
    /// What is known of all domains, and of those that have a section.
    pub sections: Vec<Section>,
    /// `rules` and `ignore`: which findings count. Today is not known.
    pub policy: Policy,
}

/// When a run has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// When something of this severity is found, or worse.
    Severity(Severity),
    /// Never.
    Never,
}

/// A path, as it is written.
#[derive(Clone, Debug)]
pub struct FilePath {
    /// The path: from the folder of the settings.
    pub text: String,
    /// Where it is written.
    pub at: Span,
}

/// Something in the settings that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Where.
    pub at: Position,
    /// What is wrong, and what to write.
    pub text: String,
}

impl Config {
    /// Reads settings in TOML.
    ///
    /// # Errors
    /// All that cannot be used, in the order of the text.
    pub fn read(source: &Arc<Source>) -> Result<Config, Vec<ConfigError>> {
        reader::read(source)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.text)
    }
}

#[cfg(test)]
mod tests;

//! `mailvet diff`.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use mailvet::config;
use mailvet::finding::Severity;
use mailvet::lang::Lang;
use mailvet::name::Name;
use mailvet::report::diff::Format;

use super::choices::InputName;
use super::config::ConfigFile;
use super::lock::Locking;
use super::shared::{Judging, Receiving, Sending, World};
use super::values::{lang, origin};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  git show HEAD:contoso.zone | mailvet diff - contoso.zone   what does my change do?
  mailvet diff old/ zones/ --fail-on new --format markdown   all zones of two folders, for a pull request
  mailvet diff live contoso.zone                             what will change when I deploy this file?
  mailvet diff contoso.json live                             what changed since the snapshot?

Exit codes: 0 nothing new of the severity of --fail-on, 1 something new, 2 wrong use, 3 it could not be told: DNS did not
answer, or one side does not know what the other one shows.")]
pub struct Diff {
    /// Before: a zone file or a folder of them, a snapshot, `-` for standard input, or the word `live` for DNS
    pub old: PathBuf,
    /// After: the same
    pub new: PathBuf,
    /// What zone files are written in [default: by their content]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input: Option<InputName>,
    /// The origin, for a file that does not state it [default: that of the other side]
    #[arg(long, value_parser = origin, value_name = "DOMAIN")]
    pub origin: Option<Name>,
    #[command(flatten)]
    pub world: World,
    #[command(flatten)]
    pub locking: Locking,
    #[command(flatten)]
    pub sending: Sending,
    #[command(flatten)]
    pub receiving: Receiving,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub config: ConfigFile,
    /// Format of the report
    #[arg(long, value_enum, default_value = "text")]
    pub format: DiffFormatName,
    /// List the records that have nothing to do with mail, too
    #[arg(long)]
    pub all: bool,
    /// Language: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    pub lang: Lang,
    /// The lowest severity of a new finding that makes the exit code 1
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOnNew,
}

/// Is this side the word for DNS?
pub fn is_live(side: &Path) -> bool {
    side.as_os_str() == "live"
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormatName {
    /// For people
    Text,
    /// For programs
    Json,
    /// A comment on a pull request
    Markdown,
}

impl From<DiffFormatName> for Format {
    fn from(name: DiffFormatName) -> Format {
        match name {
            DiffFormatName::Text => Format::Text,
            DiffFormatName::Json => Format::Json,
            DiffFormatName::Markdown => Format::Markdown,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOnNew {
    Error,
    Warning,
    /// Any new finding
    #[value(alias = "advice")]
    New,
    /// Never exit with 1
    Never,
}

impl From<config::FailOn> for FailOnNew {
    fn from(fail_on: config::FailOn) -> FailOnNew {
        match fail_on {
            config::FailOn::Severity(Severity::Error) => FailOnNew::Error,
            config::FailOn::Severity(Severity::Warning) => FailOnNew::Warning,
            config::FailOn::Severity(Severity::Advice) => FailOnNew::New,
            config::FailOn::Never => FailOnNew::Never,
        }
    }
}

impl FailOnNew {
    /// The severity from which on a new finding fails the run.
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOnNew::Error => Some(Severity::Error),
            FailOnNew::Warning => Some(Severity::Warning),
            FailOnNew::New => Some(Severity::Advice),
            FailOnNew::Never => None,
        }
    }
}

//! What `mailvet lock` takes, and those that use a lock.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use mailvet::lang::Lang;

use super::config::ConfigFile;
use super::shared::Zones;
use super::values::{day, lang};

/// The lock that answers.
#[derive(Clone, Debug, ClapArgs)]
pub struct Locking {
    /// Ask nobody: look up in mailvet.lock what files and snapshot do not contain (see `mailvet lock`)
    #[arg(long, conflicts_with = "live")]
    pub locked: bool,
    /// The lock, if it is not mailvet.lock in the folder of the first file or in a folder above; implies --locked
    #[arg(long, value_name = "FILE")]
    pub lock: Option<PathBuf>,
    /// For tests: the day of today
    #[arg(long, hide = true, value_name = "DAY", value_parser = day)]
    pub today: Option<String>,
}

#[derive(Debug, ClapArgs)]
#[command(mut_arg("locked", |arg| arg.hide(true)), mut_arg("lock", |arg| arg.help(WHERE_TO_WRITE)))]
#[command(after_help = "\
Examples:
  mailvet lock zones/                  record what others answer, in zones/mailvet.lock
  mailvet zone zones/ --locked         check with these answers: the same today and tomorrow, without the network
  mailvet lock --update zones/         ask for all of them again, and tell what changed

Give the same --selector, --via, --to and --with as to `mailvet zone`: what is asked depends on them. With --from SNAPSHOT the
snapshot answers, and the network only with --live.

Exit codes: 0 all is recorded, 2 wrong use, 3 something was not answered: it is named, and asked for again the next time.")]
pub struct Lock {
    /// Ask for everything again, and tell what changed; without it only what is missing is asked for
    #[arg(long)]
    pub update: bool,
    /// Language of what is told: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    pub lang: Lang,
    #[command(flatten)]
    pub zones: Zones,
    #[command(flatten)]
    pub config: ConfigFile,
}

const WHERE_TO_WRITE: &str =
    "The lock, if it is not to be mailvet.lock in the folder of the first file or in a folder above";

//! What `mailvet fix` takes.

use clap::Args as ClapArgs;
use mailvet::lang::Lang;

use super::choices::FailOn;
use super::config::ConfigFile;
use super::shared::{Judging, Zones};
use super::values::{lang, rule};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet fix contoso.zone                          what would be changed, as a patch
  mailvet fix contoso.zone --write --bump-serial    change it
  mailvet fix contoso.zone --only spf-duplicate     change nothing else
  mailvet fix zones/ | git apply                    folders work, too

The files are changed only where there is one right answer, and the mended zone is read and checked again first. What
cannot be mended is listed on standard error.

Exit codes: 0 nothing to mend (with --write: nothing left); 1 there is something to mend, or something of the severity of
--fail-on is left; 2 wrong use, or a file cannot be written; 3 DNS did not answer.")]
pub struct Fix {
    #[command(flatten)]
    pub zones: Zones,
    /// Write the files; without it, no more than the patch is printed
    #[arg(long)]
    pub write: bool,
    /// Raise the serial number in the SOA record of the zones that change
    #[arg(long)]
    pub bump_serial: bool,
    /// Add records that are missing, too
    #[arg(long)]
    pub add_missing: bool,
    /// Mend what this rule finds, and nothing else (repeatable)
    #[arg(long, value_name = "ID", value_parser = rule)]
    pub only: Vec<&'static str>,
    /// Language: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    pub lang: Lang,
    /// The lowest severity of what is left that makes the exit code 1
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    #[command(flatten)]
    pub config: ConfigFile,
    /// What the settings say.
    #[arg(skip)]
    pub judging: Judging,
}

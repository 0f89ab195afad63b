//! `mailvet baseline`, and `--baseline` of the commands that check.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::config::ConfigFile;
use super::shared::{Domains, Judging, Zones};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet baseline zone zones/ --into mailvet-baseline.json       once, and again when findings are gone
  mailvet zone zones/ --baseline mailvet-baseline.json            in CI: only what is new fails
  mailvet baseline check contoso.com --into mailvet-baseline.json
  mailvet check contoso.com --baseline mailvet-baseline.json

Use the same arguments for both: what is looked up with --live or --with may hold findings of its own.")]
pub struct Baseline {
    #[command(subcommand)]
    pub of: BaselineOf,
    /// Write it into this file, whole or not at all [default: standard output]
    #[arg(long, value_name = "FILE", global = true)]
    pub into: Option<PathBuf>,
    #[command(flatten)]
    pub config: ConfigFile,
    /// What the settings say.
    #[arg(skip)]
    pub judging: Judging,
}

#[derive(Debug, Subcommand)]
pub enum BaselineOf {
    /// What is found in zone files
    Zone(Zones),
    /// What is found on domains on live DNS, or in a snapshot
    Check(Domains),
}

/// What was known before.
#[derive(Debug, ClapArgs)]
pub struct Known {
    /// Let pass what this baseline holds: only what is new is listed, and fails (see `mailvet baseline`)
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

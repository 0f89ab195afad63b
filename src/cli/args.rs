//! The arguments. The comments here are what `--help` says.

mod baseline;
mod choices;
mod commands;
mod config;
mod diff;
mod fix;
mod lock;
mod reference;
mod shared;
mod suggested;
mod values;

use clap::{Parser, Subcommand};

pub use baseline::{Baseline, BaselineOf, Known};
pub use choices::FormatName;
pub use commands::{Bounce, Check, Explain, Snapshot, Spf, Zone};
pub use config::{ConfigFile, Settable};
pub use diff::{Diff, is_live};
pub use fix::Fix;
pub use lock::Lock;
pub use reference::{Completions, Man};
pub use shared::{Domains, Judging, Network, Output, Receiving, Sending, Target, World, Zones};
pub use values::recipient;

/// Tells why mail is refused, and which line of DNS to write
///
/// Reads MX, SPF, DKIM, DMARC and the records around them from live DNS, from a zone file before it is deployed, or from
/// a recorded snapshot, and says what Yahoo, Gmail, Outlook.com and other receivers will do.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  mailvet check contoso.com                        what is wrong with the mail of this domain?
  mailvet check --receiver yahoo contoso.com       why does Yahoo refuse it?
  mailvet check --to friend@sky.com contoso.com    why does whoever runs that mailbox refuse it?
  mailvet bounce ndr.eml --check                   why did this mail come back?
  mailvet zone contoso.zone --with partners.zone   check a zone file before it is deployed
  mailvet fix contoso.zone                         ... and mend what has one right answer
  mailvet diff live contoso.zone                   what will change when this file is deployed?
  mailvet lock contoso.zone                        record what others answer, for `mailvet zone --locked`
  mailvet snapshot contoso.com > contoso.json      record every answer ...
  mailvet check --from contoso.json                ... and check it again, offline
  mailvet explain spf-duplicate --lang ja          what does this finding mean?
  mailvet explain microsoft365                     what does this provider ask to publish?

Exit codes: 0 fine, 1 something found (see --fail-on), 2 wrong use, 3 DNS did not answer.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check domains on live DNS, or from a snapshot
    Check(Check),
    /// Check zone files, offline: all names in them that have to do with mail
    Zone(Zone),
    /// Mend zone files: print a patch, or with --write change them
    Fix(Fix),
    /// Compare zone files, snapshots and live DNS: records, findings, and what receivers will do
    Diff(Diff),
    /// Record what is found now as JSON, for `--baseline`: from then on only what is new fails
    Baseline(Baseline),
    /// Record every answer about domains as JSON, for `check --from`
    Snapshot(Snapshot),
    /// Record in mailvet.lock what others answer that zones depend on, for checks with `--locked`
    Lock(Lock),
    /// Draw the SPF record of a domain with all that it includes, and judge an address by it
    Spf(Spf),
    /// Explain a bounce (NDR): what the reply says, whose turn it is, and with --check what DNS shows now
    #[command(visible_alias = "ndr")]
    Bounce(Bounce),
    /// Explain a rule, or what a provider asks to publish; without an id, list all rules
    Explain(Explain),
    /// Write the completions for a shell to standard output
    Completions(Completions),
    /// Write the manual pages
    Man(Man),
}

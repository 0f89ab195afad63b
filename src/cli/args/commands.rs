//! What each command takes.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::StringValueParser;
use clap::{Args as ClapArgs, ValueHint};
use mailvet::lang::Lang;
use mailvet::name::Name;

use super::baseline::Known;
use super::config::ConfigFile;
use super::shared::{Domains, Network, Output, Receiving, Sending, World, Zones};
use super::suggested::{ids_to_explain, lang_codes, suggesting};
use super::values::{domain, lang, reverse_path};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet check contoso.com fabrikam.com
  mailvet check contoso.com --to friend@sky.com   what will the receiver behind this address do?
  mailvet check --resolver 9.9.9.9 --selector s1 --selector s2 contoso.com
  mailvet check --authoritative contoso.com     is my change at all name servers?
  mailvet check --from contoso.json --format json")]
pub struct Check {
    #[command(flatten)]
    pub domains: Domains,
    #[command(flatten)]
    pub known: Known,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet zone contoso.zone
  mailvet zone zones/*.zone --with partners.zone --fail-on warning
  mailvet zone zones/*.zone --output sarif=mailvet.sarif --output text
  mailvet zone octodns/config                       all zones in a folder; they know each other's records
  mailvet zone contoso.com.yaml                     octoDNS: the file is named after the zone
  terraform show -json plan.out > plan.json && mailvet zone plan.json
  git show HEAD:contoso.zone | mailvet zone -
  mailvet zone fragment.txt --origin contoso.com --live")]
pub struct Zone {
    #[command(flatten)]
    pub zones: Zones,
    #[command(flatten)]
    pub known: Known,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, ClapArgs)]
pub struct Snapshot {
    /// Domains to record
    #[arg(required = true, value_parser = domain, value_hint = ValueHint::Hostname)]
    pub domains: Vec<Name>,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub sending: Sending,
    #[command(flatten)]
    pub receiving: Receiving,
    #[command(flatten)]
    pub config: ConfigFile,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet spf contoso.com                                   where do the lookups come from?
  mailvet spf contoso.com --ip 203.0.113.9                  may this address send?
  mailvet spf contoso.com --record 'v=spf1 mx -all'         try a record before it is published
  mailvet spf contoso.com --zone contoso.zone --with partners.zone")]
pub struct Spf {
    /// The domain
    #[arg(value_parser = domain, value_hint = ValueHint::Hostname)]
    pub domain: Name,
    /// Judge this address
    #[arg(long)]
    pub ip: Option<IpAddr>,
    /// The sender in MAIL FROM; empty for a bounce. Without it: postmaster of the domain
    #[arg(long, value_name = "ADDRESS", requires = "ip", value_parser = reverse_path)]
    pub sender: Option<String>,
    /// The name in HELO or EHLO
    #[arg(long, value_name = "NAME", requires = "ip")]
    pub helo: Option<String>,
    /// Try this record in place of the one that is published
    #[arg(long, value_name = "RECORD")]
    pub record: Option<String>,
    /// Write an equivalent record of addresses, with fewer lookups; it goes stale when senders move
    #[arg(long)]
    pub flatten: bool,
    /// Answer from this zone file (repeatable); with files or a snapshot nobody is asked unless there is --live
    #[arg(long, value_name = "FILE")]
    pub zone: Vec<PathBuf>,
    #[command(flatten)]
    pub world: World,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet bounce ndr.eml                        why was this mail refused?
  mailvet bounce --check ndr.eml                ... and which record is at fault today?
  echo '554 5.7.9 Message not accepted for policy reasons' | mailvet bounce -
  mailvet bounce bounces/ --zone contoso.zone   many at once: what would cure most of them?

Exit codes: 0 explained, or no bounce; 1 something of the severity of --fail-on in the records of the sender explains the
refusal, or may (only where DNS was asked); 2 nothing could be read; 3 DNS did not answer.")]
#[command(mut_arg("receivers", |arg| arg.help(JUDGES_OF_BOUNCES)))]
pub struct Bounce {
    /// Mails (.eml), mbox files, texts with a reply in them, folders of these; `-` is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Ask DNS whether the records of the sender explain the refusal
    #[arg(long)]
    pub check: bool,
    /// Answer from this zone file (repeatable); with files or a snapshot nobody is asked unless there is --check
    #[arg(long, value_name = "FILE")]
    pub zone: Vec<PathBuf>,
    #[command(flatten)]
    pub world: World,
    #[command(flatten)]
    pub output: Output,
}

const JUDGES_OF_BOUNCES: &str = "\
Judge the records as this receiver does: its id such as gmx, a domain of its mailboxes such as aol.com, or all \
(repeatable) [default: those who refused]";

impl Bounce {
    /// Are the records of the sender to be looked at?
    pub fn asks_dns(&self) -> bool {
        self.check || self.world.live || self.world.from.is_some() || !self.zone.is_empty()
    }

    /// The first of the arguments that were given and are for DNS alone.
    pub fn for_dns(&self) -> Option<&'static str> {
        let (world, judging) = (&self.world, &self.output.judging);
        let given = [
            ("--receiver", !judging.receivers.is_empty()),
            ("--volume", judging.volume.is_some()),
            ("--with", !world.with.is_empty()),
            ("--resolver", !world.network.resolver.is_empty()),
            ("--allow-private", world.network.allow_private),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet explain spf-duplicate
  mailvet explain microsoft365 --domain contoso.com     what to enter in the DNS panel?
  mailvet explain providers                             which providers are known?")]
pub struct Explain {
    /// The id of a rule (spf-duplicate) or of a provider (microsoft365); `providers` lists these
    #[arg(value_parser = suggesting(StringValueParser::new(), ids_to_explain), hide_possible_values = true)]
    pub id: Option<String>,
    /// The domain to fill in where a provider is explained
    #[arg(long, value_name = "DOMAIN", value_parser = domain, value_hint = ValueHint::Hostname)]
    pub domain: Option<Name>,
    /// Language: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = suggesting(lang, lang_codes), hide_possible_values = true)]
    pub lang: Lang,
}

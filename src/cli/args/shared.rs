//! What several commands take.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueHint};
use mailvet::collect::{Discovery, Knowledge, Known, Section};
use mailvet::evidence::Who;
use mailvet::lang::Lang;
use mailvet::name::Name;
use mailvet::policy::Policy;
use mailvet::receivers::{self, Receiver, Sender};

use super::choices::{DiscoveryName, FailOn, FormatName, InputName, Volume};
use super::config::ConfigFile;
use super::lock::Locking;
use super::suggested::{format_names, lang_codes, provider_ids, receiver_names, suggesting};
use super::values::{domain, lang, origin, receiver, recipient, seconds, selector, sender, server, target};

/// What zone files do not contain.
#[derive(Clone, Debug, ClapArgs)]
pub struct World {
    /// Other people's zone data, such as includes and DKIM targets: used for answers, not checked (repeatable)
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Look up in this snapshot what the zone files do not contain
    #[arg(long, value_name = "SNAPSHOT")]
    pub from: Option<PathBuf>,
    /// Look up on the network what files and snapshot do not contain
    #[arg(long)]
    pub live: bool,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Clone, Debug, ClapArgs)]
pub struct Network {
    /// Ask this DNS server (address, or address:port) instead of the system's (repeatable)
    #[arg(long, value_name = "ADDRESS", value_parser = server)]
    pub resolver: Vec<SocketAddr>,
    /// Seconds to wait for the answer to a question, and for a page
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub timeout: Duration,
    /// Connect to servers in private networks, too: for names of an internal DNS
    #[arg(long)]
    pub allow_private: bool,
}

/// What the user knows, and DNS does not tell.
#[derive(Clone, Debug, ClapArgs)]
pub struct Sending {
    /// A DKIM selector that the domain signs with (repeatable)
    #[arg(long = "selector", value_name = "SELECTOR", value_parser = selector)]
    pub selectors: Vec<String>,
    /// Which DKIM selectors to try beside those that are known [default: common]
    ///
    /// Known are those of --selector and of zone files, and those of the providers that MX, SPF or --via name: they are
    /// always tried. No others are tried where DNS proves that there are none, or where a zone file holds them all. With
    /// --from, the default is what the snapshot was taken with.
    #[arg(long = "selectors", value_enum, value_name = "WHICH")]
    pub discovery: Option<DiscoveryName>,
    /// A service that sends for the domain: a provider such as microsoft365, or an address (repeatable)
    #[arg(long, value_name = "SENDER", value_parser = suggesting(sender, provider_ids), hide_possible_values = true)]
    pub via: Vec<Who>,
    /// What settings say of some domains.
    #[arg(skip)]
    pub sections: Vec<Section>,
}

impl Sending {
    /// The same for the library.
    pub fn known(&self) -> Knowledge {
        let discovery = self.discovery.map_or(Discovery::Common, Discovery::from);
        let everywhere = Known { selectors: self.selectors.clone(), via: self.via.clone(), discovery };
        Knowledge { everywhere, sections: self.sections.clone() }
    }
}

/// To whom the mail goes.
#[derive(Clone, Debug, ClapArgs)]
pub struct Receiving {
    /// Whom mail is sent to, an address or a domain: judge what the receiver behind it will do (repeatable)
    ///
    /// Who that is, the MX of the domain tells; nothing is sent. Only these receivers are judged then, and those of
    /// --receiver. With `check --from`, the default is what the snapshot was taken with.
    #[arg(long, value_name = "RECIPIENT", value_parser = recipient)]
    pub to: Vec<Name>,
    /// The same from a file, or from standard input (`-`): an address or a domain a line; CSV works, too; # begins a
    /// comment (repeatable)
    #[arg(long, value_name = "FILE")]
    pub to_file: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Output {
    /// Format of the report on standard output [default: text]
    #[arg(long, value_enum)]
    pub format: Option<FormatName>,
    /// Write the report in this format to a file, or without a file to standard output (repeatable)
    ///
    /// FORMAT or FORMAT=FILE: `--output sarif=mailvet.sarif --output text`. A file is replaced only when the whole report
    /// is written. Without --format, standard output gets no more than what --output says.
    #[arg(long = "output", value_name = "FORMAT[=FILE]", value_parser = suggesting(target, format_names), hide_possible_values = true)]
    pub targets: Vec<Target>,
    /// Language: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = suggesting(lang, lang_codes), hide_possible_values = true)]
    pub lang: Lang,
    #[command(flatten)]
    pub judging: Judging,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// List the findings, too, that settings or comments in the zone tell to ignore, or that the baseline holds
    #[arg(long)]
    pub show_ignored: bool,
    #[command(flatten)]
    pub config: ConfigFile,
}

/// A format, and the file that it is for; nothing for standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub format: FormatName,
    pub file: Option<PathBuf>,
}

impl Output {
    /// What to write where: `--output`, and `--format` on standard output; text there, where nothing is said.
    pub fn all_targets(&self) -> Vec<Target> {
        let on_stdout = |format| Target { format, file: None };
        let default = self.targets.is_empty().then_some(FormatName::Text);
        let format = self.format.or(default).map(on_stdout);
        self.targets.iter().cloned().chain(format).collect()
    }
}

/// Whose verdicts are wanted, and for whose mail.
#[derive(Debug, Default, ClapArgs)]
pub struct Judging {
    /// Only this receiver's verdict: its id such as gmx, a domain of its mailboxes such as aol.com, or all (repeatable)
    /// [default: those that most people write to: yahoo, gmail, outlook, microsoft365, icloud]
    #[arg(long = "receiver", value_name = "RECEIVER", value_parser = suggesting(receiver, receiver_names), hide_possible_values = true)]
    pub receivers: Vec<&'static [Receiver]>,
    /// Judge the mail of those who send little, or of bulk senders, only [default: both]
    #[arg(long, value_enum, value_name = "VOLUME")]
    pub volume: Option<Volume>,
    /// Which findings count, by the settings.
    #[arg(skip)]
    pub policy: Arc<Policy>,
}

impl Judging {
    /// The receivers whose verdict is wanted.
    pub fn receivers(&self) -> Vec<&'static Receiver> {
        match self.receivers.as_slice() {
            [] => receivers::prominent().collect(),
            named => named.iter().copied().flatten().collect(),
        }
    }

    /// The senders whose mail is judged.
    pub fn senders(&self) -> Vec<Sender> {
        match self.volume {
            None => Sender::ALL.to_vec(),
            Some(Volume::Small) => vec![Sender::Everyone],
            Some(Volume::Bulk) => vec![Sender::Bulk],
        }
    }
}

/// Domains, and all that is needed to check them.
#[derive(Debug, ClapArgs)]
pub struct Domains {
    /// Domains to check (with --from: those of the snapshot, unless some are named)
    #[arg(value_parser = domain, value_hint = ValueHint::Hostname, required_unless_present = "from", value_name = "DOMAIN")]
    pub domains: Vec<Name>,
    /// Answer from this snapshot, and ask nobody
    #[arg(long, value_name = "SNAPSHOT", conflicts_with_all = ["resolver", "timeout", "allow_private", "authoritative"])]
    pub from: Option<PathBuf>,
    /// Ask each name server of the domain itself, too, and compare what they say
    #[arg(long)]
    pub authoritative: bool,
    /// Connect to the MX hosts, too: do they offer STARTTLS, and do their certificates hold? No mail is sent
    #[arg(long, conflicts_with = "from")]
    pub smtp: bool,
    /// For tests: the port to connect to
    #[arg(long, hide = true, value_name = "PORT", default_value = "25", requires = "smtp")]
    pub smtp_port: u16,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub sending: Sending,
    #[command(flatten)]
    pub receiving: Receiving,
}

/// Zone files, and all that is needed to check them.
#[derive(Debug, ClapArgs)]
pub struct Zones {
    /// Zone files, or folders with zone files; each is checked with the records of all; `-` is standard input
    ///
    /// Of a folder, all files are read that are zones; of the others, standard error tells.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What the files are written in [default: by their content]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input: Option<InputName>,
    /// The origin, for a file that does not state it
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
}

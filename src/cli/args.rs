//! The arguments. The comments here are what `--help` says.

mod choices;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum as _};
use mailvet::collect::{Discovery, Known};
use mailvet::evidence::Who;
use mailvet::lang::Lang;
use mailvet::name::Name;
use mailvet::near;
use mailvet::providers;
use mailvet::receivers::{self, Receiver, Sender};

pub use choices::{DiscoveryName, FailOn, FormatName, InputName, Volume};

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
    /// Record every answer about domains as JSON, for `check --from`
    Snapshot(Snapshot),
    /// Draw the SPF record of a domain with all that it includes, and judge an address by it
    Spf(Spf),
    /// Explain a bounce (NDR): what the reply says, whose turn it is, and with --check what DNS shows now
    #[command(visible_alias = "ndr")]
    Bounce(Bounce),
    /// Explain a rule, or what a provider asks to publish; without an id, list all rules
    Explain(Explain),
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet check contoso.com fabrikam.com
  mailvet check contoso.com --to friend@sky.com   what will the receiver behind this address do?
  mailvet check --resolver 9.9.9.9 --selector s1 --selector s2 contoso.com
  mailvet check --authoritative contoso.com     is my change at all name servers?
  mailvet check --from contoso.json --format json")]
pub struct Check {
    /// Domains to check (with --from: those of the snapshot, unless some are named)
    #[arg(value_parser = domain, required_unless_present = "from")]
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
  mailvet zone fragment.txt --origin contoso.com --live")]
pub struct Zone {
    /// Zone files, or folders with zone files; each is checked with the records of all
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
    pub sending: Sending,
    #[command(flatten)]
    pub receiving: Receiving,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, ClapArgs)]
pub struct Snapshot {
    /// Domains to record
    #[arg(required = true, value_parser = domain)]
    pub domains: Vec<Name>,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub sending: Sending,
    #[command(flatten)]
    pub receiving: Receiving,
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
    #[arg(value_parser = domain)]
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

impl Bounce {
    /// Are the records of the sender to be looked at?
    pub fn asks_dns(&self) -> bool {
        self.check || self.world.live || self.world.from.is_some() || !self.zone.is_empty()
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
    pub id: Option<String>,
    /// The domain to fill in where a provider is explained
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    pub domain: Option<Name>,
    /// Language: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    pub lang: Lang,
}

/// What zone files do not contain.
#[derive(Debug, ClapArgs)]
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
#[derive(Debug, ClapArgs)]
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
    #[arg(long, value_name = "SENDER", value_parser = sender)]
    pub via: Vec<Who>,
}

impl Sending {
    /// The same for the library.
    pub fn known(&self) -> Known {
        let discovery = self.discovery.map_or(Discovery::Common, Discovery::from);
        Known { selectors: self.selectors.clone(), via: self.via.clone(), discovery }
    }
}

/// To whom the mail goes.
#[derive(Debug, ClapArgs)]
pub struct Receiving {
    /// Whom mail is sent to, an address or a domain: judge what the receiver behind it will do (repeatable)
    ///
    /// Who that is, the MX of the domain tells; nothing is sent. Only these receivers are judged then, and those of
    /// --receiver. With `check --from`, the default is what the snapshot was taken with.
    #[arg(long, value_name = "RECIPIENT", value_parser = recipient)]
    pub to: Vec<Name>,
    /// The same from a file: an address or a domain a line; CSV works, too; # begins a comment (repeatable)
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
    #[arg(long = "output", value_name = "FORMAT[=FILE]", value_parser = target)]
    pub targets: Vec<Target>,
    /// Language: en, es, ja
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    pub lang: Lang,
    /// Only this receiver's verdict: its id such as gmx, a domain of its mailboxes such as aol.com, or all (repeatable)
    /// [default: those that most people write to: yahoo, gmail, outlook, microsoft365, icloud]
    #[arg(long = "receiver", value_name = "RECEIVER", value_parser = receiver)]
    pub receivers: Vec<&'static [Receiver]>,
    /// Judge the mail of those who send little, or of bulk senders, only [default: both]
    #[arg(long, value_enum, value_name = "VOLUME")]
    pub volume: Option<Volume>,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
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

/// The domain of an address: also in angle brackets, behind a name, with a quoted local part.
pub fn recipient(text: &str) -> Result<Name, String> {
    let text = text.trim();
    let path = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text, |(_, path)| path.trim());
    // RFC 5321 section 4.1.2: no domain holds an `@`, but a quoted local part may.
    let name = domain(path.rsplit_once('@').map_or(path, |(_, domain)| domain))?;
    match name.as_str().contains('.') {
        true => Ok(name),
        false => Err("write the whole address, such as friend@sky.com, or its domain".to_owned()),
    }
}

fn domain(text: &str) -> Result<Name, String> {
    if let Some((_, domain)) = text.split_once('@') {
        return Err(format!("this is a mail address; give its domain only: {domain}"));
    }
    if text.contains("//") {
        return Err("this is a URL; give the domain only".to_owned());
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err("this is an IP address; give the domain that stands behind the @ of a mail address".to_owned());
    }
    let name = origin(text)?;
    // A name holds any other sign as an escape.
    let is_of_hosts = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match name.as_str().bytes().all(is_of_hosts) {
        true => Ok(name),
        false => {
            Err("a domain has letters, digits, hyphens, underscores and dots only, such as contoso.com".to_owned())
        }
    }
}

/// The origin of a zone may have any sign in it, such as `0/25.2.0.192.in-addr.arpa` (RFC 2317).
fn origin(text: &str) -> Result<Name, String> {
    let name = Name::from_user(text).map_err(|error| error.to_string())?;
    if name.is_root() { Err("the root is not a mail domain".to_owned()) } else { Ok(name) }
}

/// `sarif`, or `sarif=mailvet.sarif`; `-` is standard output, as for other programs.
fn target(text: &str) -> Result<Target, String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let known: Vec<String> = FormatName::value_variants()
        .iter()
        .filter_map(|it| Some(it.to_possible_value()?.get_name().to_owned()))
        .collect();
    let format = FormatName::from_str(name, true).map_err(|_| {
        let meant = near::nearest(name, known.iter().map(String::as_str));
        let meant = meant.map(|name| format!(" (did you mean {name}?)")).unwrap_or_default();
        format!("there is no format “{name}”{meant}; choose {}", known.join(", "))
    })?;
    match file {
        Some("") => Err(format!("write the name of the file behind {name}=")),
        Some("-") | None => Ok(Target { format, file: None }),
        Some(file) => Ok(Target { format, file: Some(PathBuf::from(file)) }),
    }
}

fn lang(text: &str) -> Result<Lang, String> {
    let known =
        Lang::ALL.into_iter().find(|lang| text.get(..2).is_some_and(|code| code.eq_ignore_ascii_case(lang.code())));
    known.ok_or_else(|| "choose en (English), es (Spanish) or ja (Japanese)".to_owned())
}

fn receiver(text: &str) -> Result<&'static [Receiver], String> {
    if text == "all" {
        return Ok(receivers::all());
    }
    let known = receivers::all().iter().map(|receiver| receiver.id.as_str()).collect::<Vec<_>>().join(", ");
    let receiver = receivers::by_name(text).map(std::slice::from_ref);
    receiver.ok_or_else(|| format!("choose all, {known}, or a domain of their mailboxes"))
}

fn selector(text: &str) -> Result<String, String> {
    let selector = text.split("._domainkey").next().unwrap_or_default().to_ascii_lowercase();
    Name::parse(&selector).map(|name| name.as_str().to_owned()).map_err(|error| error.to_string())
}

/// RFC 5321 section 4.1.2: the path in MAIL FROM stands in angle brackets, and `<>` is the null path.
fn reverse_path(text: &str) -> Result<String, Infallible> {
    let path = text.strip_prefix('<').and_then(|path| path.strip_suffix('>'));
    Ok(path.unwrap_or(text).to_owned())
}

fn sender(text: &str) -> Result<Who, String> {
    let near = || near::nearest(text, providers::all().iter().map(|provider| provider.id.as_str()));
    let meant = || near().map(|id| format!(" (did you mean {id}?)")).unwrap_or_default();
    let list = "`mailvet explain providers` lists them";
    Who::read(text).ok_or_else(|| format!("write an address or the id of a provider{}; {list}", meant()))
}

fn server(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 53));
    address.or_else(|_| text.parse()).map_err(|_| "write an address, or address:port (for IPv6: [::1]:53)".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds, such as 5 or 0.5".to_owned())?;
    if (0.01..=600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("choose 0.01 to 600 seconds".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        use clap::CommandFactory as _;
        Args::command().debug_assert();
    }

    /// The help names them.
    #[test]
    fn those_that_most_people_write_to() {
        let ids: Vec<&str> = receivers::prominent().map(|receiver| receiver.id.as_str()).collect();
        assert_eq!(ids, ["yahoo", "gmail", "outlook", "microsoft365", "icloud"]);
    }

    #[test]
    fn what_people_type() {
        assert!(domain("Contoso.COM.").is_ok());
        assert!(domain("bob@contoso.com").unwrap_err().contains("contoso.com"));
        assert!(domain("https://contoso.com/").is_err());
        assert!(domain("_spf.b\u{fc}cher-1.example").is_ok());
        for address in ["192.0.2.1", "[192.0.2.1]", "2001:db8::1"] {
            assert!(domain(address).unwrap_err().contains("IP address"), "{address}");
        }
        for text in ["contoso .com", "contoso.com/", "contoso.com:25", "*.contoso.com", "a,b.com", "b\u{fc} cher.de"] {
            assert!(domain(text).is_err(), "{text}");
        }
        for text in [
            "friend@sky.com",
            "sky.com",
            "<friend@Sky.com>",
            "A Friend <friend@sky.com>",
            "\"a b@c\"@sky.com",
            "\"<a>\"@sky.com",
        ] {
            assert_eq!(recipient(text).map(|name| name.to_string()).as_deref(), Ok("sky.com"), "{text}");
        }
        assert_eq!(recipient("jo@b\u{fc}cher.example").unwrap().as_str(), "xn--bcher-kva.example");
        for text in ["friend", "friend@", "friend@localhost", "@", "", "friend@[192.0.2.1]", "friend@sky.com,"] {
            assert!(recipient(text).is_err(), "{text}");
        }
        assert!(origin("0/25.2.0.192.in-addr.arpa").is_ok());
        assert_eq!(selector("S1._domainkey.contoso.com").as_deref(), Ok("s1"));
        assert_eq!(server("127.0.0.1:5353"), Ok("127.0.0.1:5353".parse().expect("an address")));
        assert_eq!(server("::1").map(|address| address.port()), Ok(53));
        assert_eq!(receiver("aol.com").map(|receivers| receivers[0].id.as_str()), Ok("yahoo"));
        assert_eq!(receiver("all").map(<[Receiver]>::len), Ok(receivers::all().len()));
        assert_eq!(["<>", "", "<a@b.c>", "a@b.c"].map(|text| reverse_path(text).unwrap()), ["", "", "a@b.c", "a@b.c"]);
        assert!(seconds("NaN").is_err());
        assert_eq!(lang("ja_JP"), Ok(Lang::Ja));
        let written = |format, file: Option<&str>| Ok(Target { format, file: file.map(PathBuf::from) });
        assert_eq!(target("sarif=a=b.sarif"), written(FormatName::Sarif, Some("a=b.sarif")));
        assert_eq!(target("CSV"), written(FormatName::Csv, None));
        assert_eq!(target("json=-"), written(FormatName::Json, None));
        assert!(target("sarf=x").unwrap_err().contains("did you mean sarif?"));
        assert!(target("html=").is_err());
    }
}

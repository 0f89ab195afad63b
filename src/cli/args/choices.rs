//! The words to choose from, and what they stand for in the library. The comments here are what `--help` says.

use clap::ValueEnum;
use mailvet::collect::Discovery;
use mailvet::config;
use mailvet::finding::Severity;
use mailvet::receivers::Sender;
use mailvet::report::Format;
use mailvet::zone::format::Format as Input;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiscoveryName {
    /// Some fifty names that many servers and services use
    Common,
    /// Some thousands of names
    All,
    /// No others
    None,
}

impl From<DiscoveryName> for Discovery {
    fn from(name: DiscoveryName) -> Discovery {
        match name {
            DiscoveryName::Common => Discovery::Common,
            DiscoveryName::All => Discovery::All,
            DiscoveryName::None => Discovery::Known,
        }
    }
}

impl From<Discovery> for DiscoveryName {
    fn from(discovery: Discovery) -> DiscoveryName {
        match discovery {
            Discovery::Common => DiscoveryName::Common,
            Discovery::All => DiscoveryName::All,
            Discovery::Known => DiscoveryName::None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputName {
    /// Master files
    Bind,
    /// YAML files of octoDNS, named after their zone
    Octodns,
    /// `dnscontrol print-ir`
    Dnscontrol,
    /// `aws route53 list-resource-record-sets`
    Route53,
    /// The `dns_records` of Cloudflare's API, or what its panel exports
    Cloudflare,
    /// `az network dns zone export`
    Azure,
    /// What GoDaddy's panel exports
    Godaddy,
    /// `terraform show -json` of a plan or a state: Route 53, Cloudflare, Azure and Google
    Terraform,
}

impl From<InputName> for Input {
    fn from(name: InputName) -> Input {
        match name {
            InputName::Bind => Input::Bind,
            InputName::Octodns => Input::Octodns,
            InputName::Dnscontrol => Input::Dnscontrol,
            InputName::Route53 => Input::Route53,
            InputName::Cloudflare => Input::Cloudflare,
            InputName::Azure => Input::Azure,
            InputName::Godaddy => Input::Godaddy,
            InputName::Terraform => Input::Terraform,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// For people
    Text,
    /// For programs; the schema is in the README
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit's XML: each finding is a test
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// Code quality for GitLab
    Gitlab,
    /// A comment on a pull request
    Markdown,
    /// A page for a browser
    Html,
    /// A table: a line for each finding
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Volume {
    /// What receivers ask of everyone
    Small,
    /// What they ask of bulk senders
    Bulk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Advice,
    /// Never exit with 1
    Never,
}

impl From<Sender> for Volume {
    fn from(sender: Sender) -> Volume {
        match sender {
            Sender::Everyone => Volume::Small,
            Sender::Bulk => Volume::Bulk,
        }
    }
}

impl From<config::FailOn> for FailOn {
    fn from(fail_on: config::FailOn) -> FailOn {
        match fail_on {
            config::FailOn::Severity(Severity::Error) => FailOn::Error,
            config::FailOn::Severity(Severity::Warning) => FailOn::Warning,
            config::FailOn::Severity(Severity::Advice) => FailOn::Advice,
            config::FailOn::Never => FailOn::Never,
        }
    }
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Text => Format::Text,
            FormatName::Json => Format::Json,
            FormatName::Sarif => Format::Sarif,
            FormatName::Junit => Format::Junit,
            FormatName::Github => Format::Github,
            FormatName::Gitlab => Format::Gitlab,
            FormatName::Markdown => Format::Markdown,
            FormatName::Html => Format::Html,
            FormatName::Csv => Format::Csv,
        }
    }
}

impl FailOn {
    /// The severity from which on a run has failed.
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Advice => Some(Severity::Advice),
            FailOn::Never => None,
        }
    }
}

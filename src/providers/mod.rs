//! What mailbox providers and senders tell their customers to publish: facts in TOML, one file for each kind of
//! provider; and what their own names answered on the day they were read.

mod answers;
pub mod meant;

use std::sync::OnceLock;

use ipnet::IpNet;
use serde::Deserialize;

use crate::name::Name;

pub use answers::{KnownAnswer, addresses, answer};

const FILES: [&str; 8] = [
    include_str!("mailboxes.toml"),
    include_str!("hosting.toml"),
    include_str!("forwarding.toml"),
    include_str!("gateways.toml"),
    include_str!("senders.toml"),
    include_str!("services.toml"),
    include_str!("signatures.toml"),
    include_str!("reports.toml"),
];

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: ProviderKind,
    provider: Vec<Provider>,
}

/// A mailbox provider or sending service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Stable id, such as `microsoft365`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is: that of its file.
    #[serde(skip)]
    pub kind: ProviderKind,
    /// Patterns of MX hosts (see [`matches()`]).
    #[serde(default)]
    pub mx: Vec<String>,
    /// Patterns of MX hosts that are out of use; what stands instead of one is written as in `publish`.
    #[serde(default)]
    pub former_mx: Vec<Former>,
    /// Domains that its customers include in SPF: patterns (see [`matches()`]); the first is what it asks for today.
    #[serde(default)]
    pub spf: Vec<String>,
    /// Domains that its customers included in SPF in former times.
    #[serde(default)]
    pub former: Vec<Former>,
    /// Texts by which it verifies who owns a domain; `*` at the end stands for anything.
    #[serde(default)]
    pub txt: Vec<String>,
    /// DKIM selectors that it signs with.
    #[serde(default)]
    pub selector: Vec<ProviderSelector>,
    /// Does it sign only once there is a record at all its fixed selectors?
    #[serde(default)]
    pub needs_all_selectors: bool,
    /// Whose domain stands in the Return-Path (MAIL FROM) of what it sends; nothing where that is not known.
    #[serde(default)]
    pub return_path: Option<ReturnPath>,
    /// The records that it asks a customer to publish: owner, type and value. `{domain}` is the customer's domain,
    /// `{dashed}` the same with hyphens for dots; any other name in braces is what its panel shows each customer.
    #[serde(default)]
    pub publish: Vec<String>,
    /// Where the facts were read.
    pub source: Vec<Source>,
    #[serde(skip)]
    addresses: OnceLock<Vec<IpNet>>,
}

/// What a provider is to its customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// Has mailboxes.
    #[default]
    Mailboxes,
    /// Has web sites, and mailboxes beside them.
    Hosting,
    /// Forwards mail to mailboxes elsewhere.
    Forwarding,
    /// Sends mail for its customers: newsletters, receipts.
    Senders,
    /// A service of another kind that sends mail in the customer's name.
    Services,
    /// Stands before the mailboxes and filters mail.
    Gateways,
    /// Adds signatures to mail on its way out.
    Signatures,
    /// Keeps authentication records, or reads reports on them.
    Reports,
}

/// Whose domain stands in the Return-Path: SPF can align only for that domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReturnPath {
    /// The customer's own.
    Own,
    /// The provider's.
    Provider,
    /// The provider's, unless the customer sets up a name of their own.
    Either,
}

/// A name that the customers of a provider used in former times.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The name; of MX hosts a pattern.
    pub name: String,
    /// What they use today; nothing if the provider asks for none any more.
    #[serde(default)]
    pub instead: Option<String>,
    /// Is it out of use only for those whose mailboxes are at the provider, as their MX records say?
    #[serde(default)]
    pub mailboxes: bool,
}

/// A selector that a provider signs with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSelector {
    /// The selector; with `*` in it where it differs from customer to customer, so that it cannot be asked for.
    pub name: String,
    /// Is it the only name under which the provider signs? Then its absence says that the provider cannot sign.
    #[serde(default)]
    pub fixed: bool,
    /// Patterns of the CNAME target (see [`matches()`]); none where the customer publishes the key itself.
    #[serde(default)]
    pub target: Vec<String>,
}

/// Where a fact was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The document.
    pub title: String,
    /// The day it was read.
    pub read: String,
}

impl ProviderKind {
    /// Are mailboxes there, so that mail may be expected to come from there, too? An MX host of a provider without
    /// tells where mail comes in, and nothing of who sends.
    pub fn has_mailboxes(self) -> bool {
        matches!(self, ProviderKind::Mailboxes | ProviderKind::Hosting)
    }

    /// Does a provider send what it is included in SPF for? Others hold the names of senders for their customers.
    pub fn sends(self) -> bool {
        self != ProviderKind::Reports
    }
}

impl Provider {
    /// The domain that it asks to include in SPF today, where that is the same for all customers.
    pub fn include(&self) -> Option<&str> {
        self.spf.first().map(String::as_str).filter(|include| !include.contains('*'))
    }

    /// The SPF record that it asks a customer to publish, if it is the same for all who have no other sender.
    pub fn spf_record(&self) -> Option<String> {
        let mut texts = self.publish.iter().filter_map(|line| line.strip_prefix("{domain} TXT v=spf1 "));
        texts.next().filter(|terms| !terms.contains('{')).map(|terms| format!("v=spf1 {terms}"))
    }

    /// The CNAME target that it asks a customer to publish at a selector; nothing where its panel alone shows it.
    pub fn target(&self, selector: &str, domain: &Name) -> Option<String> {
        self.asked_target(selector, domain).filter(|target| !target.contains('<'))
    }

    /// The forms of the CNAME targets at a selector, that of `publish` first: in angle brackets what differs from
    /// customer to customer.
    pub fn target_forms(&self, selector: &str, domain: &Name) -> Vec<String> {
        let asked = self.asked_target(selector, domain);
        let patterns = self.selector.iter().filter(|own| own.name == selector).flat_map(|own| &own.target);
        let others = other_forms(patterns, asked.as_deref().unwrap_or_default());
        asked.into_iter().chain(others).collect()
    }

    fn asked_target(&self, selector: &str, domain: &Name) -> Option<String> {
        let start = format!("{selector}._domainkey.{{domain}} CNAME ");
        self.publish.iter().find_map(|line| line.strip_prefix(&start)).map(|target| filled(target, domain))
    }

    /// Is this a domain that its customers include in SPF?
    pub fn is_included_by(&self, domain: &Name) -> bool {
        self.spf.iter().any(|pattern| matches(pattern, domain))
    }

    /// The networks from which it sends, as its SPF records named them on the day they were read.
    pub fn addresses(&self) -> &[IpNet] {
        self.addresses.get_or_init(|| {
            let mut all: Vec<IpNet> = self.spf.iter().flat_map(|name| answers::addresses(name)).collect();
            all.sort();
            all.dedup();
            all
        })
    }

    /// The selectors that can be asked for.
    pub fn selector_names(&self) -> impl Iterator<Item = &str> {
        self.selector.iter().map(|selector| selector.name.as_str()).filter(|name| !name.contains('*'))
    }
}

/// A text of `publish` for a customer's domain; what only the provider knows stands in angle brackets.
pub fn filled(text: &str, domain: &Name) -> String {
    let dashed = domain.as_str().replace('.', "-");
    text.replace("{domain}", domain.as_str()).replace("{dashed}", &dashed).replace('{', "<").replace('}', ">")
}

/// Those of the patterns that a text of [`filled`] does not fit, as such texts.
pub fn other_forms<'p>(patterns: impl Iterator<Item = &'p String>, text: &str) -> Vec<String> {
    let written = Name::parse(&text.replace(['<', '>'], "x"));
    let others = patterns.filter(|pattern| !written.as_ref().is_ok_and(|written| matches(pattern, written)));
    others.map(|pattern| pattern.replace('*', "<…>")).collect()
}

/// All providers.
pub fn all() -> &'static [Provider] {
    static ALL: OnceLock<Vec<Provider>> = OnceLock::new();
    ALL.get_or_init(|| {
        let files = FILES.iter().filter_map(|text| toml::from_str::<File>(text).ok());
        files.flat_map(|file| file.provider.into_iter().map(move |it| Provider { kind: file.kind, ..it })).collect()
    })
}

/// The provider that an MX host belongs to.
pub fn by_mx(host: &Name) -> Option<&'static Provider> {
    all().iter().find(|provider| provider.mx.iter().any(|pattern| matches(pattern, host)))
}

/// The provider that an included domain belongs to.
pub fn by_include(domain: &Name) -> Option<&'static Provider> {
    all().iter().find(|provider| provider.is_included_by(domain))
}

/// The provider under whose names a DKIM target lies, whatever stands in front.
pub fn by_target(target: &Name) -> Option<&'static Provider> {
    all().iter().find(|provider| is_target_of(provider, target))
}

fn is_target_of(provider: &Provider, target: &Name) -> bool {
    let patterns = provider.selector.iter().flat_map(|selector| &selector.target);
    patterns.map(|pattern| suffix(pattern)).any(|suffix| {
        // Most lie elsewhere: that is seen without reading a name.
        target.as_str().ends_with(suffix) && Name::parse(suffix).is_ok_and(|suffix| target.is_within(&suffix))
    })
}

/// The end of a pattern that is the same for all customers.
pub fn suffix(pattern: &str) -> &str {
    let varied = pattern.rsplit_once('*').and_then(|(_, rest)| rest.split_once('.'));
    varied.map_or(pattern, |(_, suffix)| suffix)
}

/// The provider that verifies by this text who owns a domain.
pub fn by_text(text: &str) -> Option<&'static Provider> {
    let fits = |pattern: &String| match pattern.strip_suffix('*') {
        Some(start) => text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start)),
        None => text.eq_ignore_ascii_case(pattern),
    };
    all().iter().find(|provider| provider.txt.iter().any(fits))
}

/// The provider with this id, or this name, or this included domain.
pub fn by_name(text: &str) -> Option<&'static Provider> {
    let text = text.to_ascii_lowercase();
    let fits = |provider: &&Provider| {
        provider.id == text || provider.name.to_ascii_lowercase() == text || provider.spf.contains(&text)
    };
    all().iter().find(fits)
}

/// The provider that told its customers to include this domain, and does so no more.
pub fn by_former_include(domain: &str) -> Option<(&'static Provider, &'static Former)> {
    let former = all().iter().flat_map(|provider| provider.former.iter().map(move |former| (provider, former)));
    former.into_iter().find(|(_, former)| former.name == domain)
}

/// Does a host fit a pattern? A label `*` stands for one or more labels, `*` within a label for any characters there.
pub fn matches(pattern: &str, host: &Name) -> bool {
    let end = pattern.rsplit(['.', '*']).next().unwrap_or_default();
    // Most patterns end in another way: that is seen without looking at the labels.
    if !host.as_str().ends_with(end) {
        return false;
    }
    let (pattern, host): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), host.labels().collect());
    labels_match(&pattern, &host)
}

fn labels_match(pattern: &[&str], host: &[&str]) -> bool {
    match (pattern.split_first(), host.split_first()) {
        (None, None) => true,
        (Some((&"*", rest)), Some((_, below))) => labels_match(rest, below) || labels_match(pattern, below),
        (Some((label, rest)), Some((own, below))) => label_matches(label, own) && labels_match(rest, below),
        _ => false,
    }
}

fn label_matches(pattern: &str, label: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => {
            label.len() >= start.len() + end.len() && label.starts_with(start) && label.ends_with(end)
        }
        None => pattern == label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).expect("a name")
    }

    #[test]
    fn every_file_is_read() {
        let count = |text| toml::from_str::<File>(text).expect("a file of providers").provider.len();
        assert_eq!(all().len(), FILES.into_iter().map(count).sum::<usize>());
    }

    #[test]
    fn former_includes_are_not_those_of_today() {
        for provider in all() {
            let names = |former: &Former| provider.spf.contains(&former.name);
            assert!(!provider.former.iter().any(names), "{}", provider.id);
            let known = |name: &String| provider.spf.contains(name);
            assert!(provider.former.iter().filter_map(|former| former.instead.as_ref()).all(known), "{}", provider.id);
        }
        let (provider, former) = by_former_include("spf.sendinblue.com").expect("a former include");
        assert_eq!((provider.id.as_str(), former.instead.as_deref()), ("brevo", Some("spf.brevo.com")));
    }

    /// A name of the kind that a pattern stands for.
    fn example(pattern: &str) -> Name {
        name(&pattern.replace('*', "x"))
    }

    /// The names of a provider that a customer writes: MX hosts, included domains, targets.
    fn examples(provider: &Provider) -> [Vec<Name>; 3] {
        let targets = provider.selector.iter().flat_map(|selector| &selector.target);
        let of = |patterns: Vec<&String>| patterns.into_iter().map(|pattern| example(pattern)).collect();
        [of(provider.mx.iter().collect()), of(provider.spf.iter().collect()), of(targets.collect())]
    }

    #[test]
    fn no_provider_takes_the_names_of_another() {
        let mut ids: Vec<&str> = all().iter().map(|provider| provider.id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id stands twice");
        let takes_host = |it: &Provider, host: &Name| it.mx.iter().any(|pattern| matches(pattern, host));
        for provider in all() {
            let [hosts, includes, targets] = examples(provider);
            for other in all().iter().filter(|other| *other != provider) {
                let taken = hosts.iter().find(|host| takes_host(other, host));
                let taken = taken.or_else(|| includes.iter().find(|name| other.is_included_by(name)));
                let taken = taken.or_else(|| targets.iter().find(|target| is_target_of(other, target)));
                assert!(taken.is_none(), "{} and {}: {taken:?}", provider.id, other.id);
            }
            let former = provider.former.iter().map(|former| name(&former.name));
            former.for_each(|name| assert!(by_include(&name).is_none(), "{name} is in use"));
            let retired = provider.former_mx.iter().map(|former| example(&former.name));
            retired.for_each(|name| assert!(by_mx(&name).is_none(), "{name} is in use"));
        }
    }

    #[test]
    fn what_is_to_be_published_is_what_is_recognised() {
        let filled = |text: &str| {
            let parts = text.split(['{', '}']).enumerate();
            parts.map(|(at, part)| if at % 2 == 0 { part } else { "x" }).collect::<String>()
        };
        for provider in all() {
            for line in &provider.publish {
                let (owner, record) = line.split_once(' ').expect(line);
                let (kind, value) = record.split_once(' ').expect(line);
                let value = filled(value);
                let known = match kind {
                    // A service that sends through another one asks for records of that.
                    "MX" => by_mx(&name(value.rsplit(' ').next().unwrap_or_default())).is_some(),
                    "CNAME" if owner.contains("._domainkey.") => {
                        let selector = owner.split('.').next().unwrap_or_default();
                        let mut own = provider.selector.iter().filter(|it| label_matches(&it.name, &filled(selector)));
                        own.any(|own| own.target.is_empty() || own.target.iter().any(|it| matches(it, &name(&value))))
                            && by_target(&name(&value)).is_some()
                    }
                    "TXT" if value.starts_with("v=spf1") => {
                        let leads = |term: &str| {
                            Some(term.strip_prefix("include:").or(term.strip_prefix("redirect="))?.to_owned())
                        };
                        value.split(' ').filter_map(leads).any(|it| by_include(&name(&it)).is_some())
                    }
                    "TXT" if owner == "{domain}" => by_text(&value) == Some(provider),
                    _ => true,
                };
                assert!(known, "{}: {line}", provider.id);
            }
        }
    }

    #[test]
    fn every_provider_has_a_source_and_a_day() {
        for provider in all() {
            assert!(!provider.source.is_empty(), "{}", provider.id);
            for source in &provider.source {
                let date: Vec<Option<u32>> = source.read.split('-').map(|part| part.parse().ok()).collect();
                let is_day = matches!(date[..], [Some(2025..), Some(1..=12), Some(1..=31)]);
                assert!(is_day && !source.title.is_empty(), "{}: {}", provider.id, source.read);
            }
        }
    }

    #[test]
    fn records_that_are_the_same_for_all_customers() {
        let target = |id: &str, selector| by_name(id).expect(id).target(selector, &name("contoso.com"));
        assert_eq!(target("fastmail", "fm1").as_deref(), Some("fm1.contoso.com.dkim.fmhosted.com"));
        assert_eq!(target("microsoft365", "selector1"), None);
    }

    #[test]
    fn hosts_are_recognised() {
        let id = |host| by_mx(&name(host)).map(|provider| provider.id.as_str());
        assert_eq!(id("contoso-com.mail.protection.outlook.com"), Some("microsoft365"));
        assert_eq!(id("contoso-com.o-v1.mx.microsoft"), Some("microsoft365"));
        assert_eq!(id("outlook-com.olc.protection.outlook.com"), None, "that is Outlook.com itself");
        assert_eq!(id("alt1.aspmx.l.google.com"), Some("google"));
        assert_eq!(id("mx00.ionos.co.uk"), Some("ionos"));
        assert_eq!(id("d81550a.ess.barracudanetworks.com"), Some("barracuda"));
        assert_eq!(id("d1.a.ess.de.barracudanetworks.com"), Some("barracuda"));
        assert_eq!(id("vps1.ovh.net"), None, "a server of a customer's own");
        assert_eq!(id("mail.example.com"), None);
    }

    #[test]
    fn patterns() {
        let fits = |pattern, host| matches(pattern, &name(host));
        assert!(fits("*.x.test", "a.x.test") && fits("*.x.test", "a.b.x.test") && !fits("*.x.test", "x.test"));
        assert!(fits("s1-*._domainkey.*.x.test", "s1-a-b._domainkey.t.x.test"));
        assert!(!fits("s1-*._domainkey.*.x.test", "s1-a.b._domainkey.t.x.test"));
        assert!(fits("fm1.*.dkim.x.test", "fm1.a.b.c.dkim.x.test") && !fits("fm1.*.dkim.x.test", "fm1.dkim.x.test"));
        assert!(fits("mx0*.x.*", "mx01.x.co.uk") && !fits("mx0*.x.*", "mx1.x.de"));
    }

    #[test]
    fn texts_that_verify() {
        assert_eq!(by_text("MS=ms12345678").map(|provider| provider.id.as_str()), Some("microsoft365"));
        assert!(by_text("MS=x").is_none());
    }

    #[test]
    fn addresses_follow_the_includes() {
        let microsoft = by_name("microsoft365").expect("it");
        assert!(microsoft.addresses().contains(&"40.92.0.0/15".parse().expect("a network")));
    }
}

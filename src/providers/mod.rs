//! What mailbox providers and senders tell their customers to publish: facts in TOML, one file a provider.

use std::sync::OnceLock;

use ipnet::IpNet;
use serde::Deserialize;

use crate::name::Name;

const FILES: [&str; 5] = [
    include_str!("microsoft365.toml"),
    include_str!("google.toml"),
    include_str!("brevo.toml"),
    include_str!("mailchimp.toml"),
    include_str!("postmark.toml"),
];

/// A mailbox provider or sending service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Stable id, such as `microsoft365`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Patterns of MX hosts; `*` at the beginning stands for one or more labels.
    #[serde(default)]
    pub mx: Vec<String>,
    /// Domains that its customers include in SPF.
    #[serde(default)]
    pub spf: Vec<String>,
    /// Domains that its customers included in SPF in former times.
    #[serde(default)]
    pub former: Vec<Former>,
    /// Addresses from which it sends, as its SPF record named them on the day it was read.
    #[serde(default)]
    pub addresses: Vec<IpNet>,
    /// DKIM selectors that it signs with.
    #[serde(default)]
    pub selector: Vec<ProviderSelector>,
    /// Whose domain stands in the Return-Path (MAIL FROM) of what it sends; nothing where that is not known.
    #[serde(default)]
    pub return_path: Option<ReturnPath>,
    /// Where the facts were read.
    pub source: Vec<Source>,
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

/// A domain that the customers of a provider included in SPF in former times.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The domain.
    pub name: String,
    /// What they include today; nothing if the provider asks for none any more.
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
    /// The selector.
    pub name: String,
    /// Is it the only name under which the provider signs? Then its absence says that the provider cannot sign.
    #[serde(default)]
    pub fixed: bool,
    /// Patterns of the CNAME target; none where the customer publishes the key itself.
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

/// All providers.
pub fn all() -> &'static [Provider] {
    static ALL: OnceLock<Vec<Provider>> = OnceLock::new();
    ALL.get_or_init(|| FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect())
}

/// The provider that an MX host belongs to.
pub fn by_mx(host: &Name) -> Option<&'static Provider> {
    all().iter().find(|provider| provider.mx.iter().any(|pattern| matches(pattern, host)))
}

/// The provider that an included domain belongs to.
pub fn by_include(domain: &Name) -> Option<&'static Provider> {
    all().iter().find(|provider| provider.spf.iter().any(|include| include == domain.as_str()))
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

/// Does a host fit a pattern? `*.example.com` fits every name below `example.com`, and no other.
pub fn matches(pattern: &str, host: &Name) -> bool {
    match pattern.strip_prefix("*.") {
        Some(suffix) => Name::parse(suffix).is_ok_and(|suffix| host.is_below(&suffix)),
        None => pattern == host.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read() {
        for text in FILES {
            toml::from_str::<Provider>(text).expect("a provider");
        }
        assert_eq!(all().len(), FILES.len());
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

    #[test]
    fn hosts_are_recognised() {
        let id = |host| by_mx(&Name::parse(host).expect("name")).map(|provider| provider.id.as_str());
        assert_eq!(id("contoso-com.mail.protection.outlook.com"), Some("microsoft365"));
        assert_eq!(id("contoso-com.o-v1.mx.microsoft"), Some("microsoft365"));
        assert_eq!(id("outlook-com.olc.protection.outlook.com"), None, "that is Outlook.com itself");
        assert_eq!(id("alt1.aspmx.l.google.com"), Some("google"));
        assert_eq!(id("mail.example.com"), None);
    }
}

//! Collecting: asks everything there is to ask about a domain, and fills the evidence. The only part that waits.

mod authority;
mod bimi;
mod dane;
mod dkim;
mod hosts;
mod mta_sts;
pub mod names;
mod probes;
pub mod recipients;
mod reports;
mod reverse;
mod selectors;
pub mod senders;
pub mod smtp;
mod spf;
mod tls_rpt;

use std::sync::Arc;

use futures_util::future::join_all;

use crate::dns::{Answer, Dns, Failure, Outcome, Record};
use crate::evidence::{self, Asked, Evidence, SpfTree, Target, Who};
use crate::name::{Kind, Name, Question};
use crate::policy::{Domains, Said};
use crate::providers::{self, Provider};
use crate::records::dmarc::{Dmarc, Psd};
use crate::web::Web;
use crate::zone::{Txt, Zone};

/// What the user knows, and DNS does not tell.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// DKIM selectors that the domain signs with.
    pub selectors: Vec<String>,
    /// The services that send for the domain; where there are none, those that MX and SPF point to.
    pub via: Vec<Who>,
    /// Which other selectors are tried.
    pub discovery: Discovery,
}

/// Who knows it, of one domain or of many.
pub trait Knows {
    /// What is known of a domain.
    fn of(&self, domain: &Name) -> Known;
}

/// It is the same of all domains.
impl Knows for Known {
    fn of(&self, _: &Name) -> Known {
        self.clone()
    }
}

/// What the user knows of all domains, and of some.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Of all.
    pub everywhere: Known,
    /// Of some, where it is not the same.
    pub sections: Vec<Section>,
}

/// What is known of some domains; nothing where it is the same as of the others.
#[derive(Clone, Debug)]
pub struct Section {
    /// The domains.
    pub domains: Domains,
    /// See [`Known::selectors`].
    pub selectors: Option<Vec<String>>,
    /// See [`Known::via`].
    pub via: Option<Vec<Who>>,
    /// See [`Known::discovery`].
    pub discovery: Option<Discovery>,
}

/// The nearest section that says something holds.
impl Knows for Knowledge {
    fn of(&self, domain: &Name) -> Known {
        let mut own: Vec<&Section> = self.sections.iter().filter(|section| section.domains.contain(domain)).collect();
        own.sort_by_key(|section| section.domains.nearness());
        let mut known = self.everywhere.clone();
        for section in own {
            known.selectors = section.selectors.clone().unwrap_or(known.selectors);
            known.via = section.via.clone().unwrap_or(known.via);
            known.discovery = section.discovery.unwrap_or(known.discovery);
        }
        known
    }
}

/// Which DKIM selectors are asked beside those that somebody named, those of the zone file, and those of the providers
/// that MX and SPF point to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Discovery {
    /// No others.
    #[default]
    Known,
    /// Some fifty names that many servers and services use, and those of services that other records point to.
    Common,
    /// Some thousands.
    All,
}

impl Discovery {
    /// The word for it in arguments and snapshots: [`Discovery::read`] reads it back.
    pub fn id(self) -> &'static str {
        match self {
            Discovery::Known => "none",
            Discovery::Common => "common",
            Discovery::All => "all",
        }
    }

    /// Reads the word for it; nothing for any other text.
    pub fn read(text: &str) -> Option<Discovery> {
        [Discovery::Known, Discovery::Common, Discovery::All].into_iter().find(|discovery| discovery.id() == text)
    }
}

/// What to collect.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The domain.
    pub domain: Name,
    /// See [`Evidence::named`].
    pub named: bool,
    /// See [`Evidence::only_spf`].
    pub only_spf: bool,
    /// What the user knows.
    pub known: Known,
    /// DKIM selectors that the zone file holds.
    pub zone_selectors: Vec<String>,
    /// The zone file knows all selectors, so that no others need to be tried.
    pub selectors_known: bool,
    /// The zone that the domain is the apex of, where it was read from a file.
    pub zone: Option<Arc<Zone>>,
    /// The name servers are to be asked themselves.
    pub authoritative: bool,
}

impl Wanted {
    /// Everything about a domain that somebody named.
    pub fn domain(domain: &Name, known: &Known) -> Wanted {
        let (domain, known) = (domain.clone(), known.clone());
        Wanted {
            domain,
            named: true,
            only_spf: false,
            known,
            zone_selectors: Vec::new(),
            selectors_known: false,
            zone: None,
            authoritative: false,
        }
    }
}

/// Asks everything. Independent questions are asked at once.
pub async fn collect<D: Dns, W: Web>(dns: &D, web: &W, wanted: &Wanted) -> Evidence {
    let domain = &wanted.domain;
    let (mx, spf, dmarc, mut dkim, soa, addresses, name_servers, mta_sts, tls_reports, indicator) = tokio::join!(
        hosts::mail_hosts(dns, domain),
        spf::tree(dns, domain),
        dmarc_walk(dns, domain),
        dkim::named(dns, wanted),
        ask(dns, domain, Kind::SOA),
        hosts::addresses(dns, domain),
        hosts::name_servers(dns, wanted.zone.as_deref()),
        mta_sts::mta_sts(dns, web, domain),
        tls_rpt::tls_reports(dns, domain),
        bimi::indicator(dns, web, domain),
    );
    let exchanges: Vec<&Name> = mx.found.iter().map(|host| &host.exchange).collect();
    let providers = providers_of(&exchanges, &spf);
    let signers = signers(&providers, &wanted.known.via);
    let verified = verified_by(&spf);
    let (sending_hosts, (sending_addresses, exchange_addresses), (), senders, report_destinations, dane, caa) = tokio::join!(
        spf::sending_hosts(dns, &spf, &exchanges),
        reverse::addresses(dns, wanted, &spf, &mx.found),
        dkim::sought(dns, wanted, &mut dkim, &signers, &verified),
        senders::senders(dns, wanted, &providers, &spf),
        reports::destinations(dns, wanted, &dmarc),
        dane::dane(dns, wanted, &mx, &spf),
        dane::caa(dns, wanted, &mx, &mta_sts),
    );
    let (probes, asked) = tokio::join!(probes::ask(dns, wanted, &dkim, &dmarc), authority::ask(dns, wanted, &dkim));
    let (authority, name_servers) = asked.map_or((None, name_servers), |(authority, its)| (Some(authority), its));
    Evidence {
        domain: domain.clone(),
        named: wanted.named,
        only_spf: wanted.only_spf,
        mx,
        spf,
        sending_hosts,
        sending_addresses,
        exchange_addresses,
        dkim,
        dmarc,
        report_destinations,
        mta_sts,
        tls_reports,
        indicator,
        smtp: Vec::new(),
        soa,
        addresses,
        probes,
        zone: wanted.zone.clone(),
        name_servers,
        dane,
        caa,
        authority,
        providers,
        senders,
        said: Said::default(),
    }
}

/// The SPF record of a domain, and those that it leads to.
pub async fn spf_tree<D: Dns>(dns: &D, domain: &Name) -> SpfTree {
    spf::tree(dns, domain).await
}

async fn ask<D: Dns>(dns: &D, name: &Name, kind: Kind) -> Answer {
    dns.ask(&Question::new(name, kind)).await
}

/// Asks for the texts at a name below the domain. No name that is too long can be asked for: nothing is known of it.
async fn ask_below<D: Dns>(dns: &D, domain: &Name, labels: &str) -> Answer {
    match domain.prefixed(labels) {
        Ok(name) => ask(dns, &name, Kind::TXT).await,
        Err(_) => Answer::failed(&Question::new(domain, Kind::TXT), Failure::NotAsked),
    }
}

/// All texts of an answer that are a record of one kind. One that was meant as another text is not judged by what it
/// says: it counts as unreadable, if there is no other.
fn texts<T>(mut answer: Answer, read: impl Fn(&Arc<Txt>) -> Option<T>) -> Asked<T> {
    let is_torn = |record: &Record| evidence::meant(record).is_some();
    if !answer.records().iter().any(is_torn) {
        let found = answer.records().iter().filter_map(Record::txt).filter_map(read).collect();
        return Asked { answer, found, torn: Vec::new() };
    }
    let (torn, whole): (Vec<Record>, Vec<Record>) = answer.records().iter().cloned().partition(is_torn);
    let found: Vec<T> = whole.iter().filter_map(Record::txt).filter_map(read).collect();
    answer.outcome = match found.is_empty() {
        true => Outcome::Failed(Failure::Unreadable),
        false => Outcome::Records(whole.into()),
    };
    Asked { answer, found, torn }
}

/// The DMARC records of the domain and of the names above it.
///
/// RFC 9989 section 4.10: the name itself first, then one label less each time; names of eight labels and more go on
/// with the seven last ones, so that there are no more than eight queries. A record with "psd=n" or "psd=y" ends the
/// walk. One without does not: what is aligned hangs on the organizational domain, and that may lie above.
pub(crate) async fn dmarc_walk<D: Dns>(dns: &D, domain: &Name) -> Vec<Asked<Dmarc>> {
    let Some(own) = dmarc_at(dns, domain).await else { return Vec::new() };
    let ends = own.only().is_some_and(|dmarc| dmarc.psd() != Psd::Unknown);
    if ends || own.failure().is_some() {
        return vec![own];
    }
    let mut above = Vec::new();
    let mut name = domain.parent();
    while let Some(next) = name.filter(|name| !name.is_root()) {
        if next.labels().count() <= 7 {
            above.push(next.clone());
        }
        name = next.parent();
    }
    let asked = join_all(above.iter().map(|name| dmarc_at(dns, name))).await;
    std::iter::once(own).chain(asked.into_iter().flatten()).collect()
}

async fn dmarc_at<D: Dns>(dns: &D, name: &Name) -> Option<Asked<Dmarc>> {
    let answer = ask(dns, &name.prefixed("_dmarc").ok()?, Kind::TXT).await;
    Some(texts(answer, Dmarc::read))
}

/// The providers that sign for the domain: those that were found, and those that the user named.
fn signers(found: &[&'static Provider], via: &[Who]) -> Vec<&'static Provider> {
    let named = via.iter().filter_map(|who| match who {
        Who::Provider(provider) => Some(*provider),
        Who::Address(_) => None,
    });
    let mut signers = found.to_vec();
    for provider in named {
        if !signers.contains(&provider) {
            signers.push(provider);
        }
    }
    signers
}

/// The services that verified the domain by a text at it. Not all of them send.
fn verified_by(spf: &SpfTree) -> Vec<&'static Provider> {
    let texts = spf.own().answer.records().iter().filter_map(Record::txt);
    texts.filter_map(|txt| providers::by_text(&txt.value)).collect()
}

/// The providers that MX hosts and includes point to, each once.
fn providers_of(exchanges: &[&Name], spf: &SpfTree) -> Vec<&'static Provider> {
    let by_mx = exchanges.iter().filter_map(|host| providers::by_mx(host));
    let root = spf.root();
    let included = root.lookups.iter().filter_map(|lookup| match lookup.target {
        Target::Node(node) => spf.nodes.get(node).and_then(|node| providers::by_include(&node.name)),
        _ => None,
    });
    let mut found: Vec<&'static Provider> = Vec::new();
    for provider in by_mx.chain(included) {
        if !found.contains(&provider) {
            found.push(provider);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_section_holds() {
        let name = |text: &str| Name::parse(text).expect("a name");
        let section = |domains, selectors: Option<&str>, discovery| Section {
            domains,
            selectors: selectors.map(|it| vec![it.to_owned()]),
            via: None,
            discovery,
        };
        let knowledge = Knowledge {
            everywhere: Known { selectors: vec!["all".into()], ..Known::default() },
            sections: vec![
                section(Domains::One(name("a.test")), Some("one"), None),
                section(Domains::Below(name("a.test")), Some("below"), Some(Discovery::All)),
                section(Domains::One(name("x.a.test")), None, Some(Discovery::Common)),
            ],
        };
        let of = |domain: &str| {
            let known = knowledge.of(&name(domain));
            format!("{} {}", known.selectors.join(" "), known.discovery.id())
        };
        assert_eq!(
            ["b.test", "a.test", "y.a.test", "x.a.test"].map(of),
            ["all none", "one none", "below all", "below common"]
        );
    }
}

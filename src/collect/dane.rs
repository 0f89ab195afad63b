//! TLSA records of mail exchanges (RFC 7672), CAA records of hosts that need a certificate (RFC 8659), and whether the
//! resolver validates DNSSEC.

use futures_util::future::join_all;

use crate::collect::{Wanted, ask};
use crate::dns::{Answer, Dns, Failure, Security};
use crate::evidence::{Asked, Caa, Dane, DaneHost, MailHost, MtaSts, SpfTree};
use crate::name::{Kind, Name};
use crate::records::mta_sts::Mode;

/// Asks for the TLSA records of port 25 of each mail exchange.
pub(super) async fn dane<D: Dns>(dns: &D, wanted: &Wanted, mx: &Asked<MailHost>, spf: &SpfTree) -> Dane {
    if wanted.only_spf {
        return Dane { root: root(dns, spf.answers()).await, ..Dane::default() };
    }
    let hosts = join_all(each_once(mx).into_iter().map(|host| dane_host(dns, host))).await;
    let hosts: Vec<DaneHost> = hosts.into_iter().flatten().collect();
    let is_elsewhere =
        !hosts.is_empty() && hosts.iter().all(|dane| dane.host != wanted.domain && dane.tlsa.is_absent());
    let at_domain = if is_elsewhere { tlsa_of_domain(dns, &wanted.domain).await } else { None };
    let addresses = mx.found.iter().filter_map(|host| host.addresses.as_ref()).flatten();
    let answers = hosts.iter().map(|host| &host.tlsa).chain([&mx.answer]).chain(addresses).chain(spf.answers());
    Dane { root: root(dns, answers).await, hosts, at_domain }
}

/// The CAA records for the hosts that need a certificate of a public authority: those that MTA-STS is for. A domain that
/// takes no mail needs none.
///
/// RFC 8461 section 4.2: the policy host and the mail exchanges show one that the sender trusts. With DANE alone a
/// server may show a certificate of its own making (RFC 7672 section 3.1.1).
pub(super) async fn caa<D: Dns>(dns: &D, wanted: &Wanted, mx: &Asked<MailHost>, mta_sts: &MtaSts) -> Vec<Caa> {
    let domain = &wanted.domain;
    let is_off = mta_sts.policy.as_ref().is_some_and(|policy| policy.mode() == Some(Mode::None));
    let takes_none = mx.found.iter().any(|host| host.exchange.is_root());
    if wanted.only_spf || mta_sts.record.found.is_empty() || is_off || takes_none {
        return Vec::new();
    }
    let own = domain.registered_domain();
    let exchanges = each_once(mx).into_iter().map(|host| host.exchange.clone()).filter(|host| host.is_within(&own));
    let hosts = domain.prefixed("mta-sts").into_iter().chain(exchanges);
    join_all(hosts.map(|host| caa_of(dns, host))).await
}

fn each_once(mx: &Asked<MailHost>) -> Vec<&MailHost> {
    let mut hosts: Vec<&MailHost> = Vec::new();
    for host in mx.found.iter().filter(|host| !host.exchange.is_root()) {
        if !hosts.iter().any(|before| before.exchange == host.exchange) {
            hosts.push(host);
        }
    }
    hosts
}

async fn dane_host<D: Dns>(dns: &D, host: &MailHost) -> Option<DaneHost> {
    let (record, exchange) = (host.record.clone(), &host.exchange);
    // RFC 7672 section 2.2.3: where the host is an alias, the TLSA records at the name it leads to come first.
    let alias = host.addresses.iter().flatten().find(|answer| !answer.aliases.is_empty());
    if let Some(answer) = alias
        && let Some(tlsa) = tlsa_at(dns, answer.final_name()).await
        && !tlsa.is_absent()
    {
        return Some(DaneHost { record, host: exchange.clone(), tlsa });
    }
    Some(DaneHost { record, host: exchange.clone(), tlsa: tlsa_at(dns, exchange).await? })
}

async fn tlsa_at<D: Dns>(dns: &D, host: &Name) -> Option<Answer> {
    Some(ask(dns, &host.prefixed("_25._tcp").ok()?, Kind::TLSA).await)
}

/// The TLSA records of the domain itself, if they were put there. A wildcard for all of its ports is there for others.
async fn tlsa_of_domain<D: Dns>(dns: &D, domain: &Name) -> Option<Answer> {
    let answer = tlsa_at(dns, domain).await.filter(|answer| !answer.records().is_empty())?;
    let (ports, all) = (domain.prefixed("*._tcp").ok()?, domain.prefixed("*").ok()?);
    let (ports, all) = tokio::join!(ask(dns, &ports, Kind::TLSA), ask(dns, &all, Kind::TLSA));
    (ports.is_absent() && all.is_absent()).then_some(answer)
}

/// Asks for the root where the answers are such that it matters whether the resolver validates: there are TLSA records
/// for which it does not vouch, or a lookup failed.
async fn root<D: Dns>(dns: &D, mut answers: impl Iterator<Item = &Answer>) -> Option<Answer> {
    let matters = answers.any(|answer| match answer.failure() {
        Some(failure) => failure == Failure::Bogus,
        None => answer.question.kind == Kind::TLSA && !answer.records().is_empty() && is_asked(answer),
    });
    if matters { Some(ask(dns, &Name::root(), Kind::SOA).await) } else { None }
}

/// Did a server answer, which says something of DNSSEC?
fn is_asked(answer: &Answer) -> bool {
    answer.security != Security::Unknown
}

async fn caa_of<D: Dns>(dns: &D, host: Name) -> Caa {
    let own = relevant(dns, &host).await;
    let parent = host.parent().filter(|parent| !parent.is_root());
    let wildcard = match parent {
        Some(parent) => relevant(dns, &parent).await,
        None => None,
    };
    Caa { host, own, wildcard }
}

/// The record set that counts: that of the name, or else of the nearest name above that has one.
///
/// RFC 8659 section 3: the search goes up label by label, and ends before the root.
async fn relevant<D: Dns>(dns: &D, host: &Name) -> Option<Answer> {
    let mut name = Some(host.clone());
    while let Some(here) = name.filter(|name| !name.is_root()) {
        let answer = ask(dns, &here, Kind::CAA).await;
        if !answer.records().is_empty() {
            return Some(answer);
        }
        answer.failure().is_none().then_some(())?;
        name = here.parent();
    }
    None
}

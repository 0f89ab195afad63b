//! The name servers of the domain's zone, asked themselves.

use std::net::IpAddr;

use futures_util::future::join_all;

use crate::collect::{Wanted, ask as resolve, hosts};
use crate::dns::{Answer, Data, Dns, Outcome, Record};
use crate::evidence::{Authority, Dkim, NameServer, Replies};
use crate::name::{Kind, Name, Question};

/// No more name servers than these are asked: few zones have so many, and a hostile answer could name thousands.
const MAX_SERVERS: usize = 10;

/// No more addresses of one name server, of each family.
const MAX_ADDRESSES: usize = 2;

/// No more DKIM selectors are asked for.
const MAX_SELECTORS: usize = 10;

/// Asks each name server what matters for mail; nothing where that is not wanted.
pub(super) async fn ask<D: Dns>(dns: &D, wanted: &Wanted, dkim: &Dkim) -> Option<(Authority, Vec<NameServer>)> {
    if !wanted.authoritative {
        return None;
    }
    let (zone, ns) = zone(dns, &wanted.domain).await?;
    let questions = questions(&wanted.domain, dkim);
    let cached = join_all(questions.iter().map(|question| dns.ask(question))).await;
    let hosts = ns.records().iter().take(MAX_SERVERS);
    let servers = join_all(hosts.map(|record| name_server(dns, record, &zone, &questions))).await;
    Some((Authority { zone, ns, cached }, servers.into_iter().flatten().collect()))
}

/// The zone that the domain is in, and its NS records: the nearest name at or above the domain with a start of
/// authority. If somebody has no answer, that answer. Nothing for a domain that nobody has registered.
async fn zone<D: Dns>(dns: &D, domain: &Name) -> Option<(Name, Answer)> {
    let registered = domain.registered_domain();
    let mut name = domain.clone();
    loop {
        let soa = resolve(dns, &name, Kind::SOA).await;
        if soa.failure().is_some() {
            return Some((name, soa));
        }
        // An alias has the start of authority of another name.
        if soa.aliases.is_empty() && !soa.records().is_empty() {
            let ns = resolve(dns, &name, Kind::NS).await;
            return Some((name, ns));
        }
        if name == registered && matches!(soa.outcome, Outcome::NxDomain) {
            return None;
        }
        name = name.parent().filter(|parent| parent.labels().count() > 1)?;
    }
}

/// The questions that decide about mail.
fn questions(domain: &Name, dkim: &Dkim) -> Vec<Question> {
    let below = |labels: &str| domain.prefixed(labels).ok().map(|name| Question::new(&name, Kind::TXT));
    let own = [Some(Question::new(domain, Kind::MX)), Some(Question::new(domain, Kind::TXT)), below("_dmarc")];
    let selectors = dkim.selectors.iter().take(MAX_SELECTORS);
    let keys = selectors.map(|selector| Some(selector.asked.answer.question.clone()));
    own.into_iter().chain(keys).flatten().collect()
}

async fn name_server<D: Dns>(dns: &D, record: &Record, zone: &Name, questions: &[Question]) -> Option<NameServer> {
    let Data::Ns(host) = &record.data else { return None };
    let addresses = hosts::addresses(dns, host).await;
    let ips =
        addresses.iter().flat_map(|answer| answer.records().iter().take(MAX_ADDRESSES)).filter_map(Record::address);
    let replies = join_all(ips.map(|ip| replies(dns, ip, zone, questions))).await;
    Some(NameServer { record: record.clone(), addresses, replies })
}

/// The start of authority first: a server that does not know the zone is asked no more.
async fn replies<D: Dns>(dns: &D, ip: IpAddr, zone: &Name, questions: &[Question]) -> Replies {
    let soa = dns.ask_server(ip, &Question::new(zone, Kind::SOA)).await;
    let knows = !soa.records().is_empty();
    let questions = questions.iter().filter(|_| knows);
    let answers = join_all(questions.map(|question| dns.ask_server(ip, question))).await;
    Replies { ip, soa, answers }
}

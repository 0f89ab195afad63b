//! What the MX hosts say at port 25.

use std::net::IpAddr;

use futures_util::future::join_all;

use crate::dns::Data;
use crate::evidence::{Evidence, MailHost};
use crate::smtp::{Failure, Probe, Smtp};

/// So many hosts are asked: those that senders try first.
const MAX_HOSTS: usize = 5;

/// Asks the MX hosts, each at one address. Empty where nobody is to be asked.
pub async fn probes<S: Smtp>(smtp: &S, evidence: &Evidence) -> Vec<Probe> {
    let mut hosts: Vec<&MailHost> = Vec::new();
    for host in evidence.mx.found.iter().filter(|host| address(host).is_some()) {
        if hosts.iter().all(|other| other.exchange != host.exchange) {
            hosts.push(host);
        }
    }
    let asked = hosts.iter().take(MAX_HOSTS).filter_map(|host| Some(smtp.probe(&host.exchange, address(host)?)));
    let probes = join_all(asked).await;
    probes.into_iter().filter(|probe| probe.failure() != Some(&Failure::NotAsked)).collect()
}

/// The first IPv4 address; where there is none the first IPv6 address, which fewer networks reach.
fn address(host: &MailHost) -> Option<IpAddr> {
    let records = host.addresses.iter().flatten().flat_map(|answer| answer.records());
    records.into_iter().find_map(|record| match record.data {
        Data::A(address) => Some(address.into()),
        Data::Aaaa(address) => Some(address.into()),
        _ => None,
    })
}

//! What the hosts that mail goes to say at port 25.

use std::net::IpAddr;

use futures_util::future::join_all;

use crate::dns::Record;
use crate::evaluate::exchange::{Exchange, exchanges};
use crate::evidence::Evidence;
use crate::smtp::{Failure, Probe, Smtp};

/// So many hosts are asked: those that senders try first.
const MAX_HOSTS: usize = 5;

/// Asks the hosts, each at one address. Empty where nobody is to be asked.
pub async fn probes<S: Smtp>(smtp: &S, evidence: &Evidence) -> Vec<Probe> {
    let mut hosts: Vec<Exchange> = Vec::new();
    for host in exchanges(evidence).into_iter().filter(|host| address(host).is_some()) {
        if hosts.iter().all(|other| other.name != host.name) {
            hosts.push(host);
        }
    }
    let asked = hosts.iter().take(MAX_HOSTS).filter_map(|host| Some(smtp.probe(host.name, address(host)?)));
    let probes = join_all(asked).await;
    probes.into_iter().filter(|probe| probe.failure() != Some(&Failure::NotAsked)).collect()
}

/// The first IPv4 address; where there is none the first IPv6 address, which fewer networks reach.
fn address(host: &Exchange) -> Option<IpAddr> {
    let records = host.addresses.iter().flat_map(|answer| answer.records());
    records.into_iter().find_map(Record::address)
}

//! Mail exchanges and name servers, and their addresses.

use futures_util::future::join_all;

use crate::collect::ask;
use crate::dns::{Answer, Data, Dns, Record};
use crate::evidence::{Asked, MailHost, NameServer};
use crate::name::{Kind, Name};
use crate::zone::Zone;

/// More exchanges or name servers than this are not looked at: nobody needs them, and a hostile answer could hold thousands.
const MAX_HOSTS: usize = 50;

/// The mail exchanges of a domain, by preference, with their addresses.
pub(super) async fn mail_hosts<D: Dns>(dns: &D, domain: &Name) -> Asked<MailHost> {
    let answer = ask(dns, domain, Kind::MX).await;
    let hosts = answer.records().iter().take(MAX_HOSTS).map(|record| mail_host(dns, record));
    let mut found: Vec<MailHost> = join_all(hosts).await.into_iter().flatten().collect();
    found.sort_by_key(|host| host.preference);
    Asked { answer, found, torn: Vec::new() }
}

/// IPv4 and IPv6 addresses of a host.
pub(super) async fn addresses<D: Dns>(dns: &D, host: &Name) -> [Answer; 2] {
    let (a, aaaa) = tokio::join!(ask(dns, host, Kind::A), ask(dns, host, Kind::AAAA));
    [a, aaaa]
}

/// The name servers of a zone that was read from a file, with their addresses.
pub(super) async fn name_servers<D: Dns>(dns: &D, zone: Option<&Zone>) -> Vec<NameServer> {
    let records = zone.iter().flat_map(|zone| zone.records.iter().filter(|record| record.owner == zone.origin));
    let servers = records.filter_map(|record| match &record.data {
        Data::Ns(host) => {
            let record = record.clone();
            Some(async move { NameServer { record, addresses: addresses(dns, host).await, replies: Vec::new() } })
        }
        _ => None,
    });
    join_all(servers.take(MAX_HOSTS)).await
}

async fn mail_host<D: Dns>(dns: &D, record: &Record) -> Option<MailHost> {
    let Data::Mx { preference, exchange } = &record.data else { return None };
    // RFC 7505 section 3: a null MX has the root as its exchange.
    let addresses = if exchange.is_root() { None } else { Some(addresses(dns, exchange).await) };
    Some(MailHost { preference: *preference, exchange: exchange.clone(), record: record.clone(), addresses })
}

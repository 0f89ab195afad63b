//! For the tests of rules about name servers: servers that each have their own records.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use crate::collect::{self, Known, Wanted};
use crate::dns::zone::ZoneData;
use crate::dns::{Answer, Dns, Failure};
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::lang::{Lang, fill};
use crate::name::{Name, Question};
use crate::rules::Rule;
use crate::source::{Source, SourceKind};
use crate::testing::zone_data;
use crate::web::Nobody;
use crate::zone::{Zone, master};

/// What one name server does.
#[derive(Clone, Copy)]
pub enum Server {
    /// It has these records of `example.test`, with this serial number.
    Has(u32, &'static str),
    /// It refuses.
    Refuses,
    /// It does not answer.
    IsSilent,
    /// It must not be asked.
    IsPrivate,
}

struct Servers {
    cached: ZoneData,
    servers: BTreeMap<IpAddr, Server>,
}

impl Dns for Servers {
    async fn ask(&self, question: &Question) -> Answer {
        self.cached.answer(question)
    }

    async fn ask_server(&self, server: IpAddr, question: &Question) -> Answer {
        let failure = match self.servers[&server] {
            Server::Has(serial, text) => return zone_data(&with_soa(serial, text)).answer(question),
            Server::Refuses => Failure::Refused,
            Server::IsSilent => Failure::Timeout,
            Server::IsPrivate => Failure::NotAsked,
        };
        Answer::failed(question, failure)
    }
}

fn with_soa(serial: u32, text: &str) -> String {
    format!("$TTL 3600\n@ SOA ns.other. host.other. {serial} 7200 3600 1209600 300\n{text}\n")
}

fn zone(origin: &str, text: &str) -> Zone {
    let origin = Name::parse(origin).expect("a name");
    Zone { origin: origin.clone(), ..master::read(&Source::new("test", text, SourceKind::Answer), Some(&origin), None) }
}

/// The evidence where the resolver has these records, and name servers at these addresses do as is said. Their names
/// are `ns1.other`, `ns2.other` and so on.
pub fn asked(cached: &str, servers: &[(&str, Server)]) -> Evidence {
    let (mut own, mut others) = (with_soa(1, cached), "$TTL 60\n".to_owned());
    let mut by_address = BTreeMap::new();
    for (number, (address, server)) in servers.iter().enumerate() {
        let ip: IpAddr = address.parse().expect("an address");
        let kind = if ip.is_ipv4() { "A" } else { "AAAA" };
        own += &format!("@ NS ns{}.other.\n", number + 1);
        others += &format!("ns{} {kind} {ip}\n", number + 1);
        by_address.insert(ip, *server);
    }
    let mut world = ZoneData::new();
    world.add(&Arc::new(zone("example.test", &own)));
    world.add(&Arc::new(zone("other", &others)));
    let dns = Servers { cached: world, servers: by_address };
    let domain = Name::parse("example.test").expect("a name");
    let wanted = Wanted { authoritative: true, ..Wanted::domain(&domain, &Known::default()) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(collect::collect(&dns, &Nobody, &wanted))
}

/// The rule finds things with these titles.
pub fn finds(rule: &'static Rule, evidence: &Evidence, titles: &[&str]) {
    let title = |finding: &Finding| fill(finding.text.en.title, &finding.values, Lang::En);
    assert_eq!(found(rule, evidence).iter().map(title).collect::<Vec<_>>(), titles);
    assert!(!titles.is_empty());
}

/// The rule finds nothing.
pub fn clean(rule: &'static Rule, evidence: &Evidence) {
    let found = found(rule, evidence);
    assert!(found.is_empty(), "{found:#?}");
}

/// What a rule finds.
pub fn found(rule: &'static Rule, evidence: &Evidence) -> Vec<Finding> {
    let mut found = Vec::new();
    (rule.check)(evidence, &mut found);
    assert!(found.iter().all(|finding| !finding.spans.is_empty()));
    found
}

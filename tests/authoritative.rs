//! Name servers that are asked themselves: several real servers on loopback, each with its own version of a zone.

mod server;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use mailvet::collect::{Known, Wanted};
use mailvet::dns::cache::Cache;
use mailvet::dns::live::{Direct, Live, Settings};
use mailvet::dns::{Answer, Dns, Failure};
use mailvet::lang::Lang;
use mailvet::name::{Name, Question};
use mailvet::report::{self, Format, Report, Style};
use mailvet::web::Nobody;
use server::{Exchange, Rule, Server};

/// What all servers have of the zone, with this serial number.
fn zone(serial: u32, rest: &str) -> String {
    format!(
        "contoso.com. SOA ns1.example.net. host.contoso.com. {serial} 7200 3600 1209600 300
contoso.com. NS ns1.example.net.
contoso.com. NS ns2.example.net.
contoso.com. NS ns3.example.net.
contoso.com. MX 0 mail.contoso.com.
mail.contoso.com. A 93.184.217.25
_dmarc.contoso.com. TXT \"v=DMARC1; p=none; rua=mailto:dmarc@contoso.com\"
{rest}\n"
    )
}

const OLD: &str = "contoso.com. 2400 TXT \"v=spf1 a -all\"";
const NEW: &str = "contoso.com. TXT \"v=spf1 mx -all\"";

/// Name servers with these zones and rules, and a resolver that has the first zone and knows their addresses.
struct World {
    resolver: Server,
    servers: Vec<Server>,
}

impl World {
    fn new(cached: &str, servers: &[(&str, &[(&str, Rule)])]) -> World {
        let addresses: String = (1..=3).map(|n| format!("ns{n}.example.net. A 93.184.216.{n}\n")).collect();
        let resolver = Server::with_zone(&format!("{cached}\n{addresses}"));
        let servers = servers.iter().map(|(zone, rules)| Server::with_rules(zone, rules)).collect();
        World { resolver, servers }
    }

    fn live(&self, allow_private: bool) -> Live {
        let settings =
            Settings { servers: vec![self.resolver.address], timeout: Duration::from_millis(800), attempts: 1 };
        let place = |(number, server): (usize, &Server)| (address(number + 1), server.address);
        let elsewhere: HashMap<IpAddr, SocketAddr> = self.servers.iter().enumerate().map(place).collect();
        Live::new(settings).expect("a server").with_direct(Direct { allow_private, elsewhere })
    }

    fn report(&self) -> Report {
        let domain = Name::parse("contoso.com").expect("a name");
        let wanted = Wanted { authoritative: true, ..Wanted::domain(&domain, &Known::default()) };
        runtime().block_on(mailvet::check(
            &Cache::new(self.live(false)),
            &Nobody,
            &mailvet::smtp::Nobody,
            &wanted,
            &mailvet::Judges::default(),
        ))
    }

    /// Ids of what is found about name servers.
    fn ids(&self) -> Vec<&'static str> {
        self.report().findings.iter().map(|finding| finding.id).filter(|id| id.starts_with("dns-")).collect()
    }

    fn ask(&self, server: usize, question: &str) -> Answer {
        let (name, kind) = question.split_once(' ').expect("name and type");
        let question = Question::new(&Name::parse(name).expect("a name"), kind.parse().expect("a type"));
        runtime().block_on(self.live(false).ask_server(address(server), &question))
    }
}

fn address(number: usize) -> IpAddr {
    format!("93.184.216.{number}").parse().expect("an address")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// As authoritative servers are asked: without RD.
fn without_recursion(exchange: Exchange) -> Vec<Vec<u8>> {
    match exchange.query.metadata.recursion_desired {
        true => server::servfail(exchange),
        false => server::send(&exchange.answer),
    }
}

/// As a resolver answers that sits between us and the server.
fn without_authority(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.metadata.authoritative = false;
    server::send(&exchange.answer)
}

/// The TC bit by UDP.
fn too_long_for_udp(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.metadata.truncation = !exchange.by_tcp;
    server::send(&exchange.answer)
}

const ALL: &str = "com";

#[test]
fn servers_that_agree() {
    let zone = zone(1, OLD);
    let without_recursion = [(ALL, without_recursion as Rule)];
    let world = World::new(&zone, &[(&zone, &without_recursion), (&zone, &[(ALL, too_long_for_udp)]), (&zone, &[])]);
    assert_eq!(world.ids(), [""; 0]);
    for server in &world.servers {
        let seen = server.seen();
        for question in
            ["contoso.com. SOA udp", "contoso.com. MX udp", "contoso.com. TXT udp", "_dmarc.contoso.com. TXT udp"]
        {
            assert!(seen.iter().any(|seen| seen == question), "{question}: {seen:?}");
        }
    }
}

#[test]
fn a_server_with_the_old_zone() {
    let (old, new) = (zone(1, OLD), zone(2, NEW));
    let world = World::new(&new, &[(&new, &[]), (&old, &[]), (&new, &[])]);
    assert_eq!(world.ids(), ["dns-servers-differ"]);
    let other = zone(2, OLD);
    let world = World::new(&old, &[(&old, &[]), (&other, &[]), (&old, &[])]);
    assert_eq!(world.ids(), ["dns-serials-differ"]);
}

#[test]
fn a_resolver_with_the_old_answer() {
    let (old, new) = (zone(1, OLD), zone(2, NEW));
    let world = World::new(&old, &[(&new, &[]), (&new, &[]), (&new, &[])]);
    assert_eq!(world.ids(), ["dns-change-not-seen"]);
}

#[test]
fn servers_that_do_not_serve() {
    let zone = zone(1, OLD);
    let elsewhere = "fabrikam.com. SOA ns1.example.net. host.fabrikam.com. 1 7200 3600 1209600 300\n";
    let world = World::new(&zone, &[(&zone, &[]), (elsewhere, &[]), (&zone, &[(ALL, server::silent)])]);
    assert_eq!(world.ids(), ["dns-server-lame", "dns-server-silent"]);
    let world = World::new(&zone, &[(&zone, &[]), (&zone, &[(ALL, without_authority)]), (&zone, &[])]);
    assert_eq!(world.ids(), ["dns-server-lame"]);
}

#[test]
fn a_network_that_answers_in_the_place_of_others() {
    let zone = zone(1, OLD);
    let resolver = [(ALL, without_authority as Rule)];
    let world = World::new(&zone, &[(&zone, &resolver), (&zone, &resolver), (&zone, &resolver)]);
    assert_eq!(world.ids(), ["dns-servers-not-asked"]);
}

#[test]
fn what_a_name_server_says_itself() {
    let zone = zone(
        1,
        "s1._domainkey.contoso.com. CNAME s1.fabrikam.com.\nsub.contoso.com. NS ns.sub.contoso.com.\n\
         a.contoso.com. CNAME mail.contoso.com.",
    );
    let world = World::new(&zone, &[(&zone, &[])]);
    let told = |question| {
        let answer = world.ask(1, question);
        (answer.outcome.comment(), answer.aliases.len(), answer.records().len())
    };
    assert_eq!(told("contoso.com MX"), ("NOERROR", 0, 1));
    assert_eq!(told("contoso.com A"), ("NODATA", 0, 0));
    assert_eq!(told("gone.contoso.com A"), ("NXDOMAIN", 0, 0));
    assert_eq!(told("a.contoso.com A"), ("NOERROR", 1, 1));
    assert_eq!(told("s1._domainkey.contoso.com TXT"), ("NODATA", 1, 0));
    assert_eq!(told("www.sub.contoso.com TXT"), ("REFUSED", 0, 0));
    assert!(world.servers[0].seen().iter().all(|seen| !seen.contains("fabrikam")), "no alias is followed");
    let source = world.ask(1, "contoso.com MX").records()[0].line.source.name.clone();
    assert_eq!(source, "contoso.com MX @93.184.216.1");
}

#[test]
fn addresses_that_lead_into_ones_own_network() {
    let zone = zone(1, OLD);
    let world = World::new(&zone, &[(&zone, &[])]);
    let question = Question::new(&Name::parse("contoso.com").expect("a name"), "SOA".parse().expect("a type"));
    let loopback = IpAddr::from([127, 0, 0, 1]);
    let ask = |allow_private| {
        let mut live = world.live(allow_private);
        live = live.with_direct(Direct { allow_private, elsewhere: [(loopback, world.servers[0].address)].into() });
        runtime().block_on(live.ask_server(loopback, &question))
    };
    assert_eq!(ask(false).failure(), Some(Failure::NotAsked));
    assert_eq!(ask(true).records().len(), 1);
}

#[test]
fn the_example_of_the_readme() {
    let (old, new) = (zone(2026112101, OLD), zone(2026112102, NEW));
    let report = World::new(&old, &[(&new, &[]), (&new, &[]), (&old, &[])]).report();
    let of_servers = |report: Report| {
        let findings = report.findings.into_iter().filter(|finding| finding.id.starts_with("dns-")).collect();
        Report { findings, ..report }
    };
    let style =
        Style { format: Format::Text, lang: Lang::En, colour: false, width: 120, fails: None, show_ignored: false };
    let text = report::write(&[of_servers(report)], style);
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let finding = text.split("\n\n").nth(1).expect("a finding");
    assert!(readme.contains(finding.trim_end()), "not in README.md:\n{finding}");
}

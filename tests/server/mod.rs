//! A DNS server on loopback, in this process.
//!
//! Ordinary answers are those of the `hickory-server` crate for zone data that the test gives. Before it stands a
//! front by which single names misbehave. A server lives until the process ends.
#![allow(dead_code)] // Each test crate uses a part of it.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_resolver::proto::op::{Edns, Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::opt::EdnsOption;
use hickory_resolver::proto::rr::rdata::{CNAME, SOA};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordSet, RecordType, RrKey};
use hickory_resolver::proto::serialize::txt::Parser;
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, ZoneType};

/// A server that runs.
pub struct Server {
    /// Where it is asked, by UDP and TCP.
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

/// A query that has come in, and what is ordinarily answered.
pub struct Exchange {
    pub query: Message,
    pub answer: Message,
    pub by_tcp: bool,
}

/// What is sent for a name: the messages to send, one after the other; none to be silent.
pub type Rule = fn(Exchange) -> Vec<Vec<u8>>;

impl Server {
    /// Serves the text of master files: each SOA record begins a zone, and what is below none belongs to the root.
    ///
    /// All is served as authoritative servers do: an alias is followed inside of its zone only, and NS records without
    /// a SOA record are a referral. Blanks that all lines begin with do not count; the TTL is 3600 unless written.
    pub fn with_zone(text: &str) -> Server {
        Server::with_rules(text, &[])
    }

    /// The same, with names that misbehave, and all names below them.
    pub fn with_rules(text: &str, rules: &[(&str, Rule)]) -> Server {
        let behind = serve(catalog(text));
        let rules = rules.iter().map(|(name, rule)| (format!("{name}."), *rule)).collect();
        let (udp, tcp) = sockets();
        let address = udp.local_addr().expect("a bound socket has an address");
        let front = Arc::new(Front { behind, rules, seen: Arc::default() });
        let seen = Arc::clone(&front.seen);
        let for_tcp = Arc::clone(&front);
        std::thread::spawn(move || front.serve_udp(&udp));
        std::thread::spawn(move || for_tcp.serve_tcp(&tcp));
        Server { address, seen }
    }

    /// What was asked so far, as `example.com. TXT udp`, with ` plain` behind it where the query had no EDNS.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no thread panics with the lock").clone()
    }
}

/// Never answers.
pub fn silent(_: Exchange) -> Vec<Vec<u8>> {
    Vec::new()
}

/// SERVFAIL.
pub fn servfail(exchange: Exchange) -> Vec<Vec<u8>> {
    code(exchange, ResponseCode::ServFail)
}

/// REFUSED.
pub fn refused(exchange: Exchange) -> Vec<Vec<u8>> {
    code(exchange, ResponseCode::Refused)
}

/// SERVFAIL with the extended error 7, "Signature Expired" (RFC 8914 section 4.8).
pub fn bogus(exchange: Exchange) -> Vec<Vec<u8>> {
    extended(exchange, 7)
}

/// SERVFAIL with the extended error 22, "No Reachable Authority" (RFC 8914 section 4.23).
pub fn unreachable_authority(exchange: Exchange) -> Vec<Vec<u8>> {
    extended(exchange, 22)
}

fn extended(mut exchange: Exchange, error: u8) -> Vec<Vec<u8>> {
    let mut edns = Edns::new();
    edns.options_mut().insert(EdnsOption::Unknown(15, vec![0, error, b'o', b'l', b'd']));
    exchange.answer.edns = Some(edns);
    code(exchange, ResponseCode::ServFail)
}

/// SERVFAIL, unless the query asks for no validation by the CD bit.
pub fn checked_fails(exchange: Exchange) -> Vec<Vec<u8>> {
    if exchange.query.checking_disabled { send(&exchange.answer) } else { servfail(exchange) }
}

/// SERVFAIL for the first query of all.
pub fn fails_at_first(exchange: Exchange) -> Vec<Vec<u8>> {
    static FAILED: AtomicBool = AtomicBool::new(false);
    if FAILED.swap(true, Ordering::Relaxed) { send(&exchange.answer) } else { servfail(exchange) }
}

/// FORMERR, unless the query is without EDNS: a server from before 1999.
pub fn without_edns(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.edns = None;
    if exchange.query.edns.is_some() { code(exchange, ResponseCode::FormErr) } else { send(&exchange.answer) }
}

/// The id of the query, and then noise.
pub fn garbage(exchange: Exchange) -> Vec<Vec<u8>> {
    let mut octets = exchange.query.id.to_be_bytes().to_vec();
    octets.extend([0xff; 30]);
    vec![octets]
}

/// NXDOMAIN under another id: as of a forger who does not see the query.
pub fn wrong_id(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.metadata.id ^= 1;
    code(exchange, ResponseCode::NXDomain)
}

/// Forgeries first, one with another id and one for another question, then the answer.
pub fn forged_first(exchange: Exchange) -> Vec<Vec<u8>> {
    let mut forged = exchange.answer.clone();
    forged.metadata.response_code = ResponseCode::NXDomain;
    forged.answers.clear();
    let mut other_id = forged.clone();
    other_id.metadata.id ^= 1;
    forged.queries[0].set_name(name("other.example."));
    [other_id, forged, exchange.answer].iter().flat_map(send).collect()
}

/// The TC bit by UDP, and the answer to another question by TCP.
pub fn lies_by_tcp(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.metadata.truncation = !exchange.by_tcp;
    if exchange.by_tcp {
        exchange.answer.queries[0].set_name(name("other.example."));
    }
    send(&exchange.answer)
}

/// The TC bit, by TCP too.
pub fn always_too_long(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.metadata.truncation = true;
    send(&exchange.answer)
}

/// The AD bit, if the query asked for it.
pub fn vouched(mut exchange: Exchange) -> Vec<Vec<u8>> {
    exchange.answer.metadata.authentic_data = exchange.query.authentic_data;
    send(&exchange.answer)
}

/// NXDOMAIN behind the alias that is answered, as RFC 6604 has it.
pub fn no_such_target(exchange: Exchange) -> Vec<Vec<u8>> {
    code(exchange, ResponseCode::NXDomain)
}

/// An alias to a name one label longer, each time.
pub fn ever_longer(mut exchange: Exchange) -> Vec<Vec<u8>> {
    let owner = exchange.query.queries[0].name().clone();
    let target = name(&format!("x.{owner}"));
    exchange.answer.answers = vec![Record::from_rdata(owner, 60, RData::CNAME(CNAME(target)))];
    exchange.answer.authorities.clear();
    code(exchange, ResponseCode::NoError)
}

/// The message as octets.
pub fn send(message: &Message) -> Vec<Vec<u8>> {
    vec![message.to_vec().expect("a message that can be written")]
}

/// A name with its final dot.
pub fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

/// The answer with another response code.
pub fn code(mut exchange: Exchange, code: ResponseCode) -> Vec<Vec<u8>> {
    exchange.answer.metadata.response_code = code;
    send(&exchange.answer)
}

struct Front {
    behind: SocketAddr,
    rules: HashMap<String, Rule>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Front {
    fn serve_udp(self: &Arc<Front>, socket: &UdpSocket) {
        let mut buffer = [0; 4096];
        while let Ok((length, client)) = socket.recv_from(&mut buffer) {
            let (front, query) = (Arc::clone(self), buffer[..length].to_vec());
            let socket = socket.try_clone().expect("a second handle");
            std::thread::spawn(move || {
                for answer in front.answer(&query, false).expect("an answer by UDP") {
                    socket.send_to(&answer, client).expect("a datagram is sent");
                }
            });
        }
    }

    fn serve_tcp(self: &Arc<Front>, listener: &TcpListener) {
        for stream in listener.incoming() {
            let front = Arc::clone(self);
            std::thread::spawn(move || -> io::Result<()> {
                let mut stream = stream?;
                let query = read_tcp(&mut stream)?;
                for answer in front.answer(&query, true)? {
                    write_tcp(&mut stream, &answer)?;
                }
                // The client closes.
                stream.read(&mut [0]).map(|_| ())
            });
        }
    }

    fn answer(&self, octets: &[u8], by_tcp: bool) -> io::Result<Vec<Vec<u8>>> {
        let query = Message::from_vec(octets).expect("the client sends messages");
        let asked = query.queries[0].clone();
        let name = asked.name().to_ascii().to_lowercase();
        let protocol = if by_tcp { "tcp" } else { "udp" };
        let plain = if query.edns.is_some() { "" } else { " plain" };
        let seen = format!("{name} {} {protocol}{plain}", asked.query_type());
        self.seen.lock().expect("no thread panics with the lock").push(seen);
        let answer = if by_tcp { self.ask_tcp(octets)? } else { self.ask_udp(octets)? };
        match self.rules.iter().find(|(of, _)| name == **of || name.ends_with(&format!(".{of}"))) {
            Some((_, rule)) => {
                let answer = Message::from_vec(&answer).expect("the server behind sends messages");
                Ok(rule(Exchange { query, answer, by_tcp }))
            }
            None => Ok(vec![answer]),
        }
    }

    fn ask_udp(&self, query: &[u8]) -> io::Result<Vec<u8>> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.connect(self.behind)?;
        socket.send(query)?;
        let mut buffer = vec![0; 65535];
        let length = socket.recv(&mut buffer)?;
        buffer.truncate(length);
        Ok(buffer)
    }

    fn ask_tcp(&self, query: &[u8]) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.behind)?;
        write_tcp(&mut stream, query)?;
        read_tcp(&mut stream)
    }
}

fn read_tcp(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message)?;
    Ok(message)
}

fn write_tcp(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).expect("a message of 64 KiB at most");
    stream.write_all(&[&length.to_be_bytes(), message].concat())
}

/// A socket and a listener with the same port.
fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().expect("a bound socket has an address")) {
            return (udp, tcp);
        }
    }
}

/// Lets `hickory-server` serve these zones.
fn serve(catalog: Catalog) -> SocketAddr {
    let (udp, tcp) = sockets();
    let address = udp.local_addr().expect("a bound socket has an address");
    udp.set_nonblocking(true).and(tcp.set_nonblocking(true)).expect("sockets for tokio");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut server = hickory_server::Server::new(catalog);
            server.register_socket(tokio::net::UdpSocket::from_std(udp).expect("a socket"));
            let tcp = tokio::net::TcpListener::from_std(tcp).expect("a listener");
            server.register_listener(tcp, Duration::from_secs(60), 65535);
            server.block_until_done().await
        })
    });
    address
}

/// The text without the blanks that all of its lines begin with, so that a test can indent it.
fn without_margin(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let margin = lines.clone().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.map(|line| &line[margin..]).collect::<Vec<_>>().join("\n")
}

fn catalog(text: &str) -> Catalog {
    let text = format!("$TTL 3600\n{}\n", without_margin(text));
    let (_, mut sets) = Parser::new(text, None, Some(Name::root())).parse().expect("zone data");
    let root = RrKey::new(Name::root().into(), RecordType::SOA);
    sets.entry(root).or_insert_with(|| {
        let soa = SOA::new(name("ns.invalid."), name("hostmaster.invalid."), 1, 7200, 3600, 1209600, 300);
        RecordSet::from(Record::from_rdata(Name::root(), 300, RData::SOA(soa)))
    });
    let mut zones: BTreeMap<Name, BTreeMap<RrKey, RecordSet>> = BTreeMap::new();
    for (key, _) in sets.iter().filter(|(key, _)| key.record_type == RecordType::SOA) {
        zones.insert(key.name().clone().into(), BTreeMap::new());
    }
    for (key, set) in sets {
        let origins = zones.iter_mut().filter(|(origin, _)| origin.zone_of(set.name()));
        let (_, zone) = origins.max_by_key(|(origin, _)| origin.num_labels()).expect("all is below the root");
        zone.insert(key, set);
    }
    let mut catalog = Catalog::new();
    for (origin, zone) in zones {
        let handler: InMemoryZoneHandler =
            InMemoryZoneHandler::new(origin.clone(), zone, ZoneType::Primary, AxfrPolicy::Deny).expect("a zone");
        catalog.upsert(origin.into(), vec![Arc::new(handler)]);
    }
    catalog
}

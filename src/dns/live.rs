//! The network: questions to DNS servers, answers written as zone lines.
//!
//! Whole messages are exchanged rather than lookups made, because what this program is for stands outside of the
//! record sets: the aliases before a name that does not exist, the AD bit, the true TTL. Recursion is left to the
//! server, except where name servers are asked directly. Nothing is remembered here. This file and those below are the only ones that name the DNS library.

mod direct;
mod lines;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use hickory_resolver::config::{ConnectionConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::tcp::TcpClientStream;
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::xfer::{DnsHandle, DnsRequestSender, FirstAnswer, Protocol};
use hickory_resolver::proto::ProtoError;
use hickory_resolver::proto::op::{DnsRequest, DnsRequestOptions, DnsResponse, Message, Query, ResponseCode};
use hickory_resolver::proto::rr::rdata::opt::{EdnsCode, EdnsOption};
use hickory_resolver::proto::rr::{DNSClass, Name as WireName, Record as WireRecord, RecordType};
use hickory_resolver::system_conf;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Answer, Dns, Failure, MAX_ALIASES, Outcome, Record, Security, follow};
use crate::name::{Kind, Question};
use crate::source::{Source, SourceKind};
use crate::zone::master;
pub use direct::Direct;

/// Whom to ask, and how long.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The servers, in the order in which they are asked; those of the system where there are none.
    pub servers: Vec<SocketAddr>,
    /// The time for one question, all servers, retries and aliases included; at most an hour.
    pub timeout: Duration,
    /// How often each server is asked; at least once.
    pub attempts: u8,
}

/// Servers on the network.
///
/// Must be asked inside of a tokio runtime. May be asked any number of questions at once: the number of those that
/// are under way is bounded, and the time of a question begins when its turn comes.
pub struct Live {
    settings: Settings,
    direct: Direct,
    /// The server that is asked first: one that answers, once another was silent.
    first: AtomicUsize,
    turns: Semaphore,
    runtime: TokioRuntimeProvider,
}

/// Why there is nobody to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveError {
    /// The system's DNS configuration cannot be read; the text says why.
    Unreadable(String),
    /// The system's DNS configuration names no server.
    NoServers,
}

impl Live {
    /// Ready to ask the servers of these settings. Nothing is sent yet.
    ///
    /// # Errors
    /// Only where the settings name no server: when the system's DNS configuration cannot be read or names none.
    pub fn new(mut settings: Settings) -> Result<Live, LiveError> {
        if settings.servers.is_empty() {
            settings.servers = system_servers(system_conf::read_system_conf())?;
        }
        settings.timeout = settings.timeout.min(LONGEST_TIMEOUT);
        Ok(Live {
            settings,
            direct: Direct::default(),
            first: AtomicUsize::new(0),
            turns: Semaphore::new(MAX_QUESTIONS),
            runtime: TokioRuntimeProvider::new(),
        })
    }

    /// The same, and how name servers are asked themselves.
    #[must_use]
    pub fn with_direct(self, direct: Direct) -> Live {
        Live { direct, ..self }
    }

    /// The servers that are asked.
    pub fn servers(&self) -> &[SocketAddr] {
        &self.settings.servers
    }
}

impl Dns for Live {
    async fn ask(&self, question: &Question) -> Answer {
        // Fails only where the semaphore was closed, which it never is.
        let _turn = self.turns.acquire().await;
        self.ask_to_the_end(question, Instant::now() + self.settings.timeout).await
    }

    async fn ask_server(&self, server: IpAddr, question: &Question) -> Answer {
        let Some(at) = self.direct.place(server) else { return Answer::failed(question, Failure::NotAsked) };
        let _turn = self.turns.acquire().await;
        let reply = self.exchange(question, Whom::Server(at), Instant::now() + self.settings.timeout).await;
        direct::answer(question, server, reply)
    }
}

impl fmt::Display for LiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LiveError::Unreadable(why) => write!(f, "the system's DNS configuration cannot be read: {why}"),
            LiveError::NoServers => f.write_str("the system's DNS configuration names no server"),
        }
    }
}

impl std::error::Error for LiveError {}

/// How many questions are under way at once; each has a socket per server that was asked.
const MAX_QUESTIONS: usize = 128;

/// Longer than anyone waits, and short enough for a clock to count.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(3_600);

/// How long a server is given to forget a failure: resolvers remember one for a second at least (RFC 9520 section 3.2).
const FORGETTING: Duration = Duration::from_millis(1_100);

/// How many records of one message are read, the rest is left out. A message of 64 KiB may hold some four thousand.
const MAX_RECORDS: usize = 1_000;

/// The largest answer asked for by UDP, in octets: what passes nearly everywhere without fragments (RFC 9715).
const UDP_PAYLOAD: u16 = 1232;

fn system_servers(read: Result<(ResolverConfig, ResolverOpts), NetError>) -> Result<Vec<SocketAddr>, LiveError> {
    let (configuration, _) = read.map_err(|error| match &error {
        // The library reports a file without servers as an error of this kind, which no system call has.
        NetError::Io(error) if error.kind() == std::io::ErrorKind::Other => LiveError::NoServers,
        error => LiveError::Unreadable(error.to_string()),
    })?;
    let is_udp = |connection: &&ConnectionConfig| connection.protocol.to_protocol() == Protocol::Udp;
    let mut servers = Vec::new();
    for server in configuration.name_servers() {
        servers.extend(server.connections.iter().filter(is_udp).map(|udp| SocketAddr::new(server.ip, udp.port)));
    }
    if servers.is_empty() { Err(LiveError::NoServers) } else { Ok(servers) }
}

/// Who is asked.
#[derive(Clone, Copy)]
enum Whom {
    /// The servers of the settings, which look for the answer (RD).
    Resolvers,
    /// This name server, for what it knows itself.
    Server(SocketAddr),
}

/// A message that says something about its question: NOERROR or NXDOMAIN.
struct Reply {
    message: Message,
    server: SocketAddr,
}

/// A try that led nowhere, and the server that said so.
#[derive(Clone, Copy)]
struct Failed {
    failure: Failure,
    /// The extended error that the server gave.
    extended: Option<u16>,
    server: Option<SocketAddr>,
}

/// How a question is put.
#[derive(Clone, Copy)]
struct Form {
    edns: bool,
    /// The CD bit: the resolver is asked not to validate (RFC 4035 section 3.2.2).
    unchecked: bool,
    /// The server is to look for what it does not have itself.
    recursive: bool,
}

impl Live {
    /// Asks, and asks on where the server gives an alias without what it leads to, as an authoritative one does.
    async fn ask_to_the_end(&self, question: &Question, deadline: Instant) -> Answer {
        let mut answer = Answer::failed(question, Failure::AliasLoop);
        let mut text = String::new();
        loop {
            let asked = Question::new(answer.final_name(), question.kind);
            let reply = match self.exchange_explained(&asked, deadline).await {
                Ok(reply) => reply,
                Err(Failed { failure, extended, server }) => {
                    answer.outcome = Outcome::Failed(failure);
                    answer.extended_error = extended;
                    answer.server = server.as_ref().map(SocketAddr::to_string);
                    return answer;
                }
            };
            answer.server = Some(reply.server.to_string());
            answer.security = security(answer.security, &reply.message);
            let known = answer.aliases.len();
            let records = match read(question, question.to_string(), &mut text, &reply.message) {
                Ok((aliases, records)) => {
                    answer.aliases = aliases;
                    records
                }
                Err(failure) => {
                    answer.outcome = Outcome::Failed(failure);
                    return answer;
                }
            };
            if let Some(outcome) = conclude(&mut answer, records, &reply.message, known) {
                answer.outcome = outcome;
                return answer;
            }
        }
    }

    /// Asks, and where the answer is SERVFAIL without a reason, finds out whether DNSSEC validation is why.
    async fn exchange_explained(&self, question: &Question, deadline: Instant) -> Result<Reply, Failed> {
        let failed = match self.exchange(question, Whom::Resolvers, deadline).await {
            Err(failed) if failed.failure == Failure::ServFail && failed.extended.is_none() => failed,
            told => return told,
        };
        match (query(question), failed.server) {
            (Ok(query), Some(server)) if self.fails_by_validation(server, &query, deadline).await => {
                Err(Failed { failure: Failure::Bogus, ..failed })
            }
            _ => Err(failed),
        }
    }

    /// Does a server that said SERVFAIL answer without validation, and not with it?
    ///
    /// With the CD bit the asker validates itself, and gets data that the server would not give otherwise (RFC 4035
    /// section 3.2.2). A server that had merely lost its way, and meanwhile found it, answers with validation, too, once
    /// it has forgotten its failure.
    async fn fails_by_validation(&self, server: SocketAddr, query: &Query, deadline: Instant) -> bool {
        let unchecked = Form { edns: true, unchecked: true, recursive: true };
        if self.ask_in_form(server, query, unchecked, deadline).await.is_err() {
            return false;
        }
        sleep_until((Instant::now() + FORGETTING).min(deadline)).await;
        let checked = Form { unchecked: false, ..unchecked };
        let again = self.ask_in_form(server, query, checked, deadline).await;
        matches!(again, Err((Failure::ServFail | Failure::Bogus, _)))
    }

    /// Asks the servers in turn until one says something about the question.
    ///
    /// Who was silent for its share of the time is still listened to while the next one is asked. A failure that a
    /// server reports leads to the next one at once.
    async fn exchange(&self, question: &Question, whom: Whom, deadline: Instant) -> Result<Reply, Failed> {
        let mut failed = Failed { failure: Failure::Timeout, extended: None, server: None };
        let Ok(query) = query(question) else { return Err(Failed { failure: Failure::ServFail, ..failed }) };
        let (servers, first) = match &whom {
            Whom::Resolvers => (&*self.settings.servers, self.first.load(Ordering::Relaxed)),
            Whom::Server(server) => (std::slice::from_ref(server), 0),
        };
        let form = Form { edns: true, unchecked: false, recursive: matches!(whom, Whom::Resolvers) };
        let count = servers.len();
        let rounds = count * usize::from(self.settings.attempts.max(1));
        let share = (deadline - Instant::now()) / u32::try_from(rounds).unwrap_or(u32::MAX);
        let mut plan = (first..first + rounds).map(|turn| turn % count);
        let mut tries = FuturesUnordered::new();
        loop {
            let patience = match plan.next() {
                Some(index) => {
                    let server = servers[index];
                    let tried = self.ask_in_form(server, &query, form, deadline);
                    tries.push(async move { (index, server, tried.await) });
                    Instant::now() + share
                }
                None if tries.is_empty() => return Err(failed),
                None => deadline,
            };
            match timeout_at(patience.min(deadline), tries.next()).await {
                Ok(Some((index, server, Ok(message)))) => {
                    if failed.failure == Failure::Timeout && form.recursive {
                        self.first.store(index, Ordering::Relaxed);
                    }
                    return Ok(Reply { message, server });
                }
                Ok(Some((_, server, Err((failure, extended))))) => {
                    failed = more_telling(failed, Failed { failure, extended, server: Some(server) });
                    // Another server may not validate; that it answers would hide what every validating one says.
                    if failure == Failure::Bogus {
                        return Err(failed);
                    }
                }
                Ok(None) => {}
                Err(_) if Instant::now() >= deadline => return Err(failed),
                Err(_) => {}
            }
        }
    }

    /// Asks one server: by UDP; without EDNS if it does not know that; by TCP if the answer is too long for UDP.
    async fn ask_in_form(
        &self,
        server: SocketAddr,
        query: &Query,
        mut form: Form,
        deadline: Instant,
    ) -> Result<Message, Unsaid> {
        let mut reply = self.ask_udp(server, query, form, deadline).await;
        // RFC 6891 section 7: "Responders that choose not to implement the protocol extensions defined in this
        // document MUST respond with a return code (RCODE) of FORMERR to messages containing an OPT RR".
        form.edns = !reply.as_ref().is_ok_and(|reply| {
            reply.edns.is_none() && matches!(reply.response_code, ResponseCode::FormErr | ResponseCode::NotImp)
        });
        if !form.edns {
            reply = self.ask_udp(server, query, form, deadline).await;
        }
        // RFC 2181 section 9: "When a DNS client receives a reply with TC set, it should ignore that response, and
        // query again, using a mechanism, such as a TCP connection, that will permit larger replies."
        if reply.as_ref().is_ok_and(|reply| reply.truncation) {
            reply = self.ask_tcp(server, query, form, deadline).await;
        }
        reply.map_err(|failure| (failure, None)).and_then(|message| judge(query, message))
    }

    async fn ask_udp(
        &self,
        server: SocketAddr,
        query: &Query,
        form: Form,
        deadline: Instant,
    ) -> Result<Message, Failure> {
        let mut stream = UdpClientStream::builder(server, self.runtime.clone())
            .with_timeout(Some(deadline - Instant::now()))
            .with_max_retries(1)
            .build();
        let response = stream.send_message(request(query, form)).first_answer().await;
        response.map(DnsResponse::into_message).map_err(failure)
    }

    async fn ask_tcp(
        &self,
        server: SocketAddr,
        query: &Query,
        form: Form,
        deadline: Instant,
    ) -> Result<Message, Failure> {
        let left = deadline - Instant::now();
        let connection = TcpClientStream::exchange(server, None, left, None, self.runtime.clone());
        let response = connection.await.map_err(failure)?.send(request(query, form)).first_answer().await;
        response.map(DnsResponse::into_message).map_err(failure)
    }
}

/// The question as the library has it.
///
/// From octets, because the library reads `\DDD` as octal where RFC 1035 section 5.1 has decimal.
fn query(question: &Question) -> Result<Query, ProtoError> {
    let name = WireName::from_labels(question.name.labels().map(octets))?;
    Ok(Query::query(name, RecordType::from(question.kind.0)))
}

/// The octets of a label of a name, whose escapes are known to be right.
fn octets(label: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(label.len());
    let mut rest = label.as_bytes();
    loop {
        rest = match rest {
            [] => return octets,
            [b'\\', a @ b'0'..=b'9', b, c, tail @ ..] => {
                octets.push((a - b'0') * 100 + (b - b'0') * 10 + (c - b'0'));
                tail
            }
            [b'\\', octet, tail @ ..] | [octet, tail @ ..] => {
                octets.push(*octet);
                tail
            }
        };
    }
}

/// A message with this question and an id of its own.
fn request(query: &Query, form: Form) -> DnsRequest {
    let mut options = DnsRequestOptions::default();
    options.use_edns = form.edns;
    options.edns_payload_len = UDP_PAYLOAD;
    options.recursion_desired = form.recursive;
    let mut request = DnsRequest::from_query(query.clone(), options);
    // RFC 6840 section 5.7: "setting the AD bit in a query as a signal indicating that the requester understands and
    // is interested in the value of the AD bit in the response".
    request.metadata.authentic_data = true;
    request.metadata.checking_disabled = form.unchecked;
    request
}

/// What an error of the exchange means.
fn failure(error: NetError) -> Failure {
    match error {
        NetError::Timeout => Failure::Timeout,
        NetError::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => Failure::Timeout,
        _ => Failure::Unreachable,
    }
}

/// Why a message says nothing about the question, and the extended error that it gives.
type Unsaid = (Failure, Option<u16>);

/// The message, if it belongs to the question and says something about it.
fn judge(query: &Query, message: Message) -> Result<Message, Unsaid> {
    // RFC 5452 section 9.1: "A resolver implementation MUST match responses to all of the following attributes of the
    // query", the last of which are name, class and type. The library does so for UDP alone.
    if message.queries != [query.clone()] || message.truncation {
        return Err((Failure::Unreachable, None));
    }
    let extended = extended_error(&message);
    match message.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(message),
        ResponseCode::Refused => Err((Failure::Refused, extended)),
        _ if extended.is_some_and(is_of_validation) => Err((Failure::Bogus, extended)),
        _ => Err((Failure::ServFail, extended)),
    }
}

/// RFC 8914 sections 4.7 to 4.13: the codes from 6, "DNSSEC Bogus", to 12, "NSEC Missing", are the ways in which "the
/// resolver attempted to perform DNSSEC validation" in vain.
fn is_of_validation(code: u16) -> bool {
    matches!(code, 6..=12)
}

/// The extended error of a message; of several the most precise one that tells of DNSSEC.
fn extended_error(message: &Message) -> Option<u16> {
    const EXTENDED_ERROR: u16 = 15;
    let options = message.edns.iter().flat_map(|edns| edns.options().get_all(EdnsCode::Unknown(EXTENDED_ERROR)));
    let codes = options.into_iter().filter_map(|option| match option {
        EdnsOption::Unknown(EXTENDED_ERROR, data) => data.first_chunk().map(|code| u16::from_be_bytes(*code)),
        _ => None,
    });
    codes.max_by_key(|code| (is_of_validation(*code), *code))
}

/// That of two failures which says more: a failure that a server reported before one that nobody did.
fn more_telling(known: Failed, next: Failed) -> Failed {
    let rank = |failure| match failure {
        Failure::Bogus => 4,
        Failure::ServFail => 3,
        Failure::Refused => 2,
        Failure::Unreachable => 1,
        _ => 0,
    };
    if rank(next.failure) > rank(known.failure) { next } else { known }
}

/// The security of an answer with one more message: as that of its weakest one.
fn security(known: Security, message: &Message) -> Security {
    match known {
        Security::Insecure => Security::Insecure,
        _ if message.authentic_data => Security::Secure,
        _ => Security::Insecure,
    }
}

/// Adds the records of a message to the text of the answer, which has this name, and reads from it the aliases and the
/// records at their end.
fn read(
    question: &Question,
    name: String,
    text: &mut String,
    message: &Message,
) -> Result<(Vec<Record>, Vec<Record>), Failure> {
    let is_asked = |record: &&WireRecord| {
        let kind = Kind(record.record_type().into());
        record.dns_class == DNSClass::IN && (kind == question.kind || kind == Kind::CNAME)
    };
    for record in message.answers.iter().filter(is_asked).take(MAX_RECORDS) {
        lines::write(text, record).map_err(|_| Failure::Unreachable)?;
    }
    let zone = master::read(&Source::new(name, text.clone(), SourceKind::Answer), None, None);
    // A record that cannot be read must not look like one that is not there.
    if zone.records.len() < text.lines().count() {
        return Err(Failure::Unreachable);
    }
    Ok(follow(question, zone.records))
}

/// What the message means for the answer, whose aliases are those known before and any that it added; nothing if the
/// end of the aliases is still to be asked for.
fn conclude(answer: &mut Answer, records: Vec<Record>, message: &Message, known: usize) -> Option<Outcome> {
    if let Some(circle) = circle(&answer.aliases) {
        answer.aliases.truncate(circle);
        return Some(Outcome::Failed(Failure::AliasLoop));
    }
    // RFC 6604 section 3: "The RCODE in the ultimate DNS response MUST BE set based on the final query cycle leading
    // to that response." So this is about the name at the end of the aliases.
    if is_nxdomain(message) {
        return Some(Outcome::NxDomain);
    }
    if !records.is_empty() {
        return Some(Outcome::Records(records.into()));
    }
    if answer.aliases.len() >= MAX_ALIASES {
        return Some(Outcome::Failed(Failure::AliasLoop));
    }
    // Whether a negative answer is about the end of the aliases is not told by its form: an authoritative server says
    // NOERROR, too, where it knows nothing of the target.
    if answer.aliases.len() > known {
        return None;
    }
    Some(if is_referral(message) { Outcome::Failed(Failure::Refused) } else { Outcome::NoData })
}

fn is_nxdomain(message: &Message) -> bool {
    message.response_code == ResponseCode::NXDomain
}

/// Where the aliases come back to a name that they came from.
fn circle(aliases: &[Record]) -> Option<usize> {
    (1..aliases.len()).find(|&n| aliases[..n].iter().any(|earlier| earlier.owner == aliases[n].owner))
}

/// Does a message without answer name other servers instead?
///
/// RFC 2308 section 2.2: "NODATA is indicated by an answer with the RCODE set to NOERROR and no relevant answers in
/// the answer section. The authority section will contain an SOA record, or there will be no NS records there." What
/// is left is a referral: the server does not look further for us, and nothing is known of the name. The flags decide
/// nothing, neither there nor here: some servers set AA in referrals.
fn is_referral(message: &Message) -> bool {
    let has = |kind| message.authorities.iter().any(|record| record.record_type() == kind);
    has(RecordType::NS) && !has(RecordType::SOA)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    fn name(text: &str) -> Name {
        Name::parse(text).expect(text)
    }

    fn servers(resolv_conf: &str) -> Result<Vec<SocketAddr>, LiveError> {
        system_servers(system_conf::parse_resolv_conf(resolv_conf))
    }

    #[test]
    fn names_keep_their_octets_on_the_way_to_the_wire_and_back() {
        for text in ["_dmarc.example.com", "a\\.b.\\233\\000x.example", "$ttl.@.example", "*.example", "."] {
            let query = query(&Question::new(&name(text), Kind::A)).expect("a name");
            assert_eq!(name(&lines::written(query.name())), name(text));
        }
        assert_eq!(octets("a\\.\\233"), [b'a', b'.', 233]);
    }

    #[cfg(all(unix, not(any(target_os = "android", target_vendor = "apple"))))]
    #[test]
    fn the_servers_of_the_system() {
        let two = servers("search example.com\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n");
        assert_eq!(two, Ok(vec![([192, 0, 2, 1], 53).into(), "[2001:db8::1]:53".parse().expect("an address")]));
        assert_eq!(servers("search example.com\n"), Err(LiveError::NoServers));
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert!(matches!(system_servers(Err(missing.into())), Err(LiveError::Unreadable(_))));
    }
}

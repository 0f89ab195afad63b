//! `check_host()` against another evaluator, on records made at random: the crate `mail-auth`.
//!
//! Where the two differ, RFC 7208 decides. Every kind of difference is listed here with the sentence that decides it;
//! any other one fails the test. With `MAILVET_CASES=path`, the cases are written there, one world a line, for
//! `benches/spf/pyspf_cases.py`, which asks a third evaluator.

mod worlds;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::io::Write as _;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{DnsError, DnssecStatus, MX, MessageAuthenticator, Parameters, RecordSet, ResolverCache, Txt};
use mailvet::dns::{Answer, Dns, Failure, Outcome, Record};
use mailvet::evaluate::check_host::{Evaluation, EvaluationError, Request, SpfResult, StepOutcome, check_host};
use mailvet::name::{Kind, Name, Question};
use mailvet::records::spf::Spf;
use mailvet::source::{Source, SourceKind};
use mailvet::zone::{master, write};
use worlds::{Entry, Random, World};

const WORLDS: usize = 3000;

/// A world as our evaluator asks it.
struct OurDns {
    records: HashMap<Name, Vec<Record>>,
    /// An address record for each name below `wild.invalid`.
    wild: Record,
    /// Which of these names were asked for.
    asked: Mutex<BTreeSet<String>>,
}

impl OurDns {
    fn new(entries: &[Entry]) -> OurDns {
        let mut lines = String::from("wild.invalid. 60 A 127.0.0.2\n");
        for entry in entries {
            let data = match entry.kind {
                "TXT" => entry.data.as_bytes().chunks(255).map(write::quote).collect::<Vec<_>>().join(" "),
                "PTR" | "MX" if !entry.data.ends_with('.') => format!("{}.", entry.data),
                _ => entry.data.clone(),
            };
            let owner = match entry.kind {
                "PTR" => reverse(entry.name.parse().expect("an address")),
                _ => entry.name.clone(),
            };
            lines.push_str(&format!("{owner}. 60 {} {data}\n", entry.kind));
        }
        let zone = master::read(&Source::new("world", lines, SourceKind::File), Some(&Name::root()), None);
        assert!(zone.problems.is_empty(), "{:?}", zone.problems);
        let mut records: HashMap<Name, Vec<Record>> = HashMap::new();
        for record in zone.records.iter().skip(1) {
            records.entry(record.owner.clone()).or_default().push(record.clone());
        }
        OurDns { records, wild: zone.records[0].clone(), asked: Mutex::default() }
    }
}

impl Dns for OurDns {
    async fn ask(&self, question: &Question) -> Answer {
        let name = question.name.as_str();
        let outcome = match self.records.get(&question.name) {
            Some(records) => {
                let found: Vec<_> = records.iter().filter(|record| record.kind == question.kind).cloned().collect();
                if found.is_empty() { Outcome::NoData } else { Outcome::Records(found.into()) }
            }
            None if name.ends_with(".test") => Outcome::Failed(Failure::Timeout),
            None if name.ends_with(".wild.invalid") && question.kind == Kind::A => {
                self.asked.lock().expect("no panic").insert(name.to_owned());
                Outcome::Records([self.wild.clone()].into())
            }
            None => Outcome::NxDomain,
        };
        Answer::new(question.clone(), outcome)
    }
}

fn reverse(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(ip) => {
            let digits: String = ip.octets().iter().map(|octet| format!("{octet:02x}")).collect();
            digits.chars().rev().map(|digit| format!("{digit}.")).collect::<String>() + "ip6.arpa"
        }
    }
}

/// A world as `mail-auth` asks it. What is not in these maps is asked of a resolver without servers, which knows by
/// itself that nothing exists below `invalid` (RFC 6761 section 6.4), and fails for everything else.
struct TheirDns {
    txt: Cache<Box<str>, Txt>,
    mx: Cache<Box<str>, RecordSet<MX>>,
    ip4: Cache<Box<str>, RecordSet<std::net::Ipv4Addr>>,
    ip6: Cache<Box<str>, RecordSet<std::net::Ipv6Addr>>,
    ptr: Cache<IpAddr, RecordSet<Box<str>>>,
}

struct Cache<K, V>(HashMap<K, V>);

impl<K: Hash + Eq, V: Clone> ResolverCache<K, V> for Cache<K, V> {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: K, _: V, _: Instant) {}
}

impl TheirDns {
    fn new(entries: &[Entry], wild: &BTreeSet<String>) -> TheirDns {
        let of = |kind: &str| grouped(entries, kind);
        let wild = wild.iter().map(|name| (fqdn(name), set(vec!["127.0.0.2".parse().expect("an address")])));
        // Names outside of `invalid` that do not exist.
        let elsewhere = ["h0.inval1d", "h0.1a", "h0.a-1"].into_iter();
        TheirDns {
            txt: Cache(of("TXT").into_iter().map(|(name, data)| (fqdn(name), their_txt(&data))).collect()),
            mx: Cache(
                elsewhere
                    .clone()
                    .map(|name| (fqdn(name), set(Vec::new())))
                    .chain(
                        of("MX")
                            .into_iter()
                            .map(|(name, data)| (fqdn(name), set(data.iter().filter_map(|data| mx(data)).collect()))),
                    )
                    .collect(),
            ),
            ip4: Cache(
                elsewhere
                    .clone()
                    .map(|name| (fqdn(name), set(Vec::new())))
                    .chain(of("A").into_iter().map(|(name, data)| (fqdn(name), addresses(&data))).chain(wild))
                    .collect(),
            ),
            ip6: Cache(
                elsewhere
                    .clone()
                    .map(|name| (fqdn(name), set(Vec::new())))
                    .chain(of("AAAA").into_iter().map(|(name, data)| (fqdn(name), addresses(&data))))
                    .collect(),
            ),
            ptr: Cache(
                of("PTR")
                    .into_iter()
                    .map(|(ip, data)| (ip.parse().expect("an address"), set(data.into_iter().map(Box::from).collect())))
                    .collect(),
            ),
        }
    }
}

fn grouped<'a>(entries: &'a [Entry], kind: &str) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.kind == kind) {
        all.entry(&entry.name).or_default().push(&entry.data);
    }
    all
}

fn fqdn(name: &str) -> Box<str> {
    format!("{name}.").into_boxed_str()
}

fn set<T>(records: Vec<T>) -> RecordSet<T> {
    RecordSet { rrset: records.into(), dnssec_status: DnssecStatus::Insecure }
}

fn addresses<T: std::str::FromStr<Err: std::fmt::Debug>>(data: &[&str]) -> RecordSet<T> {
    set(data.iter().map(|data| data.parse().expect("an address")).collect())
}

fn mx(data: &str) -> Option<MX> {
    let (preference, host) = data.split_once(' ')?;
    (host != ".").then(|| MX { preference: preference.parse().expect("a number"), exchanges: Box::new([fqdn(host)]) })
}

/// Which of several records counts is decided here as RFC 7208 section 4.5 has it: `mail-auth` takes the first.
fn their_txt(texts: &[&str]) -> Txt {
    let is_spf = |text: &&&str| {
        text.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("v=spf1"))
            && matches!(text.as_bytes().get(6), None | Some(b' '))
    };
    let spf: Vec<_> = texts.iter().filter(is_spf).collect();
    match (spf.as_slice(), texts) {
        ([one], _) => mail_auth::spf::Spf::parse(one.as_bytes()).map_or_else(Txt::Error, |spf| Txt::Spf(Arc::new(spf))),
        ([], [one]) if !one.starts_with("no SPF") => {
            mail_auth::spf::Macro::parse(one.as_bytes()).map_or_else(Txt::Error, |text| Txt::SpfMacro(Arc::new(text)))
        }
        ([], _) => Txt::Error(mail_auth::Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain))),
        _ => Txt::Error(mail_auth::Error::ParseError),
    }
}

/// What somebody says of a request: the result, and the explanation of a "fail".
struct Verdict {
    result: SpfResult,
    explanation: Option<String>,
}

impl Verdict {
    fn is_verdict(&self) -> bool {
        matches!(self.result, SpfResult::Pass | SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral)
    }
}

async fn theirs(auth: &MessageAuthenticator, dns: &TheirDns, request: &Request) -> Verdict {
    // Whose domain it is, the caller of `mail-auth` says (RFC 7208 section 2.4).
    let (local, domain) = match request.sender.rsplit_once('@') {
        Some((local, domain)) => (local, domain),
        None if request.sender.is_empty() => ("", request.helo.as_str()),
        None => ("", request.sender.as_str()),
    };
    let sender = format!("{}@{domain}", if local.is_empty() { "postmaster" } else { local });
    let parameters = SpfParameters::new(request.ip, domain, &request.helo, &request.receiver, &sender);
    let parameters =
        Parameters::new(parameters).with_txt_cache(&dns.txt).with_mx_cache(&dns.mx).with_ptr_cache(&dns.ptr);
    let output = auth.check_host(parameters.with_ipv4_cache(&dns.ip4).with_ipv6_cache(&dns.ip6)).await;
    let result = match output.result() {
        mail_auth::SpfResult::Pass => SpfResult::Pass,
        mail_auth::SpfResult::Fail => SpfResult::Fail,
        mail_auth::SpfResult::SoftFail => SpfResult::SoftFail,
        mail_auth::SpfResult::Neutral => SpfResult::Neutral,
        mail_auth::SpfResult::TempError => SpfResult::TempError,
        mail_auth::SpfResult::PermError => SpfResult::PermError,
        mail_auth::SpfResult::None => SpfResult::None,
    };
    Verdict { result, explanation: output.explanation().map(str::to_owned) }
}

/// A kind of difference that the RFC decides for us.
struct Exception {
    what: &'static str,
    /// Is it this kind?
    is: fn(&Case<'_>) -> bool,
}

struct Case<'a> {
    world: &'a World,
    request: &'a Request,
    ours: &'a Evaluation,
    theirs: &'a Verdict,
}

const EXCEPTIONS: &[Exception] = &[
    // RFC 7208 section 4.6.4: "SPF implementations SHOULD limit "void lookups" to two." Theirs has no such limit.
    Exception { what: "void look-ups are limited", is: |case| case.ours.error == Some(EvaluationError::TooManyVoids) },
    // RFC 7208 section 4.6.4: "the evaluation of each "MX" record MUST NOT result in querying more than 10 address
    // records"; the openspf suite ("mx-limit") has it that eleven hosts are too many, also where an early one matches.
    Exception {
        what: "mail exchanges are limited before they are asked",
        is: |case| case.ours.error == Some(EvaluationError::TooManyHosts),
    },
    // RFC 7208 section 12 does not know the term. Theirs reads over it.
    Exception {
        what: "a broken term that theirs accepts",
        is: |case| {
            case.ours.error == Some(EvaluationError::Syntax)
                && case.texts().any(|text| holds(text, worlds::BROKEN) && reads(text))
        },
    },
    // RFC 7208 section 12 knows the term. Theirs refuses it, or takes it for another one.
    Exception {
        what: "an odd term that theirs refuses",
        is: |case| {
            case.theirs.result == SpfResult::PermError
                && case.texts().any(|text| holds(text, worlds::ODD) && !reads(text))
        },
    },
    Exception {
        what: "a modifier that theirs takes for a mechanism",
        is: |case| case.texts().any(|text| holds(text, &["a=h0.invalid", "mx=m0.invalid"])),
    },
    // RFC 7208 section 7.2: "p = the validated domain name of <ip>". Theirs takes the first name, validated or not.
    Exception {
        what: "the macro p is validated",
        is: |case| case.texts().any(|text| text.contains("%{p")) && case.asked_reverse(),
    },
    // RFC 7208 section 5.7: "The resulting domain name is used for a DNS A RR lookup (even when the connection type is
    // IPv6). If any A record is returned, this mechanism matches."
    Exception {
        what: "exists asks for IPv4 addresses alone",
        is: |case| case.asked(StepOutcome::NotMatched, "exists").any(|name| case.has(name, "AAAA")),
    },
    // RFC 7208 section 4.3: "If the <domain> is malformed (e.g., label longer than 63 characters, zero-length label not at
    // the end, etc.) […], check_host() immediately returns the result "none"."
    Exception {
        what: "a malformed domain has no record",
        is: |case| {
            case.ours.result == SpfResult::None && ["@[", ".."].iter().any(|bad| case.request.sender.contains(bad))
        },
    },
    // RFC 7208 section 4.8: "The result of evaluating check_host() with a syntactically invalid domain is undefined."
    Exception {
        what: "what is no name matches nothing",
        is: |case| {
            case.theirs.result == SpfResult::TempError
                && case.ours.trace.iter().any(|step| {
                    step.asked.is_empty()
                        && step.outcome == StepOutcome::NotMatched
                        && !step.term.to_lowercase().contains("ip")
                })
        },
    },
    // RFC 7208 section 6.2: "the explanation string MUST be limited to US-ASCII."
    Exception {
        what: "an explanation is US-ASCII",
        is: |case| case.theirs.explanation.as_ref().is_some_and(|text| !text.is_ascii()),
    },
    // A final dot changes no name. Theirs compares the names of the client with the one of HELO with its final dot.
    Exception {
        what: "a final dot is no part of a name to compare",
        is: |case| {
            case.request.helo.ends_with('.') && case.texts().any(|text| text.to_lowercase().contains("ptr:%{h}"))
        },
    },
    // RFC 7208 section 6.2: "During recursion into an "include" mechanism, an "exp" modifier from the <target-name> MUST NOT
    // be used." Theirs takes the right one, but expands it with the included domain.
    Exception {
        what: "an explanation is about the domain that includes",
        is: |case| {
            let both = case.ours.explanation.is_some() && case.theirs.explanation.is_some();
            let matched = case.ours.matched.as_deref().unwrap_or_default();
            case.ours.result == case.theirs.result && both && matched.to_lowercase().contains("include:")
        },
    },
    // RFC 7208 section 4.8: "The resulting string is the common presentation form of a fully qualified DNS name", for which a
    // final dot changes nothing. Theirs takes it for one more, empty label of the macro.
    Exception {
        what: "a final dot is no part of the macro d",
        is: |case| {
            case.ours.trace.iter().any(|step| step.outcome == StepOutcome::Entered && step.term.ends_with(['.', '}']))
                && case.texts().any(|text| text.to_lowercase().contains("%{d"))
        },
    },
    // RFC 7208 section 4.6.4: "the number of "PTR" resource records queried is included in the overall limit of 10
    // mechanisms/modifiers": these are queried once. Theirs counts each name in the answer, of which there are two at most.
    Exception {
        what: "a ptr is one look-up",
        is: |case| {
            let ptrs = case.ours.trace.iter().filter(|step| step.term.to_lowercase().contains("ptr")).count();
            case.theirs.result == SpfResult::PermError && ptrs > 0 && case.ours.lookups + 2 * ptrs > 10
        },
    },
    // RFC 7208 section 5: "IPv4 <ip> addresses are only listed in an SPF record using the "ip4" mechanism."
    Exception {
        what: "ip6 is for IPv6 alone",
        is: |case| {
            case.request.ip.is_ipv4()
                && case.ours.trace.iter().any(|step| {
                    step.outcome == StepOutcome::NotMatched
                        && step.term.to_lowercase().contains("ip6:")
                        && step.term.ends_with("/0")
                })
        },
    },
    // RFC 2181 section 11: "any binary string whatever can be used as the label of any resource record." Theirs fails
    // for names that are no host names.
    Exception {
        what: "any label can be asked for",
        is: |case| {
            matches!(case.theirs.result, SpfResult::TempError | SpfResult::PermError)
                && case
                    .ours
                    .trace
                    .iter()
                    .flat_map(|step| &step.asked)
                    .any(|question| !is_host_name(question.name.as_str()))
        },
    },
    // RFC 7208 section 5.2: "The include mechanism triggers a recursive evaluation of check_host()." Theirs ends all at the
    // first match, and takes the qualifier of the innermost include.
    Exception {
        what: "an include within an include",
        is: |case| {
            case.theirs.is_verdict()
                && case.ours.trace.iter().any(|step| {
                    step.depth > 0
                        && step.term.to_lowercase().contains("include:")
                        && step.outcome == StepOutcome::Entered
                })
        },
    },
];

impl Case<'_> {
    /// All records that were looked at.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let mut domains: BTreeSet<&str> = self.ours.trace.iter().map(|step| step.domain.as_str()).collect();
        let entered = self.ours.trace.iter().filter(|step| step.outcome == StepOutcome::Entered);
        domains.extend(entered.flat_map(|step| &step.asked).map(|question| question.name.as_str()));
        let sender = if self.request.sender.is_empty() { &self.request.helo } else { &self.request.sender };
        let domain = sender.rsplit('@').next().unwrap_or_default().to_lowercase();
        self.world
            .entries
            .iter()
            .filter(move |entry| entry.kind == "TXT" && (domains.contains(entry.name.as_str()) || entry.name == domain))
            .map(|entry| entry.data.as_str())
    }

    /// The names that terms of this kind asked for, with this outcome.
    fn asked<'a>(&'a self, outcome: StepOutcome, mechanism: &'static str) -> impl Iterator<Item = &'a str> {
        let steps = self
            .ours
            .trace
            .iter()
            .filter(move |step| step.outcome == outcome && step.term.to_lowercase().contains(mechanism));
        steps.flat_map(|step| step.asked.iter().map(|question| question.name.as_str()))
    }

    fn asked_reverse(&self) -> bool {
        self.ours.trace.iter().flat_map(|step| &step.asked).any(|question| question.kind == Kind::PTR)
    }

    fn has(&self, name: &str, kind: &str) -> bool {
        self.world.entries.iter().any(|entry| entry.name == name && entry.kind == kind)
    }
}

fn holds(record: &str, terms: &[&str]) -> bool {
    terms.iter().any(|term| format!("{record} ").contains(&format!(" {term} ")))
}

/// Does theirs read the record?
fn reads(record: &str) -> bool {
    mail_auth::spf::Spf::parse(record.as_bytes()).is_ok()
}

fn is_host_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

#[test]
fn two_evaluators_agree() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let servers = ResolverConfig::from_name_servers(Vec::new());
    let auth = MessageAuthenticator::new(servers, ResolverOpts::default()).expect("a resolver");
    let mut cases_file = std::env::var_os("MAILVET_CASES").map(|path| std::fs::File::create(path).expect("a file"));
    let mut random = Random(7208);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut results: HashMap<SpfResult, usize> = HashMap::new();
    let (mut cases, mut differences, mut unlisted) = (0, 0, Vec::new());
    for number in 0..WORLDS {
        let world = worlds::world(&mut random);
        let dns = OurDns::new(&world.entries);
        let ours: Vec<Evaluation> =
            world.requests.iter().map(|request| runtime.block_on(check_host(&dns, request))).collect();
        let wild = dns.asked.into_inner().expect("no panic");
        if let Some(file) = &mut cases_file {
            writeln!(file, "{}", json(&world, &wild, &ours)).expect("written");
        }
        let their_dns = TheirDns::new(&world.entries, &wild);
        for (request, ours) in world.requests.iter().zip(&ours) {
            cases += 1;
            *results.entry(ours.result).or_default() += 1;
            let theirs = runtime.block_on(theirs(&auth, &their_dns, request));
            // The case of hexadecimal digits is free (RFC 3986 section 2.1).
            let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
            if ours.result == theirs.result && lower(&ours.explanation) == lower(&theirs.explanation) {
                continue;
            }
            differences += 1;
            let case = Case { world: &world, request, ours, theirs: &theirs };
            match EXCEPTIONS.iter().find(|exception| (exception.is)(&case)) {
                Some(exception) => *counts.entry(exception.what).or_default() += 1,
                None => unlisted.push(format!("world {number}: {}", describe(&case))),
            }
        }
    }
    println!("{cases} cases, {differences} differences; ours by result: {results:?}");
    counts.iter().for_each(|(what, count)| println!("{count:6} {what}"));
    assert!(cases >= 20_000);
    assert!(
        unlisted.is_empty(),
        "{} are not listed:\n{}",
        unlisted.len(),
        unlisted[..unlisted.len().min(20)].join("\n")
    );
    let unused: Vec<_> =
        EXCEPTIONS.iter().map(|exception| exception.what).filter(|what| !counts.contains_key(what)).collect();
    assert!(unused.is_empty(), "no case shows: {unused:?}");
}

/// The grammar, by another oracle than a second evaluator: lists of terms.
#[test]
fn broken_and_odd_terms() {
    let read = |term: &str| {
        let line = format!("x. 60 TXT {}\n", write::quote(format!("v=spf1 {term} -all").as_bytes()));
        let zone = master::read(&Source::new("term", line, SourceKind::File), Some(&Name::root()), None);
        zone.records[0].txt().and_then(Spf::read).expect("an SPF record")
    };
    for term in worlds::BROKEN {
        assert!(read(term).invalid().next().is_some(), "{term} is read");
    }
    for term in worlds::ODD {
        assert_eq!(read(term).invalid().next().map(|(_, error)| error), None, "{term} is not read");
    }
}

fn describe(case: &Case<'_>) -> String {
    let Case { world, request, ours, theirs } = case;
    let steps: Vec<String> = ours
        .trace
        .iter()
        .map(|step| {
            format!(
                "  {:depth$}{} {} {:?} -> {:?}",
                "",
                step.domain,
                step.term,
                step.asked,
                step.outcome,
                depth = step.depth * 2
            )
        })
        .collect();
    let domain = ours.trace.first().map(|step| step.domain.as_str().to_owned()).unwrap_or_default();
    let record: Vec<_> = world
        .entries
        .iter()
        .filter(|entry| entry.kind == "TXT" && entry.name == domain)
        .map(|entry| &entry.data)
        .collect();
    format!(
        "{:?} from {} helo {}\n  {record:?}\n  ours {:?} {:?} {:?}\n  theirs {:?} {:?}\n{}",
        request.sender,
        request.ip,
        request.helo,
        ours.result,
        ours.error,
        ours.explanation,
        theirs.result,
        theirs.explanation,
        steps.join("\n")
    )
}

fn json(world: &World, wild: &BTreeSet<String>, ours: &[Evaluation]) -> serde_json::Value {
    let entries = world.entries.iter().map(|entry| serde_json::json!([entry.name, entry.kind, entry.data]));
    let wild = wild.iter().map(|name| serde_json::json!([name, "A", "127.0.0.2"]));
    let cases = world.requests.iter().zip(ours).map(|(request, ours)| {
        serde_json::json!({
            "ip": request.ip, "helo": request.helo, "sender": request.sender, "receiver": request.receiver,
            "result": format!("{:?}", ours.result).to_lowercase(), "error": ours.error.map(|error| format!("{error:?}")),
            "explanation": ours.explanation,
            "trace": ours.trace.iter().map(|step| format!("{} {} {:?}", step.domain, step.term, step.outcome)).collect::<Vec<_>>(),
        })
    });
    serde_json::json!({ "records": entries.chain(wild).collect::<Vec<_>>(), "cases": cases.collect::<Vec<_>>() })
}

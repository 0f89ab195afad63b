//! `check_host()`: may this address send for this domain? (RFC 7208 section 4)
//!
//! Over any [`Dns`], so that a zone file, a snapshot and the network are asked alike. The result carries a trace:
//! every term that was looked at, what it asked, and why it matched or not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::Pin;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::dns::{Answer, Data, Dns, Outcome, Record};
use crate::evaluate::macros::{self, Macros};
use crate::evaluate::spf::{MAX_LOOKUPS, MAX_VOIDS};
use crate::name::{Kind, Name, Question};
pub use crate::records::spf::SpfResult;
use crate::records::spf::{DomainSpec, Prefixes, Qualifier, Spf, Term, TermKind};
use crate::source::Span;

/// RFC 7208 section 4.6.4: "the evaluation of each "MX" record MUST NOT result in querying more than 10 address
/// records", and more than ten MX records are a "permerror".
const MAX_HOSTS: usize = 10;

/// What is to be judged: a connection, and the sender it names.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address of the client.
    pub ip: IpAddr,
    /// The name in its HELO or EHLO.
    pub helo: String,
    /// The address in MAIL FROM; empty for bounces (`<>`).
    pub sender: String,
    /// Who receives, for the macro `r`; `unknown` where it is empty.
    pub receiver: String,
    /// The time, for the macro `t`: seconds since 1970.
    pub now: u64,
}

/// How a request was judged.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The result.
    pub result: SpfResult,
    /// Why it is a "permerror" or "temperror".
    pub error: Option<EvaluationError>,
    /// The explanation that the domain publishes with `exp`, where the result is "fail".
    pub explanation: Option<String>,
    /// Terms that asked DNS.
    pub lookups: usize,
    /// Of these, those that found nothing.
    pub voids: usize,
    /// The term that decided, as written.
    pub matched: Option<String>,
    /// All steps, in order.
    pub trace: Vec<Step>,
}

/// One term that was looked at.
#[derive(Clone, Debug)]
pub struct Step {
    /// How many includes and redirects lead to the record.
    pub depth: usize,
    /// Whose record it is.
    pub domain: Name,
    /// The term as written.
    pub term: String,
    /// Where it is written.
    pub spans: Vec<Span>,
    /// What was asked.
    pub asked: Vec<Question>,
    /// What came of it.
    pub outcome: StepOutcome,
}

/// What came of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It matches: its qualifier is the result.
    Matched,
    /// It does not match: the next one is looked at.
    NotMatched,
    /// The record that it names is looked at now; the outcome stands behind its steps.
    Entered,
    /// It ends the evaluation.
    Failed(EvaluationError),
}

/// Why an evaluation ends without a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvaluationError {
    /// DNS did not answer.
    NoAnswer,
    /// A term is none.
    Syntax,
    /// Several records at one name.
    SeveralRecords,
    /// `include` or `redirect` of a name without a record.
    NoRecord,
    /// More than ten look-ups.
    TooManyLookups,
    /// More than two look-ups that found nothing.
    TooManyVoids,
    /// More than ten mail exchanges.
    TooManyHosts,
}

/// Judges a request: for the domain of its sender, else for the HELO name.
///
/// RFC 7208 section 2.4: "When the reverse-path is null, this document defines the "MAIL FROM" identity to be the
/// mailbox composed of the local-part "postmaster" and the "HELO" identity".
pub async fn check_host<D: Dns>(dns: &D, request: &Request) -> Evaluation {
    let (local, domain) = match request.sender.rsplit_once('@') {
        Some((local, domain)) => (local, domain),
        None if request.sender.is_empty() => ("", request.helo.as_str()),
        None => ("", request.sender.as_str()),
    };
    // RFC 7208 section 4.3: "If the <sender> has no local-part, substitute the string "postmaster" for it."
    let local = if local.is_empty() { "postmaster" } else { local };
    let mut state = State { dns, request, local, sender_domain: domain, lookups: 0, voids: 0, trace: Vec::new() };
    let end = match mail_domain(domain) {
        Some(domain) => state.check(&domain, 0).await,
        None => End::of(SpfResult::None),
    };
    let explanation = match (&end.explain, end.result) {
        (Some((domain, spec)), SpfResult::Fail) => state.explanation(domain, spec).await,
        _ => None,
    };
    let State { lookups, voids, trace, .. } = state;
    Evaluation { result: end.result, error: end.error, explanation, lookups, voids, matched: end.matched, trace }
}

/// RFC 7208 section 4.3: "If the <domain> is malformed (e.g., label longer than 63 characters, zero-length label not at
/// the end, etc.) or is not a multi-label domain name, […] check_host() immediately returns the result "none"."
fn mail_domain(text: &str) -> Option<Name> {
    let literal = text.starts_with('[');
    let name = Name::from_user(text).ok()?;
    (!literal && name.labels().count() > 1).then_some(name)
}

struct State<'a, D> {
    dns: &'a D,
    request: &'a Request,
    local: &'a str,
    sender_domain: &'a str,
    lookups: usize,
    voids: usize,
    trace: Vec<Step>,
}

/// How the evaluation of one record ends.
struct End {
    result: SpfResult,
    error: Option<EvaluationError>,
    matched: Option<String>,
    /// Where an explanation is: the domain whose record names it, and how.
    explain: Option<(Name, String)>,
}

impl End {
    fn of(result: SpfResult) -> End {
        End { result, error: None, matched: None, explain: None }
    }

    fn failed(error: EvaluationError) -> End {
        let result = match error {
            EvaluationError::NoAnswer => SpfResult::TempError,
            _ => SpfResult::PermError,
        };
        End { error: Some(error), ..End::of(result) }
    }
}

/// A match or none, or the error that ends it all.
type Matched = Result<bool, EvaluationError>;

impl<D: Dns> State<'_, D> {
    /// Boxed, because records lead to records.
    fn check<'a>(&'a mut self, domain: &'a Name, depth: usize) -> Pin<Box<dyn Future<Output = End> + Send + 'a>> {
        Box::pin(async move {
            match self.record(domain).await {
                Ok(spf) => self.evaluate(&spf, domain, depth).await,
                Err(end) => end,
            }
        })
    }

    /// RFC 7208 sections 4.4 and 4.5: the record of a domain.
    async fn record(&self, domain: &Name) -> Result<Spf, End> {
        let answer = self.dns.ask(&Question::new(domain, Kind::TXT)).await;
        if answer.failure().is_some() {
            return Err(End::failed(EvaluationError::NoAnswer));
        }
        let mut records = answer.records().iter().filter_map(Record::txt).filter_map(Spf::read);
        match (records.next(), records.next()) {
            (None, _) => Err(End::of(SpfResult::None)),
            (Some(spf), None) => Ok(spf),
            (Some(_), Some(_)) => Err(End::failed(EvaluationError::SeveralRecords)),
        }
    }

    async fn evaluate(&mut self, spf: &Spf, domain: &Name, depth: usize) -> End {
        // RFC 7208 section 4.6: "if there are any syntax errors anywhere in the record, check_host() returns
        // immediately with the result "permerror", without further interpretation or evaluation."
        if let Some((term, _)) = spf.invalid().next() {
            self.note(spf, term, domain, depth, Vec::new(), StepOutcome::Failed(EvaluationError::Syntax));
            return End::failed(EvaluationError::Syntax);
        }
        for (_, term) in spf.effective() {
            if term.asks_dns() {
                self.lookups += 1;
                if self.lookups > MAX_LOOKUPS {
                    let error = EvaluationError::TooManyLookups;
                    self.note(spf, term, domain, depth, Vec::new(), StepOutcome::Failed(error));
                    return End::failed(error);
                }
            }
            if let Some(end) = self.term(spf, term, domain, depth).await {
                return end;
            }
        }
        // RFC 7208 section 4.7: "If none of the mechanisms match and there is no "redirect" modifier, then the
        // check_host() returns a result of "neutral"".
        End::of(SpfResult::Neutral)
    }

    /// Looks at one term; gives the end if it decides.
    async fn term(&mut self, spf: &Spf, term: &Term, domain: &Name, depth: usize) -> Option<End> {
        let mut asked = Vec::new();
        let matched = match &term.kind {
            TermKind::Redirect(target) => return Some(self.redirect(spf, term, target, domain, depth).await),
            TermKind::Include(target) => return self.include(spf, term, target, domain, depth).await,
            TermKind::All => Ok(true),
            TermKind::Ip4(address, length) => Ok(in_ip4(self.ip(), *address, *length)),
            TermKind::Ip6(address, length) => Ok(in_ip6(self.ip(), *address, *length)),
            TermKind::A(target, prefixes) => self.a(spf, target.as_ref(), *prefixes, domain, &mut asked).await,
            TermKind::Mx(target, prefixes) => self.mx(spf, target.as_ref(), *prefixes, domain, &mut asked).await,
            TermKind::Ptr(target) => self.ptr(spf, target.as_ref(), domain, &mut asked).await,
            TermKind::Exists(target) => self.exists(spf, target, domain, &mut asked).await,
            TermKind::Exp(_) | TermKind::UnknownModifier | TermKind::Invalid(_) => Ok(false),
        };
        let outcome = match matched {
            Ok(true) => StepOutcome::Matched,
            Ok(false) => StepOutcome::NotMatched,
            Err(error) => StepOutcome::Failed(error),
        };
        self.note(spf, term, domain, depth, asked, outcome);
        match matched {
            Ok(true) => Some(decided(spf, term, domain)),
            Ok(false) => None,
            Err(error) => Some(End::failed(error)),
        }
    }

    /// RFC 7208 section 5.2.
    async fn include(
        &mut self,
        spf: &Spf,
        term: &Term,
        target: &DomainSpec,
        domain: &Name,
        depth: usize,
    ) -> Option<End> {
        let end = self.enter(spf, term, target, domain, depth).await;
        match end.result {
            SpfResult::Pass => Some(decided(spf, term, domain)),
            SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral => None,
            SpfResult::None => Some(End::failed(EvaluationError::NoRecord)),
            SpfResult::TempError | SpfResult::PermError => Some(End { matched: None, explain: None, ..end }),
        }
    }

    /// RFC 7208 section 6.1: "if no SPF record is found, or if the <target-name> is malformed, the result is a
    /// "permerror" rather than "none"."
    async fn redirect(&mut self, spf: &Spf, term: &Term, target: &DomainSpec, domain: &Name, depth: usize) -> End {
        let end = self.enter(spf, term, target, domain, depth).await;
        if end.result == SpfResult::None { End::failed(EvaluationError::NoRecord) } else { end }
    }

    async fn enter(&mut self, spf: &Spf, term: &Term, target: &DomainSpec, domain: &Name, depth: usize) -> End {
        let name = self.name(spf, target, domain).await;
        let asked = name.iter().map(|name| Question::new(name, Kind::TXT)).collect();
        self.note(spf, term, domain, depth, asked, StepOutcome::Entered);
        match name {
            Some(name) => self.check(&name, depth + 1).await,
            None => End::of(SpfResult::None),
        }
    }

    /// RFC 7208 section 5.3.
    async fn a(
        &mut self,
        spf: &Spf,
        target: Option<&DomainSpec>,
        prefixes: Prefixes,
        domain: &Name,
        asked: &mut Vec<Question>,
    ) -> Matched {
        let Some(name) = self.target(spf, target, domain).await else { return Ok(false) };
        let answer = self.ask(&name, self.address_kind(), asked).await?;
        self.count_void(&answer)?;
        Ok(self.is_among(&answer, prefixes))
    }

    /// RFC 7208 section 5.4.
    async fn mx(
        &mut self,
        spf: &Spf,
        target: Option<&DomainSpec>,
        prefixes: Prefixes,
        domain: &Name,
        asked: &mut Vec<Question>,
    ) -> Matched {
        let Some(name) = self.target(spf, target, domain).await else { return Ok(false) };
        let answer = self.ask(&name, Kind::MX, asked).await?;
        self.count_void(&answer)?;
        if answer.records().len() > MAX_HOSTS {
            return Err(EvaluationError::TooManyHosts);
        }
        for host in answer.records().iter().filter_map(Record::target).filter(|host| !host.is_root()) {
            let addresses = self.ask(host, self.address_kind(), asked).await?;
            if self.is_among(&addresses, prefixes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// RFC 7208 section 5.5.
    async fn ptr(
        &mut self,
        spf: &Spf,
        target: Option<&DomainSpec>,
        domain: &Name,
        asked: &mut Vec<Question>,
    ) -> Matched {
        let Some(name) = self.target(spf, target, domain).await else { return Ok(false) };
        let Some(reverse) = reverse_name(self.ip()) else { return Ok(false) };
        let answer = self.dns.ask(&Question::new(&reverse, Kind::PTR)).await;
        asked.push(Question::new(&reverse, Kind::PTR));
        self.count_void(&answer)?;
        let validated = self.validated_names(&answer, asked).await;
        Ok(validated.iter().any(|validated| validated.is_within(&name)))
    }

    /// RFC 7208 section 5.7: "a DNS A RR lookup is performed" for IPv6 clients, too.
    async fn exists(&mut self, spf: &Spf, target: &DomainSpec, domain: &Name, asked: &mut Vec<Question>) -> Matched {
        let Some(name) = self.name(spf, target, domain).await else { return Ok(false) };
        let answer = self.ask(&name, Kind::A, asked).await?;
        self.count_void(&answer)?;
        Ok(!answer.records().is_empty())
    }

    /// Names of the address that lead back to it: RFC 7208 section 5.5. "If a DNS error occurs while doing an A RR
    /// lookup, then that domain name is skipped and the search continues."
    async fn validated_names(&self, answer: &Answer, asked: &mut Vec<Question>) -> Vec<Name> {
        let exact = Prefixes { ip4: 32, ip6: 128 };
        let mut validated = Vec::new();
        for name in answer.records().iter().filter_map(Record::target).take(MAX_HOSTS) {
            let question = Question::new(name, self.address_kind());
            let addresses = self.dns.ask(&question).await;
            asked.push(question);
            if self.is_among(&addresses, exact) {
                validated.push(name.clone());
            }
        }
        validated
    }

    /// The name of the macro `p` (RFC 7208 section 7.3): one that equals the domain, else one below it, else any.
    async fn client_name(&self, domain: &Name) -> Option<Name> {
        let reverse = reverse_name(self.ip())?;
        let answer = self.dns.ask(&Question::new(&reverse, Kind::PTR)).await;
        let names = self.validated_names(&answer, &mut Vec::new()).await;
        let best =
            names.iter().find(|name| *name == domain).or_else(|| names.iter().find(|name| name.is_below(domain)));
        best.or(names.first()).cloned()
    }

    /// The explanation of a "fail" (RFC 7208 section 6.2): any trouble with it, and there is none.
    async fn explanation(&self, domain: &Name, spec: &str) -> Option<String> {
        let name = self.expand(spec, domain, false).await.and_then(|text| host_name(&text))?;
        let answer = self.dns.ask(&Question::new(&name, Kind::TXT)).await;
        let [record] = answer.records() else { return None };
        let text = &record.txt()?.value;
        if text.is_ascii() { self.expand(text, domain, true).await } else { None }
    }

    /// The domain that a term names, else the one whose record it is.
    async fn target(&self, spf: &Spf, spec: Option<&DomainSpec>, domain: &Name) -> Option<Name> {
        match spec {
            None => Some(domain.clone()),
            Some(spec) => self.name(spf, spec, domain).await,
        }
    }

    /// The name of a domain-spec; nothing where its macros make none.
    async fn name(&self, spf: &Spf, spec: &DomainSpec, domain: &Name) -> Option<Name> {
        match &spec.name {
            Some(name) => Some(name.clone()),
            None => self.expand(spf.part(&spec.range), domain, false).await.and_then(|text| host_name(&text)),
        }
    }

    async fn expand(&self, text: &str, domain: &Name, explanation: bool) -> Option<String> {
        let name = if macros::needs_name(text) { self.client_name(domain).await } else { None };
        let macros = Macros {
            local: self.local,
            sender_domain: self.sender_domain,
            domain: domain.as_str(),
            ip: self.ip(),
            name: name.as_ref().map(Name::as_str),
            helo: &self.request.helo,
            receiver: if self.request.receiver.is_empty() { "unknown" } else { &self.request.receiver },
            now: self.request.now,
        };
        macros::expand(text, &macros, explanation)
    }

    async fn ask(&self, name: &Name, kind: Kind, asked: &mut Vec<Question>) -> Result<Answer, EvaluationError> {
        let question = Question::new(name, kind);
        let answer = self.dns.ask(&question).await;
        asked.push(question);
        // RFC 7208 section 5: "If any DNS lookup returns a server failure or some other error or times out, the
        // mechanism's processing is stopped and the topmost check_host() returns "temperror"".
        if answer.failure().is_some() { Err(EvaluationError::NoAnswer) } else { Ok(answer) }
    }

    fn count_void(&mut self, answer: &Answer) -> Result<(), EvaluationError> {
        if matches!(answer.outcome, Outcome::NoData | Outcome::NxDomain) {
            self.voids += 1;
        }
        if self.voids > MAX_VOIDS { Err(EvaluationError::TooManyVoids) } else { Ok(()) }
    }

    /// RFC 7208 section 5: "a mechanism that matches IPv4 addresses" sees an IPv4-mapped IPv6 address as IPv4.
    fn ip(&self) -> IpAddr {
        self.request.ip.to_canonical()
    }

    fn address_kind(&self) -> Kind {
        if self.ip().is_ipv4() { Kind::A } else { Kind::AAAA }
    }

    fn is_among(&self, answer: &Answer, prefixes: Prefixes) -> bool {
        answer.records().iter().any(|record| match record.data {
            Data::A(address) => in_ip4(self.ip(), address, prefixes.ip4),
            Data::Aaaa(address) => in_ip6(self.ip(), address, prefixes.ip6),
            _ => false,
        })
    }

    fn note(
        &mut self,
        spf: &Spf,
        term: &Term,
        domain: &Name,
        depth: usize,
        asked: Vec<Question>,
        outcome: StepOutcome,
    ) {
        let spans = spf.txt.spans(term.range.clone());
        let (domain, term) = (domain.clone(), spf.text(term).to_owned());
        self.trace.push(Step { depth, domain, term, spans, asked, outcome });
    }
}

fn decided(spf: &Spf, term: &Term, domain: &Name) -> End {
    let result = match term.result() {
        Qualifier::Pass => SpfResult::Pass,
        Qualifier::Fail => SpfResult::Fail,
        Qualifier::SoftFail => SpfResult::SoftFail,
        Qualifier::Neutral => SpfResult::Neutral,
    };
    let exp = spf.terms.iter().find_map(|term| match &term.kind {
        TermKind::Exp(spec) => Some((domain.clone(), spf.part(&spec.range).to_owned())),
        _ => None,
    });
    End { result, error: None, matched: Some(spf.text(term).to_owned()), explain: exp }
}

/// RFC 7208 section 7.3: "if the expanded domain name exceeds 253 characters (the maximum length of a domain name in
/// this format), the left side is truncated to fit, by removing successive domain labels (and their following dots)".
fn host_name(text: &str) -> Option<Name> {
    let mut text = text;
    while text.strip_suffix('.').unwrap_or(text).len() > 253 {
        text = text.split_once('.')?.1;
    }
    Name::parse(&text.replace('\\', "\\\\")).ok()
}

fn reverse_name(ip: IpAddr) -> Option<Name> {
    let text = match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(ip) => {
            let digits = ip.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
            digits.map(|digit| format!("{digit:x}.")).collect::<String>() + "ip6.arpa"
        }
    };
    Name::parse(&text).ok()
}

fn in_ip4(ip: IpAddr, address: Ipv4Addr, length: u8) -> bool {
    matches!(ip, IpAddr::V4(ip) if Ipv4Net::new(address, length).is_ok_and(|net| net.contains(&ip)))
}

fn in_ip6(ip: IpAddr, address: Ipv6Addr, length: u8) -> bool {
    matches!(ip, IpAddr::V6(ip) if Ipv6Net::new(address, length).is_ok_and(|net| net.contains(&ip)))
}

//! `check_host()`: may this address send for this domain? (RFC 7208 section 4)
//!
//! Over any [`Dns`], so that a zone file, a snapshot and the network are asked alike. The result carries a trace:
//! every term that was looked at, what it asked, and why it matched or not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::Pin;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::dns::{Answer, Data, Dns, Record};
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
    /// Terms that asked DNS, and the macro `p`, as far as they count against the limit of ten.
    pub lookups: usize,
    /// Terms whose look-up found nothing.
    pub voids: usize,
    /// The term that decided, as written.
    pub matched: Option<String>,
    /// All steps, in order; none where they were not wanted.
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
    /// What was asked for it; names of the client are asked for once, by the first term that needs them.
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
    judge(dns, request, Some(Vec::new())).await
}

/// As [`check_host`], but without a trace: for many requests.
pub async fn check_host_untraced<D: Dns>(dns: &D, request: &Request) -> Evaluation {
    judge(dns, request, None).await
}

async fn judge<D: Dns>(dns: &D, request: &Request, trace: Option<Vec<Step>>) -> Evaluation {
    let (local, domain) = match request.sender.rsplit_once('@') {
        Some((local, domain)) => (local, domain),
        None if request.sender.is_empty() => ("", request.helo.as_str()),
        None => ("", request.sender.as_str()),
    };
    // RFC 7208 section 4.3: "If the <sender> has no local-part, substitute the string "postmaster" for it."
    let local = if local.is_empty() { "postmaster" } else { local };
    // RFC 7208 section 5: "SPF implementations on IPv6 servers need to handle both "AAAA" and "A" records, for clients on
    // IPv4-mapped IPv6 addresses".
    let (ip, asked) = (request.ip.to_canonical(), Vec::new());
    let sender_domain = domain;
    let mut state = State { dns, request, ip, local, sender_domain, lookups: 0, voids: 0, client: None, trace, asked };
    let end = match mail_domain(domain) {
        Some(domain) => state.check(domain, 0).await,
        None => End::of(SpfResult::None),
    };
    let explanation = match &end.decision {
        Some(decision) if end.result == SpfResult::Fail => state.explanation(decision).await,
        _ => None,
    };
    let matched = end.decision.as_ref().and_then(Decision::text);
    let State { lookups, voids, trace, .. } = state;
    let trace = trace.unwrap_or_default();
    Evaluation { result: end.result, error: end.error, explanation, lookups, voids, matched, trace }
}

/// RFC 7208 section 4.3: "If the <domain> is malformed (e.g., label longer than 63 characters, zero-length label not at
/// the end, etc.) or is not a multi-label domain name, […] check_host() immediately returns the result "none"."
fn mail_domain(text: &str) -> Option<Name> {
    let literal = text.starts_with('[');
    let name = Name::from_user(text).ok()?;
    (!literal && name.labels().nth(1).is_some()).then_some(name)
}

struct State<'a, D> {
    dns: &'a D,
    request: &'a Request,
    /// The address of the client; an IPv4-mapped one is an IPv4 address.
    ip: IpAddr,
    local: &'a str,
    sender_domain: &'a str,
    lookups: usize,
    voids: usize,
    /// What reverse DNS says of the client, once somebody wants to know.
    client: Option<Client>,
    /// The steps, if they are wanted.
    trace: Option<Vec<Step>>,
    /// What was asked since the last step, if steps are wanted.
    asked: Vec<Question>,
}

/// What reverse DNS says of the client.
struct Client {
    /// Names that lead back to its address.
    names: Vec<Name>,
    /// Is it certain that it has no name at all?
    void: bool,
}

/// A record, and how it was reached.
struct Here<'a> {
    spf: &'a Spf,
    domain: &'a Name,
    depth: usize,
}

/// How the evaluation of one record ends.
struct End {
    result: SpfResult,
    error: Option<EvaluationError>,
    decision: Option<Decision>,
}

/// The term that decided.
struct Decision {
    spf: Spf,
    domain: Name,
    term: usize,
}

/// What follows from one term.
enum Next {
    /// It does not match.
    GoOn,
    /// It matches.
    Decided,
    /// The evaluation ends otherwise.
    Ends(End),
}

impl End {
    fn of(result: SpfResult) -> End {
        End { result, error: None, decision: None }
    }

    fn failed(error: EvaluationError) -> End {
        let result = match error {
            EvaluationError::NoAnswer => SpfResult::TempError,
            _ => SpfResult::PermError,
        };
        End { error: Some(error), ..End::of(result) }
    }

    fn decided(decision: Decision) -> End {
        let result = match decision.spf.terms.get(decision.term).map(Term::result) {
            Some(Qualifier::Pass) => SpfResult::Pass,
            Some(Qualifier::Fail) => SpfResult::Fail,
            Some(Qualifier::SoftFail) => SpfResult::SoftFail,
            Some(Qualifier::Neutral) | None => SpfResult::Neutral,
        };
        End { decision: Some(decision), ..End::of(result) }
    }
}

impl Decision {
    fn text(&self) -> Option<String> {
        self.spf.terms.get(self.term).map(|term| self.spf.text(term).to_owned())
    }

    /// RFC 7208 section 6.2: "During recursion into an "include" mechanism, an "exp" modifier from the <target-name> MUST
    /// NOT be used. In contrast, when executing a "redirect" modifier, an "exp" modifier from the original domain MUST NOT
    /// be used." So it is the one of the record that decided.
    fn explained_by(&self) -> Option<&str> {
        self.spf.terms.iter().find_map(|term| match &term.kind {
            TermKind::Exp(spec) => Some(self.spf.part(&spec.range)),
            _ => None,
        })
    }
}

/// A value, or the error that ends it all.
type Checked<T> = Result<T, EvaluationError>;

impl EvaluationError {
    /// A word for programs.
    pub fn code(self) -> &'static str {
        match self {
            EvaluationError::NoAnswer => "no-answer",
            EvaluationError::Syntax => "syntax",
            EvaluationError::SeveralRecords => "several-records",
            EvaluationError::NoRecord => "no-record",
            EvaluationError::TooManyLookups => "too-many-lookups",
            EvaluationError::TooManyVoids => "too-many-voids",
            EvaluationError::TooManyHosts => "too-many-hosts",
        }
    }
}

impl<D: Dns> State<'_, D> {
    /// Boxed, because records lead to records.
    fn check(&mut self, domain: Name, depth: usize) -> Pin<Box<dyn Future<Output = End> + Send + '_>> {
        Box::pin(async move {
            let question = Question { name: domain, kind: Kind::TXT };
            match record(&self.dns.ask(&question).await) {
                Ok(spf) => self.evaluate(spf, question.name, depth).await,
                Err(end) => end,
            }
        })
    }

    async fn evaluate(&mut self, spf: Spf, domain: Name, depth: usize) -> End {
        let here = &Here { spf: &spf, domain: &domain, depth };
        // RFC 7208 section 4.6: "if there are any syntax errors anywhere in the record, check_host() returns
        // immediately with the result "permerror", without further interpretation or evaluation."
        if let Some((term, _)) = spf.invalid().next() {
            self.note(here, term, StepOutcome::Failed(EvaluationError::Syntax));
            return End::failed(EvaluationError::Syntax);
        }
        match self.terms(here).await {
            Ok(term) => End::decided(Decision { spf, domain, term }),
            Err(end) => end,
        }
    }

    /// Looks at all terms in turn; gives the number of the one that matches, or how it ends otherwise.
    async fn terms(&mut self, here: &Here<'_>) -> Result<usize, End> {
        for (number, term) in here.spf.effective() {
            if term.asks_dns()
                && let Err(error) = self.count_lookup()
            {
                self.note(here, term, StepOutcome::Failed(error));
                return Err(End::failed(error));
            }
            match self.term(here, term).await {
                Next::GoOn => {}
                Next::Decided => return Ok(number),
                Next::Ends(end) => return Err(end),
            }
        }
        // RFC 7208 section 4.7: "If none of the mechanisms match and there is no "redirect" modifier, then the
        // check_host() returns a result of "neutral"".
        Err(End::of(SpfResult::Neutral))
    }

    async fn term(&mut self, here: &Here<'_>, term: &Term) -> Next {
        let matches = match &term.kind {
            TermKind::Redirect(target) => return Next::Ends(self.redirect(here, term, target).await),
            TermKind::Include(target) => return self.include(here, term, target).await,
            TermKind::All => Ok(true),
            TermKind::Ip4(address, length) => Ok(in_ip4(self.ip, *address, *length)),
            TermKind::Ip6(address, length) => Ok(in_ip6(self.ip, *address, *length)),
            // Boxed, for most terms ask nothing, and need no room for what would be waited for.
            _ => Box::pin(self.asking(here, term)).await,
        };
        let (outcome, next) = match matches {
            Ok(true) => (StepOutcome::Matched, Next::Decided),
            Ok(false) => (StepOutcome::NotMatched, Next::GoOn),
            Err(error) => (StepOutcome::Failed(error), Next::Ends(End::failed(error))),
        };
        self.note(here, term, outcome);
        next
    }

    /// Does a mechanism match that asks for addresses or names?
    async fn asking(&mut self, here: &Here<'_>, term: &Term) -> Checked<bool> {
        match &term.kind {
            TermKind::A(target, prefixes) => self.a(here, target.as_ref(), *prefixes).await,
            TermKind::Mx(target, prefixes) => self.mx(here, target.as_ref(), *prefixes).await,
            TermKind::Ptr(target) => self.ptr(here, target.as_ref()).await,
            TermKind::Exists(target) => self.exists(here, target).await,
            _ => Ok(false),
        }
    }

    /// RFC 7208 section 5.2.
    async fn include(&mut self, here: &Here<'_>, term: &Term, target: &DomainSpec) -> Next {
        let end = self.enter(here, term, target).await;
        match end.result {
            SpfResult::Pass => Next::Decided,
            SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral => Next::GoOn,
            SpfResult::None => Next::Ends(End::failed(EvaluationError::NoRecord)),
            SpfResult::TempError | SpfResult::PermError => Next::Ends(end),
        }
    }

    /// RFC 7208 section 6.1: "if no SPF record is found, or if the <target-name> is malformed, the result is a
    /// "permerror" rather than "none"."
    async fn redirect(&mut self, here: &Here<'_>, term: &Term, target: &DomainSpec) -> End {
        let end = self.enter(here, term, target).await;
        if end.result == SpfResult::None { End::failed(EvaluationError::NoRecord) } else { end }
    }

    async fn enter(&mut self, here: &Here<'_>, term: &Term, target: &DomainSpec) -> End {
        let name = self.name(here, target).await;
        if let (Ok(Some(name)), true) = (&name, self.trace.is_some()) {
            self.asked.push(Question::new(name, Kind::TXT));
        }
        self.note(here, term, name.as_ref().map_or_else(|error| StepOutcome::Failed(*error), |_| StepOutcome::Entered));
        match name {
            Ok(Some(name)) => self.check(name, here.depth + 1).await,
            Ok(None) => End::of(SpfResult::None),
            Err(error) => End::failed(error),
        }
    }

    /// RFC 7208 section 5.3.
    async fn a(&mut self, here: &Here<'_>, target: Option<&DomainSpec>, prefixes: Prefixes) -> Checked<bool> {
        let Some(name) = self.target(here, target).await? else { return Ok(false) };
        let answer = self.answer(&name, self.address_kind()).await?;
        self.count_void(answer.is_absent())?;
        Ok(self.is_among(&answer, prefixes))
    }

    /// RFC 7208 section 5.4.
    async fn mx(&mut self, here: &Here<'_>, target: Option<&DomainSpec>, prefixes: Prefixes) -> Checked<bool> {
        let Some(name) = self.target(here, target).await? else { return Ok(false) };
        let answer = self.answer(&name, Kind::MX).await?;
        self.count_void(answer.is_absent())?;
        if answer.records().len() > MAX_HOSTS {
            return Err(EvaluationError::TooManyHosts);
        }
        for host in answer.records().iter().filter_map(Record::target).filter(|host| !host.is_root()) {
            let addresses = self.answer(host, self.address_kind()).await?;
            if self.is_among(&addresses, prefixes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// RFC 7208 section 5.5.
    async fn ptr(&mut self, here: &Here<'_>, target: Option<&DomainSpec>) -> Checked<bool> {
        let Some(name) = self.target(here, target).await? else { return Ok(false) };
        let client = self.client().await;
        let (matches, void) = (client.names.iter().any(|client| client.is_within(&name)), client.void);
        self.count_void(void)?;
        Ok(matches)
    }

    /// RFC 7208 section 5.7: "The resulting domain name is used for a DNS A RR lookup (even when the connection type is
    /// IPv6). If any A record is returned, this mechanism matches."
    async fn exists(&mut self, here: &Here<'_>, target: &DomainSpec) -> Checked<bool> {
        let Some(name) = self.name(here, target).await? else { return Ok(false) };
        let answer = self.answer(&name, Kind::A).await?;
        self.count_void(answer.is_absent())?;
        Ok(!answer.records().is_empty())
    }

    /// What reverse DNS says of the client (RFC 7208 section 5.5). Asked for once.
    async fn client(&mut self) -> &Client {
        let client = match self.client.take() {
            Some(client) => client,
            None => self.ask_for_client().await,
        };
        self.client.insert(client)
    }

    async fn ask_for_client(&mut self) -> Client {
        let Some(reverse) = Name::reverse(self.ip) else { return Client { names: Vec::new(), void: false } };
        let answer = self.ask(&reverse, Kind::PTR).await;
        let exact = Prefixes { ip4: 32, ip6: 128 };
        let mut names = Vec::new();
        // RFC 7208 section 4.6.4: "the evaluation of each "PTR" record MUST NOT result in querying more than 10 address
        // records […]. If this limit is exceeded, all records other than the first 10 MUST be ignored."
        for name in answer.records().iter().filter_map(Record::target).take(MAX_HOSTS) {
            // RFC 7208 section 5.5: "If a DNS error occurs while doing an A RR lookup, then that domain name is skipped
            // and the search continues."
            let addresses = self.ask(name, self.address_kind()).await;
            if self.is_among(&addresses, exact) {
                names.push(name.clone());
            }
        }
        Client { names, void: answer.is_absent() }
    }

    /// The name of the macro `p` (RFC 7208 section 7.3): one that equals the domain, else one below it, else any.
    async fn client_name(&mut self, domain: &Name) -> Option<Name> {
        let names = &self.client().await.names;
        let best =
            names.iter().find(|name| *name == domain).or_else(|| names.iter().find(|name| name.is_below(domain)));
        best.or(names.first()).cloned()
    }

    /// The explanation of a "fail" (RFC 7208 section 6.2): any trouble with it, and there is none.
    async fn explanation(&mut self, decision: &Decision) -> Option<String> {
        let name = self.expand(decision.explained_by()?, &decision.domain, false).await;
        let answer = self.dns.ask(&Question::new(&host_name(&name?)?, Kind::TXT)).await;
        let [record] = answer.records() else { return None };
        let text = &record.txt()?.value;
        // RFC 7208 section 6.2: "the explanation string MUST be limited to US-ASCII."
        if text.is_ascii() { self.expand(text, &decision.domain, true).await } else { None }
    }

    /// The domain that a term names, else the one whose record it is.
    async fn target(&mut self, here: &Here<'_>, spec: Option<&DomainSpec>) -> Checked<Option<Name>> {
        match spec {
            None => Ok(Some(here.domain.clone())),
            Some(spec) => self.name(here, spec).await,
        }
    }

    /// The name of a domain-spec; nothing where its macros make none.
    ///
    /// RFC 7208 section 4.8: "The result of evaluating check_host() with a syntactically invalid domain is undefined.
    /// […] Some implementations choose to treat such errors as not-match and therefore ignore such names": so does this one.
    async fn name(&mut self, here: &Here<'_>, spec: &DomainSpec) -> Checked<Option<Name>> {
        match &spec.name {
            Some(name) => Ok(Some(name.clone())),
            None => Box::pin(self.expanded(here, spec)).await,
        }
    }

    async fn expanded(&mut self, here: &Here<'_>, spec: &DomainSpec) -> Checked<Option<Name>> {
        let text = here.spf.part(&spec.range);
        // RFC 7208 section 4.6.4: "When evaluating the "ptr" mechanism or the %{p} macro, the number of "PTR" resource
        // records queried is included in the overall limit of 10 mechanisms/modifiers that cause DNS lookups".
        if macros::needs_name(text) && self.client.is_none() {
            self.count_lookup()?;
        }
        Ok(self.expand(text, here.domain, false).await.and_then(|text| host_name(&text)))
    }

    async fn expand(&mut self, text: &str, domain: &Name, explanation: bool) -> Option<String> {
        let name = if macros::needs_name(text) { self.client_name(domain).await } else { None };
        let macros = Macros {
            local: self.local,
            sender_domain: self.sender_domain,
            domain: domain.as_str(),
            ip: self.ip,
            name: name.as_ref().map(Name::as_str),
            helo: &self.request.helo,
            receiver: if self.request.receiver.is_empty() { "unknown" } else { &self.request.receiver },
            now: self.request.now,
        };
        macros::expand(text, &macros, explanation)
    }

    /// RFC 7208 section 5: "If any DNS lookup returns a server failure or some other error or times out, the mechanism's
    /// processing is stopped and the topmost check_host() returns "temperror"".
    async fn answer(&mut self, name: &Name, kind: Kind) -> Checked<Answer> {
        let answer = self.ask(name, kind).await;
        if answer.failure().is_some() { Err(EvaluationError::NoAnswer) } else { Ok(answer) }
    }

    async fn ask(&mut self, name: &Name, kind: Kind) -> Answer {
        let question = Question::new(name, kind);
        let answer = self.dns.ask(&question).await;
        if self.trace.is_some() {
            self.asked.push(question);
        }
        answer
    }

    /// RFC 7208 section 4.6.4: "SPF implementations MUST limit the total number of those terms to 10 during SPF evaluation,
    /// to avoid unreasonable load on the DNS. If this limit is exceeded, the implementation MUST return "permerror"."
    fn count_lookup(&mut self) -> Checked<()> {
        self.lookups += 1;
        if self.lookups > MAX_LOOKUPS { Err(EvaluationError::TooManyLookups) } else { Ok(()) }
    }

    /// RFC 7208 section 4.6.4: "it is useful to limit the number of "terms" for which DNS queries return either a positive
    /// answer (RCODE 0) with an answer count of 0, or a "Name Error" (RCODE 3) answer." So a term counts once, whatever
    /// becomes of the hosts that it leads to, and the macro `p` and `exp`, which are no terms that ask, do not count.
    fn count_void(&mut self, void: bool) -> Checked<()> {
        self.voids += usize::from(void);
        if self.voids > MAX_VOIDS { Err(EvaluationError::TooManyVoids) } else { Ok(()) }
    }

    fn address_kind(&self) -> Kind {
        if self.ip.is_ipv4() { Kind::A } else { Kind::AAAA }
    }

    fn is_among(&self, answer: &Answer, prefixes: Prefixes) -> bool {
        answer.records().iter().any(|record| match record.data {
            Data::A(address) => in_ip4(self.ip, address, prefixes.ip4),
            Data::Aaaa(address) => in_ip6(self.ip, address, prefixes.ip6),
            _ => false,
        })
    }

    fn note(&mut self, here: &Here<'_>, term: &Term, outcome: StepOutcome) {
        let Some(trace) = &mut self.trace else { return };
        let spans = here.spf.txt.spans(term.range.clone());
        let (domain, term) = (here.domain.clone(), here.spf.text(term).to_owned());
        trace.push(Step { depth: here.depth, domain, term, spans, asked: std::mem::take(&mut self.asked), outcome });
    }
}

/// RFC 7208 sections 4.4 and 4.5: the record of a domain.
fn record(answer: &Answer) -> Result<Spf, End> {
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

/// RFC 7208 section 7.3: "if the expanded domain name exceeds 253 characters (the maximum length of a domain name in
/// this format), the left side is truncated to fit, by removing successive domain labels (and their following dots)".
fn host_name(text: &str) -> Option<Name> {
    let mut text = text;
    while text.strip_suffix('.').unwrap_or(text).len() > 253 {
        text = text.split_once('.')?.1;
    }
    Name::unescaped(text).ok()
}

fn in_ip4(ip: IpAddr, address: Ipv4Addr, length: u8) -> bool {
    matches!(ip, IpAddr::V4(ip) if Ipv4Net::new(address, length).is_ok_and(|net| net.contains(&ip)))
}

fn in_ip6(ip: IpAddr, address: Ipv6Addr, length: u8) -> bool {
    matches!(ip, IpAddr::V6(ip) if Ipv6Net::new(address, length).is_ok_and(|net| net.contains(&ip)))
}

#[cfg(test)]
mod tests;

//! What was seen of a domain, not what we think of it.
//!
//! After it is filled nothing touches the world any more: rules, receivers and reports read from here.

mod recipient;
mod spf;

use std::net::IpAddr;
use std::sync::Arc;

use crate::dns::{Answer, Data, Failure, Outcome, Record, Security};
use crate::name::Name;
use crate::policy::Said;
use crate::providers::{self, Provider};
use crate::records::bimi::Bimi;
use crate::records::dkim::DkimKey;
use crate::records::dmarc::Dmarc;
use crate::records::mta_sts::{MtaStsRecord, Policy};
use crate::records::spf::{Spf, SpfResult};
use crate::records::svg::Svg;
use crate::records::tls_rpt::TlsRpt;
use crate::records::unquoted;
use crate::smtp::Probe;
use crate::web::Page;
use crate::zone::{Tlsa, Zone};
pub use recipient::{BehindSeen, RecipientSeen, Route};
pub use spf::{Lookup, SpfNode, SpfTree, Target};

/// All that was seen of one domain.
#[derive(Debug)]
pub struct Evidence {
    /// The domain.
    pub domain: Name,
    /// Somebody named the domain, or it is the apex of a zone and has to do with mail: it is expected to have all its
    /// records.
    /// Other names of a zone are looked at for what they have.
    pub named: bool,
    /// Only the SPF record is in question: it does not matter what else was not answered.
    pub only_spf: bool,
    /// The mail exchanges.
    pub mx: Asked<MailHost>,
    /// The SPF record, and those that it includes. `spf.own().answer` holds all TXT records of the domain.
    pub spf: SpfTree,
    /// Hosts of the domain that its SPF record names as senders, and the SPF records of their own: by these names they
    /// greet, as a rule.
    pub sending_hosts: Vec<Asked<Spf>>,
    /// Addresses of servers of the domain's own from which its mail comes, and what reverse DNS says of them.
    pub sending_addresses: Vec<SendingAddress>,
    /// The same of its own mail exchanges, as far as these are not among them: whether they send nobody knows.
    pub exchange_addresses: Vec<SendingAddress>,
    /// DKIM selectors.
    pub dkim: Dkim,
    /// The DMARC records of the tree walk (RFC 9989 section 4.10), the domain's own first.
    pub dmarc: Vec<Asked<Dmarc>>,
    /// Where DMARC reports go. Nothing depends on it whether these questions are answered.
    pub report_destinations: Vec<ReportDestination>,
    /// MTA-STS.
    pub mta_sts: MtaSts,
    /// TLS reporting.
    pub tls_reports: TlsReports,
    /// BIMI.
    pub indicator: Indicator,
    /// What the first MX hosts say at port 25; empty unless they were asked.
    pub smtp: Vec<Probe>,
    /// The start of authority.
    pub soa: Answer,
    /// IPv4 and IPv6 addresses of the domain itself: where mail goes without an MX record.
    pub addresses: [Answer; 2],
    /// Answers at names where records land by mistake; asked only where the right name has none.
    pub probes: Vec<Answer>,
    /// The zone that the domain is the apex of, where it was read from a file.
    pub zone: Option<Arc<Zone>>,
    /// The name servers of that zone, or of the one that was asked itself.
    pub name_servers: Vec<NameServer>,
    /// What DANE says of the mail exchanges, and whether DNSSEC stands behind it.
    pub dane: Dane,
    /// Who may issue the certificates that the domain's servers need.
    pub caa: Vec<Caa>,
    /// The zone whose name servers were asked themselves; nothing where that was not wanted.
    pub authority: Option<Authority>,
    /// The providers that MX and SPF point to.
    pub providers: Vec<&'static Provider>,
    /// The services that send for the domain.
    pub senders: Vec<SenderSeen>,
    /// What somebody said about findings, in settings and in comments of the zone.
    pub said: Said,
}

/// An answer, and what its records hold of the kind that was looked for. Two found is a finding, too.
#[derive(Clone, Debug)]
pub struct Asked<T> {
    /// The answer.
    pub answer: Answer,
    /// What was looked for.
    pub found: Vec<T>,
    /// Records that were meant as other texts (see [`meant`]), and are left out of the answer.
    pub torn: Vec<Record>,
}

/// A mail exchange.
#[derive(Clone, Debug)]
pub struct MailHost {
    /// Lower is tried first.
    pub preference: u16,
    /// The host; the root in a null MX.
    pub exchange: Name,
    /// The MX record.
    pub record: Record,
    /// Its IPv4 and IPv6 addresses; nothing for a null MX.
    pub addresses: Option<[Answer; 2]>,
}

/// An address from which mail of the domain comes, and what reverse DNS says of it.
#[derive(Clone, Debug)]
pub struct SendingAddress {
    /// The address.
    pub ip: IpAddr,
    /// The term of the domain's own SPF record that names it; nothing where the user did.
    pub term: Option<usize>,
    /// The host that the term names, or one of the MX hosts; nothing where the address itself is named.
    pub host: Option<Name>,
    /// The PTR records.
    pub ptr: Answer,
    /// The addresses of the names in these, of the same family; not of all names, if there are very many.
    pub forward: Vec<Answer>,
}

/// What was seen of DANE for mail (RFC 7672) and of DNSSEC.
#[derive(Clone, Debug, Default)]
pub struct Dane {
    /// The mail exchanges, each once, by preference; none for a null MX.
    pub hosts: Vec<DaneHost>,
    /// The answer to TLSA at `_25._tcp` of the domain itself, if it is not that of a wildcard. Asked only where the
    /// domain is none of its mail exchanges, and none of these has TLSA records.
    pub at_domain: Option<Answer>,
    /// The start of authority of the root, which is signed: a resolver that does not vouch for it vouches for nothing.
    /// Asked only where it matters.
    pub root: Option<Answer>,
}

/// What DANE says of a mail exchange.
#[derive(Clone, Debug)]
pub struct DaneHost {
    /// The MX record.
    pub record: Record,
    /// The host.
    pub host: Name,
    /// The TLSA records of its port 25.
    pub tlsa: Answer,
}

/// Who may issue a certificate for a host (RFC 8659).
#[derive(Clone, Debug)]
pub struct Caa {
    /// The host, which needs a certificate of a public authority.
    pub host: Name,
    /// The CAA records that count for it; nothing where there are none, or nobody knows.
    pub own: Option<Answer>,
    /// Those that count for a wildcard certificate which covers the host.
    pub wildcard: Option<Answer>,
}

/// A name server of a zone.
#[derive(Clone, Debug)]
pub struct NameServer {
    /// The NS record.
    pub record: Record,
    /// The IPv4 and IPv6 addresses of the host.
    pub addresses: [Answer; 2],
    /// What it says itself, at each of its addresses; only where it was to be asked.
    pub replies: Vec<Replies>,
}

/// What a name server says itself.
#[derive(Clone, Debug)]
pub struct Replies {
    /// The address at which it was asked.
    pub ip: IpAddr,
    /// The start of authority of the zone.
    pub soa: Answer,
    /// The answers to the questions of [`Authority::cached`], in their order; none where it does not know the zone.
    pub answers: Vec<Answer>,
}

/// A zone whose name servers were asked themselves.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The zone: the domain, or a name above it.
    pub zone: Name,
    /// The NS records as the resolver gives them; or the answer that failed, so that they are not known.
    pub ns: Answer,
    /// What the resolver answers to the questions that the name servers were asked.
    pub cached: Vec<Answer>,
}

/// What was seen of DKIM.
#[derive(Clone, Debug)]
pub struct Dkim {
    /// The answer at `_domainkey` itself: RFC 8020: if that name does not exist, nothing does below it.
    pub node: Answer,
    /// The answer at the name `*._domainkey`: what each selector answers that has no record of its own (RFC 4592).
    pub wildcard: Answer,
    /// The selectors that were asked; of those that were guessed, the ones that were found.
    pub selectors: Vec<Selector>,
    /// What else was guessed.
    pub guesses: Guesses,
}

/// Selectors that were guessed, and not found.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    /// The names that have no record.
    pub absent: Vec<&'static str>,
    /// How many names got no answer, so that nothing is known of them.
    pub unanswered: usize,
    /// The first answer that failed.
    pub failed: Option<Answer>,
    /// Guessing ended early, because too few names got an answer.
    pub stopped: bool,
    /// More names could be tried.
    pub more: bool,
}

/// What was seen of MTA-STS.
#[derive(Clone, Debug)]
pub struct MtaSts {
    /// The answer at `_mta-sts`, and the records in it.
    pub record: Asked<MtaStsRecord>,
    /// IPv4 and IPv6 addresses of `mta-sts.<domain>`, the host of the policy.
    pub host: [Answer; 2],
    /// Those of `*.<domain>`: what each name answers that has no record of its own. Asked only where there is a host
    /// without a record.
    pub wildcard: Option<[Answer; 2]>,
    /// The policy as it was fetched; only where there is a record, or a text that was meant as one.
    pub page: Option<Page>,
    /// What it says, if it could be had.
    pub policy: Option<Policy>,
}

/// What was seen of TLS reporting.
#[derive(Clone, Debug)]
pub struct TlsReports {
    /// The answer at `_smtp._tls`, and the records in it.
    pub record: Asked<TlsRpt>,
    /// Where the reports go, each domain once; only where there is exactly one record.
    pub domains: Vec<ReportDomain>,
}

/// A domain that reports are sent to.
#[derive(Clone, Debug)]
pub struct ReportDomain {
    /// The domain of a mail address, or the host of a URL.
    pub name: Name,
    /// Its mail exchanges, where the reports come by mail.
    pub mx: Option<Answer>,
    /// Its IPv4 and IPv6 addresses.
    pub addresses: [Answer; 2],
}

/// What was seen of BIMI.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// The answer at `default._bimi`, and the records in it.
    pub record: Asked<Bimi>,
    /// The image as it was fetched; only where exactly one record names one.
    pub image: Option<Page>,
    /// What it holds; nothing where it could not be had, or cannot be read here.
    pub svg: Option<Svg>,
    /// The certificate as it was fetched.
    pub certificate: Option<Page>,
}

/// A selector that was asked.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The selector: what stands before `._domainkey`.
    pub name: String,
    /// Why it was asked.
    pub origin: SelectorOrigin,
    /// The answer and the key records in it.
    pub asked: Asked<DkimKey>,
}

/// Why a selector was asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SelectorOrigin {
    /// The user named it.
    Given,
    /// It stands in the zone file.
    Zone,
    /// A provider signs with it.
    Provider(&'static Provider),
    /// It is a name that many use. It was found: there is a record of its own at it, not one of a wildcard.
    Guessed,
}

/// A domain of the report addresses in a DMARC record.
#[derive(Clone, Debug)]
pub struct ReportDestination {
    /// The domain.
    pub at: ReportDomain,
    /// Its consent to get the reports (RFC 9990 section 4); nothing where it needs none.
    pub authorization: Option<Asked<Dmarc>>,
}

/// A service that sends for the domain.
#[derive(Clone, Debug)]
pub struct SenderSeen {
    /// Who it is.
    pub who: Who,
    /// Nobody named it: MX or SPF point to it.
    pub inferred: bool,
    /// What the domain's SPF record says of it; nothing where its addresses are not known.
    pub spf: Option<SpfResult>,
}

/// A sender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Who {
    /// A provider.
    Provider(&'static Provider),
    /// A server of one's own.
    Address(IpAddr),
}

/// The text that was meant by a TXT record, where a zone file says something else for want of quotation marks.
pub fn meant(record: &Record) -> Option<String> {
    let (strings, comment) = record.unquoted()?;
    unquoted::meant(&record.owner, &strings, comment)
}

impl ReportDestination {
    /// Is it certain that no report arrives there?
    pub fn gets_nothing(&self) -> bool {
        self.at.is_dead() || self.authorization.as_ref().is_some_and(Asked::is_missing)
    }
}

impl Who {
    /// Reads an address, or the id, name or included domain of a provider; nothing for any other text.
    pub fn read(text: &str) -> Option<Who> {
        let address = text.parse().ok().map(Who::Address);
        address.or_else(|| providers::by_name(text).map(Who::Provider))
    }

    /// The provider's id, or the address: [`Who::read`] reads it back.
    pub fn id(&self) -> String {
        match self {
            Who::Provider(provider) => provider.id.clone(),
            Who::Address(ip) => ip.to_string(),
        }
    }
}

impl Evidence {
    /// Records at names near those where mail records belong: the whole zone where it was read from a file, else what
    /// was found at the names of the usual mistakes. Texts that were meant as others (see [`meant`]) are left out.
    pub fn nearby(&self) -> impl Iterator<Item = &Record> {
        let zone = self.zone.iter().flat_map(|zone| &zone.records);
        zone.filter(|record| meant(record).is_none())
            .chain(self.probes.iter().flat_map(|answer| answer.aliases.iter().chain(answer.records())))
    }

    /// All answers that the evidence rests on, without those on reverse DNS (see [`SendingAddress::unanswered`]), and without
    /// those on MTA-STS, which decide nothing about mail that the domain sends.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        let hosts = self.mx.found.iter().filter_map(|host| host.addresses.as_ref()).flatten();
        let dkim = self.dkim.selectors.iter().map(|selector| &selector.asked.answer);
        let dmarc = self.dmarc.iter().map(|asked| &asked.answer);
        std::iter::once(&self.mx.answer)
            .chain(hosts)
            .chain(self.spf.answers())
            .chain([&self.dkim.node, &self.dkim.wildcard])
            .chain(dkim)
            .chain(dmarc)
            .chain([&self.soa])
    }

    /// What is known of DNSSEC for an answer: "not vouched for" counts only from a server that validates.
    pub fn security(&self, answer: &Answer) -> Security {
        match answer.security {
            Security::Insecure if !self.is_validator(answer.server.as_deref()) => Security::Unknown,
            security => security,
        }
    }

    /// Does the server that answered validate DNSSEC? The root is signed, so it vouches for that at least.
    pub fn is_validator(&self, server: Option<&str>) -> bool {
        let vouches = |root: &Answer| root.security == Security::Secure && root.server.as_deref() == server;
        self.dane.root.as_ref().is_some_and(vouches)
    }

    /// The oldest day of the built-in answers that the evidence rests on, if there are any.
    pub fn as_of(&self) -> Option<&'static str> {
        self.answers().filter_map(|answer| answer.as_of).min()
    }

    /// Is it certain that the domain does not exist? Then it is not this or that record that is missing. A name inside
    /// of a zone file is one that its owner is about to create.
    ///
    /// RFC 8020 section 2: where a name is denied, there is nothing below it either. A server that denies a name and
    /// has something below it is not believed.
    pub fn is_nonexistent(&self) -> bool {
        let denied = |answer: &Answer| answer.aliases.is_empty() && matches!(answer.outcome, Outcome::NxDomain);
        let at_name = [&self.soa, &self.mx.answer, &self.spf.own().answer].into_iter().chain(&self.addresses);
        let below = self.dmarc.first().map(|asked| &asked.answer);
        let keys = self.dkim.selectors.iter().map(|selector| &selector.asked.answer);
        self.named && self.zone.is_none() && at_name.chain(below).chain(keys).chain([&self.dkim.node]).all(denied)
    }

    /// Does the domain say by a null MX that it takes no mail (RFC 7505)?
    pub fn has_null_mx(&self) -> bool {
        self.mx.found.iter().any(|host| host.exchange.is_root())
    }

    /// Does the domain send mail, as far as its records tell: an MX other than null, or an SPF record that lets
    /// somebody send?
    pub fn sends(&self) -> bool {
        let receives = self.mx.found.iter().any(|host| !host.exchange.is_root());
        let authorizes = self.spf.own().found.iter().any(|spf| spf.terms.iter().any(|term| !term.is_all()));
        receives || authorizes
    }

    /// The domain's own DMARC record: nothing unless there is exactly one.
    pub fn own_dmarc(&self) -> Option<&Dmarc> {
        self.dmarc.first().and_then(Asked::only)
    }
}

impl SendingAddress {
    /// The names that reverse DNS gives it.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.ptr.records().iter().filter_map(Record::target)
    }

    /// Does one of its names lead back to it? Nothing where it has none, or nobody knows.
    pub fn is_confirmed(&self) -> Option<bool> {
        let leads_back = |record: &Record| record.address() == Some(self.ip);
        let all_known = self.forward.iter().all(|answer| answer.failure().is_none());
        match self.forward.iter().flat_map(Answer::records).any(leads_back) {
            true => Some(true),
            false => {
                (all_known && !self.forward.is_empty() && self.forward.len() == self.names().count()).then_some(false)
            }
        }
    }

    /// Answers that are missing. Without a network nobody is asked for reverse DNS, as a rule: that is not one.
    pub fn unanswered(&self) -> impl Iterator<Item = &Answer> {
        let forward = self.forward.iter().filter(|_| self.is_confirmed().is_none());
        let is_missing = |answer: &&Answer| answer.failure().is_some_and(|failure| failure != Failure::NotAsked);
        std::iter::once(&self.ptr).chain(forward).filter(is_missing)
    }
}

impl ReportDomain {
    /// Does it say by a null MX that it takes no mail (RFC 7505)?
    pub fn has_null_mx(&self) -> bool {
        let records = self.mx.iter().flat_map(|mx| mx.records());
        let mut exchanges = records.filter_map(|record| match &record.data {
            Data::Mx { exchange, .. } => Some(exchange),
            _ => None,
        });
        exchanges.next().is_some_and(Name::is_root) && exchanges.next().is_none()
    }

    /// Is it certain that no report can be sent there?
    ///
    /// RFC 5321 section 5.1: without an MX record mail goes to the addresses of the domain itself.
    pub fn is_dead(&self) -> bool {
        let no_exchange = self.mx.as_ref().is_none_or(Answer::is_absent);
        self.has_null_mx() || (no_exchange && self.addresses.iter().all(Answer::is_absent))
    }
}

impl DaneHost {
    /// The TLSA records.
    pub fn records(&self) -> impl Iterator<Item = (&Record, &Tlsa)> {
        self.tlsa.records().iter().filter_map(|record| Some((record, record.tlsa()?)))
    }
}

impl Replies {
    /// The serial number of the zone, if the server is an authority for it.
    pub fn serial(&self) -> Option<u32> {
        self.soa.records().iter().find_map(|record| match &record.data {
            Data::Soa(soa) => Some(soa.serial),
            _ => None,
        })
    }
}

impl<T> Asked<T> {
    /// What was looked for, where there is exactly one.
    pub fn only(&self) -> Option<&T> {
        match self.found.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Is it certain that nothing of the kind is there? Records of other kinds may be.
    pub fn is_missing(&self) -> bool {
        self.found.is_empty() && self.answer.failure().is_none()
    }

    /// Why nobody knows, if nobody does.
    pub fn failure(&self) -> Option<Failure> {
        self.answer.failure()
    }
}

impl PartialEq for Provider {
    fn eq(&self, other: &Provider) -> bool {
        self.id == other.id
    }
}

//! TLSA records for the mail exchanges (DANE for SMTP, RFC 7672).
//!
//! Whether they fit the certificate that a server shows is known only where the server was asked.

mod answer_insecure;
mod certificate_mismatch;
mod data_length;
mod data_not_a_certificate;
mod dnssec_unseen;
mod lookup_failed;
mod misplaced;
mod mx_insecure;
mod no_starttls;
mod other_port;
mod parameter_unknown;
mod partial;
mod security_unknown;
#[cfg(test)]
mod tests;
mod usage_unusable;

use crate::dns::Security;
use crate::evaluate::dane::{self, Match};
use crate::evidence::{DaneHost, Evidence};
use crate::name::Name;
use crate::rules::Rule;
use crate::smtp::Probe;
use crate::source::Span;
use crate::tls::CertificateFault;
use crate::zone::{Record, Tlsa};

pub(super) static RULES: &[&Rule] = &[
    &no_starttls::RULE,
    &certificate_mismatch::RULE,
    &lookup_failed::RULE,
    &usage_unusable::RULE,
    &parameter_unknown::RULE,
    &data_length::RULE,
    &data_not_a_certificate::RULE,
    &misplaced::RULE,
    &answer_insecure::RULE,
    &partial::RULE,
    &mx_insecure::RULE,
    &other_port::RULE,
    &security_unknown::RULE,
    &dnssec_unseen::RULE,
];

/// The TLSA records of all mail exchanges, with the host.
fn records(evidence: &Evidence) -> impl Iterator<Item = (&DaneHost, &Record, &Tlsa)> {
    evidence.dane.hosts.iter().flat_map(|host| host.records().map(move |(record, tlsa)| (host, record, tlsa)))
}

/// Do senders that use DANE look for TLSA records of the host? RFC 7672 section 2.2.2: not where its addresses are not
/// vouched for, so that name servers which do not know TLSA do no harm.
fn is_looked_up(evidence: &Evidence, host: &DaneHost) -> bool {
    let mut exchanges = evidence.mx.found.iter().filter(|exchange| exchange.exchange == host.host);
    let answers = exchanges.next().and_then(|exchange| exchange.addresses.as_ref());
    let mut with_address = answers.into_iter().flatten().filter(|answer| !answer.records().is_empty());
    let is_secure = with_address.next().is_some_and(|answer| answer.security == Security::Secure);
    evidence.mx.answer.security == Security::Secure && is_secure
}

/// Do senders that use DANE deliver to this host with TLS alone? RFC 7672 section 2.2: where it has TLSA records that
/// DNSSEC vouches for, usable or not.
pub(super) fn demands_tls(evidence: &Evidence, host: &Name) -> bool {
    let mut hosts = evidence.dane.hosts.iter().filter(|dane| dane.host == *host && !dane.tlsa.records().is_empty());
    hosts.any(|dane| dane.tlsa.security == Security::Secure && is_looked_up(evidence, dane))
}

/// The hosts of which TLS is demanded, and what was seen of them.
fn asked(evidence: &Evidence) -> impl Iterator<Item = (&DaneHost, &Probe)> {
    let hosts = evidence.dane.hosts.iter().filter(|host| demands_tls(evidence, &host.host));
    hosts.filter_map(|host| Some((host, evidence.smtp.iter().find(|probe| probe.host == host.host)?)))
}

/// How the TLSA records of the host fit the certificates that it shows; nothing where it shows none, or was not asked by
/// the name that senders use, so that it may have others for them.
///
/// RFC 7672 section 8.1: the client sends the name below which the TLSA records stand.
fn fit(host: &DaneHost, probe: &Probe) -> Option<Match> {
    let tls = probe.outcome.as_ref().ok()?;
    let name = host.host.prefixed("_25._tcp").ok()?;
    (host.tlsa.question.name == name).then(|| dane::best(host.records().map(|(_, tlsa)| tlsa), &tls.chain))
}

/// Does a TLSA record stand for the certificate that this host shows, whoever issued it? Not known to be vouched for is
/// enough: who publishes the record means that certificate.
pub(super) fn stands_for(evidence: &Evidence, probe: &Probe) -> bool {
    let mut hosts = evidence.dane.hosts.iter().filter(|host| host.host == probe.host);
    let Some(host) = hosts.find(|host| evidence.security(&host.tlsa) != Security::Insecure) else { return false };
    match fit(host, probe) {
        Some(Match::Server) => true,
        // The authority is the right one. All else still counts (RFC 7672 section 3.1.2).
        Some(Match::Authority(_)) => probe.fault() == Some(&CertificateFault::UnknownIssuer),
        _ => false,
    }
}

/// A number of the record; the data where they are written in the generic form.
fn number_span(record: &Record, n: usize) -> Span {
    let data = record.data_span();
    if data.text().starts_with("\\#") { data } else { record.field_span(n) }
}

/// What the certificate is compared with.
fn association_span(record: &Record) -> Span {
    let (mut span, end) = (number_span(record, 3), record.line.data().end);
    span.bytes.end = end.max(span.bytes.end);
    span
}

/// TLSA records of the zone below this host, or at it, whose names are of this form: the labels before the host.
fn below<'e>(evidence: &'e Evidence, host: &'e Name) -> impl Iterator<Item = (&'e Record, &'e str)> {
    let records = evidence.zone.iter().flat_map(|zone| &zone.records).filter(|record| record.tlsa().is_some());
    records.filter_map(move |record| {
        let labels = if record.owner == *host { "" } else { record.owner.below(host)? };
        Some((record, labels))
    })
}

/// Where mail arrives.
const MAIL: (u16, &str) = (25, "_tcp");

/// The port that labels such as `_443._tcp` name, and the transport.
fn port(labels: &str) -> Option<(u16, &str)> {
    let (port, transport) = labels.split_once('.')?;
    let port = port.strip_prefix('_')?.parse().ok()?;
    matches!(transport, "_tcp" | "_udp" | "_sctp").then_some((port, transport))
}

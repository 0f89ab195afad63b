//! TLSA records for the mail exchanges (DANE for SMTP, RFC 7672).
//!
//! Whether they fit the certificate that a server shows is not looked at here: DNS alone does not tell.

mod answer_insecure;
mod data_length;
mod data_not_a_certificate;
mod dnssec_unseen;
mod lookup_failed;
mod misplaced;
mod mx_insecure;
mod other_port;
mod parameter_unknown;
mod partial;
mod security_unknown;
mod usage_unusable;

use crate::evidence::{DaneHost, Evidence};
use crate::name::Name;
use crate::rules::Rule;
use crate::source::Span;
use crate::zone::{Record, Tlsa};

pub(super) static RULES: &[&Rule] = &[
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

/// A number of the record; the data where they are written in the generic form.
fn number_span(record: &Record, n: usize) -> Span {
    let data = record.data_span();
    if data.text().starts_with("\\#") { data } else { record.field_span(n) }
}

/// What the certificate is compared with.
fn association_span(record: &Record) -> Span {
    let (mut span, end) = (number_span(record, 3), record.line.data.end);
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

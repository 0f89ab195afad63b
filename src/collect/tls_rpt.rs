//! The TLS reporting record, and the domains that it sends reports to.

use futures_util::future::join_all;

use crate::collect::reports::report_domain;
use crate::collect::{ask_below, texts};
use crate::dns::Dns;
use crate::evidence::TlsReports;
use crate::name::Name;
use crate::records::tls_rpt::{Destination, DestinationKind, TlsRpt};
use crate::web::Url;

/// More domains than these are not looked at: nobody needs them, and a hostile record could name hundreds.
const MAX_DOMAINS: usize = 10;

/// Asks for the record and, where there is one, for its destinations.
pub(super) async fn tls_reports<D: Dns>(dns: &D, domain: &Name) -> TlsReports {
    let record = texts(ask_below(dns, domain, "_smtp._tls").await, TlsRpt::read);
    let mut named: Vec<(Name, bool)> = Vec::new();
    if let Some(only) = record.only() {
        for domain in only.destinations().iter().filter_map(|destination| named_by(destination, only)) {
            if !named.contains(&domain) {
                named.push(domain);
            }
        }
    }
    named.truncate(MAX_DOMAINS);
    let domains = join_all(named.into_iter().map(|(name, by_mail)| report_domain(dns, name, by_mail))).await;
    TlsReports { record, domains }
}

/// The domain of a destination, and whether it takes the reports by mail.
fn named_by(destination: &Destination, record: &TlsRpt) -> Option<(Name, bool)> {
    match &destination.kind {
        DestinationKind::Mail(domain) => Some((Name::parse(domain).ok()?, true)),
        DestinationKind::Https => {
            let url = Url::parse(record.txt.value.get(destination.range.clone())?).ok()?;
            Some((url.host().clone(), false))
        }
        DestinationKind::Foreign | DestinationKind::Broken => None,
    }
}

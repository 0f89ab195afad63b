//! The report addresses of the record, each with what was seen of its domain.

use std::ops::Range;

use crate::evidence::{Evidence, ReportDestination};
use crate::name::Name;
use crate::records::dmarc::ReportUriKind;
use crate::rules::dmarc::record::Applied;
use crate::rules::zone::placeholder;

/// An address, and what was seen of its domain.
pub(super) struct Report<'a> {
    pub tag: &'static str,
    pub range: Range<usize>,
    /// As written, without `mailto:`.
    pub address: String,
    pub destination: &'a ReportDestination,
}

/// All mail addresses of `rua` and `ruf` whose domain was looked at.
pub(super) fn all<'a>(evidence: &'a Evidence, applied: &Applied<'_>) -> impl Iterator<Item = Report<'a>> {
    let uris = ["rua", "ruf"]
        .into_iter()
        .flat_map(|tag| applied.dmarc.report_uris(tag).into_iter().map(move |uri| (tag, uri)));
    uris.filter_map(|(tag, uri)| {
        let ReportUriKind::Mail { local, domain } = uri.kind else { return None };
        // An address that a guide left to be filled in is another rule's.
        let name = Name::parse(&domain).ok().filter(|name| !placeholder::is_in(name, &evidence.domain))?;
        let destination = evidence.report_destinations.iter().find(|destination| destination.at.name == name)?;
        Some(Report { tag, range: uri.range, address: format!("{local}@{domain}"), destination })
    })
    .collect::<Vec<_>>()
    .into_iter()
}

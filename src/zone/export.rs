//! What Cloudflare, Azure and GoDaddy export: nearly BIND master files, each with oddities of its own. The zone's name
//! stands in a comment at the top.

use std::sync::Arc;

use super::folder::Folder;
use super::rdata::Names;
use super::{Data, Problem, ProblemKind, Record, Zone, master};
use crate::name::{Kind, Name, Question};
use crate::source::Source;

/// Of the lines at the top, so many are looked at.
const MAX_HEADER: usize = 40;

/// Who exported it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exporter {
    Cloudflare,
    Azure,
    Godaddy,
}

/// Who exported the text, by the comments at its top.
pub(super) fn exporter(text: &str) -> Option<Exporter> {
    let comments = || text.lines().take(MAX_HEADER).filter_map(|line| line.trim_start().strip_prefix(';'));
    let exported = |behind: &str| comments().any(|line| line.trim_matches([';', ' ', '\t']).starts_with(behind));
    if exported("Exported zone file from Azure DNS") {
        Some(Exporter::Azure)
    } else if exported("Exported (y-m-d hh:mm:ss):") {
        Some(Exporter::Godaddy)
    } else if exported("Exported:") && zone_name(text).is_some() || text.contains("cf_tags=") {
        Some(Exporter::Cloudflare)
    } else {
        None
    }
}

/// The zone that a comment at the top names: `;; Domain:     example.com.`, `;      Zone name: example.com`.
pub(super) fn zone_name(text: &str) -> Option<Name> {
    let comments = text.lines().take(MAX_HEADER).filter_map(|line| line.trim_start().strip_prefix(';'));
    let names = comments.filter_map(|line| {
        let line = line.trim_matches([';', ' ', '\t']);
        line.strip_prefix("Domain:").or_else(|| line.strip_prefix("Zone name:"))
    });
    names.filter_map(|name| Name::from_user(name).ok()).find(|name| !name.is_root())
}

/// Reads what was exported; `origin` is the zone, where the text does not name it.
pub(super) fn read(source: &Arc<Source>, exporter: Exporter, origin: Option<&Name>, folder: Option<&Folder>) -> Zone {
    let named = zone_name(&source.text);
    let origin = named.as_ref().or(origin);
    let mut zone = match exporter {
        // All names are absolute, but the owner of the SOA record has no final dot, or is the root.
        Exporter::Cloudflare => {
            let root = Name::root();
            master::read_names(source, Some(&root), &Names::new(Some(root.clone())), folder)
        }
        // Owners are relative; names that records lead to may lack the final dot, and so may `$ORIGIN`.
        Exporter::Azure | Exporter::Godaddy => {
            master::read_names(source, origin, &Names::dotted(origin.cloned()), folder)
        }
    };
    if let Some(origin) = origin.filter(|_| zone.origin.is_root()) {
        zone.origin = origin.clone();
        zone.records.retain(|record| record.owner.is_within(origin));
    }
    match exporter {
        Exporter::Cloudflare => hide_proxied(&mut zone),
        Exporter::Godaddy => hide_parked(&mut zone),
        Exporter::Azure => {}
    }
    zone
}

/// What stands behind Cloudflare's proxy is answered with addresses of Cloudflare: `; cf_tags=cf-proxied:true`. The
/// name servers are to be filled in by hand.
fn hide_proxied(zone: &mut Zone) {
    let (hidden, kept) = std::mem::take(&mut zone.records).into_iter().partition(is_proxied);
    zone.records = kept;
    for record in hidden {
        let kinds = [Kind::A, Kind::AAAA, Kind::TXT, Kind::MX];
        let kinds = if matches!(record.data, Data::Cname(_)) { &kinds[..] } else { &kinds[..2] };
        zone.untold.extend(kinds.iter().map(|kind| Question::new(&record.owner, *kind)));
    }
    zone.records.retain(|record| record.kind != Kind::NS || !record.data_text().contains("ME$WITH^YOUR@NAMESERVER"));
}

fn is_proxied(record: &Record) -> bool {
    let behind = record.line.source.text.get(record.line.bytes().end..).unwrap_or_default();
    let comment = behind.lines().next().unwrap_or_default();
    matches!(record.kind, Kind::A | Kind::AAAA | Kind::CNAME) && comment.contains("cf-proxied:true")
}

/// GoDaddy writes words in place of the addresses of its own web servers: `@ 600 IN A Parked`.
fn hide_parked(zone: &mut Zone) {
    let (parked, problems): (Vec<Problem>, _) = std::mem::take(&mut zone.problems).into_iter().partition(|problem| {
        let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, '<' | '>' | '+');
        problem.kind == ProblemKind::BadData(Kind::A) && problem.at.text().starts_with(is_word)
    });
    zone.problems = problems;
    zone.untold.extend(parked.into_iter().filter_map(|problem| problem.at.record_set));
}

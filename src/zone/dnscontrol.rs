//! Zones of dnscontrol: the JSON that `dnscontrol print-ir` writes, all domains in one text.

use std::sync::Arc;

use super::Zone;
use super::document::{Document, Node};
use super::rdata::Names;
use super::records::{Field, Head, Records, is_name, read_name, ttl};
use super::written::Written;
use crate::name::Kind;
use crate::source::Source;

/// What dnscontrol takes where nothing names a TTL.
const DEFAULT_TTL: u32 = 300;

/// Types of dnscontrol's own that publish addresses which only the provider knows.
const ALIASES: [&str; 5] = ["ALIAS", "ANAME", "R53_ALIAS", "AZURE_ALIAS", "AKAMAICDN"];

/// Types of dnscontrol's own that are no records: redirects, and what it is told to do.
const NO_RECORDS: [&str; 17] = [
    "CF_",
    "CLOUDFLAREAPI_",
    "CLOUDNS_WR",
    "FRAME",
    "IGNORE",
    "IMPORT_TRANSFORM",
    "LUA",
    "MIKROTIK",
    "NAMESERVER",
    "NO_PURGE",
    "NS1_URLFWD",
    "PAGE_RULE",
    "PORKBUN_URLFWD",
    "PURGE",
    "UNKNOWN",
    "URL",
    "WORKER_ROUTE",
];

pub(super) fn is_of_form(root: &Node) -> bool {
    let beside = root.get("registrars").is_some() || root.get("dns_providers").is_some();
    beside && root.list("domains").iter().all(|domain| domain.text("name").is_some())
}

pub(super) fn read(source: &Arc<Source>, document: &Document) -> Vec<Zone> {
    let mut zones: Vec<Zone> = document.root.list("domains").iter().filter_map(|domain| zone(source, domain)).collect();
    if let Some(first) = zones.first_mut() {
        let mut records = Records::absolute(source, &first.origin);
        records.faults_of(document);
        first.problems.splice(0..0, records.zone.problems);
    }
    zones
}

fn zone(source: &Arc<Source>, domain: &Node) -> Option<Zone> {
    // The tag behind `!` tells apart two views of one domain.
    let origin = read_name(domain.text("name")?.split('!').next()?).ok()?;
    // A short name is one of this zone; dnscontrol asks for the final dot of all others.
    let mut records = Records::new(source, &origin, Names::dotted(Some(origin.clone())));
    records.zone.partial = domain.get("keepunknown").is_some_and(Node::is_true) || !domain.list("unmanaged").is_empty();
    for node in domain.list("records") {
        record(&mut records, node);
    }
    Some(records.zone)
}

fn record(records: &mut Records, node: &Node) {
    let Some(name) = node.scalar("name") else { return };
    let Some(owner) = records.relative_owner(name, "@") else { return };
    if node.text("type").is_some_and(|kind| ALIASES.contains(&kind)) {
        return records.untold(&owner, &[Kind::A, Kind::AAAA]);
    }
    let Some(kind) = records.kind(node.scalar("type"), &NO_RECORDS, node) else { return };
    let ttl = ttl(node.scalar("ttl"), DEFAULT_TTL);
    let head = Head { owner, owner_at: name.bytes.clone(), kind, ttl, bytes: node.bytes.clone() };
    let target = node.scalar("target");
    let word = |key| Field::word_or(node.scalar(key), "0");
    match kind {
        Kind::TXT | Kind::SPF => text(records, &head, node),
        Kind::MX => {
            let own = ["Fields", "rdata"].iter().find_map(|key| node.get(key)?.scalar("Preference"));
            let preference = Field::word_or(node.scalar("mxpreference").or(own), "0");
            records.fields(&head, &[preference, Field::name(target)]);
        }
        Kind::CAA => {
            let fields = [word("caaflag"), Field::word(node.scalar("caatag")), Field::text(target)];
            records.fields(&head, &fields);
        }
        Kind::TLSA => {
            let fields = [word("tlsausage"), word("tlsaselector"), word("tlsamatchingtype"), Field::word(target)];
            records.fields(&head, &fields);
        }
        Kind::SRV => {
            let fields = [word("srvpriority"), word("srvweight"), word("srvport"), Field::name(target)];
            records.fields(&head, &fields);
        }
        Kind::SOA => {
            let numbers = ["soaserial", "soarefresh", "soaretry", "soaexpire", "soaminttl"].map(word);
            let mut fields = vec![Field::name(target), Field::name(node.scalar("soambox"))];
            fields.extend(numbers);
            records.fields(&head, &fields);
        }
        kind if is_name(kind) => records.fields(&head, &[Field::name(target)]),
        _ => records.fields(&head, &[Field::word(target)]),
    }
}

/// The target is the whole text; old versions have its strings beside it.
fn text(records: &mut Records, head: &Head, node: &Node) {
    if let Some(target) = node.scalar("target") {
        return records.fields(head, &[Field::text(Some(target))]);
    }
    let mut text = Written::default();
    let strings = node.list("txtstrings");
    strings.iter().filter_map(|string| string.as_scalar()).for_each(|string| text.push_all(&string.value));
    match node.get("txtstrings") {
        Some(list) => records.fields(head, &[Field::Text(&text, list.bytes.clone())]),
        None => records.fields(head, &[Field::Missing]),
    }
}

//! Zones of Cloudflare: the JSON of its API (`GET /zones/{zone}/dns_records`).

use std::collections::HashMap;
use std::sync::Arc;

use super::Zone;
use super::document::{Document, Node, Scalar};
use super::records::{Field, Head, Records, is_name, read_name, ttl};
use crate::name::{Kind, Name};
use crate::source::Source;

/// A TTL of 1 means "automatic" in the API: 300 seconds.
const AUTOMATIC: u32 = 300;

/// The records: the whole text, or the `result` of an answer of the API.
fn listed(root: &Node) -> &[Arc<Node>] {
    if root.is_mapping() { root.list("result") } else { root.items() }
}

pub(super) fn is_of_form(root: &Node) -> bool {
    let is_record =
        |node: &Node| ["type", "name"].iter().all(|key| node.text(key).is_some()) && node.get("proxied").is_some();
    let is_answer = root.get("success").is_some() && root.get("result").is_some_and(|list| list.as_scalar().is_none());
    let list = listed(root);
    (is_answer || !root.is_mapping()) && list.iter().any(|node| is_record(node))
}

/// Reads the zones that the records name; of a record that names none, the zone of the one before it, at first the domain
/// that the first record belongs to.
pub(super) fn read(source: &Arc<Source>, document: &Document) -> Vec<Zone> {
    let list = listed(&document.root);
    let mut zones: Vec<Records> = Vec::new();
    let mut places: HashMap<Name, usize> = HashMap::new();
    let mut last = list.iter().find_map(|node| read_name(node.text("name")?).ok()).map(|name| name.registered_domain());
    for node in list {
        let named = node.text("zone_name").and_then(|name| read_name(name).ok());
        let (Some(origin), Some(name)) = (named.or_else(|| last.clone()), node.scalar("name")) else { continue };
        let place = *places.entry(origin.clone()).or_insert_with(|| {
            zones.push(Records::absolute(source, &origin));
            zones.len() - 1
        });
        let records = &mut zones[place];
        if let Some(owner) = records.absolute_owner(name) {
            record(records, owner, name, node, node);
        }
        last = Some(origin);
    }
    if let Some(first) = zones.first_mut() {
        first.faults_of(document);
    }
    let partial = is_one_page(&document.root);
    zones.into_iter().map(|records| Zone { partial, ..records.zone }).collect()
}

/// Is the answer one page of several?
fn is_one_page(root: &Node) -> bool {
    let total = root.get("result_info").and_then(|info| info.text("total_count")?.parse::<usize>().ok());
    total.is_some_and(|total| total > listed(root).len())
}

/// A record of the API or of a Terraform plan, which have the same fields; `bytes` is where it is written.
pub(super) fn record(records: &mut Records, owner: Name, name: &Scalar, node: &Node, whole: &Node) {
    let Some(kind) = records.kind(node.scalar("type"), &["OPENPGPKEY"], whole) else { return };
    let ttl = match ttl(node.scalar("ttl"), AUTOMATIC) {
        0 | 1 => AUTOMATIC,
        ttl => ttl,
    };
    // The answer holds addresses of Cloudflare in place of what stands there.
    if node.get("proxied").is_some_and(Node::is_true) {
        let kinds = [Kind::A, Kind::AAAA, Kind::TXT, Kind::MX];
        return records.untold(&owner, if kind == Kind::CNAME { &kinds } else { &kinds[..2] });
    }
    let head = Head { owner, owner_at: name.bytes.clone(), kind, ttl, bytes: node.bytes.clone() };
    let content = node.scalar("content").or_else(|| node.scalar("value"));
    // In plans of older versions of the provider, the data are a list of one.
    let data = node
        .get("data")
        .and_then(|data| if data.is_mapping() { Some(data) } else { data.items().first().map(|item| &**item) });
    let part = |key| data.and_then(|data| data.scalar(key));
    match kind {
        Kind::TXT | Kind::SPF if content.is_some_and(|content| !is_quoted(content)) => {
            records.fields(&head, &[Field::text(content)]);
        }
        Kind::MX => records.fields(&head, &[Field::word(node.scalar("priority")), Field::name(content)]),
        Kind::CAA if part("tag").is_some() => {
            records.fields(
                &head,
                &[Field::word_or(part("flags"), "0"), Field::word(part("tag")), Field::text(part("value"))],
            );
        }
        Kind::TLSA if part("certificate").is_some() => {
            let keys = ["usage", "selector", "matching_type", "certificate"];
            records.fields(&head, &keys.map(|key| Field::word(part(key))));
        }
        kind if is_name(kind) => records.fields(&head, &[Field::name(content)]),
        _ => match (content, data) {
            (Some(content), _) => records.data(&head, &content.value),
            (None, Some(data)) => records.other(&head, data),
            (None, None) => records.fields(&head, &[Field::Missing]),
        },
    }
}

/// The API takes the text with or without quotation marks.
fn is_quoted(content: &Scalar) -> bool {
    let text = content.value.text.trim();
    text.len() >= 2 && text.starts_with('"') && text.ends_with('"')
}

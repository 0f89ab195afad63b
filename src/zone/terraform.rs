//! Zones of a Terraform plan or state: the JSON of `terraform show -json`.
//!
//! What counts is what is there after the plan was carried out. A value that is known only then is there, but not told.

use std::collections::HashMap;
use std::sync::Arc;

use super::document::{Document, Node, Scalar};
use super::lexer::Fault;
use super::records::{Field, Head, Records, read_name, ttl};
use super::{ProblemKind, Zone, cloudflare, route53};
use crate::name::{Kind, Name};
use crate::source::Source;

const DEFAULT_TTL: u32 = 300;

/// A resource as it will be.
struct Resource<'n> {
    /// Such as `aws_route53_record`.
    kind: &'n str,
    /// Such as `module.mail.aws_route53_record.mx[0]`.
    address: &'n str,
    values: &'n Node,
    /// The same fields, `true` where a value is known only later.
    unknown: Option<&'n Node>,
}

/// Names of zones by what records call them: an id, or the address of a resource.
type ZoneNames = HashMap<String, Name>;

/// By the address of a resource, indices left out: the module that it stands in, and what its zone refers to.
type References<'n> = HashMap<String, (String, Vec<&'n str>)>;

pub(super) fn is_of_form(root: &Node) -> bool {
    let parts = ["resource_changes", "planned_values", "values"];
    root.get("format_version").is_some() && parts.iter().any(|key| root.get(key).is_some())
}

pub(super) fn read(source: &Arc<Source>, document: &Document, origin: Option<&Name>) -> Vec<Zone> {
    let root = &*document.root;
    let names = zone_names(root);
    let mut referred = References::new();
    if let Some(module) = root.get("configuration").and_then(|configuration| configuration.get("root_module")) {
        references(module, "", &mut referred);
    }
    let mut zones: Vec<Records> = Vec::new();
    let mut places: HashMap<Name, usize> = HashMap::new();
    let mut homeless = Vec::new();
    for resource in resources(root) {
        if !is_record(resource.kind) {
            continue;
        }
        let Some(name) = resource.values.scalar("name") else {
            // It may stand anywhere.
            homeless.push((resource.values, ProblemKind::MissingField, resource.is_unknown("name")));
            continue;
        };
        let Some(zone) = resource.zone(&referred, &names, name).or_else(|| origin.cloned()) else {
            homeless.push((resource.values, ProblemKind::NoOrigin, false));
            continue;
        };
        let at = *places.entry(zone.clone()).or_insert_with(|| {
            zones.push(Records::absolute(source, &zone));
            zones.len() - 1
        });
        resource.record(&mut zones[at], name);
    }
    if let Some(first) = zones.first_mut() {
        first.faults_of(document);
        for (node, kind, _) in homeless.iter().filter(|(_, _, unknown)| !unknown) {
            first.problem(Fault { kind: kind.clone(), at: node.bytes.clone() }, None);
        }
    }
    let mut zones: Vec<Zone> = zones.into_iter().map(|records| records.zone).collect();
    let managed = managed_zones(root);
    zones.iter_mut().for_each(|zone| zone.partial = !homeless.is_empty() || !managed.contains(&zone.origin));
    zones
}

fn is_record(kind: &str) -> bool {
    matches!(kind, "aws_route53_record" | "cloudflare_record" | "cloudflare_dns_record" | "google_dns_record_set")
        || azure_kind(kind).is_some()
}

/// The type of `azurerm_dns_mx_record`.
fn azure_kind(kind: &str) -> Option<Kind> {
    kind.strip_prefix("azurerm_dns_")?.strip_suffix("_record")?.parse().ok()
}

/// All resources: of a plan its changes, else what is planned, else what a state holds.
fn resources(root: &Node) -> Vec<Resource<'_>> {
    let changes = root.list("resource_changes");
    if !changes.is_empty() {
        return changes.iter().filter_map(|change| changed(change)).collect();
    }
    let mut found = Vec::new();
    for part in ["planned_values", "values"] {
        if let Some(module) = root.get(part).and_then(|values| values.get("root_module")).filter(|_| found.is_empty()) {
            walk(module, &mut found);
        }
    }
    found.retain(|resource| !resource.address.contains("data."));
    found
}

/// What a change leaves behind; nothing where it deletes.
fn changed(change: &Node) -> Option<Resource<'_>> {
    let what = change.get("change")?;
    let values = what.get("after")?;
    let is_data = change.text("mode") == Some("data");
    let resource = Resource {
        kind: change.text("type")?,
        address: change.text("address")?,
        values,
        unknown: what.get("after_unknown"),
    };
    (!is_data).then_some(resource)
}

fn walk<'n>(module: &'n Node, found: &mut Vec<Resource<'n>>) {
    for node in module.list("resources") {
        if let (Some(kind), Some(address), Some(values)) = (node.text("type"), node.text("address"), node.get("values"))
        {
            found.push(Resource { kind, address, values, unknown: None });
        }
    }
    module.list("child_modules").iter().for_each(|child| walk(child, found));
}

/// What the zones of the records refer to in the configuration.
fn references<'n>(module: &'n Node, path: &str, found: &mut References<'n>) {
    for node in module.list("resources") {
        let (Some(address), Some(expressions)) = (node.text("address"), node.get("expressions")) else { continue };
        let zone = ["zone_id", "managed_zone"].iter().find_map(|key| expressions.get(key));
        let list = zone.map_or(&[][..], |zone| zone.list("references"));
        let addresses = list.iter().filter_map(|node| Some(node.as_scalar()?.value.text.as_str())).collect();
        found.insert(format!("{path}{address}"), (path.to_owned(), addresses));
    }
    for (name, call) in module.get("module_calls").map_or(&[][..], Node::entries) {
        if let Some(module) = call.get("module") {
            references(module, &format!("{path}module.{}.", name.value.text), found);
        }
    }
}

/// The zones that are resources themselves. Of any other, somebody else may manage more records.
fn managed_zones(root: &Node) -> Vec<Name> {
    resources(root).iter().filter_map(Resource::zone_name).collect()
}

/// The zones that the plan, and the state before it, tell of.
fn zone_names(root: &Node) -> ZoneNames {
    let mut all = resources(root);
    let states =
        [root.get("prior_state").and_then(|state| state.get("values")), root.get("values"), root.get("planned_values")];
    for module in states.into_iter().flatten().filter_map(|values| values.get("root_module")) {
        walk(module, &mut all);
    }
    let mut names = ZoneNames::new();
    for resource in all {
        let Some(name) = resource.zone_name() else { continue };
        let ids = ["zone_id", "id", "name"].into_iter().filter_map(|key| resource.values.text(key));
        for id in ids.map(str::to_owned).chain([without_indices(resource.address)]) {
            names.entry(id).or_insert_with(|| name.clone());
        }
    }
    names
}

impl Resource<'_> {
    fn is_unknown(&self, key: &str) -> bool {
        let unknown = self.unknown.and_then(|unknown| unknown.get(key));
        unknown.is_some_and(|node| node.is_true() || node.items().iter().any(|item| holds_true(item)))
    }

    /// The name of a zone, if the resource is one.
    fn zone_name(&self) -> Option<Name> {
        let key = match self.kind {
            "aws_route53_zone" | "azurerm_dns_zone" | "cloudflare_zone" => "name",
            "google_dns_managed_zone" => "dns_name",
            _ => return None,
        };
        // Older versions of Cloudflare's provider call it `zone`.
        let name = self.values.text(key).or_else(|| self.values.text("zone"))?;
        read_name(name).ok()
    }

    /// The zone that the record stands in.
    fn zone(&self, references: &References<'_>, names: &ZoneNames, name: &Scalar) -> Option<Name> {
        if let Some(zone) = self.values.text("zone_name") {
            return read_name(zone).ok();
        }
        let key = if self.kind == "google_dns_record_set" { "managed_zone" } else { "zone_id" };
        let known = self.values.text(key).and_then(|id| names.get(id)).cloned();
        known.or_else(|| self.referred(references, names)).or_else(|| {
            let whole = ["fqdn", "hostname"].iter().find_map(|key| self.values.text(key)).unwrap_or(&name.value.text);
            let name = read_name(whole).ok().filter(|name| name.public_suffix().is_some())?;
            Some(name.registered_domain())
        })
    }

    /// The zone whose id is known only later: the configuration refers to its resource.
    fn referred(&self, references: &References<'_>, names: &ZoneNames) -> Option<Name> {
        let (path, addresses) = references.get(&without_indices(self.address))?;
        addresses.iter().find_map(|address| names.get(&format!("{path}{address}"))).cloned()
    }

    fn record(&self, records: &mut Records, name: &Scalar) {
        let origin = records.zone.origin.clone();
        let is_within = read_name(&name.value.text).is_ok_and(|name| name.is_within(&origin));
        // Providers take names with and without the zone behind them.
        let owner = if is_within { records.absolute_owner(name) } else { records.relative_owner(name, "@") };
        let Some(owner) = owner else { return };
        if self.kind.starts_with("cloudflare_") {
            return self.cloudflare(records, owner, name);
        }
        let kind = match azure_kind(self.kind) {
            Some(kind) => Some(kind),
            None => records.kind(self.values.scalar("type"), &[], self.values),
        };
        let Some(kind) = kind else { return };
        let ttl = ttl(self.values.scalar("ttl"), DEFAULT_TTL);
        let bytes = self.values.bytes.clone();
        let head = Head { owner, owner_at: name.bytes.clone(), kind, ttl, bytes };
        let key = ["records", "record", "rrdatas"].into_iter().find(|key| self.values.get(key).is_some());
        let alias = !self.values.list("alias").is_empty() || self.values.get("target_resource_id").is_some();
        match key.filter(|key| !self.is_unknown(key) && !alias) {
            None => records.untold(&head.owner, &[kind]),
            Some(key) => self.values(records, &head, key),
        }
    }

    fn cloudflare(&self, records: &mut Records, owner: Name, name: &Scalar) {
        let unknown = ["content", "value", "data", "priority"].iter().any(|key| self.is_unknown(key));
        let kind = self.values.text("type").and_then(|kind| kind.parse().ok());
        match kind.filter(|_| unknown && self.values.get("content").or_else(|| self.values.get("value")).is_none()) {
            Some(kind) => records.untold(&owner, &[kind]),
            None => cloudflare::record(records, owner, name, self.values, self.values),
        }
    }

    fn values(&self, records: &mut Records, head: &Head, key: &str) {
        let Some(list) = self.values.get(key) else { return };
        if let Some(scalar) = list.as_scalar() {
            return records.fields(head, &[Field::Name(scalar)]);
        }
        for item in list.items() {
            let head = Head { bytes: item.bytes.clone(), ..head.clone() };
            match item.as_scalar() {
                Some(scalar) if self.kind.starts_with("aws_") => route53::planned(records, &head, scalar),
                Some(scalar) => records.data(&head, &scalar.value),
                None => block(records, &head, item),
            }
        }
    }
}

/// A block of `azurerm`, with a field for each part of the data.
fn block(records: &mut Records, head: &Head, item: &Node) {
    let word = |key| Field::word(item.scalar(key));
    match head.kind {
        Kind::MX => records.fields(head, &[word("preference"), Field::name(item.scalar("exchange"))]),
        Kind::CAA => records.fields(head, &[word("flags"), word("tag"), Field::text(item.scalar("value"))]),
        Kind::TXT => records.fields(head, &[Field::text(item.scalar("value"))]),
        _ => records.other(head, item),
    }
}

fn holds_true(node: &Node) -> bool {
    node.is_true() || node.entries().iter().any(|(_, node)| node.is_true())
}

/// `module.mail["a"].aws_route53_record.mx[0]` without what stands in brackets.
fn without_indices(address: &str) -> String {
    let (mut out, mut depth) = (String::with_capacity(address.len()), 0usize);
    for character in address.chars() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(character),
            _ => {}
        }
    }
    out
}

//! Writes a zone in the formats that are no master files, each in its own way, for tests.

use std::fmt::Write as _;

use mailvet::name::{Kind, Name};
use mailvet::zone::{Data, Record, Soa, Zone};
use serde_json::{Value, json};

/// The text of a record, if it is UTF-8, as JSON and YAML are.
fn text(record: &Record) -> String {
    let strings = record.txt().expect("a text").character_strings();
    String::from_utf8(strings.concat()).expect("UTF-8")
}

/// Can a text be written in JSON and YAML, and would it be cut into the same strings again?
pub fn is_portable(record: &Record) -> bool {
    record.txt().is_none_or(|txt| {
        let strings = txt.character_strings();
        let is_long = strings.iter().any(|string| string.len() > 255);
        let cut_anew = !is_long && strings.iter().rev().skip(1).all(|string| string.len() == 255);
        let (text, empty) = (strings.concat(), strings.iter().any(Vec::is_empty) && strings.len() > 1);
        // The same records go through formats with escapes of their own.
        let odd = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20 | 0x7f..);
        cut_anew && !empty && !text.is_empty() && !text.iter().any(odd)
    })
}

/// The data as in a zone line.
fn data(record: &Record) -> String {
    record.to_line().splitn(5, ' ').nth(4).expect("data").to_owned()
}

fn relative<'n>(name: &'n Name, origin: &Name) -> &'n str {
    name.below(origin).unwrap_or_default()
}

/// A YAML scalar, in another style each time.
fn scalar(text: &str, style: usize, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .;=/+-_\\@".contains(&byte));
    let is_plain = plain && text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.ends_with(' ');
    let foldable = !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ') && text.len() > 1;
    match style % 5 {
        0 if is_plain && !matches!(text, "true" | "null") => text.to_owned(),
        1 if foldable => format!(">-\n{pad}{}", text.replace(' ', &format!("\n{pad}"))),
        2 if foldable => format!("|-\n{pad}{text}"),
        3 => format!("'{}'", text.replace('\'', "''")),
        _ => serde_json::to_string(text).expect("JSON"),
    }
}

pub fn octodns(zone: &Zone) -> String {
    let mut out = String::from("---\n");
    let mut owners: Vec<&Name> = zone.records.iter().map(|record| &record.owner).collect();
    owners.sort();
    owners.dedup();
    for (number, owner) in owners.into_iter().enumerate() {
        let _ = writeln!(out, "{}:", scalar(relative(owner, &zone.origin), number % 2 + 3, 0));
        let records: Vec<&Record> = zone.records.iter().filter(|record| record.owner == *owner).collect();
        let mut kinds: Vec<_> = records.iter().map(|record| record.kind).collect();
        kinds.sort();
        kinds.dedup();
        for kind in kinds {
            let set: Vec<&&Record> = records.iter().filter(|record| record.kind == kind).collect();
            let _ = writeln!(out, "- ttl: {}\n  type: {kind}", set[0].ttl);
            match set.as_slice() {
                [one] => {
                    let _ = writeln!(out, "  value: {}", octodns_value(one, number, 4));
                }
                more => {
                    out.push_str("  values:\n");
                    for (style, record) in more.iter().enumerate() {
                        let _ = writeln!(out, "  - {}", octodns_value(record, number + style, 4));
                    }
                }
            }
        }
    }
    out
}

fn octodns_value(record: &Record, style: usize, indent: usize) -> String {
    match &record.data {
        Data::Txt(_) => scalar(&text(record).replace(';', "\\;"), style, indent),
        Data::Mx { preference, exchange } => {
            format!("{{exchange: {}, preference: {preference}}}", scalar(&exchange.absolute(), 3 + style % 2, indent))
        }
        Data::Caa(caa) => {
            format!("{{flags: {}, tag: {}, value: {}}}", caa.flags, caa.tag, json!(caa.value.value))
        }
        Data::Tlsa(_) => {
            let data = data(record);
            let [usage, selector, matching, certificate] = data.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{data}")
            };
            format!(
                "{{certificate_usage: {usage}, selector: {selector}, matching_type: {matching}, \
                 certificate_association_data: {certificate}}}"
            )
        }
        _ => scalar(&data(record), 3 + style % 2, indent),
    }
}

/// Escapes of master files (`\DDD`, decimal) as Route 53 has them (octal).
fn octal(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let number = rest.get(at + 1..at + 4).and_then(|digits| digits.parse::<u8>().ok());
        let escape = number.map_or_else(|| rest[at..at + 2].to_owned(), |octet| format!("\\{octet:03o}"));
        rest = &rest[at + number.map_or(2, |_| 4)..];
        out.push_str(&escape);
    }
    out + rest
}

/// Records of each owner and type together, in the order of the zone.
fn sets(zone: &Zone) -> Vec<Vec<&Record>> {
    let mut sets: Vec<Vec<&Record>> = Vec::new();
    for record in &zone.records {
        match sets.iter_mut().find(|set| set[0].record_set() == record.record_set()) {
            Some(set) => set.push(record),
            None => sets.push(vec![record]),
        }
    }
    sets
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

pub fn route53(zone: &Zone) -> String {
    let sets: Vec<Value> = sets(zone)
        .into_iter()
        .map(|set| {
            let values: Vec<Value> = set.iter().map(|record| json!({ "Value": octal(&data(record)) })).collect();
            let name = octal(&set[0].owner.absolute()).replace('*', "\\052");
            json!({ "Name": name, "Type": set[0].kind.to_string(), "TTL": set[0].ttl, "ResourceRecords": values })
        })
        .collect();
    pretty(&json!({ "ResourceRecordSets": sets }))
}

/// A record as Cloudflare's API has it; names without final dots.
fn cloudflare_record(record: &Record, name: &str) -> Value {
    let mut value = json!({ "name": name, "type": record.kind.to_string(), "ttl": record.ttl, "proxied": false });
    match &record.data {
        Data::Txt(_) => value["content"] = json!(text(record)),
        Data::Mx { preference, exchange } => {
            value["content"] = json!(exchange.as_str());
            value["priority"] = json!(preference);
        }
        Data::Caa(caa) => {
            value["data"] = json!({ "flags": caa.flags, "tag": caa.tag, "value": caa.value.value });
        }
        Data::Cname(name) | Data::Ns(name) | Data::Ptr(name) => value["content"] = json!(name.as_str()),
        _ => value["content"] = json!(data(record)),
    }
    value
}

pub fn cloudflare(zone: &Zone) -> String {
    let records: Vec<Value> = zone
        .records
        .iter()
        .map(|record| {
            let mut value = cloudflare_record(record, record.owner.as_str());
            value["zone_name"] = json!(zone.origin.as_str());
            value
        })
        .collect();
    pretty(&json!({ "result": records, "success": true, "errors": [], "messages": [] }))
}

pub fn dnscontrol(zone: &Zone) -> String {
    let records: Vec<Value> = zone.records.iter().map(|record| dnscontrol_record(record, zone)).collect();
    let domain = json!({ "name": zone.origin.as_str(), "registrar": "none", "dnsProviders": {}, "records": records });
    pretty(&json!({ "registrars": [], "dns_providers": [], "domains": [domain] }))
}

fn dnscontrol_record(record: &Record, zone: &Zone) -> Value {
    let name = match relative(&record.owner, &zone.origin) {
        "" => "@",
        name => name,
    };
    let mut value = json!({ "type": record.kind.to_string(), "name": name, "ttl": record.ttl });
    match &record.data {
        Data::Txt(_) => value["target"] = json!(text(record)),
        Data::Mx { preference, exchange } => {
            value["target"] = json!(exchange.absolute());
            // Zero is left out.
            if *preference > 0 {
                value["mxpreference"] = json!(preference);
            }
        }
        Data::Caa(caa) => {
            value["caaflag"] = json!(caa.flags);
            value["caatag"] = json!(caa.tag);
            value["target"] = json!(caa.value.value);
        }
        Data::Tlsa(tlsa) => {
            value["tlsausage"] = json!(tlsa.usage);
            value["tlsaselector"] = json!(tlsa.selector);
            value["tlsamatchingtype"] = json!(tlsa.matching);
            value["target"] = json!(data(record).rsplit(' ').next());
        }
        Data::Soa(soa) => {
            let Soa { primary, mailbox, serial, refresh, retry, expire, minimum } = &**soa;
            value["target"] = json!(primary.absolute());
            value["soambox"] = json!(mailbox.absolute());
            value["soaserial"] = json!(serial);
            value["soarefresh"] = json!(refresh);
            value["soaretry"] = json!(retry);
            value["soaexpire"] = json!(expire);
            value["soaminttl"] = json!(minimum);
        }
        _ if record.kind == Kind::SRV => {
            let data = data(record);
            let fields: Vec<&str> = data.split(' ').collect();
            for (key, field) in ["srvpriority", "srvweight", "srvport"].iter().zip(&fields) {
                value[*key] = json!(field.parse::<u16>().expect("a number"));
            }
            value["target"] = json!(fields.last());
        }
        _ => value["target"] = json!(data(record)),
    }
    value
}

fn plan(resources: Vec<Value>) -> String {
    let changes: Vec<Value> = resources
        .into_iter()
        .enumerate()
        .map(|(number, resource)| {
            let kind = resource["kind"].clone();
            let address = format!("{}.r{number}", kind.as_str().expect("a type"));
            let mut unknown = json!({ "id": true });
            if let Some(names) = resource.get("unknown") {
                unknown[names.as_str().expect("a name")] = json!(true);
            }
            let actions = json!(["create"]);
            let change = json!({ "actions": actions, "before": null, "after": resource["values"], "after_unknown": unknown });
            json!({ "address": address, "mode": "managed", "type": kind, "name": format!("r{number}"), "change": change })
        })
        .collect();
    pretty(&json!({ "format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": changes }))
}

pub fn terraform_aws(zone: &Zone) -> String {
    let apex = json!({ "kind": "aws_route53_zone", "values": { "name": zone.origin.as_str(), "zone_id": "Z1" } });
    let records = sets(zone).into_iter().map(|set| {
        let values: Vec<Value> = set
            .iter()
            .map(|record| match record.data {
                Data::Txt(_) => {
                    let strings = record.txt().expect("a text").character_strings();
                    let strings: Vec<_> = strings.iter().map(|string| String::from_utf8_lossy(string)).collect();
                    json!(strings.join("\"\""))
                }
                _ => json!(octal(&data(record))),
            })
            .collect();
        let values = json!({ "name": set[0].owner.as_str(), "type": set[0].kind.to_string(), "ttl": set[0].ttl,
            "zone_id": "Z1", "records": values, "alias": [] });
        json!({ "kind": "aws_route53_record", "values": values })
    });
    plan(std::iter::once(apex).chain(records).collect())
}

pub fn terraform_google(zone: &Zone) -> String {
    let apex =
        json!({ "kind": "google_dns_managed_zone", "values": { "name": "z", "dns_name": zone.origin.absolute() } });
    let records = sets(zone).into_iter().map(|set| {
        let values: Vec<Value> = set.iter().map(|record| json!(data(record))).collect();
        let values = json!({ "name": set[0].owner.absolute(), "type": set[0].kind.to_string(), "ttl": set[0].ttl,
            "managed_zone": "z", "rrdatas": values });
        json!({ "kind": "google_dns_record_set", "values": values })
    });
    plan(std::iter::once(apex).chain(records).collect())
}

pub fn terraform_cloudflare(zone: &Zone) -> String {
    let apex = json!({ "kind": "cloudflare_zone", "values": { "zone": zone.origin.as_str(), "id": "c1" } });
    let records = zone.records.iter().enumerate().map(|(number, record)| {
        let name = match relative(&record.owner, &zone.origin) {
            "" => "@",
            // What ends in the name of the zone is taken for a whole name.
            name if name.ends_with(zone.origin.as_str()) => record.owner.as_str(),
            name => name,
        };
        let mut values = cloudflare_record(record, name);
        values["zone_id"] = json!("c1");
        let kind = ["cloudflare_record", "cloudflare_dns_record"][number % 2];
        json!({ "kind": kind, "values": values })
    });
    plan(std::iter::once(apex).chain(records).collect())
}

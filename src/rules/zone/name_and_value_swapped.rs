//! Name and value in each other's field.

use std::collections::HashSet;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::providers;
use crate::rules::Rule;
use crate::zone::{Data, Record};

pub static RULE: Rule = Rule {
    id: "zone-name-and-value-swapped",
    severity: Severity::Error,
    references: &["RFC 1035 section 3.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "name and value of this {kind} record are swapped",
            here: "this is the value",
            why: "`{value}` is what the record should say, but it was entered as its name. Nobody asks for that name, so the record has no effect.",
            fix: "Delete the record and enter it anew: `{value}` belongs in the field for the value (target, content), and its name is `{name}`.",
        },
        es: Prose {
            title: "el nombre y el valor de este registro {kind} están intercambiados",
            here: "esto es el valor",
            why: "`{value}` es el valor que debe tener el registro, pero se introdujo como nombre. Nadie consulta ese nombre, así que el registro no tiene efecto.",
            fix: "Elimine el registro e introdúzcalo de nuevo: `{value}` va en el campo del valor (destino, contenido), y su nombre es `{name}`.",
        },
        ja: Prose {
            title: "この{kind}レコードは名前と値が入れ替わっています",
            here: "こちらが値です",
            why: "`{value}` はレコードの値ですが、名前の欄に入力されています。この名前が問い合わせられることはないため、レコードは機能していません。",
            fix: "レコードを削除して入力し直してください。`{value}` は値(参照先、内容)の欄に、名前の欄には `{name}` を入力します。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (record, name, value) in all(evidence) {
        let finding = RULE.at([record.owner_span()]).with("kind", record.kind).with("value", &value);
        let finding = finding.with("name", &name);
        findings.push(match record.data {
            Data::Mx { preference, .. } => finding.publish(&name, Kind::MX, format!("{preference} {value}")),
            _ => finding.publish(&name, record.kind, value),
        });
    }
}

/// The names at which records belong whose names and values are swapped.
pub(in crate::rules) fn names_swapped_back(evidence: &Evidence) -> HashSet<Name> {
    all(evidence).map(|(_, name, _)| name).collect()
}

fn all(evidence: &Evidence) -> impl Iterator<Item = (&Record, Name, String)> {
    evidence.zone.iter().flat_map(|zone| {
        zone.records.iter().filter_map(|record| {
            let (name, value) = swapped(record, &zone.origin)?;
            Some((record, name, value))
        })
    })
}

/// The right name and value of a record that has them the wrong way round.
fn swapped(record: &Record, origin: &Name) -> Option<(Name, String)> {
    match &record.data {
        Data::Cname(target) | Data::Mx { exchange: target, .. } => {
            let value = Name::parse(record.owner.below(origin)?).ok()?;
            let of_provider = match record.kind {
                Kind::CNAME => providers::by_target(&value).is_some() && is_selector(target),
                _ => providers::by_mx(&value).is_some(),
            };
            (of_provider && target.is_within(origin)).then(|| (target.clone(), value.to_string()))
        }
        Data::Txt(txt) => Some((named(&txt.value, origin)?, text(record, origin)?)),
        _ => None,
    }
}

fn is_selector(name: &Name) -> bool {
    name.labels().nth(1) == Some("_domainkey")
}

/// The name in the zone that a text is.
fn named(text: &str, origin: &Name) -> Option<Name> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    match text {
        "@" => Some(origin.clone()),
        _ if !plain => None,
        _ => Name::parse(text)
            .ok()
            .and_then(|name| if name.is_within(origin) { Some(name) } else { origin.prefixed(name.as_str()).ok() }),
    }
}

/// The text that an owner name is, if it is one of the records of mail.
fn text(record: &Record, origin: &Name) -> Option<String> {
    let labels = record.owner.below(origin)?.replace("\\032", " ").replace("\\;", ";");
    let written =
        record.owner_span().text().trim_matches('"').replace("\\032", " ").replace("\\ ", " ").replace("\\;", ";");
    // A name is held in small letters; as it is written they may count.
    let text = if written.eq_ignore_ascii_case(&labels) { written } else { labels };
    let lower = text.to_ascii_lowercase();
    ["v=spf1", "v=dmarc1", "v=dkim1"].iter().any(|version| lower.starts_with(version)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn names_of_providers_as_owners() {
        let zone = r#"
            selector1-example-test._domainkey.x.onmicrosoft.com CNAME selector1._domainkey
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            example-test.mail.protection.outlook.com MX 0 @
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let lines: Vec<String> = findings(&RULE, zone).iter().map(|finding| finding.publish[0].line()).collect();
        assert_eq!(
            lines,
            [
                "selector1._domainkey.example.test. IN CNAME selector1-example-test._domainkey.x.onmicrosoft.com.",
                "example.test. IN MX 0 example-test.mail.protection.outlook.com.",
            ]
        );
    }

    #[test]
    fn texts_as_owners() {
        let zone = r#"
            v=spf1\032include:x.test\032-all TXT "@"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            v=DMARC1\;p=none TXT "_dmarc"
            ^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let lines: Vec<String> = findings(&RULE, zone).iter().map(|finding| finding.publish[0].line()).collect();
        let right = [
            r#"example.test. IN TXT "v=spf1 include:x.test -all""#,
            r#"_dmarc.example.test. IN TXT "v=DMARC1;p=none""#,
        ];
        assert_eq!(lines, right);
    }

    #[test]
    fn right_records() {
        clean(
            &RULE,
            "selector1._domainkey CNAME selector1-example-test._domainkey.x.onmicrosoft.com.\n\
             @ MX 0 example-test.mail.protection.outlook.com.\n@ TXT \"v=spf1 mx -all\"\nv TXT \"@\"",
        );
    }
}

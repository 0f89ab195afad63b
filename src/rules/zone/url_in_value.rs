//! The address of a web page where a name belongs.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::zone::Data;

pub static RULE: Rule = Rule {
    id: "zone-url-in-value",
    severity: Severity::Error,
    references: &["RFC 1035 section 3.3", "RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the {kind} record of {owner} contains a web address: `{url}`",
            here: "a web address, not a name",
            why: "DNS knows names, not web addresses: there is no name with `://` in it, so this record leads nowhere and has no effect.",
            fix: "Write only the name, without `https://` and without a path. A DNS record cannot lead to a web page.",
        },
        es: Prose {
            title: "el registro {kind} de {owner} contiene una dirección web: `{url}`",
            here: "una dirección web, no un nombre",
            why: "El DNS conoce nombres, no direcciones web: no existe ningún nombre con `://`, así que este registro no lleva a ninguna parte y no tiene efecto.",
            fix: "Escriba solo el nombre, sin `https://` y sin ruta. Un registro DNS no puede llevar a una página web.",
        },
        ja: Prose {
            title: "{owner} の{kind}レコードにURLが書かれています: `{url}`",
            here: "名前ではなくURLです",
            why: "DNSが扱うのは名前で、URLではありません。`://` を含む名前は存在しないため、このレコードの参照先は存在せず、機能していません。",
            fix: "`https://` とパスを除いた名前だけを書いてください。DNSレコードからWebページへは誘導できません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for record in records(evidence) {
        let span = record.field_span(usize::from(record.kind == Kind::MX));
        let Some((url, host)) = record.target().and_then(url).map(|known| as_written(span.text()).unwrap_or(known))
        else {
            continue;
        };
        let finding = RULE.at([span]);
        let finding = finding.with("kind", record.kind).with("owner", &record.owner).with("url", url);
        findings.push(match (host, &record.data) {
            (Some(host), Data::Mx { preference, .. }) => {
                finding.publish(&record.owner, Kind::MX, format!("{preference} {host}"))
            }
            (Some(host), Data::Cname(_)) => finding.publish(&record.owner, Kind::CNAME, host.as_str()),
            _ => finding,
        });
    }
}

/// The whole zone where it was read from a file, which the report of its apex tells of; else what was asked.
fn records(evidence: &Evidence) -> Vec<&Record> {
    match &evidence.zone {
        Some(zone) => zone.records.iter().collect(),
        None if evidence.named => {
            let exchanges = evidence.mx.found.iter().map(|host| &host.record);
            let selectors = evidence.dkim.selectors.iter().map(|selector| &selector.asked.answer);
            let policy = evidence.dmarc.first().map(|asked| &asked.answer);
            exchanges.chain(selectors.chain(policy).flat_map(|answer| &answer.aliases)).collect()
        }
        None => Vec::new(),
    }
}

/// The same, of a name as it is written: without an origin behind it.
fn as_written(text: &str) -> Option<(String, Option<Name>)> {
    Name::parse(text).ok().as_ref().and_then(url)
}

/// The web address that a name is, and the host in it if there is nothing behind that.
pub(in crate::rules) fn url(name: &Name) -> Option<(String, Option<Name>)> {
    let text = name.as_str();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    Some((text.to_owned(), Name::parse(host).ok().filter(|name| plain && name.labels().count() > 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence};

    #[test]
    fn names_with_a_scheme() {
        let zone = r#"
            @       MX 10 https://mail.example.net.
                          ^^^^^^^^^^^^^^^^^^^^^^^^^
            _dmarc  CNAME http://example.net/dmarc.
                          ^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let found = findings(&RULE, zone);
        assert_eq!(found[0].publish[0].line(), "example.test. IN MX 10 mail.example.net.");
        assert!(found[1].publish.is_empty());
        let relative = findings(&RULE, "@ MX 10 https://mail.example.test/");
        assert_eq!(relative[0].publish[0].value, "10 mail.example.test", "the origin is not part of it");
        let mut live = Vec::new();
        check(&live_evidence("@ MX 10 https://mail.example.net/.", &[]), &mut live);
        assert_eq!(live[0].publish[0].value, "10 mail.example.net");
    }

    #[test]
    fn names() {
        clean(&RULE, "@ MX 10 https.example.net.\nwww CNAME http.example.net.\nx TXT \"https://example.net\"");
    }
}

//! An address in place of the host name.

use std::net::IpAddr;

use crate::evidence::{Evidence, MailHost};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::rules::mx::has_no_address;
use crate::zone::Record;

pub static RULE: Rule = Rule {
    id: "mx-is-an-address",
    severity: Severity::Error,
    references: &["RFC 5321 section 5.1", "RFC 1035 section 3.3.9"],
    check,
    text: Text {
        en: Prose {
            title: "an MX record of {domain} contains the IP address {address} instead of a host name",
            here: "an address, not a host name",
            why: "An MX record holds the name of a host. Senders look up `{host}` as a name, find none, and no mail arrives through this record.",
            fix: "Write the name of the host that has the address {address}. If it has no name yet, give it one with an A or AAAA record.",
        },
        es: Prose {
            title: "un registro MX de {domain} contiene la dirección IP {address} en lugar de un nombre de servidor",
            here: "una dirección, no un nombre",
            why: "Un registro MX contiene el nombre de un servidor. Quien envía busca `{host}` como nombre, no lo encuentra, y por este registro no llega ningún correo.",
            fix: "Escriba el nombre del servidor que tiene la dirección {address}. Si todavía no tiene nombre, asígnele uno con un registro A o AAAA.",
        },
        ja: Prose {
            title: "{domain} のMXレコードに、ホスト名ではなくIPアドレス {address} が書かれています",
            here: "ホスト名ではなくアドレスです",
            why: "MXレコードにはホスト名を書きます。送信側は `{host}` を名前として検索しますが見つからず、このレコードではメールがまったく届きません。",
            fix: "アドレス {address} を持つホストの名前を書いてください。名前がない場合は、AまたはAAAAレコードで名前を付けてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in &evidence.mx.found {
        let Some(address) = address(host) else { continue };
        let finding = RULE.at([host.record.field_span(1)]).with("domain", &evidence.domain);
        let finding = finding.with("address", address).with("host", &host.exchange);
        findings.push(match only_host(evidence, address) {
            Some(name) => finding.publish(&evidence.domain, Kind::MX, format!("{} {name}", host.preference)),
            None => finding,
        });
    }
}

/// The address that stands where the host name belongs. As an address has no final dot, a zone file puts the origin
/// behind it: such a name is an address unless it exists.
pub(super) fn address(host: &MailHost) -> Option<IpAddr> {
    let written = host.exchange.as_str();
    // No name of the DNS ends in a label of digits alone (RFC 3696 section 2).
    read(written).or_else(|| {
        let mut origin = Some(host.record.owner.clone()).filter(|_| has_no_address(host));
        while let Some(name) = origin.filter(|name| !name.is_root()) {
            if let Some(address) = host.exchange.below(&name).and_then(read) {
                return Some(address);
            }
            origin = name.parent();
        }
        None
    })
}

/// An address, also in the brackets that mail addresses need.
fn read(text: &str) -> Option<IpAddr> {
    text.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// The name that has the address, where the zone file holds exactly one.
fn only_host(evidence: &Evidence, address: IpAddr) -> Option<&Name> {
    let has_it = |record: &&Record| record.address() == Some(address);
    let mut names = evidence.zone.as_ref()?.records.iter().filter(has_it).map(|record| &record.owner);
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn addresses_with_and_without_the_origin() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 192.0.2.1.
                                ^^^^^^^^^^
            @             MX 20 192.0.2.2
                                ^^^^^^^^^
            @             MX 30 2001:db8::1
                                ^^^^^^^^^^^
            @             MX 40 [192.0.2.3]
                                ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_host_is_named_where_there_is_one_only() {
        let zone = "@ MX 10 192.0.2.1\nmail A 192.0.2.1\n";
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "10 mail.example.test");
        let two = format!("{zone}www A 192.0.2.1\n");
        assert!(findings(&RULE, &two)[0].publish.is_empty());
    }

    #[test]
    fn names_of_digits_that_exist() {
        clean(&RULE, "@ MX 10 192.0.2.1\n192.0.2.1 A 192.0.2.1");
        clean(&RULE, "@ MX 10 mail1");
    }
}

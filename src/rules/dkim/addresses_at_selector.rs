//! A selector has addresses in place of a key.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dkim::addresses;
use std::collections::BTreeMap;

pub static RULE: Rule = Rule {
    id: "dkim-addresses-at-selector",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "{name} has addresses in place of a DKIM key",
            here: "an address",
            why: "Receivers ask for a TXT record here and get none, so signatures with this selector fail. Addresses appear at such a name when a DNS host proxies its CNAME, or when the wrong type was chosen.",
            fix: "Delete the addresses and publish the CNAME or TXT record of the sending service. At a DNS host that proxies, set the record to \"DNS only\".",
        },
        es: Prose {
            title: "{name} tiene direcciones en lugar de una clave DKIM",
            here: "una dirección",
            why: "Los receptores piden aquí un registro TXT y no lo obtienen, así que las firmas con este selector fallan. Las direcciones aparecen en un nombre así cuando el proveedor DNS pone un proxy (proxied) delante del CNAME o cuando se eligió un tipo equivocado.",
            fix: "Elimine las direcciones y publique el registro CNAME o TXT del servicio de envío. Si el proveedor DNS usa proxy, ponga el registro en «solo DNS».",
        },
        ja: Prose {
            title: "{name} にDKIMの鍵ではなくIPアドレスがあります",
            here: "IPアドレスです",
            why: "受信側はここでTXTレコードを調べますが、見つからないため、このセレクターの署名は検証に失敗します。DNSサービスのプロキシ(proxied)がCNAMEに対して有効になっている場合や、レコードタイプを間違えて登録した場合に起こります。",
            fix: "アドレスのレコードを削除し、送信サービスの指定するCNAMEまたはTXTレコードを公開してください。プロキシ機能のあるDNSサービスでは、このレコードを「DNSのみ」に設定します。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut owners: BTreeMap<&Name, Vec<&Record>> = BTreeMap::new();
    for record in addresses(evidence) {
        owners.entry(&record.owner).or_default().push(record);
    }
    for (owner, records) in owners {
        findings.push(RULE.at(records.into_iter().map(Record::span)).with("name", owner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn addresses_alone() {
        finds(
            &RULE,
            r#"
            selector1._domainkey A 192.0.2.1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn beside_a_key() {
        clean(&RULE, "s._domainkey TXT \"v=DKIM1; p=\"\ns._domainkey A 192.0.2.1\nhost A 192.0.2.1");
    }
}

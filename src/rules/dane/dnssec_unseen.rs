//! TLSA records in a zone file with no sign of DNSSEC.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::zone::Zone;

pub static RULE: Rule = Rule {
    id: "dane-dnssec-unseen",
    severity: Severity::Advice,
    references: &["RFC 7672 section 2.2", "RFC 6698 section 4.1"],
    check,
    text: Text {
        en: Prose {
            title: "TLSA records of {origin} work only if the zone is signed with DNSSEC",
            here: "nothing in the file tells of DNSSEC",
            why: "Senders use TLSA records only where DNSSEC vouches for them. Zones are mostly signed by the name server, not in the file, so whether {origin} is signed cannot be told from here. If it is not, these records have no effect.",
            fix: "See to it that the DNS provider signs {origin} and that the DS record is at the registrar: `mailvet check {origin}` shows it once the zone is published.",
        },
        es: Prose {
            title: "los registros TLSA de {origin} solo funcionan si la zona está firmada con DNSSEC",
            here: "en el archivo no hay rastro de DNSSEC",
            why: "Los servidores remitentes solo usan registros TLSA protegidos por DNSSEC. Por lo general, las firmas las añade el servidor de nombres y no figuran en el archivo, así que desde aquí no se puede saber si {origin} está firmada. Si no lo está, estos registros no tienen efecto.",
            fix: "Asegúrese de que el proveedor de DNS firma {origin} y de que el registro DS está dado de alta en el registrador: `mailvet check {origin}` lo muestra una vez publicada la zona.",
        },
        ja: Prose {
            title: "{origin} のTLSAレコードは、ゾーンがDNSSECで署名されている場合にのみ有効です",
            here: "ファイルからはDNSSECの有無が分かりません",
            why: "送信側は、DNSSECで保証されたTLSAレコードだけを使います。署名は通常ファイルではなくネームサーバーで行われるため、{origin} が署名されているかどうかはここでは分かりません。署名されていなければ、これらのレコードに効果はありません。",
            fix: "DNSサービスが {origin} に署名し、DSレコードがレジストラに登録されていることを確認してください。ゾーンの公開後は `mailvet check {origin}` で確認できます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = evidence.zone.as_ref().filter(|zone| !shows_dnssec(zone)) else { return };
    let is_for_mail = |owner: &Name| owner.as_str().starts_with("_25._tcp.");
    let records = zone.records.iter().filter(|record| record.tlsa().is_some() && is_for_mail(&record.owner));
    let spans: Vec<_> = records.map(|record| record.owner_span()).collect();
    if !spans.is_empty() {
        findings.push(RULE.at(spans).with("origin", &zone.origin));
    }
}

/// Are there records in the zone that only a signed one has?
fn shows_dnssec(zone: &Zone) -> bool {
    const OF_DNSSEC: [Kind; 4] = [Kind::DNSKEY, Kind::RRSIG, Kind::NSEC, Kind::NSEC3];
    zone.records.iter().any(|record| OF_DNSSEC.contains(&record.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Resolver, clean, finds};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn a_zone_that_may_be_signed_elsewhere() {
        finds(
            &RULE,
            &format!(
                "
                @ MX 10 mx
                mx A 192.0.2.1
                _25._tcp.mx TLSA 3 1 1 {HASH}
                ^^^^^^^^^^^
                "
            ),
        );
    }

    #[test]
    fn a_signed_zone_and_one_without_dane() {
        clean(&RULE, &format!("@ MX 10 mx\n@ DNSKEY 257 3 13 AAAA\n_25._tcp.mx TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\n_443._tcp.www TLSA 3 1 1 {HASH}"));
        let world = format!("$TTL 60\n@ MX 10 mx\n_25._tcp.mx TLSA 3 1 1 {HASH}\n");
        assert!(Resolver::new(&world, &[]).findings(&RULE).is_empty());
    }
}

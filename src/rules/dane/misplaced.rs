//! TLSA records at a name where no mail server looks for them.

use crate::evidence::{DaneHost, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dane::{MAIL, below, port};
use crate::zone::{Data, Record};

pub static RULE: Rule = Rule {
    id: "dane-misplaced",
    severity: Severity::Warning,
    references: &["RFC 7672 section 2.2.3", "RFC 6698 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "TLSA records at {owner}, where senders of mail to {domain} do not look",
            here: "belongs to `_25._tcp.{host}`",
            why: "Senders look for TLSA records at `_25._tcp.` and the name of the MX host, here `_25._tcp.{host}`, where there are none. So DANE does not protect mail to {domain}.",
            fix: "Publish the TLSA records at `_25._tcp.{host}`, and likewise for each other MX host.",
        },
        es: Prose {
            title: "hay registros TLSA en {owner}, donde no los buscan los servidores que envían correo a {domain}",
            here: "debe estar en `_25._tcp.{host}`",
            why: "Los servidores remitentes buscan los registros TLSA en `_25._tcp.` más el nombre del servidor MX, aquí `_25._tcp.{host}`, donde no hay ninguno. Por eso DANE no protege el correo para {domain}.",
            fix: "Publique los registros TLSA en `_25._tcp.{host}` y haga lo mismo para cada uno de los demás servidores MX.",
        },
        ja: Prose {
            title: "{owner} にTLSAレコードがありますが、{domain} 宛ての送信側はそこを参照しません",
            here: "正しい名前は `_25._tcp.{host}` です",
            why: "送信側がTLSAレコードを探すのは、`_25._tcp.` にMXホスト名を続けた名前(ここでは `_25._tcp.{host}`)ですが、そこにはレコードがありません。そのため、{domain} 宛てのメールはDANEで保護されません。",
            fix: "TLSAレコードを `_25._tcp.{host}` に公開してください。ほかのMXホストについても同様です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.dane.hosts;
    let at_domain: Vec<&Record> = evidence.dane.at_domain.iter().flat_map(|answer| answer.records()).collect();
    if let (Some(host), false) = (hosts.first(), is_exchange_of_others(evidence, &evidence.domain)) {
        tell(evidence, host, &at_domain, findings);
    }
    for host in hosts.iter().filter(|host| host.tlsa.is_absent()) {
        let slips = below(evidence, &host.host).filter(|(_, labels)| is_slip(labels)).map(|(record, _)| record);
        tell(evidence, host, &slips.collect::<Vec<_>>(), findings);
    }
}

fn tell(evidence: &Evidence, host: &DaneHost, records: &[&Record], findings: &mut Vec<Finding>) {
    let Some(first) = records.first() else { return };
    let finding = RULE.at(records.iter().map(|record| record.owner_span())).with("domain", &evidence.domain);
    findings.push(finding.with("owner", &first.owner).with("host", &host.host));
}

/// Does mail for another domain of the zone go to this host? Then its TLSA records have a purpose.
fn is_exchange_of_others(evidence: &Evidence, host: &Name) -> bool {
    let mut records = evidence.zone.iter().flat_map(|zone| &zone.records);
    records.any(|record| matches!(&record.data, Data::Mx { exchange, .. } if exchange == host))
}

/// Are these labels before the host no port and transport, which TLSA records must have before them?
fn is_slip(labels: &str) -> bool {
    let is_transport = |transport: &str| matches!(transport, "_tcp" | "_udp" | "_sctp");
    // With a wildcard for the port, or below a name of another host.
    let is_other_service = port(labels).is_some_and(|service| service.0 != MAIL.0 || service == MAIL);
    let known = is_other_service || labels.strip_prefix("*.").is_some_and(is_transport) || labels == "*";
    !known && labels.split('.').count() <= 2 && labels.split('.').any(is_of_service)
}

/// Is the label as those of port and transport, or a slip in these; or is there none?
fn is_of_service(label: &str) -> bool {
    matches!(label, "" | "25" | "_25" | "tcp" | "_tcp" | "_smtp" | "_tls" | "_tlsa" | "_dane")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Resolver, clean, finds};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn at_the_domain_instead_of_the_host() {
        finds(
            &RULE,
            &format!(
                "
                @ MX 10 mx
                mx A 192.0.2.1
                _25._tcp TLSA 3 1 1 {HASH}
                ^^^^^^^^
                "
            ),
        );
        let world = format!("$TTL 60\n@ MX 10 mx\nmx A 192.0.2.1\n_25._tcp TLSA 3 1 1 {HASH}\n");
        assert_eq!(Resolver::new(&world, &[]).findings(&RULE), ["_25._tcp"]);
    }

    #[test]
    fn slips_in_port_and_transport() {
        for owner in ["mx", "_tcp.mx", "_25.mx", "25._tcp.mx", "_25.tcp.mx", "_smtp._tcp.mx", "_25._udp.mx"] {
            let marks = "^".repeat(owner.len());
            finds(&RULE, &format!("@ MX 10 mx\n{owner} TLSA 3 1 1 {HASH}\n{marks}"));
        }
    }

    #[test]
    fn where_they_belong() {
        clean(&RULE, &format!("@ MX 10 mx\nmx A 192.0.2.1\n_25._tcp.mx TLSA 3 1 1 {HASH}\n_25._tcp TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 @\n@ A 192.0.2.1\n_25._tcp TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\n_443._tcp TLSA 3 1 1 {HASH}\n_443._tcp.mx TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\nmx A 192.0.2.1\nlists MX 10 @\n_25._tcp TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 @\n@ A 192.0.2.1\nwww TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\nmx A 192.0.2.1\n*._tcp TLSA 3 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\n*._tcp.mx TLSA 3 1 1 {HASH}"));
    }
}

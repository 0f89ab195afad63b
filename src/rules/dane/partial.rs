//! Some mail exchanges have TLSA records, others have none.

use crate::evidence::DaneHost;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dane-partial",
    severity: Severity::Warning,
    references: &["RFC 7672 section 2.2"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has MX hosts with TLSA records and MX hosts without: {without}",
            here: "no TLSA records for this host",
            why: "Mail to these hosts is not protected by DANE. Anyone who wants to read the mail need only keep senders from reaching the other hosts: then it goes to these.",
            fix: "Publish TLSA records for {without}, too, or take them out of the MX records.",
        },
        es: Prose {
            title: "{domain} tiene servidores MX con registros TLSA y servidores MX sin ellos: {without}",
            here: "este servidor no tiene registros TLSA",
            why: "DANE no protege el correo que llega a estos servidores. A quien quiera leerlo le basta con bloquear el acceso a los demás: entonces el correo se entrega en estos.",
            fix: "Publique registros TLSA también para {without} o retire esos servidores de los registros MX.",
        },
        ja: Prose {
            title: "{domain} には、TLSAレコードのあるMXホストとないMXホストがあります: {without}",
            here: "このホストにはTLSAレコードがありません",
            why: "これらのホストへのメールはDANEで保護されません。メールを盗み見ようとする攻撃者は、ほかのホストへの接続を妨害するだけで、メールをこれらのホストに向かわせることができます。",
            fix: "{without} にもTLSAレコードを公開するか、MXレコードから外してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let hosts = &evidence.dane.hosts;
    let without: Vec<&DaneHost> = hosts.iter().filter(|host| host.tlsa.is_absent()).collect();
    if without.is_empty() || hosts.iter().all(|host| host.tlsa.records().is_empty()) {
        return;
    }
    let names: Vec<&str> = without.iter().map(|host| host.host.as_str()).collect();
    let finding = RULE.at(without.iter().map(|host| host.record.field_span(1)));
    findings.push(finding.with("domain", &evidence.domain).with("without", names.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn one_with_and_one_without() {
        finds(
            &RULE,
            &format!(
                "
                @ MX 10 a
                @ MX 20 b
                        ^
                a A 192.0.2.1
                b A 192.0.2.2
                _25._tcp.a TLSA 3 1 1 {HASH}
                "
            ),
        );
    }

    #[test]
    fn all_or_none_or_not_known() {
        clean(&RULE, "@ MX 10 a\n@ MX 20 b");
        clean(&RULE, &format!("@ MX 10 a\n@ MX 20 b\n_25._tcp.a TLSA 3 1 1 {HASH}\n_25._tcp.b TLSA 3 1 1 {HASH}"));
        let zone = format!("$TTL 60\n@ MX 10 a\n@ MX 20 b.other.\n_25._tcp.a TLSA 3 1 1 {HASH}\n");
        let mut found = Vec::new();
        check(&offline_evidence(&zone)[0], &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

//! Certificate usage 0 or 1, which no mail server can use.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dane::{number_span, records};
use crate::zone::write;

pub static RULE: Rule = Rule {
    id: "dane-usage-unusable",
    severity: Severity::Error,
    references: &["RFC 7672 section 3.1.3"],
    check,
    text: Text {
        en: Prose {
            title: "the TLSA record of {host} has the certificate usage {usage}, which does not work for mail",
            here: "only 2 and 3 work for mail",
            why: "Usages 0 and 1 stand for certificates that a public authority must have issued. Mail servers agree on no list of such authorities, so they treat the record as unusable: the certificate of {host} is not checked by it.",
            fix: "Write `3` for a record of the server's own certificate or key (`3 1 1` is the usual form), or `2` for one of the authority's.",
        },
        es: Prose {
            title: "el registro TLSA de {host} tiene el uso de certificado {usage}, que no sirve para el correo",
            here: "solo 2 y 3 sirven para el correo",
            why: "Los usos 0 y 1 corresponden a certificados que debe haber emitido una autoridad pública. Los servidores de correo no comparten ninguna lista de esas autoridades, así que no tienen en cuenta el registro: no sirve para comprobar el certificado de {host}.",
            fix: "Escriba `3` para un registro del certificado o la clave del propio servidor (la forma habitual es `3 1 1`) o `2` para uno del certificado o la clave de la autoridad.",
        },
        ja: Prose {
            title: "{host} のTLSAレコードの証明書用途 {usage} はメールでは使えません",
            here: "メールで使えるのは2と3だけです",
            why: "用途0と1は、公的な認証局が発行した証明書であることを求めます。メールサーバーの間には共通の認証局リストがないため、このレコードは使用不可とみなされ、{host} の証明書の検証には使われません。",
            fix: "サーバー自身の証明書または公開鍵のレコードなら `3`(通常は `3 1 1` の形)、認証局のものなら `2` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 7672 section 3.1.3: usages PKIX-TA(0) and PKIX-EE(1) are not to be published for SMTP, and clients may take
    // them for unusable.
    for (host, record, tlsa) in records(evidence).filter(|(_, _, tlsa)| tlsa.usage < 2) {
        let finding = RULE.at([number_span(record, 0)]).with("host", &host.host).with("usage", tlsa.usage);
        // The server's own certificate is the same with 1 and 3; which authority is shown with 2 is not known. At a name
        // of somebody else the domain's owner can publish nothing.
        let is_own = record.owner.is_within(&evidence.domain.registered_domain());
        findings.push(match tlsa.usage {
            1 if is_own => {
                let digits = write::hexadecimal(&tlsa.data);
                finding.publish(&record.owner, Kind::TLSA, format!("3 {} {} {digits}", tlsa.selector, tlsa.matching))
            }
            _ => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn public_authorities() {
        finds(
            &RULE,
            &format!(
                "
                @ MX 10 mx
                mx A 192.0.2.1
                _25._tcp.mx TLSA 1 1 1 {HASH}
                                 ^
                _25._tcp.mx TLSA 0 0 1 {HASH}
                                 ^
                _25._tcp.mx TYPE52 \\# 4 00000130
                                   ^^^^^^^^^^^^^
                "
            ),
        );
    }

    #[test]
    fn what_to_publish_where_it_is_ones_own() {
        let published = |host: &str| {
            let zone = format!("@ MX 10 {host}\n_25._tcp.{host} TLSA 1 1 1 {HASH}");
            findings(&RULE, &zone).iter().map(|finding| finding.publish.len()).collect::<Vec<_>>()
        };
        assert_eq!((published("mx"), published("mx.other.test.")), (vec![1], vec![0]));
    }

    #[test]
    fn a_certificate_of_ones_own() {
        clean(&RULE, &format!("@ MX 10 mx\n_25._tcp.mx TLSA 3 1 1 {HASH}\n_25._tcp.mx TLSA 2 1 1 {HASH}"));
        clean(&RULE, &format!("@ MX 10 mx\n_443._tcp.www TLSA 1 1 1 {HASH}"));
    }
}

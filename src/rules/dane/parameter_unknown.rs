//! A number in a TLSA record that stands for nothing.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dane::{number_span, records};
use crate::zone::Tlsa;

pub static RULE: Rule = Rule {
    id: "dane-parameter-unknown",
    severity: Severity::Error,
    references: &["RFC 6698 section 2.1", "RFC 7672 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the TLSA record of {host} has a number without a defined meaning: {number}",
            here: "{known}",
            why: "Mail servers ignore a TLSA record with a number that they do not know: the certificate of {host} is not checked by it.",
            fix: "Write a TLSA record with defined numbers: the certificate usage 2 or 3, then the selector 0 (certificate) or 1 (public key), then the matching type 0 (all of it), 1 (SHA-256) or 2 (SHA-512). `3 1 1` is the usual form.",
        },
        es: Prose {
            title: "el registro TLSA de {host} tiene un número sin significado definido: {number}",
            here: "{known}",
            why: "Los servidores de correo ignoran un registro TLSA con un número que no conocen: no sirve para comprobar el certificado de {host}.",
            fix: "Escriba un registro TLSA con números definidos: el uso de certificado 2 o 3, después el selector 0 (certificado) o 1 (clave pública) y después el tipo de coincidencia 0 (completo), 1 (SHA-256) o 2 (SHA-512). La forma habitual es `3 1 1`.",
        },
        ja: Prose {
            title: "{host} のTLSAレコードに定義されていない数値があります: {number}",
            here: "{known}",
            why: "メールサーバーは知らない数値を含むTLSAレコードを無視するため、このレコードは {host} の証明書の検証には使われません。",
            fix: "定められた数値でTLSAレコードを書いてください。順に、証明書用途は2または3、セレクターは0(証明書)または1(公開鍵)、照合方式は0(全体)、1(SHA-256)または2(SHA-512)です。通常は `3 1 1` です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, record, tlsa) in records(evidence) {
        if let Some((place, number, known)) = unknown(tlsa) {
            let finding = RULE.at([number_span(record, place)]).with("host", &host.host);
            findings.push(finding.with("number", number).with("known", known));
        }
    }
}

/// The first number that is not known, its place, and those that are. RFC 6698 sections 2.1.1 to 2.1.3.
fn unknown(tlsa: &Tlsa) -> Option<(usize, u8, &'static str)> {
    let numbers = [(tlsa.usage, 3, "0–3"), (tlsa.selector, 1, "0–1"), (tlsa.matching, 2, "0–2")];
    let place = numbers.iter().position(|(number, highest, _)| number > highest)?;
    Some((place, numbers[place].0, numbers[place].2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn each_of_the_three() {
        finds(
            &RULE,
            &format!(
                "
                @ MX 10 mx
                _25._tcp.mx TLSA 4 1 1 {HASH}
                                 ^
                _25._tcp.mx TLSA 3 2 1 {HASH}
                                   ^
                _25._tcp.mx TLSA 3 1 3 {HASH}
                                     ^
                "
            ),
        );
    }

    #[test]
    fn the_last_ones_that_are_known() {
        clean(&RULE, &format!("@ MX 10 mx\n_25._tcp.mx TLSA 3 1 2 {HASH}{HASH}"));
    }
}

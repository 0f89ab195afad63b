//! A hash in a TLSA record that is not as long as its kind.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dane::{association_span, records};
use crate::zone::Tlsa;

pub static RULE: Rule = Rule {
    id: "dane-data-length",
    severity: Severity::Error,
    references: &["RFC 6698 section 2.1.3", "RFC 6698 section 2.1.4"],
    check,
    text: Text {
        en: Prose {
            title: "the TLSA record of {host} holds {length} octets, where {hash} has {expected}",
            here: "{expected} octets are needed here",
            why: "No certificate can fit this record. If no other TLSA record of {host} fits, senders that use DANE do not deliver: the mail waits and then bounces.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "el registro TLSA de {host} contiene {length} octetos, pero {hash} requiere {expected}",
            here: "aquí hacen falta {expected} octetos",
            why: "Ningún certificado puede coincidir con este registro. Si tampoco coincide otro registro TLSA de {host}, los servidores remitentes que usan DANE no entregan el correo: este espera en cola y al final se devuelve.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{host} のTLSAレコードのデータは {length} オクテットですが、{hash} なら {expected} オクテットのはずです",
            here: "{expected} オクテットが必要です",
            why: "このレコードに一致する証明書はありえません。{host} のほかのTLSAレコードにも一致しなければ、DANEを使う送信側は配送せず、メールは滞留した後に不達となります。",
            fix: "{remedy}",
        },
    },
};

const COPY: Words = Words {
    en: "Copy the whole hash, in hexadecimal digits: 64 of them for SHA-256 (matching type 1), 128 for SHA-512 (matching type 2).",
    es: "Copie el hash completo en hexadecimal: 64 dígitos para SHA-256 (tipo de coincidencia 1) o 128 para SHA-512 (tipo de coincidencia 2).",
    ja: "ハッシュ値全体を16進数で書いてください。SHA-256(照合方式1)は64桁、SHA-512(照合方式2)は128桁です。",
};
const SHA_256: Words = Words {
    en: "The data are as long as a SHA-256 hash: if that is what they are, write `1` as the third number.",
    es: "Los datos tienen la longitud de un hash SHA-256: si se trata de eso, escriba `1` como tercer número.",
    ja: "データの長さはSHA-256と同じです。SHA-256であれば、3番目の数値を `1` にしてください。",
};
const SHA_512: Words = Words {
    en: "The data are as long as a SHA-512 hash: if that is what they are, write `2` as the third number.",
    es: "Los datos tienen la longitud de un hash SHA-512: si se trata de eso, escriba `2` como tercer número.",
    ja: "データの長さはSHA-512と同じです。SHA-512であれば、3番目の数値を `2` にしてください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, record, tlsa) in records(evidence) {
        let Some((hash, expected)) = hash(tlsa).filter(|(_, length)| *length != tlsa.data.len()) else { continue };
        let remedy = match tlsa.data.len() {
            32 => SHA_256,
            64 => SHA_512,
            _ => COPY,
        };
        let finding = RULE.at([association_span(record)]).with("host", &host.host).with("length", tlsa.data.len());
        findings.push(finding.with("hash", hash).with("expected", expected).with_words("remedy", remedy));
    }
}

/// The hash of the matching type, and its octets.
fn hash(tlsa: &Tlsa) -> Option<(&'static str, usize)> {
    match tlsa.matching {
        1 => Some(("SHA-256", 32)),
        2 => Some(("SHA-512", 64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const HASH: &str = "204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn too_short_and_of_the_other_kind() {
        finds(
            &RULE,
            "
            @ MX 10 mx
            _25._tcp.mx TLSA 3 1 1 204076d0c3c1819a 53c5
                                   ^^^^^^^^^^^^^^^^^^^^^
            _25._tcp.mx TLSA 3 1 2 204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            ",
        );
    }

    #[test]
    fn as_long_as_they_should_be() {
        let zone = format!("@ MX 10 mx\n_25._tcp.mx TLSA 3 1 1 {HASH}\n_25._tcp.mx TLSA 3 1 2 {HASH} {HASH}");
        clean(&RULE, &zone);
        clean(&RULE, "@ MX 10 mx\n_25._tcp.mx TLSA 3 0 0 30820100");
    }
}

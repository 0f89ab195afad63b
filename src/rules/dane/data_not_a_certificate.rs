//! A TLSA record for a whole certificate or key that holds something else.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dane::{association_span, records};

pub static RULE: Rule = Rule {
    id: "dane-data-not-a-certificate",
    severity: Severity::Error,
    references: &["RFC 6698 section 2.1.3"],
    check,
    text: Text {
        en: Prose {
            title: "the TLSA record of {host} should hold a whole certificate or key, and does not",
            here: "neither a certificate nor a key",
            why: "The matching type 0 stands for the certificate or the key itself, octet by octet. These data are neither, so no server fits the record. If no other TLSA record of {host} fits, senders that use DANE do not deliver.",
            fix: "Where the data are a hash, write `1` (SHA-256) or `2` (SHA-512) as the third number. `3 1 1` with the SHA-256 hash of the server's public key is the usual form.",
        },
        es: Prose {
            title: "el registro TLSA de {host} debería contener un certificado o una clave completos, pero no es así",
            here: "no es un certificado ni una clave",
            why: "El tipo de coincidencia 0 corresponde al propio certificado o a la propia clave, octeto a octeto. Estos datos no son ni lo uno ni lo otro, así que ningún servidor coincide con el registro. Si tampoco coincide otro registro TLSA de {host}, los servidores remitentes que usan DANE no entregan el correo.",
            fix: "Si los datos son un hash, escriba `1` (SHA-256) o `2` (SHA-512) como tercer número. La forma habitual es `3 1 1` con el hash SHA-256 de la clave pública del servidor.",
        },
        ja: Prose {
            title: "{host} のTLSAレコードのデータが、証明書または公開鍵の全体になっていません",
            here: "証明書でも公開鍵でもありません",
            why: "照合方式0では、証明書または公開鍵そのものをデータに書き、1オクテットずつ比べます。このデータはどちらでもないため、一致するサーバーはありません。{host} のほかのTLSAレコードにも一致しなければ、DANEを使う送信側は配送しません。",
            fix: "データがハッシュ値であれば、3番目の数値を `1`(SHA-256)または `2`(SHA-512)にしてください。通常は、サーバーの公開鍵のSHA-256を `3 1 1` で書きます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, record, tlsa) in records(evidence) {
        if tlsa.matching == 0 && !is_sequence(&tlsa.data) {
            findings.push(RULE.at([association_span(record)]).with("host", &host.host));
        }
    }
}

/// Are the octets one DER value of the type SEQUENCE, which both a certificate and a public key are (RFC 5280 section
/// 4.1)?
fn is_sequence(octets: &[u8]) -> bool {
    let (length, content) = match octets {
        [0x30, length @ 0..=0x7f, content @ ..] => (usize::from(*length), content),
        [0x30, 0x81, length, content @ ..] => (usize::from(*length), content),
        [0x30, 0x82, high, low, content @ ..] => (usize::from(*high) * 256 + usize::from(*low), content),
        _ => return false,
    };
    content.len() == length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_hash_and_half_a_certificate() {
        finds(
            &RULE,
            "
            @ MX 10 mx
            _25._tcp.mx TLSA 3 1 0 204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            _25._tcp.mx TLSA 3 0 0 30820102 00
                                   ^^^^^^^^^^^
            ",
        );
    }

    #[test]
    fn a_key() {
        clean(&RULE, &format!("@ MX 10 mx\n_25._tcp.mx TLSA 3 1 0 302a300506032b6570032100{}", "ab".repeat(32)));
        assert!(is_sequence(&[[0x30, 0x81, 200].as_slice(), &[0; 200]].concat()));
        assert!(is_sequence(&[[0x30, 0x82, 1, 0].as_slice(), &[0; 256]].concat()));
        assert!(!is_sequence(&[0x30]));
    }
}

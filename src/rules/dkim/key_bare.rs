//! An RSA key without the header that says what it is.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::records::dkim::public_key;
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys, publish};

pub static RULE: Rule = Rule {
    id: "dkim-key-bare",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.6.1", "IETF: Erratum 3017 of RFC 6376", "RFC 5280 section 4.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is a bare PKCS#1 key",
            here: "no SubjectPublicKeyInfo",
            why: "The text of the standard and its examples disagree about the form of a key. Every receiver reads the form of the examples (SubjectPublicKeyInfo, from `openssl rsa -pubout`); not all read this one.",
            fix: "Publish the same key as SubjectPublicKeyInfo.",
        },
        es: Prose {
            title: "la clave DKIM de {name} es una clave PKCS#1 sin envoltorio",
            here: "sin SubjectPublicKeyInfo",
            why: "El texto de la norma y sus ejemplos no coinciden en la forma de la clave. Todos leen la forma de los ejemplos (SubjectPublicKeyInfo, de `openssl rsa -pubout`); no todos leen esta.",
            fix: "Publique la misma clave como SubjectPublicKeyInfo.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵はPKCS#1形式のままの鍵です",
            here: "SubjectPublicKeyInfoがありません",
            why: "鍵の形式について、規格の本文と例は一致していません。例の形式(`openssl rsa -pubout` が出力するSubjectPublicKeyInfo)はどの受信側でも読めますが、この形式は読めない受信側があります。",
            fix: "同じ鍵をSubjectPublicKeyInfo形式で公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        if !matches!(key.key, PublicKey::Rsa { bits: 1024.., bare: true }) {
            continue;
        }
        let finding = at(&RULE, selector, key, key.key_range());
        let wrapped =
            public_key::decode(&key.txt.value[key.key_range()]).and_then(|octets| public_key::wrapped(&octets));
        findings.push(match wrapped {
            Some(wrapped) => publish(finding, selector, replaced(&key.txt.value, &key.key_range(), &wrapped)),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_bare_key() {
        let blank = " ".repeat("s._domainkey TXT \"p=".len());
        let zone = format!("s._domainkey TXT \"p={BARE_1024}\"\n{blank}{}", "^".repeat(BARE_1024.len()));
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, format!("p={RSA_1024}"));
    }

    #[test]
    fn a_wrapped_key() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\""));
    }
}

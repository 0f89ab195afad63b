//! A key out of a document.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::public_key;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-example",
    severity: Severity::Error,
    references: &["RFC 6376 appendix C", "RFC 8463 appendix A.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is the example of {document}",
            here: "not your key",
            why: "This key was copied out of a document. Your server does not have the private key, so its signatures with this selector fail; and where the document prints the private key, too, as the RFCs do, anyone can sign as your domain.",
            fix: "Publish the public key that your own mail server or sending service shows, or delete this record.",
        },
        es: Prose {
            title: "la clave DKIM de {name} es el ejemplo de {document}",
            here: "no es su clave",
            why: "Esta clave se copió de un documento. Su servidor no tiene la clave privada, así que sus firmas con este selector fallan; y si el documento también incluye la clave privada, como ocurre en las RFC, cualquiera puede firmar en nombre de su dominio.",
            fix: "Publique la clave pública que muestra su propio servidor de correo o servicio de envío, o elimine este registro.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵は {document} の例です",
            here: "お使いの鍵ではありません",
            why: "文書からコピーされた鍵です。お使いのサーバーには対応する秘密鍵がないため、このセレクターの署名は検証に失敗します。RFCのように秘密鍵も掲載されている場合は、誰でもお使いのドメインとして署名できます。",
            fix: "お使いのメールサーバーまたは送信サービスの示す公開鍵を公開するか、このレコードを削除してください。",
        },
    },
};

/// Keys in documents that people copy from, and these documents.
const EXAMPLES: [(&str, &str); 4] = [
    (
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5\
         ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
        "RFC 6376",
    ),
    (
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCN\
         b3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
        "RFC 8463",
    ),
    ("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "RFC 8463"),
    (
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDDmzRmJRQxLEuyYiyMg4suA2SyMwR5MGHpP9diNT1hRiwUd/mZp1ro7kIDTKS8ttkI6z6\
         eTRW9e9dDOxzSxNuXmume60Cjbu08gOyhPG3GfWdg7QkdN6kR4V75MFlw624VY35DaXBvnlTJTgRg/EW72O1DiYVThkyCgpSYS8nmEQIDAQAB",
        "Wikipedia",
    ),
];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence).into_iter().filter(|(_, key)| key.is_usable()) {
        let octets = key.tags.value("p").and_then(public_key::decode);
        let known = EXAMPLES.iter().find(|(example, _)| octets.is_some() && public_key::decode(example) == octets);
        if let Some((_, document)) = known {
            findings.push(at(&RULE, selector, key, key.key_range()).with("document", document));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::key_in;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_examples_are_keys() {
        for (key, document) in EXAMPLES {
            let kind = if key.len() < 50 { "ed25519" } else { "rsa" };
            assert!(key_in(&format!("k={kind}; p={key}")).is_usable(), "{document}");
        }
    }

    #[test]
    fn examples() {
        for (key, _) in EXAMPLES {
            let kind = if key.len() < 50 { "k=ed25519; " } else { "" };
            let front = format!("s._domainkey TXT \"{kind}p=");
            finds(&RULE, &format!("{front}{key}\"\n{}{}", " ".repeat(front.len()), "^".repeat(key.len())));
        }
    }

    #[test]
    fn keys_of_ones_own() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\"\nt._domainkey TXT \"k=ed25519; p={ED25519}\""));
    }
}

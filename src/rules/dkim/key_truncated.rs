//! The key is cut off.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::PublicKey;
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-truncated",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is cut off: {octets} of {expected} octets",
            here: "ends too early",
            why: "The key says how long it is, but a part of it is missing: it was lost in copying, or a panel cut the text at 255 characters. Receivers cannot use it: signatures with this selector fail.",
            fix: "Copy the whole key again. A text of more than 255 characters goes into several strings of one record; most panels do that on their own.",
        },
        es: Prose {
            title: "la clave DKIM de {name} está cortada: {octets} de {expected} octetos",
            here: "termina demasiado pronto",
            why: "La clave indica su longitud, y falta una parte; se perdió al copiarla, o un panel cortó el texto a los 255 caracteres. Los receptores no pueden usarla: las firmas con este selector fallan.",
            fix: "Copie la clave de nuevo, entera. Un texto de más de 255 caracteres se reparte en varias cadenas de un mismo registro; la mayoría de los paneles lo hace automáticamente.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵が途中で切れています({expected} オクテット中 {octets} オクテット)",
            here: "ここで切れています",
            why: "鍵に書かれた長さに対して一部が足りません。コピーの際に失われたか、管理画面が255文字で切り捨てています。受信側はこの鍵を使えず、このセレクターの署名は検証に失敗します。",
            fix: "鍵全体をもう一度コピーしてください。255文字を超えるテキストは1つのレコードの中で複数の文字列に分けます。多くの管理画面では自動で分けられます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        if let PublicKey::Truncated { octets, expected } = key.key {
            let end = key.key_range().end;
            let finding = at(&RULE, selector, key, end.saturating_sub(1)..end);
            findings.push(finding.with("octets", octets).with("expected", expected));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_end_is_lost() {
        let key = &RSA_1024[..150];
        let blank = " ".repeat("s._domainkey TXT \"p=".len() + 149);
        finds(&RULE, &format!("s._domainkey TXT \"p={key}\"\n{blank}^"));
    }

    #[test]
    fn a_whole_key() {
        clean(&RULE, &format!("s._domainkey TXT \"p={RSA_1024}\""));
    }
}

//! Semicolons between the tags are missing.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::{Damage, separated};
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, key_records, publish};

pub static RULE: Rule = Rule {
    id: "dkim-separator",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "semicolons are missing in the DKIM record at {name}",
            here: "`;` missing",
            why: "Tags are separated by semicolons. Receivers read everything up to the next semicolon as one value, and so find no key that they can use: signatures with this selector fail.",
            fix: "Put `;` between the tags, as in `v=DKIM1; k=rsa; p=...`.",
        },
        es: Prose {
            title: "faltan puntos y coma en el registro DKIM de {name}",
            here: "falta `;`",
            why: "Las etiquetas se separan con punto y coma. Los receptores leen todo hasta el siguiente punto y coma como un solo valor y no encuentran una clave utilizable: las firmas con este selector fallan.",
            fix: "Ponga `;` entre las etiquetas, como en `v=DKIM1; k=rsa; p=...`.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードにセミコロンが抜けています",
            here: "`;` がありません",
            why: "タグはセミコロンで区切ります。受信側は次のセミコロンまでを1つの値として読むため、使える鍵が見つからず、このセレクターの署名は検証に失敗します。",
            fix: "`v=DKIM1; k=rsa; p=...` のように、タグの間に `;` を入れてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in key_records(evidence) {
        let Some(Damage::NoSeparator(places)) = &key.damage else { continue };
        let finding = at_parts(&RULE, selector, key, places);
        let right = separated(&key.txt.value, places);
        findings.push(publish(finding, selector, right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn blanks_alone() {
        let zone = format!("s._domainkey TXT \"v=DKIM1 k=ed25519 p={ED25519}\"\n                         ^         ^");
        finds(&RULE, &zone);
        assert_eq!(findings(&RULE, &zone)[0].publish[0].value, format!("v=DKIM1; k=ed25519; p={ED25519}"));
    }

    #[test]
    fn semicolons_and_blanks_in_the_key() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1;k=rsa;p=MIIB AAAk =""#);
    }
}

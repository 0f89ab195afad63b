//! The key is marked as a test.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-testing",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM key at {name} is in test mode",
            here: "test mode",
            why: "With `t=y`, receivers may treat signed mail as if it were not signed. The flag is meant for the first days of a new key.",
            fix: "Delete the `y` from `t=` when signing works.",
        },
        es: Prose {
            title: "la clave DKIM de {name} está en modo de prueba",
            here: "modo de prueba",
            why: "Con `t=y`, los receptores pueden tratar el correo firmado como si no lo estuviera. La marca es para los primeros días de una clave nueva.",
            fix: "Elimine la `y` de `t=` cuando la firma funcione.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵はテストモードです",
            here: "テストモードです",
            why: "`t=y` があると、受信側は署名されたメールを署名のないものとして扱うことがあります。新しい鍵を使い始めた直後のための印です。",
            fix: "署名が正しく動作していることを確認したら、`t=` から `y` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence).into_iter().filter(|(_, key)| key.is_usable()) {
        let Some(tag) = key.tags.find("t") else { continue };
        if key.tags.value_of(tag).split(':').any(|flag| flag.trim() == "y") {
            findings.push(at(&RULE, selector, key, tag.range.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn among_flags() {
        finds(
            &RULE,
            &format!("s._domainkey TXT \"k=ed25519; t=s:y; p={ED25519}\"\n                             ^^^^^"),
        );
    }

    #[test]
    fn other_flags() {
        clean(&RULE, &format!("s._domainkey TXT \"k=ed25519; t=s; p={ED25519}\""));
    }
}

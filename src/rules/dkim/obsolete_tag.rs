//! The tag `g=`, which is not used any more.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-obsolete-tag",
    severity: Severity::Advice,
    references: &["RFC 6376 appendix C.2", "RFC 4871 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record at {name} contains the obsolete tag g=",
            here: "no longer used",
            why: "`g=` once said which mailboxes a key is for. The standard dropped it in 2011; a receiver that still reads it refuses signatures of all other mailboxes.",
            fix: "Delete the tag `g=`.",
        },
        es: Prose {
            title: "el registro DKIM de {name} contiene la etiqueta obsoleta g=",
            here: "ya no se usa",
            why: "`g=` indicaba para qué buzones vale la clave. La norma la eliminó en 2011; un receptor que aún la lea rechazará las firmas de los demás buzones.",
            fix: "Elimine la etiqueta `g=`.",
        },
        ja: Prose {
            title: "{name} のDKIMレコードに廃止されたタグ `g=` があります",
            here: "すでに廃止されています",
            why: "`g=` は鍵を使えるメールボックスを示すタグで、2011年に規格から削除されました。今も読む受信側では、それ以外のメールボックスの署名が拒否されます。",
            fix: "タグ `g=` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        // RFC 4871 section 3.6.1: `*`, which is the default, is for all.
        if let Some(tag) = key.tags.find("g").filter(|tag| key.tags.value_of(tag) != "*") {
            findings.push(at(&RULE, selector, key, tag.range.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn one_mailbox() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; g=joe; p=MIIB"
                                       ^^^^^
            "#,
        );
    }

    #[test]
    fn all_mailboxes() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; g=*; p=MIIB""#);
    }
}

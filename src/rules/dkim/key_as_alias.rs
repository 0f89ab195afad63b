//! The text of a key stands in a CNAME record.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{is_key_text, own_aliases};

pub static RULE: Rule = Rule {
    id: "dkim-key-as-alias",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1", "RFC 1034 section 3.6.2"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} contains the text of a key",
            here: "a key, not a name",
            why: "A CNAME leads to a name; the text of a key belongs in a TXT record. Receivers look for a host of that name and find no key, so signatures with this selector fail.",
            fix: "Delete the CNAME and publish the same text as a TXT record. Copy the key once more from where it was generated: DNS names do not distinguish capital from small letters.",
        },
        es: Prose {
            title: "el CNAME de {name} contiene el texto de una clave",
            here: "una clave, no un nombre",
            why: "Un CNAME apunta a un nombre; el texto de una clave va en un registro TXT. Los receptores buscan un host con ese nombre y no encuentran clave, así que las firmas con este selector fallan.",
            fix: "Elimine el CNAME y publique el mismo texto como registro TXT. Copie otra vez la clave de donde se generó: los nombres DNS no distinguen entre mayúsculas y minúsculas.",
        },
        ja: Prose {
            title: "{name} のCNAMEに鍵のテキストが入っています",
            here: "名前ではなく鍵です",
            why: "CNAMEは別の名前を指すレコードで、鍵のテキストはTXTレコードに書きます。受信側はその名前のホストを探しますが鍵は見つからず、このセレクターの署名は検証に失敗します。",
            fix: "CNAMEを削除し、同じテキストをTXTレコードとして公開してください。DNSの名前では大文字と小文字が区別されないため、鍵は生成元からもう一度コピーしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, alias, _) in own_aliases(evidence).into_iter().filter(|(.., target)| is_key_text(target)) {
        findings.push(RULE.at([alias.data_span()]).with("name", &selector.asked.answer.question.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_key_as_target() {
        finds(
            &RULE,
            r#"
            s._domainkey CNAME v=DKIM1\;\032k=rsa\;\032p=MIIB
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_name() {
        clean(&RULE, "s._domainkey CNAME s.dkim.vendor.test.");
    }
}

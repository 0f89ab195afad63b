//! The CNAME of a selector leads to a template that was not filled in.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{own_aliases, targets::is_placeholder};

pub static RULE: Rule = Rule {
    id: "dkim-target-placeholder",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} contains a placeholder",
            here: "not filled in",
            why: "The target `{target}` is a pattern from a set of instructions, not a name. No key can be found, so signatures with this selector fail.",
            fix: "Enter the target that the sending service shows for your domain. Microsoft 365 shows it in the Defender portal, under Email authentication settings, DKIM.",
        },
        es: Prose {
            title: "el CNAME de {name} contiene un texto de ejemplo",
            here: "sin rellenar",
            why: "El destino `{target}` es un modelo tomado de unas instrucciones, no un nombre. No se encuentra ninguna clave, así que las firmas con este selector fallan.",
            fix: "Escriba el destino que el servicio de envío muestra para su dominio. Microsoft 365 lo muestra en el portal de Defender, en «Configuración de autenticación de correo electrónico», DKIM.",
        },
        ja: Prose {
            title: "{name} のCNAMEに記入例の文字が残っています",
            here: "記入されていません",
            why: "参照先の `{target}` は手順書のひな型で、実際の名前ではありません。鍵が見つからず、このセレクターの署名は検証に失敗します。",
            fix: "送信サービスがお使いのドメイン用に表示する値を書いてください。Microsoft 365では、Defenderポータルの「メールの認証の設定」のDKIMに表示されます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, alias, target) in
        own_aliases(evidence).into_iter().filter(|(.., target)| is_placeholder(target, &evidence.domain))
    {
        let finding = RULE.at([alias.data_span()]).with("name", &selector.asked.answer.question.name);
        findings.push(finding.with("target", target));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn angle_brackets() {
        finds(
            &RULE,
            r#"
            selector1._domainkey CNAME selector1-<domain>._domainkey.<tenant>.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn names_of_instructions() {
        finds(
            &RULE,
            r#"
            selector1._domainkey CNAME selector1-domain-com._domainkey.contoso.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            selector2._domainkey CNAME selector2-example-test._domainkey.yourtenant.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_real_name() {
        clean(&RULE, "selector1._domainkey CNAME selector1-example-test._domainkey.x.onmicrosoft.com.");
    }
}

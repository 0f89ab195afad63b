//! The second selector of a provider has no key yet.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{is_idle, is_lost_alias, own_aliases};

pub static RULE: Rule = Rule {
    id: "dkim-alias-idle",
    severity: Severity::Advice,
    references: &["Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} leads to a name that has no key yet",
            here: "no key at its end",
            why: "The provider signs with its other selector, whose key is there. It creates the key for this one when it rotates keys; if the target is mistyped, signatures fail from then on.",
            fix: "Compare `{target}` with the value in the panel of the provider. If they are the same, nothing needs to be done.",
        },
        es: Prose {
            title: "el CNAME de {name} lleva a un nombre que aún no tiene clave",
            here: "sin clave al final",
            why: "El proveedor firma con su otro selector, cuya clave existe. Creará la clave de este cuando cambie de clave; si el destino está mal escrito, las firmas fallarán a partir de entonces.",
            fix: "Compare `{target}` con el valor del panel del proveedor. Si coinciden, no hay que hacer nada.",
        },
        ja: Prose {
            title: "{name} のCNAMEの先にはまだ鍵がありません",
            here: "この先に鍵がありません",
            why: "プロバイダーは、鍵のあるもう一方のセレクターで署名しています。このセレクターの鍵は次の鍵の更新時に作られますが、参照先を書き間違えていると、その時点から署名の検証に失敗します。",
            fix: "`{target}` をプロバイダーの管理画面の値と比べてください。同じであれば対処は不要です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, alias, target) in own_aliases(evidence) {
        if is_lost_alias(evidence, selector) && is_idle(evidence, selector) {
            let finding = RULE.at([alias.data_span()]).with("name", &selector.asked.answer.question.name);
            findings.push(finding.with("target", target));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_other_selector_is_in_use() {
        finds(
            &RULE,
            &format!(
                "selector1._domainkey CNAME selector1-a._domainkey.x.onmicrosoft.com.\n\
                 selector2._domainkey CNAME selector2-a._domainkey.x.onmicrosoft.com.\n{}{}\n\
                 selector1-a._domainkey.x.onmicrosoft.com. TXT \"p={RSA_1024}\"",
                " ".repeat(27),
                "^".repeat(41),
            ),
        );
    }

    #[test]
    fn both_without_a_key() {
        let alias = |n| format!("selector{n}._domainkey CNAME selector{n}-a._domainkey.x.onmicrosoft.com.");
        clean(&RULE, &format!("{}\n{}", alias(1), alias(2)));
    }
}

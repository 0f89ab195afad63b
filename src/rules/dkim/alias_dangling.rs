//! The CNAME of a selector leads to a name without a key.

use crate::dns::Outcome;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dkim::{is_idle, is_lost_alias, own_aliases};

pub static RULE: Rule = Rule {
    id: "dkim-alias-dangling",
    severity: Severity::Error,
    references: &["RFC 6376 section 6.1.2", "Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} leads to nothing",
            here: "{state}",
            why: "Receivers follow the CNAME to `{target}` and find no key, so signatures with this selector fail. Either the target is mistyped, or the sending service has not created the key yet, or the service is no longer in use.",
            fix: "Compare the target with the value that the sending service shows for your domain, and turn DKIM on there. In Microsoft 365 the keys are created in the Defender portal, under Email authentication settings, DKIM. If the service is no longer in use, delete the CNAME.",
        },
        es: Prose {
            title: "el CNAME de {name} no lleva a ninguna parte",
            here: "{state}",
            why: "Los receptores siguen el CNAME hasta `{target}` y no encuentran ninguna clave, así que las firmas con este selector fallan. O el destino está mal escrito, o el servicio de envío aún no ha creado la clave, o el servicio ya no se usa.",
            fix: "Compare el destino con el valor que el servicio de envío muestra para su dominio y active DKIM allí. En Microsoft 365 las claves se crean en el portal de Defender, en «Configuración de autenticación de correo electrónico», DKIM. Si ya no usa el servicio, elimine el CNAME.",
        },
        ja: Prose {
            title: "{name} のCNAMEの先に鍵がありません",
            here: "{state}",
            why: "受信側はCNAMEをたどって `{target}` を調べますが、鍵が見つからないため、このセレクターの署名は検証に失敗します。参照先の書き間違い、送信サービス側で鍵がまだ作られていない、サービスをもう使っていない、のいずれかです。",
            fix: "送信サービスがお使いのドメイン用に表示する値と比べ、サービス側でDKIMを有効にしてください。Microsoft 365では、Defenderポータルの「メールの認証の設定」のDKIMで鍵を作成します。サービスを使っていない場合はCNAMEを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let lost = own_aliases(evidence).into_iter().filter(|(selector, ..)| is_lost_alias(evidence, selector));
    for (selector, alias, _) in lost.filter(|(selector, ..)| !is_idle(evidence, selector)) {
        let answer = &selector.asked.answer;
        let finding = RULE.at([alias.data_span()]).with("name", &answer.question.name);
        let finding = finding.with("target", answer.final_name());
        findings.push(finding.with_words("state", state(&answer.outcome)));
    }
}

fn state(outcome: &Outcome) -> Words {
    match outcome {
        Outcome::NxDomain => Words { en: "does not exist", es: "no existe", ja: "存在しない名前です" },
        _ => Words { en: "has no TXT record", es: "no tiene registro TXT", ja: "TXTレコードがありません" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn no_key_at_the_end() {
        finds(
            &RULE,
            r#"
            s1._domainkey CNAME s1.dkim.vendor.test.
                                ^^^^^^^^^^^^^^^^^^^^
            s2._domainkey CNAME s2.dkim.vendor.test.
                                ^^^^^^^^^^^^^^^^^^^^
            s2.dkim.vendor.test. A 192.0.2.1
            "#,
        );
    }

    #[test]
    fn a_key_at_the_end() {
        clean(&RULE, "s1._domainkey CNAME s1.dkim.vendor.test.\ns1.dkim.vendor.test. TXT \"p=\"");
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        for evidence in offline_evidence("s1._domainkey CNAME s1.dkim.vendor.test.\n") {
            (RULE.check)(&evidence, &mut found);
        }
        assert!(found.is_empty(), "{found:#?}");
    }
}

//! The CNAME of a selector leads to a name without a key.

use crate::dns::Outcome;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dkim::{is_idle, is_lost_alias, microsoft, own_aliases};

pub static RULE: Rule = Rule {
    id: "dkim-alias-dangling",
    severity: Severity::Error,
    references: &["RFC 6376 section 6.1.2", "Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} leads to nothing",
            here: "{state}",
            why: "Receivers follow the CNAME to `{target}` and find no key, so signatures with this selector fail. {cause}",
            fix: "{cure} If the service is no longer in use, delete the CNAME.",
        },
        es: Prose {
            title: "el CNAME de {name} no lleva a ninguna parte",
            here: "{state}",
            why: "Los receptores siguen el CNAME hasta `{target}` y no encuentran ninguna clave, así que las firmas con este selector fallan. {cause}",
            fix: "{cure} Si ya no usa el servicio, elimine el CNAME.",
        },
        ja: Prose {
            title: "{name} のCNAMEの先に鍵がありません",
            here: "{state}",
            why: "受信側はCNAMEをたどって `{target}` を調べますが、鍵が見つからないため、このセレクターの署名は検証に失敗します。{cause}",
            fix: "{cure}サービスを使っていない場合はCNAMEを削除してください。",
        },
    },
};

const CAUSE: Words = Words {
    en: "Either the target is mistyped, or the sending service has not created the key yet, or the service is no longer in use.",
    es: "El destino está mal escrito, el servicio de envío aún no ha creado la clave o el servicio ya no se usa.",
    ja: "参照先の書き間違い、送信サービス側で鍵がまだ作られていない、サービスをもう使っていない、のいずれかです。",
};

const CURE: Words = Words {
    en: "Compare the target with the value that the sending service shows for your domain, and turn DKIM on there.",
    es: "Compare el destino con el valor que el servicio de envío muestra para su dominio y active DKIM allí.",
    ja: "送信サービスがお使いのドメイン用に表示する値と比べ、サービス側でDKIMを有効にしてください。",
};

const MICROSOFT_CAUSE: Words = Words {
    en: "Microsoft 365 puts a key there as soon as the keys of this domain are created, so either they never were, or the target is not the one of this domain: another tenant, another domain, or a slip.",
    es: "Microsoft 365 pone allí una clave en cuanto se crean las claves de este dominio, así que o bien nunca se crearon, o bien el destino no es el de este dominio: otro inquilino (tenant), otro dominio o una errata.",
    ja: "Microsoft 365は、このドメインの鍵を作成した時点でこの名前に鍵を置きます。鍵が一度も作られていないか、別のテナントや別のドメインの値、書き間違いなど、このドメインの値ではないかのどちらかです。",
};

const MICROSOFT_CURE: Words = Words {
    en: "Open this domain in the Defender portal, under Email authentication settings, DKIM. If it has no keys yet, create them there, or run `New-DkimSigningConfig` for the domain in Exchange Online PowerShell. Then compare the target with the one that is shown, and turn signing on.",
    es: "Abra este dominio en el portal de Defender, en «Configuración de autenticación de correo electrónico», DKIM. Si aún no tiene claves, créelas allí o ejecute `New-DkimSigningConfig` para el dominio en Exchange Online PowerShell. Después compare el destino con el que se muestra y active la firma.",
    ja: "Defenderポータルの「メールの認証の設定」のDKIMでこのドメインを開いてください。鍵がまだなければそこで作成するか、Exchange Online PowerShellでこのドメインに対して `New-DkimSigningConfig` を実行します。その後、表示される値と比べて、署名を有効にしてください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let lost = own_aliases(evidence).into_iter().filter(|(selector, ..)| is_lost_alias(evidence, selector));
    for (selector, alias, _) in lost.filter(|(selector, ..)| !is_idle(evidence, selector)) {
        let answer = &selector.asked.answer;
        let finding = RULE.at([alias.data_span()]).with("name", &answer.question.name);
        let finding = finding.with("target", answer.final_name());
        let (cause, cure) = match alias.target().is_some_and(microsoft::is_target) {
            true => (MICROSOFT_CAUSE, MICROSOFT_CURE),
            false => (CAUSE, CURE),
        };
        let finding = finding.with_words("cause", cause).with_words("cure", cure);
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
    use crate::lang::Value;
    use crate::testing::{clean, findings, finds, offline_evidence};

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
    fn microsoft_makes_keys_when_it_is_told_to() {
        let alias = |target| format!("selector1._domainkey CNAME {target}\n");
        let said = |target| findings(&RULE, &alias(target))[0].values.contains(&("cure", Value::Words(MICROSOFT_CURE)));
        assert!(said("selector1-example-test._domainkey.x.onmicrosoft.com."));
        assert!(!said("s1.dkim.vendor.test."));
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

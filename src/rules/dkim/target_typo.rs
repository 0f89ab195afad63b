//! The CNAME of a selector leads to a mistyped name.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dkim::targets::Slip;
use crate::rules::dkim::{own_aliases, targets};
use crate::rules::zone;

pub static RULE: Rule = Rule {
    id: "dkim-target-typo",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1", "Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} leads to a mistyped name: {slip}",
            here: "should be {right}",
            why: "There is no key at `{target}`, or not the one that this selector signs with: signatures fail at every receiver.",
            fix: "Point the CNAME to `{right}`. The panel of {provider} shows the exact value (in Microsoft 365: the Defender portal, under Email authentication settings, DKIM).",
        },
        es: Prose {
            title: "el CNAME de {name} apunta a un nombre mal escrito: {slip}",
            here: "debería ser {right}",
            why: "En `{target}` no hay ninguna clave, o no la que usa este selector para firmar: las firmas fallan en todos los receptores.",
            fix: "Haga que el CNAME apunte a `{right}`. El valor exacto lo muestra {provider} en su panel (en Microsoft 365, el portal de Defender, en «Configuración de autenticación de correo electrónico», DKIM).",
        },
        ja: Prose {
            title: "{name} のCNAMEが指す名前に誤りがあります: {slip}",
            here: "正しくは {right} です",
            why: "`{target}` には鍵がないか、このセレクターの署名に使う鍵ではないため、どの受信側でも署名の検証に失敗します。",
            fix: "CNAMEの値を `{right}` にしてください。正確な値は {provider} の管理画面で確認できます(Microsoft 365では、Defenderポータルの「メールの認証の設定」のDKIM)。",
        },
    },
};

const SERVICE: Words = Words { en: "the sending service", es: "el servicio de envío", ja: "送信サービス" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, alias, target) in own_aliases(evidence) {
        let answer = &selector.asked.answer;
        let absent = answer.is_absent();
        let intended = zone::intended(alias);
        let Some(fault) = targets::fault(&evidence.domain, &selector.name, target, intended, absent) else { continue };
        let name = &answer.question.name;
        let finding =
            RULE.at([alias.data_span()]).with("name", name).with("target", target).with("right", &fault.right);
        let finding = match fault.provider {
            Some(provider) => finding.with("provider", &provider.name),
            None => finding.with_words("provider", SERVICE),
        };
        let finding = finding.with_words("slip", slip(fault.slip));
        findings.push(if fault.is_certain() { finding.publish(name, Kind::CNAME, fault.right) } else { finding });
    }
}

fn slip(slip: Slip) -> Words {
    match slip {
        Slip::Appended => Words {
            en: "the domain was appended, because a final dot is missing",
            es: "se le añadió el dominio por faltar el punto final",
            ja: "末尾のドットがなく、ドメイン名が付け足されています",
        },
        Slip::OwnDomain => Words {
            en: "your own domain is written where that of the provider belongs",
            es: "figura su propio dominio en lugar del dominio del proveedor",
            ja: "プロバイダーのドメインを書くべきところに、お使いのドメインが書かれています",
        },
        Slip::Suffix => Words {
            en: "the domain of the provider is misspelt",
            es: "el dominio del proveedor está mal escrito",
            ja: "プロバイダーのドメインの綴りが違います",
        },
        Slip::Part => {
            Words {
                en: "a part of it is misspelt", es: "una parte está mal escrita", ja: "名前の一部の綴りが違います"
            }
        }
        Slip::Dots => Words {
            en: "there are dots where hyphens belong",
            es: "hay puntos donde deben ir guiones",
            ja: "ハイフンにすべきところがドットになっています",
        },
        Slip::Label => Words {
            en: "`_domainkey` is misspelt",
            es: "`_domainkey` está mal escrito",
            ja: "`_domainkey` の綴りが違います",
        },
        Slip::Crossed => Words {
            en: "it is the key of the other selector",
            es: "es la clave del otro selector",
            ja: "もう一方のセレクターの鍵を指しています",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence};

    #[test]
    fn the_key_of_the_other_selector() {
        let zone = r#"
            selector1._domainkey CNAME selector2-example-test._domainkey.x.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let publish = &findings(&RULE, zone)[0].publish[0];
        assert_eq!(publish.value, "selector1-example-test._domainkey.x.onmicrosoft.com");
    }

    #[test]
    fn without_the_final_dot() {
        let zone = "selector1._domainkey CNAME selector1-example-test._domainkey.x.onmicrosoft.com\n";
        let mut found = findings(&RULE, zone);
        (RULE.check)(&live_evidence(zone, &["selector1"]), &mut found);
        let values: Vec<&str> = found.iter().map(|finding| finding.publish[0].value.as_str()).collect();
        assert_eq!(values, ["selector1-example-test._domainkey.x.onmicrosoft.com"; 2]);
    }

    #[test]
    fn what_is_not_known_is_not_published() {
        let zone = r#"
            selector1._domainkey CNAME selector1-example.test._domainkey.x.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert!(findings(&RULE, zone)[0].publish.is_empty());
    }

    #[test]
    fn a_right_target() {
        clean(&RULE, "selector1._domainkey CNAME selector1-example-test._domainkey.x.n-v1.dkim.mail.microsoft.");
    }
}

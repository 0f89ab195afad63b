//! The two selectors of Microsoft 365 lead to keys of two domains.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{is_lost_alias, microsoft};

pub static RULE: Rule = Rule {
    id: "dkim-tokens-differ",
    severity: Severity::Warning,
    references: &["Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the two DKIM targets of {domain} in Microsoft 365 do not belong together: {tokens}",
            here: "not the same domain",
            why: "Microsoft 365 names both keys of a domain alike, and these two targets are named differently. One of them is mistyped or belongs to another domain: signatures with that selector fail, at the latest when Microsoft 365 changes from one key to the other.",
            fix: "Copy both targets from the Defender portal, under Email authentication settings, DKIM, {domain}.",
        },
        es: Prose {
            title: "los dos destinos DKIM de {domain} en Microsoft 365 no van juntos: {tokens}",
            here: "no es el mismo dominio",
            why: "Microsoft 365 da el mismo nombre a las dos claves de un dominio, y estos dos destinos se llaman de forma distinta. Uno de ellos está mal escrito o es de otro dominio: las firmas con ese selector fallan, como muy tarde cuando Microsoft 365 pase de una clave a la otra.",
            fix: "Copie ambos destinos del portal de Defender, en «Configuración de autenticación de correo electrónico», DKIM, {domain}.",
        },
        ja: Prose {
            title: "Microsoft 365にある {domain} の2つのDKIMの参照先が対になっていません: {tokens}",
            here: "ドメインが一致していません",
            why: "Microsoft 365では、1つのドメインの2つの鍵に同じ名前が付きますが、この2つの参照先は名前が異なります。一方は書き間違いか、別のドメインのものです。そのセレクターの署名は、遅くともMicrosoft 365が鍵を切り替えた時点で検証に失敗します。",
            fix: "Defenderポータルの「メールの認証の設定」のDKIMで {domain} を選び、両方の値をコピーしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let aliases = microsoft::aliases(evidence);
    // Of one that leads to nothing, another rule says so.
    if !microsoft::tokens_differ(evidence) || aliases.iter().any(|alias| is_lost_alias(evidence, alias.selector)) {
        return;
    }
    let mut tokens: Vec<String> = aliases.iter().map(|alias| format!("`{}`", alias.token)).collect();
    tokens.dedup();
    let finding = RULE.at(aliases.iter().map(|alias| alias.record.data_span()));
    findings.push(finding.with("domain", &evidence.domain).with("tokens", tokens.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    const KEYS: &str = "selector1-example-tset._domainkey.x.onmicrosoft.com. TXT \"v=DKIM1; p=\"\n\
                        selector2-example-test._domainkey.x.onmicrosoft.com. TXT \"v=DKIM1; p=\"\n";

    #[test]
    fn one_of_two_is_mistyped() {
        finds(
            &RULE,
            &format!(
                "selector1._domainkey CNAME selector1-example-tset._domainkey.x.onmicrosoft.com.\n\
                 {:27}{:^<52}\n\
                 selector2._domainkey CNAME selector2-example-test._domainkey.x.onmicrosoft.com.\n\
                 {:27}{:^<52}\n{KEYS}",
                "", "", "", ""
            ),
        );
    }

    #[test]
    fn the_records_alone_tell() {
        let alias =
            |n, token| format!("selector{n}._domainkey CNAME selector{n}-{token}._domainkey.x.onmicrosoft.com.\n");
        let count = |zone: &str| {
            let mut found = Vec::new();
            offline_evidence(zone).iter().for_each(|evidence| check(evidence, &mut found));
            found.len()
        };
        assert_eq!(count(&(alias(1, "a-com") + &alias(2, "b-com"))), 1);
        assert_eq!(count(&(alias(1, "a-com01be2e") + &alias(2, "a-com01be2e"))), 0);
    }

    #[test]
    fn two_forms_may_have_two_names() {
        clean(
            &RULE,
            "selector1._domainkey CNAME selector1-a._domainkey.x.onmicrosoft.com.\n\
             selector2._domainkey CNAME selector2-a01._domainkey.x.n-v1.dkim.mail.microsoft.\n\
             selector1-a._domainkey.x.onmicrosoft.com. TXT \"v=DKIM1; p=\"\n\
             selector2-a01._domainkey.x.n-v1.dkim.mail.microsoft. TXT \"v=DKIM1; p=\"\n",
        );
    }
}

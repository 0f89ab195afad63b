//! A target in Microsoft 365 that was made for another domain.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dkim::{is_lost_alias, microsoft};

pub static RULE: Rule = Rule {
    id: "dkim-target-other-domain",
    severity: Severity::Advice,
    references: &["Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} seems to lead to the key of another domain: `{token}`",
            here: "made for {domain}?",
            why: "Microsoft 365 makes a key of its own for each domain, and the target begins with the selector and the domain, as a rule. This one does not show {domain}; if it is the key of another domain, signatures with this selector fail.",
            fix: "Compare the target with the one that the Defender portal shows for {domain}, under Email authentication settings, DKIM. If they are the same, nothing needs to be done.",
        },
        es: Prose {
            title: "el CNAME de {name} parece llevar a la clave de otro dominio: `{token}`",
            here: "¿es el de {domain}?",
            why: "Microsoft 365 crea una clave propia para cada dominio, y el destino suele empezar por el selector y el dominio. En este no aparece {domain}; si es la clave de otro dominio, las firmas con este selector fallan.",
            fix: "Compare el destino con el que el portal de Defender muestra para {domain}, en «Configuración de autenticación de correo electrónico», DKIM. Si coinciden, no hay que hacer nada.",
        },
        ja: Prose {
            title: "{name} のCNAMEは別のドメインの鍵を指しているようです: `{token}`",
            here: "{domain} 用の値か確認が必要です",
            why: "Microsoft 365はドメインごとに別の鍵を作り、参照先は通常、セレクターとドメイン名で始まります。この値には {domain} が含まれていません。別のドメインの鍵であれば、このセレクターの署名は検証に失敗します。",
            fix: "Defenderポータルの「メールの認証の設定」のDKIMで {domain} に表示される値と比べてください。同じであれば対処は不要です。",
        },
    },
};

/// Of longer names only a part may stand in the target, as a label has 63 octets at most.
const MAX_DOMAIN: usize = 40;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for alias in microsoft::aliases(evidence) {
        if is_of_another_domain(alias.token, &evidence.domain) && !is_lost_alias(evidence, alias.selector) {
            let finding = RULE.at([alias.record.data_span()]).with("name", &alias.selector.asked.answer.question.name);
            findings.push(finding.with("token", alias.token).with("domain", &evidence.domain));
        }
    }
}

/// The token may leave out the hyphens of the domain and go on behind it: `examplecom01b` for `ex-ample.com`. It is of
/// another domain where not even the name that was registered is in it, or where it is that of a tenant itself.
fn is_of_another_domain(token: &str, domain: &Name) -> bool {
    let registered = domain.registered_domain();
    let own = letters(registered.first_label());
    let known = domain.as_str().len() <= MAX_DOMAIN && !domain.as_str().contains("xn--") && !own.is_empty();
    let initial = |text: &str| text.contains("onmicrosoft");
    known && (!letters(token).contains(&own) || (initial(token) && !initial(domain.as_str())))
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn another_domain() {
        finds(
            &RULE,
            r#"
            selector1._domainkey CNAME selector1-fabrikam-com._domainkey.contoso.onmicrosoft.com.
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            selector1-fabrikam-com._domainkey.contoso.onmicrosoft.com. TXT "v=DKIM1; p="
            "#,
        );
    }

    #[test]
    fn tokens() {
        let is_other = |token, domain: &str| is_of_another_domain(token, &Name::parse(domain).expect("a name"));
        assert!(is_other("contoso-onmicrosoft-com", "contoso.com"));
        let right = [
            ("contoso-com01be2e", "contoso.com"),
            ("aytovilla-example01b", "ayto-villa.example"),
            ("ville-montbleu-qc-example02e", "ville.mont-bleu.qc.example"),
            ("contoso-com", "news.contoso.com"),
            ("contoso-onmicrosoft-com", "contoso.onmicrosoft.com"),
            ("xnbcherkva-example", "xn--bcher-kva.example"),
        ];
        for (token, domain) in right {
            assert!(!is_other(token, domain), "{token} at {domain}");
        }
    }

    #[test]
    fn the_domain_itself() {
        clean(&RULE, "selector1._domainkey CNAME selector1-example-test01b._domainkey.other.onmicrosoft.com.");
    }
}

//! A provider that sends for the domain finds none of its selectors in order, so it cannot sign as the domain.

use crate::dns::Answer;
use crate::evaluate::senders::{Tristate, coverage};
use crate::evidence::{Evidence, Who};
use crate::finding::{Aspect, Finding, Severity};
use crate::lang::{Prose, Text};
use crate::providers::Provider;
use crate::rules::Rule;
use crate::rules::auth::neither_spf_nor_dkim;
use crate::rules::dkim;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "auth-provider-cannot-sign",
    severity: Severity::Warning,
    references: &[
        "Yahoo: SMTP Error Codes",
        "Google: Email sender guidelines",
        "Microsoft Learn: Set up DKIM to sign mail from your Microsoft 365 domain",
    ],
    check,
    text: Text {
        en: Prose {
            title: "{provider} cannot sign as {domain}: none of its DKIM selectors works",
            here: "no key that works",
            why: "{provider} signs for {domain} with these selectors only. As long as no receiver finds a key at them, it signs with a domain of its own or not at all, and that counts for nothing in the name of {domain}. Yahoo and others demand DKIM of those who send much mail.",
            fix: "Mend the records of these selectors; what is wrong with each is told in findings of their own. Then turn DKIM on for {domain} at {provider}.",
        },
        es: Prose {
            title: "{provider} no puede firmar como {domain}: ninguno de sus selectores DKIM funciona",
            here: "ninguna clave que funcione",
            why: "{provider} firma por {domain} solo con estos selectores. Mientras ningún receptor encuentre una clave en ellos, firma con un dominio suyo o no firma, y eso no cuenta en nombre de {domain}. Yahoo y otros exigen DKIM a quien envía mucho correo.",
            fix: "Corrija los registros de estos selectores; lo que falla en cada uno se indica en otros hallazgos. Después, active DKIM para {domain} en {provider}.",
        },
        ja: Prose {
            title: "{provider} は {domain} として署名できません: DKIMのセレクターがどれも機能していません",
            here: "使える鍵がありません",
            why: "{provider} が {domain} の署名に使うセレクターはこれだけです。受信側がここで公開鍵を見つけられない間は、{provider} 自身のドメインで署名されるか、まったく署名されず、{domain} の署名としては扱われません。Yahooなどは大量送信者にDKIMを必須としています。",
            fix: "これらのセレクターのレコードを修正してください(それぞれの問題は個別の項目で示しています)。その後、{provider} の管理画面で {domain} のDKIMを有効にしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if !neither_spf_nor_dkim::may_be_judged(evidence) {
        return;
    }
    for coverage in coverage(evidence).into_iter().filter(|coverage| coverage.dkim == Tristate::No) {
        let Who::Provider(provider) = coverage.sender.who else { continue };
        if !dkim::is_told_or_left_to_others(evidence, provider) {
            findings.push(finding(evidence, provider));
        }
    }
}

fn finding(evidence: &Evidence, provider: &'static Provider) -> Finding {
    let is_fixed = |name: &str| provider.selector.iter().any(|own| own.fixed && own.name == name);
    let selectors = evidence.dkim.selectors.iter().filter(|selector| is_fixed(&selector.name));
    let finding = RULE.at(selectors.flat_map(|selector| places(&selector.asked.answer)));
    finding.with("provider", &provider.name).with("domain", &evidence.domain).resting_on(&[Aspect::Dkim])
}

/// The alias where there is one: what is behind it is another's.
fn places(answer: &Answer) -> Vec<Span> {
    match answer.aliases.first() {
        Some(alias) => vec![alias.span()],
        None => answer.spans(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    const MX: &str = "@ MX 0 example-test.mail.protection.outlook.com.\n\
                      @ TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n\
                      spf.protection.outlook.com. TXT \"v=spf1 ip4:40.92.0.0/15 -all\"\n";
    const KEY: &str = "TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"";

    #[test]
    fn both_at_doubled_names() {
        finds(
            &RULE,
            r#"
            @ MX 0 example-test.mail.protection.outlook.com.
            @ TXT "v=spf1 include:spf.protection.outlook.com -all"
            selector1._domainkey.example.test CNAME selector1-example-test._domainkey.e.onmicrosoft.com.
            selector2._domainkey.example.test CNAME selector2-example-test._domainkey.e.onmicrosoft.com.
            ?
            "#,
        );
    }

    #[test]
    fn one_that_works_is_enough_and_none_at_all_is_another_matter() {
        clean(
            &RULE,
            &format!("{MX}selector1._domainkey {KEY}\nselector2._domainkey.example.test CNAME x.example.org."),
        );
        assert!(findings(&RULE, &format!("{MX}s1._domainkey {KEY}")).is_empty());
    }
}

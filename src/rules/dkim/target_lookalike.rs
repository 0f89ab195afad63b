//! The CNAME of a selector leads to a name near one of a provider's, and nobody knows whether there is a key.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::dkim::{own_aliases, targets};
use crate::rules::zone;

pub static RULE: Rule = Rule {
    id: "dkim-target-lookalike",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.6.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME of {name} looks misspelt: did you mean `{right}`, of {provider}?",
            here: "did you mean `{right}`?",
            why: "If there is no key at `{target}`, signatures with this selector fail at every receiver. If the name belongs to a stranger, the stranger can sign as your domain.",
            fix: "If {provider} signs with this selector, point the CNAME to `{right}`.",
        },
        es: Prose {
            title: "el CNAME de {name} parece mal escrito: ¿quiso decir `{right}`, de {provider}?",
            here: "¿quiso decir `{right}`?",
            why: "Si en `{target}` no hay ninguna clave, las firmas con este selector fallan en todos los receptores. Si el nombre es de un tercero, ese tercero puede firmar en nombre de su dominio.",
            fix: "Si con este selector firma {provider}, haga que el CNAME apunte a `{right}`.",
        },
        ja: Prose {
            title: "{name} のCNAMEは書き間違いかもしれません。{provider} の `{right}` ではありませんか",
            here: "`{right}` ではありませんか",
            why: "`{target}` に鍵がなければ、このセレクターの署名はどの受信側でも検証に失敗します。名前が第三者のものであれば、その第三者がこのドメインとして署名できてしまいます。",
            fix: "このセレクターで署名しているのが {provider} であれば、CNAMEの値を `{right}` にしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, alias, target) in own_aliases(evidence) {
        let answer = &selector.asked.answer;
        let typo = targets::fault(&evidence.domain, &selector.name, target, zone::intended(alias), false);
        if answer.failure().is_none() || typo.is_some() {
            continue;
        }
        let Some(meant) = targets::lookalike(&evidence.domain, &selector.name, target) else { continue };
        let (name, right) = (&answer.question.name, &meant.slip.right);
        let finding = RULE.at([alias.data_span()]).with("name", name).with("target", target).with("right", right);
        let finding = finding.with("provider", &meant.provider.name).publish(name, Kind::CNAME, right.as_str());
        // The name is there, and may be the one that is meant.
        findings.push(finding.as_choice());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    fn offline(zone: &str) -> Vec<String> {
        let mut found = Vec::new();
        offline_evidence(zone).iter().for_each(|evidence| check(evidence, &mut found));
        found.iter().map(|finding| finding.publish[0].value.clone()).collect()
    }

    #[test]
    fn nobody_was_asked() {
        let zone =
            "$TTL 60\nbrevo1._domainkey CNAME b1.example-test.dkim.brevvo.com.\nk1._domainkey CNAME dkim.msvc.net.\n";
        assert_eq!(offline(zone), ["b1.example-test.dkim.brevo.com", "dkim.mcsv.net"]);
    }

    #[test]
    fn nobody_could_answer() {
        finds(
            &RULE,
            r#"
            k1._domainkey  CNAME dkim.mcsvv.net.
                                 ^^^^^^^^^^^^^^^
            dkim.mcsvv.net. CNAME dkim.mcsvv.net.
            "#,
        );
    }

    #[test]
    fn strangers_and_what_another_rule_says() {
        assert_eq!(
            offline("$TTL 60\nx._domainkey CNAME dkim.msvc.net.\ns1._domainkey CNAME s1.dkim.vendor.test.\n"),
            [""; 0]
        );
        let typo = "selector1._domainkey CNAME selector1-example-test._domainkey.x.onmicrosft.com.\n";
        assert_eq!(offline(&format!("$TTL 60\n{typo}")), [""; 0]);
        clean(&RULE, "brevo1._domainkey CNAME b1.example-test.dkim.brevvo.com.");
    }
}

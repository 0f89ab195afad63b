//! `include` of a name near that which a provider tells its customers, where nobody knows whether there is a record.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::providers::meant;
use crate::rules::Rule;
use crate::rules::spf::include_typo::{finding, is_own_term};

pub static RULE: Rule = Rule {
    id: "spf-include-lookalike",
    severity: Severity::Warning,
    references: &["RFC 7208 section 5.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` looks like a misspelt name of {provider}: did you mean `{instead}`?",
            here: "did you mean `{instead}`?",
            why: "{provider} asks its customers for `{instead}`. If there is no SPF record at the name that stands here, the result is \"permerror\", and the servers of {provider} are not allowed. If the name belongs to a stranger, the stranger decides who may send as your domain.",
            fix: "If {provider} is meant, write `{instead}` in place of `{term}`.",
        },
        es: Prose {
            title: "`{term}` parece un nombre de {provider} mal escrito: ¿quiso decir `{instead}`?",
            here: "¿quiso decir `{instead}`?",
            why: "{provider} pide a sus clientes `{instead}`. Si con el nombre que figura aquí no hay registro SPF, el resultado es «permerror» y los servidores de {provider} no quedan autorizados. Si el nombre es de un tercero, ese tercero decide quién puede enviar en nombre de su dominio.",
            fix: "Si se trata de {provider}, escriba `{instead}` en lugar de `{term}`.",
        },
        ja: Prose {
            title: "`{term}` は {provider} の名前の書き間違いかもしれません。`{instead}` ではありませんか",
            here: "`{instead}` ではありませんか",
            why: "{provider} の指定は `{instead}` です。ここに書かれた名前にSPFレコードがなければ結果は「permerror」になり、{provider} のサーバーは許可されません。名前が第三者のものであれば、このドメインとして送信できるサーバーをその第三者が決めることになります。",
            fix: "{provider} を利用しているのであれば、`{term}` を `{instead}` に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (number, node) in evidence.spf.nodes.iter().enumerate().filter(|(_, node)| node.asked.failure().is_some()) {
        let meant = is_own_term(evidence, node).then(|| meant::include(&node.name, &evidence.domain)).flatten();
        let meant = meant.filter(|meant| meant.slip.is_plain);
        // The name is there, and may be the one that is meant.
        findings.extend(meant.and_then(|meant| finding(&RULE, evidence, number, &meant)).map(Finding::as_choice));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    fn offline(record: &str) -> Vec<String> {
        let mut found = Vec::new();
        for evidence in offline_evidence(&format!("$TTL 60\nexample.test. TXT \"{record}\"\n")) {
            check(&evidence, &mut found);
        }
        found.iter().map(|finding| finding.publish[0].value.clone()).collect()
    }

    #[test]
    fn nobody_was_asked() {
        assert_eq!(
            offline("v=spf1 mx ?include:spf.protecton.outlook.com redirect=_spf.gogle.com"),
            [
                "v=spf1 mx ?include:spf.protection.outlook.com redirect=_spf.gogle.com",
                "v=spf1 mx ?include:spf.protecton.outlook.com redirect=_spf.google.com"
            ]
        );
    }

    #[test]
    fn nobody_could_answer() {
        finds(
            &RULE,
            r#"
            example.test.   TXT "v=spf1 redirect=_spf.gogle.com"
                                                 ^^^^^^^^^^^^^^
            _spf.gogle.com. CNAME _spf.gogle.com.
            "#,
        );
    }

    #[test]
    fn numbers_and_countries_and_names_that_are_known() {
        assert_eq!(offline("v=spf1 include:spfd.protection.outlook.com include:spf.brevo.fr -all"), [""; 0]);
        assert_eq!(offline("v=spf1 include:_netblocks2.google.com include:spf.protection.outlook.de -all"), [""; 0]);
    }

    #[test]
    fn one_that_was_asked_is_a_typo_or_is_there() {
        clean(&RULE, "example.test. TXT \"v=spf1 include:spf.google.com -all\"");
        clean(&RULE, "example.test. TXT \"v=spf1 include:spf.google.com -all\"\nspf.google.com. TXT \"v=spf1 -all\"");
    }

    #[test]
    fn the_domain_was_appended() {
        let record = "v=spf1 include:spf.brevo.com.sub.example.test -all";
        let zone = format!("example.test. TXT \"{record}\"\nsub.example.test. NS ns.other.\n");
        let mut found = Vec::new();
        offline_evidence(&zone).iter().for_each(|evidence| check(evidence, &mut found));
        assert_eq!(found[0].publish[0].value, "v=spf1 include:spf.brevo.com -all");
    }
}

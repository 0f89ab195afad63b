//! The same provider under a former name and under today's.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::spf::include_superseded::superseded;
use crate::rules::spf::{fault, redundant};

pub static RULE: Rule = Rule {
    id: "spf-provider-twice",
    severity: Severity::Advice,
    references: &["RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {owner} includes {provider} under two names",
            here: "the former name",
            why: "`{term}` is a former name. What {provider} asks for today is in the record already, so that the former one only costs its lookups, of which ten are allowed.",
            fix: "Delete `{term}` and keep `{successor}`.",
        },
        es: Prose {
            title: "el registro SPF de {owner} incluye {provider} con dos nombres",
            here: "el nombre antiguo",
            why: "`{term}` es un nombre antiguo. Lo que {provider} pide hoy ya está en el registro, de modo que el antiguo solo gasta consultas, de las que se permiten diez.",
            fix: "Elimine `{term}` y conserve `{successor}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードが {provider} を2つの名前で参照しています",
            here: "以前の名前です",
            why: "`{term}` は以前の名前です。{provider} の現在の指定はすでにレコードにあるため、以前の名前は上限10回のルックアップを消費するだけです。",
            fix: "`{term}` を削除し、`{successor}` を残してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        for found in superseded(evidence, spf) {
            let Some(successor) = found.successor.map(|term| &spf.terms[term]) else { continue };
            let term = &spf.terms[found.term];
            let finding = RULE.at(spf.txt.spans(term.range.clone())).and_at(spf.txt.spans(successor.range.clone()));
            let finding = finding.with("owner", &node.name).with("provider", &found.provider.name);
            let finding = finding.with("term", spf.text(term)).with("successor", spf.text(successor));
            findings.push(match fault::to_publish(node, &redundant::without(spf, [found.term])) {
                Some(record) => finding.publish(&node.name, Kind::TXT, record),
                None => finding,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn old_and_new() {
        let zone = r#"
            example.test. TXT "v=spf1 include:spf.sendinblue.com mx include:spf.brevo.com -all"
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^    ^^^^^^^^^^^^^^^^^^^^^
            spf.sendinblue.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            spf.brevo.com.      TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx include:spf.brevo.com -all");
    }

    #[test]
    fn one_name() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:spf.brevo.com include:_spf.google.com -all"
            spf.brevo.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#,
        );
    }
}

//! The same term twice in one record.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::spf::{fault, redundant};

pub static RULE: Rule = Rule {
    id: "spf-duplicate-term",
    severity: Severity::Advice,
    references: &["RFC 7208 section 4.6.2", "RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` stands twice in the SPF record of {owner}",
            here: "the same once more",
            why: "The first of the two decides, so that the second one changes nothing. If it needs DNS, it costs its lookups a second time.",
            fix: "Delete the second `{term}`.",
        },
        es: Prose {
            title: "`{term}` está dos veces en el registro SPF de {owner}",
            here: "repetido",
            why: "Decide el primero de los dos, de modo que el segundo no cambia nada. Si necesita DNS, gasta sus consultas por segunda vez.",
            fix: "Elimine el segundo `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードに `{term}` が2回書かれています",
            here: "重複しています",
            why: "先に書かれたほうで結果が決まるため、2つ目には意味がありません。DNSを参照する項目であれば、ルックアップを余分に消費します。",
            fix: "2つ目の `{term}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (number, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        let record = redundant::tidied(evidence, number);
        for repeated in redundant::repeated(&node.name, spf) {
            let (first, again) = (&spf.terms[repeated.first], &spf.terms[repeated.again]);
            let finding = RULE.at(spf.txt.spans(again.range.clone())).and_at(spf.txt.spans(first.range.clone()));
            let finding = finding.with("owner", &node.name).with("term", spf.text(again));
            findings.push(match &record {
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
    fn twice() {
        let zone = r#"
            example.test. TXT "v=spf1 include:x.other ip4:192.0.2.7/24 mx +INCLUDE:X.other. ip4:192.0.2.0/24 mx:example.test -all"
                                      ^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^ ^^ ^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let value = &findings(&RULE, zone)[0].publish[0].value;
        assert_eq!(value, "v=spf1 include:x.other ip4:192.0.2.7/24 mx -all");
    }

    #[test]
    fn alike_only() {
        clean(
            &RULE,
            r#"example.test. TXT "v=spf1 a a/24 mx a:x.test a:%{i}.x.test a:%{I}.x.test ?mx ip4:192.0.2.0 ip4:192.0.2.0/24 -all a""#,
        );
    }
}

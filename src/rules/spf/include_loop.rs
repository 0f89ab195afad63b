//! A record that leads back to itself.

use crate::evidence::Evidence;
use crate::evidence::{SpfNode, Target};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::records::replaced;
use crate::records::spf::{self, TermKind};
use crate::rules::Rule;
use crate::rules::spf::{fault, way};

pub static RULE: Rule = Rule {
    id: "spf-include-loop",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.2", "RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` leads in a loop, back to {host}",
            here: "leads back to {host} itself",
            why: "A record that includes itself, directly or through others, is evaluated over and over until the limit of ten lookups ends it with \"permerror\": only messages that an earlier term allows still pass SPF.",
            fix: "Delete the term that leads back to {host}. A record never has to include itself.",
        },
        es: Prose {
            title: "`{term}` forma un bucle y vuelve a {host}",
            here: "vuelve al propio {host}",
            why: "Un registro que se incluye a sí mismo, directamente o a través de otros, se evalúa una y otra vez hasta que el límite de diez consultas termina en «permerror»: solo superan SPF los mensajes que autorice un término anterior.",
            fix: "Elimine el término que vuelve a {host}. Un registro nunca necesita incluirse a sí mismo.",
        },
        ja: Prose {
            title: "`{term}` の参照が循環し、{host} に戻っています",
            here: "{host} 自身に戻ります",
            why: "自分自身を直接または間接的に参照するレコードは、ルックアップ10回の上限を超えて「permerror」になるまで繰り返し評価されます。それより前の項目で許可されたメール以外はSPFに合格しません。",
            fix: "{host} に戻る項目を削除してください。レコードが自分自身を参照する必要はありません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(usize, &Name)> = Vec::new();
    for (number, node) in evidence.spf.nodes.iter().enumerate() {
        for lookup in &node.lookups {
            let Target::Loop(name) = &lookup.target else { continue };
            let Some(way) = way::to_term(evidence, number, lookup.term) else { continue };
            if seen.contains(&(way.own, name)) {
                continue;
            }
            seen.push((way.own, name));
            let finding = RULE.at(way.spans).with("term", way.term).with("host", name);
            findings.push(match without(evidence, node, lookup.term) {
                Some(record) => finding.publish(&node.name, Kind::TXT, record),
                None => finding,
            });
        }
    }
}

/// The record without the term, if its owner is the domain's, and something is left of it.
fn without(evidence: &Evidence, node: &SpfNode, term: usize) -> Option<String> {
    let spf = node.asked.only().filter(|_| fault::is_own(evidence, node))?;
    let term = spf.terms.get(term).filter(|term| matches!(term.kind, TermKind::Include(_)))?;
    let record = fault::to_publish(node, &replaced(&spf.txt.value, &term.range, ""))?;
    spf::terms(&record)?.iter().any(|term| !term.is_all() && !term.is_modifier()).then_some(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn circles() {
        let zone = r#"
            example.test. TXT "v=spf1 include:example.test mx -all"
                                      ^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
        let zone = r#"
            example.test. TXT "v=spf1 include:_spf.example.test -all"
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^
            _spf          TXT "v=spf1 include:example.test mx -all"
                                      ^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 redirect=example.test"
                                      ^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn twice_is_no_circle() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. include:y.other. -all"
            x.other. TXT "v=spf1 include:z.other. -all"
            y.other. TXT "v=spf1 include:z.other. -all"
            z.other. TXT "v=spf1 ip4:192.0.2.1 -all"
            "#,
        );
    }
}

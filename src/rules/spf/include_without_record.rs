//! `include` or `redirect` of a name that has no SPF record.

use crate::dns::{Answer, Record};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::records::spf;
use crate::rules::Rule;
use crate::rules::spf::{include_typo, way};
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "spf-include-without-record",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.2", "RFC 7208 section 6.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` leads to {host}, which has no SPF record",
            here: "there is no SPF record at {host}",
            why: "An `include` or `redirect` of a name without an SPF record makes the result \"permerror\": only messages that an earlier term allows still pass SPF.",
            fix: "Correct the name in `{term}`, or delete the term. To allow a single host write `a:{host}`, or `ip4:` and its address.",
        },
        es: Prose {
            title: "`{term}` lleva a {host}, que no tiene registro SPF",
            here: "no hay registro SPF en {host}",
            why: "Un `include` o `redirect` a un nombre sin registro SPF da como resultado «permerror»: solo superan SPF los mensajes que autorice un término anterior.",
            fix: "Corrija el nombre en `{term}` o elimine el término. Para autorizar un solo host, escriba `a:{host}`, o `ip4:` y su dirección.",
        },
        ja: Prose {
            title: "`{term}` の参照先 {host} にSPFレコードがありません",
            here: "{host} にSPFレコードがありません",
            why: "`include` や `redirect` の参照先にSPFレコードがないと結果は「permerror」になり、それより前の項目で許可されたメール以外はSPFに合格しません。",
            fix: "`{term}` の名前を修正するか、項目を削除してください。1台のホストを許可するには `a:{host}`、または `ip4:` とそのアドレスを書きます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(usize, &Name)> = Vec::new();
    for (number, node) in evidence.spf.nodes.iter().enumerate().filter(|(_, node)| node.asked.is_missing()) {
        let (Some(way), Some((parent, term))) = (way::to_node(evidence, number), node.parent) else { continue };
        let said = way::is_faulty(evidence, parent, term) || include_typo::meant(evidence, number).is_some();
        if said || seen.contains(&(way.own, &node.name)) {
            continue;
        }
        seen.push((way.own, &node.name));
        let finding = RULE.at(way.spans).and_at(lookalikes(&node.asked.answer));
        findings.push(finding.with("term", way.term).with("host", &node.name));
    }
}

/// Texts at that name that were meant as the record.
fn lookalikes(answer: &Answer) -> Vec<Span> {
    let texts = answer.records().iter().filter_map(Record::txt);
    texts.filter(|txt| spf::lookalike(&txt.value).is_some()).flat_map(|txt| txt.whole()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn own_and_strange_terms() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:gone.other. include:x.other. redirect=www.other."
                                      ^^^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^^
            x.other.      TXT "v=spf1 include:y.other. -all"
                                      ^^^^^^^^^^^^^^^^
            www.other.    A 192.0.2.1
            "#,
        );
    }

    #[test]
    fn a_text_that_is_none() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. -all"
                                      ^^^^^^^^^^^^^^^^
            x.other.      TXT "v=spf2 mx -all"
                               ^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn there() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. include:x.other. -all include:gone.other."
            x.other. TXT "v=spf1 mx -all"
            "#,
        );
    }

    #[test]
    fn nobody_knows() {
        for evidence in offline_evidence(r#"example.test. TXT "v=spf1 include:x.other. -all""#) {
            let mut found = Vec::new();
            check(&evidence, &mut found);
            assert!(found.is_empty());
        }
    }
}

//! A range that lies in an earlier one with another result: it never matches.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::Qualifier;
use crate::rules::Rule;
use crate::rules::spf::{fault, redundant};

pub static RULE: Rule = Rule {
    id: "spf-range-unreachable",
    severity: Severity::Warning,
    references: &["RFC 7208 section 4.6.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` never matches in the SPF record of {owner}",
            here: "an earlier term decides",
            why: "Terms are tested from left to right, and the first match decides. `{by}` stands before it and holds all its addresses: they get \"{result}\".",
            fix: "Put `{term}` before the term that holds its addresses, or delete it if that result is meant.",
        },
        es: Prose {
            title: "`{term}` no coincide nunca en el registro SPF de {owner}",
            here: "decide un término anterior",
            why: "Los términos se comprueban de izquierda a derecha y decide la primera coincidencia. `{by}` está antes y contiene todas sus direcciones: obtienen «{result}».",
            fix: "Ponga `{term}` delante del término que contiene sus direcciones, o elimínelo si ese resultado es el deseado.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` が使われることはありません",
            here: "前の項目で結果が決まります",
            why: "項目は左から順に評価され、最初に一致したもので結果が決まります。前にある `{by}` がこのアドレスをすべて含んでいるため、結果は「{result}」になります。",
            fix: "そのアドレスを含む項目より前に `{term}` を移してください。現在の結果が意図したものであれば、`{term}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (number, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        for covered in redundant::unreachable(evidence, number) {
            let (term, by) = (&spf.terms[covered.term], &spf.terms[covered.by.own]);
            let finding = RULE.at(spf.txt.spans(term.range.clone())).and_at(spf.txt.spans(by.range.clone()));
            let finding = finding.with("owner", &node.name).with("term", spf.text(term)).with("by", spf.text(by));
            findings.push(finding.with("result", result(covered.by.result)));
        }
    }
}

/// The names of the results (RFC 7208 section 2.6).
fn result(qualifier: Qualifier) -> &'static str {
    match qualifier {
        Qualifier::Pass => "pass",
        Qualifier::Fail => "fail",
        Qualifier::SoftFail => "softfail",
        Qualifier::Neutral => "neutral",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn too_late() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.5 ~all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ?include:x.other ip4:192.0.2.5 -all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^
            x.other. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#,
        );
    }

    #[test]
    fn in_time() {
        clean(&RULE, r#"example.test. TXT "v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 ~all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 ip4:192.0.2.0/25 -ip4:192.0.2.0/24 ~all""#);
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ?include:x.other ip4:192.0.2.5 -all"
            x.other. TXT "v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 -all"
            "#,
        );
    }
}

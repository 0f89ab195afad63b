//! An included record of somebody else is invalid.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::spf::{fault, way};

pub static RULE: Rule = Rule {
    id: "spf-include-invalid",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.2", "RFC 7208 section 4.6"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` leads to the SPF record of {host}, which is invalid",
            here: "`{fault}` is not a valid term",
            why: "The record of {host} contains `{fault}`, which is not a valid term. An invalid record gives \"permerror\", and so does every record that leads there: only messages that an earlier term allows still pass SPF.",
            fix: "The record belongs to {host}: tell its owner. Until it is corrected, delete `{term}`, or name the servers with `ip4:` and `ip6:`.",
        },
        es: Prose {
            title: "`{term}` lleva al registro SPF de {host}, que no es válido",
            here: "`{fault}` no es un término válido",
            why: "El registro de {host} contiene `{fault}`, que no es un término válido. Un registro no válido da «permerror», y también todo registro que lleve a él: solo superan SPF los mensajes que autorice un término anterior.",
            fix: "El registro pertenece a {host}: avise a su propietario. Hasta que lo corrija, elimine `{term}` o indique los servidores con `ip4:` e `ip6:`.",
        },
        ja: Prose {
            title: "`{term}` の参照先 {host} のSPFレコードが無効です",
            here: "`{fault}` は正しくありません",
            why: "{host} のレコードに、正しくない項目 `{fault}` があります。無効なレコードの結果は「permerror」で、そこを参照するレコードも同じ結果になります。それより前の項目で許可されたメール以外はSPFに合格しません。",
            fix: "このレコードは {host} のものです。その管理者に連絡してください。修正されるまでは `{term}` を削除するか、サーバーを `ip4:` や `ip6:` で指定してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(usize, &Name)> = Vec::new();
    for (number, node) in evidence.spf.nodes.iter().enumerate().filter(|(_, node)| !fault::is_own(evidence, node)) {
        let Some(spf) = node.asked.only() else { continue };
        let (Some((term, _)), Some(way)) = (spf.invalid().next(), way::to_node(evidence, number)) else { continue };
        if seen.contains(&(way.own, &node.name)) {
            continue;
        }
        seen.push((way.own, &node.name));
        let finding = RULE.at(way.spans).and_at(spf.txt.spans(term.range.clone()));
        findings.push(finding.with("term", way.term).with("host", &node.name).with("fault", spf.text(term)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn below() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. -all"
                                      ^^^^^^^^^^^^^^^^
            x.other.      TXT "v=spf1 redirect=y.other."
                                      ^^^^^^^^^^^^^^^^^
            y.other.      TXT "v=spf1 mx ip4:192.0.2.256 foo:bar -all"
                                         ^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_or_own() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. include:_spf.example.test -all"
            _spf     TXT "v=spf1 ip4:192.0.2.256 -all"
            x.other. TXT "v=spf1 foo=bar mx -all"
            "#,
        );
    }
}

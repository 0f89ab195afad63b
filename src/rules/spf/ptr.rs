//! `ptr`: slow, costs look-ups, and is not to be used.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::TermKind;
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-ptr",
    severity: Severity::Warning,
    references: &["RFC 7208 section 5.5"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} should not be used",
            here: "should not be published",
            why: "`ptr` makes the receiver look up the name of every sender. It is slow and unreliable, some receivers skip it or refuse the record, and RFC 7208 says that it SHOULD NOT be published.",
            fix: "Name the servers with `ip4:`, `ip6:` or `a:` in place of `{term}`.",
        },
        es: Prose {
            title: "`{term}` no debería usarse en el registro SPF de {owner}",
            here: "no debe publicarse",
            why: "Con `ptr` el receptor tiene que buscar el nombre de cada remitente, lo que es lento y poco fiable; algunos receptores lo omiten o rechazan el registro, y la RFC 7208 dice que no debería publicarse.",
            fix: "Indique los servidores con `ip4:`, `ip6:` o `a:` en lugar de `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は使うべきではありません",
            here: "公開すべきではありません",
            why: "`ptr` があると、受信側は送信元ごとに名前を逆引きしなければなりません。遅く不確実なため、無視したりレコードごと拒否したりする受信側もあり、RFC 7208は公開しないよう求めています。",
            fix: "`{term}` の代わりに、サーバーを `ip4:`、`ip6:`、`a:` で指定してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        for spf in &node.asked.found {
            // RFC 7208 section 5.5: "This mechanism SHOULD NOT be published."
            for term in spf.terms.iter().filter(|term| matches!(term.kind, TermKind::Ptr(_))) {
                let finding = RULE.at(spf.txt.spans(term.range.clone()));
                findings.push(finding.with("owner", &node.name).with("term", spf.text(term)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn with_and_without_a_domain() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ptr ?PTR:x.test -all"
                                      ^^^ ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn other_terms() {
        clean(&RULE, r#"example.test. TXT "v=spf1 a:ptr.x.test -all""#);
    }

    #[test]
    fn records_of_strangers() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. -all"
            x.other. TXT "v=spf1 ptr -all"
            "#,
        );
    }
}

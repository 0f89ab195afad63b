//! `redirect` beside `all`: it is never looked at.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-redirect-with-all",
    severity: Severity::Warning,
    references: &["RFC 7208 section 6.1", "RFC 7208 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` is ignored next to `all` in the SPF record of {owner}",
            here: "never read",
            why: "`redirect` applies only when no mechanism matches, and `all` matches everyone. The record that it leads to is never read, and its senders are not allowed.",
            fix: "Delete `all` if the other record is to decide; write `include:` in place of `redirect=` if its senders are to be added; otherwise delete `{term}`.",
        },
        es: Prose {
            title: "`{term}` se ignora junto a `all` en el registro SPF de {owner}",
            here: "no se lee nunca",
            why: "`redirect` solo vale si ningún mecanismo coincide, y `all` coincide con todos. El registro al que lleva no se lee nunca y sus remitentes no quedan autorizados.",
            fix: "Elimine `all` si debe decidir el otro registro; escriba `include:` en lugar de `redirect=` si quiere añadir sus remitentes; si no, elimine `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は `all` があるため無視されます",
            here: "読まれません",
            why: "`redirect` はどのメカニズムにも一致しないときだけ使われますが、`all` はすべてに一致します。参照先のレコードは読まれず、その送信元は許可されません。",
            fix: "参照先に任せるなら `all` を削除し、参照先の送信元を加えるなら `redirect=` を `include:` に書き換えてください。どちらでもなければ `{term}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        for spf in &node.asked.found {
            if let (Some((redirect, _)), Some(all)) = (spf.redirect(), spf.all()) {
                let spans = [redirect, all].into_iter().flat_map(|term| spf.txt.spans(term.range.clone()));
                findings.push(RULE.at(spans).with("owner", &node.name).with("term", spf.text(redirect)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn both() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 redirect=x.test -all"
                                      ^^^^^^^^^^^^^^^ ^^^^
            "#,
        );
    }

    #[test]
    fn one() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx redirect=x.test""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx -all exp=x.test""#);
    }
}

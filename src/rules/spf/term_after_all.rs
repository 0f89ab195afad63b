//! A mechanism behind `all`: it is never looked at.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::spf::{Spf, Term, TermKind};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-term-after-all",
    severity: Severity::Warning,
    references: &["RFC 7208 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` comes after `all` in the SPF record of {owner} and is ignored",
            here: "never read",
            why: "`all` matches everyone, so receivers never read what follows it. Senders named there are not allowed.",
            fix: "Put `all` at the very end of the record, once only.",
        },
        es: Prose {
            title: "`{term}` está detrás de `all` en el registro SPF de {owner} y se ignora",
            here: "no se lee nunca",
            why: "`all` coincide con todos, de modo que los receptores no leen nada de lo que sigue. Los remitentes que figuran ahí no quedan autorizados.",
            fix: "Ponga `all` al final del registro, una sola vez.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードで `all` の後ろにある `{term}` は無視されます",
            here: "読まれません",
            why: "`all` はすべてに一致するため、受信側はその後ろを見ません。そこに書かれた送信元は許可されません。",
            fix: "`all` はレコードの末尾に1つだけ置いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        for spf in &node.asked.found {
            let behind: Vec<&Term> = behind_all(spf).collect();
            let Some(first) = behind.first() else { continue };
            let finding = RULE.at(behind.iter().flat_map(|term| spf.txt.spans(term.range.clone())));
            let finding = finding.with("owner", &node.name).with("term", spf.text(first));
            let record = node.asked.only().and_then(|spf| fault::corrected(&spf.txt.value));
            findings.push(match record {
                Some(record) => finding.publish(&node.name, Kind::TXT, record),
                None => finding,
            });
        }
    }
}

/// RFC 7208 section 5.1: "Mechanisms after "all" will never be tested." Modifiers may stand anywhere.
fn behind_all(spf: &Spf) -> impl Iterator<Item = &Term> {
    let behind = spf.terms.iter().skip_while(|term| !term.is_all()).skip(1);
    behind.filter(|term| !term.is_modifier() && !matches!(term.kind, TermKind::Invalid(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn behind() {
        let zone = r#"
            example.test. TXT "v=spf1 mx ~all include:x.test ip4:192.0.2.1"
                                              ^^^^^^^^^^^^^^ ^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 mx include:x.test ip4:192.0.2.1 ~all"
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx ~all -all"
                                              ^^^^
            "#,
        );
    }

    #[test]
    fn modifiers_may_stand_there() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx -all exp=x.test foo=bar""#);
    }
}

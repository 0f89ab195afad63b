//! `include` of a name without record, near that which a provider tells its customers.

use crate::evidence::{Evidence, SpfNode};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::providers::meant::{self, Meant};
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::spf::{fault, way};

pub static RULE: Rule = Rule {
    id: "spf-include-typo",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` leads nowhere: {provider} asks for `{instead}`",
            here: "no SPF record at this name",
            why: "There is no SPF record at that name. The result is \"permerror\": only messages that an earlier term allows still pass SPF, and the servers of {provider} are not allowed.",
            fix: "Write `{instead}` in place of `{term}`.",
        },
        es: Prose {
            title: "`{term}` no lleva a nada: {provider} pide `{instead}`",
            here: "no hay registro SPF con este nombre",
            why: "Con ese nombre no hay registro SPF. El resultado es «permerror»: solo superan SPF los mensajes que autorice un término anterior, y los servidores de {provider} no quedan autorizados.",
            fix: "Escriba `{instead}` en lugar de `{term}`.",
        },
        ja: Prose {
            title: "`{term}` の参照先がありません: {provider} の指定は `{instead}` です",
            here: "この名前にSPFレコードはありません",
            why: "この名前にはSPFレコードがありません。結果は「permerror」になり、それより前の項目で許可されたメール以外はSPFに合格せず、{provider} のサーバーも許可されません。",
            fix: "`{term}` を `{instead}` に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for number in 1..evidence.spf.nodes.len() {
        let meant = meant(evidence, number);
        findings.extend(meant.and_then(|meant| finding(&RULE, evidence, number, &meant)));
    }
}

/// The finding that a term which leads to a node means another name.
pub(super) fn finding(rule: &'static Rule, evidence: &Evidence, number: usize, meant: &Meant) -> Option<Finding> {
    let (parent, term) = evidence.spf.nodes.get(number)?.parent?;
    let parent = evidence.spf.nodes.get(parent)?;
    let spf = parent.asked.only()?;
    let term = spf.terms.get(term)?;
    let domain = term.domain()?;
    let right = meant.slip.right.as_str();
    let before = spf.part(&(term.range.start..domain.range.start));
    let finding = rule
        .at(spf.txt.spans(domain.range.clone()))
        .with("term", spf.text(term))
        .with("instead", format!("{before}{right}"))
        .with("provider", &meant.provider.name);
    Some(match fault::to_publish(parent, &replaced(&spf.txt.value, &domain.range, right)) {
        Some(record) => finding.publish(&parent.name, Kind::TXT, record),
        None => finding,
    })
}

/// The include that must have been meant by a term of the domain owner's which leads to a node without record.
pub(super) fn meant(evidence: &Evidence, number: usize) -> Option<Meant> {
    let node = evidence.spf.nodes.get(number).filter(|node| node.asked.is_missing())?;
    is_own_term(evidence, node).then(|| meant::include(&node.name, &evidence.domain))?
}

/// Did the domain's owner write the term that leads to a node, and is there nothing else wrong with it?
pub(super) fn is_own_term(evidence: &Evidence, node: &SpfNode) -> bool {
    node.parent.is_some_and(|(parent, term)| {
        let is_own = evidence.spf.nodes.get(parent).is_some_and(|node| fault::is_own(evidence, node));
        is_own && !way::is_faulty(evidence, parent, term)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn near_names() {
        let zone = r#"
            example.test. TXT "v=spf1 include:protection.outlook.com -all"
                                              ^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 include:spf.protection.outlook.com -all"
        );
        let zone = r#"
            example.test. TXT "v=spf1 redirect=_spf.gogle.com"
                                               ^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 redirect=_spf.google.com");
    }

    #[test]
    fn names_that_are_there() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:_spf.goggle.com include:gone.other. -all"
            _spf.goggle.com. TXT "v=spf1 mx -all"
            "#,
        );
    }
}

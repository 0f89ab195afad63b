//! `include` of a name without record, near that which a provider tells its customers.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::near;
use crate::providers::{self, Provider};
use crate::records::replaced;
use crate::records::spf::{Spf, Term};
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
        let Some((include, provider)) = meant(evidence, number) else { continue };
        let Some((spf, term)) = leading_term(evidence, number) else { continue };
        let Some(domain) = term.domain() else { continue };
        let before = spf.part(&(term.range.start..domain.range.start));
        let finding = RULE
            .at(spf.txt.spans(domain.range.clone()))
            .with("term", spf.text(term))
            .with("instead", format!("{before}{include}"))
            .with("provider", &provider.name);
        findings.push(
            match fault::to_publish(evidence.spf.root(), &replaced(&spf.txt.value, &domain.range, include)) {
                Some(record) => finding.publish(&evidence.domain, Kind::TXT, record),
                None => finding,
            },
        );
    }
}

/// The include that must have been meant by a term of the domain's own record which leads to a node without record.
pub(super) fn meant(evidence: &Evidence, number: usize) -> Option<(&'static str, &'static Provider)> {
    let node = evidence.spf.nodes.get(number).filter(|node| node.asked.is_missing())?;
    let (parent, term) = node.parent?;
    if parent != 0 || way::is_faulty(evidence, parent, term) {
        return None;
    }
    let name = node.name.as_str();
    let names = || providers::all().iter().flat_map(|provider| provider.spf.iter().map(String::as_str));
    let known = || names().filter(|name| !name.contains('*'));
    let include = near::nearest(name, known()).or_else(|| without_first_label(name, known()))?;
    Some((include, providers::by_include(&Name::parse(include).ok()?)?))
}

/// `protection.outlook.com` for `spf.protection.outlook.com`, if only one of the known names goes on like this.
fn without_first_label<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut longer = known.filter(|known| known.split_once('.').is_some_and(|(_, rest)| rest == name));
    longer.next().filter(|_| longer.next().is_none())
}

fn leading_term(evidence: &Evidence, number: usize) -> Option<(&Spf, &Term)> {
    let spf = evidence.spf.own().only()?;
    let (_, term) = evidence.spf.nodes.get(number)?.parent?;
    Some((spf, spf.terms.get(term)?))
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

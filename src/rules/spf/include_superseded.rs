//! `include` of a name that a provider no longer tells its customers to publish.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Value, Words};
use crate::name::Kind;
use crate::providers::{self, Former, Provider};
use crate::records::replaced;
use crate::records::spf::{Spf, Term, TermKind};
use crate::rules::Rule;
use crate::rules::spf::{fault, redundant};

pub static RULE: Rule = Rule {
    id: "spf-include-superseded",
    severity: Severity::Advice,
    references: &["RFC 7208 section 5.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` is no longer what {provider} asks its customers to publish",
            here: "a former name",
            why: "What {provider} asks for today: {instead}. A former name works only as long as the provider keeps it, and costs its lookups.",
            fix: "Delete `{term}`, and publish what {provider} asks for today: {instead}.",
        },
        es: Prose {
            title: "{provider} ya no pide a sus clientes que publiquen `{term}`",
            here: "un nombre antiguo",
            why: "Lo que {provider} pide hoy: {instead}. Un nombre antiguo solo funciona mientras el proveedor lo mantenga, y gasta sus consultas.",
            fix: "Elimine `{term}` y publique lo que {provider} pide hoy: {instead}.",
        },
        ja: Prose {
            title: "`{term}` は {provider} の現在の指定ではありません",
            here: "以前の名前です",
            why: "{provider} の現在の指定: {instead}。以前の名前が使えるのはサービス側が残している間だけで、ルックアップも消費します。",
            fix: "`{term}` を削除し、{provider} の現在の指定に従ってください: {instead}。",
        },
    },
};

/// Mail of such a provider comes back to a name of its own, whose SPF record decides.
const NONE: Words = Words { en: "no `include` at all", es: "ningún `include`", ja: "`include` は不要" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        for found in superseded(evidence, spf).filter(|found| found.successor.is_none()) {
            let term = &spf.terms[found.term];
            let finding = RULE.at(spf.txt.spans(term.range.clone())).with("provider", &found.provider.name);
            let finding = finding.with("term", spf.text(term)).with_value("instead", instead(found.former));
            findings.push(match renewed(spf, &found).and_then(|value| fault::to_publish(node, &value)) {
                Some(record) => finding.publish(&node.name, Kind::TXT, record),
                None => finding,
            });
        }
    }
}

/// An include of a former name.
pub(super) struct Superseded {
    /// The term.
    pub term: usize,
    /// Whose it is.
    pub provider: &'static Provider,
    /// What is known of the name.
    pub former: &'static Former,
    /// The term of the same record with today's name.
    pub successor: Option<usize>,
}

/// The includes of former names in a record. If there is no record at such a name, another rule says so.
pub(super) fn superseded<'a>(evidence: &'a Evidence, spf: &'a Spf) -> impl Iterator<Item = Superseded> + 'a {
    let is_dead =
        |name: &str| evidence.spf.nodes.iter().any(|next| next.name.as_str() == name && next.asked.is_missing());
    let found = spf.effective().filter_map(move |(index, term)| {
        let (provider, former) = providers::by_former_include(included(term)?)?;
        let applies = !former.mailboxes || has_mailboxes(evidence, provider);
        let successor = former.instead.as_ref().and_then(|name| {
            spf.effective().find(|(_, term)| included(term).is_some_and(|it| it == name)).map(|(index, _)| index)
        });
        applies.then_some(Superseded { term: index, provider, former, successor })
    });
    found.filter(move |found| !is_dead(&found.former.name))
}

fn included(term: &Term) -> Option<&str> {
    match &term.kind {
        TermKind::Include(domain) => domain.name.as_ref().map(|name| name.as_str()),
        _ => None,
    }
}

fn has_mailboxes(evidence: &Evidence, provider: &Provider) -> bool {
    evidence.mx.found.iter().filter_map(|host| providers::by_mx(&host.exchange)).any(|by_mx| by_mx == provider)
}

fn instead(former: &Former) -> Value {
    match &former.instead {
        Some(name) => Value::Plain(format!("`include:{name}`")),
        None => Value::Words(NONE),
    }
}

/// The record with today's name, or without the term. If that leaves nobody who sends, it is not for us to say so.
fn renewed(spf: &Spf, found: &Superseded) -> Option<String> {
    match (&found.former.instead, spf.terms[found.term].domain()) {
        (Some(name), Some(domain)) => Some(replaced(&spf.txt.value, &domain.range, name)),
        _ => Some(redundant::without(spf, [found.term]))
            .filter(|_| spf.effective().any(|(index, term)| index != found.term && !term.is_all())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn renamed() {
        let zone = r#"
            example.test. TXT "v=spf1 mx include:spf.sendinblue.com -all"
                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^
            spf.sendinblue.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx include:spf.brevo.com -all");
    }

    #[test]
    fn no_longer_asked_for() {
        let zone = r#"
            example.test. TXT "v=spf1 mx ?include:servers.mcsv.net -all"
                                         ^^^^^^^^^^^^^^^^^^^^^^^^^
            servers.mcsv.net. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
    }

    #[test]
    fn the_only_sender() {
        let zone = "example.test. TXT \"v=spf1 include:servers.mcsv.net -all\"\nservers.mcsv.net. TXT \"v=spf1 -all\"";
        assert!(findings(&RULE, zone)[0].publish.is_empty());
    }

    #[test]
    fn mailboxes_at_the_provider() {
        let record = "example.test. TXT \"v=spf1 include:outlook.com -all\"\noutlook.com. TXT \"v=spf1 -all\"\n";
        let mark = "                          ^^^^^^^^^^^^^^^^^^^\n";
        let (own, world) = record.split_once('\n').expect("two lines");
        let zone = format!("{own}\n{mark}{world}example.test. MX 0 example-test.mail.protection.outlook.com.");
        finds(&RULE, &zone);
        clean(&RULE, record);
    }

    #[test]
    fn said_elsewhere_or_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1 include:spf.protection.outlook.de -all""#);
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:spf.brevo.com include:spf.sendinblue.com include:zoho.com -all"
            spf.sendinblue.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#,
        );
    }
}

//! A domain out of instructions, which was not filled in.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Spf, Term};
use crate::rules::Rule;
use crate::rules::spf::way;
use crate::rules::zone::placeholder;

pub static RULE: Rule = Rule {
    id: "spf-placeholder",
    severity: Severity::Warning,
    references: &["RFC 2606 section 3", "RFC 7208 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {domain} contains a placeholder",
            here: "not filled in",
            why: "This name was copied out of instructions, where it stands for the real one. The servers that were meant are not allowed, and the owner of such a name can let anyone send as {domain}.",
            fix: "Write the domain that was meant in place of `{term}`, or delete the term.",
        },
        es: Prose {
            title: "`{term}` en el registro SPF de {domain} contiene un texto de ejemplo",
            here: "sin rellenar",
            why: "Este nombre se copió de unas instrucciones, donde ocupa el lugar del nombre real. Los servidores que se querían autorizar no quedan autorizados, y el dueño de ese nombre puede permitir a cualquiera enviar en nombre de {domain}.",
            fix: "Escriba en lugar de `{term}` el dominio correcto, o elimine el término.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードの `{term}` は記入例のままです",
            here: "記入されていません",
            why: "手順書の例にある名前で、本来は実際の名前に置き換えるものです。許可したいサーバーは許可されず、その名前を持つ第三者は、誰にでも {domain} としての送信を許可できます。",
            fix: "`{term}` を正しいドメインに書き換えるか、項目を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(spf) = evidence.spf.own().only() else { return };
    for (number, term) in spf.terms.iter().enumerate() {
        let said = way::is_faulty(evidence, 0, number) || has_no_record(evidence, number);
        if is_placeholder(evidence, 0, number) && !said {
            let place = term.domain().map_or(term.range.clone(), |domain| domain.range.clone());
            let finding = RULE.at(spf.txt.spans(place)).with("term", spf.text(term));
            findings.push(finding.with("domain", &evidence.domain));
        }
    }
}

/// Is there certainly no SPF record where a term leads? That is an error, of which another rule speaks.
fn has_no_record(evidence: &Evidence, term: usize) -> bool {
    evidence.spf.nodes.iter().any(|node| node.parent == Some((0, term)) && node.asked.is_missing())
}

/// Does a term of the domain's own record name a placeholder?
pub(super) fn is_placeholder(evidence: &Evidence, node: usize, term: usize) -> bool {
    let own = |spf: &Spf| spf.terms.get(term).is_some_and(|term| names_one(term, evidence));
    node == 0 && evidence.spf.own().only().is_some_and(own)
}

fn names_one(term: &Term, evidence: &Evidence) -> bool {
    let name = term.domain().and_then(|domain| domain.name.as_ref());
    name.is_some_and(|name| placeholder::is_in(name, &evidence.domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::testing::{self, clean, finds};

    #[test]
    fn domains_of_instructions() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:mail.yourdomain.com include:yourdomain.com -all"
                                        ^^^^^^^^^^^^^^^^^^^         ^^^^^^^^^^^^^^
            yourdomain.com. TXT "v=spf1 -all"
            "#,
        );
    }

    #[test]
    fn no_other_rule_speaks_of_it() {
        let zone =
            "@ MX 0 mail\nmail A 192.0.2.1\n@ TXT \"v=spf1 mx a:mail.yourdomain.com include:yourdomain.com -all\"\n";
        let found = testing::evidence(zone);
        let found = found
            .iter()
            .flat_map(rules::run)
            .filter(|finding| finding.id.starts_with("spf") && finding.severity > Severity::Advice);
        assert_eq!(
            found.map(|finding| finding.id).collect::<Vec<_>>(),
            ["spf-include-without-record", "spf-placeholder"]
        );
    }

    #[test]
    fn domains_in_use() {
        clean(&RULE, r#"@ TXT "v=spf1 include:spf.example.net a:www4.your-server.de include:domain.com mx -all""#);
        clean(&RULE, "@ TXT \"v=spf1 include:<domain> -all\"");
    }
}

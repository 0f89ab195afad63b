//! An SPF record at a wildcard name.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Spf, TermKind};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "spf-wildcard",
    severity: Severity::Advice,
    references: &["RFC 7208 section 3.5"],
    check,
    text: Text {
        en: Prose {
            title: "{owner} is a wildcard with an SPF record",
            here: "applies to names that do not exist",
            why: "A wildcard answers only for names that do not exist at all: it gives no SPF record to hosts that have other records, and lets its senders use any invented name below the domain.",
            fix: "Publish an SPF record at each name that sends; use the wildcard only for `v=spf1 -all`.",
        },
        es: Prose {
            title: "{owner} es un comodín con un registro SPF",
            here: "vale para nombres que no existen",
            why: "Un comodín solo responde por los nombres que no existen: no da registro SPF a los hosts con otros registros y permite que sus remitentes usen cualquier nombre inventado bajo el dominio.",
            fix: "Publique un registro SPF en cada nombre que envíe; use el comodín solo para `v=spf1 -all`.",
        },
        ja: Prose {
            title: "{owner} はSPFレコードを持つワイルドカードです",
            here: "存在しない名前に適用されます",
            why: "ワイルドカードが答えるのは、まったく存在しない名前だけです。ほかのレコードを持つホストにはSPFレコードが適用されず、許可した送信元はドメイン配下の架空の名前を自由に使えてしまいます。",
            fix: "送信に使う名前ごとにSPFレコードを公開し、ワイルドカードには `v=spf1 -all` だけを使ってください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for record in zone.records.iter().filter(|record| record.owner.first_label() == "*") {
        // RFC 7208 section 3.5: "Use of wildcard records for publishing is discouraged"
        if record.txt().and_then(Spf::read).is_some_and(|spf| authorizes(&spf)) {
            findings.push(RULE.at([record.span()]).with("owner", &record.owner));
        }
    }
}

fn authorizes(spf: &Spf) -> bool {
    spf.terms.iter().any(|term| !term.is_all() && !matches!(term.kind, TermKind::Exp(_) | TermKind::UnknownModifier))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn wildcard_with_senders() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all"
            *             TXT "v=spf1 mx -all"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn nobody_may_send() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all"
            *             TXT "v=spf1 -all"
            "#,
        );
    }
}

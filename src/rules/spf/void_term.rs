//! A term that names a host which does not exist.

use crate::dns::{Answer, Record};
use crate::evaluate;
use crate::evidence::Evidence;
use crate::evidence::Target;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::rules::spf::{fault, placeholder, way};

pub static RULE: Rule = Rule {
    id: "spf-void-term",
    severity: Severity::Warning,
    references: &["RFC 7208 section 4.6.4", "RFC 7208 section 5.3"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} matches nobody",
            here: "{host} has no usable {kind} record",
            why: "{host} has no {kind} record that leads to a host, so the term allows no server. It still costs a lookup, and more than two lookups that find nothing end in \"permerror\".",
            fix: "Correct the name in `{term}`, or delete the term.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no coincide con nadie",
            here: "{host} no tiene un registro {kind} utilizable",
            why: "{host} no tiene ningún registro {kind} que lleve a un host, de modo que el término no autoriza ningún servidor. Aun así cuesta una consulta, y más de dos consultas vacías terminan en «permerror».",
            fix: "Corrija el nombre en `{term}` o elimine el término.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` はどの送信元にも一致しません",
            here: "{host} に使える {kind} レコードがありません",
            why: "{host} には使える {kind} レコードがないため、この項目はどのサーバーも許可しません。それでもルックアップは1回消費され、空振りのルックアップが2回を超えると「permerror」になります。",
            fix: "`{term}` の名前を修正するか、項目を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // More of them are an error of their own.
    if evaluate::spf::voids(&evidence.spf).len() > evaluate::spf::MAX_VOIDS {
        return;
    }
    for (number, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        let said = |term| way::is_faulty(evidence, number, term) || placeholder::is_placeholder(evidence, number, term);
        for lookup in node.lookups.iter().filter(|lookup| !said(lookup.term)) {
            let Target::Answers(answers) = &lookup.target else { continue };
            let (Some(first), true) = (answers.first(), answers.iter().all(leads_nowhere)) else { continue };
            let Some(term) = spf.terms.get(lookup.term) else { continue };
            let kinds: Vec<String> = answers.iter().map(|answer| answer.question.kind.to_string()).collect();
            let finding = RULE.at(spf.txt.spans(term.range.clone())).with("owner", &node.name);
            let finding = finding.with("term", spf.text(term)).with("host", &first.question.name);
            findings.push(finding.with("kind", kinds.join(" / ")));
        }
    }
}

/// Nothing is there, or a null MX (RFC 7505).
fn leads_nowhere(answer: &Answer) -> bool {
    let null = |record: &Record| record.kind == Kind::MX && record.target().is_some_and(Name::is_root);
    answer.is_absent() || (!answer.records().is_empty() && answer.records().iter().all(null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn dead_names() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:gone.other mx -all"
                                      ^^^^^^^^^^^^ ^^
            example.test. MX 0 .
            "#,
        );
    }

    #[test]
    fn one_family_is_enough() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:there.other a mx -all"
            example.test. A 192.0.2.1
            example.test. MX 0 mail.other.
            there.other. AAAA 2001:db8::1
            "#,
        );
    }

    #[test]
    fn three_are_said_elsewhere() {
        clean(&RULE, r#"example.test. TXT "v=spf1 a:x.other a:y.other a:z.other -all""#);
    }

    #[test]
    fn nobody_knows() {
        for evidence in offline_evidence(r#"example.test. TXT "v=spf1 a:gone.other -all""#) {
            let mut found = Vec::new();
            check(&evidence, &mut found);
            assert!(found.is_empty());
        }
    }
}

//! A modifier that nobody defines: legal, and ignored.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Term, TermKind};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-unknown-modifier",
    severity: Severity::Advice,
    references: &["RFC 7208 section 6"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} is ignored",
            here: "unknown modifier",
            why: "A term with `=` that is neither `redirect` nor `exp` is a modifier that receivers do not know and skip. It does no harm, but it does nothing either.",
            fix: "Delete `{term}`, or write what was meant by it as a mechanism.",
        },
        es: Prose {
            title: "`{term}` se ignora en el registro SPF de {owner}",
            here: "modificador desconocido",
            why: "Un término con `=` que no es `redirect` ni `exp` es un modificador que los receptores no conocen e ignoran. No hace daño, pero tampoco hace nada.",
            fix: "Elimine `{term}` o escriba lo que quería decir como mecanismo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` は無視されます",
            here: "未知のモディファイアです",
            why: "`redirect` と `exp` 以外の `=` を含む項目は未知のモディファイアとみなされ、受信側は読み飛ばします。害はありませんが、効果もありません。",
            fix: "`{term}` を削除するか、意図した内容をメカニズムとして書いてください。",
        },
    },
};

/// RFC 6652 section 3: modifiers for reports of failures.
const REPORTS: [&str; 3] = ["ra", "rp", "rr"];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        for spf in &node.asked.found {
            let faults = fault::faults_of(node, spf);
            let said = |term: &Term| faults.iter().any(|fault| fault.term == term.range);
            let known = |term: &Term| REPORTS.iter().any(|known| known.eq_ignore_ascii_case(spf.part(&term.name)));
            let modifiers = spf.terms.iter().filter(|term| term.kind == TermKind::UnknownModifier);
            for term in modifiers.filter(|term| !said(term) && !known(term)) {
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
    fn unknown() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 foo=bar mx v=spf1 -all"
                                      ^^^^^^^    ^^^^^^
            "#,
        );
    }

    #[test]
    fn known_or_said_elsewhere() {
        clean(
            &RULE,
            r#"example.test. TXT "v=spf1 ra=postmaster rp=10 RR=all exp=x.test include=x.test redirect=y.test""#,
        );
    }
}

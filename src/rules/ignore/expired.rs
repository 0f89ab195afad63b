//! What was ignored until a day counts again: that day is over.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "ignore-expired",
    severity: Severity::Warning,
    references: &["mailvet: Settings in a file"],
    check,
    text: Text {
        en: Prose {
            title: "ignoring `{rules}` was to end on {until}, and that day is over",
            here: "no longer holds",
            why: "What was ignored counts again. The reason that was given: {reason}",
            fix: "Mend what is found and take the ignore away. If it still has to wait, write a later day.",
        },
        es: Prose {
            title: "la excepción para `{rules}` venció el {until}",
            here: "ya no se aplica",
            why: "Lo que se ignoraba vuelve a contar. Motivo que se había indicado: {reason}",
            fix: "Corrija el problema y elimine la excepción. Si todavía debe esperar, indique una fecha posterior.",
        },
        ja: Prose {
            title: "`{rules}` を無視する期限({until})が過ぎています",
            here: "期限切れ",
            why: "無視していたルールの検出結果は、再び件数に含まれます。記載されていた理由: {reason}",
            fix: "検出された問題を修正し、この無視の指定を削除してください。すぐに対応できない場合は、期限を延ばしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let said = &evidence.said;
    for ignore in said.ignores.iter().filter(|ignore| ignore.has_expired(said.today)) {
        let Some(until) = ignore.until else { continue };
        let rules: Vec<&str> = ignore.rules.iter().map(|(id, _)| id.as_str()).collect();
        let finding = RULE.at([ignore.at.clone()]).with("rules", rules.join("`, `"));
        findings.push(finding.with("until", until).with("reason", &ignore.reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    /// The tests are run in 2100.
    #[test]
    fn the_day_is_over() {
        finds(
            &RULE,
            r#"
            @ TXT "v=spf1 ptr -all" ; mailvet: ignore spf-ptr until 2099-12-31 -- the printer
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            news MX 0 mail
            "#,
        );
    }

    #[test]
    fn it_holds_on_its_last_day_and_without_one() {
        clean(&RULE, "@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr until 2100-01-01 -- the printer");
        clean(&RULE, "@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr -- the printer");
    }
}

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
            title: "`{rules}` was to be ignored until {until}, and that day is over",
            here: "no longer holds",
            why: "What these rules find counts again. The reason that was given: {reason}",
            fix: "Mend what they find and take the ignore away. If it still has to wait, write a later day.",
        },
        es: Prose {
            title: "`{rules}` debía ignorarse hasta el {until}, y esa fecha ya pasó",
            here: "ya no se aplica",
            why: "Lo que encuentran estas reglas vuelve a contar. El motivo indicado fue: {reason}",
            fix: "Corrija lo que encuentran y elimine la excepción. Si todavía debe esperar, escriba una fecha posterior.",
        },
        ja: Prose {
            title: "`{rules}` を無視する期限({until})が過ぎています",
            here: "期限切れ",
            why: "これらのルールの指摘は再び有効になりました。記載されていた理由: {reason}",
            fix: "指摘された箇所を直し、この無視の設定を削除してください。まだ猶予が必要な場合は、期限の日付を延ばしてください。",
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

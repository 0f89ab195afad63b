//! A comment asks to ignore a rule that there is not.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Value, Words};
use crate::near;
use crate::policy::Covers;
use crate::rules::{self, Rule};

pub static RULE: Rule = Rule {
    id: "ignore-unknown-rule",
    severity: Severity::Warning,
    references: &["mailvet: Settings in a file"],
    check,
    text: Text {
        en: Prose {
            title: "there is no rule `{id}` to ignore",
            here: "no rule has this id",
            why: "This id has no effect: whatever it was meant for is still counted.",
            fix: "Write {right}.",
        },
        es: Prose {
            title: "se pide ignorar la regla `{id}`, que no existe",
            here: "ninguna regla tiene este identificador",
            why: "Este identificador no tiene efecto: lo que se quería ignorar con él sigue contando.",
            fix: "Escriba {right}.",
        },
        ja: Prose {
            title: "無視の対象に指定された `{id}` というルールはありません",
            here: "このIDのルールはありません",
            why: "このIDの指定は無効です。無視するはずだった検出結果は、引き続き件数に含まれます。",
            fix: "{right} に書き換えてください。",
        },
    },
};

const ANY: Words = Words {
    en: "the id of a rule, which stands in brackets in front of what it finds; `mailvet explain` lists all",
    es: "el identificador de una regla, que aparece entre corchetes delante de lo que encuentra; `mailvet explain` muestra la lista completa",
    ja: "既存のルールのID(検出結果の先頭の角括弧内の文字列。一覧は `mailvet explain`)",
};

/// In settings it is an error, and nothing is checked.
fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let in_comments = evidence.said.ignores.iter().filter(|ignore| matches!(ignore.covers, Covers::Place(_)));
    let named = in_comments.flat_map(|ignore| &ignore.rules);
    for (id, at) in named.filter(|(id, _)| rules::by_id(id).is_none()) {
        let meant = near::nearest(id, rules::all().map(|rule| rule.id));
        let right = meant.map_or(Value::Words(ANY), |id| Value::Plain(format!("`{id}`")));
        findings.push(RULE.at([at.clone()]).with("id", id).with_value("right", right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, fill};
    use crate::testing::{clean, findings, finds};

    #[test]
    fn slips_and_strangers() {
        finds(
            &RULE,
            r#"
            @ TXT "v=spf1 ptr -all" ; mailvet: ignore spf-prt, spf-duplicate,none -- the printer
                                                      ^^^^^^^                ^^^^
            "#,
        );
    }

    #[test]
    fn the_nearest_is_named() {
        let found = findings(&RULE, "@ MX 0 mail ; mailvet: ignore spf-prt nothing -- x");
        let fixes: Vec<String> = found.iter().map(|it| fill(it.text.get(Lang::En).fix, &it.values, Lang::En)).collect();
        assert_eq!(fixes[0], "Write `spf-ptr`.");
        assert!(fixes[1].contains("lists all"));
    }

    #[test]
    fn known_ones() {
        clean(&RULE, "@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr -- the printer");
        clean(&RULE, "@ TXT \"; mailvet: ignore spf-prt -- x\"");
    }
}

//! A comment speaks to mailvet, but does not say what to ignore and why.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::policy::Fault;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "ignore-unreadable",
    severity: Severity::Warning,
    references: &["mailvet: Settings in a file"],
    check,
    text: Text {
        en: Prose {
            title: "this comment for mailvet cannot be read",
            here: "{fault}",
            why: "The comment has no effect: whatever it was meant for is still counted.",
            fix: "Write it as `{sign} mailvet: ignore spf-ptr -- reason`, with the ids of the rules, separated by commas, and the reason behind `--`. A last day may stand in front of the reason: `until 2027-01-31 -- reason`.",
        },
        es: Prose {
            title: "este comentario para mailvet no se puede interpretar",
            here: "{fault}",
            why: "El comentario no tiene efecto: lo que se quería ignorar sigue contando.",
            fix: "Escríbalo así: `{sign} mailvet: ignore spf-ptr -- motivo`, con los identificadores de las reglas separados por comas y el motivo después de `--`. Antes del motivo puede indicar el último día de validez: `until 2027-01-31 -- motivo`.",
        },
        ja: Prose {
            title: "mailvet向けのコメントを読み取れません",
            here: "{fault}",
            why: "このコメントは無効です。無視するはずだった検出結果は、引き続き件数に含まれます。",
            fix: "`{sign} mailvet: ignore spf-ptr -- 理由` の形式で、ルールのID(複数の場合はコンマ区切り)と、`--` に続けて理由を書いてください。期限を付ける場合は、`until 2027-01-31 -- 理由` のように、理由の前に書きます。",
        },
    },
};

fn words(fault: Fault) -> Words {
    match fault {
        Fault::NotIgnore => Words {
            en: "`ignore` is missing behind `mailvet:`",
            es: "falta `ignore` después de `mailvet:`",
            ja: "`mailvet:` の後に `ignore` がありません",
        },
        Fault::NoRule => {
            Words { en: "no rule is named", es: "no se indica ninguna regla", ja: "ルールのIDがありません" }
        }
        Fault::NoReason => Words {
            en: "the reason is missing: ` -- …`",
            es: "falta el motivo: ` -- …`",
            ja: "理由(` -- …`)がありません",
        },
        Fault::NoDate => Words {
            en: "no date, such as 2027-01-31, stands behind `until`",
            es: "falta una fecha válida (como 2027-01-31) después de `until`",
            ja: "`until` の後が日付ではありません",
        },
    }
}

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for unread in &evidence.said.unread {
        let sign = if unread.at.text().starts_with('#') { "#" } else { ";" };
        let finding = RULE.at([unread.at.clone()]).with("sign", sign);
        findings.push(finding.with_words("fault", words(unread.fault)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn each_fault() {
        finds(
            &RULE,
            r#"
            @ TXT "v=spf1 ptr -all" ; mailvet: ignore spf-ptr
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^
            ;; mailvet: spf-ptr -- the printer
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            @ MX 0 mail ; mailvet: ignore -- why not
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            ; mailvet: ignore spf-ptr until tomorrow -- the printer
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn those_that_say_it_and_those_for_others() {
        clean(&RULE, "@ TXT \"v=spf1 ptr -all\" ; mailvet: ignore spf-ptr -- the printer");
        clean(&RULE, "@ MX 0 mail ; checked with mailvet: fine\n; mailvet is good");
    }
}

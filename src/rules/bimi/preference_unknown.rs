//! A preference in `avp` or `lps` that is none.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;

pub static RULE: Rule = Rule {
    id: "bimi-preference-unknown",
    severity: Severity::Advice,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "`{value}` is not a value of `{tag}` in the BIMI record of {domain}",
            here: "not one of {known}",
            why: "Receivers ignore a value that they do not know, or even the whole record.",
            fix: "Write one of {known}, or delete `{tag}`.",
        },
        es: Prose {
            title: "`{value}` no es un valor de `{tag}` en el registro BIMI de {domain}",
            here: "valores válidos: {known}",
            why: "Los receptores ignoran un valor que no conocen, o incluso todo el registro.",
            fix: "Escriba uno de estos valores: {known}; o elimine `{tag}`.",
        },
        ja: Prose {
            title: "{domain} のBIMIレコードの `{tag}` に `{value}` という値はありません",
            here: "{known} のいずれでもありません",
            why: "受信側は知らない値を無視するか、レコード全体を無視します。",
            fix: "{known} のいずれかを書くか、`{tag}` を削除してください。",
        },
    },
};

/// The draft spells them `%s`: case counts.
const KNOWN: [(&str, [&str; 2]); 2] = [("avp", ["brand", "personal"]), ("lps", ["true", "false"])];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let tags = &applied.bimi.tags;
    for (name, known) in KNOWN {
        let Some(tag) = tags.find(name).filter(|tag| !known.contains(&tags.value_of(tag))) else { continue };
        let finding = applied.at(&RULE, tags.value_range(tag)).with("value", tags.value_of(tag)).with("tag", name);
        findings.push(finding.with("known", known.map(|value| format!("`{value}`")).join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn other_words() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg; avp=logo; lps="
                                                                    ^^^^
                                                                          ^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        clean(&RULE, "default._bimi TXT \"v=BIMI1; l=https://b.test/l.svg; avp=personal; lps=true\"");
    }
}

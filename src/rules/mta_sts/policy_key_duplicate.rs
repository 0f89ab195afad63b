//! A key that may stand once, twice with different values.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::{Field, KEYS};
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-key-duplicate",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{key}` is in the MTA-STS policy of {domain} more than once, with different values",
            here: "only the first counts",
            why: "Senders use the first `{key}` and ignore the others.",
            fix: "Keep the line that is right, delete the others, and write a new `id` into the record at `_mta-sts`.",
        },
        es: Prose {
            title: "`{key}` aparece más de una vez en la política MTA-STS de {domain}, con valores distintos",
            here: "solo cuenta el primero",
            why: "Los servidores remitentes usan el primer `{key}` e ignoran los demás.",
            fix: "Conserve la línea correcta, elimine las demás y escriba un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに、値の異なる `{key}` が複数あります",
            here: "最初のものだけが有効です",
            why: "送信側は最初の `{key}` を使い、ほかは無視します。",
            fix: "正しい行だけを残してほかを削除し、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    for key in KEYS.into_iter().filter(|key| *key != "mx") {
        let fields: Vec<&Field> = policy.fields.iter().filter(|field| policy.key(field) == key).collect();
        if fields.windows(2).any(|pair| policy.value(pair[0]) != policy.value(pair[1])) {
            let places = fields.iter().take(MAX_PLACES).map(|field| document.span(field.key.start..field.value.end));
            findings.push(RULE.at(places).with("domain", &evidence.domain).with("key", key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn two_modes() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: testing
            ^^^^^^^^^^^^^
            mx: a.example.test
            mx: b.example.test
            mode: enforce
            ^^^^^^^^^^^^^
            ",
        );
        clean(&RULE, "version: STSv1\nversion: STSv1\nmx: a.test\nmx: b.test\nx: 1\nx: 2\n");
    }
}

//! A `max_age` over the limit.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::LONGEST_AGE;
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-max-age-long",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "`max_age` in the MTA-STS policy of {domain} is over the limit of 31557600 seconds",
            here: "more than a year",
            why: "The standard sets a limit of one year. Some senders take such a policy for invalid, and deliver without MTA-STS.",
            fix: "Write `max_age: 31557600` or less, such as `max_age: 604800` for a week; then a new `id` in the record at `_mta-sts`.",
        },
        es: Prose {
            title: "`max_age` en la política MTA-STS de {domain} supera el límite de 31557600 segundos",
            here: "más de un año",
            why: "El estándar fija un límite de un año. Algunos servidores remitentes consideran que una política así no es válida y entregan el correo sin MTA-STS.",
            fix: "Escriba `max_age: 31557600` o menos, como `max_age: 604800` para una semana; después, un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーの `max_age` が上限の31557600秒を超えています",
            here: "1年を超えています",
            why: "規格では1年が上限です。このようなポリシーを無効とみなし、MTA-STSなしで配送する送信側があります。",
            fix: "`max_age: 31557600` 以下(例: 1週間なら `max_age: 604800`)にし、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    let Some(field) = policy.find("max_age").filter(|_| policy.max_age() > Some(LONGEST_AGE)) else { return };
    findings.push(RULE.at([document.span(field.value.clone())]).with("domain", &evidence.domain));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn over_a_year() {
        finds(
            &RULE,
            "
            version: STSv1
            max_age: 31557601
                     ^^^^^^^^
            ",
        );
        clean(&RULE, "version: STSv1\nmax_age: 31557600\n");
    }
}

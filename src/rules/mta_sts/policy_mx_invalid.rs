//! An `mx` in the policy that is no host and no pattern.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::is_pattern;
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-mx-invalid",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "`mx: {pattern}` in the MTA-STS policy of {domain} is not a host name",
            here: "not a host name",
            why: "Each `mx` holds one host name without a final dot, or one with `*.` in place of its first label. Senders ignore such a line, or the whole policy, and then do not deliver to the host, or deliver without MTA-STS.",
            fix: "Write one host name in each `mx` line, such as `mx: mail.example.com` or `mx: *.example.com`; then a new `id` in the record at `_mta-sts`.",
        },
        es: Prose {
            title: "`mx: {pattern}` en la política MTA-STS de {domain} no es un nombre de host",
            here: "no es un nombre de host",
            why: "Cada `mx` contiene un nombre de host sin punto final, o uno con `*.` en lugar de la primera etiqueta. Los servidores remitentes ignoran una línea así, o la política entera, y entonces no entregan el correo a ese host o lo entregan sin MTA-STS.",
            fix: "Escriba un solo nombre de host en cada línea `mx`, como `mx: mail.example.com` o `mx: *.example.com`; después, un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーの `mx: {pattern}` はホスト名ではありません",
            here: "ホスト名ではありません",
            why: "`mx` には、末尾のドットのないホスト名を1つ書きます(最初のラベルだけ `*.` にできます)。送信側はこのような行、またはポリシー全体を無視するため、そのホストに配送しないか、MTA-STSなしで配送します。",
            fix: "`mx: mail.example.com` や `mx: *.example.com` のように、1行に1つのホスト名を書き、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence) else { return };
    for field in policy.mx().filter(|field| !is_pattern(policy.value(field))).take(MAX_PLACES) {
        let place = if field.value.is_empty() { &field.key } else { &field.value };
        let shown: String = policy.value(field).chars().take(60).collect();
        let finding = RULE.at([document.span(place.clone())]);
        findings.push(finding.with("domain", &evidence.domain).with("pattern", shown));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn what_is_no_host() {
        finds(
            &RULE,
            "
            version: STSv1
            mx: mail.example.test.
                ^^^^^^^^^^^^^^^^^^
            mx: *
                ^
            mx: a.example.test, b.example.test
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            mx:
            ^^
            ",
        );
        clean(&RULE, "version: STSv1\nmx: *.example.test\nmx: mail.example.test\n");
    }
}

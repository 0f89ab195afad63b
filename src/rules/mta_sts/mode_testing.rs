//! A policy that is only tried out.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-mode-testing",
    severity: Severity::Advice,
    references: &["RFC 8461 section 3.2", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} is in the mode `testing`",
            here: "only reported, not enforced",
            why: "Senders report by TLS-RPT what the policy would have stopped, and deliver it all the same: nothing forces TLS yet.",
            fix: "When the reports show no failures, write `mode: enforce`, and a new `id` into the record at `_mta-sts`.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} está en modo `testing`",
            here: "solo se informa, no se impone",
            why: "Los servidores remitentes informan por TLS-RPT de las entregas que la política habría impedido, pero entregan el correo de todos modos: todavía nada obliga a usar TLS.",
            fix: "Cuando los informes no muestren fallos, escriba `mode: enforce` y un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーは `testing` モードです",
            here: "報告のみで、強制されません",
            why: "送信側は、ポリシーに反する場合をTLS-RPTで報告しますが、そのまま配送します。まだTLSは強制されません。",
            fix: "レポートに失敗がなくなったら `mode: enforce` に変え、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() == Some(Mode::Testing)) else {
        return;
    };
    if let Some(field) = policy.find("mode") {
        findings.push(RULE.at([document.span(field.value.clone())]).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn the_mode_is_marked() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: testing
                  ^^^^^^^
            ",
        );
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}

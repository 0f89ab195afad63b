//! A policy that takes MTA-STS back.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-mode-none",
    severity: Severity::Advice,
    references: &["RFC 8461 section 3.2", "RFC 8461 section 8.3"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} is in the mode `none`",
            here: "as if there were no policy",
            why: "With this mode senders treat {domain} as a domain without MTA-STS. That is the right way to give it up; otherwise nothing forces TLS.",
            fix: "If you want MTA-STS, write `mode: testing` or `mode: enforce` with the MX hosts, and a new `id` into the record at `_mta-sts`. If not, leave it until the old `max_age` is over, then delete record and host.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} está en modo `none`",
            here: "como si no hubiera política",
            why: "Con este modo, los servidores remitentes tratan a {domain} como un dominio sin MTA-STS. Es la forma correcta de abandonarlo; si no era la intención, nada obliga a usar TLS.",
            fix: "Si quiere MTA-STS, escriba `mode: testing` o `mode: enforce` con los servidores MX y un `id` nuevo en el registro de `_mta-sts`. Si no, déjelo hasta que venza el `max_age` anterior y después elimine el registro y el host.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーは `none` モードです",
            here: "ポリシーがないのと同じです",
            why: "このモードでは、送信側は {domain} をMTA-STSのないドメインとして扱います。MTA-STSをやめる場合の正しい手順ですが、そうでなければTLSは強制されません。",
            fix: "MTA-STSを使う場合は、MXホストとともに `mode: testing` または `mode: enforce` と書き、`_mta-sts` のレコードの `id` を新しくしてください。やめる場合は、以前の `max_age` が過ぎるまでこのままにし、その後レコードとホストを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() == Some(Mode::None)) else {
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
            mode: none
                  ^^^^
            ",
        );
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}

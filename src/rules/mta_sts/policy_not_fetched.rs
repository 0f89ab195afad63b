//! The policy was not fetched, because nobody was to be asked.

use crate::dns::Answer;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::failed;
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-not-fetched",
    severity: Severity::Advice,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} was not checked",
            here: "nobody was asked",
            why: "The check ran without the network, so what the policy says, and whether senders can fetch it, is not known.",
            fix: "Use `--live` to fetch it, or `mailvet check {domain}` once the zone is deployed.",
        },
        es: Prose {
            title: "no se ha comprobado la política MTA-STS de {domain}",
            here: "sin consultar",
            why: "La comprobación se hizo sin red, así que no se sabe qué dice la política ni si los servidores remitentes la pueden descargar.",
            fix: "Use `--live` para descargarla, o `mailvet check {domain}` cuando la zona esté publicada.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーは確認していません",
            here: "取得していません",
            why: "ネットワークを使わずに検査したため、ポリシーの内容も、送信側が取得できるかどうかも分かりません。",
            fix: "取得するには `--live` を付けるか、ゾーンの公開後に `mailvet check {domain}` を実行してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((page, Failure::NotAsked)) = failed(evidence) else { return };
    // Without a host there is nothing to fetch, which is another rule's.
    if !evidence.mta_sts.host.iter().all(Answer::is_absent) {
        findings.push(RULE.at([page.url_span()]).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn offline() {
        finds(&RULE, Failure::NotAsked);
        clean(&RULE, Failure::Timeout);
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}

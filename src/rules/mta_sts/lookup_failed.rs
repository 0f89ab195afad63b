//! Whether there is MTA-STS, nobody knows: DNS did not answer.

use crate::dns;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::{failed, is_used};
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-lookup-failed",
    severity: Severity::Advice,
    references: &["RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "MTA-STS of {domain} could not be checked: no answer for {name} ({code})",
            here: "no answer",
            why: "A sender that gets no answer either delivers to {domain} without MTA-STS, unless it remembers the policy.",
            fix: "Run the check again later, or with another DNS server (`--resolver`). If it stays so, ask whoever runs the DNS of {name}.",
        },
        es: Prose {
            title: "no se pudo comprobar MTA-STS de {domain}: la consulta de {name} no obtuvo respuesta ({code})",
            here: "sin respuesta",
            why: "Un servidor remitente que tampoco obtiene respuesta entrega el correo a {domain} sin MTA-STS, salvo que tenga guardada la política.",
            fix: "Repita la comprobación más tarde o con otro servidor DNS (`--resolver`). Si sigue igual, consulte a quien administra el DNS de {name}.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSを確認できませんでした: {name} の応答がありません({code})",
            here: "応答がありません",
            why: "同じように応答を得られない送信側は、ポリシーを保存していない限り、{domain} へMTA-STSなしで配送します。",
            fix: "時間をおくか、別のDNSサーバー(`--resolver`)でもう一度検査してください。変わらない場合は、{name} のDNSの管理者に問い合わせてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let sts = &evidence.mta_sts;
    let is_asked_for = evidence.named && is_used(evidence) && !evidence.mx.found.is_empty();
    let of_host = sts.host.iter().filter(|_| failed(evidence).is_some_and(|(_, why)| *why == Failure::NotResolved));
    for answer in std::iter::once(&sts.record.answer).chain(of_host).filter(|_| is_asked_for) {
        // What was not asked is told elsewhere, and so is a line that cannot be read.
        let Some(failure) = answer.failure() else { continue };
        if !matches!(failure, dns::Failure::NotAsked | dns::Failure::Unreadable) {
            let finding = RULE.at([answer.question_span()]).with("domain", &evidence.domain);
            findings.push(finding.with("name", &answer.question.name).with("code", failure.code()));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn aliases_in_a_circle() {
        finds(&RULE, "@ MX 0 mail\n_mta-sts CNAME a\na CNAME _mta-sts\n?");
    }

    #[test]
    fn answered_or_not_asked() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"");
        clean(&RULE, "@ MX 0 .\n_mta-sts CNAME _mta-sts");
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ MX 0 mail\n_mta-sts CNAME x.example.org.\n")[0], &mut found);
        assert!(found.is_empty());
    }
}

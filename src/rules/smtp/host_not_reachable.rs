//! A host that does not answer, where another one does.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{at, is_silent, reached};

pub static RULE: Rule = Rule {
    id: "smtp-host-not-reachable",
    severity: Severity::Advice,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} did not answer at port 25, although another one did",
            here: "no answer",
            why: "Port 25 is not blocked where mailvet runs, so the host may be down, or turn away hosts it does not know. Senders go on to the next host; if this one is never there, that costs them time.",
            fix: "Check again later, and from another network. If {host} is out of use, delete its MX record.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} no respondió en el puerto 25, aunque otro sí",
            here: "sin respuesta",
            why: "El puerto 25 no está bloqueado donde se ejecuta mailvet, así que el servidor puede estar caído o no atender a desconocidos. Los servidores remitentes pasan al siguiente; si este no responde nunca, les cuesta tiempo.",
            fix: "Vuelva a comprobarlo más tarde y desde otra red. Si {host} está fuera de servicio, elimine su registro MX.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} は、ほかのホストと違い25番ポートで応答しませんでした",
            here: "応答なし",
            why: "mailvetを実行している場所では25番ポートが塞がれていないため、ホストが停止しているか、見知らぬ相手を受け付けていない可能性があります。送信側は次のホストを試しますが、このホストが常に応答しないなら、その分配送が遅れます。",
            fix: "時間をおいて、また別のネットワークからも確認してください。{host} を使っていないなら、そのMXレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if reached(evidence).all(|(_, probe)| is_silent(probe)) {
        return;
    }
    for (host, _) in reached(evidence).filter(|(_, probe)| is_silent(probe)) {
        findings.push(at(&RULE, evidence, &host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, findings, finds_at, reply};
    use crate::smtp::{Failure, Tls};

    fn finds(seen: &[Result<Tls, Failure>], place: &str) {
        finds_at(&RULE, seen, None, place);
    }

    #[test]
    fn another_one_answers() {
        finds(&[Err(Failure::NoStartTls), Err(Failure::Silent)], "mx2");
        finds(&[Err(Failure::Unreachable), Err(Failure::Refused(reply(554)))], "mx1");
    }

    #[test]
    fn nobody_answers() {
        clean(&RULE, Err(Failure::Unreachable), None);
        assert!(findings(&RULE, &[Err(Failure::Silent), Err(Failure::Unreachable)], None).is_empty());
    }
}

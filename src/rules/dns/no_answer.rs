//! A question that nobody answered: what it asked for is neither there nor missing.

use crate::dns::{Answer, Failure};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dns::questions;

pub static RULE: Rule = Rule {
    id: "dns-no-answer",
    severity: Severity::Advice,
    references: &["RFC 7208 section 4.4", "RFC 9989 section 4.10", "RFC 2308 section 7"],
    check,
    text: Text {
        en: Prose {
            title: "DNS gives no answer for {question}: {failure}",
            here: "{failure}",
            why: "What is there is not known, so nothing is said about it. If receivers get no answer either, they defer the mail or treat it as not authenticated.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "el DNS no responde a {question}: {failure}",
            here: "{failure}",
            why: "No se sabe qué hay ahí, así que no se dice nada al respecto. Si los receptores tampoco obtienen respuesta, aplazan el correo o lo tratan como no autenticado.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "DNSから {question} の応答がありません: {failure}",
            here: "{failure}",
            why: "そこに何があるか分からないため、これについては判定していません。受信側でも応答が得られない場合、メールは一時拒否されるか、認証なしとして扱われます。",
            fix: "{remedy}",
        },
    },
};

const AGAIN: Words = Words {
    en: "Ask again, or ask another server. If the problem persists, the name servers of the domain need repair.",
    es: "Vuelva a consultar o consulte otro servidor. Si persiste, hay que reparar los servidores de nombres del dominio.",
    ja: "時間をおいてもう一度試すか、別のDNSサーバーで確認してください。続く場合は、ドメインのネームサーバーに修正が必要です。",
};
const SIGN: Words = Words {
    en: "Have the zone signed again, or correct the DS record at the registrar. Until then nobody who validates DNSSEC sees the domain.",
    es: "Vuelva a firmar la zona o corrija el registro DS en el registrador. Hasta entonces, quien valida DNSSEC no ve el dominio.",
    ja: "ゾーンを署名し直すか、レジストラのDSレコードを修正してください。それまで、DNSSECを検証する相手からはドメインが見えません。",
};
const UNTIE: Words = Words {
    en: "Correct the CNAME records so that they end at a name with data.",
    es: "Corrija los registros CNAME para que terminen en un nombre con datos.",
    ja: "CNAMEレコードが実データを持つ名前で終わるように修正してください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // Of these another rule speaks.
    let is_told = |answer: &&Answer| questions::is_bogus(evidence, answer);
    for answer in questions::unanswered(evidence).into_iter().filter(|answer| !is_told(answer)) {
        if let Some((failure, remedy)) = answer.failure().and_then(words) {
            let finding = RULE.at([answer.question_span()]).with("question", &answer.question);
            findings.push(finding.with_words("failure", failure).with_words("remedy", remedy));
        }
    }
}

/// A failure and what to do; nothing where nobody was asked.
fn words(failure: Failure) -> Option<(Words, Words)> {
    let (en, es, ja, remedy) = match failure {
        // Other rules tell of these.
        Failure::NotAsked | Failure::Unreadable => return None,
        Failure::Timeout => ("no answer in time", "sin respuesta a tiempo", "時間内に応答なし", AGAIN),
        Failure::ServFail => {
            ("the server failed (SERVFAIL)", "fallo del servidor (SERVFAIL)", "サーバー側の失敗(SERVFAIL)", AGAIN)
        }
        Failure::Refused => {
            ("the server refused (REFUSED)", "el servidor se negó (REFUSED)", "サーバーが拒否(REFUSED)", AGAIN)
        }
        Failure::Unreachable => {
            ("the server cannot be reached", "no se puede contactar con el servidor", "サーバーに到達できません", AGAIN)
        }
        Failure::Bogus => ("DNSSEC validation failed", "falló la validación DNSSEC", "DNSSECの検証に失敗", SIGN),
        Failure::AliasLoop => ("the aliases form a loop", "los alias forman un bucle", "CNAMEが循環しています", UNTIE),
    };
    Some((Words { en, es, ja }, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, offline_evidence};

    #[test]
    fn aliases_in_a_circle() {
        let zone = "@ MX 0 mail\n_dmarc CNAME a\na CNAME _dmarc\n?";
        finds(&RULE, zone);
        let question = findings(&RULE, zone)[0].spans[0].record_set.clone();
        assert_eq!(question.map(|question| question.to_string()).as_deref(), Some("_dmarc.example.test TXT"));
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ MX 0 mail.example.org.\n")[0], &mut found);
        assert!(found.is_empty());
    }

    #[test]
    fn all_is_answered() {
        clean(&RULE, "@ MX 0 mail\n@ TXT \"v=spf1 include:none.test -all\"");
    }
}

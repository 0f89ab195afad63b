//! A host that offers STARTTLS, and then refuses it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-starttls-refused",
    severity: Severity::Warning,
    references: &["RFC 3207 section 4"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} offers STARTTLS, but refuses it",
            here: "`{reply}`",
            why: "Senders that use TLS where it is offered try again without it, in clear text, or later and in vain. Senders that demand TLS, by MTA-STS or DANE, do not deliver.",
            fix: "Look at the log of {host}: as a rule its certificate or key cannot be read, or does not fit.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} ofrece STARTTLS, pero después lo rechaza",
            here: "`{reply}`",
            why: "Los servidores remitentes que usan TLS cuando se ofrece lo intentan de nuevo sin cifrar, o más tarde y en vano. Los que exigen TLS, por MTA-STS o DANE, no entregan el correo.",
            fix: "Consulte el registro (log) de {host}: por lo general su certificado o su clave no se puede leer o no corresponden entre sí.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} が、STARTTLSに対応すると答えながら拒否しています",
            here: "`{reply}`",
            why: "対応している場合だけTLSを使う送信側は、暗号化せずに送り直すか、後で再試行して失敗します。MTA-STSやDANEでTLSを必須とする送信側からは配送されません。",
            fix: "{host} のログを確認してください。多くの場合、証明書か秘密鍵が読み込めないか、両者の組み合わせが合っていません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in hosts(evidence) {
        if let Some(Failure::StartTlsRefused(reply)) = probe.failure() {
            findings.push(at(&RULE, evidence, &host).with("reply", reply));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds, reply};

    #[test]
    fn refused() {
        finds(&RULE, Err(Failure::StartTlsRefused(reply(454))), None);
        finds(&RULE, Err(Failure::StartTlsRefused(reply(501))), Some("enforce"));
    }

    #[test]
    fn not_offered() {
        clean(&RULE, Err(Failure::NoStartTls), None);
    }
}

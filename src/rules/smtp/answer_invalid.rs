//! Something that is not SMTP answers at port 25.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-answer-invalid",
    severity: Severity::Advice,
    references: &["RFC 5321 section 4.2"],
    check,
    text: Text {
        en: Prose {
            title: "what answers at port 25 of the MX host {host} of {domain} is not SMTP",
            here: "not a mail server",
            why: "Senders cannot deliver to something that does not speak SMTP. It may also be the network where mailvet runs that answers in place of the host.",
            fix: "Check from another network. If the answer is the same, see which program on {host} listens at port 25.",
        },
        es: Prose {
            title: "lo que responde en el puerto 25 del servidor MX {host} de {domain} no es SMTP",
            here: "no es un servidor de correo",
            why: "Los servidores remitentes no pueden entregar correo a algo que no habla SMTP. También es posible que sea la red en la que se ejecuta mailvet la que responde en lugar del servidor.",
            fix: "Compruébelo desde otra red. Si la respuesta es la misma, mire qué programa de {host} escucha en el puerto 25.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} の25番ポートの応答がSMTPではありません",
            here: "メールサーバーではありません",
            why: "SMTPで応答しない相手には、送信側は配送できません。ただし、mailvetを実行しているネットワークがホストの代わりに応答している可能性もあります。",
            fix: "別のネットワークから確認してください。同じ応答なら、{host} の25番ポートでどのプログラムが待ち受けているかを調べてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, _) in hosts(evidence).filter(|(_, probe)| probe.failure() == Some(&Failure::Protocol)) {
        findings.push(at(&RULE, evidence, &host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds};

    #[test]
    fn another_protocol() {
        finds(&RULE, Err(Failure::Protocol), None);
    }

    #[test]
    fn nothing_at_all() {
        clean(&RULE, Err(Failure::Silent), None);
    }
}

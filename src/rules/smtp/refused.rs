//! A host that does not want to talk.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-refused",
    severity: Severity::Advice,
    references: &["RFC 5321 section 3.1", "RFC 5321 section 4.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} refuses connections from here, so its TLS could not be checked",
            here: "`{reply}`",
            why: "The reply tells why. Most often the address from which mailvet connects is on a block list, as those of homes and offices are; senders with a better address are not affected. If the host takes no mail from anybody, what is sent to it comes back.",
            fix: "Check from a server that sends mail. If the reply is not about the address, look at the log of {host}, or delete an MX record of a host that is not meant to take mail.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} rechaza las conexiones desde aquí, así que no se pudo comprobar su TLS",
            here: "`{reply}`",
            why: "La respuesta dice por qué. Lo más frecuente es que la dirección desde la que se conecta mailvet figure en una lista de bloqueo, como las de hogares y oficinas; a los remitentes con mejor dirección no les afecta. Si el servidor no acepta correo de nadie, lo que se le envía se devuelve.",
            fix: "Compruébelo desde un servidor que envíe correo. Si la respuesta no se refiere a la dirección, consulte el registro (log) de {host} o elimine el registro MX de un servidor que no deba recibir correo.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} がここからの接続を拒否したため、TLSを確認できませんでした",
            here: "`{reply}`",
            why: "理由は応答に書かれています。多くの場合、mailvetの接続元アドレスが、家庭やオフィスのアドレスのようにブロックリストに載っているためで、通常の送信サーバーには影響しません。このホストが誰からもメールを受け取らないのなら、このホスト宛てのメールは不達となります。",
            fix: "メールを送信しているサーバーから確認してください。応答がアドレスに関するものでなければ、{host} のログを調べるか、メールを受け取らないホストのMXレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in hosts(evidence) {
        if let Some(Failure::Refused(reply)) = probe.failure()
            && reply.code >= 500
        {
            findings.push(at(&RULE, evidence, &host).with("reply", reply));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds, reply};

    #[test]
    fn for_good() {
        finds(&RULE, Err(Failure::Refused(reply(554))), None);
    }

    #[test]
    fn for_now() {
        clean(&RULE, Err(Failure::Refused(reply(421))), None);
    }
}

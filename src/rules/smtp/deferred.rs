//! A host that asks to come again.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-deferred",
    severity: Severity::Advice,
    references: &["RFC 5321 section 4.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} asked to try again later, so its TLS could not be checked",
            here: "`{reply}`",
            why: "Many servers put strangers off at first (greylisting), or limit connections. Senders try again, so this says nothing bad of the host.",
            fix: "Check again in a few minutes.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} pidió volver a intentarlo más tarde, así que no se pudo comprobar su TLS",
            here: "`{reply}`",
            why: "Muchos servidores aplazan el correo de los desconocidos (listas grises) o limitan las conexiones. Los servidores remitentes lo vuelven a intentar, así que esto no indica ningún fallo del servidor.",
            fix: "Vuelva a comprobarlo dentro de unos minutos.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} が後で再試行するよう求めたため、TLSを確認できませんでした",
            here: "`{reply}`",
            why: "初めての相手を一時的に断る(グレイリスティング)サーバーや、接続数を制限するサーバーは多くあります。送信側は再試行するので、ホストの不備を示すものではありません。",
            fix: "数分後にもう一度確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in hosts(evidence) {
        if let Some(Failure::Refused(reply)) = probe.failure()
            && reply.code < 500
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
    fn for_now() {
        finds(&RULE, Err(Failure::Refused(reply(451))), None);
    }

    #[test]
    fn for_good() {
        clean(&RULE, Err(Failure::Refused(reply(550))), None);
    }
}

//! No host answers: it may be the network here.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::smtp::{is_silent, names, reached};

pub static RULE: Rule = Rule {
    id: "smtp-not-reachable",
    severity: Severity::Advice,
    references: &["RFC 5321 section 4.5.4.2"],
    check,
    text: Text {
        en: Prose {
            title: "port 25 of the MX hosts of {domain} could not be reached from here",
            here: "no answer from {host}",
            why: "Many networks block port 25: those of homes, offices and clouds. So this says nothing of the hosts; STARTTLS and certificates could not be checked.",
            fix: "Run mailvet where connections to port 25 are allowed, such as on a server that sends mail.",
        },
        es: Prose {
            title: "no se pudo llegar desde aquí al puerto 25 de los servidores MX de {domain}",
            here: "{host} no responde",
            why: "Muchas redes bloquean el puerto 25: las de hogares, oficinas y nubes. Por tanto, esto no dice nada del estado de los servidores; no se pudieron comprobar STARTTLS ni los certificados.",
            fix: "Ejecute mailvet donde se permitan conexiones al puerto 25, por ejemplo en un servidor que envíe correo.",
        },
        ja: Prose {
            title: "{domain} のMXホストの25番ポートに、ここからは接続できませんでした",
            here: "{host} の応答なし",
            why: "家庭、オフィス、クラウドなど、25番ポートを塞いでいるネットワークは多くあります。したがって、ホストの不備とは限りません。STARTTLSと証明書は確認できませんでした。",
            fix: "メールを送信しているサーバーなど、25番ポートへの接続が許可された場所でmailvetを実行してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let silent: Vec<_> = reached(evidence).filter(|(_, probe)| is_silent(probe)).map(|(host, _)| host).collect();
    if !silent.is_empty() && reached(evidence).all(|(_, probe)| is_silent(probe)) {
        let finding = RULE.at(silent.iter().map(|host| host.span.clone()));
        findings.push(finding.with("domain", &evidence.domain).with("host", names(&silent)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, findings, finds};
    use crate::smtp::Failure;

    #[test]
    fn nobody_answers() {
        finds(&RULE, Err(Failure::Unreachable), None);
        let found =
            findings(&RULE, &[Err(Failure::Unreachable), Err(Failure::Silent), Err(Failure::PrivateAddress)], None);
        assert_eq!((found.len(), found[0].spans.len()), (1, 2));
    }

    #[test]
    fn somebody_answers() {
        clean(&RULE, Err(Failure::NoStartTls), None);
        clean(&RULE, Err(Failure::PrivateAddress), None);
        assert!(findings(&RULE, &[Err(Failure::Unreachable), Err(Failure::Protocol)], None).is_empty());
    }
}

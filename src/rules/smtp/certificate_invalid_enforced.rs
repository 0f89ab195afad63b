//! A certificate that does not hold, under a policy of MTA-STS that demands one that does.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::smtp::certificate::faults;
use crate::rules::smtp::mode;

pub static RULE: Rule = Rule {
    id: "smtp-certificate-invalid-enforced",
    severity: Severity::Error,
    references: &["RFC 8461 section 4.2", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the certificate of the MX host {host} of {domain} is not valid, and the MTA-STS policy demands that it is: {fault}{detail}",
            here: "not trusted",
            why: "Senders that honour MTA-STS, such as Gmail, Outlook.com and Exchange Online, do not deliver to {host}. Where no other host takes it, mail waits and then comes back.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "el certificado del servidor MX {host} de {domain} no es válido, y la política MTA-STS exige que lo sea: {fault}{detail}",
            here: "no es de confianza",
            why: "Los servidores remitentes que respetan MTA-STS, como Gmail, Outlook.com y Exchange Online, no entregan nada a {host}. Si ningún otro lo acepta, el correo espera en cola y al final se devuelve.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} の証明書に問題があり、MTA-STSポリシーの条件を満たしません: {fault}{detail}",
            here: "信頼されません",
            why: "Gmail、Outlook.com、Exchange OnlineなどMTA-STSに従う送信側は、{host} に配送しません。ほかに受け取るホストがなければ、メールは滞留した後に不達となります。",
            fix: "{remedy}",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(faults(&RULE, evidence, |host| mode(evidence, host.name) == Some(Mode::Enforce)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, every_fault, finds, tls};
    use crate::tls::CertificateFault;

    #[test]
    fn each_fault() {
        for fault in every_fault() {
            finds(&RULE, Ok(tls(Some(fault))), Some("enforce"));
        }
    }

    #[test]
    fn right_or_another_policy() {
        clean(&RULE, Ok(tls(None)), Some("enforce"));
        clean(&RULE, Ok(tls(Some(CertificateFault::Expired))), Some("testing"));
        clean(&RULE, Ok(tls(Some(CertificateFault::Expired))), None);
    }
}

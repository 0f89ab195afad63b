//! A certificate that does not hold, under a policy of MTA-STS in the mode `testing`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::smtp::certificate::faults;
use crate::rules::smtp::mode;

pub static RULE: Rule = Rule {
    id: "smtp-certificate-invalid-testing",
    severity: Severity::Warning,
    references: &["RFC 8461 section 4.2", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the certificate of the MX host {host} of {domain} is not valid, and the MTA-STS policy is still in testing: {fault}{detail}",
            here: "not trusted",
            why: "In the mode `testing` mail is still delivered. With `enforce` senders such as Gmail, Outlook.com and Exchange Online would not deliver to {host}.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "el certificado del servidor MX {host} de {domain} no es válido, con la política MTA-STS aún en pruebas: {fault}{detail}",
            here: "no es de confianza",
            why: "En el modo `testing` el correo se sigue entregando. Con `enforce`, servicios como Gmail, Outlook.com y Exchange Online no entregarían nada a {host}.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} の証明書に問題があります(MTA-STSポリシーは `testing` モード): {fault}{detail}",
            here: "信頼されません",
            why: "`testing` の間はメールが配送されます。`enforce` に変えると、Gmail、Outlook.com、Exchange Onlineなどの送信側は {host} に配送しなくなります。",
            fix: "{remedy}",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(faults(&RULE, evidence, |host| mode(evidence, host.name) == Some(Mode::Testing)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, every_fault, finds, tls};
    use crate::tls::CertificateFault;

    #[test]
    fn each_fault() {
        for fault in every_fault() {
            finds(&RULE, Ok(tls(Some(fault))), Some("testing"));
        }
    }

    #[test]
    fn right_or_another_policy() {
        clean(&RULE, Ok(tls(None)), Some("testing"));
        clean(&RULE, Ok(tls(Some(CertificateFault::Expired))), Some("enforce"));
        clean(&RULE, Ok(tls(Some(CertificateFault::Expired))), None);
    }
}

//! A certificate that does not hold, where no policy asks for one that does.

use crate::evaluate::exchange::Exchange;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::smtp::certificate::faults;
use crate::rules::smtp::mode;
use crate::rules::{Rule, dane};

pub static RULE: Rule = Rule {
    id: "smtp-certificate-invalid",
    severity: Severity::Advice,
    references: &["RFC 7435 section 3", "RFC 3207 section 4.1"],
    check,
    text: Text {
        en: Prose {
            title: "the certificate of the MX host {host} of {domain} is not valid: {fault}{detail}",
            here: "not trusted",
            why: "Most senders encrypt with any certificate, so mail is delivered. But this one does not prove that the host is the right one, and senders that demand such proof, other than by DANE, do not deliver. No MTA-STS policy could be enforced.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "el certificado del servidor MX {host} de {domain} no es válido: {fault}{detail}",
            here: "no es de confianza",
            why: "La mayoría de los servidores remitentes cifran con cualquier certificado, así que el correo se entrega. Pero este no demuestra que el servidor sea el auténtico, y los que lo exigen, salvo con DANE, no entregan el correo. Tampoco se podría imponer una política MTA-STS.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} の証明書に問題があります: {fault}{detail}",
            here: "信頼されません",
            why: "ほとんどの送信側はどの証明書でも暗号化するため、メールは配送されます。ただし正しいホストであることは証明されず、DANE以外の方法で証明書を検証する送信側からは配送されません。このままでは、MTA-STSポリシーを `enforce` モードにできません。",
            fix: "{remedy}",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let is_free = |host: &Exchange| !matches!(mode(evidence, host.name), Some(Mode::Enforce | Mode::Testing));
    // RFC 7672 section 3.1.1: with DANE a certificate of one's own making is as good as any. Who honours MTA-STS asks
    // for more, so the rules on policies do not look at that.
    let has_tlsa = |host: &Exchange| {
        evidence.smtp.iter().any(|probe| probe.host == *host.name && dane::stands_for(evidence, probe))
    };
    findings.extend(faults(&RULE, evidence, |host| is_free(host) && !has_tlsa(host)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, every_fault, finds, tls};
    use crate::tls::CertificateFault;

    #[test]
    fn each_fault() {
        for fault in every_fault() {
            finds(&RULE, Ok(tls(Some(fault))), None);
        }
    }

    #[test]
    fn right_or_another_policy() {
        clean(&RULE, Ok(tls(None)), None);
        clean(&RULE, Ok(tls(Some(CertificateFault::Expired))), Some("enforce"));
        clean(&RULE, Ok(tls(Some(CertificateFault::Expired))), Some("testing"));
    }
}

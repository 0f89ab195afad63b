//! The certificate of the host of the policy does not hold.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::certificate::described;
use crate::rules::mta_sts::failed;
use crate::web::{CertificateFault, Failure};

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-certificate",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the certificate of {host} is not valid: {fault}{detail}",
            here: "not trusted",
            why: "Senders accept the policy only over HTTPS with a valid certificate for {host}. They do not read it, and deliver to {domain} without MTA-STS: nothing forces TLS.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "el certificado de {host} no es válido: {fault}{detail}",
            here: "no es de confianza",
            why: "Los servidores remitentes solo aceptan la política por HTTPS con un certificado válido para {host}. No la leen y entregan el correo a {domain} sin MTA-STS: nada obliga a usar TLS.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{host} の証明書に問題があります: {fault}{detail}",
            here: "信頼されません",
            why: "送信側がポリシーを受け入れるのは、{host} の有効な証明書を使ったHTTPSで取得できた場合だけです。このままではポリシーは読まれず、{domain} へMTA-STSなしで配送されます。TLSは強制されません。",
            fix: "{remedy}",
        },
    },
};

const RENEW: Words = Words {
    en: "Renew the certificate on the web server, and see to it that it is renewed by itself from now on.",
    es: "Renueve el certificado en el servidor web y asegúrese de que en adelante se renueve automáticamente.",
    ja: "Webサーバーの証明書を更新し、今後は自動で更新されるようにしてください。",
};
const CLOCK: Words = Words {
    en: "Install a certificate whose time has begun, or set the clock of the machine that issued it.",
    es: "Instale un certificado cuyo periodo de validez haya comenzado o ponga en hora el equipo que lo emitió.",
    ja: "有効期間に入っている証明書を設定するか、証明書を発行した機器の時計を合わせてください。",
};
const REISSUE: Words = Words {
    en: "Get a certificate that holds this host name, and install it for this name on the web server.",
    es: "Obtenga un certificado que incluya este nombre de host e instálelo para este nombre en el servidor web.",
    ja: "このホスト名を含む証明書を取得し、Webサーバーでこの名前に設定してください。",
};
const CHAIN: Words = Words {
    en: "Install a certificate of a public authority (Let's Encrypt, say), together with its intermediate certificates.",
    es: "Instale un certificado de una autoridad pública (por ejemplo, Let's Encrypt) junto con sus certificados intermedios.",
    ja: "公的な認証局(Let's Encryptなど)の証明書を、中間証明書とともに設定してください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((page, Failure::Certificate(fault))) = failed(evidence) else { return };
    let remedy = match fault {
        CertificateFault::Expired => RENEW,
        CertificateFault::NotYetValid => CLOCK,
        CertificateFault::WrongName(_) => REISSUE,
        CertificateFault::UnknownIssuer | CertificateFault::Other(_) => CHAIN,
    };
    let (words, detail) = described(fault);
    let finding = RULE.at([page.url_span()]).with("domain", &evidence.domain).with("host", page.url.host());
    findings.push(finding.with_words("fault", words).with("detail", detail).with_words("remedy", remedy));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::rules::mta_sts::tests::{clean, findings, finds};

    #[test]
    fn each_fault() {
        let names = ["a.test", "b.test", "c.test", "d.test"].map(str::to_owned).to_vec();
        for (fault, detail) in [
            (CertificateFault::Expired, ""),
            (CertificateFault::NotYetValid, ""),
            (CertificateFault::WrongName(names), " (a.test, b.test, c.test, …)"),
            (CertificateFault::UnknownIssuer, ""),
            (CertificateFault::Other("BadSignature".to_owned()), " (BadSignature)"),
        ] {
            let found = findings(&RULE, Failure::Certificate(fault));
            assert!(found[0].values.iter().any(|(name, value)| *name == "detail" && value.get(Lang::En) == detail));
        }
    }

    #[test]
    fn other_failures() {
        finds(&RULE, Failure::Certificate(CertificateFault::Expired));
        clean(&RULE, Failure::Timeout);
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}

//! A host that does not offer STARTTLS, although the policy of MTA-STS demands it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::smtp::{at, hosts, mode};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-no-starttls-enforced",
    severity: Severity::Error,
    references: &["RFC 8461 section 4.2", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} does not offer STARTTLS, which the MTA-STS policy demands",
            here: "no STARTTLS",
            why: "Senders that honour MTA-STS, such as Gmail, Outlook.com and Exchange Online, do not deliver to a host without TLS. Where no other host takes it, mail waits and then comes back; other senders deliver in clear text.",
            fix: "Install a certificate on {host}, and turn STARTTLS on at port 25 (Postfix: `smtpd_tls_security_level = may`). If it is on already, something on the way takes it out, such as a firewall that inspects SMTP: yours, or one in the network where mailvet runs. Check from another network, too.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} no ofrece STARTTLS, y la política MTA-STS lo exige",
            here: "sin STARTTLS",
            why: "Los servidores remitentes que respetan MTA-STS, como Gmail, Outlook.com y Exchange Online, no entregan el correo a un servidor sin TLS. Si ningún otro lo acepta, el correo espera en cola y al final se devuelve; los demás remitentes lo entregan sin cifrar.",
            fix: "Instale un certificado en {host} y active STARTTLS en el puerto 25 (Postfix: `smtpd_tls_security_level = may`). Si ya está activo, algo en el camino lo elimina, por ejemplo un cortafuegos que inspecciona SMTP: el suyo, o uno de la red en la que se ejecuta mailvet. Compruébelo también desde otra red.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} が、MTA-STSポリシーの求めるSTARTTLSに対応していません",
            here: "STARTTLSなし",
            why: "Gmail、Outlook.com、Exchange OnlineなどMTA-STSに従う送信側は、TLSのないホストには配送しません。ほかに受け取るホストがなければ、メールは滞留した後に不達となります。それ以外の送信側からは、暗号化されずに届きます。",
            fix: "{host} に証明書を設定し、25番ポートでSTARTTLSを有効にしてください(Postfixでは `smtpd_tls_security_level = may`)。すでに有効なら、SMTPを検査するファイアウォールなどが途中でSTARTTLSを取り除いています。受信側のネットワークにあるとは限らず、mailvetを実行しているネットワークにあるのかもしれません。別のネットワークからも確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in hosts(evidence) {
        if probe.failure() == Some(&Failure::NoStartTls) && mode(evidence, host.name) == Some(Mode::Enforce) {
            findings.push(at(&RULE, evidence, &host));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds};

    #[test]
    fn demanded() {
        finds(&RULE, Err(Failure::NoStartTls), Some("enforce"));
    }

    #[test]
    fn not_demanded_or_unknown() {
        clean(&RULE, Err(Failure::NoStartTls), None);
        clean(&RULE, Err(Failure::NoStartTls), Some("testing"));
        clean(&RULE, Err(Failure::Unreachable), Some("enforce"));
    }
}

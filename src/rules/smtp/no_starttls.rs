//! A host that does not offer STARTTLS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::smtp::{at, hosts, is_enforced};
use crate::rules::{Rule, dane};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "smtp-no-starttls",
    severity: Severity::Warning,
    references: &["RFC 3207 section 4", "RFC 7435 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} does not offer STARTTLS",
            here: "no STARTTLS",
            why: "Mail to {domain} comes in clear text: whoever sits on the way can read and change it. Senders that demand TLS do not deliver.",
            fix: "Install a certificate on {host}, and turn STARTTLS on at port 25 (Postfix: `smtpd_tls_security_level = may`). If it is on already, something on the way takes it out, such as a firewall that inspects SMTP: yours, or one in the network where mailvet runs. Check from another network, too.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} no ofrece STARTTLS",
            here: "sin STARTTLS",
            why: "El correo para {domain} llega sin cifrar: quien esté en el camino puede leerlo y modificarlo. Los servidores remitentes que exigen TLS no lo entregan.",
            fix: "Instale un certificado en {host} y active STARTTLS en el puerto 25 (Postfix: `smtpd_tls_security_level = may`). Si ya está activo, algo en el camino lo elimina, por ejemplo un cortafuegos que inspecciona SMTP: el suyo, o uno de la red en la que se ejecuta mailvet. Compruébelo también desde otra red.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} がSTARTTLSに対応していません",
            here: "STARTTLSなし",
            why: "{domain} 宛てのメールは暗号化されずに届くため、経路上の第三者に読まれたり改ざんされたりするおそれがあります。TLSを必須とする送信側からは配送されません。",
            fix: "{host} に証明書を設定し、25番ポートでSTARTTLSを有効にしてください(Postfixでは `smtpd_tls_security_level = may`)。すでに有効なら、SMTPを検査するファイアウォールなどが途中でSTARTTLSを取り除いています。受信側のネットワークにあるとは限らず、mailvetを実行しているネットワークにあるのかもしれません。別のネットワークからも確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in hosts(evidence) {
        let is_demanded = is_enforced(evidence, host.name) || dane::demands_tls(evidence, host.name);
        if probe.failure() == Some(&Failure::NoStartTls) && !is_demanded {
            findings.push(at(&RULE, evidence, &host));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::smtp::tests::{clean, finds};

    #[test]
    fn not_offered() {
        finds(&RULE, Err(Failure::NoStartTls), None);
        finds(&RULE, Err(Failure::NoStartTls), Some("testing"));
    }

    #[test]
    fn unknown_or_another_rule() {
        clean(&RULE, Err(Failure::NoStartTls), Some("enforce"));
        clean(&RULE, Err(Failure::Silent), None);
    }
}

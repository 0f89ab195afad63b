//! A host with TLSA records that does not offer STARTTLS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::dane::asked;
use crate::rules::{Rule, smtp};
use crate::smtp::Failure;

pub static RULE: Rule = Rule {
    id: "dane-no-starttls",
    severity: Severity::Error,
    references: &["RFC 7672 section 2.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} has TLSA records, but does not offer STARTTLS",
            here: "no STARTTLS",
            why: "DNSSEC vouches for the TLSA records of {host}, so senders that use DANE, such as Exchange Online, do not deliver to it without TLS. Where no other host takes it, mail waits and then comes back; other senders deliver in clear text.",
            fix: "Install a certificate on {host}, and turn STARTTLS on at port 25 (Postfix: `smtpd_tls_security_level = may`). If it is on already, something on the way takes it out, such as a firewall that inspects SMTP: yours, or one in the network where mailvet runs. Check from another network, too.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} tiene registros TLSA, pero no ofrece STARTTLS",
            here: "sin STARTTLS",
            why: "DNSSEC avala los registros TLSA de {host}, así que los servidores remitentes que usan DANE, como Exchange Online, no le entregan sin TLS. Si ningún otro lo acepta, el correo espera y acaba devuelto; los demás entregan sin cifrar.",
            fix: "Instale un certificado en {host} y active STARTTLS en el puerto 25 (Postfix: `smtpd_tls_security_level = may`). Si ya está activo, algo en el camino lo elimina, por ejemplo un cortafuegos que inspecciona SMTP: el suyo, o uno de la red en la que se ejecuta mailvet. Compruébelo también desde otra red.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} にはTLSAレコードがありますが、STARTTLSに対応していません",
            here: "STARTTLSなし",
            why: "{host} のTLSAレコードはDNSSECで保証されているため、Exchange OnlineなどDANEを使う送信側は、TLSなしでは配送しません。ほかに受け取るホストがなければ、メールは滞留したのち差出人に戻ります。それ以外の送信側からは、暗号化されずに届きます。",
            fix: "{host} に証明書を設定し、25番ポートでSTARTTLSを有効にしてください(Postfixでは `smtpd_tls_security_level = may`)。すでに有効なら、SMTPを検査するファイアウォールなどが途中で取り除いています。受信側のものとは限らず、mailvetを実行しているネットワークのものかもしれません。別のネットワークからも確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // A policy of MTA-STS that demands TLS, too, is another rule's.
    let no_tls = asked(evidence).filter(|(_, probe)| probe.failure() == Some(&Failure::NoStartTls));
    for (host, _) in no_tls.filter(|(host, _)| !smtp::is_enforced(evidence, &host.host)) {
        let finding = RULE.at([host.record.field_span(1)]).and_at(host.tlsa.spans());
        findings.push(finding.with("domain", &evidence.domain).with("host", &host.host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dane::tests::{KEY, clean, finds};

    #[test]
    fn with_tlsa_records() {
        finds(&RULE, &[KEY], Err(Failure::NoStartTls));
        finds(&RULE, &["0 0 1 00"], Err(Failure::NoStartTls));
    }

    #[test]
    fn without_or_not_vouched_for_or_unknown() {
        clean(&RULE, &[], &[], Err(Failure::NoStartTls));
        clean(&RULE, &[KEY], &["mx.example.test"], Err(Failure::NoStartTls));
        clean(&RULE, &[KEY], &["example.test"], Err(Failure::NoStartTls));
        clean(&RULE, &[KEY], &[], Err(Failure::Silent));
    }
}

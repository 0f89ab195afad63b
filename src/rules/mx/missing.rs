//! A domain that sends has no MX record: answers and bounces go to its own address.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::lets_send;

pub static RULE: Rule = Rule {
    id: "mx-missing",
    severity: Severity::Warning,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} lets hosts send, but there is no MX record",
            here: "no MX record here",
            why: "Without an MX record, mail for the domain goes to its own address ({address}), which is usually that of a web server. Replies and bounces are lost there, and some receivers refuse senders that cannot be answered.",
            fix: "Publish an MX record with the host that takes mail for {domain}; your mailbox provider tells you its name.",
        },
        es: Prose {
            title: "el registro SPF de {domain} autoriza envíos, pero no hay registro MX",
            here: "aquí no hay ningún registro MX",
            why: "Sin registro MX, el correo para el dominio va a su propia dirección ({address}), que suele ser la de un servidor web. Allí se pierden las respuestas y los avisos de devolución, y algunos receptores rechazan a los remitentes a los que no se puede responder.",
            fix: "Publique un registro MX con el servidor que recibe el correo de {domain}; su proveedor de correo le indica el nombre.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードは送信を許可していますが、MXレコードがありません",
            here: "MXレコードがありません",
            why: "MXレコードがない場合、このドメイン宛てのメールはドメイン自身のアドレス({address})に送られますが、それは多くの場合Webサーバーです。返信や不達通知はそこで失われ、返信できない差出人を拒否する受信側もあります。",
            fix: "{domain} 宛てのメールを受け取るホストをMXレコードとして公開してください。ホスト名はメールサービスの案内で確認できます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if !evidence.named || !evidence.mx.is_missing() || lets_send(evidence) != Some(true) {
        return;
    }
    // RFC 5321 section 5.1: "If an empty list of MXs is returned, the address is treated as if it was associated with
    // an implicit MX RR, with a preference of 0, pointing to that host."
    let [a, aaaa] = &evidence.addresses;
    let Some(address) = a.records().iter().chain(aaaa.records()).next() else { return };
    let finding = RULE.at([evidence.mx.answer.question_span()]);
    findings.push(finding.with("domain", &evidence.domain).with("address", address.data_text()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn mail_goes_to_the_web_server() {
        finds(
            &RULE,
            r#"
            example.test. A 192.0.2.1
            ?
            @ TXT "v=spf1 include:spf.provider.test. -all"
            spf.provider.test. TXT "v=spf1 ip4:192.0.2.0/24 -all"
            "#,
        );
    }

    #[test]
    fn who_sends_nothing_needs_none() {
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 -all\"");
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 exp=why.example.test -all\"");
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 redirect=none.test\"\nnone.test. TXT \"v=spf1 -all\"");
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 ?a -all\"");
    }

    #[test]
    fn an_mx_record_or_no_address() {
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 a -all\"\n@ MX 0 mail");
        clean(&RULE, "@ TXT \"v=spf1 a:mail.example.test -all\"");
    }

    #[test]
    fn a_sub_domain_may_only_send() {
        clean(&RULE, "@ MX 0 mail\nnews A 192.0.2.1\nnews TXT \"v=spf1 a -all\"");
    }
}

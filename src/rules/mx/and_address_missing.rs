//! A domain that sends has neither MX nor address: nobody can answer.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::lets_send;

pub static RULE: Rule = Rule {
    id: "mx-and-address-missing",
    severity: Severity::Error,
    references: &["RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} lets hosts send, but there is neither an MX record nor an address",
            here: "nothing here to deliver mail to",
            why: "Mail for the domain cannot be delivered anywhere. Many receivers look for an MX or address record of the sender's domain, and refuse the message when there is none.",
            fix: "Publish an MX record with the host that takes mail for {domain}; your mailbox provider tells you its name.",
        },
        es: Prose {
            title: "el registro SPF de {domain} autoriza envíos, pero no hay ni registro MX ni dirección",
            here: "aquí no hay adónde entregar el correo",
            why: "El correo para el dominio no se puede entregar en ninguna parte. Muchos receptores buscan un registro MX o de dirección del dominio del remitente y rechazan el mensaje si no lo encuentran.",
            fix: "Publique un registro MX con el servidor que recibe el correo de {domain}; su proveedor de correo le indica el nombre.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードは送信を許可していますが、MXレコードもアドレスもありません",
            here: "メールの届け先がありません",
            why: "このドメイン宛てのメールはどこにも届きません。多くの受信側は差出人ドメインのMXレコードまたはアドレスを確認し、どちらもないメールを拒否します。",
            fix: "{domain} 宛てのメールを受け取るホストをMXレコードとして公開してください。ホスト名はメールサービスの案内で確認できます。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let nowhere = evidence.mx.is_missing() && evidence.addresses.iter().all(|answer| answer.is_absent());
    if evidence.named && nowhere && lets_send(evidence) == Some(true) {
        findings.push(RULE.at([evidence.mx.answer.question_span()]).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_sender_that_cannot_be_answered() {
        finds(
            &RULE,
            r#"
            @ TXT "v=spf1 ip4:192.0.2.0/24 -all"
            ?
            "#,
        );
    }

    #[test]
    fn any_way_in_is_enough() {
        clean(&RULE, "@ TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n@ AAAA 2001:db8::1");
        clean(&RULE, "@ TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n@ MX 0 mail");
        clean(&RULE, "@ TXT \"v=spf1 -all\"");
    }
}

//! A domain that sends nothing does not say that it takes no mail.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::mx::lets_send;

pub static RULE: Rule = Rule {
    id: "mx-null-missing",
    severity: Severity::Advice,
    references: &["RFC 7505 section 3", "RFC 5321 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has no MX record, so mail for it goes to its web server",
            here: "no MX record here",
            why: "The SPF record says that the domain sends nothing, but nothing says that it takes no mail. Senders try the domain's own address for days before they give up.",
            fix: "If the domain takes no mail, publish this null MX: whoever writes to it learns so at once.",
        },
        es: Prose {
            title: "{domain} no tiene registro MX, así que el correo que se le envía va a su servidor web",
            here: "aquí no hay ningún registro MX",
            why: "El registro SPF dice que el dominio no envía nada, pero nada indica que no reciba correo. Los servidores insisten durante días con la dirección del propio dominio antes de desistir.",
            fix: "Si el dominio no recibe correo, publique este MX nulo: quien le escriba lo sabrá de inmediato.",
        },
        ja: Prose {
            title: "{domain} にMXレコードがないため、このドメイン宛てのメールはWebサーバーに送られます",
            here: "MXレコードがありません",
            why: "SPFレコードは「送信しない」と宣言していますが、「受信しない」ことを示すものがありません。送信側のサーバーは、あきらめるまで何日もドメイン自身のアドレスへの配送を試みます。",
            fix: "このドメインでメールを受け取らない場合は、次のnull MXを公開してください。送信者にすぐエラーが返ります。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let reachable = evidence.addresses.iter().any(|answer| !answer.records().is_empty());
    if evidence.named && reachable && evidence.mx.is_missing() && lets_send(evidence) == Some(false) {
        let finding = RULE.at([evidence.mx.answer.question_span()]).with("domain", &evidence.domain);
        findings.push(finding.publish(&evidence.domain, Kind::MX, "0 ."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_parked_domain_with_a_web_server() {
        let zone = r#"
            @ A 192.0.2.1
            @ TXT "v=spf1 -all"
            ?
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].line(), "example.test. IN MX 0 .");
    }

    #[test]
    fn not_where_it_would_change_nothing() {
        clean(&RULE, "@ TXT \"v=spf1 -all\"");
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 -all\"\n@ MX 0 .");
        clean(&RULE, "@ A 192.0.2.1\n@ TXT \"v=spf1 a -all\"");
        clean(&RULE, "@ A 192.0.2.1\n_dmarc TXT \"v=DMARC1; p=reject\"");
    }
}

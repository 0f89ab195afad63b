//! A null MX on a domain whose SPF record lets somebody send.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::lets_send;

pub static RULE: Rule = Rule {
    id: "mx-null-on-sender",
    severity: Severity::Warning,
    references: &["RFC 7505 section 4.2", "Yahoo: SMTP Error Codes"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} takes no mail, but its SPF record lets hosts send",
            here: "these contradict each other",
            why: "A null MX says that nobody can answer mail from this domain. Yahoo names it among its reasons to refuse mail (550, 554), and other receivers may do so, too, even if SPF passes.",
            fix: "If the domain sends, replace the null MX with the host that takes its mail. If it does not, publish `v=spf1 -all` instead of this SPF record.",
        },
        es: Prose {
            title: "{domain} no recibe correo, pero su registro SPF autoriza envíos",
            here: "estos registros se contradicen",
            why: "Un MX nulo dice que nadie puede responder al correo de este dominio. Yahoo lo cita entre sus motivos para rechazar el correo (550, 554), y otros receptores también pueden hacerlo, aunque el mensaje supere SPF.",
            fix: "Si el dominio envía correo, sustituya el MX nulo por el servidor que lo recibe. Si no envía, publique `v=spf1 -all` en lugar de este registro SPF.",
        },
        ja: Prose {
            title: "{domain} はメールを受信しない設定ですが、SPFレコードは送信を許可しています",
            here: "互いに矛盾しています",
            why: "null MXは「このドメインからのメールには返信できない」という意味になります。Yahooはこれを拒否(550、554)の理由の1つに挙げており、SPFに合格していても、ほかの受信側でも拒否されることがあります。",
            fix: "送信に使うドメインであれば、null MXの代わりに受信ホストを指定してください。送信しないのであれば、このSPFレコードの代わりに `v=spf1 -all` を公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 7505 section 4.2: "mail systems SHOULD NOT publish a null MX record for domains that they use in
    // RFC5321.MailFrom or RFC5322.From addresses. If a system nonetheless does so, it risks having its mail rejected."
    let [host, ..] = evidence.mx.found.as_slice() else { return };
    let only_null = evidence.mx.found.iter().all(|host| host.exchange.is_root());
    let Some(spf) = evidence.spf.own().only() else { return };
    if only_null && lets_send(evidence) == Some(true) {
        let finding = RULE.at([host.record.data_span()]).and_at(spf.txt.whole());
        findings.push(finding.with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn a_sender_that_takes_no_mail() {
        finds(
            &RULE,
            r#"
            example.test. MX 0 .
                             ^^^
            @             TXT "v=spf1 ip4:192.0.2.1 -all"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn an_include_is_taken_at_its_word_unless_it_is_known_to_be_empty() {
        let mut findings = Vec::new();
        for evidence in offline_evidence("@ MX 0 .\n@ TXT \"v=spf1 include:spf.provider.test -all\"") {
            check(&evidence, &mut findings);
        }
        assert_eq!(findings.len(), 1);
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 include:none.test -all\"\nnone.test. TXT \"v=spf1 -all\"");
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 include:gone.test -all\"");
    }

    #[test]
    fn parked() {
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 -all\"");
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 mx -all\"");
        clean(&RULE, "@ MX 10 mail\n@ TXT \"v=spf1 mx -all\"");
    }
}

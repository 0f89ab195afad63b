//! The domain sends, and its SPF record certainly lets nobody pass, though nothing in it is wrong.

use crate::evaluate::pass;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dkim::DkimKey;
use crate::rules::auth::neither_spf_nor_dkim;
use crate::rules::{Rule, spf};

pub static RULE: Rule = Rule {
    id: "auth-no-spf",
    severity: Severity::Warning,
    references: &["Google: Email sender guidelines", "Yahoo: Sender Best Practices", "RFC 7208 section 2.6"],
    check,
    text: Text {
        en: Prose {
            title: "no server passes SPF for {domain}",
            here: "lets nobody send",
            why: "Nothing in the record lets a server send, so mail from {domain} never passes SPF. Gmail, Yahoo and Outlook.com ask both SPF and DKIM of those who send much mail.",
            fix: "Name the servers that send for {domain} in the record, in front of `all`; each mail provider tells which `include:` it needs. If {domain} only receives mail, leave the record as it is.",
        },
        es: Prose {
            title: "ningún servidor supera SPF para {domain}",
            here: "no autoriza a nadie",
            why: "Nada en el registro autoriza a ningún servidor a enviar, así que el correo de {domain} nunca supera SPF. Gmail, Yahoo y Outlook.com exigen tanto SPF como DKIM a quien envía mucho correo.",
            fix: "Incluya en el registro, delante de `all`, los servidores que envían en nombre de {domain}; cada proveedor de correo indica el `include:` que necesita. Si {domain} solo recibe correo, deje el registro como está.",
        },
        ja: Prose {
            title: "{domain} のSPFに合格するサーバーがありません",
            here: "どこからの送信も許可していません",
            why: "このレコードはどのサーバーにも送信を許可していないため、{domain} のメールがSPFに合格することはありません。Gmail、Yahoo、Outlook.comは、大量に送信するドメインにSPFとDKIMの両方を必須としています。",
            fix: "{domain} のメールを送信するサーバーを、レコードの `all` より前に追加してください。必要な `include:` は、各メールサービスの案内で確認できます。{domain} が受信専用であれば、変更は不要です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.spf.own().only() else { return };
    // Who has a key, or would need one, sends. Of a parked domain there is neither.
    let signs = evidence.sends() && has_key(evidence);
    let sends = signs || neither_spf_nor_dkim::is_so(evidence);
    if sends && !pass::anybody_may_pass(&evidence.spf) && !is_told_as_error(evidence) {
        findings.push(RULE.at(own.txt.whole()).with("domain", &evidence.domain));
    }
}

fn has_key(evidence: &Evidence) -> bool {
    let keys = evidence.dkim.selectors.iter().flat_map(|selector| &selector.asked.found);
    keys.into_iter().any(DkimKey::is_usable)
}

fn is_told_as_error(evidence: &Evidence) -> bool {
    let mut told = Vec::new();
    let errors = spf::RULES.iter().filter(|rule| rule.severity == Severity::Error);
    errors.for_each(|rule| (rule.check)(evidence, &mut told));
    !told.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, live_evidence};

    const KEY: &str = "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";

    #[test]
    fn a_record_that_lets_nobody_pass_though_mail_is_signed() {
        for all in ["-all", "~all", "?all"] {
            finds(&RULE, &format!("{KEY}@ MX 0 mail\n@ TXT \"v=spf1 {all}\"\n       ^^^^^^^^^^^"));
        }
    }

    #[test]
    fn mechanisms_that_stand_for_no_one() {
        finds(
            &RULE,
            r#"
            @             MX  0 mail
            s1._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
            example.test. TXT "v=spf1 a:gone.other include:spf.other -all"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            spf.other.    TXT "v=spf1 -all"
            "#,
        );
    }

    #[test]
    fn beside_a_key_that_is_missing_as_well() {
        finds(&RULE, "@ MX 0 mail\n@ TXT \"v=spf1 ~all\"\n       ^^^^^^^^^^^");
    }

    #[test]
    fn errors_are_told_by_rules_of_their_own() {
        for record in ["v=spf1 ip4:192.0.2.300 -all", "v=spf1 include:none.other -all", "v=spf2 -all"] {
            clean(&RULE, &format!("{KEY}@ MX 0 mail\n@ TXT \"{record}\""));
        }
        clean(&RULE, &format!("{KEY}@ MX 0 mail"));
    }

    #[test]
    fn who_lets_somebody_pass_or_does_not_send() {
        clean(&RULE, &format!("{KEY}@ MX 0 mail\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\""));
        clean(&RULE, &format!("{KEY}@ MX 0 .\n@ TXT \"v=spf1 -all\""));
        clean(&RULE, "*._domainkey TXT \"v=DKIM1; p=\"\n@ MX 0 .\n@ TXT \"v=spf1 -all\"");
    }

    #[test]
    fn what_is_not_known_may_let_pass_and_be_a_key() {
        let mut found = Vec::new();
        check(&live_evidence("$TTL 60\n@ MX 0 mail\n@ TXT \"v=spf1 -all\"\nx._domainkey TXT x\n", &[]), &mut found);
        assert!(found.is_empty());
    }
}

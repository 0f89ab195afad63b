//! The policy asks to refuse what fails DMARC, and a sender of the domain certainly fails.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::Policy;
use crate::rules::Rule;
use crate::rules::auth::uncovered;

pub static RULE: Rule = Rule {
    id: "auth-dmarc-cannot-pass",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.4", "RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "mail sent through {sender} cannot pass DMARC, and {domain} has it refused",
            here: "mail that fails is to be refused",
            why: "Neither SPF nor DKIM vouches for {domain} in mail that {sender} sends: SPF fails or vouches for another domain, and there is no key at its selectors. The policy asks receivers to refuse such mail, and Gmail, Yahoo and Microsoft 365 do.",
            fix: "Turn on DKIM for {domain} at {sender}, and publish the records that it shows. Write `p=none` until then.",
        },
        es: Prose {
            title: "el correo enviado por {sender} no puede superar DMARC, y {domain} pide que se rechace",
            here: "pide rechazar lo que no supere DMARC",
            why: "Ni SPF ni DKIM responden por {domain} en el correo que envía {sender}: SPF falla o responde por otro dominio, y no hay ninguna clave DKIM en los selectores de ese servicio. La política pide a los receptores que rechacen ese correo, y Gmail, Yahoo y Microsoft 365 lo hacen.",
            fix: "Active DKIM para {domain} en {sender} y publique los registros que allí se le indiquen. Hasta entonces, escriba `p=none`.",
        },
        ja: Prose {
            title: "{sender} から送るメールはDMARCに合格できず、{domain} のポリシーで拒否されます",
            here: "DMARCに失敗したメールは拒否されます",
            why: "{sender} が送るメールでは、SPFでもDKIMでも {domain} からのメールであることを証明できません。SPFは失敗するか別のドメインで合格し、DKIMのセレクターには公開鍵がありません。ポリシーは受信側に拒否を求めており、Gmail、Yahoo、Microsoft 365はそのとおり拒否します。",
            fix: "{sender} の管理画面で {domain} のDKIMを有効にし、表示されたレコードを公開してください。それまでは `p=none` にしてください。",
        },
    },
};

/// What is said where no mail of the domain can pass.
static OF_ALL_MAIL: Text = Text {
    en: Prose {
        title: "no mail of {domain} can pass DMARC, and {domain} has it refused",
        here: "mail that fails is to be refused",
        why: "For {domain} neither SPF nor DKIM works, so nothing vouches for its mail. The policy asks receivers to refuse such mail, and Gmail, Yahoo and Microsoft 365 do.",
        fix: "Set up SPF or DKIM; what is wrong with each is told in findings of their own. Write `p=none` until then.",
    },
    es: Prose {
        title: "ningún correo de {domain} puede superar DMARC, y {domain} pide que se rechace",
        here: "pide rechazar lo que no supere DMARC",
        why: "Para {domain} no funcionan ni SPF ni DKIM, así que nada responde por su correo. La política pide a los receptores que rechacen ese correo, y Gmail, Yahoo y Microsoft 365 lo hacen.",
        fix: "Configure SPF o DKIM; lo que falla en cada uno se explica por separado en este informe. Hasta entonces, escriba `p=none`.",
    },
    ja: Prose {
        title: "{domain} のメールはどれもDMARCに合格できず、{domain} のポリシーで拒否されます",
        here: "DMARCに失敗したメールは拒否されます",
        why: "{domain} ではSPFもDKIMも機能していないため、{domain} からのメールであることを何も証明できません。ポリシーは受信側に拒否を求めており、Gmail、Yahoo、Microsoft 365はそのとおり拒否します。",
        fix: "SPFまたはDKIMを設定してください。それぞれの問題点はこのレポートの別の項目で説明しています。それまでは `p=none` にしてください。",
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if let Some(place) = uncovered::place(evidence, Policy::Reject) {
        match uncovered::all_mail_fails(evidence) {
            true => findings.push(Finding { text: &OF_ALL_MAIL, ..uncovered::of_all_mail(evidence, RULE.at(place)) }),
            false => findings.extend(uncovered::told(evidence, &RULE.at(place))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::senders::Tristate;
    use crate::finding::Aspect;
    use crate::lang::{Lang, fill};
    use crate::testing::{clean, findings, finds, offline_evidence};

    #[test]
    fn spf_fails_and_nothing_is_signed() {
        finds(
            &RULE,
            r#"
            @ MX 0 example-test.mail.protection.outlook.com.
            @ TXT "v=spf1 include:spf.protection.outlook.com include:none.test -all"
            _dmarc TXT "v=DMARC1; p=reject"
                                  ^^^^^^^^
            mail._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
            "#,
        );
    }

    #[test]
    fn a_policy_that_refuses_nothing() {
        for policy in ["p=none", "p=quarantine", "p=reject; t=y"] {
            clean(&RULE, &format!("{MICROSOFT}{BROKEN}{KEY}_dmarc TXT \"v=DMARC1; {policy}\""));
        }
    }

    #[test]
    fn a_key_or_an_spf_record_that_works_is_enough() {
        let policy = "_dmarc TXT \"v=DMARC1; p=reject\"\n";
        let signed = KEY.replace("mail.", "selector1.");
        clean(&RULE, &format!("{MICROSOFT}{BROKEN}{signed}{policy}"));
        let world = "spf.protection.outlook.com. TXT \"v=spf1 +all\"\n";
        clean(
            &RULE,
            &format!("{MICROSOFT}@ TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n{KEY}{policy}{world}"),
        );
    }

    #[test]
    fn mailboxes_that_nothing_is_sent_from() {
        let zone = format!("{MICROSOFT}@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n{KEY}_dmarc TXT \"v=DMARC1; p=reject\"");
        clean(&RULE, &zone);
        let zone = format!("$TTL 60\n{MICROSOFT}{BROKEN}_dmarc TXT \"v=DMARC1; p=reject\"\n");
        let unknown = offline_evidence(&zone);
        assert_eq!(crate::evaluate::senders::coverage(&unknown[0])[0].spf, Tristate::Unknown);
    }

    #[test]
    fn where_nobody_is_covered_it_is_said_once() {
        let found = findings(&RULE, &format!("{MICROSOFT}{BROKEN}_dmarc TXT \"v=DMARC1; p=reject\""));
        let [all] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(
            fill(all.text.en.title, &all.values, Lang::En),
            "no mail of example.test can pass DMARC, and example.test has it refused"
        );
        assert_eq!(all.rests_on, [Aspect::Spf, Aspect::Dkim]);
    }

    const MICROSOFT: &str = "@ MX 0 example-test.mail.protection.outlook.com.\n";
    const BROKEN: &str = "@ TXT \"v=spf1 include:spf.protection.outlook.com include:none.test -all\"\n";
    const KEY: &str = "mail._domainkey TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";
}

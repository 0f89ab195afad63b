//! The policy asks to junk what fails DMARC, and a sender of the domain certainly fails.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::Policy;
use crate::rules::Rule;
use crate::rules::auth::uncovered;

pub static RULE: Rule = Rule {
    id: "auth-dmarc-cannot-pass-quarantine",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.4", "RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "mail sent through {sender} cannot pass DMARC, and {domain} has it junked",
            here: "mail that fails goes to spam",
            why: "Neither SPF nor DKIM vouches for {domain} in mail that {sender} sends: SPF fails or vouches for another domain, and there is no key at its selectors. The policy asks receivers to treat such mail as suspicious, so it lands in the spam folder.",
            fix: "Turn on DKIM for {domain} at {sender}, and publish the records that it shows. Write `p=none` until then.",
        },
        es: Prose {
            title: "el correo enviado por {sender} no puede superar DMARC, y {domain} pide que vaya a spam",
            here: "lo que no supere DMARC va a spam",
            why: "Ni SPF ni DKIM responden por {domain} en el correo que envía {sender}: SPF falla o responde por otro dominio, y no hay ninguna clave DKIM en los selectores de ese servicio. La política pide a los receptores que traten ese correo como sospechoso, así que acaba en la carpeta de spam.",
            fix: "Active DKIM para {domain} en {sender} y publique los registros que allí se le indiquen. Hasta entonces, escriba `p=none`.",
        },
        ja: Prose {
            title: "{sender} から送るメールはDMARCに合格できず、{domain} のポリシーで迷惑メールになります",
            here: "DMARCに失敗したメールは迷惑メールになります",
            why: "{sender} が送るメールでは、SPFでもDKIMでも {domain} からのメールであることを証明できません。SPFは失敗するか別のドメインで合格し、DKIMのセレクターには公開鍵がありません。ポリシーは受信側に隔離を求めているため、迷惑メールフォルダーに入ります。",
            fix: "{sender} の管理画面で {domain} のDKIMを有効にし、表示されたレコードを公開してください。それまでは `p=none` にしてください。",
        },
    },
};

/// What is said where no mail of the domain can pass.
static OF_ALL_MAIL: Text = Text {
    en: Prose {
        title: "no mail of {domain} can pass DMARC, and {domain} has it junked",
        here: "mail that fails goes to spam",
        why: "For {domain} neither SPF nor DKIM works, so nothing vouches for its mail. The policy asks receivers to treat such mail as suspicious, so it lands in the spam folder.",
        fix: "Set up SPF or DKIM; what is wrong with each is told in findings of their own. Write `p=none` until then.",
    },
    es: Prose {
        title: "ningún correo de {domain} puede superar DMARC, y {domain} pide que vaya a spam",
        here: "lo que no supere DMARC va a spam",
        why: "Para {domain} no funcionan ni SPF ni DKIM, así que nada responde por su correo. La política pide a los receptores que traten ese correo como sospechoso, así que acaba en la carpeta de spam.",
        fix: "Configure SPF o DKIM; lo que falla en cada uno se explica por separado en este informe. Hasta entonces, escriba `p=none`.",
    },
    ja: Prose {
        title: "{domain} のメールはどれもDMARCに合格できず、{domain} のポリシーで迷惑メールになります",
        here: "DMARCに失敗したメールは迷惑メールになります",
        why: "{domain} ではSPFもDKIMも機能していないため、{domain} からのメールであることを何も証明できません。ポリシーは受信側に隔離を求めているため、迷惑メールフォルダーに入ります。",
        fix: "SPFまたはDKIMを設定してください。それぞれの問題点はこのレポートの別の項目で説明しています。それまでは `p=none` にしてください。",
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if let Some(place) = uncovered::place(evidence, Policy::Quarantine) {
        match uncovered::all_mail_fails(evidence) {
            true => findings.push(Finding { text: &OF_ALL_MAIL, ..uncovered::of_all_mail(evidence, RULE.at(place)) }),
            false => findings.extend(uncovered::told(evidence, &RULE.at(place))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn spf_fails_and_nothing_is_signed() {
        finds(
            &RULE,
            r#"
            @ MX 0 example-test.mail.protection.outlook.com.
            @ TXT "v=spf1 include:spf.protection.outlook.com include:none.test -all"
            _dmarc TXT "v=DMARC1; t=y; p=reject"
                                       ^^^^^^^^
            mail._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
            "#,
        );
    }

    #[test]
    fn nothing_works() {
        finds(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=quarantine\"\n                      ^^^^^^^^^^^^");
    }

    #[test]
    fn a_policy_that_is_another() {
        let zone = "@ MX 0 example-test.mail.protection.outlook.com.\n@ TXT \"v=spf1 include:spf.protection.outlook.com \
                    include:none.test -all\"\nmail._domainkey TXT \"v=DKIM1; k=ed25519; \
                    p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";
        for policy in ["p=none", "p=reject", "p=quarantine; t=y"] {
            clean(&RULE, &format!("{zone}_dmarc TXT \"v=DMARC1; {policy}\""));
        }
    }
}

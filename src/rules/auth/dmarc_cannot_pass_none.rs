//! A sender of the domain certainly fails DMARC, and nobody is asked to do anything about such mail.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dmarc::Policy;
use crate::rules::Rule;
use crate::rules::auth::uncovered;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "auth-dmarc-cannot-pass-none",
    severity: Severity::Warning,
    references: &[
        "RFC 9989 section 4.4",
        "Google: Email sender guidelines",
        "Yahoo: Sender Best Practices",
        "Microsoft: Strengthening Email Ecosystem",
    ],
    check,
    text: Text {
        en: Prose {
            title: "mail sent through {sender} cannot pass DMARC for {domain}",
            here: "{policy}",
            why: "Neither SPF nor DKIM vouches for {domain} in mail that {sender} sends: SPF fails or vouches for another domain, and there is no key at its selectors. {domain} does not ask receivers to act on that, so little mail is delivered all the same. Of those who send much, Yahoo and Outlook.com refuse mail that does not pass DMARC, Gmail refuses or junks it; and with a stricter policy it is lost everywhere.",
            fix: "Turn on DKIM for {domain} at {sender}, and publish the records that it shows. Leave the policy at `p=none` until then.",
        },
        es: Prose {
            title: "el correo enviado por {sender} no puede superar DMARC para {domain}",
            here: "{policy}",
            why: "Ni SPF ni DKIM responden por {domain} en el correo que envía {sender}: SPF falla o responde por otro dominio, y no hay ninguna clave DKIM en los selectores de ese servicio. {domain} no pide a los receptores que actúen, así que, aun así, los envíos pequeños se entregan. A quien envía mucho, Yahoo y Outlook.com le rechazan el correo que no supera DMARC y Gmail lo rechaza o lo envía a spam; y con una política más estricta se pierde en todas partes.",
            fix: "Active DKIM para {domain} en {sender} y publique los registros que allí se le indiquen. Hasta entonces, deje la política en `p=none`.",
        },
        ja: Prose {
            title: "{sender} から送るメールは {domain} のDMARCに合格できません",
            here: "{policy}",
            why: "{sender} が送るメールでは、SPFでもDKIMでも {domain} からのメールであることを証明できません。SPFは失敗するか別のドメインで合格し、DKIMのセレクターには公開鍵がありません。{domain} は受信側に対処を求めていないため、少量のメールであればこのままでも届きます。しかし大量に送信する場合、DMARCに合格しないメールをYahooとOutlook.comは拒否し、Gmailは拒否するか迷惑メールにします。また、ポリシーを厳しくすると、このメールはどこにも届かなくなります。",
            fix: "{sender} の管理画面で {domain} のDKIMを有効にし、表示されたレコードを公開してください。それまでポリシーは `p=none` のままにしてください。",
        },
    },
};

const ASKS_NOTHING: Words = Words {
    en: "asks receivers for nothing yet",
    es: "aún no pide nada a los receptores",
    ja: "受信側にまだ何も求めていません",
};
const DOES_NOT_COUNT: Words =
    Words {
        en: "does not count as a policy", es: "no cuenta como política", ja: "ポリシーとして扱われません"
    };
const MISSING: Words =
    Words { en: "no policy here", es: "aquí no hay política", ja: "ここにポリシーがありません" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if let Some((place, policy)) = place(evidence) {
        findings.extend(uncovered::told(evidence, &RULE.at(place).with_words("policy", policy)));
    }
}

/// Where the policy stands that asks for nothing, or where there is none; nothing where it is another or not known.
fn place(evidence: &Evidence) -> Option<(Vec<Span>, Words)> {
    let own = evidence.dmarc.first()?;
    match dmarc::policy(evidence) {
        PolicyFound::Record { dmarc, policy: None, .. } => Some((dmarc.txt.whole(), DOES_NOT_COUNT)),
        PolicyFound::Record { dmarc, policy: Some(policy), .. } => {
            let place = || uncovered::place(evidence, Policy::None).unwrap_or_else(|| dmarc.txt.whole());
            (dmarc.handled_as(policy) == Policy::None).then(|| (place(), ASKS_NOTHING))
        }
        PolicyFound::Several => Some((own.found.iter().flat_map(|dmarc| dmarc.txt.whole()).collect(), DOES_NOT_COUNT)),
        PolicyFound::Missing => Some((vec![own.answer.question_span()], MISSING)),
        PolicyFound::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Aspect;
    use crate::testing::{clean, findings, finds, offline_evidence};

    const MICROSOFT: &str = "@ MX 0 example-test.mail.protection.outlook.com.\n";
    const BROKEN: &str = "@ TXT \"v=spf1 include:spf.protection.outlook.com include:none.test -all\"\n";
    const KEY: &str = "mail._domainkey TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";

    /// A DMARC record with this part marked.
    fn dmarc(value: &str, part: &str) -> String {
        let line = format!("_dmarc TXT \"{value}\"");
        let column = line.find(part).expect("a part");
        format!("{line}\n{}{}\n", " ".repeat(column), "^".repeat(part.len()))
    }

    #[test]
    fn a_policy_that_asks_for_nothing() {
        for (value, part) in [
            ("v=DMARC1; p=none", "p=none"),
            ("v=DMARC1; p=quarantine; t=y", "p=quarantine"),
            ("v=DMARC1; rua=mailto:d@example.test", "v=DMARC1; rua=mailto:d@example.test"),
        ] {
            finds(&RULE, &format!("{MICROSOFT}{BROKEN}{KEY}{}", dmarc(value, part)));
        }
    }

    #[test]
    fn no_policy_at_all() {
        finds(&RULE, &format!("{MICROSOFT}{BROKEN}{KEY}?"));
        finds(&RULE, &format!("{MICROSOFT}{BROKEN}{KEY}{}", dmarc("v=DMARC1", "v=DMARC1")));
        let two = ["v=DMARC1; p=reject", "v=DMARC1; p=none"].map(|value| dmarc(value, value)).concat();
        finds(&RULE, &format!("{MICROSOFT}{BROKEN}{KEY}{two}"));
    }

    #[test]
    fn other_policies_and_those_that_nobody_knows() {
        for policy in ["p=quarantine", "p=reject", "p=reject; t=y"] {
            clean(&RULE, &format!("{MICROSOFT}{BROKEN}{KEY}_dmarc TXT \"v=DMARC1; {policy}\""));
        }
        let mut found = Vec::new();
        let elsewhere = format!("$TTL 60\n{MICROSOFT}@ TXT \"v=spf1 -all\"\n{KEY}_dmarc CNAME d.example.org.\n");
        check(&offline_evidence(&elsewhere)[0], &mut found);
        assert!(found.is_empty());
    }

    #[test]
    fn where_nobody_is_covered_another_rule_speaks() {
        clean(&RULE, &format!("{MICROSOFT}{BROKEN}"));
    }

    /// On what the only finding in this zone rests.
    fn rests_on(records: &str) -> Vec<Aspect> {
        let found = findings(&RULE, &format!("{MICROSOFT}{KEY}{records}"));
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].rests_on.to_vec()
    }

    #[test]
    fn it_rests_on_what_would_let_this_sender_pass() {
        let provider = "spf.protection.outlook.com. TXT \"v=spf1 ip4:40.92.0.0/15 -all\"\n";
        let spf = |record: &str| rests_on(&format!("@ TXT \"v=spf1 {record} -all\"\n{provider}"));
        assert_eq!(spf("include:none.test include:spf.protection.outlook.com"), [Aspect::Spf, Aspect::Dkim]);
        assert_eq!(spf("ipv4:192.0.2.1 include:spf.protection.outlook.com"), [Aspect::Spf, Aspect::Dkim]);
        assert_eq!(spf("-include:spf.protection.outlook.com"), [Aspect::Dkim], "the record means what it says");
        assert_eq!(spf("include:none.test -include:spf.protection.outlook.com"), [Aspect::Dkim]);
        let void = rests_on("@ TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n");
        assert_eq!(void, [Aspect::Dkim], "the provider's own record is gone");
    }

    #[test]
    fn keys_that_were_withdrawn_are_no_fault_that_is_told() {
        let revoked = "selector1._domainkey TXT \"v=DKIM1; p=\"\nselector2._domainkey TXT \"v=DKIM1; p=\"\n";
        assert_eq!(rests_on(&format!("{revoked}@ TXT \"v=spf1 -include:spf.protection.outlook.com -all\"\n")), []);
        let short = "selector1._domainkey TXT \"v=DKIM1; k=rsa; p=AAAA\"\nselector2._domainkey TXT \"v=DKIM1; p=\"\n";
        let broken = rests_on(&format!("{short}@ TXT \"v=spf1 -include:spf.protection.outlook.com -all\"\n"));
        assert_eq!(broken, [Aspect::Dkim]);
    }
}

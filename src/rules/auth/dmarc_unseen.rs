//! Whether the mail of a sender passes DMARC hangs on something that was not seen, and it may be refused for it.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::senders::{Coverage, Tristate, coverage};
use crate::evidence::{Evidence, Who};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dmarc::Policy;
use crate::rules::Rule;
use crate::rules::auth::uncovered;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "auth-dmarc-unseen",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.4", "RFC 6376 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "whether mail sent through {sender} passes DMARC for {domain} cannot be told from here",
            here: "{here}",
            why: "SPF does not vouch for {domain} in mail that {sender} sends: it fails, or vouches for another domain. So only a DKIM signature of {domain} lets this mail pass. {unseen}",
            fix: "Open a message that was sent through {sender}, and show its headers. In the header `DKIM-Signature` with `d={domain}` the selector stands after `s=`: check again with it, `--selector NAME`. If there is no such header, turn on DKIM for {domain} at {sender}, and publish the records that it shows.",
        },
        es: Prose {
            title: "desde aquí no se puede saber si el correo enviado por {sender} supera DMARC para {domain}",
            here: "{here}",
            why: "SPF no responde por {domain} en el correo que envía {sender}: falla o responde por otro dominio. Por tanto, ese correo solo puede superar DMARC con una firma DKIM de {domain}. {unseen}",
            fix: "Abra un mensaje enviado por {sender} y muestre sus encabezados. En el encabezado `DKIM-Signature` con `d={domain}`, el selector está detrás de `s=`: repita la comprobación con él, `--selector NOMBRE`. Si no existe ese encabezado, active DKIM para {domain} en {sender} y publique los registros que allí se le indiquen.",
        },
        ja: Prose {
            title: "{sender} から送るメールが {domain} のDMARCに合格するかどうかは、ここからは分かりません",
            here: "{here}",
            why: "{sender} が送るメールでは、SPFは失敗するか別のドメインで合格するため、{domain} からのメールであることを証明しません。DMARCに合格するには {domain} のDKIM署名が必要です。{unseen}",
            fix: "{sender} から送ったメールのヘッダーを表示してください。`d={domain}` を含むヘッダー `DKIM-Signature` の `s=` に続くのがセレクターです。`--selector セレクター名` を付けてもう一度検査してください。このヘッダーがない場合は、{sender} の管理画面で {domain} のDKIMを有効にし、表示されたレコードを公開してください。",
        },
    },
};

const KEY_UNSEEN: Words = Words {
    en: "No key of this sender was found, but nobody can list the selectors of a domain, so there may be one.",
    es: "No se encontró ninguna clave de este remitente, pero nadie puede enumerar los selectores de un dominio, así que puede haberla.",
    ja: "この送信元の公開鍵は見つかりませんでしたが、ドメインのセレクターの一覧は取得できないため、存在する可能性もあります。",
};
const POLICY_UNSEEN: Words = Words {
    en: "No key of this sender was found, and the DMARC record, which says what becomes of such mail, was not answered.",
    es: "No se encontró ninguna clave de este remitente, y no hubo respuesta sobre el registro DMARC, que dice qué hacer con ese correo.",
    ja: "この送信元の公開鍵は見つからず、そのようなメールの扱いを示すDMARCレコードについても応答がありませんでした。",
};
const ACTS: Words = Words {
    en: "what fails is refused or junked",
    es: "lo que no supere DMARC se rechaza o va a spam",
    ja: "失敗したメールは拒否されるか迷惑メールになります",
};
const NOT_ANSWERED: Words = Words { en: "no answer", es: "sin respuesta", ja: "応答がありません" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((place, here)) = place(evidence) else { return };
    let is_unseen = matches!(dmarc::policy(evidence), PolicyFound::Unknown);
    let (doubtful, unseen) = if is_unseen { (Tristate::No, POLICY_UNSEEN) } else { (Tristate::Unknown, KEY_UNSEEN) };
    for coverage in coverage(evidence).iter().filter(|it| it.dmarc == doubtful && !spf_helps(it)) {
        let Who::Provider(provider) = coverage.sender.who else { continue };
        if uncovered::sends(evidence, coverage, provider) {
            let finding = RULE.at(place.clone()).with("domain", &evidence.domain).with("sender", &provider.name);
            findings.push(finding.with_words("here", here).with_words("unseen", unseen));
        }
    }
}

/// Where the policy stands that acts on what fails, or where it was asked for.
fn place(evidence: &Evidence) -> Option<(Vec<Span>, Words)> {
    if let PolicyFound::Unknown = dmarc::policy(evidence) {
        return Some((vec![evidence.dmarc.first()?.answer.question_span()], NOT_ANSWERED));
    }
    let acting = [Policy::Reject, Policy::Quarantine].into_iter().find_map(|it| uncovered::place(evidence, it));
    acting.map(|place| (place, ACTS))
}

/// May SPF vouch for the domain, as far as is known?
fn spf_helps(coverage: &Coverage) -> bool {
    coverage.spf != Tristate::No && coverage.aligned != Tristate::No
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Known;
    use crate::testing::{clean, findings, finds, live_evidence_of};

    const GOOGLE: &str = "@ MX 1 smtp.google.com.\n";
    const MISSPELT: &str = "@ TXT \"v=spf1 -include:_spf.google.com -all\"\n";
    const POLICY: &str = "_dmarc TXT \"v=DMARC1; p=reject\"\n";
    const KEY: &str = "TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";

    /// The evidence of a domain whose newsletters Mailchimp sends: bounces come back to Mailchimp.
    fn newsletter(records: &str) -> Vec<Finding> {
        let via = vec![Who::read("mailchimp").expect("a sender")];
        let zone = format!("$TTL 60\n@ MX 0 mail\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\ns1._domainkey {KEY}{records}\n");
        let mut found = Vec::new();
        check(&live_evidence_of("example.test", &zone, &Known { via, ..Known::default() }), &mut found);
        found
    }

    #[test]
    fn a_key_that_nobody_saw() {
        assert_eq!(newsletter(POLICY).len(), 1);
        assert_eq!(newsletter("_dmarc TXT \"v=DMARC1; p=quarantine\"\n").len(), 1);
        finds(
            &RULE,
            &format!(
                "{GOOGLE}{MISSPELT}_dmarc TXT \"v=DMARC1; p=reject\"\n                      ^^^^^^^^\nx._domainkey {KEY}"
            ),
        );
    }

    #[test]
    fn a_key_that_was_seen_or_a_policy_that_does_nothing() {
        assert!(newsletter("_dmarc TXT \"v=DMARC1; p=none\"\n").is_empty());
        assert!(newsletter("").is_empty());
        assert!(newsletter(&format!("{POLICY}k2._domainkey CNAME dkim2.mcsv.net.\ndkim2.mcsv.net. {KEY}")).is_empty());
        clean(&RULE, &format!("{GOOGLE}{MISSPELT}{POLICY}google._domainkey {KEY}"));
    }

    #[test]
    fn a_policy_that_was_not_answered() {
        let microsoft = "@ MX 0 example-test.mail.protection.outlook.com.\n";
        let spf = "@ TXT \"v=spf1 include:spf.protection.outlook.com include:none.test -all\"\n";
        let zone = format!("{microsoft}{spf}mail._domainkey {KEY}");
        assert!(findings(&RULE, &format!("{zone}{POLICY}")).is_empty(), "it certainly fails: another rule says so");
        assert_eq!(findings(&RULE, &format!("{zone}_dmarc CNAME d.elsewhere.example.\n")).len(), 0);
    }
}

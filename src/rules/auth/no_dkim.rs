//! The domain sends, and certainly has no DKIM key.

use crate::dns::Record;
use crate::evaluate::dkim;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::auth::{neither_spf_nor_dkim, unsigned};

pub static RULE: Rule = Rule {
    id: "auth-no-dkim",
    severity: Severity::Warning,
    references: &["Google: Email sender guidelines", "Yahoo: Sender Best Practices", "RFC 8020 section 2"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has no DKIM key",
            here: "no key below this name",
            why: "This name does not exist, and so no selector below it. Signatures with {domain} cannot be verified; mail that is forwarded fails SPF and then has nothing left. Gmail and Yahoo demand DKIM of those who send much mail.",
            fix: "Turn DKIM on at your mail provider, and publish the record that it shows.",
        },
        es: Prose {
            title: "{domain} no tiene clave DKIM",
            here: "no hay ninguna clave bajo este nombre",
            why: "Este nombre no existe, y por tanto tampoco ningún selector por debajo. Las firmas de {domain} no se pueden verificar; el correo reenviado no supera SPF y se queda sin nada que lo autentique. Gmail y Yahoo exigen DKIM a quien envía mucho correo.",
            fix: "Active DKIM en su proveedor de correo y publique el registro que le indique.",
        },
        ja: Prose {
            title: "{domain} にDKIMの公開鍵がありません",
            here: "この名前の下に鍵がありません",
            why: "この名前が存在しないため、その下のセレクターも存在しません。{domain} の署名は検証できず、転送されてSPFに失敗したメールには認証手段が残りません。GmailとYahooは大量送信者にDKIMを必須としています。",
            fix: "メールサービスの管理画面でDKIMを有効にし、表示されたレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // Where nobody signs as another domain either, a rule of its own says so.
    if is_so(evidence) && !unsigned::is_own_work(evidence) {
        let finding = RULE.at([evidence.dkim.node.question_span()]);
        findings.push(finding.with("domain", &evidence.domain));
    }
}

pub(super) fn is_so(evidence: &Evidence) -> bool {
    // Also where nobody passes SPF: that neither works is a consequence, and goes when one of them is mended.
    let judged = neither_spf_nor_dkim::may_be_judged(evidence);
    judged && dkim::is_certainly_absent(evidence) && !evidence.nearby().any(is_meant_as_key)
}

/// A key at a wrong name: other rules say where it belongs.
fn is_meant_as_key(record: &Record) -> bool {
    let named = record.owner.labels().any(|label| label.contains("domainkey"));
    named || record.txt().is_some_and(|txt| txt.value.to_ascii_lowercase().contains("v=dkim1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn nothing_below_the_name() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            @ TXT "v=spf1 ip4:192.0.2.1 include:spf.other.test -all"
            ?
            "#,
        );
    }

    #[test]
    fn doubt_is_for_the_domain() {
        for records in [
            "s1._domainkey CNAME s1.example.org.",
            "s1.domainkey TXT \"v=DKIM1; p=x\"",
            "_domainkey TXT \"o=~\"",
            "* CNAME www",
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n{records}"));
        }
        clean(&RULE, "@ TXT \"v=spf1 -all\"\n@ MX 0 .");
    }

    #[test]
    fn beside_spf_that_nobody_passes() {
        finds(&RULE, "@ MX 0 mail\n?");
        finds(&RULE, "@ MX 0 mail\n@ TXT \"v=spf1 ipv4:192.0.2.1 -all\"\n?");
    }
}

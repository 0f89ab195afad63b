//! No `rua`: nobody tells the owner what happens.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-no-reports",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "nobody gets the DMARC reports of {domain}",
            here: "no `rua=` in this record",
            why: "Without reports you do not see which of your senders fail, or who forges your mail, before you make the policy stricter.",
            fix: "Add `rua=mailto:` with an address that you read.",
        },
        es: Prose {
            title: "nadie recibe los informes DMARC de {domain}",
            here: "falta `rua=` en este registro",
            why: "Sin informes no se ve qué remitentes propios fallan ni quién falsifica su correo, y conviene saberlo antes de endurecer la política.",
            fix: "Añada `rua=mailto:` con una dirección que usted lea.",
        },
        ja: Prose {
            title: "{domain} のDMARCレポートを受け取る宛先がありません",
            here: "`rua=` がありません",
            why: "レポートがないと、どの送信元が失敗しているか、誰がなりすましているかが分からず、ポリシーを強化する判断ができません。",
            fix: "受信できるアドレスを `rua=mailto:` に続けて書き、追加してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let dmarc = applied.dmarc;
    let named = dmarc.txt.value.contains("mailto:") || dmarc.tags.find("rua").is_some();
    if evidence.sends() && !named && dmarc.effective_policy().is_some() {
        findings.push(applied.at(&RULE, 0..dmarc.txt.value.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn no_address() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            _dmarc TXT "v=DMARC1; p=none"
                        ^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn who_sends_nothing_needs_none() {
        clean(
            &RULE,
            r#"
            @ MX 0 .
            _dmarc TXT "v=DMARC1; p=reject"
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none; rua=mailto:a@b.test"#, r#"v=DMARC1"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

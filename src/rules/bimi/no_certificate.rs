//! A logo without a certificate: some receivers do not show it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;

pub static RULE: Rule = Rule {
    id: "bimi-no-certificate",
    severity: Severity::Advice,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification", "Google: Set up BIMI"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI logo of {domain} has no certificate",
            here: "no certificate in `a=`",
            why: "Gmail and Apple Mail show a logo only with a certificate for it: a Verified Mark Certificate (VMC) for a registered trademark; Gmail also takes a Common Mark Certificate (CMC). Yahoo and Fastmail show it without one.",
            fix: "If Gmail and Apple Mail are to show the logo, obtain a VMC (for Gmail alone, a CMC is enough), and name its PEM file in `a=https://…`.",
        },
        es: Prose {
            title: "el logotipo BIMI de {domain} no tiene certificado",
            here: "falta el certificado en `a=`",
            why: "Gmail y Apple Mail solo muestran un logotipo con certificado: un Verified Mark Certificate (VMC) para una marca registrada; Gmail acepta también un Common Mark Certificate (CMC). Yahoo y Fastmail lo muestran sin él.",
            fix: "Si quiere que Gmail y Apple Mail muestren el logotipo, obtenga un VMC (solo para Gmail, basta un CMC) e indique su archivo PEM en `a=https://…`.",
        },
        ja: Prose {
            title: "{domain} のBIMIロゴに証明書がありません",
            here: "`a=` に証明書がありません",
            why: "GmailとApple Mailがロゴを表示するのは証明書がある場合だけです。どちらも登録商標のロゴ用のVerified Mark Certificate(VMC)に対応し、GmailはCommon Mark Certificate(CMC)も受け付けます。YahooとFastmailは証明書がなくても表示します。",
            fix: "GmailとApple Mailでもロゴを表示させる場合はVMC(GmailだけでよければCMCも可)を取得し、そのPEMファイルを `a=https://…` に書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    if applied.bimi.image().is_some() && applied.bimi.certificate().is_none() {
        let empty = applied.bimi.tags.find("a").map(|tag| tag.range.clone());
        findings.push(applied.at(&RULE, empty.unwrap_or(0..applied.bimi.txt.value.len())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn none_or_empty() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg; a=;"
                                                                ^^
            "#,
        );
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://b.test/l.svg"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn with_one_and_declined() {
        clean(&RULE, "default._bimi TXT \"v=BIMI1; l=https://b.test/l.svg; a=https://b.test/c.pem\"");
        clean(&RULE, "default._bimi TXT \"v=BIMI1; l=; a=;\"");
    }
}

//! `p=none`: receivers only report.

use crate::evaluate::no_mail;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::Policy;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-policy-none",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC policy of {domain} is `none`",
            here: "receivers only report",
            why: "That is right for a start and enough for the receivers that demand DMARC, but mail forged with {domain} in the From line is delivered as before.",
            fix: "When the reports show that all your own senders pass DMARC, go on to `quarantine`, then to `reject`.",
        },
        es: Prose {
            title: "la política DMARC de {domain} es `none`",
            here: "los receptores solo informan",
            why: "Es lo correcto para empezar y basta para los receptores que exigen DMARC, pero el correo falsificado con {domain} en el campo De (From) se entrega igual que antes.",
            fix: "Cuando los informes muestren que todos sus remitentes propios superan DMARC, cambie a `quarantine` y después a `reject`.",
        },
        ja: Prose {
            title: "{domain} のDMARCポリシーが `none` です",
            here: "受信側はレポートだけを送ります",
            why: "導入時の設定としては正しく、DMARCを必須とする受信側の要件も満たしますが、差出人(From)を {domain} と偽ったメールはこれまでどおり配信されます。",
            fix: "正規の送信元がすべてDMARCに合格していることをレポートで確認したら、`quarantine`、次に `reject` へ進めてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // Who sends nothing need not wait for reports: another rule says so.
    if no_mail::strict_record(evidence).is_some() {
        return;
    }
    let Some(applied) = Applied::of(evidence) else { return };
    if let (Ok(Some(Policy::None)), Some(tag)) = (applied.dmarc.policy("p"), applied.dmarc.tags.find("p")) {
        findings.push(applied.at(&RULE, applied.dmarc.tags.value_range(tag)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn only_reports() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; sp=reject"
                                    ^^^^
            "#,
        );
    }

    #[test]
    fn who_sends_nothing_is_told_otherwise() {
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=none\"");
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=quarantine; sp=none"#, r#"v=DMARC1"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}

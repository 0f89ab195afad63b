//! More report addresses than receivers need support.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::ReportUriKind;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-report-addresses-many",
    severity: Severity::Advice,
    references: &["RFC 7489 section 6.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC record of {domain} names {count} addresses in `{tag}`",
            here: "receivers may leave these out",
            why: "Receivers have to send reports to two addresses, and many send to no more. Those behind the second may get nothing.",
            fix: "Keep two addresses, and pass the reports on from there, by a group or a forwarding rule.",
        },
        es: Prose {
            title: "el registro DMARC de {domain} indica {count} direcciones en `{tag}`",
            here: "los receptores pueden omitirlas",
            why: "Los receptores solo están obligados a enviar informes a dos direcciones, y muchos no pasan de ahí. Las direcciones posteriores a la segunda pueden no recibir nada.",
            fix: "Deje dos direcciones y reparta los informes desde ellas, con un grupo o una regla de reenvío.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードの `{tag}` に宛先が {count} 件あります",
            here: "省かれることがあります",
            why: "受信側が対応しなければならない宛先は2件までで、それ以上には送らない受信側もあります。3件目以降にはレポートが届かないことがあります。",
            fix: "宛先を2件にし、グループアドレスや転送で必要な人に届くようにしてください。",
        },
    },
};

/// RFC 7489 section 6.2: "Receivers MAY impose a limit on the number of URIs to which they will send reports but MUST
/// support the ability to send to at least two."
const SUPPORTED: usize = 2;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for tag in ["rua", "ruf"] {
        let uris = applied.dmarc.report_uris(tag);
        let more: Vec<_> = uris.iter().filter(|uri| uri.kind != ReportUriKind::Broken).skip(SUPPORTED).collect();
        if !more.is_empty() {
            let spans = more.iter().flat_map(|uri| applied.dmarc.txt.spans(uri.range.clone()));
            let finding = RULE.at(spans).with("domain", applied.domain).with("tag", tag);
            findings.push(finding.with("count", SUPPORTED + more.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_third_may_get_nothing() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@b.test,mailto:b@b.test,mailto:c@b.test"
                                                                              ^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn two_are_fine() {
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@b.test,mailto:b@b.test; ruf=mailto:c@b.test\"");
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@b.test,mailto:b@b.test,c\"");
    }
}

//! Two or more MTA-STS records: senders use none of them.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mta-sts-duplicate",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has {count} MTA-STS records",
            here: "an MTA-STS record",
            why: "Only one record may stand at `_mta-sts`. Senders that find several act as if there were none: they send to {domain} without MTA-STS, and nothing forces TLS.",
            fix: "Keep the record with the newest `id`, and delete the others.",
        },
        es: Prose {
            title: "{domain} tiene {count} registros MTA-STS",
            here: "un registro MTA-STS",
            why: "En `_mta-sts` solo puede haber un registro. Los servidores remitentes que encuentran varios actúan como si no hubiera ninguno: entregan el correo a {domain} sin MTA-STS y nada obliga a usar TLS.",
            fix: "Conserve el registro con el `id` más reciente y elimine los demás.",
        },
        ja: Prose {
            title: "{domain} にMTA-STSレコードが {count} 個あります",
            here: "MTA-STSレコード",
            why: "`_mta-sts` に置けるレコードは1つだけです。複数あると送信側はレコードがないものとして扱い、{domain} へMTA-STSなしで送信します。TLSは強制されません。",
            fix: "最新の `id` を持つレコードだけを残し、ほかを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 8461 section 3.1: "If the number of resulting records is not one ... senders MUST assume the recipient domain
    // does not have an available MTA-STS Policy".
    let found = &evidence.mta_sts.record.found;
    if found.len() > 1 {
        let finding = RULE.at(found.iter().flat_map(|record| record.txt.whole()));
        findings.push(finding.with("domain", &evidence.domain).with("count", found.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn all_are_marked() {
        finds(
            &RULE,
            r#"
            @        MX  0 mail
            _mta-sts TXT "v=STSv1; id=1"
                          ^^^^^^^^^^^^^
            _mta-sts TXT "v=STSv1; id=2"
                          ^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn other_texts_do_not_count() {
        clean(&RULE, "_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=stsv1; id=1\"\n_mta-sts TXT \"v=spf1 -all\"");
    }
}

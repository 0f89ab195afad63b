//! A size limit behind a report address: RFC 9989 removed it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::ReportUriKind;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-report-size-limit",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{address}` has a size limit, which receivers ignore",
            here: "size limit",
            why: "RFC 9989 removed the limit after `!`: receivers ignore it. Nothing is broken.",
            fix: "Delete `{limit}` when you next change the record.",
        },
        es: Prose {
            title: "`{address}` lleva un límite de tamaño que los receptores ignoran",
            here: "límite de tamaño",
            why: "La RFC 9989 suprimió el límite escrito tras `!`: los receptores lo ignoran. Nada deja de funcionar.",
            fix: "Elimine `{limit}` la próxima vez que cambie el registro.",
        },
        ja: Prose {
            title: "`{address}` のサイズ制限は無視されます",
            here: "サイズ制限",
            why: "RFC 9989は `!` 以降のサイズ制限を廃止したため、受信側は無視します。問題は起きていません。",
            fix: "次にレコードを変更するときに `{limit}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for uri in ["rua", "ruf"].into_iter().flat_map(|tag| applied.dmarc.report_uris(tag)) {
        let address = applied.text(uri.range.clone());
        if let (ReportUriKind::Mail { .. }, Some(at)) = (&uri.kind, address.find('!')) {
            let finding = applied.at(&RULE, uri.range.start + at..uri.range.end);
            findings.push(applied.correct(finding.with("address", address).with("limit", &address[at..])));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_limit() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@b.test!10m"
                                                             ^^^^
            "#,
        );
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@b.test\"");
    }
}

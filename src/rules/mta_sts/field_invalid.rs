//! A part of the MTA-STS record that is not `name=value`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, is_zone_slip};

pub static RULE: Rule = Rule {
    id: "mta-sts-field-invalid",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{field}` in the MTA-STS record of {domain} is not of the form `name=value`",
            here: "not `name=value`",
            why: "A record with such a part is not valid by the standard. Senders that read it strictly act as if {domain} had no MTA-STS.",
            fix: "Delete this part; the record needs `v` and `id` only.",
        },
        es: Prose {
            title: "`{field}` del registro MTA-STS de {domain} no tiene la forma `nombre=valor`",
            here: "no es `nombre=valor`",
            why: "Según el estándar, un registro con una parte así no es válido. Los servidores remitentes que lo leen de forma estricta actúan como si {domain} no tuviera MTA-STS.",
            fix: "Elimine esta parte; el registro solo necesita `v` e `id`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSレコードの `{field}` が `名前=値` の形になっていません",
            here: "`名前=値` ではありません",
            why: "このような部分のあるレコードは、規格上は無効です。厳密に読む送信側では、{domain} にはMTA-STSがないものとして扱われます。",
            fix: "この部分を削除してください。レコードに必要なのは `v` と `id` だけです。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for record in evidence.mta_sts.record.found.iter().filter(|record| !is_zone_slip(&record.txt)) {
        for tag in record.fields().iter().filter(|tag| !record.is_field(tag)).take(MAX_PLACES) {
            let field: String = record.txt.value[tag.range.clone()].chars().take(40).collect();
            let finding = RULE.at(record.txt.spans(tag.range.clone()));
            findings.push(finding.with("domain", &evidence.domain).with("field", field));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn no_value() {
        finds(
            &RULE,
            r#"
            @        MX  0 mail
            _mta-sts TXT "v=STSv1; id=1; enforce; max_age="
                                         ^^^^^^^  ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn extensions() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1; x-y.z=a,b:c;\"");
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=a b\"");
    }
}

//! A text at `_mta-sts` that was meant as an MTA-STS record and does not begin with `v=STSv1;`.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::mta_sts::{is_id, lookalike};
use crate::rules::Rule;
use crate::rules::mta_sts::{is_zone_slip, owner};

pub static RULE: Rule = Rule {
    id: "mta-sts-version-typo",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the text at {name} is not an MTA-STS record",
            here: "must be `v=STSv1;`",
            why: "An MTA-STS record begins with exactly `v=STSv1;`, in this case of letters. Senders discard any other text, so {domain} has no MTA-STS and nothing forces TLS.",
            fix: "Begin the record with `v=STSv1;`.",
        },
        es: Prose {
            title: "el texto en {name} no es un registro MTA-STS",
            here: "debe ser `v=STSv1;`",
            why: "Un registro MTA-STS empieza exactamente por `v=STSv1;`, con esas mayúsculas y minúsculas. Los servidores remitentes descartan cualquier otro texto, así que {domain} se queda sin MTA-STS y nada obliga a usar TLS.",
            fix: "Haga que el registro empiece por `v=STSv1;`.",
        },
        ja: Prose {
            title: "{name} のテキストはMTA-STSレコードではありません",
            here: "`v=STSv1;` でなければなりません",
            why: "MTA-STSレコードは、大文字・小文字も含めて正確に `v=STSv1;` で始まる必要があります。それ以外のテキストは送信側が破棄するため、{domain} にはMTA-STSがない状態で、TLSは強制されません。",
            fix: "レコードを `v=STSv1;` で始めてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let record = &evidence.mta_sts.record;
    // Beside a right record nothing is lost.
    if !record.found.is_empty() {
        return;
    }
    for txt in record.answer.records().iter().filter_map(Record::txt).filter(|txt| !is_zone_slip(txt)) {
        let Some(version) = lookalike(&txt.value) else { continue };
        let finding = RULE.at(txt.spans(version)).with("domain", &evidence.domain);
        let finding = finding.with("name", &record.answer.question.name);
        findings.push(match corrected(&txt.value).zip(owner(&record.answer)) {
            Some((value, owner)) => finding.publish(owner, Kind::TXT, value),
            None => finding,
        });
    }
}

/// The record that was meant, where the text holds an id that is right.
fn corrected(value: &str) -> Option<String> {
    let is_separator = |c: char| matches!(c, ';' | ',' | ' ' | '"' | '\\');
    let mut ids = value.split(is_separator).filter_map(|part| part.strip_prefix("id=")).filter(|id| is_id(id));
    let id = ids.next().filter(|_| ids.next().is_none())?;
    Some(format!("v=STSv1; id={id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_case_counts() {
        finds(
            &RULE,
            r#"
            _mta-sts TXT "v=stsv1; id=1"
                          ^^^^^^^
            @ MX 0 mail
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        for value in ["v=STS1; id=1", "STSv1; id=1", "v=STSv1, id=1", "v=STSv2; id=1;", "id=1; v=STSv1", "v=STSv1 id=1"]
        {
            let found = findings(&RULE, &format!("@ MX 0 mail\n_mta-sts TXT \"{value}\""));
            assert_eq!(found[0].publish[0].value, "v=STSv1; id=1", "{value}");
        }
        let found = findings(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1\"");
        assert!(found.len() == 1 && found[0].publish.is_empty(), "nobody knows the id");
    }

    #[test]
    fn right_records_and_other_texts() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=stsv1; id=1\"");
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=spf1 -all\"");
        clean(
            &RULE,
            r#"_mta-sts TXT "\"v=STSv1; id=1\""
            @ MX 0 mail"#,
        );
    }
}

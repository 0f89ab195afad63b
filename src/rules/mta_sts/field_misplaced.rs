//! A field of the policy in the MTA-STS record.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::KEYS;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mta-sts-field-misplaced",
    severity: Severity::Advice,
    references: &["RFC 8461 section 3.1", "RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{field}` has no effect in the MTA-STS record of {domain}",
            here: "belongs to the policy file",
            why: "Senders read `{field}` from the policy file, not from DNS, and ignore it here.",
            fix: "Delete `{field}` from the record, and write it into the policy at `https://mta-sts.{domain}/.well-known/mta-sts.txt`.",
        },
        es: Prose {
            title: "`{field}` no tiene efecto en el registro MTA-STS de {domain}",
            here: "corresponde al archivo de política",
            why: "Los servidores remitentes leen `{field}` del archivo de política, no del DNS, y aquí lo ignoran.",
            fix: "Elimine `{field}` del registro y escríbalo en la política, en `https://mta-sts.{domain}/.well-known/mta-sts.txt`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSレコードに書いた `{field}` は機能しません",
            here: "ポリシーファイルに書く項目です",
            why: "送信側は `{field}` をDNSではなくポリシーファイルから読み取り、ここにあるものは無視します。",
            fix: "レコードから `{field}` を削除し、`https://mta-sts.{domain}/.well-known/mta-sts.txt` のポリシーに書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for record in &evidence.mta_sts.record.found {
        for tag in record.fields().iter().filter(|tag| record.is_field(tag)) {
            let name = record.tags.name(tag);
            if let Some(key) = KEYS.iter().find(|key| key.eq_ignore_ascii_case(name)) {
                let finding = RULE.at(record.txt.spans(tag.range.clone()));
                findings.push(finding.with("domain", &evidence.domain).with("field", key));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn fields_of_the_policy() {
        finds(
            &RULE,
            r#"
            @        MX  0 mail
            _mta-sts TXT "v=STSv1; id=1; mode=enforce; mx=mail.example.test"
                                         ^^^^^^^^^^^^  ^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn other_fields() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1; x=y\"");
    }
}

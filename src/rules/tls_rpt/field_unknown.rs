//! A field that nobody defines.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::tls_rpt::record::Applied;

pub static RULE: Rule = Rule {
    id: "tls-rpt-field-unknown",
    severity: Severity::Advice,
    references: &["RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "`{name}` is not a field of TLS-RPT",
            here: "without effect",
            why: "Senders skip fields that they do not know. The rest of the record of {domain} remains valid.",
            fix: "Delete `{name}`, unless a service asked you for it.",
        },
        es: Prose {
            title: "`{name}` no es un campo de TLS-RPT",
            here: "sin efecto",
            why: "Los servidores remitentes ignoran los campos que no conocen. El resto del registro de {domain} sigue siendo válido.",
            fix: "Elimine `{name}`, salvo que algún servicio se lo haya pedido.",
        },
        ja: Prose {
            title: "`{name}` はTLS-RPTの項目ではありません",
            here: "機能していません",
            why: "送信側は知らない項目を読み飛ばします。{domain} のレコードの残りの部分は有効です。",
            fix: "サービスから指定されたものでなければ、`{name}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let (slip, separators) = (applied.misspelt_rua(), applied.separators());
    for tag in applied.record.fields().iter().filter(|tag| applied.record.tags.name(tag) != "rua") {
        let is_separated = separators.iter().any(|part| tag.range.contains(&part.start));
        if slip != Some(tag) && !is_separated {
            let name = applied.text(tag.name.clone()).to_owned();
            findings.push(applied.at(&RULE, tag.name.clone()).with("name", name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn nobody_knows_it() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.test; p=none; ruf=mailto:a@example.test"
                                                                   ^       ^^^
            "#,
        );
    }

    #[test]
    fn right_records_and_other_faults() {
        for value in [
            "v=TLSRPTv1; rua=mailto:a@example.test; rua=mailto:b@example.test",
            "v=TLSRPTv1; ruf=mailto:a@example.test",
            "v=TLSRPTv1; rua=mailto:a@example.test;b@example.test",
            "v=TLSRPTv1; rua:mailto:a@example.test",
        ] {
            clean(&RULE, &format!("_smtp._tls TXT \"{value}\""));
        }
    }
}

//! A wrong separator: a semicolon between addresses, a colon in place of `=`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::tls_rpt::record::Applied;

pub static RULE: Rule = Rule {
    id: "tls-rpt-separator",
    severity: Severity::Warning,
    references: &["RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "wrong separator in the TLS-RPT record of {domain}",
            here: "{fault}",
            why: "Fields are written `name=value` with semicolons between them; addresses of `rua` are separated by commas. Senders do not see the address at this place, and send no reports to it. Mail itself is not affected.",
            fix: "Write `rua=`, and then all addresses with commas between them.",
        },
        es: Prose {
            title: "separador incorrecto en el registro TLS-RPT de {domain}",
            here: "{fault}",
            why: "Los campos se escriben `nombre=valor`, separados por puntos y coma; las direcciones de `rua` se separan con comas. Los servidores remitentes no reconocen la dirección que hay aquí y no le envían informes. El correo en sí no se ve afectado.",
            fix: "Escriba `rua=` y a continuación todas las direcciones separadas por comas.",
        },
        ja: Prose {
            title: "{domain} のTLS-RPTレコードの区切りが正しくありません",
            here: "{fault}",
            why: "項目は `名前=値` の形でセミコロン区切り、`rua` のアドレスはカンマ区切りで書きます。このままでは送信側がこのアドレスを認識できず、レポートが送られません。メール自体への影響はありません。",
            fix: "`rua=` に続けて、すべてのアドレスをカンマ区切りで書いてください。",
        },
    },
};

const COLON: Words = Words { en: "`=` belongs here", es: "aquí va `=`", ja: "ここは `=` です" };
const SEMICOLON: Words = Words {
    en: "cut off by a semicolon: a comma belongs there",
    es: "cortada por un punto y coma: ahí va una coma",
    ja: "セミコロンで切れています(カンマが必要です)",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for part in applied.separators() {
        let fault = if applied.text(part.clone()) == ":" { COLON } else { SEMICOLON };
        findings.push(applied.correct(applied.at(&RULE, part).with_words("fault", fault)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_semicolon_between_addresses() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.test;mailto:b@example.test"
                                                                  ^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_colon() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua:mailto:a@example.test"
                                           ^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        for value in
            ["v=TLSRPTv1; rua=a@b.test; https://b.test/?a=b", "v=TLSRPTv1; rua:mailto:a@b.test,https://b.test/?a=b"]
        {
            let found = findings(&RULE, &format!("_smtp._tls TXT \"{value}\""));
            assert_eq!(found[0].publish[0].value, "v=TLSRPTv1; rua=mailto:a@b.test,https://b.test/?a=b");
        }
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in
            ["v=TLSRPTv1;rua=mailto:a@example.test,https://example.test/?a=b;", "v=TLSRPTv1; rua=mailto:a@b.test; x=y"]
        {
            clean(&RULE, &format!("_smtp._tls TXT \"{value}\""));
        }
    }
}

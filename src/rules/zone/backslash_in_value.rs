//! Backslashes that became part of an MTA-STS, TLS-RPT or BIMI text.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::zone::{MailText, mail_texts};

pub static RULE: Rule = Rule {
    id: "zone-backslash-in-value",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1", "RFC 8461 section 3.1", "RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "backslashes are part of the text at {owner}",
            here: "part of the text",
            why: "A semicolon inside quotation marks needs no backslash. Stored as `\\;` it no longer separates the parts of the text, so other servers cannot read the record and act as if there were none.",
            fix: "Publish the text with plain semicolons.",
        },
        es: Prose {
            title: "hay barras invertidas dentro del texto de {owner}",
            here: "forma parte del texto",
            why: "Un punto y coma entre comillas no necesita barra invertida. Guardado como `\\;` ya no separa las partes del texto, así que los demás servidores no pueden leer el registro y actúan como si no existiera.",
            fix: "Publique el texto con puntos y coma sin barra.",
        },
        ja: Prose {
            title: "{owner} のテキストにバックスラッシュが含まれています",
            here: "テキストの一部になっています",
            why: "引用符の中のセミコロンにバックスラッシュは不要です。`\\;` として登録されると区切りとして機能しないため、相手のサーバーはレコードを読み取れず、存在しないものとして扱います。",
            fix: "バックスラッシュを取り除き、セミコロンだけにして公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for (record, txt, kind) in mail_texts(zone) {
        let plain = txt.value.replace("\\;", ";");
        if plain.len() == txt.value.len() || MailText::by_version(&plain) != Some(kind) {
            continue;
        }
        let spans = txt.value.match_indices("\\;").flat_map(|(at, _)| txt.spans(at..at + 1));
        findings.push(RULE.at(spans).with("owner", &record.owner).publish(&record.owner, record.kind, plain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn an_escaped_semicolon() {
        let zone = r#"
            _smtp._tls TXT "v=TLSRPTv1\\; rua=mailto:tls@example.test"
                                      ^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=TLSRPTv1; rua=mailto:tls@example.test");
    }

    #[test]
    fn an_escape_of_the_zone_file_is_right() {
        clean(&RULE, r#"_smtp._tls TXT "v=TLSRPTv1\; rua=mailto:tls@example.test""#);
    }
}

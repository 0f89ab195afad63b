//! A text that looks like an SPF record beside the real one.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "spf-lookalike-ignored",
    severity: Severity::Warning,
    references: &["RFC 7208 section 4.5"],
    check,
    text: Text {
        en: Prose {
            title: "a text at {domain} looks like SPF but is not used",
            here: "not read as SPF",
            why: "Receivers read only the record that begins with `v=spf1` and a space, and discard this text. Senders named only in this text are not allowed.",
            fix: "Put the terms that are still needed into the SPF record, and delete this text.",
        },
        es: Prose {
            title: "un texto de {domain} parece SPF y no se usa",
            here: "no se lee como SPF",
            why: "Los receptores solo leen el registro que empieza por `v=spf1` y un espacio, y descartan este texto. Los remitentes que solo figuran aquí no quedan autorizados.",
            fix: "Pase al registro SPF los términos que sigan haciendo falta y elimine este texto.",
        },
        ja: Prose {
            title: "{domain} にSPFのように見えて使われないテキストがあります",
            here: "SPFとして読まれません",
            why: "受信側は `v=spf1` と空白で始まるレコードだけを読み、このテキストは無視します。ここにしか書かれていない送信元は許可されません。",
            fix: "必要な項目をSPFレコードに移し、このテキストを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let own = evidence.spf.own();
    if own.found.is_empty() {
        return;
    }
    for txt in own.answer.records().iter().filter_map(Record::txt) {
        let Some(lookalike) = spf::lookalike(&txt.value) else { continue };
        let place = if lookalike.at.is_empty() { 0..txt.value.len() } else { lookalike.at };
        findings.push(RULE.at(txt.spans(place)).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn beside_the_real_one() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all"
            example.test. TXT "include:x.test -all"
                               ^^^^^^^^^^^^^^^^^^^
            example.test. TXT "v=spf2 a -all"
                               ^^^^^^
            "#,
        );
    }

    #[test]
    fn alone_or_another_kind() {
        clean(&RULE, r#"example.test. TXT "v=spf2 mx -all""#);
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all"
            example.test. TXT "MS=ms1"
            example.test. TXT "spf2.0/pra mx -all"
            "#,
        );
    }
}

//! A record of Sender ID, which nobody reads any more.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::zone::Txt;

pub static RULE: Rule = Rule {
    id: "spf-sender-id",
    severity: Severity::Advice,
    references: &["RFC 6686 section 6", "RFC 4406 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} still publishes a Sender ID record (`{version}`)",
            here: "read by nobody",
            why: "Sender ID was an experiment beside SPF and has been given up. Receivers use the record that begins with `v=spf1` alone, so that this one only makes the answer larger.",
            fix: "Delete the record that begins with `{version}`.",
        },
        es: Prose {
            title: "{domain} todavía publica un registro de Sender ID (`{version}`)",
            here: "nadie lo lee",
            why: "Sender ID fue un experimento paralelo a SPF y se ha abandonado. Los receptores solo usan el registro que empieza por `v=spf1`, de modo que este solo alarga la respuesta.",
            fix: "Elimine el registro que empieza por `{version}`.",
        },
        ja: Prose {
            title: "{domain} にSender IDのレコード(`{version}`)が残っています",
            here: "どこからも読まれません",
            why: "Sender IDはSPFと並行して試された実験的な規格で、すでに使われていません。受信側が読むのは `v=spf1` で始まるレコードだけで、このレコードは応答を大きくするだけです。",
            fix: "`{version}` で始まるレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for txt in evidence.spf.own().answer.records().iter().filter_map(Record::txt) {
        let Some(length) = version(txt) else { continue };
        let finding = RULE.at(txt.spans(0..length)).with("domain", &evidence.domain);
        findings.push(finding.with("version", &txt.value[..length]));
    }
}

/// RFC 4406 section 3.1: `version = "v=spf1" | ( "spf2." ver-minor scope)`, with `scope = "/" scope-id *( "," scope-id )`.
fn version(txt: &Txt) -> Option<usize> {
    let word = txt.value.split(' ').next()?;
    let head = word.get(..7)?;
    (head.eq_ignore_ascii_case("spf2.0/")).then_some(word.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn left_over() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx -all"
            example.test. TXT "spf2.0/pra mx -all"
                               ^^^^^^^^^^
            example.test. TXT "SPF2.0/mfrom,pra ?all"
                               ^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn something_else() {
        clean(&RULE, r#"example.test. TXT "v=spf2.0 mx -all""#);
        clean(&RULE, r#"example.test. TXT "spf2.0""#);
    }
}

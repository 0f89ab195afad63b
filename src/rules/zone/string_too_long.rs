//! A character-string of more than 255 octets.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::source::Span;
use crate::zone::{ProblemKind, Record};

pub static RULE: Rule = Rule {
    id: "zone-string-too-long",
    severity: Severity::Error,
    references: &["RFC 1035 section 3.3", "RFC 7208 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "a text string of a TXT record has more than 255 characters",
            here: "one string, too long",
            why: "One string of a TXT record holds 255 octets at most. Name servers refuse the zone, or drop this record.",
            fix: "Write the text as several strings in quotation marks, one after the other; receivers join them without a space.",
        },
        es: Prose {
            title: "una cadena de un registro TXT tiene más de 255 caracteres",
            here: "una sola cadena, demasiado larga",
            why: "Una cadena de un registro TXT admite 255 octetos como máximo. Los servidores de nombres rechazan la zona o descartan este registro.",
            fix: "Escriba el texto en varias cadenas entre comillas, una detrás de otra; los receptores las unen sin espacio.",
        },
        ja: Prose {
            title: "TXTレコードの1つの文字列が255文字を超えています",
            here: "1つの文字列として長すぎます",
            why: "TXTレコードの1つの文字列に入るのは最大255オクテットです。ネームサーバーはゾーンの読み込みを拒否するか、このレコードを破棄します。",
            fix: "テキストを引用符で囲んだ複数の文字列に分け、続けて書いてください。受信側は空白を入れずに連結します。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    // Problems and records both stand in the order of the text.
    let mut records = zone.records.as_slice();
    for problem in zone.problems.iter().filter(|problem| problem.kind == ProblemKind::LongString) {
        let found = records.iter().position(|record| holds(record, &problem.at));
        records = records.get(found.unwrap_or(0)..).unwrap_or_default();
        let finding = RULE.at([problem.at.clone()]);
        findings.push(
            match records.first().filter(|_| found.is_some()).and_then(|record| Some((record, record.txt()?))) {
                Some((record, txt)) => finding.publish(&record.owner, record.kind, &txt.value),
                None => finding,
            },
        );
    }
}

fn holds(record: &Record, place: &Span) -> bool {
    let line = &record.line;
    let within = line.bytes().start <= place.bytes.start && place.bytes.end <= line.bytes().end;
    within && line.source.name == place.source.name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn more_than_a_string_holds() {
        let (long, carets) = ("x".repeat(256), "^".repeat(258));
        finds(&RULE, &format!("example.test. TXT \"{long}\"\n                  {carets}\n"));
        let zone = format!("@ TXT \"{long}\"");
        assert!(findings(&RULE, &zone)[0].publish[0].line().ends_with("xx\" \"x\""));
    }

    #[test]
    fn strings_that_fit() {
        let string = "x".repeat(255);
        clean(&RULE, &format!("@ TXT \"{string}\" \"{string}\""));
    }
}

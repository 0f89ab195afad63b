//! A text beside the DMARC record that is none.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dmarc::{Dmarc, lookalike};
use crate::records::spf::terms;
use crate::rules::Rule;
use crate::rules::dmarc::record_in_parts::is_part;
use crate::zone::Txt;

pub static RULE: Rule = Rule {
    id: "dmarc-unrelated-text",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.10"],
    check,
    text: Text {
        en: Prose {
            title: "{what} is published beside the DMARC record at {name}",
            here: "discarded by receivers",
            why: "Receivers discard `{text}` and use the DMARC record of {domain} beside it. Nothing is broken.",
            fix: "Delete the text, or publish it at the name where it belongs.",
        },
        es: Prose {
            title: "{what} acompaña al registro DMARC en {name}",
            here: "los receptores lo descartan",
            why: "Los receptores descartan `{text}` y usan el registro DMARC de {domain} que está al lado. Nada deja de funcionar.",
            fix: "Elimine el texto o publíquelo en el nombre que le corresponde.",
        },
        ja: Prose {
            title: "{name} のDMARCレコードと並んで{what}があります",
            here: "受信側が破棄します",
            why: "受信側は `{text}` を破棄し、並んでいる {domain} のDMARCレコードを使います。問題は起きていません。",
            fix: "このテキストを削除するか、本来の名前で公開してください。",
        },
    },
};

const SPF: Words = Words { en: "an SPF record", es: "un registro SPF", ja: "SPFレコード" };
const DKIM: Words = Words { en: "a DKIM key", es: "una clave DKIM", ja: "DKIMの鍵" };
const FAILED: Words = Words {
    en: "a text that is almost a DMARC record",
    es: "un texto parecido a un registro DMARC",
    ja: "DMARCレコードに似たテキスト",
};
const OTHER: Words = Words { en: "another text", es: "otro texto", ja: "別のテキスト" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first().filter(|own| own.only().is_some()) else { return };
    for txt in own.answer.records().iter().filter_map(Record::txt) {
        if Dmarc::read(txt).is_none() && !is_part(txt) {
            let text: String = txt.value.chars().take(40).collect();
            let finding = RULE.at(txt.whole()).with("domain", &evidence.domain).with_words("what", what(txt));
            findings.push(finding.with("name", &own.answer.question.name).with("text", text));
        }
    }
}

fn what(txt: &Txt) -> Words {
    match () {
        () if terms(&txt.value).is_some() => SPF,
        () if lookalike(&txt.value).is_some() => FAILED,
        () if txt.value.starts_with("v=DKIM1") => DKIM,
        () => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn spf_beside_dmarc() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject"
            _dmarc TXT "v=spf1 -all"
                        ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none\"");
    }

    #[test]
    fn alone() {
        clean(
            &RULE,
            r#"
            _dmarc TXT "v=spf1 -all"
            "#,
        );
    }
}

//! Line breaks inside of the key.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at_parts, judged_keys};

pub static RULE: Rule = Rule {
    id: "dkim-line-break",
    severity: Severity::Advice,
    references: &["RFC 6376 section 2.8", "RFC 6376 section 2.10"],
    check,
    text: Text {
        en: Prose {
            title: "there are line breaks inside the DKIM key at {name}",
            here: "a line break (U+000A)",
            why: "Spaces are allowed in a key, a bare line break is not. Most receivers skip it, but some panels and readers cut the text there.",
            fix: "Enter the key as one line.",
        },
        es: Prose {
            title: "hay saltos de línea dentro de la clave DKIM de {name}",
            here: "un salto de línea (U+000A)",
            why: "Una clave puede contener espacios, pero no un salto de línea suelto. La mayoría de los receptores lo pasa por alto, pero algunos paneles y lectores cortan el texto ahí.",
            fix: "Introduzca la clave en una sola línea.",
        },
        ja: Prose {
            title: "{name} のDKIMの鍵の中に改行が入っています",
            here: "改行(U+000A)です",
            why: "鍵の中に空白があっても構いませんが、単独の改行は認められていません。ほとんどの受信側は読み飛ばしますが、管理画面やソフトウェアによってはそこでテキストが切れます。",
            fix: "鍵を1行で登録してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in judged_keys(evidence) {
        let range = key.key_range();
        // RFC 6376 section 2.8: folding white space is a CRLF with a blank behind it, or blanks alone.
        let breaks = key.txt.value[range.clone()].match_indices(['\n', '\r']);
        let places: Vec<_> = breaks.map(|(at, _)| range.start + at..range.start + at + 1).collect();
        if !places.is_empty() && !key.txt.value.contains("\r\n") {
            findings.push(at_parts(&RULE, selector, key, &places));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_bare_line_break() {
        finds(
            &RULE,
            r#"
            s._domainkey TXT "v=DKIM1; p=MIIB\010AAA"
                                             ^^^^
            "#,
        );
    }

    #[test]
    fn blanks() {
        clean(&RULE, r#"s._domainkey TXT "v=DKIM1; p=MIIB AAA""#);
    }
}

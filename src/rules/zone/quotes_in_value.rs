//! Quotation marks that became part of an MTA-STS, TLS-RPT or BIMI text.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::zone::{MailText, mail_texts};

pub static RULE: Rule = Rule {
    id: "zone-quotes-in-value",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1", "RFC 8461 section 3.1", "RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "quotation marks are part of the text at {owner}",
            here: "part of the text",
            why: "The record must begin with `{version}`. With a quotation mark before it, it is not such a record, and other servers act as if there were none.",
            fix: "Publish the text without these quotation marks. Most DNS panels add the marks around it by themselves.",
        },
        es: Prose {
            title: "hay comillas dentro del texto de {owner}",
            here: "forma parte del texto",
            why: "El registro debe empezar por `{version}`. Con comillas delante deja de ser un registro de este tipo, y los demás servidores actúan como si no existiera.",
            fix: "Publique el texto sin estas comillas. La mayoría de los paneles DNS añaden las comillas exteriores por su cuenta.",
        },
        ja: Prose {
            title: "{owner} のテキストに引用符が含まれています",
            here: "テキストの一部になっています",
            why: "このレコードは `{version}` で始まらなければなりません。前に引用符があるとレコードとして認識されず、相手のサーバーは存在しないものとして扱います。",
            fix: "引用符を取り除いたテキストを公開してください。多くのDNS管理画面では、外側の引用符は自動的に付けられます。",
        },
    },
};

/// `"` and what word processors make of it.
const QUOTES: [char; 6] = ['"', '\'', '“', '”', '„', '‟'];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for (record, txt, kind) in mail_texts(zone) {
        let inner = txt.value.trim_matches(QUOTES);
        if inner.len() == txt.value.len() || MailText::by_version(inner) != Some(kind) {
            continue;
        }
        let marks = txt.value.char_indices().filter(|(_, c)| QUOTES.contains(c));
        let spans = marks.flat_map(|(at, mark)| txt.spans(at..at + mark.len_utf8()));
        let finding = RULE.at(spans).with("owner", &record.owner).with("version", kind.version());
        findings.push(finding.publish(&record.owner, record.kind, inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn marks_around_the_text() {
        let zone = r#"
            _mta-sts TXT "\"v=STSv1; id=1\""
                          ^^             ^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=STSv1; id=1");
    }

    #[test]
    fn right_texts_and_other_texts() {
        clean(&RULE, "_mta-sts TXT \"v=STSv1; id=1\"\nnote TXT \"\\\"v=STSv1\\\"\"");
        clean(&RULE, "_smtp._tls TXT \"\\\"anything\\\"\"");
    }
}

//! A text of mail without quotation marks: its spaces are lost, and all that stands behind a semicolon.

use crate::evidence::{self, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::source::{SourceKind, Span};
use crate::zone::{Record, write};

pub static RULE: Rule = Rule {
    id: "zone-text-unquoted",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1", "RFC 7208 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the text of the TXT record of {owner} is not in quotation marks",
            here: "no quotation marks",
            why: "Without quotation marks in a zone file, each space ends a string, and strings are joined without a space; everything after a semicolon is a comment. Only `{published}` is published, and receivers cannot use that.",
            fix: "Put the whole text into quotation marks.",
        },
        es: Prose {
            title: "el texto del registro TXT de {owner} no está entre comillas",
            here: "faltan las comillas",
            why: "Sin comillas en un archivo de zona, cada espacio termina una cadena y las cadenas se unen sin espacio; todo lo que sigue a un punto y coma es un comentario. Solo se publica `{published}`, que no sirve a los receptores.",
            fix: "Ponga el texto completo entre comillas.",
        },
        ja: Prose {
            title: "{owner} のTXTレコードのテキストが引用符で囲まれていません",
            here: "引用符がありません",
            why: "ゾーンファイルで引用符がないと、空白ごとに文字列が区切られ、文字列は空白なしで連結されます。また、セミコロンより後はコメントになります。公開されるのは `{published}` だけで、受信側はこれを利用できません。",
            fix: "テキスト全体を引用符で囲んでください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let asked = evidence.dkim.selectors.iter().flat_map(|selector| &selector.asked.torn);
    let asked =
        asked.chain(evidence.dmarc.first().into_iter().flat_map(|asked| &asked.torn)).chain(&evidence.spf.own().torn);
    let records: Vec<&Record> = match &evidence.zone {
        Some(zone) => zone.records.iter().collect(),
        None => asked.collect(),
    };
    for record in records {
        if let (Some(meant), Some(txt)) = (evidence::meant(record), record.txt()) {
            let finding = RULE.at([record.data_span()]).with("owner", &record.owner).with("published", &txt.value);
            let finding = finding.publish(&record.owner, record.kind, &meant);
            findings.push(match torn_off(record, &meant) {
                Some(at) => finding.edit(at, write::txt_value(&meant)),
                None => finding,
            });
        }
    }
}

/// The data with what was meant to belong to them, and is a comment.
fn torn_off(record: &Record, meant: &str) -> Option<Span> {
    let (_, comment) = record.unquoted().filter(|_| record.line.source.kind == SourceKind::File)?;
    let is_part = !comment.trim().is_empty() && meant.ends_with(comment.trim());
    let data = record.data_span();
    let behind = data.source.text.get(data.bytes.end..)?.lines().next()?.trim_end().len();
    is_part.then(|| Span { bytes: data.bytes.start..data.bytes.end + behind, ..data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::testing::{self, clean, finds};

    #[test]
    fn a_semicolon_begins_a_comment() {
        let zone = r#"
            _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@x.test
                       ^^^^^^^^
            s._domainkey TXT k=rsa; p=AAAA
                             ^^^^^
            "#;
        finds(&RULE, zone);
        let found = testing::findings(&RULE, zone);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject; rua=mailto:a@x.test");
    }

    #[test]
    fn spaces_are_lost() {
        let zone = r#"
            @ TXT v=spf1 mx -all
                  ^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
    }

    #[test]
    fn right_texts() {
        clean(
            &RULE,
            "@ TXT \"v=spf1 mx -all\" ; a=b\n_dmarc TXT v=DMARC1\\;p=none ; a=b\n*._report._dmarc TXT v=DMARC1",
        );
        clean(&RULE, "@ TXT v=spf1\\ mx\\ -all\ns._domainkey TXT p=AAAA ; the old key");
    }

    /// What is published is known; what is wrong about it follows from the missing marks alone.
    #[test]
    fn no_other_rule_speaks_of_it() {
        let zone = "@ MX 0 mail\nmail A 192.0.2.1\n@ TXT google-site-verification=x\n@ TXT v=spf1 mx -all\n\
                    _dmarc TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.test\ns._domainkey TXT v=DKIM1; k=rsa; p=AAAA\n\
                    news TXT v=spf1 mx -all\n_mta-sts TXT v=STSv1; id=1\ndmarc TXT v=DMARC1; p=none\n";
        let found: Vec<&str> = testing::evidence(zone).iter().flat_map(rules::run).map(|finding| finding.id).collect();
        assert_eq!(found, ["zone-text-unquoted"; 7], "that of a sub-domain in its own report, too");
    }
}

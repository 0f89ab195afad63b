//! A record that was cut into two TXT records: the second one has no version.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::dmarc::TAGS;
use crate::records::tags::{Tag, TagList};
use crate::rules::Rule;
use crate::rules::dmarc::corrected::merged;
use crate::rules::dmarc::record::owner;
use crate::zone::Txt;

pub static RULE: Rule = Rule {
    id: "dmarc-record-in-parts",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.8", "RFC 1035 section 3.3.14"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC record of {domain} is cut into several TXT records",
            here: "not part of any record",
            why: "Receivers read only the record that begins with `v=DMARC1` and discard this text: its tags have no effect.",
            fix: "Put all tags into the one record, and delete this text.",
        },
        es: Prose {
            title: "el registro DMARC de {domain} está repartido en varios registros TXT",
            here: "no forma parte de ningún registro",
            why: "Los receptores solo leen el registro que empieza por `v=DMARC1` y descartan este texto: sus etiquetas no tienen efecto.",
            fix: "Reúna todas las etiquetas en un único registro y elimine este texto.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードが複数のTXTレコードに分かれています",
            here: "どのレコードにも属しません",
            why: "受信側は `v=DMARC1` で始まるレコードだけを読み、このテキストは破棄します。ここにあるタグは機能しません。",
            fix: "すべてのタグを1つのレコードにまとめ、このテキストを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    let Some(dmarc) = own.only() else { return };
    for txt in own.answer.records().iter().filter_map(Record::txt).filter(|txt| is_part(txt)) {
        let finding = RULE.at(txt.whole()).and_at(dmarc.txt.whole()).with("domain", &evidence.domain);
        let merged = merged([dmarc.txt.value.as_str(), txt.value.as_str()]);
        findings.push(match (merged, owner(&own.answer)) {
            (Some(value), Some(owner)) => finding.publish(owner, Kind::TXT, value),
            _ => finding,
        });
    }
}

/// Is the text nothing but tags of DMARC, without a version?
pub(super) fn is_part(txt: &Txt) -> bool {
    let list = TagList::read(&txt.value);
    let known = |tag: &Tag| TAGS[1..].iter().any(|known| known.eq_ignore_ascii_case(list.name(tag)));
    !list.tags.is_empty() && list.tags.iter().all(|tag| tag.value.is_some() && known(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn tags_without_a_version() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject;"
                        ^^^^^^^^^^^^^^^^^^^
            _dmarc TXT "rua=mailto:a@b.test"
                        ^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn all_in_one() {
        let found = findings(
            &RULE,
            r#"_dmarc TXT "v=DMARC1; p=reject;"
_dmarc TXT "rua=mailto:a@b.test""#,
        );
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject; rua=mailto:a@b.test");
    }

    #[test]
    fn other_texts() {
        clean(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject;"
            _dmarc TXT "v=spf1 -all"
            _dmarc TXT "t=verification; x=y"
            "#,
        );
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none\"");
    }
}

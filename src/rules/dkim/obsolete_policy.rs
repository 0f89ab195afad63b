//! Policies of the forerunners of DMARC: DomainKeys and ADSP.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::tags::TagList;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dkim-obsolete-policy",
    severity: Severity::Advice,
    references: &["RFC 4870 section 3.6", "RFC 5617 section 4.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the text at {name} is a policy of {standard}, which nobody reads any more",
            here: "of no use",
            why: "{standard} was retired; what receivers are to do with mail that fails is said by the DMARC record today. This text does no harm and has no effect.",
            fix: "Delete it.",
        },
        es: Prose {
            title: "el texto de {name} es una política de {standard}, que ya nadie lee",
            here: "sin utilidad",
            why: "{standard} se retiró; hoy es el registro DMARC el que dice qué deben hacer los receptores con el correo que falla. Este texto no hace daño, pero tampoco tiene efecto.",
            fix: "Elimínelo.",
        },
        ja: Prose {
            title: "{name} のテキストは、すでに使われていない {standard} のポリシーです",
            here: "不要です",
            why: "{standard} は廃止されました。認証に失敗したメールの扱いは、現在はDMARCレコードで示します。このテキストに害はありませんが、効果もありません。",
            fix: "削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let zone = evidence.zone.iter().flat_map(|zone| &zone.records).filter(|record| is_at_adsp(record));
    for record in evidence.dkim.node.records().iter().chain(zone) {
        let Some(txt) = record.txt() else { continue };
        if let Some(standard) = standard(&txt.value, is_at_adsp(record)) {
            findings.push(RULE.at(txt.whole()).with("name", &record.owner).with("standard", standard));
        }
    }
}

fn is_at_adsp(record: &Record) -> bool {
    record.owner.as_str().starts_with("_adsp._domainkey.")
}

/// RFC 4870 section 3.6: the policy of DomainKeys is in the tag `o`, `-` or `~`. RFC 5617 section 4.2.1: that of ADSP in
/// the tag `dkim`.
fn standard(text: &str, adsp: bool) -> Option<&'static str> {
    let tags = TagList::read(text);
    match adsp {
        true => tags.value("dkim").map(|_| "ADSP"),
        false => tags.value("o").filter(|o| matches!(*o, "-" | "~") && tags.find("p").is_none()).map(|_| "DomainKeys"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn both_standards() {
        finds(
            &RULE,
            r#"
            s1._domainkey    TXT "v=DKIM1; p="
            _domainkey       TXT "t=y; o=~; r=postmaster@example.test"
                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            _adsp._domainkey TXT "dkim=all"
                                  ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn keys_and_other_texts() {
        clean(
            &RULE,
            "_domainkey TXT \"v=DKIM1; o=~; p=\"\n_adsp._domainkey TXT \"v=spf1 -all\"\ns._domainkey TXT \"o=~\"",
        );
    }
}

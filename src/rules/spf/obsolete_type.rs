//! A record of the type SPF, which nobody asks for any more.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-obsolete-type",
    severity: Severity::Advice,
    references: &["RFC 7208 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "{owner} has a record of the obsolete type SPF",
            here: "nobody asks for this type",
            why: "The DNS type SPF (99) was abandoned in 2014. Receivers ask for TXT alone and never see this record.",
            fix: "Delete this record. Its content must be in the TXT record of {owner}.",
        },
        es: Prose {
            title: "{owner} tiene un registro del tipo SPF, obsoleto",
            here: "nadie pregunta por este tipo",
            why: "El tipo DNS SPF (99) se abandonó en 2014. Los receptores solo preguntan por TXT y nunca ven este registro.",
            fix: "Elimine este registro. Lo que dice debe estar en el registro TXT de {owner}.",
        },
        ja: Prose {
            title: "{owner} に廃止されたSPFタイプのレコードがあります",
            here: "このタイプは問い合わせられません",
            why: "DNSのSPFタイプ(99)は2014年に廃止されました。受信側はTXTだけを問い合わせるため、このレコードは読まれません。",
            fix: "このレコードを削除し、その内容が {owner} のTXTレコードにあることを確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    // RFC 7208 section 3.1: "SPF records MUST be published as a DNS TXT (type 16) Resource Record (RR) [RFC1035] only."
    for record in zone.records.iter().filter(|record| record.kind == Kind::SPF) {
        let finding = RULE.at([record.span()]).with("owner", &record.owner);
        findings.push(match only_copy(evidence, record) {
            Some(value) => finding.publish(&record.owner, Kind::TXT, value),
            None => finding,
        });
    }
}

/// The text, if the domain has no other record.
fn only_copy(evidence: &Evidence, record: &Record) -> Option<String> {
    let missing = record.owner == evidence.domain && evidence.spf.own().is_missing();
    fault::corrected(&record.txt()?.value).filter(|_| missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn type_99() {
        let zone = r#"
            example.test. SPF "v=spf1 mx -all"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
    }

    #[test]
    fn txt() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx -all""#);
    }
}

//! A record with neither `all` nor `redirect`.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::spf;
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-no-all",
    severity: Severity::Warning,
    references: &["RFC 7208 section 4.7", "RFC 7208 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} does not say what applies to all other senders",
            here: "`~all` or `-all` is missing at the end",
            why: "With neither `all` nor `redirect` the result for every server that is not listed is \"neutral\", as if there were no record: it does nothing against forgery, and receivers give it little weight.",
            fix: "Add `~all` at the end; `-all` when you are sure that all senders are listed.",
        },
        es: Prose {
            title: "el registro SPF de {domain} no dice qué hacer con los demás remitentes",
            here: "falta `~all` o `-all` al final",
            why: "Sin `all` ni `redirect`, el resultado para todo servidor no incluido es «neutral», como si no hubiera registro: no protege de las falsificaciones y los receptores le dan poco valor.",
            fix: "Añada `~all` al final, o `-all` si está seguro de que figuran todos los remitentes.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードに、それ以外の送信元の扱いが書かれていません",
            here: "末尾に `~all` か `-all` が必要です",
            why: "`all` も `redirect` もない場合、列挙されていないサーバーの結果はレコードがないときと同じ「neutral」です。なりすましを防げず、受信側もほとんど重視しません。",
            fix: "末尾に `~all` を追加してください。すべての送信元を列挙したことが確実なら `-all` にします。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(spf) = evidence.spf.own().only() else { return };
    let value = &spf.txt.value;
    if fault::has_end(&spf.terms)
        || fault::faults(value, &spf.terms).iter().any(|fault| may_hold_end(&value[fault.term.clone()]))
    {
        return;
    }
    let place = spf.terms.last().map_or(0..value.len(), |term| term.range.clone());
    let finding = RULE.at(spf.txt.spans(place)).with("domain", &evidence.domain);
    // The rest of the record may stand in a text of its own.
    let mut texts = evidence.spf.own().answer.records().iter().filter_map(Record::txt);
    let torn = texts.any(|txt| spf::lookalike(&txt.value).is_some());
    findings.push(match fault::to_publish(evidence.spf.root(), value).filter(|_| !torn) {
        Some(record) => finding.publish(&evidence.domain, Kind::TXT, record).as_choice(),
        None => finding,
    });
}

/// Was a faulty term meant as `all` or `redirect`? Then the fault is what there is to say.
fn may_hold_end(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("all") || text.starts_with("red") || text.contains("redirect")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn no_end() {
        let zone = r#"
            example.test. TXT "v=spf1 mx include:x.test"
                                         ^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx include:x.test ~all");
    }

    #[test]
    fn some_end() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx ?all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 redirect=x.test""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx - all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx~all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx redirect:x.test""#);
    }

    #[test]
    fn torn_in_two() {
        let zone = "@ TXT \"v=spf1 mx\"\n@ TXT \"include:x.test -all\"";
        assert!(findings(&RULE, zone)[0].publish.is_empty());
    }
}

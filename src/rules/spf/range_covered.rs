//! A range that lies in another one with the same result.

use crate::evaluate::ranges::Network;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::spf::Spf;
use crate::rules::Rule;
use crate::rules::spf::fault;
use crate::rules::spf::redundant::{self, Covered};

pub static RULE: Rule = Rule {
    id: "spf-range-covered",
    severity: Severity::Advice,
    references: &["RFC 7208 section 5.6"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {owner} names addresses that another term names, too",
            here: "covered by another term",
            why: "These terms change nothing, because each lies in the range of another term with the same result: {terms}. They make the record longer and hide who may send.",
            fix: "Delete the narrower terms, unless the wider one was not meant or is to go.",
        },
        es: Prose {
            title: "el registro SPF de {owner} nombra direcciones que ya nombra otro término",
            here: "ya incluido en otro término",
            why: "Estos términos no cambian nada, porque cada uno está dentro del rango de otro término con el mismo resultado: {terms}. Alargan el registro y ocultan quién puede enviar.",
            fix: "Elimine los términos más estrechos, salvo que el más amplio no fuera intencionado o vaya a desaparecer.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードに、別の項目の範囲に含まれるアドレスがあります",
            here: "別の項目に含まれています",
            why: "次の項目は、同じ結果になる別の項目の範囲に含まれるため、意味がありません: {terms}。レコードが長くなり、誰が送信できるのか分かりにくくなります。",
            fix: "広いほうの範囲が意図したもので、今後も残す場合は、狭いほうの項目を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (number, node) in fault::own_nodes(evidence) {
        let Some(spf) = node.asked.only() else { continue };
        let covered = redundant::covered(evidence, number, spf);
        if covered.is_empty() {
            continue;
        }
        let places = covered.iter().flat_map(|covered| spf.txt.spans(spf.terms[covered.term].range.clone()));
        let terms: Vec<String> = covered.iter().map(|covered| pair(evidence, spf, number, covered)).collect();
        let finding = RULE.at(places).with("owner", &node.name).with("terms", terms.join(", "));
        // What a stranger's record covers today, it need not cover tomorrow.
        let lasts = covered.iter().any(|covered| covered.by.node == number);
        findings.push(match redundant::tidied(evidence, number).filter(|_| lasts) {
            Some(record) => finding.publish(&node.name, Kind::TXT, record),
            None => finding,
        });
    }
}

fn pair(evidence: &Evidence, spf: &Spf, number: usize, covered: &Covered) -> String {
    let inside = spf.text(&spf.terms[covered.term]);
    format!("`{inside}` ({})", place(evidence, number, &covered.by))
}

/// A term as written, and whose it is if it stands in another record.
fn place(evidence: &Evidence, number: usize, network: &Network) -> String {
    let node = &evidence.spf.nodes[network.node];
    let text = node.asked.only().map_or("", |spf| spf.text(&spf.terms[network.term]));
    if network.node == number { format!("`{text}`") } else { format!("{}: `{text}`", node.name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn in_the_same_record() {
        let zone = r#"
            example.test. TXT "v=spf1 ip4:192.0.2.5 mx ip4:192.0.2.0/24 ip4:192.0.2.128/25 -all"
                                      ^^^^^^^^^^^^^                     ^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx ip4:192.0.2.0/24 -all");
    }

    #[test]
    fn in_an_included_record() {
        let zone = r#"
            example.test. TXT "v=spf1 ip4:192.0.2.5 include:x.other ip6:2001:db8::1 -all"
                                      ^^^^^^^^^^^^^                 ^^^^^^^^^^^^^^^
            x.other. TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"
            "#;
        finds(&RULE, zone);
        let found = &findings(&RULE, zone)[0];
        let terms = "`ip4:192.0.2.5` (x.other: `ip4:192.0.2.0/24`), `ip6:2001:db8::1` (x.other: `ip6:2001:db8::/32`)";
        assert_eq!(found.values[1].1.get(Lang::En), terms);
        assert!(found.publish.is_empty());
    }

    #[test]
    fn not_the_same() {
        let zone = |record: &str| format!("example.test. TXT \"{record}\"\nexample.test. A 192.0.2.5");
        for record in [
            "v=spf1 ip4:192.0.2.5 ip4:192.0.2.5/32 -all",
            "v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 -all",
            "v=spf1 ip4:192.0.2.5 -ip4:192.0.2.0/28 ip4:192.0.2.0/24 -all",
            "v=spf1 a ip4:192.0.2.5 -all",
            "v=spf1 ip4:192.0.2.5 include:gone.other ip4:192.0.2.0/24 -all",
            "v=spf1 ip4:192.0.2.5 -all ip4:192.0.2.0/24",
        ] {
            clean(&RULE, &zone(record));
        }
    }
}

//! The TXT answer with the SPF record does not fit into 512 octets.

use crate::evaluate::size;
use crate::evidence::{Evidence, SpfNode};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-answer-over-512",
    severity: Severity::Advice,
    references: &["RFC 7208 section 3.4"],
    check,
    text: Text {
        en: Prose {
            title: "the TXT answer of {owner} with its SPF record has {octets} octets, more than 512",
            here: "the largest of {count}",
            why: "An answer of more than 512 octets needs EDNS or a second question over TCP. Nearly all receivers can do that; where a firewall stops it, they get no SPF record.",
            fix: "Delete TXT records at {owner} that nobody needs any more, such as old verification codes, and terms of the SPF record that are not used.",
        },
        es: Prose {
            title: "la respuesta TXT de {owner} con su registro SPF tiene {octets} octetos, más de 512",
            here: "el mayor de {count}",
            why: "Una respuesta de más de 512 octetos necesita EDNS o una segunda consulta por TCP. Casi todos los receptores pueden hacerlo; donde un cortafuegos lo impide, no obtienen el registro SPF.",
            fix: "Elimine de {owner} los registros TXT que ya no hagan falta, como códigos de verificación antiguos, y los términos del registro SPF que no se usen.",
        },
        ja: Prose {
            title: "{owner} のTXT応答(SPFレコードを含む)が {octets} オクテットあり、512オクテットを超えています",
            here: "{count} 個のうち最大のレコードです",
            why: "512オクテットを超える応答には、EDNSかTCPでの再問い合わせが必要です。ほとんどの受信側は対応していますが、ファイアウォールに遮られるとSPFレコードを取得できません。",
            fix: "古い確認用コードなど、{owner} の不要なTXTレコードと、使っていないSPFの項目を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let large = |octets: usize| octets > size::MAX_PLAIN && octets + size::OPT <= size::MAX_EDNS;
    findings.extend(answers(&RULE, evidence, large, 0));
}

/// A finding for each answer with an SPF record of the domain's owner that has such a size.
///
/// RFC 7208 section 3.4: "Note that when computing the sizes for replies to queries of the TXT format, one has to take
/// into account any other TXT records published at the domain name."
pub(super) fn answers(
    rule: &'static Rule,
    evidence: &Evidence,
    is_large: fn(usize) -> bool,
    more: usize,
) -> Vec<Finding> {
    let nodes = fault::own_nodes(evidence).into_iter().map(|(_, node)| node);
    let large = |node: &&SpfNode| !node.asked.found.is_empty() && is_large(size::octets(&node.asked.answer));
    let finding = |node: &SpfNode| {
        let answer = &node.asked.answer;
        let largest = answer.records().iter().max_by_key(|record| size::record_octets(record))?;
        let finding = rule.at([largest.span()]).with("owner", &node.name).with("count", answer.records().len());
        Some(finding.with("octets", size::octets(answer) + more))
    };
    nodes.filter(large).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    fn zone(codes: usize) -> String {
        let code = |n: usize| format!("example.test. TXT \"service-{n}={}\"\n", "x".repeat(45));
        let spf = "v=spf1 include:one.other include:two.other include:three.other -all";
        format!("example.test. TXT \"{spf}\"\n{}", (0..codes).map(code).collect::<String>())
    }

    #[test]
    fn with_all_that_stands_beside_it() {
        // 12 + 18 + 80 + 6 * 68 = 518
        let zone = zone(6);
        let first = zone.lines().next().map_or(0, str::len);
        finds(&RULE, &zone.replacen('\n', &format!("\n{}\n", "^".repeat(first)), 1));
    }

    #[test]
    fn small_enough() {
        clean(&RULE, &zone(5));
    }

    #[test]
    fn without_spf_it_is_no_matter_of_spf() {
        clean(&RULE, &format!("example.test. TXT \"{0}\" \"{0}\" \"{0}\"", "x".repeat(200)));
    }
}

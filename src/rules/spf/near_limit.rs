//! Eight to ten look-ups: the next one that somebody adds may be one too many.

use std::cmp::Reverse;

use crate::evaluate::spf::{MAX_LOOKUPS, lookups};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::redundant;

pub static RULE: Rule = Rule {
    id: "spf-near-limit",
    severity: Severity::Advice,
    references: &["RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} needs {count} of the 10 DNS lookups that are allowed",
            here: "these cost most",
            why: "Above ten lookups receivers stop with \"permerror\". Providers change their records without notice, so that a lookup that one of them adds counts here, too. Most is needed by {costs}.",
            fix: "Keep lookups in reserve. These terms let nobody send whom no other term lets send: {spare}.",
        },
        es: Prose {
            title: "el registro SPF de {domain} necesita {count} de las 10 consultas DNS permitidas",
            here: "estos cuestan más",
            why: "Con más de diez consultas los receptores se detienen con «permerror». Los proveedores cambian sus registros sin avisar, de modo que una consulta que añada uno de ellos también cuenta aquí. Los que más gastan: {costs}.",
            fix: "Mantenga consultas de reserva. Estos términos no autorizan a nadie que no autorice ya otro término: {spare}.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードはDNSルックアップを {count} 回使います(上限は10回)",
            here: "ルックアップの多い項目です",
            why: "10回を超えると、受信側は「permerror」として評価を打ち切ります。サービス側が予告なくレコードを変更し、ルックアップが増えることもあります。多く使っている項目: {costs}。",
            fix: "ルックアップの回数に余裕を残してください。ほかの項目ですでに許可されているため不要な項目: {spare}。",
        },
    },
};

/// So many look-ups are near the limit.
const NEAR: usize = 8;

/// So many terms are named.
const MOST: usize = 3;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let count = lookups(&evidence.spf);
    let near = (NEAR..=MAX_LOOKUPS).contains(&count);
    let Some(spf) = evidence.spf.own().only().filter(|_| near) else { return };
    let costs = redundant::costs(evidence);
    let mut most = costs.clone();
    most.sort_by_key(|(_, cost)| Reverse(*cost));
    most.truncate(MOST);
    let finding = RULE.at(most.iter().flat_map(|(term, _)| spf.txt.spans(spf.terms[*term].range.clone())));
    let finding = finding.with("domain", &evidence.domain).with("count", count);
    let spare = redundant::spare_value(spf, &costs, &redundant::spare(evidence));
    findings.push(finding.with("costs", redundant::list(spf, &most)).with_value("spare", spare));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_most_expensive_terms() {
        let zone = r#"
            example.test. TXT "v=spf1 a mx include:x.other include:y.other ip4:192.0.2.1 -all"
                                      ^    ^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^
            example.test. A 192.0.2.1
            example.test. MX 0 mail.other.
            x.other. TXT "v=spf1 a:a.other mx:a.other exists:%{i}.x.other -all"
            y.other. TXT "v=spf1 include:z.other -all"
            z.other. TXT "v=spf1 ip4:198.51.100.1 -all"
            a.other. A 198.51.100.2
            a.other. MX 0 a.other.
            mail.other. A 198.51.100.3
            "#;
        finds(&RULE, zone);
        let values = &findings(&RULE, zone)[0].values;
        let value = |name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.get(Lang::En));
        assert_eq!(value("costs"), Some("`include:x.other` 4, `include:y.other` 2, `a` 1"));
        assert_eq!(value("spare"), Some("`a` 1"));
    }

    #[test]
    fn enough_left_or_too_many() {
        clean(&RULE, r#"example.test. TXT "v=spf1 a:a.x a:b.x a:c.x a:d.x a:e.x a:f.x a:g.x -all""#);
        clean(
            &RULE,
            r#"example.test. TXT "v=spf1 a:a.x a:b.x a:c.x a:d.x a:e.x a:f.x a:g.x a:h.x a:i.x a:j.x a:k.x -all""#,
        );
    }
}

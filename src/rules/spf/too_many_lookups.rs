//! More look-ups than ten.

use crate::evaluate::spf::{MAX_LOOKUPS, lookups};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::spf::{Spf, TermKind};
use crate::rules::Rule;
use crate::rules::spf::{fault, redundant};

pub static RULE: Rule = Rule {
    id: "spf-too-many-lookups",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} needs {count} DNS lookups, but only 10 are allowed",
            here: "these cost lookups",
            why: "Beyond ten lookups receivers stop with \"permerror\", so mail from senders late in the record fails SPF. The lookups of included records count too: {costs}.",
            fix: "At least {excess} lookups must go. First delete the terms that let no one send who is not already allowed by another term: {spare}. It is enough, for example, to delete {enough}, or to put addresses in its place (`mailvet spf {domain} --flatten`). Services that sign with DKIM and take bounces at a domain of their own need no `include`.",
        },
        es: Prose {
            title: "el registro SPF de {domain} necesita {count} consultas DNS y solo se permiten 10",
            here: "estos cuestan consultas",
            why: "Al superar las diez consultas, los receptores se detienen con «permerror», de modo que SPF falla para los remitentes que están al final del registro. También cuentan las consultas de los registros incluidos: {costs}.",
            fix: "Sobran al menos {excess} consultas. Elimine primero los términos que no autorizan a nadie que no autorice ya otro término: {spare}. Basta, por ejemplo, con eliminar {enough} o sustituirlo por direcciones (`mailvet spf {domain} --flatten`). Los servicios que firman con DKIM y reciben los rebotes en un dominio propio no necesitan `include`.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードには {count} 回のDNSルックアップが必要です(上限は10回)",
            here: "ルックアップを消費する項目です",
            why: "受信側は10回を超えると「permerror」として評価を打ち切るため、レコードの後ろのほうに書かれた送信元からのメールはSPFに失敗します。参照先のレコードのルックアップも数えられます: {costs}。",
            fix: "少なくとも {excess} 回分のルックアップを減らしてください。まず、ほかの項目ですでに許可されているため不要な項目を削除します: {spare}。たとえば {enough} を削除するか、アドレスに置き換える(`mailvet spf {domain} --flatten`)だけで上限に収まります。DKIMで署名し、不達通知をサービス自身のドメインで受け取るサービスには `include` は不要です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let tree = &evidence.spf;
    let count = lookups(tree);
    let Some(spf) = tree.own().only().filter(|_| count > MAX_LOOKUPS) else { return };
    let costs = redundant::costs(evidence);
    let spare = redundant::spare(evidence);
    let more = if tree.cut { "+" } else { "" };
    let finding = RULE
        .at(costs.iter().flat_map(|(term, _)| spf.txt.spans(spf.terms[*term].range.clone())))
        .with("domain", &evidence.domain)
        .with("count", format!("{count}{more}"))
        .with("costs", redundant::list(spf, &costs))
        .with("excess", count - MAX_LOOKUPS)
        .with("enough", redundant::list(spf, &enough(&costs, count - MAX_LOOKUPS)))
        .with_value("spare", redundant::spare_value(spf, &costs, &spare));
    let record = shortened(evidence, spf, &costs, &spare).filter(|_| !tree.cut);
    findings.push(match record {
        Some(record) => finding.publish(&evidence.domain, Kind::TXT, record),
        None => finding,
    });
}

/// Terms that save so many lookups: the cheapest one that saves enough, else the dearest ones.
fn enough(costs: &[(usize, usize)], excess: usize) -> Vec<(usize, usize)> {
    if let Some(one) = costs.iter().rev().filter(|(_, cost)| *cost >= excess).min_by_key(|(_, cost)| *cost) {
        return vec![*one];
    }
    let mut dearest = costs.to_vec();
    dearest.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
    let mut saved = 0;
    dearest.retain(|(_, cost)| {
        let wanted = saved < excess;
        saved += cost;
        wanted
    });
    dearest
}

/// The record to publish, if it is enough to take out hosts that other terms name and what stands there twice. An
/// include that others include today is named too, but whether they always will nobody knows.
fn shortened(evidence: &Evidence, spf: &Spf, costs: &[(usize, usize)], spare: &[usize]) -> Option<String> {
    let again: Vec<usize> = redundant::repeated(&evidence.domain, spf).iter().map(|repeated| repeated.again).collect();
    let is_include = |term: usize| matches!(spf.terms[term].kind, TermKind::Include(_));
    let lasts = |term: usize| spare.contains(&term) && (!is_include(term) || again.contains(&term));
    let left: usize = costs.iter().filter(|(term, _)| !lasts(*term)).map(|(_, cost)| cost).sum();
    let gone = spare.iter().copied().filter(|term| lasts(*term));
    let record = fault::to_publish(evidence.spf.root(), &redundant::without(spf, gone))?;
    Some(record).filter(|_| left <= MAX_LOOKUPS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn eleven() {
        let zone = r#"
            example.test. TXT "v=spf1 include:x.other. a mx ip4:192.0.2.1 exists:%{i}.x.other -all"
                                      ^^^^^^^^^^^^^^^^ ^ ^^               ^^^^^^^^^^^^^^^^^^^
            x.other.      TXT "v=spf1 a mx a a a a a -all"
            "#;
        finds(&RULE, zone);
        let found = findings(&RULE, zone);
        let values: Vec<_> = found[0].values.iter().map(|(_, value)| value.get(crate::lang::Lang::En)).collect();
        let costs = "`include:x.other.` 8, `a` 1, `mx` 1, `exists:%{i}.x.other` 1";
        assert_eq!(values[1..3], ["11", costs]);
        assert_eq!(values[3..5], ["1", "`exists:%{i}.x.other` 1"], "so many must go, and what is enough");
        assert_eq!(values[5], "`include:x.other.` 8, `a` 1, `mx` 1", "no host behind any of these");
    }

    #[test]
    fn what_is_enough() {
        let costs = [(0, 1), (1, 4), (2, 4), (3, 3), (4, 2)];
        assert_eq!(enough(&costs, 4), [(2, 4)]);
        assert_eq!(enough(&costs, 3), [(3, 3)]);
        assert_eq!(enough(&costs, 9), [(1, 4), (2, 4), (3, 3)]);
    }

    #[test]
    fn what_can_go() {
        let zone = r#"
            example.test. TXT "v=spf1 include:y.other a mx INCLUDE:y.other ip4:192.0.2.1 -all"
                                      ^^^^^^^^^^^^^^^ ^ ^^ ^^^^^^^^^^^^^^^
            example.test. A 192.0.2.1
            y.other.      TXT "v=spf1 include:z.other include:z.other include:z.other include:z.other -all"
            z.other.      TXT "v=spf1 ip4:198.51.100.1 -all"
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 include:y.other ip4:192.0.2.1 -all");
    }

    #[test]
    fn an_include_that_others_include() {
        let zone = r#"
            example.test. TXT "v=spf1 include:y.other include:x.other ip4:192.0.2.1 -all"
                                      ^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^
            x.other.      TXT "v=spf1 include:y.other include:z.other include:z.other include:z.other ip4:192.0.2.2 -all"
            y.other.      TXT "v=spf1 include:z.other include:z.other include:z.other -all"
            z.other.      TXT "v=spf1 ip4:198.51.100.1 -all"
            "#;
        finds(&RULE, zone);
        let found = &findings(&RULE, zone)[0];
        assert_eq!(found.values[5].1.get(crate::lang::Lang::En), "`include:y.other` 4");
        assert!(found.publish.is_empty());
    }

    #[test]
    fn ten() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. a mx -all a a a"
            x.other. TXT "v=spf1 a mx a a a a a ip4:192.0.2.1 foo=bar exp=y.other -all"
            "#,
        );
    }
}

//! More look-ups than ten.

use crate::evaluate::spf::{MAX_LOOKUPS, lookups, lookups_of};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::Term;
use crate::rules::Rule;

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
            fix: "Delete the terms that are not needed, and list servers that have fixed addresses with `ip4:` or `ip6:`, which cost nothing. Services that sign with DKIM and take bounces at a domain of their own need no `include`.",
        },
        es: Prose {
            title: "el registro SPF de {domain} necesita {count} consultas DNS y solo se permiten 10",
            here: "estos cuestan consultas",
            why: "Al superar las diez consultas, los receptores se detienen con «permerror», de modo que SPF falla para los remitentes que están al final del registro. También cuentan las consultas de los registros incluidos: {costs}.",
            fix: "Elimine los términos que no hagan falta e indique los servidores de dirección fija con `ip4:` o `ip6:`, que no cuestan nada. Los servicios que firman con DKIM y reciben los rebotes en un dominio propio no necesitan `include`.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードには {count} 回のDNSルックアップが必要です(上限は10回)",
            here: "ルックアップを消費する項目です",
            why: "受信側は10回を超えると「permerror」として評価を打ち切るため、レコードの後ろのほうに書かれた送信元からのメールはSPFに失敗します。参照先のレコードのルックアップも数えられます: {costs}。",
            fix: "不要な項目を削除し、固定アドレスのサーバーはルックアップ不要の `ip4:` や `ip6:` で指定してください。DKIMで署名し、不達通知をサービス自身のドメインで受け取るサービスには `include` は不要です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let tree = &evidence.spf;
    let count = lookups(tree);
    let Some(spf) = tree.own().only().filter(|_| count > MAX_LOOKUPS) else { return };
    let terms: Vec<(&Term, usize)> = tree
        .root()
        .lookups
        .iter()
        .filter_map(|lookup| Some((spf.terms.get(lookup.term)?, lookups_of(tree, lookup))))
        .collect();
    let costs: Vec<String> = terms.iter().map(|(term, cost)| format!("`{}` {cost}", spf.text(term))).collect();
    let finding = RULE.at(terms.iter().flat_map(|(term, _)| spf.txt.spans(term.range.clone())));
    let more = if tree.cut { "+" } else { "" };
    findings.push(
        finding
            .with("domain", &evidence.domain)
            .with("count", format!("{count}{more}"))
            .with("costs", costs.join(", ")),
    );
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
        assert_eq!(values[1..], ["11", "`include:x.other.` 8, `a` 1, `mx` 1, `exists:%{i}.x.other` 1"]);
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

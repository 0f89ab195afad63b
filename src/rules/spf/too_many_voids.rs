//! More than two look-ups that find nothing.

use crate::evaluate::spf::{MAX_VOIDS, voids};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::Term;
use crate::rules::Rule;
use crate::rules::spf::way;

pub static RULE: Rule = Rule {
    id: "spf-too-many-voids",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "{count} lookups of the SPF record of {domain} find nothing, but only 2 such are allowed",
            here: "these find nothing",
            why: "A lookup that finds nothing is a void lookup. Beyond two of them receivers stop with \"permerror\", so mail from senders later in the record fails SPF.",
            fix: "Correct or delete the terms whose names do not exist: {terms}.",
        },
        es: Prose {
            title: "{count} consultas del registro SPF de {domain} no encuentran nada y solo se permiten 2",
            here: "estos no encuentran nada",
            why: "Una consulta que no encuentra nada es una consulta vacía (void lookup). Si hay más de dos, los receptores se detienen con «permerror», de modo que SPF falla para los remitentes que están más adelante en el registro.",
            fix: "Corrija o elimine los términos cuyos nombres no existen: {terms}.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードで {count} 回のルックアップが空振りします(上限は2回)",
            here: "何も見つかりません",
            why: "何も見つからないルックアップを空振りのルックアップ(void lookup)といいます。受信側は2回を超えると「permerror」として評価を打ち切るため、レコードの後ろのほうに書かれた送信元からのメールはSPFに失敗します。",
            fix: "存在しない名前を指す項目を修正するか、削除してください: {terms}。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let tree = &evidence.spf;
    let voids = voids(tree);
    let Some(spf) = tree.own().only().filter(|_| voids.len() > MAX_VOIDS) else { return };
    let mut own: Vec<usize> =
        voids.iter().filter_map(|void| Some(way::to_term(evidence, void.node, void.term)?.own)).collect();
    own.sort_unstable();
    own.dedup();
    let leading: Vec<&Term> = own.iter().filter_map(|term| spf.terms.get(*term)).collect();
    let finding = RULE.at(leading.iter().flat_map(|term| spf.txt.spans(term.range.clone())));
    let void_terms = voids.iter().filter_map(|void| {
        let spf = tree.nodes.get(void.node)?.asked.only()?;
        Some(format!("`{}`", spf.text(spf.terms.get(void.term)?)))
    });
    let terms = void_terms.collect::<Vec<_>>().join(", ");
    findings.push(finding.with("domain", &evidence.domain).with("count", voids.len()).with("terms", terms));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn three() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:v1.other mx:v2.other include:x.other mx -all"
                                      ^^^^^^^^^^ ^^^^^^^^^^^ ^^^^^^^^^^^^^^^
            example.test. MX 0 mail.other.
            x.other.      TXT "v=spf1 a:v3.other -all"
            "#,
        );
    }

    #[test]
    fn two_are_allowed() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:v1.other a:v2.other a:there.other -all"
            there.other. AAAA 2001:db8::1
            "#,
        );
    }
}

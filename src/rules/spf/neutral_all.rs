//! `?all`: the record says nothing of those whom it does not name.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::Qualifier;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "spf-neutral-all",
    severity: Severity::Advice,
    references: &["RFC 7208 section 8.2", "RFC 7208 section 2.6.2"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} ends in `{term}`",
            here: "says nothing about the others",
            why: "With `?all` receivers treat mail from servers that are not listed as if there were no SPF record. The senders that are listed pass; against forgery the record does nothing.",
            fix: "Write `~all` in place of `{term}` when all senders are listed, and `-all` when you are sure of it.",
        },
        es: Prose {
            title: "el registro SPF de {domain} termina en `{term}`",
            here: "no dice nada de los demás",
            why: "Con `?all` los receptores tratan el correo de los servidores no incluidos como si no hubiera registro SPF. Los remitentes incluidos superan SPF, pero el registro no protege de las falsificaciones.",
            fix: "Escriba `~all` en lugar de `{term}` cuando estén todos los remitentes, y `-all` cuando esté seguro.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードが `{term}` で終わっています",
            here: "ほかの送信元について何も決めていません",
            why: "`?all` では、列挙されていないサーバーからのメールはSPFレコードがない場合と同じ扱いになります。列挙した送信元は合格しますが、なりすましは防げません。",
            fix: "すべての送信元を列挙したら `{term}` を `~all` に、確実であれば `-all` に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for spf in &evidence.spf.own().found {
        if let Some(all) = spf.all().filter(|all| all.result() == Qualifier::Neutral) {
            let finding = RULE.at(spf.txt.spans(all.range.clone()));
            findings.push(finding.with("domain", &evidence.domain).with("term", spf.text(all)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn neutral() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx ?all"
                                         ^^^^
            "#,
        );
    }

    #[test]
    fn others() {
        clean(&RULE, r#"example.test. TXT "v=spf1 ?mx ~all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx all""#);
    }
}

//! `adkim=s` or `aspf=s`: senders under a sub-domain do not count.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-strict-alignment",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.4"],
    check,
    text: Text {
        en: Prose {
            title: "DMARC alignment is strict for {domain}",
            here: "only the very same domain counts",
            why: "Services that sign or take bounces under a subdomain (`bounce.{domain}`) pass SPF or DKIM and still fail DMARC. Nothing is wrong if none of your senders does.",
            fix: "Delete `{tags}`, unless you know that all senders use {domain} itself.",
        },
        es: Prose {
            title: "la alineación DMARC de {domain} es estricta",
            here: "solo cuenta exactamente el mismo dominio",
            why: "Los servicios que firman o reciben rebotes con un subdominio (`bounce.{domain}`) superan SPF o DKIM y aun así no superan DMARC. Si ninguno de sus remitentes lo hace, no hay ningún problema.",
            fix: "Elimine `{tags}`, salvo que sepa que todos los remitentes usan el propio {domain}.",
        },
        ja: Prose {
            title: "{domain} のDMARCアライメントが厳格(strict)です",
            here: "完全に同じドメインだけが一致します",
            why: "サブドメイン(`bounce.{domain}` など)で署名したり不達通知を受け取ったりするサービスは、SPFやDKIMに合格してもDMARCに失敗します。そのような送信元がなければ問題ありません。",
            fix: "すべての送信元が {domain} そのものを使っていると確認できない場合は、`{tags}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let tags = &applied.dmarc.tags;
    let strict = ["adkim", "aspf"].into_iter().filter_map(|name| tags.find(name));
    let strict: Vec<_> = strict.filter(|tag| tags.value_of(tag).eq_ignore_ascii_case("s")).collect();
    if !strict.is_empty() && evidence.sends() {
        let texts: Vec<&str> = strict.iter().map(|tag| applied.text(tag.range.clone())).collect();
        let spans = strict.iter().flat_map(|tag| applied.dmarc.txt.spans(tag.range.clone()));
        findings.push(RULE.at(spans).with("domain", applied.domain).with("tags", texts.join("; ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn both_are_marked() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            _dmarc TXT "v=DMARC1; p=none; adkim=s; aspf=s"
                                          ^^^^^^^  ^^^^^^
            "#,
        );
    }

    #[test]
    fn who_sends_nothing_may_be_strict() {
        clean(
            &RULE,
            r#"
            @ MX 0 .
            @ TXT "v=spf1 -all"
            _dmarc TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
            "#,
        );
    }

    #[test]
    fn a_right_record_is_left_alone() {
        clean(&RULE, "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=reject; adkim=r\"");
    }
}

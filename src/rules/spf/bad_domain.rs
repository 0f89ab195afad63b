//! A domain that is none: an address, a URL, a mail address, a name with a wrong part.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-bad-domain",
    severity: Severity::Error,
    references: &["RFC 7208 section 7.1", "RFC 7208 section 5.2", "RFC 7208 section 6.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} does not name a valid domain",
            here: "not a domain name",
            why: "A domain name belongs here: {reason}. Receivers end with \"permerror\" here, so that messages from {owner} do not pass SPF; at best those still pass that a term before this one allows.",
            fix: "Write {instead} in place of `{term}`, or delete it.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no indica un dominio válido",
            here: "no es un nombre de dominio",
            why: "Aquí va un nombre de dominio: {reason}. Los receptores terminan aquí en «permerror», de modo que los mensajes de {owner} no superan SPF; como mucho lo superan los que autoriza un término anterior.",
            fix: "Escriba {instead} en lugar de `{term}`, o elimínelo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` のドメインが正しくありません",
            here: "ドメイン名ではありません",
            why: "ここにはドメイン名を書きます。{reason}。受信側の評価はここで「permerror」になり、{owner} のメールはSPFに合格しません。合格するのは、せいぜいこれより前の項目が許可するメールだけです。",
            fix: "`{term}` を {instead} に書き換えるか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::BadDomain, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn domains_are_marked() {
        let zone = r#"
            example.test. TXT "v=spf1 a:192.0.2.1 include:https://x.test/y -all"
                                        ^^^^^^^^^         ^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 ip4:192.0.2.1 include:x.test -all"
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:joe@x.test include:localhost a:localhost -all"
                                              ^^^^^^^^^^         ^^^^^^^^^   ^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_domains() {
        clean(&RULE, r#"example.test. TXT "v=spf1 include:_spf.x.test. a:x.xn--p1ai exists:%{i}.x.test -all""#);
    }
}

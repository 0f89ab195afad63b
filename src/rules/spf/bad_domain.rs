//! A domain that is none: an address, a URL, a mail address, a name with a wrong part.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-bad-domain",
    severity: Severity::Error,
    references: &["RFC 7208 section 7.1", "RFC 7208 section 4.3"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} does not name a valid domain",
            here: "not a domain name",
            why: "A domain name belongs here: {reason}. The term matches nobody, or makes the whole record invalid (\"permerror\"), so that no message from {owner} passes SPF.",
            fix: "Write {instead} in place of `{term}`, or delete it.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no indica un dominio válido",
            here: "no es un nombre de dominio",
            why: "Aquí va un nombre de dominio: {reason}. El término no coincide con nadie o invalida todo el registro («permerror»), de modo que ningún mensaje de {owner} supera SPF.",
            fix: "Escriba {instead} en lugar de `{term}`, o elimínelo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` のドメインが正しくありません",
            here: "ドメイン名ではありません",
            why: "ここにはドメイン名を書きます。{reason}。この項目はどの送信元にも一致しないか、レコード全体を無効(「permerror」)にし、{owner} のどのメールもSPFに合格しなくなります。",
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
            example.test. TXT "v=spf1 include:joe@x.test include:localhost a:x..test -all"
                                              ^^^^^^^^^^         ^^^^^^^^^   ^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_domains() {
        clean(&RULE, r#"example.test. TXT "v=spf1 include:_spf.x.test. a:x.xn--p1ai exists:%{i}.x.test -all""#);
    }

    #[test]
    fn a_strange_name_that_is_there() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:foo:bar.x.test -all"
            foo:bar.x.test. A 192.0.2.1
            "#,
        );
    }
}

//! A legal term with a domain that no host has: a URL, a mail address, an empty label.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-odd-domain",
    severity: Severity::Warning,
    references: &["RFC 7208 section 7.1", "RFC 7208 section 4.8"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} names no possible host",
            here: "not the name of a host",
            why: "A domain name belongs here: {reason}. SPF takes the term for valid and goes on after it, but nothing can be found at such a name: it allows no server.",
            fix: "Write {instead} in place of `{term}`, or delete it.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no indica ningún host posible",
            here: "no es el nombre de un host",
            why: "Aquí va un nombre de dominio: {reason}. SPF da el término por válido y sigue adelante, pero con ese nombre no se puede encontrar nada: no autoriza ningún servidor.",
            fix: "Escriba {instead} en lugar de `{term}`, o elimínelo.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` はホスト名として成り立ちません",
            here: "ホスト名ではありません",
            why: "ここにはドメイン名を書きます。{reason}。SPFの文法としては有効なため評価は先へ進みますが、このような名前では何も見つからず、どのサーバーも許可されません。",
            fix: "`{term}` を {instead} に書き換えるか、削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::OddDomain, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn names_that_no_host_has() {
        let zone = r#"
            example.test. TXT "v=spf1 a:https://x.test mx:http://y.test -all"
                                        ^^^^^^^^^^^^^^    ^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 a:x.test mx:y.test -all");
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:joe@x.test a:x..test exists:foo:x.test exp=a@x.test -all"
                                        ^^^^^^^^^^   ^^^^^^^        ^^^^^^^^^^     ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn what_is_not_legal_is_an_error_of_its_own() {
        clean(&RULE, r#"example.test. TXT "v=spf1 a:192.0.2.1 include:joe@x.test redirect=joe@x.test""#);
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

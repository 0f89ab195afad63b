//! A blank lost where one character-string ends and the next begins.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-strings-glued",
    severity: Severity::Error,
    references: &["RFC 7208 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "two strings of the SPF record of {owner} join without a space",
            here: "no space at this seam",
            why: "The strings of a TXT record are joined without adding spaces, so receivers read `{term}` as one term. The result is \"permerror\", and no message passes SPF.",
            fix: "Put a space at the end of the first string: {instead}.",
        },
        es: Prose {
            title: "dos cadenas del registro SPF de {owner} se unen sin espacio",
            here: "falta un espacio en esta unión",
            why: "Las cadenas de un registro TXT se unen sin añadir espacios, de modo que los receptores leen `{term}` como un solo término. El resultado es «permerror» y ningún mensaje supera SPF.",
            fix: "Ponga un espacio al final de la primera cadena: {instead}.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの2つの文字列が空白なしでつながっています",
            here: "このつなぎ目に空白がありません",
            why: "TXTレコードの複数の文字列は空白を入れずに連結されるため、受信側は `{term}` を1つの項目として読みます。結果は「permerror」になり、どのメールもSPFに合格しません。",
            fix: "1つ目の文字列の末尾に空白を入れ、{instead} となるようにしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::StringsGlued, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_seam_is_marked() {
        let zone = r#"
            example.test. TXT "v=spf1 include:x.test" "include:y.test -all"
                                                   ^   ^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 include:x.test include:y.test -all"
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 mx ~all" "include:x.test"
                                            ^   ^
            "#,
        );
    }

    #[test]
    fn seams_inside_of_terms_are_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1 incl" "ude:x.test " "-all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx~all""#);
    }
}

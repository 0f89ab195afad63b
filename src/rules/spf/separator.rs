//! Commas or semicolons in place of blanks.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-separator",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6.1", "RFC 7208 section 4.6"],
    check,
    text: Text {
        en: Prose {
            title: "comma or semicolon between terms in the SPF record of {owner}",
            here: "only spaces separate terms",
            why: "Only spaces separate terms; a comma or semicolon becomes part of `{term}`. That is not a valid term, which makes the whole record of {owner} invalid (\"permerror\"), or it names a host that cannot exist, and what stands behind the comma or semicolon is lost.",
            fix: "Write {instead} in place of `{term}`.",
        },
        es: Prose {
            title: "hay una coma o un punto y coma entre términos en el registro SPF de {owner}",
            here: "solo los espacios separan",
            why: "Solo los espacios separan los términos; una coma o un punto y coma pasa a formar parte de `{term}`. O bien no es un término válido, lo que invalida todo el registro de {owner} («permerror»), o bien indica un host que no puede existir y se pierde lo que sigue a la coma o al punto y coma.",
            fix: "Escriba {instead} en lugar de `{term}`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの区切りにカンマやセミコロンが使われています",
            here: "区切りは空白だけです",
            why: "項目を区切るのは空白だけです。カンマやセミコロンは `{term}` の一部として読まれます。これは正しい項目ではないため {owner} のレコード全体が無効(「permerror」)になるか、存在し得ないホストを指すため、カンマやセミコロンより後の内容が失われます。",
            fix: "`{term}` を {instead} に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::Separator, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_first_separator_is_marked() {
        let zone = r#"
            example.test. TXT "v=spf1 include:x.test,ip4:192.0.2.1 -all;"
                                                    ^                  ^
            "#;
        finds(&RULE, zone);
        assert_eq!(
            crate::testing::findings(&RULE, zone)[0].publish[0].value,
            "v=spf1 include:x.test ip4:192.0.2.1 -all"
        );
    }

    #[test]
    fn macro_delimiters_are_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1 exists:%{l,}.x.test -all""#);
    }
}

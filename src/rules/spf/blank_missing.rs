//! No blank between two terms: `ip4:192.0.2.1~all`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::fault::{self, Slip};

pub static RULE: Rule = Rule {
    id: "spf-blank-missing",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "no space between two terms in the SPF record of {owner}",
            here: "a space is missing before this",
            why: "Only spaces separate terms, so `{term}` is read as one term. It is not a valid one, or it names a host that cannot exist: the result is \"permerror\", or the sender is not allowed.",
            fix: "Write {instead} in place of `{term}`. What begins with `v=DMARC1` belongs in a TXT record of its own at `_dmarc`.",
        },
        es: Prose {
            title: "falta un espacio entre dos términos en el registro SPF de {owner}",
            here: "falta un espacio delante",
            why: "Solo los espacios separan los términos, de modo que `{term}` se lee como uno solo. No es válido, o indica un host que no puede existir: el resultado es «permerror», o el remitente no queda autorizado.",
            fix: "Escriba {instead} en lugar de `{term}`. Lo que empieza por `v=DMARC1` va en un registro TXT aparte, en `_dmarc`.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードで2つの項目の間に空白がありません",
            here: "この前に空白が必要です",
            why: "項目を区切るのは空白だけなので、`{term}` は1つの項目として読まれます。これは正しい項目ではないか、存在し得ないホストを指すため、結果が「permerror」になるか、送信元が許可されません。",
            fix: "`{term}` を {instead} に書き換えてください。`v=DMARC1` で始まる部分は、`_dmarc` に別のTXTレコードとして置いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(fault::findings(&RULE, Slip::BlankMissing, evidence));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_second_term_is_marked() {
        let zone = r#"
            example.test. TXT "v=spf1 ip4:192.0.2.1~all"
                                                   ^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 ip4:192.0.2.1 ~all");
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.test-all"
                                                    ^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a -allv=DMARC1; p=none"
                                            ^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn hyphens_in_names_are_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1 include:x-all.test a:all-mx.test -all""#);
    }
}

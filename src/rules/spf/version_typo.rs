//! A text that was meant as the SPF record, and does not begin with `v=spf1` and a blank.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::evidence::SpfNode;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::spf::{self, Lookalike, LookalikeKind};
use crate::rules::Rule;
use crate::rules::spf::{characters, fault};

pub static RULE: Rule = Rule {
    id: "spf-version-typo",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.5"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has no valid SPF record: the text begins with `{found}`",
            here: "must be `v=spf1` and a space",
            why: "An SPF record begins with exactly `v=spf1`, followed by a space. Here it is `{found}`{characters}, so receivers do not see the record at all: the domain has no SPF.",
            fix: "Correct the beginning of the record to `v=spf1` and one space.",
        },
        es: Prose {
            title: "{domain} no tiene un registro SPF válido: el texto empieza por `{found}`",
            here: "debe ser `v=spf1` y un espacio",
            why: "Un registro SPF empieza exactamente por `v=spf1`, seguido de un espacio. Aquí figura `{found}`{characters}, así que los receptores ni siquiera ven el registro: el dominio no tiene SPF.",
            fix: "Corrija el principio del registro: `v=spf1` y un espacio.",
        },
        ja: Prose {
            title: "{domain} に有効なSPFレコードがありません: `{found}` で始まっています",
            here: "`v=spf1` と空白が必要です",
            why: "SPFレコードは正確に `v=spf1` で始まり、その後に空白が続きます。実際には `{found}`{characters} となっているため、受信側はこのレコードを認識せず、SPFがないドメインとして扱います。",
            fix: "レコードの先頭を `v=spf1` と空白1つに修正してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let own = evidence.spf.own();
    if !own.found.is_empty() {
        return;
    }
    for txt in own.answer.records().iter().filter_map(Record::txt) {
        let Some(lookalike) = spf::lookalike(&txt.value) else { continue };
        let finding = RULE
            .at(txt.spans(lookalike.at.clone()))
            .with("domain", &evidence.domain)
            .with("found", beginning(&txt.value))
            .with("characters", characters_of(&txt.value, &lookalike));
        findings.push(match corrected(evidence.spf.root(), &txt.value, &lookalike) {
            Some(record) => finding.publish(&evidence.domain, Kind::TXT, record),
            None => finding,
        });
    }
}

/// The first word, with what stands before it; of a long one only its beginning.
fn beginning(value: &str) -> String {
    let blanks = value.len() - value.trim_start().len();
    let end = value[blanks..].find([' ', '\u{a0}']).map_or(value.len(), |end| blanks + end);
    value[..end].chars().take(24).collect()
}

/// The names of characters that cannot be told by their looks: ` (U+00A0 NO-BREAK SPACE)`.
fn characters_of(value: &str, lookalike: &Lookalike) -> String {
    let mut names = characters::names(&characters::strays(value, lookalike.at.clone()));
    if names.is_empty() && lookalike.kind == LookalikeKind::Before {
        names = "U+0020 SPACE".to_owned();
    }
    if names.is_empty() { names } else { format!(" ({names})") }
}

/// The record as it was meant, if all behind the version is right or can be put right.
fn corrected(node: &SpfNode, value: &str, lookalike: &Lookalike) -> Option<String> {
    let rest = value.get(lookalike.rest..)?.trim_start();
    // `v=spf1amx-all`: letters glued to the version may be terms, which must not be lost.
    let letters = value.get(6..lookalike.at.end).is_some_and(|tail| tail.contains(|c: char| c.is_ascii_alphabetic()));
    let glued = value.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("v=spf1")) && letters;
    if glued && lookalike.kind == LookalikeKind::Version {
        return None;
    }
    fault::to_publish(node, &format!("v=spf1 {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn versions() {
        let zone = r#"
            example.test. TXT "v=spf2 mx -all"
                               ^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
        let zone = r#"
            example.test. TXT "v=spf2 mx -all"
                               ^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(crate::testing::findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
    }

    #[test]
    fn before_and_behind() {
        let zone = r#"
            example.test. TXT " v=spf1 mx -all"
                               ^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
        let zone = r#"
            example.test. TXT "v=spf1\160mx,\226\128\147all"
                                     ^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].values[2].1.get(crate::lang::Lang::En), " (U+00A0 NO-BREAK SPACE)");
        let zone = r#"example.test. TXT "v=spf1,include:x.test,-all""#;
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 include:x.test -all");
        let zone = r#"example.test. TXT "v=spf1&nbsp;include:x.test&nbsp;-all""#;
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 include:x.test -all");
        let zone = r#"example.test. TXT "v=spf1" "include:x.test -all""#;
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 include:x.test -all");
    }

    #[test]
    fn no_term_is_lost() {
        let zone = r#"@ TXT "v=spf1" "mx" "-all""#;
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 mx -all");
        for zone in [r#"@ TXT "v=spf1" "a" "mx" "-all""#, r#"@ TXT "v=spf1tmx -all""#] {
            assert!(findings(&RULE, zone)[0].publish.is_empty(), "{zone}");
        }
    }

    #[test]
    fn right_or_beside_the_right_one() {
        clean(&RULE, r#"example.test. TXT "V=spf1 mx -all""#);
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf2 mx -all"
            example.test. TXT "v=spf1 mx -all"
            "#,
        );
    }
}

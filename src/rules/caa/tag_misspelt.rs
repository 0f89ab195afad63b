//! A property of a CAA record that is nearly one that exists.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::near::nearest;
use crate::rules::Rule;
use crate::rules::caa::{TAGS, all, tag_span};

pub static RULE: Rule = Rule {
    id: "caa-tag-misspelt",
    severity: Severity::Advice,
    references: &["RFC 8659 section 4.1"],
    check,
    text: Text {
        en: Prose {
            title: "a CAA record of {owner} has the property `{tag}`, which does not exist: did you mean `{meant}`?",
            here: "did you mean `{meant}`?",
            why: "Certificate authorities ignore a property that they do not know, so this record changes nothing.",
            fix: "Write `{meant}` instead of `{tag}`.",
        },
        es: Prose {
            title: "un registro CAA de {owner} tiene la propiedad `{tag}`, que no existe: ¿quiso decir `{meant}`?",
            here: "¿quiso decir `{meant}`?",
            why: "Las autoridades de certificación ignoran las propiedades que no conocen, así que este registro no cambia nada.",
            fix: "Escriba `{meant}` en lugar de `{tag}`.",
        },
        ja: Prose {
            title: "{owner} のCAAレコードに存在しないプロパティ `{tag}` があります。`{meant}` ではありませんか",
            here: "`{meant}` ではありませんか",
            why: "認証局は知らないプロパティを無視するため、このレコードに効果はありません。",
            fix: "`{tag}` を `{meant}` に修正してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for property in all(evidence).iter().filter(|property| !property.is_known() && !property.is_critical()) {
        if let Some(meant) = nearest(property.tag, TAGS) {
            let finding = RULE.at([tag_span(property)]).with("owner", &property.record.owner);
            findings.push(finding.with("tag", property.tag).with("meant", meant));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const STS: &str = "@ MX 10 mx.other.\n_mta-sts TXT \"v=STSv1; id=1\"\n";

    #[test]
    fn a_letter_less() {
        finds(&RULE, &format!("{STS}@ CAA 0 isue \"ca.example\"\n        ^^^^"));
    }

    #[test]
    fn known_ones_and_strange_ones() {
        clean(&RULE, &format!("{STS}@ CAA 0 ISSUE \"ca.example\"\n@ CAA 0 tbs \"x\""));
        clean(&RULE, &format!("{STS}@ CAA 128 isue \"ca.example\""));
    }
}

//! `include` or `redirect` of a name that has several SPF records.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::spf::way;

pub static RULE: Rule = Rule {
    id: "spf-include-duplicate",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.2", "RFC 7208 section 4.5"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` leads to {host}, which has {count} SPF records",
            here: "only one record may be there",
            why: "A name with several SPF records gives \"permerror\", and so does every record that leads there: only messages that an earlier term allows still pass SPF.",
            fix: "Leave one SPF record at {host}. If it is not yours, tell its owner, and delete `{term}` until it is corrected.",
        },
        es: Prose {
            title: "`{term}` lleva a {host}, que tiene {count} registros SPF",
            here: "aquí solo puede haber uno",
            why: "Un nombre con varios registros SPF da «permerror», y también todo registro que lleve a él: solo superan SPF los mensajes que autorice un término anterior.",
            fix: "Deje un solo registro SPF en {host}. Si no es suyo, avise a su propietario y elimine `{term}` hasta que lo corrija.",
        },
        ja: Prose {
            title: "`{term}` の参照先 {host} にSPFレコードが {count} 個あります",
            here: "置けるのは1つだけです",
            why: "SPFレコードが複数ある名前の結果は「permerror」で、そこを参照するレコードも同じ結果になります。それより前の項目で許可されたメール以外はSPFに合格しません。",
            fix: "{host} のSPFレコードを1つにしてください。ご自身のものでない場合はその管理者に連絡し、修正されるまで `{term}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(usize, &Name)> = Vec::new();
    for (number, node) in evidence.spf.nodes.iter().enumerate().filter(|(_, node)| node.asked.found.len() > 1) {
        let Some(way) = way::to_node(evidence, number) else { continue };
        if seen.contains(&(way.own, &node.name)) {
            continue;
        }
        seen.push((way.own, &node.name));
        let records = &node.asked.found;
        let finding = RULE.at(way.spans).and_at(records.iter().flat_map(|spf| spf.txt.whole()));
        findings.push(finding.with("term", way.term).with("host", &node.name).with("count", records.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn several() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. -all"
                                      ^^^^^^^^^^^^^^^^
            x.other.      TXT "v=spf1 mx -all"
                               ^^^^^^^^^^^^^^
            x.other.      TXT "v=spf1 a -all"
                               ^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other. -all"
            x.other. TXT "v=spf1 mx -all"
            x.other. TXT "MS=ms1"
            "#,
        );
    }
}

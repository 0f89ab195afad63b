//! More findings of one kind than anybody reads, of which only the first are listed.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::zone::unreadable_line;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "zone-not-listed",
    severity: Severity::Warning,
    references: &["RFC 1035 section 5.2"],
    check,
    text: Text {
        en: Prose {
            title: "more findings of `{rule}` are not listed: {count}",
            here: "the next one, or the last one that is listed",
            why: "The findings are too many to be listed one by one. Most likely they all have one cause, such as a mistake in a script or in a template, or the file is not a zone file at all.",
            fix: "Correct the cause of those that are listed and check again. Those that are left are listed then.",
        },
        es: Prose {
            title: "hay más hallazgos de `{rule}` (sin mostrar: {count})",
            here: "el siguiente, o el último que se muestra",
            why: "Los hallazgos son demasiados para mostrarlos uno por uno. Lo más probable es que todos tengan la misma causa, como un error en un script o en una plantilla, o que el archivo no sea un archivo de zona.",
            fix: "Corrija la causa de los que se muestran y repita la comprobación. Entonces se mostrarán los que queden.",
        },
        ja: Prose {
            title: "`{rule}` の検出結果がほかに {count} 件あります(表示は省略)",
            here: "次の検出箇所、または表示した最後の検出箇所です",
            why: "検出結果が多すぎるため、1件ずつ表示できません。スクリプトやテンプレートの誤りなど、原因は1つである可能性が高いです。ゾーンファイルではないファイルを指定した可能性もあります。",
            fix: "表示された検出結果の原因を修正して、もう一度検査してください。残りの検出結果は、そのときに表示されます。",
        },
    },
};

/// So many findings of one rule are listed in one report.
const MAX_ALIKE: usize = 10_000;

/// Lines that could not be read are counted where they are read.
fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = evidence.zone.as_ref().filter(|zone| zone.more_problems > 0) else { return };
    if let Some(last) = zone.problems.last() {
        findings.push(not_listed(last.at.clone(), &unreadable_line::RULE, zone.more_problems));
    }
}

/// Cuts off the findings of a rule that are too many; they are those from this number on.
pub(in crate::rules) fn cut(findings: &mut Vec<Finding>, from: usize, rule: &'static Rule) {
    let more = findings.len().saturating_sub(from + MAX_ALIKE);
    if more > 0 {
        let cut = findings.split_off(from + MAX_ALIKE);
        let next = cut.into_iter().next().and_then(|finding| finding.spans.into_iter().next());
        findings.extend(next.map(|next| not_listed(next, rule, more)));
    }
}

fn not_listed(at: Span, rule: &'static Rule, count: usize) -> Finding {
    RULE.at([at]).with("rule", rule.id).with("count", count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, fill};
    use crate::rules::zone::alias_with_other_data;
    use crate::testing::{clean, evidence, finds};
    use crate::zone::MAX_PROBLEMS;

    fn title(finding: &Finding) -> String {
        fill(finding.text.get(Lang::En).title, &finding.values, Lang::En)
    }

    #[test]
    fn lines_that_cannot_be_read() {
        finds(&RULE, &format!("{}x A 1\n    ^\ny A 2", "@ A 192.0.2\n".repeat(MAX_PROBLEMS - 1)));
    }

    #[test]
    fn what_can_be_listed_is_listed() {
        clean(&RULE, &"@ A 192.0.2\n".repeat(100));
    }

    #[test]
    fn one_finding_for_each_record() {
        let lines = |n| format!("a{n} CNAME b\na{n} A 192.0.2.1\n");
        let evidence = &evidence(&(0..MAX_ALIKE + 7).map(lines).collect::<String>())[0];
        let mut findings = Vec::new();
        (alias_with_other_data::RULE.check)(evidence, &mut findings);
        cut(&mut findings, 0, &alias_with_other_data::RULE);
        assert_eq!(findings.len(), MAX_ALIKE + 1);
        let last = &findings[MAX_ALIKE];
        assert_eq!(title(last), "more findings of `zone-alias-with-other-data` are not listed: 7");
        cut(&mut findings, 2, &alias_with_other_data::RULE);
        assert_eq!(findings.len(), MAX_ALIKE + 1, "what stands before is of other rules");
    }
}

//! Records at names that do not belong to the zone.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::zone::{Problem, ProblemKind};

pub static RULE: Rule = Rule {
    id: "zone-record-outside",
    severity: Severity::Advice,
    references: &["RFC 1035 section 5.2", "RFC 1034 section 4.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "records that do not belong to the zone {zone}: {count} ({names})",
            here: "outside of the zone",
            why: "These names do not end in {zone}. Name servers ignore such records, and some refuse the zone. They are not part of this report either.",
            fix: "Move them to the zone that they belong to, or correct their names.",
        },
        es: Prose {
            title: "registros que no pertenecen a la zona {zone}: {count} ({names})",
            here: "fuera de la zona",
            why: "Estos nombres no terminan en {zone}. Los servidores de nombres ignoran esos registros y algunos rechazan la zona. Tampoco forman parte de este informe.",
            fix: "Páselos a la zona a la que pertenecen o corrija sus nombres.",
        },
        ja: Prose {
            title: "ゾーン {zone} に属さないレコードがあります: {count} 件({names})",
            here: "ゾーンの外です",
            why: "これらの名前は {zone} の下にありません。ネームサーバーはこのようなレコードを無視し、ゾーン全体を拒否するものもあります。このレポートの検査対象にも含まれていません。",
            fix: "属するゾーンへ移すか、名前を修正してください。",
        },
    },
};

/// More names than these are not listed.
const MAX_NAMES: usize = 3;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    let outside: Vec<&Problem> =
        zone.problems.iter().filter(|problem| problem.kind == ProblemKind::OutOfZone).collect();
    let mut names: Vec<&str> = Vec::new();
    let mut places = Vec::new();
    for at in outside.iter().map(|problem| &problem.at) {
        let owner = at.record_set.as_ref().map_or("", |record_set| record_set.name.as_str());
        if names.len() <= MAX_NAMES && !names.contains(&owner) {
            names.push(owner);
            places.push(at.clone());
        }
    }
    if names.len() > MAX_NAMES {
        places.truncate(MAX_NAMES);
        names[MAX_NAMES] = "…";
    }
    if !places.is_empty() {
        let finding = RULE.at(places).with("zone", &zone.origin).with("count", outside.len());
        findings.push(finding.with("names", names.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, fill};
    use crate::rules;
    use crate::testing::{clean, evidence, findings, finds};

    const SOA: &str = "@ SOA ns1 host 1 2 3 4 5\n";

    #[test]
    fn names_of_other_zones() {
        let zone = r#"
            @ SOA ns1 host 1 2 3 4 5
            a.test. A 192.0.2.1
            ^^^^^^^
            a.test. A 192.0.2.2
            b.test. A 192.0.2.1
            ^^^^^^^
            c.test. A 192.0.2.1
            ^^^^^^^
            d.test. A 192.0.2.1
            "#;
        finds(&RULE, zone);
        let found = &findings(&RULE, zone)[0];
        let title = fill(found.text.en.title, &found.values, Lang::En);
        assert_eq!(title, "records that do not belong to the zone example.test: 5 (a.test, b.test, c.test, …)");
    }

    #[test]
    fn names_of_the_zone() {
        clean(&RULE, &format!("{SOA}www A 192.0.2.1\nexample.test. A 192.0.2.1"));
    }

    /// What lies outside is certainly not in the zone.
    #[test]
    fn records_outside_do_not_count() {
        let zone = format!("{SOA}@ MX 0 mail\nmail A 192.0.2.1\n_dmarc.exmaple.test. TXT \"v=DMARC1; p=none\"");
        let ids: Vec<&str> = evidence(&zone).iter().flat_map(rules::run).map(|finding| finding.id).collect();
        assert!(ids.contains(&"dmarc-missing") && ids.contains(&"auth-neither-spf-nor-dkim"), "{ids:?}");
        assert!(!ids.contains(&"zone-unreadable-line"), "{ids:?}");
    }
}

//! An MTA-STS, TLS-RPT or BIMI text at a name where nobody looks for it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::zone::MailText;
use crate::zone::Zone;

pub static RULE: Rule = Rule {
    id: "zone-record-misplaced",
    severity: Severity::Error,
    references: &[
        "RFC 8461 section 3.1",
        "RFC 8460 section 3",
        "BIMI: draft-brand-indicators-for-message-identification",
    ],
    check,
    text: Text {
        en: Prose {
            title: "a record with `{version}` is at {owner} instead of {name}",
            here: "not at this name",
            why: "The record is looked up at {name} only. There is none, so it has no effect.",
            fix: "Move the record to {name}; the underscores belong to the name.",
        },
        es: Prose {
            title: "hay un registro con `{version}` en {owner} en lugar de {name}",
            here: "no en este nombre",
            why: "El registro solo se busca en {name}. Allí no hay ninguno, así que no tiene efecto.",
            fix: "Traslade el registro a {name}; los guiones bajos forman parte del nombre.",
        },
        ja: Prose {
            title: "`{version}` のレコードが {name} ではなく {owner} にあります",
            here: "この名前には置けません",
            why: "このレコードは {name} でしか検索されません。そこにはレコードがないため、機能していません。",
            fix: "レコードを {name} に移してください。アンダースコアも名前の一部です。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for record in &zone.records {
        let Some((txt, kind)) = record.txt().and_then(|txt| Some((txt, MailText::by_version(&txt.value)?))) else {
            continue;
        };
        let Some(name) = right_name(&record.owner, kind, zone) else { continue };
        // Where the right name has a record, this one is a leftover that does no harm.
        if !zone.records.iter().any(|other| other.owner == name) {
            let finding = RULE.at([record.owner_span()]).with("version", kind.version());
            let finding = finding.with("owner", &record.owner).with("name", &name);
            findings.push(finding.publish(&name, record.kind, &txt.value));
        }
    }
}

/// The name that is meant, where the name tells: the apex, or the right labels with underscores missing. At any other
/// name the text may stand for aliases of other domains.
fn right_name(owner: &Name, kind: MailText, zone: &Zone) -> Option<Name> {
    if *owner == zone.origin {
        return owner.prefixed(kind.prefix()).ok();
    }
    let wanted: Vec<&str> = kind.prefix().split('.').collect();
    let labels: Vec<&str> = owner.labels().collect();
    let (given, domain) = labels.split_at_checked(wanted.len())?;
    let slip = given.iter().zip(&wanted).all(|(given, wanted)| bare(given) == bare(wanted)) && given != wanted;
    let domain = Name::parse(&domain.join(".")).ok().filter(|domain| slip && domain.is_within(&zone.origin))?;
    domain.prefixed(kind.prefix()).ok()
}

/// A label without underscores, and without dashes, which are mistaken for them.
fn bare(label: &str) -> String {
    label.replace(['_', '-'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_apex_and_lost_underscores() {
        let zone = r#"
            example.test. TXT "v=TLSRPTv1; rua=mailto:tls@example.test"
            ^^^^^^^^^^^^^
            mta-sts       TXT "v=STSv1; id=1"
            ^^^^^^^
            default.bimi  TXT "v=BIMI1; l="
            ^^^^^^^^^^^^
            smtp.tls.sub  TXT "v=TLSRPTv1; rua=mailto:tls@example.test"
            ^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let names: Vec<String> =
            findings(&RULE, zone).iter().map(|finding| finding.publish[0].owner.to_string()).collect();
        let right = ["_smtp._tls.example.test", "_mta-sts.example.test", "default._bimi.example.test"];
        assert_eq!(names[..3], right);
    }

    #[test]
    fn right_names_and_helpers() {
        clean(&RULE, "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts TXT \"v=STSv1; id=1\"");
        clean(&RULE, "_mta-sts CNAME sts.hosted\nsts.hosted TXT \"v=STSv1; id=1\"");
        clean(&RULE, "brand._bimi TXT \"v=BIMI1; l=\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@b.test\"");
        clean(&RULE, "@ TXT \"v=STSv1x\"");
    }
}

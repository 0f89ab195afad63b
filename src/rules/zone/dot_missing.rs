//! A name without its final dot, so that the origin was put behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dns::Outcome;
use crate::dns::zone::ZoneData;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name, Question};
use crate::rules::Rule;
use crate::rules::mx::has_no_address;
use crate::source::{SourceKind, Span};
use crate::zone::{Data, Record, Zone};

pub static RULE: Rule = Rule {
    id: "zone-dot-missing",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the {kind} record points to `{target}`, which does not exist: a final dot was left out",
            here: "the domain was added to this name",
            why: "In a zone file, the name of the zone is appended to every name that does not end in a dot. So the record leads nowhere; `{name}` is meant.",
            fix: "Write `{name}.` with a dot at the end. If your DNS panel adds the domain by itself, enter the name with the dot there.",
        },
        es: Prose {
            title: "el registro {kind} apunta a `{target}`, que no existe: falta el punto final",
            here: "se le añadió el dominio",
            why: "En un archivo de zona, el nombre de la zona se añade a todo nombre que no termina en punto. Así el registro no lleva a ninguna parte; el nombre que se quiso escribir es `{name}`.",
            fix: "Escriba `{name}.` con punto al final. Si su panel DNS añade el dominio por su cuenta, introduzca allí el nombre con el punto.",
        },
        ja: Prose {
            title: "{kind}レコードの指す `{target}` は存在しません(末尾のドットの抜け)",
            here: "名前の後ろにドメイン名が補われています",
            why: "ゾーンファイルでは、ドットで終わらない名前の後ろにゾーン名が補われます。そのため、このレコードはどこにもつながりません。意図した名前は `{name}` と考えられます。",
            fix: "末尾にドットを付けて `{name}.` と書いてください。DNS管理画面がドメイン名を自動的に補う場合も、ドットを付けて入力してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let slips = match &evidence.zone {
        Some(zone) => slips_of_zone(zone),
        // Of a name in a zone file, the report of the apex tells.
        None if evidence.named => slips_of_mx(evidence),
        None => Vec::new(),
    };
    let mut alike: BTreeMap<_, Vec<&Slip<'_>>> = BTreeMap::new();
    for slip in &slips {
        // A reverse zone that was written without dots is one mistake.
        let target = slip.record.target().filter(|_| slip.record.kind != Kind::PTR);
        alike.entry((slip.record.kind, target)).or_default().push(slip);
    }
    for slips in alike.values() {
        let [first, others @ ..] = slips.as_slice() else { continue };
        let Some(target) = first.record.target() else { continue };
        let finding = finding(first, target).and_at(others.iter().map(|slip| target_span(slip.record)));
        let dots: Option<Vec<Span>> = slips.iter().map(|slip| place_of_dot(slip)).collect();
        findings.push(dots.unwrap_or_default().into_iter().fold(finding, |finding, at| finding.edit(at, ".")));
    }
}

/// A record, and the name that its target was meant to be.
struct Slip<'e> {
    record: &'e Record,
    name: Name,
}

fn finding(Slip { record, name }: &Slip<'_>, target: &Name) -> Finding {
    let finding = RULE.at([target_span(record)]).with("kind", record.kind).with("target", target).with("name", name);
    let value = match record.data {
        Data::Mx { preference, .. } => format!("{preference} {name}"),
        _ => name.to_string(),
    };
    finding.publish(&record.owner, record.kind, value)
}

fn slips_of_zone(zone: &Arc<Zone>) -> Vec<Slip<'_>> {
    // Of DKIM selectors a rule of their own tells.
    let records = zone.records.iter().filter(|record| record.owner.labels().all(|label| label != "_domainkey"));
    let mut slips: Vec<Slip<'_>> = records.filter_map(slip).collect();
    if !slips.is_empty() {
        let mut data = ZoneData::new();
        data.add(zone);
        slips.retain(|slip| slip.record.target().is_some_and(|target| does_not_exist(&data, zone, target)));
    }
    slips
}

fn slip(record: &Record) -> Option<Slip<'_>> {
    intended(record).map(|name| Slip { record, name })
}

/// Is there no record at all at the target?
fn does_not_exist(data: &ZoneData, zone: &Zone, target: &Name) -> bool {
    let answer = data.answer(&Question::new(target, Kind::A));
    match answer.outcome {
        _ if !answer.aliases.is_empty() => false,
        Outcome::NxDomain => true,
        // Records of other types, or names below it.
        Outcome::NoData => !zone.records.iter().any(|record| record.owner == *target),
        _ => false,
    }
}

fn slips_of_mx(evidence: &Evidence) -> Vec<Slip<'_>> {
    let absent = evidence.mx.found.iter().filter(|host| has_no_address(host));
    absent.filter_map(|host| slip(&host.record)).collect()
}

fn target_span(record: &Record) -> Span {
    record.field_span(usize::from(record.kind == Kind::MX))
}

/// Behind the name, where a dot alone makes it the one that was meant.
fn place_of_dot(Slip { record, name }: &Slip<'_>) -> Option<Span> {
    let span = target_span(record);
    let is_zone_line = span.source.kind == SourceKind::File && record.line.elsewhere.is_none();
    let is_meant = is_zone_line && !span.text().ends_with('.') && Name::parse(span.text()).ok()? == *name;
    is_meant.then(|| Span { bytes: span.bytes.end..span.bytes.end, ..span })
}

/// The name that a record means, if its target looks like an absolute name with an origin behind it. That the target
/// does not exist has to be found out elsewhere.
pub(in crate::rules) fn intended(record: &Record) -> Option<Name> {
    let target = record.target()?;
    let span = target_span(record);
    let written = span.text();
    let is_zone_line = record.line.source.kind == SourceKind::File && record.line.elsewhere.is_none();
    if is_zone_line && !written.ends_with('.') {
        // What was put behind the written name is the origin at that place.
        let name = Name::parse(written).ok()?;
        let origin = target.as_str().strip_prefix(name.as_str())?.strip_prefix('.')?;
        return looks_absolute(&name, &Name::parse(origin).ok()?).then_some(name);
    }
    // Written in full, by a program: the origin can be the owner or a name above it.
    let registered = record.owner.registered_domain();
    let mut origin = Some(record.owner.clone());
    while let Some(above) = origin.filter(|name| name.is_within(&registered)) {
        let name = target.below(&above).and_then(|labels| Name::parse(labels).ok());
        if let Some(name) = name.filter(|name| looks_absolute(name, &above)) {
            return Some(name);
        }
        origin = above.parent();
    }
    None
}

/// Does a relative name look like one that was meant to be absolute: it ends in the origin itself, or in a public
/// suffix? Some of these are short words that also name hosts (`api.dev`), so there it must be three labels.
fn looks_absolute(name: &Name, origin: &Name) -> bool {
    if name.is_within(origin) && origin.labels().count() > 1 {
        return true;
    }
    let Some(suffix) = name.public_suffix() else { return false };
    let labels = name.labels().count();
    let registrable = name.as_str().len() > suffix.len();
    registrable && (labels > 2 || ["com", "net", "org"].contains(&suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence};

    #[test]
    fn targets_of_any_type() {
        finds(
            &RULE,
            r#"
            example.test. NS    ns1.example.net
                                ^^^^^^^^^^^^^^^
            @             MX 10 mail.example.test
                                ^^^^^^^^^^^^^^^^^
            @             MX 20 example-test.mail.protection.outlook.com
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            www           CNAME user.github.io
                                ^^^^^^^^^^^^^^
            mail          A     192.0.2.1
            "#,
        );
        let zone = "@ MX 10 mail.example.test\n";
        assert_eq!(findings(&RULE, zone)[0].publish[0].line(), "example.test. IN MX 10 mail.example.test.");
    }

    #[test]
    fn selectors_have_a_rule_of_their_own() {
        clean(&RULE, "selector1._domainkey CNAME selector1-example-test._domainkey.x.onmicrosoft.com");
    }

    #[test]
    fn one_finding_for_one_slip() {
        let zone = "a CNAME x.example.com\nb CNAME x.example.com\n@ MX 10 x.example.com\n";
        assert_eq!(findings(&RULE, zone).len(), 2);
    }

    #[test]
    fn relative_names_are_right() {
        clean(&RULE, "@ MX 10 mail\n@ NS ns1.sub\nns1.sub A 192.0.2.1\nmail A 192.0.2.1");
        clean(&RULE, "@ MX 10 mx.de\n@ MX 20 host.dev\nwww CNAME gone.web");
        clean(&RULE, "api CNAME web.prod.dev\nweb.prod.dev A 192.0.2.1");
    }

    #[test]
    fn doubled_names_that_exist_work() {
        clean(&RULE, "@ MX 10 mail.example.test\nmail.example.test A 192.0.2.1");
        clean(&RULE, "@ MX 10 mail.example.test\n*.example.test A 192.0.2.1");
        clean(&RULE, "@ MX 10 mail.sub.example.com\ncom NS ns.example.net.");
    }

    #[test]
    fn names_with_a_dot() {
        clean(&RULE, "@ MX 10 mail.example.net.\n@ MX 20 mail.example.test.\n@ MX 0 .");
    }

    #[test]
    fn on_live_dns() {
        let check_live = |text: &str| {
            let mut findings = Vec::new();
            check(&live_evidence(text, &[]), &mut findings);
            findings.len()
        };
        assert_eq!(check_live("@ MX 10 x.mail.protection.outlook.com.example.test."), 1);
        assert_eq!(check_live("@ MX 10 mail.example.test.example.test."), 1);
        assert_eq!(check_live("@ MX 10 mail.example.test."), 0);
    }
}

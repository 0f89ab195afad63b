//! The cautious way from a domain's DMARC record to `p=reject`, a record for each step.
//!
//! No step rests on `t=y` alone: receivers that follow RFC 7489 do not know it, and apply the policy in full. Nor does
//! one rest on `pct`, which RFC 9989 removed. What makes a step safe are the reports read before it.

use crate::evaluate::pass;
use crate::evidence::{Evidence, ReportDestination};
use crate::name::Name;
use crate::records::dmarc::Policy;
use crate::records::tags::TagList;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When to take it.
    pub when: When,
    /// The name of the record.
    pub owner: Name,
    /// Its value.
    pub value: String,
}

/// When a step may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// When reports have come for two to four weeks, and the domain's own senders pass in them.
    FirstReports,
    /// When that has held for two more weeks.
    MoreReports,
    /// When the senders of the sub-domains pass, too.
    SubDomains,
}

/// Tags and their values.
type Tags = Vec<(String, String)>;

/// Tags that have no place in a record that asks to refuse what fails: what RFC 9989 removed, and test mode.
const PASSING: [&str; 4] = ["pct", "rf", "ri", "t"];

/// The steps for a domain that somebody named; none where its policy is `reject`, or where nothing can be said.
/// `corrected` is the record to publish in place of the one that is there, where there is something wrong with it;
/// `at_once` tells that it is worth a step of its own.
pub fn plan(evidence: &Evidence, corrected: Option<&str>, at_once: bool) -> Vec<Step> {
    let Some(owner) = evidence.domain.prefixed("_dmarc").ok().filter(|_| evidence.named) else { return Vec::new() };
    // Behind an alias the record is somebody else's to change.
    let own = evidence.dmarc.first().filter(|own| own.answer.aliases.is_empty());
    let published = own.and_then(|own| own.only()).filter(|dmarc| dmarc.effective_policy().is_some());
    let Some(value) = corrected.or_else(|| published.map(|dmarc| dmarc.txt.value.as_str())) else { return Vec::new() };
    let steps = steps(value, at_once, evidence).unwrap_or_default();
    steps.into_iter().map(|(when, tags)| Step { when, owner: owner.clone(), value: record(&tags) }).collect()
}

/// The record with the strictest policy, for the domain and all names below it.
pub fn strictest(value: &str) -> String {
    record(&for_all_names(&with_policy(&read(value), Policy::Reject)))
}

fn steps(value: &str, at_once: bool, evidence: &Evidence) -> Option<Vec<(When, Tags)>> {
    let tags = read(value);
    let stated = Policy::read(get(&tags, "p")?)?;
    let testing = get(&tags, "t").is_some_and(|value| value.eq_ignore_ascii_case("y"));
    let policy = if testing { stated.milder() } else { stated };
    if policy == Policy::Reject {
        return None;
    }
    // Who says that no mail is sent loses nothing by the strictest policy.
    if !evidence.sends() && evidence.spf.own().only().is_some_and(pass::forbids_all) {
        return Some(vec![(When::Now, for_all_names(&with_policy(&tags, Policy::Reject)))]);
    }
    let reporting = with_reports(&tags, evidence)?;
    let mut steps = Vec::new();
    if at_once || reporting != tags {
        steps.push((When::Now, reporting.clone()));
    }
    for next in [Policy::Quarantine, Policy::Reject].into_iter().filter(|next| *next > policy) {
        let when =
            if steps.iter().all(|(when, _)| *when == When::Now) { When::FirstReports } else { When::MoreReports };
        steps.push((when, with_policy(&reporting, next)));
    }
    let last = steps.last().map(|(_, tags)| tags.clone())?;
    let whole = for_all_names(&last);
    if whole != last {
        steps.push((When::SubDomains, whole));
    }
    Some(steps)
}

/// Without reports nobody sees whether a step is safe; nothing where there is no mailbox for them, or none that gets
/// them.
fn with_reports(tags: &Tags, evidence: &Evidence) -> Option<Tags> {
    let destinations = &evidence.report_destinations;
    if !destinations.is_empty() && destinations.iter().all(ReportDestination::gets_nothing) {
        return None;
    }
    let mut tags = tags.clone();
    if get(&tags, "rua").is_none() {
        evidence.mx.found.iter().find(|host| !host.exchange.is_root())?;
        tags.push(("rua".to_owned(), format!("mailto:dmarc@{}", evidence.domain)));
    }
    Some(tags)
}

fn with_policy(tags: &Tags, policy: Policy) -> Tags {
    let kept = tags.iter().filter(|(name, _)| !PASSING.contains(&name.as_str()));
    let set = |(name, value): &(String, String)| match name.as_str() {
        "p" => (name.clone(), policy.as_str().to_owned()),
        _ => (name.clone(), value.clone()),
    };
    kept.map(set).collect()
}

/// Without a weaker policy for sub-domains: those without a record of their own follow "p".
fn for_all_names(tags: &Tags) -> Tags {
    let weaker = |name: &str, value: &str| {
        ["sp", "np"].contains(&name) && Policy::read(value).is_none_or(|policy| policy < Policy::Reject)
    };
    tags.iter().filter(|(name, value)| !weaker(name, value)).cloned().collect()
}

fn read(value: &str) -> Tags {
    let list = TagList::read(value);
    let tags = list.tags.iter().skip(1).filter(|tag| tag.value.is_some());
    tags.map(|tag| (list.name(tag).to_ascii_lowercase(), list.value_of(tag).to_owned())).collect()
}

fn get<'a>(tags: &'a Tags, name: &str) -> Option<&'a str> {
    tags.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

fn record(tags: &Tags) -> String {
    let tags: String = tags.iter().map(|(name, value)| format!("; {name}={value}")).collect();
    format!("v=DMARC1{tags}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evidence;

    /// The values of the steps for `example.test`, which has these records.
    fn values(records: &str, corrected: Option<&str>) -> Vec<String> {
        let evidence = evidence(&format!("$TTL 60\n{records}\n"));
        plan(&evidence[0], corrected, corrected.is_some())
            .into_iter()
            .map(|step| format!("{:?} {}", step.when, step.value))
            .collect()
    }

    fn of(value: &str) -> Vec<String> {
        values(&format!("@ MX 0 mail\n_dmarc TXT \"{value}\""), None)
    }

    #[test]
    fn from_a_record_without_reports() {
        assert_eq!(
            of("v=DMARC1; p=none; sp=none; pct=50"),
            [
                "Now v=DMARC1; p=none; sp=none; pct=50; rua=mailto:dmarc@example.test",
                "FirstReports v=DMARC1; p=quarantine; sp=none; rua=mailto:dmarc@example.test",
                "MoreReports v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.test",
                "SubDomains v=DMARC1; p=reject; rua=mailto:dmarc@example.test",
            ]
        );
    }

    #[test]
    fn what_is_reached_is_no_step() {
        let quarantine = "v=DMARC1; p=quarantine; rua=mailto:a@example.test";
        assert_eq!(of(quarantine), ["FirstReports v=DMARC1; p=reject; rua=mailto:a@example.test"]);
        assert_eq!(of("v=DMARC1; p=reject"), [""; 0]);
    }

    #[test]
    fn test_mode_is_left_behind() {
        let of = |policy| of(&format!("v=DMARC1; p={policy}; t=y; rua=mailto:a@example.test"));
        assert_eq!(of("reject"), ["FirstReports v=DMARC1; p=reject; rua=mailto:a@example.test"]);
        assert_eq!(of("quarantine").len(), 2);
    }

    #[test]
    fn who_sends_nothing_goes_all_the_way() {
        let nothing = "@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=none; sp=none\"";
        assert_eq!(values(nothing, None), ["Now v=DMARC1; p=reject"]);
    }

    #[test]
    fn from_the_record_to_be_published() {
        let steps = values("@ MX 0 mail", Some("v=DMARC1; p=quarantine; rua=mailto:a@example.test"));
        assert_eq!(
            steps,
            [
                "Now v=DMARC1; p=quarantine; rua=mailto:a@example.test",
                "FirstReports v=DMARC1; p=reject; rua=mailto:a@example.test"
            ]
        );
    }

    #[test]
    fn a_small_correction_is_no_step_of_its_own() {
        let evidence =
            evidence("$TTL 60\n@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=quarantine; ri=1; rua=mailto:a@example.test\"\n");
        let steps = plan(&evidence[0], Some("v=DMARC1; p=quarantine; rua=mailto:a@example.test"), false);
        assert_eq!(steps.iter().map(|step| step.when).collect::<Vec<_>>(), [When::FirstReports]);
    }

    #[test]
    fn reports_that_arrive_nowhere_are_no_ground() {
        assert_eq!(of("v=DMARC1; p=none; rua=mailto:a@none.example.test"), [""; 0]);
        assert_eq!(of("v=DMARC1; p=none; rua=mailto:a@none.example.test,mailto:a@example.test").len(), 2);
    }

    #[test]
    fn nothing_can_be_said() {
        assert_eq!(values("@ MX 0 mail", None), [""; 0]);
        assert_eq!(
            values("@ MX 0 mail\n_dmarc CNAME d.other.test.\nd.other.test. TXT \"v=DMARC1; p=none\"", None),
            [""; 0]
        );
        assert_eq!(values("@ MX 0 .\n@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=none\"", None), [""; 0]);
    }
}

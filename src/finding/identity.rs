//! By what a finding is known again: in the next run, behind a change elsewhere in the zone, in another language.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::finding::Finding;
use crate::lang::{Lang, placeholders};
use crate::name::Name;

/// Values that measure, list what was tried, quote an answer or suggest something: they change while the fault stays the
/// same.
const PASSING: [&str; 21] = [
    "bits",
    "code",
    "count",
    "detail",
    "domains",
    "expected",
    "failure",
    "fault",
    "instead",
    "length",
    "meant",
    "missing",
    "names",
    "octets",
    "reason",
    "right",
    "seconds",
    "server",
    "size",
    "tried",
    "unanswered",
];

/// Rules that tell once of all that they are about: it may begin with another record in the next run.
const OF_SEVERAL: [&str; 4] =
    ["dkim-guesses-unanswered", "dkim-selector-not-found", "dkim-signing-unseen", "dns-not-asked"];

/// Rules that tell of one fault, the one or the other by what stands elsewhere: the second is known as the first.
const SAME_FAULT: [(&str, &str); 1] = [("auth-no-dkim", "auth-unsigned")];

/// The fingerprints of the findings on a domain, in their order.
///
/// A finding is known by its rule, its domain, the record set that it is about, and what its title names; not by its
/// line, by the records to publish, which change with each term, or by what was counted. Of equal ones the second, the
/// third … are told apart.
pub fn fingerprints(domain: &Name, findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let of_finding = |finding| {
        let essence = essence(domain, finding);
        let count = seen.entry(essence.clone()).and_modify(|count| *count += 1).or_insert(0);
        fingerprint(&format!("{essence}{count}"))
    };
    findings.iter().map(of_finding).collect()
}

/// By what a text is known again.
pub fn fingerprint(text: &str) -> String {
    Sha256::digest(text)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn essence(domain: &Name, finding: &Finding) -> String {
    let chief = finding.record_sets().next().filter(|_| !OF_SEVERAL.contains(&finding.id));
    let record_set = chief.map(|set| format!("{} {}", set.name, set.kind)).unwrap_or_default();
    let named = placeholders(finding.text.get(Lang::En).title);
    let named = finding.values.iter().filter(|(name, _)| named.contains(name) && !PASSING.contains(name));
    let values = named.map(|(name, value)| format!("{name}={}", sorted(value.get(Lang::En))));
    let fault = SAME_FAULT.iter().find(|(_, second)| *second == finding.id).map_or(finding.id, |(first, _)| first);
    let parts = [fault.to_owned(), domain.to_string(), record_set].into_iter().chain(values);
    parts.map(|part| format!("{part}\0")).collect()
}

/// A list, in whatever order its records stand.
fn sorted(value: &str) -> String {
    let mut items: Vec<&str> = value.split(", ").collect();
    items.sort_unstable();
    items.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::testing::evidence;

    /// The fingerprints of all findings on `example.test`, sorted.
    fn of(text: &str) -> Vec<String> {
        let text: String = text.lines().map(|line| format!("{}\n", line.trim_start_matches("            "))).collect();
        let found = evidence(&text).into_iter().map(|evidence| (rules::run(&evidence), evidence.domain));
        let mut all: Vec<String> = found.flat_map(|(findings, domain)| fingerprints(&domain, &findings)).collect();
        all.sort_unstable();
        all
    }

    const ZONE: &str = r#"
            @ MX 10 mail
            @ TXT "v=spf1 ptr ip4:192.0.2.300 mx -all"
            @ TXT "other"
            mail A 93.184.216.1
            _dmarc TXT "v=DMARC1; p=none"
    "#;

    #[test]
    fn lines_order_and_strings_do_not_count() {
        let moved = r#"
            _dmarc 60 TXT "v=DMARC1;" " p=none"
            mail A 93.184.216.1
            EXAMPLE.test. TXT "other"
            @ TXT ( "v=spf1 ptr ip4:192.0."
              "2.300 mx -all" ) ; moved
            @ MX 10 MAIL
        "#;
        assert!(of(ZONE).len() > 4);
        assert_eq!(of(ZONE), of(moved));
    }

    #[test]
    fn another_term_does_not_change_the_findings_on_the_others() {
        let more = of(&ZONE.replace("ptr", "ptr ip4:93.184.216.34"));
        assert!(of(ZONE).iter().all(|known| more.contains(known)), "only the new address may have findings of its own");
        let one = of(&ZONE.replace(" ptr", ""));
        let gone: Vec<_> = of(ZONE).into_iter().filter(|known| !one.contains(known)).collect();
        assert!(!gone.is_empty() && one.iter().all(|known| of(ZONE).contains(known)), "only what is gone is gone");
        let two = of(&ZONE.replace("ptr", "ptr ip4:192.0.2.301"));
        assert_eq!(two.iter().filter(|known| !of(ZONE).contains(known)).count(), 1, "a second bad address is new");
    }

    #[test]
    fn what_is_counted_does_not_count() {
        let zone = |terms: &str| {
            let hosts: String = (0..14).map(|n| format!("h{n} A 93.184.216.{n}\n")).collect();
            format!("@ MX 10 h1\n@ TXT \"v=spf1 {terms} -all\"\n{hosts}")
        };
        let terms = |count: usize| (0..count).map(|n| format!("a:h{n}.example.test")).collect::<Vec<_>>().join(" ");
        let (eleven, twelve) = (of(&zone(&terms(11))), of(&zone(&terms(12))));
        let many = fingerprint("spf-too-many-lookups\0example.test\0example.test TXT\0domain=example.test\u{0}0");
        assert!(eleven.contains(&many) && twelve.contains(&many));
    }

    #[test]
    fn equal_ones_are_told_apart() {
        let twice = of(&ZONE.replace("ptr", "ptr ptr"));
        let mut unique = twice.clone();
        unique.dedup();
        assert_eq!(twice, unique);
        assert!(twice.len() > of(ZONE).len());
    }
}

//! A baseline: what was found once, so that only what is new fails. As JSON, a finding a line, so that its changes read
//! well where versions of it are compared.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::finding::identity::fingerprints;
use crate::finding::{Finding, Waiver};
use crate::lang::{Lang, fill};
use crate::name::Name;

/// The version of the file format.
const SCHEMA: u32 = 1;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The domain that it is about.
    pub domain: Name,
    /// The id of its rule.
    pub rule: String,
    /// What it said, in English: for people.
    #[serde(default)]
    pub title: String,
    /// By what it is known again.
    pub fingerprint: String,
}

/// Why a text is not a baseline.
#[derive(Debug)]
pub enum BaselineError {
    /// Not JSON, or not of this form.
    Json(serde_json::Error),
    /// Written by another version.
    Schema(u32),
}

#[derive(Serialize, Deserialize)]
struct File {
    schema: u32,
    findings: Vec<Entry>,
}

/// How much of a baseline is left to be found, by fingerprint.
#[derive(Debug)]
pub struct Remaining<'b> {
    entries: HashMap<&'b str, Vec<&'b Entry>>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// When the text is not a baseline of this version.
    pub fn read(text: &str) -> Result<Baseline, BaselineError> {
        let file: File = serde_json::from_str(text).map_err(BaselineError::Json)?;
        match file.schema {
            SCHEMA => Ok(Baseline { entries: file.findings }),
            other => Err(BaselineError::Schema(other)),
        }
    }

    /// Writes it: sorted, a finding a line.
    pub fn write(&self) -> String {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort();
        let lines: Vec<String> = entries.iter().map(|entry| serde_json::to_string(entry).unwrap_or_default()).collect();
        let lines = lines.join(",\n");
        let end = if lines.is_empty() { "" } else { "\n" };
        format!("{{\"schema\":{SCHEMA},\"findings\":[\n{lines}{end}]}}\n")
    }

    /// Adds the findings on a domain that count.
    pub fn add(&mut self, domain: &Name, findings: &[Finding]) {
        let counted = findings.iter().zip(fingerprints(domain, findings)).filter(|(finding, _)| finding.counts());
        self.entries.extend(counted.map(|(finding, fingerprint)| Entry {
            domain: domain.clone(),
            rule: finding.id.to_owned(),
            title: fill(finding.text.get(Lang::En).title, &finding.values, Lang::En),
            fingerprint,
        }));
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Does it hold none?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All of it, to be looked for.
    pub fn remaining(&self) -> Remaining<'_> {
        let mut entries: HashMap<_, Vec<&Entry>> = HashMap::new();
        for entry in &self.entries {
            entries.entry(entry.fingerprint.as_str()).or_default().push(entry);
        }
        Remaining { entries }
    }
}

impl Remaining<'_> {
    /// Marks the findings on a domain that are known. Each entry stands for one finding: a second one that is equal is
    /// new.
    pub fn waive(&mut self, domain: &Name, findings: &mut [Finding]) {
        let fingerprints = fingerprints(domain, findings);
        for (finding, fingerprint) in findings.iter_mut().zip(fingerprints) {
            let known = self.entries.get_mut(fingerprint.as_str()).and_then(Vec::pop);
            if known.is_some() && finding.counts() {
                finding.waiver = Some(Waiver::Baseline);
            }
        }
    }

    /// The entries on one of these domains that were not found, sorted.
    pub fn not_found(&self, is_of: impl Fn(&Name) -> bool) -> Vec<&Entry> {
        let mut left: Vec<&Entry> = self.entries.values().flatten().copied().collect();
        left.retain(|entry| is_of(&entry.domain));
        left.sort();
        left
    }
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BaselineError::Json(error) => {
                write!(f, "not a baseline: {error}; write it anew with `mailvet baseline`")
            }
            BaselineError::Schema(version) if *version > SCHEMA => {
                write!(f, "the baseline has schema {version}; this version of mailvet reads {SCHEMA}: update mailvet")
            }
            BaselineError::Schema(version) => {
                write!(
                    f,
                    "the baseline has schema {version}, which is no longer read: write it anew with `mailvet baseline`"
                )
            }
        }
    }
}

impl std::error::Error for BaselineError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::testing::evidence;

    fn found(zone: &str) -> (Name, Vec<Finding>) {
        let evidence = evidence(zone).remove(0);
        (evidence.domain.clone(), rules::run(&evidence))
    }

    fn baseline_of(zone: &str) -> Baseline {
        let (domain, findings) = found(zone);
        let mut baseline = Baseline::default();
        baseline.add(&domain, &findings);
        Baseline::read(&baseline.write()).expect("a baseline")
    }

    /// The ids of what is new, and of what is gone.
    fn compare(baseline: &Baseline, zone: &str) -> (Vec<&'static str>, Vec<String>) {
        let (domain, mut findings) = found(zone);
        let mut remaining = baseline.remaining();
        remaining.waive(&domain, &mut findings);
        let new = findings.iter().filter(|finding| finding.counts()).map(|finding| finding.id).collect();
        (new, remaining.not_found(|_| true).into_iter().map(|entry| entry.rule.clone()).collect())
    }

    const ZONE: &str =
        "@ MX 10 mail\nmail A 93.184.216.1\n@ TXT \"v=spf1 ptr mx -all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n";

    #[test]
    fn what_is_known_passes_and_what_is_new_does_not() {
        let baseline = baseline_of(ZONE);
        assert!(baseline.len() > 3);
        assert_eq!(compare(&baseline, ZONE), (vec![], vec![]));
        let worse = ZONE.replace("mx -all", "mx ip4:192.0.2.300 -all");
        assert_eq!(compare(&baseline, &worse).0, ["auth-neither-spf-nor-dkim", "spf-bad-address"]);
        let better = compare(&baseline, &ZONE.replace(" ptr", ""));
        assert_eq!(better, (vec![], vec!["spf-ptr".to_owned()]));
    }

    #[test]
    fn each_entry_stands_for_one_finding() {
        let baseline = baseline_of(ZONE);
        let (new, gone) = compare(&baseline, &ZONE.replace("ptr", "ptr ptr"));
        assert!(new.contains(&"spf-ptr") && gone.is_empty(), "{new:?} {gone:?}");
        // Two zones of one name, as of two views, have each their own.
        let (domain, findings) = found(ZONE);
        let mut remaining = baseline.remaining();
        let (mut first, mut second) = (findings.clone(), findings);
        remaining.waive(&domain, &mut first);
        remaining.waive(&domain, &mut second);
        assert!(first.iter().all(|finding| !finding.counts()) && second.iter().all(Finding::counts));
    }

    #[test]
    fn what_does_not_count_is_not_written_and_not_missed() {
        let (domain, mut findings) = found(ZONE);
        let all = baseline_of(ZONE);
        findings[0].waiver = Some(Waiver::Config { reason: "agreed".into(), until: None });
        let mut baseline = Baseline::default();
        baseline.add(&domain, &findings);
        assert_eq!(baseline.len() + 1, all.len());
        let mut remaining = all.remaining();
        remaining.waive(&domain, &mut findings);
        assert!(remaining.not_found(|_| true).is_empty());
        assert!(matches!(findings[0].waiver, Some(Waiver::Config { .. })), "who said more keeps the word");
    }

    #[test]
    fn the_file_is_sorted_with_a_finding_a_line() {
        let text = baseline_of(ZONE).write();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), baseline_of(ZONE).len() + 2);
        assert!(lines[1..lines.len() - 1].is_sorted_by_key(|line| line.trim_end_matches(',')));
        assert!(lines[1].contains("\"domain\":\"example.test\""));
        assert_eq!(Baseline::default().write(), "{\"schema\":1,\"findings\":[\n]}\n");
        assert!(Baseline::read(&Baseline::default().write()).is_ok_and(|baseline| baseline.is_empty()));
    }

    #[test]
    fn what_is_no_baseline() {
        let deep = "[".repeat(100_000);
        for text in ["", "{}", "[]", "{\"schema\":1}", "{\"schema\":1,\"findings\":[{}]}", deep.as_str()] {
            assert!(matches!(Baseline::read(text), Err(BaselineError::Json(_))), "{text:.40}");
        }
        let bad_name = "{\"schema\":1,\"findings\":[{\"domain\":\"a..b\",\"rule\":\"x\",\"fingerprint\":\"y\"}]}";
        assert!(matches!(Baseline::read(bad_name), Err(BaselineError::Json(_))));
        let later = "{\"schema\":2,\"findings\":[],\"more\":1}";
        assert!(Baseline::read(later).is_err_and(|error| error.to_string().contains("update mailvet")));
        assert!(Baseline::read(&later.replace('2', "0")).is_err_and(|error| error.to_string().contains("anew")));
    }
}

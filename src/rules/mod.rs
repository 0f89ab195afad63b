//! Rules: one file each, its id is its path (`spf-plus-all` is `spf/plus_all.rs`).
//!
//! A rule looks at the evidence and points at what is wrong; it asks nothing and knows nothing of receivers. To add
//! one: write the file (severity, references, words, check, tests), and two lines in its topic's `mod.rs`.

pub mod auth;
pub mod bimi;
pub mod caa;
mod certificate;
pub mod dane;
pub mod dkim;
pub mod dmarc;
pub mod dns;
pub mod dnssec;
pub mod host;
pub mod ignore;
pub mod mta_sts;
pub mod mx;
pub mod smtp;
pub mod spf;
pub mod tls_rpt;
pub mod zone;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::Text;
use crate::source::Span;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable id: topic and fault.
    pub id: &'static str,
    /// How wrong it is by the standards; always the same for one rule.
    pub severity: Severity,
    /// On what it rests: `RFC 7208 section 4.5`, or the name of a document.
    pub references: &'static [&'static str],
    /// Finds all cases in the evidence.
    pub check: fn(&Evidence, &mut Vec<Finding>),
    /// What it says.
    pub text: Text,
}

impl Rule {
    /// A finding at these places. There is always one: for what is absent it is the question.
    pub fn at(&'static self, spans: impl IntoIterator<Item = Span>) -> Finding {
        Finding {
            id: self.id,
            severity: self.severity,
            text: &self.text,
            references: self.references,
            spans: spans.into_iter().collect(),
            values: Vec::new(),
            as_of: None,
            publish: Vec::new(),
            is_choice: false,
            rests_on: &[],
            edits: Vec::new(),
            waiver: None,
        }
    }

    /// The topic: the first word of the id.
    pub fn topic(&self) -> &'static str {
        self.id.split('-').next().unwrap_or(self.id)
    }
}

/// The rules by their topics; the id of a rule begins with its topic.
const BY_TOPIC: &[(&str, &[&Rule])] = &[
    ("dnssec", dnssec::RULES),
    ("auth", auth::RULES),
    ("spf", spf::RULES),
    ("dkim", dkim::RULES),
    ("dmarc", dmarc::RULES),
    ("mx", mx::RULES),
    ("host", host::RULES),
    ("dane", dane::RULES),
    ("caa", caa::RULES),
    ("mta-sts", mta_sts::RULES),
    ("tls-rpt", tls_rpt::RULES),
    ("bimi", bimi::RULES),
    ("smtp", smtp::RULES),
    ("dns", dns::RULES),
    ("zone", zone::RULES),
    ("ignore", ignore::RULES),
];

/// All rules, by topic.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    BY_TOPIC.iter().flat_map(|(_, rules)| *rules).copied()
}

/// The topics: the words that ids begin with.
pub fn topics() -> impl Iterator<Item = &'static str> {
    BY_TOPIC.iter().map(|(topic, _)| *topic)
}

/// The rule with this id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Runs all rules: errors first, then as the rules stand.
pub fn run(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in all() {
        let before = findings.len();
        (rule.check)(evidence, &mut findings);
        zone::not_listed::cut(&mut findings, before, rule);
    }
    findings.shrink_to_fit();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

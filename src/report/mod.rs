//! Reports: the same for every command, written in any format.
//!
//! What is said is decided before; here it is only written down. Text out of DNS is made printable on its way.

mod bounce;
mod dmarc_plan;
mod first;
mod json;
mod provider;
mod recipients;
mod senders;
mod spf;
mod text;
mod verdicts;
mod words;

use std::sync::Arc;

use crate::bounce::Bounce;
use crate::evaluate::dmarc_plan::Step;
use crate::evaluate::senders::Coverage;
use crate::finding::{Finding, Severity};
use crate::lang::Lang;
use crate::name::Name;
use crate::receivers::{self, Recipient, Verdict};

pub use provider::{explain_provider, provider_list};
pub use spf::SpfReport;
pub use text::{explain, printable, rule_list};

/// What was found about one domain, and what receivers will do.
#[derive(Debug)]
pub struct Report {
    /// The domain.
    pub subject: Name,
    /// The oldest day of the built-in answers that the report rests on, if there are any.
    pub as_of: Option<&'static str>,
    /// The domains that mail is sent to, where somebody named them.
    pub recipients: Arc<[Recipient]>,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What receivers will do.
    pub verdicts: Vec<Verdict>,
    /// What to change first.
    pub steps: Vec<receivers::Step>,
    /// The services that send for the domain, and whether they are covered.
    pub senders: Vec<Coverage>,
    /// Terms of the SPF record that let somebody else send, of whom nothing is known.
    pub other_senders: Vec<String>,
    /// The way to a DMARC policy of `reject`; empty where it is reached, or cannot be told.
    pub dmarc_plan: Vec<Step>,
    /// The SPF record as a whole, where it was asked for.
    pub spf: Option<SpfReport>,
    /// The bounce that the report began with.
    pub bounce: Option<BounceReport>,
}

/// A bounce that was read.
#[derive(Debug)]
pub struct BounceReport {
    /// What the user calls it: a path, and a number where a file holds several.
    pub name: String,
    /// What stands in it.
    pub bounce: Bounce,
    /// Were the records of its sender looked at?
    pub rechecked: bool,
}

/// The forms in which reports are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: see `Schema` in the README.
    Json,
}

/// How a report is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The form.
    pub format: Format,
    /// The language.
    pub lang: Lang,
    /// Colours, for terminals only.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub error: usize,
    pub warning: usize,
    pub advice: usize,
}

/// Writes reports.
pub fn write(reports: &[Report], style: Style) -> String {
    match style.format {
        Format::Text => text::write(reports, style),
        Format::Json => json::write(reports, style.lang),
    }
}

impl Report {
    /// A report of nothing yet.
    pub fn empty(subject: Name) -> Report {
        Report {
            subject,
            as_of: None,
            recipients: Arc::default(),
            findings: Vec::new(),
            verdicts: Vec::new(),
            steps: Vec::new(),
            senders: Vec::new(),
            other_senders: Vec::new(),
            dmarc_plan: Vec::new(),
            spf: None,
            bounce: None,
        }
    }

    /// Did DNS not tell something that the report would need?
    pub fn could_not_tell(&self) -> bool {
        let unanswered = |finding: &Finding| matches!(finding.id, "dns-no-answer" | "dnssec-bogus");
        self.findings.iter().any(unanswered) || self.recipients.iter().any(Recipient::could_not_tell)
    }

    /// Is it certain that mail to one of the recipients cannot be delivered?
    pub fn has_dead_recipient(&self) -> bool {
        self.recipients.iter().any(|recipient| recipient.route.is_dead())
    }

    /// The findings, counted.
    pub fn counts(&self) -> Counts {
        let count = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        Counts { error: count(Severity::Error), warning: count(Severity::Warning), advice: count(Severity::Advice) }
    }
}

impl std::ops::Add for Counts {
    type Output = Counts;
    fn add(self, other: Counts) -> Counts {
        Counts {
            error: self.error + other.error,
            warning: self.warning + other.warning,
            advice: self.advice + other.advice,
        }
    }
}

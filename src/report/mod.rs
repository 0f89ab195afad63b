//! Reports: the same for every command, written in any format.
//!
//! What is said is decided before; here it is only written down. Text out of DNS is made printable on its way.

mod bounce;
mod csv;
pub mod diff;
mod dmarc_plan;
mod excerpt;
mod first;
mod github;
mod gitlab;
mod html;
mod ignored;
mod json;
mod junit;
mod lock;
mod markdown;
mod mending;
mod place;
mod prose;
mod provider;
mod recipients;
mod sarif;
mod senders;
mod spf;
mod spf_outline;
mod spf_picture;
mod text;
mod verdicts;
mod words;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::bounce::{Bounce, Recheck, Refusal};
use crate::evaluate::dmarc_plan::Step;
use crate::evaluate::senders::Coverage;
use crate::evidence::SpfTree;
use crate::finding::{Finding, Severity};
use crate::lang::Lang;
use crate::name::Name;
use crate::policy::{Comments, Policy};
use crate::receivers::{self, Recipient, Verdict};
use crate::source::Span;

pub use json::escaped;
pub use lock::{DomainChange, LockChanges, LockedAnswers, STALE_AFTER};
pub use mending::write_mending;
pub use provider::{explain_provider, provider_list};
pub use spf::SpfReport;
pub use text::{explain, printable, rule_list};

/// What was found about one domain, and what receivers will do.
#[derive(Clone, Debug)]
pub struct Report {
    /// The domain.
    pub subject: Name,
    /// The oldest day of the built-in answers that the report rests on, if there are any.
    pub as_of: Option<&'static str>,
    /// The answers of `mailvet.lock` that the report rests on, if there are any.
    pub locked: Option<LockedAnswers>,
    /// The domains that mail is sent to, where somebody named them.
    pub recipients: Arc<[Recipient]>,
    /// The domain says wherever receivers look that it has no mail, and none of them objects: there is nothing that a
    /// verdict could be about.
    pub without_mail: bool,
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
    /// The SPF record and all that it leads to, where only a picture of it is wanted.
    pub spf_tree: Option<SpfTree>,
    /// Where the domain stands in the zone file that is checked: the place of what is not in it.
    pub in_zone: Option<Span>,
    /// The bounce that the report began with.
    pub bounce: Option<BounceReport>,
}

/// A bounce that was read.
#[derive(Clone, Debug)]
pub struct BounceReport {
    /// What the user calls it: a path, and a number where a file holds several.
    pub name: String,
    /// What stands in it.
    pub bounce: Bounce,
    /// What DNS shows now of its sender beside the findings; nothing where it was not asked.
    pub recheck: Option<Recheck>,
}

/// The forms in which reports are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: see `Schema` in the README.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Tests as XML, in the form of JUnit.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// A report on code quality for GitLab.
    Gitlab,
    /// A comment on a pull request.
    Markdown,
    /// A page for a browser.
    Html,
    /// A table: a line for each finding.
    Csv,
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
    /// The severity from which on a finding fails the run; nothing if none does.
    pub fails: Option<Severity>,
    /// Reports for people list the findings, too, that do not count.
    pub show_ignored: bool,
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
        Format::Sarif => sarif::write(reports, style.lang),
        Format::Junit => junit::write(reports, style),
        Format::Github => github::write(reports, style.lang),
        Format::Gitlab => gitlab::write(reports, style.lang),
        Format::Markdown => markdown::write(reports, style),
        Format::Html => html::write(reports, style),
        Format::Csv => csv::write(reports, style.lang),
    }
}

impl Report {
    /// A report of nothing yet.
    pub fn empty(subject: Name) -> Report {
        Report {
            subject,
            as_of: None,
            locked: None,
            recipients: Arc::default(),
            without_mail: false,
            findings: Vec::new(),
            verdicts: Vec::new(),
            steps: Vec::new(),
            senders: Vec::new(),
            other_senders: Vec::new(),
            dmarc_plan: Vec::new(),
            spf: None,
            spf_tree: None,
            in_zone: None,
            bounce: None,
        }
    }

    /// The same, where findings count as somebody decided. The verdicts stay: what receivers do is not up to us.
    #[must_use]
    pub fn held_to(mut self, policy: &Policy, comments: &Comments) -> Report {
        let findings = std::mem::take(&mut self.findings);
        let held = policy.hold(&self.subject, comments, findings);
        self.with_findings(held)
    }

    /// The same with other findings, each with its place in the list before.
    fn with_findings(mut self, findings: Vec<(usize, Finding)>) -> Report {
        let places: HashMap<usize, usize> =
            findings.iter().enumerate().map(|(now, (before, _))| (*before, now)).collect();
        self.findings = findings.into_iter().map(|(_, finding)| finding).collect();
        let counts = |place: &usize| self.findings.get(*place).is_some_and(Finding::counts);
        for step in &mut self.steps {
            step.findings = step.findings.iter().filter_map(|before| places.get(before).copied()).collect();
            step.findings.sort_by_key(|place| !counts(place));
        }
        // Nobody wants to do first what somebody decided to leave.
        self.steps.retain(|step| step.findings.iter().any(counts));
        self
    }

    /// The findings that count.
    pub fn counted(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.counts())
    }

    /// The findings to list for people: those that count first.
    fn shown(&self, style: Style) -> impl Iterator<Item = &Finding> {
        self.counted().chain(self.ignored().filter(move |_| style.show_ignored))
    }

    /// The findings that do not count.
    pub fn ignored(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.counts())
    }

    /// Did DNS not tell something that the report would need?
    pub fn could_not_tell(&self) -> bool {
        let is_incomplete = self.locked.as_ref().is_some_and(|locked| !locked.is_complete);
        is_incomplete || self.counted().any(is_unanswered) || self.recipients.iter().any(Recipient::could_not_tell)
    }

    /// The worst of what was found; of a bounce, of what explains it or may.
    pub fn worst(&self) -> Option<Severity> {
        let Some(told) = &self.bounce else { return self.counted().map(|finding| finding.severity).max() };
        let of = |refusal: &Refusal| {
            let found = told.explained_by(refusal, &self.findings);
            let found = found.into_iter().filter_map(|place| self.findings.get(place)).map(|finding| finding.severity);
            found.chain(told.is_explained_by_answers(refusal).then_some(Severity::Error)).max()
        };
        told.bounce.recipients.iter().filter_map(of).max()
    }

    /// Is it certain that mail to one of the recipients cannot be delivered?
    pub fn has_dead_recipient(&self) -> bool {
        self.recipients.iter().any(|recipient| recipient.route.is_dead())
    }

    /// What receivers will do, where there is mail. The verdicts are about the records by themselves: where a mail that came
    /// back fails whatever they say, they would deny it.
    fn verdicts_that_hold(&self) -> &[Verdict] {
        let recheck = self.bounce.as_ref().and_then(|told| told.recheck.as_ref());
        if recheck.is_some_and(Recheck::fails) || self.without_mail { &[] } else { &self.verdicts }
    }

    /// The SPF record and all that it leads to, to be drawn.
    fn tree(&self) -> Option<&SpfTree> {
        self.spf.as_ref().map(|spf| &spf.tree).or(self.spf_tree.as_ref())
    }

    /// The findings that count, by severity.
    pub fn counts(&self) -> Counts {
        let count = |severity| self.counted().filter(|finding| finding.severity == severity).count();
        Counts { error: count(Severity::Error), warning: count(Severity::Warning), advice: count(Severity::Advice) }
    }
}

impl BounceReport {
    /// The places of the findings that explain a refusal, or may; none where DNS was not asked.
    pub fn explained_by(&self, refusal: &Refusal, findings: &[Finding]) -> Vec<usize> {
        self.recheck.as_ref().map(|recheck| recheck.explained_by(refusal, findings)).unwrap_or_default()
    }

    /// Do the answers about SPF and the keys explain it, or may they?
    pub fn is_explained_by_answers(&self, refusal: &Refusal) -> bool {
        self.recheck.as_ref().is_some_and(|recheck| recheck.explains(refusal))
    }
}

/// What is said of comments and settings is said once, of the first domain that it is about.
#[must_use]
pub fn told_once(reports: Vec<Report>) -> Vec<Report> {
    let mut told = HashSet::new();
    let mut is_new = |finding: &Finding| {
        let place = finding.spans.first().map(|span| (span.source.name.clone(), span.bytes.start));
        !finding.id.starts_with("ignore-") || told.insert((finding.id, place))
    };
    let once = |mut report: Report| {
        let findings = std::mem::take(&mut report.findings).into_iter().enumerate();
        let findings = findings.filter(|(_, finding)| is_new(finding)).collect();
        report.with_findings(findings)
    };
    reports.into_iter().map(once).collect()
}

/// Are these bounces?
fn are_bounces(reports: &[Report]) -> bool {
    !reports.is_empty() && reports.iter().all(|report| report.bounce.is_some())
}

/// The domains that somebody named as recipients: the same for all reports. Bounces have each their own.
fn named_recipients(reports: &[Report]) -> &[Recipient] {
    reports.first().filter(|report| report.bounce.is_none()).map_or(&[], |report| &report.recipients)
}

/// Does it say that DNS gave no answer, or none that holds?
fn is_unanswered(finding: &Finding) -> bool {
    matches!(finding.id, "dns-no-answer" | "dnssec-bogus")
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

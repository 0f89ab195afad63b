//! mailvet: tells a person why their mail is refused, and which line of DNS to write.
//!
//! The way of the data, and where to find what:
//!
//! ```text
//! arguments ─▶ dns, web, smtp ──collect──▶ Evidence ──rules──▶ Findings ──receivers──▶ Verdicts ──report──▶ text, JSON …
//! ```
//!
//! | question | module |
//! |---|---|
//! | where does a byte stand, and in what? | [`source`] |
//! | what is a domain name, a record type, a question? | [`name`] |
//! | how is a zone file read? | [`zone`] |
//! | what does an SPF, DKIM, DMARC record hold? | [`records`] |
//! | who is asked, and what is an answer? | [`dns`], [`web`], [`smtp`], recorded in a [`snapshot`] |
//! | may an address be connected to, a certificate be trusted? | [`address`], [`tls`] |
//! | what is asked for a domain? | [`collect`], into [`evidence`] |
//! | how many look-ups, which policy? | [`evaluate`] |
//! | what is wrong? | [`rules`], as [`finding`] |
//! | which findings count? | [`policy`], out of comments in the [`zone`] and settings ([`config`]) |
//! | which bytes of a file mend it? | [`fix`] |
//! | whose mail server is it? | [`providers`] |
//! | what will Yahoo do? | [`receivers`] |
//! | what does a bounce say? | [`bounce`] |
//! | what was known before, and what does a change do? | [`baseline`], [`diff`] |
//! | how is it said? | [`lang`], [`report`] |
//!
//! Everything up to the evidence may wait and may fail; everything behind it is pure.

pub mod address;
pub mod baseline;
pub mod bounce;
pub mod collect;
pub mod config;
pub mod diff;
pub mod dns;
pub mod evaluate;
pub mod evidence;
pub mod finding;
pub mod fix;
pub mod lang;
pub mod name;
pub mod near;
pub mod policy;
pub mod providers;
pub mod receivers;
pub mod records;
pub mod report;
pub mod rules;
pub mod smtp;
pub mod snapshot;
pub mod source;
#[cfg(test)]
mod testing;
pub mod tls;
pub mod web;
pub mod zone;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bounce::{Bounce, Clues, KeyToday, Recheck, SpfToday};
use collect::{Discovery, Known, Knows, Wanted, names};
use dns::Dns;
use dns::built_in::WithoutBuiltIn;
use evaluate::dmarc_plan::Step;
use evidence::{Evidence, Who};
use finding::{Finding, Publish, Severity};
use name::{Kind, Name, Question};
use policy::{Comments, Policy};
use receivers::{Case, Outcome, Receiver, Recipient, Sender, Verdict};
use report::{BounceReport, Report};
use smtp::Smtp;
use source::Span;
use web::Web;
use zone::Zone;

/// Whose verdicts are wanted.
#[derive(Clone, Debug, Default)]
pub struct Judges {
    /// The receivers.
    pub receivers: Vec<&'static Receiver>,
    /// The senders whose mail they judge.
    pub senders: Vec<Sender>,
    /// The domains that mail is sent to, where somebody named them.
    pub recipients: Arc<[Recipient]>,
    /// Is the SPF record to be drawn, with all that it leads to? Then the report holds it.
    pub draw_spf: bool,
    /// Which findings count; what receivers do stays as it is.
    pub policy: Arc<Policy>,
}

impl Judges {
    /// These receivers, for the mail of all senders; nobody named a recipient.
    pub fn of(receivers: Vec<&'static Receiver>) -> Judges {
        Judges {
            receivers,
            senders: Sender::ALL.to_vec(),
            recipients: Arc::default(),
            draw_spf: false,
            policy: Arc::default(),
        }
    }
}

/// Checks one domain: collects the evidence, runs the rules, asks what the receivers will do.
pub async fn check<D: Dns, W: Web, S: Smtp>(dns: &D, web: &W, smtp: &S, wanted: &Wanted, judges: &Judges) -> Report {
    check_commented(dns, web, smtp, wanted, judges, &Comments::default()).await
}

/// The same with the comments of the zone that the domain is in; of these themselves the report of the apex speaks.
async fn check_commented<D: Dns, W: Web, S: Smtp>(
    dns: &D,
    web: &W,
    smtp: &S,
    wanted: &Wanted,
    judges: &Judges,
    comments: &Comments,
) -> Report {
    let mut evidence = collect::collect(dns, web, wanted).await;
    evidence.smtp = collect::smtp::probes(smtp, &evidence).await;
    let nowhere = Comments::default();
    let spoken_of = if wanted.zone.is_some() { comments } else { &nowhere };
    evidence.said = judges.policy.said(&wanted.domain, spoken_of);
    let mut findings = rules::run(&evidence);
    if let Some(day) = evidence.as_of() {
        let mut certain = collect::collect(&WithoutBuiltIn(dns), web, wanted).await;
        certain.smtp = evidence.smtp.clone();
        certain.said = evidence.said.clone();
        mark(&mut findings, &rules::run(&certain), day);
    }
    let seen = evaluate::seen::aspects(&evidence);
    let case = Case { findings: &findings, seen: &seen };
    let verdicts = receivers::judge(&judges.receivers, &judges.senders, case);
    let mut steps = receivers::first(&judges.receivers, &judges.senders, &findings);
    for step in &mut steps {
        step.until_seen = until_seen(&evidence, step.findings.iter().filter_map(|place| findings.get(*place)));
    }
    let senders = evaluate::senders::coverage(&evidence);
    let other_senders = if senders.is_empty() { Vec::new() } else { evaluate::senders::others(&evidence) };
    let dmarc_plan = dmarc_plan(&evidence, &findings);
    let as_of = evidence.as_of();
    let recipients = Arc::clone(&judges.recipients);
    let objects = |verdict: &Verdict| verdict.outcome != Outcome::Nothing;
    let without_mail = evaluate::no_mail::is_complete(&evidence) && !verdicts.iter().any(objects);
    let spf_tree = judges.draw_spf.then_some(evidence.spf);
    let report = Report { spf_tree, ..Report::empty(evidence.domain) };
    let report = Report {
        as_of,
        recipients,
        without_mail,
        findings,
        verdicts,
        steps,
        senders,
        other_senders,
        dmarc_plan,
        ..report
    };
    report.held_to(&judges.policy, comments)
}

/// Seconds until a change is seen: at the record to publish, else at the places of what it cures.
fn until_seen<'a>(evidence: &Evidence, mut findings: impl Iterator<Item = &'a Finding>) -> Option<u32> {
    let chief = findings.next()?;
    let published = chief.publish.first().map(|record| Question::new(&record.owner, record.kind));
    let place = published.or_else(|| chief.record_sets().next().cloned())?;
    evaluate::ttl::until_seen(evidence, &place)
}

/// The way to a DMARC policy of `reject` begins at the record that the findings ask to publish; it has none where they
/// find an error and cannot tell the right record.
fn dmarc_plan(evidence: &Evidence, findings: &[Finding]) -> Vec<Step> {
    let owner = evidence.domain.prefixed("_dmarc").ok();
    let is_record = |publish: &&Publish| publish.kind == Kind::TXT && Some(&publish.owner) == owner.as_ref();
    let published = findings.iter().find_map(|finding| Some((finding, finding.publish.iter().find(is_record)?)));
    let broken = |finding: &Finding| finding.id.starts_with("dmarc-") && finding.severity == Severity::Error;
    // A sender that certainly fails comes first: its rule says what to do.
    if findings.iter().any(|finding| finding.id.starts_with("auth-dmarc-")) {
        return Vec::new();
    }
    match published {
        None if findings.iter().any(broken) => Vec::new(),
        None => evaluate::dmarc_plan::plan(evidence, None, false),
        Some((finding, publish)) => {
            let at_once = finding.severity > Severity::Advice;
            evaluate::dmarc_plan::plan(evidence, Some(&publish.value), at_once)
        }
    }
}

/// A finding that is not there without the built-in answers rests on them. What was not answered rests on nothing.
fn mark(findings: &mut [Finding], certain: &[Finding], day: &'static str) {
    let certain: HashSet<_> = certain.iter().map(Finding::what_it_says).collect();
    let rests = |finding: &Finding| !certain.contains(&finding.what_it_says());
    for finding in findings.iter_mut().filter(|finding| !finding.id.starts_with("dns-") && rests(finding)) {
        finding.as_of = Some(day);
    }
}

/// A bounce, and nothing about the records of its sender.
pub fn explain_bounce(name: String, bounce: Bounce) -> Report {
    let subject = bounce.clues().from.unwrap_or_else(Name::root);
    let bounce = Some(BounceReport { name, bounce, recheck: None });
    Report { bounce, ..Report::empty(subject) }
}

/// A bounce, and the records of its sender as they are today: see [`check_clues`].
pub async fn check_bounce<D: Dns, W: Web>(dns: &D, web: &W, name: String, bounce: Bounce, judges: &Judges) -> Report {
    let checked = match bounce.kind.is_bounce() {
        true => check_clues(dns, web, &bounce.clues(), judges).await,
        false => None,
    };
    match checked {
        Some(checked) => checked.report_of(name, bounce, Arc::clone(&judges.recipients)),
        None => explain_bounce(name, bounce),
    }
}

/// The records of a sender: of the domain in From, with the selectors and the address that the bounce tells, and SPF of
/// the domain in MAIL FROM where that is another one. Judged by those who refused, unless others are named. Nothing
/// where nobody knows who sent.
pub async fn check_clues<D: Dns, W: Web>(dns: &D, web: &W, clues: &Clues, judges: &Judges) -> Option<CheckedSender> {
    let from = clues.from.as_ref()?;
    // With the selector in hand nobody needs to guess.
    let discovery = if clues.selectors.is_empty() { Discovery::Common } else { Discovery::Known };
    let who = |ip| bounce::operator(ip).map_or(Who::Address(ip), Who::Provider);
    let known = Known { selectors: clues.selectors.clone(), via: clues.ip.map(who).into_iter().collect(), discovery };
    let named = if judges.receivers.is_empty() { clues.receivers.clone() } else { judges.receivers.clone() };
    let judges = Judges { receivers: named, ..judges.clone() };
    let mut report = check(dns, web, &smtp::Nobody, &Wanted::domain(from, &known), &judges).await;
    let mut recheck = Recheck { spf: None, keys: Vec::new(), of_mail_from: None };
    if let Some(mail_from) = &clues.mail_from {
        let of_spf = Wanted { only_spf: true, ..Wanted::domain(mail_from, &known) };
        let other = check(dns, web, &smtp::Nobody, &of_spf, &Judges::of(Vec::new())).await;
        recheck.of_mail_from = Some(report.findings.len());
        let is_of_spf = |finding: &Finding| ["spf-", "dns-"].iter().any(|start| finding.id.starts_with(start));
        report.findings.extend(other.findings.into_iter().filter(is_of_spf));
    }
    if let Some(ip) = clues.ip {
        let domain = clues.mail_from.as_ref().unwrap_or(from).clone();
        let result = collect::senders::judge(dns, &domain, ip).await;
        recheck.spf = Some(SpfToday { ip, domain, result });
    }
    for name in &clues.keys {
        let answer = dns.ask(&Question::new(name, Kind::TXT)).await;
        let is_there = answer.failure().is_none().then(|| !answer.is_absent());
        recheck.keys.push(KeyToday { name: name.clone(), is_there });
    }
    Some(CheckedSender { report, recheck })
}

/// What was found about a sender, for all bounces that tell the same of it.
#[derive(Debug)]
pub struct CheckedSender {
    report: Report,
    recheck: Recheck,
}

impl CheckedSender {
    /// The report of one of these bounces, with what DNS says of its recipients.
    pub fn report_of(&self, name: String, bounce: Bounce, recipients: Arc<[Recipient]>) -> Report {
        let bounce = Some(BounceReport { name, bounce, recheck: Some(self.recheck.clone()) });
        Report { bounce, recipients, ..self.report.clone() }
    }
}

/// Checks all domains of a zone that have to do with mail; the apex comes first, if there is anything to say of it.
pub async fn check_zone<D: Dns, W: Web>(
    dns: &D,
    web: &W,
    zone: &Arc<Zone>,
    known: &impl Knows,
    judges: &Judges,
) -> Vec<Report> {
    let mut reports = Vec::new();
    let comments = Comments::of([&**zone]);
    let domains = names::mail_domains(zone, known);
    let editor = fix::Editor::new(zone);
    for (wanted, place) in domains.iter().zip(places(&domains, zone)) {
        let mut report = check_commented(dns, web, &smtp::Nobody, wanted, judges, &comments).await;
        report.in_zone = Some(place);
        editor.fill(&mut report.findings);
        if wanted.named || wanted.zone.is_none() {
            reports.push(report);
        } else if !report.findings.is_empty() {
            // A zone without mail gets no verdict, and is told of only where something is wrong in it.
            reports.push(Report { verdicts: Vec::new(), steps: Vec::new(), ..report });
        }
    }
    reports
}

/// Where each of the domains stands in the zone: its first record, else the beginning.
fn places(domains: &[Wanted], zone: &Zone) -> Vec<Span> {
    let mut first: HashMap<&Name, Option<Span>> = domains.iter().map(|wanted| (&wanted.domain, None)).collect();
    for record in &zone.records {
        if let Some(place @ None) = first.get_mut(&record.owner) {
            *place = Some(record.owner_span());
        }
    }
    let start = Span { source: Arc::clone(&zone.source), bytes: 0..0, record_set: None };
    let place = |wanted: &Wanted| first.get(&wanted.domain).cloned().flatten().unwrap_or_else(|| start.clone());
    domains.iter().map(place).collect()
}

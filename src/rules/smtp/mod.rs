//! What the hosts that mail goes to say at port 25: greeting, STARTTLS, certificates. Only where they were asked.
//!
//! One look from one place: a host that does not answer, or answers strangers in another way, is not called broken.

mod answer_invalid;
mod certificate;
mod certificate_invalid;
mod certificate_invalid_enforced;
mod certificate_invalid_testing;
mod deferred;
mod host_not_reachable;
mod no_starttls;
mod no_starttls_enforced;
mod not_reachable;
mod old_tls;
mod refused;
mod starttls_refused;
#[cfg(test)]
mod tests;
mod tls_failed;

use crate::evaluate::exchange::{Exchange, exchanges};
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::name::Name;
use crate::records::mta_sts::{Mode, is_id};
use crate::rules::Rule;
use crate::smtp::{Failure, Probe};

pub(super) static RULES: &[&Rule] = &[
    &no_starttls_enforced::RULE,
    &certificate_invalid_enforced::RULE,
    &no_starttls::RULE,
    &starttls_refused::RULE,
    &old_tls::RULE,
    &certificate_invalid_testing::RULE,
    &certificate_invalid::RULE,
    &tls_failed::RULE,
    &refused::RULE,
    &deferred::RULE,
    &answer_invalid::RULE,
    &host_not_reachable::RULE,
    &not_reachable::RULE,
];

/// The hosts that were asked, and what was seen of them.
fn hosts(evidence: &Evidence) -> impl Iterator<Item = (Exchange<'_>, &Probe)> {
    let exchanges = exchanges(evidence);
    let host = move |probe: &Probe| exchanges.iter().find(|host| *host.name == probe.host).cloned();
    evidence.smtp.iter().filter_map(move |probe| Some((host(probe)?, probe)))
}

/// Those to which a connection was tried.
fn reached(evidence: &Evidence) -> impl Iterator<Item = (Exchange<'_>, &Probe)> {
    hosts(evidence).filter(|(_, probe)| probe.failure() != Some(&Failure::PrivateAddress))
}

fn is_silent(probe: &Probe) -> bool {
    matches!(probe.failure(), Some(Failure::Unreachable | Failure::Silent))
}

/// A finding about a host.
fn at(rule: &'static Rule, evidence: &Evidence, host: &Exchange) -> Finding {
    rule.at([host.span.clone()]).with("domain", &evidence.domain).with("host", host.name)
}

fn names(hosts: &[Exchange]) -> String {
    hosts.iter().map(|host| host.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Does a policy of MTA-STS demand TLS of this host?
pub(super) fn is_enforced(evidence: &Evidence, host: &Name) -> bool {
    mode(evidence, host) == Some(Mode::Enforce)
}

/// The mode of the MTA-STS policy that covers the host: nothing unless senders accept both the record and the policy.
fn mode(evidence: &Evidence, host: &Name) -> Option<Mode> {
    let mta_sts = &evidence.mta_sts;
    let record = mta_sts.record.only()?;
    record.id()?.value.clone().filter(|id| is_id(&record.txt.value[id.clone()]))?;
    let policy = mta_sts.policy.as_ref()?;
    let is_valid =
        policy.find("version").is_some_and(|field| policy.value(field) == "STSv1") && policy.max_age().is_some();
    policy.mode().filter(|_| is_valid && policy.covers(host))
}

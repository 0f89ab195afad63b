//! Senders of the domain whose mail certainly fails DMARC.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::senders::{Coverage, Tristate, coverage};
use crate::evidence::{Evidence, Target, Who};
use crate::finding::{Aspect, Finding, Severity};
use crate::name::Name;
use crate::providers::Provider;
use crate::records::dmarc::Policy;
use crate::records::spf::{Qualifier, SpfResult};
use crate::rules::auth::{neither_spf_nor_dkim, no_dkim};
use crate::rules::{Rule, dkim};
use crate::source::Span;

/// Does certainly no mail pass, whoever sends it? A name that does not exist has nothing to mend.
pub(super) fn all_mail_fails(evidence: &Evidence) -> bool {
    neither_spf_nor_dkim::is_so(evidence) && !evidence.is_nonexistent()
}

/// The finding of all mail.
pub(super) fn of_all_mail(evidence: &Evidence, finding: Finding) -> Finding {
    finding.with("domain", &evidence.domain).resting_on(&[Aspect::Spf, Aspect::Dkim])
}

/// The finding, once for each of them, with their names.
pub(super) fn told(evidence: &Evidence, finding: &Finding) -> Vec<Finding> {
    // Of all mail it is told once.
    if all_mail_fails(evidence) || evidence.is_nonexistent() {
        return Vec::new();
    }
    let failing = coverage(evidence).into_iter().filter(|it| it.dmarc == Tristate::No);
    let told = failing.filter_map(|coverage| {
        // The selectors of an address are not known.
        let Who::Provider(provider) = coverage.sender.who else { return None };
        let rests_on = sends(evidence, &coverage, provider).then(|| rests_on(evidence, &coverage, provider))?;
        let finding = finding.clone().with("domain", &evidence.domain).with("sender", &provider.name);
        Some(finding.resting_on(rests_on))
    });
    told.collect()
}

/// The tag that names the policy, where receivers handle what fails in this way. In test mode (`t=y`) only older
/// receivers apply it as it stands, so the milder one counts: it is certain.
pub(super) fn place(evidence: &Evidence, handled: Policy) -> Option<Vec<Span>> {
    let PolicyFound::Record { dmarc, own, policy: Some(policy), .. } = dmarc::policy(evidence) else { return None };
    let tags: &[&str] = if own { &["p"] } else { &["sp", "p"] };
    let tag = tags.iter().find_map(|tag| dmarc.tags.find(tag))?;
    (dmarc.handled_as(policy) == handled).then(|| dmarc.txt.spans(tag.range.clone()))
}

/// Does it send for the domain? An MX alone may be there for incoming mail; who is included in SPF is meant to send.
pub(super) fn sends(evidence: &Evidence, coverage: &Coverage, provider: &Provider) -> bool {
    !coverage.sender.inferred || evidence.spf.nodes.iter().skip(1).any(|node| provider.is_included_by(&node.name))
}

/// What lets the mail of this sender pass once its faults are mended. Only what other rules tell of this very sender:
/// the keys and the includes of others do nothing for it.
fn rests_on(evidence: &Evidence, coverage: &Coverage, provider: &Provider) -> &'static [Aspect] {
    let spf = coverage.aligned == Tristate::Yes && is_in_a_broken_record(evidence, coverage, provider);
    match (spf, has_a_fault_of_dkim(evidence, provider)) {
        (true, true) => &[Aspect::Spf, Aspect::Dkim],
        (true, false) => &[Aspect::Spf],
        (false, true) => &[Aspect::Dkim],
        (false, false) => &[],
    }
}

/// Does the domain's record let the sender send, and fail for no more than its errors?
fn is_in_a_broken_record(evidence: &Evidence, coverage: &Coverage, provider: &Provider) -> bool {
    let root = evidence.spf.root();
    let Some(spf) = root.asked.only() else { return false };
    let leads_to_it = |index: usize| {
        let lookup = root.lookups.iter().find(|lookup| lookup.term == index);
        let Some(Target::Node(node)) = lookup.map(|lookup| &lookup.target) else { return false };
        let node = evidence.spf.nodes.get(*node);
        node.is_some_and(|node| provider.is_included_by(&node.name) && node.asked.only().is_some())
    };
    let mut passing = spf.effective().filter(|(_, term)| term.result() == Qualifier::Pass);
    coverage.sender.spf == Some(SpfResult::PermError) && passing.any(|(index, _)| leads_to_it(index))
}

/// Does a rule tell why there is no key at the sender's selectors?
fn has_a_fault_of_dkim(evidence: &Evidence, provider: &Provider) -> bool {
    let mut faults = Vec::new();
    let rules = dkim::RULES.iter().copied().chain([&no_dkim::RULE]);
    rules.filter(|rule: &&Rule| rule.severity > Severity::Advice).for_each(|rule| (rule.check)(evidence, &mut faults));
    let fixed = |name: &str| provider.selector.iter().any(|own| own.fixed && own.name == name);
    let own = evidence.dkim.selectors.iter().filter(|selector| fixed(&selector.name));
    let names: Vec<&Name> =
        own.map(|selector| &selector.asked.answer.question.name).chain([&evidence.dkim.node.question.name]).collect();
    faults.iter().any(|fault| {
        let places = fault.record_sets().map(|set| &set.name);
        places.chain(fault.publish.iter().map(|publish| &publish.owner)).any(|name| names.contains(&name))
    })
}

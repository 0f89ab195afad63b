//! Senders of the domain whose mail certainly fails DMARC.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::senders::{Coverage, Tristate, coverage};
use crate::evidence::{Evidence, Who};
use crate::records::dmarc::Policy;
use crate::rules::auth::neither_spf_nor_dkim;
use crate::source::Span;

/// Their names, with the place of the policy, where receivers handle what fails in this way.
pub(super) fn senders(evidence: &Evidence, handled: Policy) -> impl Iterator<Item = (&'static str, Vec<Span>)> {
    let place = place(evidence, handled).filter(|_| !neither_spf_nor_dkim::is_so(evidence));
    let failing = coverage(evidence).into_iter().filter(|it| it.dmarc == Tristate::No && sends(evidence, it));
    let named: Vec<_> = failing
        .filter_map(|coverage| match coverage.sender.who {
            Who::Provider(provider) => Some((provider.name.as_str(), place.clone()?)),
            // The selectors of an address are not known.
            Who::Address(_) => None,
        })
        .collect();
    named.into_iter()
}

/// Does it send for the domain? An MX alone may be there for incoming mail; who is included in SPF is meant to send.
fn sends(evidence: &Evidence, coverage: &Coverage) -> bool {
    let Who::Provider(provider) = coverage.sender.who else { return false };
    !coverage.sender.inferred || evidence.spf.nodes.iter().skip(1).any(|node| provider.is_included_by(&node.name))
}

/// The tag that names the policy. In test mode (`t=y`) only older receivers apply it as it stands, so the milder one
/// counts: it is certain.
fn place(evidence: &Evidence, handled: Policy) -> Option<Vec<Span>> {
    let PolicyFound::Record { dmarc, own, policy: Some(policy), .. } = dmarc::policy(evidence) else { return None };
    let tags: &[&str] = if own { &["p"] } else { &["sp", "p"] };
    let tag = tags.iter().find_map(|tag| dmarc.tags.find(tag))?;
    (dmarc.handled_as(policy) == handled).then(|| dmarc.txt.spans(tag.range.clone()))
}

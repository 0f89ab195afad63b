//! Mail exchanges (RFC 5321 section 5.1, RFC 7505).

mod and_address_missing;
mod client_host;
mod duplicate;
mod gateway_and_mailboxes;
mod gateway_bypass;
mod host_lookalike;
mod host_typo;
mod ipv6_only;
mod is_an_address;
mod is_an_alias;
mod microsoft_both;
mod missing;
mod null_missing;
mod null_on_sender;
mod null_preference;
mod null_with_others;
mod placeholder;
mod private_address;
mod provider_not_first;
mod quoted;
mod retired_host;
mod target_missing;
mod two_providers;
mod verification_left;

use crate::evidence::{Evidence, MailHost, SpfTree, Target};
use crate::name::Name;
use crate::providers::{self, Provider, ProviderKind};
use crate::records::spf::{Qualifier, TermKind};
use crate::rules::{Rule, zone};
use crate::zone::Record;

pub(super) static RULES: &[&Rule] = &[
    &and_address_missing::RULE,
    &is_an_address::RULE,
    &quoted::RULE,
    &placeholder::RULE,
    &client_host::RULE,
    &host_typo::RULE,
    &target_missing::RULE,
    &host_lookalike::RULE,
    &private_address::RULE,
    &ipv6_only::RULE,
    &null_with_others::RULE,
    &null_on_sender::RULE,
    &null_preference::RULE,
    &missing::RULE,
    &two_providers::RULE,
    &gateway_and_mailboxes::RULE,
    &retired_host::RULE,
    &is_an_alias::RULE,
    &duplicate::RULE,
    &microsoft_both::RULE,
    &provider_not_first::RULE,
    &gateway_bypass::RULE,
    &verification_left::RULE,
    &null_missing::RULE,
];

/// Is it certain that the host has no address? Not for a null MX.
pub(in crate::rules) fn has_no_address(host: &MailHost) -> bool {
    host.addresses.as_ref().is_some_and(|answers| answers.iter().all(|answer| answer.is_absent()))
}

/// The address records of a host; none where one of the answers is not known.
fn addresses_of(host: &MailHost) -> Vec<&Record> {
    let answers = host.addresses.as_slice().as_flattened();
    if answers.iter().any(|answer| answer.failure().is_some()) {
        return Vec::new();
    }
    answers.iter().flat_map(|answer| answer.records()).collect()
}

/// The provider that has mailboxes behind this host.
fn mailboxes_at(host: &Name) -> Option<&'static Provider> {
    providers::by_mx(host).filter(|it| it.kind.has_mailboxes())
}

/// The provider whose filter this host is.
fn gateway_at(host: &Name) -> Option<&'static Provider> {
    providers::by_mx(host).filter(|it| it.kind == ProviderKind::Gateways)
}

/// Is the host name itself the fault, of which a rule of its own speaks?
fn is_misnamed(host: &MailHost) -> bool {
    is_an_address::address(host).is_some()
        || quoted::unquoted(&host.exchange).is_some()
        || client_host::is_client_host(&host.exchange)
        || verification_left::is_verification(&host.exchange)
        || placeholder::is_placeholder(host)
        || zone::url(&host.exchange).is_some()
        || (has_no_address(host) && zone::intended(&host.record).is_some())
}

/// Does the domain's own SPF record let anybody send? Nothing where it has no record, or several.
///
/// Neither `exp` nor a `redirect` to a record that lets nobody send makes a sender, and `mx` of a domain with no MX
/// stands for no host.
fn lets_send(evidence: &Evidence) -> Option<bool> {
    evidence.spf.own().only().map(|_| node_lets_send(evidence, &evidence.spf, 0))
}

fn node_lets_send(evidence: &Evidence, tree: &SpfTree, number: usize) -> bool {
    let Some(node) = tree.nodes.get(number) else { return false };
    // What could not be read is taken at its word: somebody included it in order to send.
    let Some(spf) = node.asked.only() else { return !node.asked.is_missing() };
    spf.effective().filter(|(_, term)| term.result() == Qualifier::Pass).any(|(index, term)| match &term.kind {
        TermKind::All | TermKind::Invalid(_) => false,
        TermKind::Mx(None, _) => evidence.mx.found.iter().any(|host| !host.exchange.is_root()),
        TermKind::Include(_) | TermKind::Redirect(_) => {
            let lookup = node.lookups.iter().find(|lookup| lookup.term == index);
            match lookup.map(|lookup| &lookup.target) {
                Some(Target::Node(next)) => node_lets_send(evidence, tree, *next),
                Some(Target::Loop(_)) => false,
                _ => true,
            }
        }
        _ => true,
    })
}

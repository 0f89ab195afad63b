//! The questions whose answers the other rules rest on.

use std::collections::HashSet;

use crate::dns::{Answer, Failure};
use crate::evidence::{Evidence, SendingAddress};
use crate::name::{Kind, Question};
use crate::providers;

/// Those that were not answered, each once.
pub(in crate::rules) fn unanswered(evidence: &Evidence) -> Vec<&Answer> {
    let mut known: HashSet<&Question> = HashSet::new();
    let asked: Vec<&Answer> =
        if evidence.only_spf { evidence.spf.answers().collect() } else { evidence.answers().collect() };
    let asked = asked.into_iter().filter(|answer| answer.failure().is_some() && matters(evidence, answer));
    let all = asked.chain(evidence.sending_addresses.iter().flat_map(SendingAddress::unanswered));
    all.filter(|answer| known.insert(&answer.question)).collect()
}

/// Is it certain that DNSSEC is why there is no answer: does the server say so (see [`is_validation_error`]), or does it
/// validate, and answer if it is asked not to? Not of a server that has no answer for the root either: its clock or its
/// trust anchor may be wrong.
pub(in crate::rules) fn is_bogus(evidence: &Evidence, answer: &Answer) -> bool {
    let has_root = evidence.dane.root.as_ref().is_some_and(|root| root.failure().is_none());
    let told = has_root && answer.extended_error.is_some_and(is_validation_error);
    answer.failure() == Some(Failure::Bogus) && (told || evidence.is_validator(answer.server.as_deref()))
}

/// Is the extended error one of those by which DNSSEC validation fails (RFC 8914 sections 4.7 to 4.13)?
pub(in crate::rules) fn is_validation_error(code: u16) -> bool {
    matches!(code, 6..=12)
}

/// Nothing depends on `_domainkey` itself, and on what public suffixes may say of DMARC; and little on the DMARC records
/// above a domain that has its own. Who asks for the start of authority wants to know whether the domain exists: a server
/// that fails there is a fault, and where nobody is asked nothing is missed.
fn matters(evidence: &Evidence, answer: &Answer) -> bool {
    let name = &answer.question.name;
    let registered = evidence.domain.registered_domain();
    let of_public_suffix = name.first_label() == "_dmarc" && !name.is_within(&registered);
    let of_above = evidence.dmarc.iter().skip(1).any(|asked| asked.answer.question == answer.question);
    let idle = of_above && evidence.dmarc.first().is_some_and(|own| !own.found.is_empty());
    let unasked = answer.question.kind == Kind::SOA && answer.failure() == Some(Failure::NotAsked);
    let is_idle = idle || unasked || is_host_of_provider(evidence, answer);
    !is_idle && *name != evidence.dkim.node.question.name && !of_public_suffix
}

/// Where nobody is asked, the MX hosts of well-known providers are taken to exist; unless an SPF record lets them send:
/// then their addresses count.
fn is_host_of_provider(evidence: &Evidence, answer: &Answer) -> bool {
    let (name, kind) = (&answer.question.name, answer.question.kind);
    answer.failure() == Some(Failure::NotAsked)
        && matches!(kind, Kind::A | Kind::AAAA)
        && evidence.mx.found.iter().any(|host| host.exchange == *name)
        && providers::by_mx(name).is_some()
        && !evidence.spf.answers().any(|sender| sender.question == answer.question)
}

//! MTA-STS (RFC 8461): the record, the host of the policy, and the policy.

mod alias_dangling;
mod domain_not_covered;
mod duplicate;
mod field_invalid;
mod field_misplaced;
mod host_missing;
mod id_invalid;
mod id_missing;
mod lookup_failed;
mod mode_none;
mod mode_testing;
mod mx_not_covered;
mod mx_not_covered_testing;
mod mx_unused;
mod policy_byte_order_mark;
mod policy_certificate;
mod policy_content_type;
mod policy_key_duplicate;
mod policy_line_invalid;
mod policy_max_age;
mod policy_max_age_long;
mod policy_max_age_short;
mod policy_mode;
mod policy_mx_invalid;
mod policy_mx_missing;
mod policy_not_a_policy;
mod policy_not_fetched;
mod policy_private_address;
mod policy_redirected;
mod policy_status;
mod policy_unreachable;
mod policy_unreadable;
mod policy_version;
mod record_missing;
#[cfg(test)]
mod tests;
mod version_typo;
mod without_mail;

use crate::dns::Answer;
use crate::evidence::{Evidence, MailHost};
use crate::name::Name;
use crate::near;
use crate::records::mta_sts::{KEYS, Policy, matches};
use crate::rules::Rule;
use crate::source::{SourceKind, Span};
use crate::web::{Document, Failure, Page};
use crate::zone::Txt;

pub(super) static RULES: &[&Rule] = &[
    &duplicate::RULE,
    &version_typo::RULE,
    &id_missing::RULE,
    &id_invalid::RULE,
    &alias_dangling::RULE,
    &host_missing::RULE,
    &record_missing::RULE,
    &policy_certificate::RULE,
    &policy_redirected::RULE,
    &policy_status::RULE,
    &policy_unreadable::RULE,
    &policy_private_address::RULE,
    &policy_unreachable::RULE,
    &policy_not_a_policy::RULE,
    &policy_version::RULE,
    &policy_mode::RULE,
    &policy_max_age::RULE,
    &policy_mx_missing::RULE,
    &mx_not_covered::RULE,
    &domain_not_covered::RULE,
    &mx_not_covered_testing::RULE,
    &policy_mx_invalid::RULE,
    &policy_line_invalid::RULE,
    &policy_byte_order_mark::RULE,
    &policy_key_duplicate::RULE,
    &policy_content_type::RULE,
    &policy_max_age_long::RULE,
    &policy_max_age_short::RULE,
    &field_invalid::RULE,
    &mode_testing::RULE,
    &mode_none::RULE,
    &mx_unused::RULE,
    &field_misplaced::RULE,
    &without_mail::RULE,
    &lookup_failed::RULE,
    &policy_not_fetched::RULE,
];

/// Of a fault that repeats itself no more places than these are told: a policy may hold ten thousand lines.
const MAX_PLACES: usize = 5;

/// Does a text of a zone file hold quotation marks or backslashes? Rules on zone files speak about these.
fn is_zone_slip(txt: &Txt) -> bool {
    let in_file = txt.whole().iter().any(|span| span.source.kind == SourceKind::File);
    in_file && txt.value.contains(['"', '\'', '“', '”', '„', '‟', '\\'])
}

/// The name at which the record can be changed: nothing where it is the name of somebody else.
fn owner(answer: &Answer) -> Option<&Name> {
    let name = answer.final_name();
    name.is_within(&answer.question.name.registered_domain()).then_some(name)
}

/// Does anybody ask for the policy? MTA-STS is for mail that comes in, and a null MX says that none does.
fn is_used(evidence: &Evidence) -> bool {
    !evidence.has_null_mx()
}

/// The page of the policy, and why it could not be had.
fn failed(evidence: &Evidence) -> Option<(&Page, &Failure)> {
    let page = evidence.mta_sts.page.as_ref().filter(|_| is_used(evidence))?;
    Some((page, page.failure()?))
}

/// A document that is meant as a policy, and what it says.
fn policy(evidence: &Evidence) -> Option<(&Document, &Policy)> {
    let document = evidence.mta_sts.page.as_ref().filter(|_| is_used(evidence))?.document()?;
    Some((document, evidence.mta_sts.policy.as_ref().filter(|policy| policy.is_meant())?))
}

/// MX hosts that the policy does not name.
fn uncovered<'e>(evidence: &'e Evidence, policy: &Policy) -> Vec<&'e MailHost> {
    let hosts = evidence.mx.found.iter().filter(|host| !host.exchange.is_root());
    hosts.filter(|host| !policy.covers(&host.exchange)).collect()
}

/// The names of hosts.
fn names(hosts: &[&MailHost]) -> String {
    hosts.iter().map(|host| host.exchange.as_str()).collect::<Vec<_>>().join(", ")
}

/// The lines that name these hosts in a policy.
fn lines(hosts: &[&MailHost]) -> String {
    let mut patterns: Vec<&str> = hosts.iter().map(|host| pattern(&host.exchange)).collect();
    patterns.dedup();
    patterns.iter().map(|pattern| format!("`mx: {pattern}`")).collect::<Vec<_>>().join(", ")
}

/// A host as a policy should name it. Microsoft asks for the pattern ("Enhancing mail flow with MTA-STS").
fn pattern(host: &Name) -> &str {
    const MICROSOFT: &str = "*.mail.protection.outlook.com";
    if matches(MICROSOFT, host) { MICROSOFT } else { host.as_str() }
}

/// The first line with a key that was meant as this one (in another case, or misspelt); else the first line of all.
fn place_of_missing(document: &Document, policy: &Policy, key: &str) -> Span {
    let is_meant = |written: &str| {
        let slip = || !KEYS.contains(&written) && near::nearest(written, KEYS) == Some(key);
        written.eq_ignore_ascii_case(key) || slip()
    };
    let field = policy.fields.iter().find(|field| is_meant(policy.key(field))).or(policy.fields.first());
    document.span(field.map_or(0..0, |field| field.key.clone()))
}

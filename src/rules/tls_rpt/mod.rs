//! TLS reporting (RFC 8460).

mod duplicate;
mod field_unknown;
mod missing;
mod no_address;
mod record;
mod report_address_foreign_scheme;
mod report_address_not_a_uri;
mod report_domain_dead;
mod separator;
mod version_typo;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &duplicate::RULE,
    &version_typo::RULE,
    &no_address::RULE,
    &separator::RULE,
    &report_address_not_a_uri::RULE,
    &report_address_foreign_scheme::RULE,
    &report_domain_dead::RULE,
    &missing::RULE,
    &field_unknown::RULE,
];

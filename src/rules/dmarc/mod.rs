//! DMARC (RFC 9989).

mod alias_as_record;
mod alias_dangling;
mod alignment_value;
mod character;
mod corrected;
mod duplicate;
mod empty_part;
mod failure_options;
mod failure_options_unused;
mod faults;
mod flag_value;
mod ignored;
mod misplaced;
mod missing;
mod no_reports;
mod not_a_tag;
mod pct_partial;
mod policy_missing;
mod policy_none;
mod policy_not_second;
mod policy_unknown;
mod record;
mod record_in_parts;
mod report_address_foreign_scheme;
mod report_address_not_a_uri;
mod report_address_placeholder;
mod report_size_limit;
mod separator;
mod stray;
mod stray_copy;
mod strict_alignment;
mod subdomain_policy_weaker;
mod tag_duplicate;
mod tag_misspelt;
mod tag_removed;
mod tag_unknown;
mod testing;
mod unrelated_text;
mod version_typo;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &duplicate::RULE,
    &misplaced::RULE,
    &version_typo::RULE,
    &alias_as_record::RULE,
    &alias_dangling::RULE,
    &ignored::RULE,
    &missing::RULE,
    &character::RULE,
    &separator::RULE,
    &policy_unknown::RULE,
    &policy_missing::RULE,
    &record_in_parts::RULE,
    &tag_misspelt::RULE,
    &tag_duplicate::RULE,
    &not_a_tag::RULE,
    &report_address_not_a_uri::RULE,
    &report_address_placeholder::RULE,
    &report_address_foreign_scheme::RULE,
    &alignment_value::RULE,
    &flag_value::RULE,
    &failure_options::RULE,
    &subdomain_policy_weaker::RULE,
    &pct_partial::RULE,
    &policy_none::RULE,
    &testing::RULE,
    &no_reports::RULE,
    &stray_copy::RULE,
    &unrelated_text::RULE,
    &policy_not_second::RULE,
    &empty_part::RULE,
    &tag_unknown::RULE,
    &tag_removed::RULE,
    &report_size_limit::RULE,
    &failure_options_unused::RULE,
    &strict_alignment::RULE,
];

//! SPF (RFC 7208).

mod answer_over_1232;
mod answer_over_512;
mod argument_missing;
mod argument_unexpected;
mod bad_address;
mod bad_domain;
mod bad_macro;
mod bad_prefix;
mod blank_in_term;
mod blank_missing;
mod character;
mod characters;
mod duplicate;
mod duplicate_term;
mod fault;
mod helo_missing;
mod host_bits;
mod include_duplicate;
mod include_invalid;
mod include_lookalike;
mod include_loop;
mod include_superseded;
mod include_typo;
mod include_without_record;
mod lookalike_ignored;
mod meant;
mod mechanism_as_modifier;
mod missing;
mod modifier_typo;
mod mx_too_many_hosts;
mod near_limit;
mod neutral_all;
mod no_all;
mod obsolete_type;
mod odd_domain;
mod placeholder;
mod plus_all;
mod provider_not_included;
mod provider_twice;
mod ptr;
mod qualified_modifier;
mod range_covered;
mod range_private;
mod range_unreachable;
mod range_wide;
mod redirect_as_mechanism;
mod redirect_with_all;
mod redundant;
mod repeated_modifier;
mod sender_id;
mod sender_softfail;
mod separator;
mod strings_glued;
mod term_after_all;
mod too_many_lookups;
mod too_many_voids;
mod undecidable;
mod unknown_mechanism;
mod unknown_modifier;
mod version_typo;
mod void_term;
mod way;
mod wildcard;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &missing::RULE,
    &version_typo::RULE,
    &duplicate::RULE,
    &include_without_record::RULE,
    &include_duplicate::RULE,
    &include_typo::RULE,
    &placeholder::RULE,
    &include_loop::RULE,
    &include_invalid::RULE,
    &too_many_lookups::RULE,
    &too_many_voids::RULE,
    &mx_too_many_hosts::RULE,
    &strings_glued::RULE,
    &blank_missing::RULE,
    &blank_in_term::RULE,
    &separator::RULE,
    &character::RULE,
    &unknown_mechanism::RULE,
    &mechanism_as_modifier::RULE,
    &modifier_typo::RULE,
    &redirect_as_mechanism::RULE,
    &argument_missing::RULE,
    &argument_unexpected::RULE,
    &bad_address::RULE,
    &bad_prefix::RULE,
    &bad_domain::RULE,
    &odd_domain::RULE,
    &bad_macro::RULE,
    &qualified_modifier::RULE,
    &repeated_modifier::RULE,
    &plus_all::RULE,
    &no_all::RULE,
    &term_after_all::RULE,
    &redirect_with_all::RULE,
    &include_lookalike::RULE,
    &void_term::RULE,
    &range_unreachable::RULE,
    &range_private::RULE,
    &range_wide::RULE,
    &provider_not_included::RULE,
    &sender_softfail::RULE,
    &answer_over_1232::RULE,
    &ptr::RULE,
    &lookalike_ignored::RULE,
    &neutral_all::RULE,
    &near_limit::RULE,
    &include_superseded::RULE,
    &provider_twice::RULE,
    &duplicate_term::RULE,
    &range_covered::RULE,
    &host_bits::RULE,
    &helo_missing::RULE,
    &answer_over_512::RULE,
    &undecidable::RULE,
    &sender_id::RULE,
    &obsolete_type::RULE,
    &unknown_modifier::RULE,
    &wildcard::RULE,
];

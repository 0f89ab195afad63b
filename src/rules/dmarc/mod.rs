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
mod organizational_domain_differs;
mod pct_partial;
mod policy_missing;
mod policy_none;
mod policy_not_second;
mod policy_unknown;
mod record;
mod record_in_parts;
mod report_address_dead;
mod report_address_foreign_scheme;
mod report_address_not_a_uri;
mod report_address_placeholder;
mod report_addresses_many;
mod report_not_authorized;
mod report_size_limit;
mod reports;
mod separator;
mod stray;
mod stray_copy;
mod strict_alignment;
mod subdomain_policy_ignored;
mod subdomain_policy_weaker;
mod tag_duplicate;
mod tag_misspelt;
mod tag_removed;
mod tag_unknown;
mod testing;
mod unrelated_text;
mod version_typo;
mod wildcard;

use crate::rules::Rule;

pub(super) use corrected::address as mail_uri;
pub(super) use record::owner;

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
    &report_address_dead::RULE,
    &report_not_authorized::RULE,
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
    &wildcard::RULE,
    &policy_not_second::RULE,
    &empty_part::RULE,
    &tag_unknown::RULE,
    &tag_removed::RULE,
    &subdomain_policy_ignored::RULE,
    &report_size_limit::RULE,
    &report_addresses_many::RULE,
    &failure_options_unused::RULE,
    &strict_alignment::RULE,
    &organizational_domain_differs::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::findings;

    #[test]
    fn one_bad_part_never_hides_the_rest() {
        let zone = "@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=reject; sp=none; adkim=x; aspf=s; t=maybe; fo=2; pct=10; ri=1; zz=1; \
                    loose; p=reject;; rua=a@example.test,mailto:a@none.example.test!1m,https://example.test/,\
                    mailto:a@other.test\"\nother.test. MX 0 mail.other.test.\n_dmarc TXT another";
        let found: Vec<&str> =
            RULES.iter().filter(|rule| !findings(rule, zone).is_empty()).map(|rule| rule.id).collect();
        let expected = [
            "dmarc-tag-duplicate",
            "dmarc-not-a-tag",
            "dmarc-report-address-not-a-uri",
            "dmarc-report-address-foreign-scheme",
            "dmarc-report-address-dead",
            "dmarc-report-not-authorized",
            "dmarc-alignment-value",
            "dmarc-flag-value",
            "dmarc-failure-options",
            "dmarc-subdomain-policy-weaker",
            "dmarc-pct-partial",
            "dmarc-unrelated-text",
            "dmarc-strict-alignment",
            "dmarc-empty-part",
            "dmarc-tag-unknown",
            "dmarc-tag-removed",
            "dmarc-report-size-limit",
            "dmarc-report-addresses-many",
        ];
        let missing: Vec<&&str> = expected.iter().filter(|id| !found.contains(id)).collect();
        assert!(missing.is_empty(), "{missing:?} are missing in {found:?}");
    }
}

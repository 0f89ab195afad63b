//! BIMI: the logo beside a message (draft-brand-indicators-for-message-identification).

mod certificate_not_pem;
mod content_type;
mod dmarc_not_enforced;
mod duplicate;
mod file_unreachable;
mod image;
mod image_not_svg;
mod logo_missing;
mod no_certificate;
mod not_https;
mod not_svg_by_name;
mod preference_unknown;
mod record;
mod svg_forbidden;
mod svg_large;
mod svg_not_square;
mod svg_profile;
mod svg_title_missing;
mod tag_duplicate;
mod tag_unknown;
mod version_typo;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &duplicate::RULE,
    &version_typo::RULE,
    &logo_missing::RULE,
    &not_https::RULE,
    &not_svg_by_name::RULE,
    &file_unreachable::RULE,
    &image_not_svg::RULE,
    &svg_profile::RULE,
    &svg_forbidden::RULE,
    &svg_title_missing::RULE,
    &certificate_not_pem::RULE,
    &dmarc_not_enforced::RULE,
    &tag_duplicate::RULE,
    &content_type::RULE,
    &svg_not_square::RULE,
    &svg_large::RULE,
    &no_certificate::RULE,
    &preference_unknown::RULE,
    &tag_unknown::RULE,
];

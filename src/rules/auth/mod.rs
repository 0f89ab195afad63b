//! Authentication as a whole, across SPF, DKIM and DMARC.

mod dmarc_cannot_pass;
mod dmarc_cannot_pass_none;
mod dmarc_cannot_pass_quarantine;
mod neither_spf_nor_dkim;
mod no_dkim;
mod no_mail_incomplete;
mod no_spf;
mod uncovered;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &neither_spf_nor_dkim::RULE,
    &dmarc_cannot_pass::RULE,
    &dmarc_cannot_pass_quarantine::RULE,
    &dmarc_cannot_pass_none::RULE,
    &no_spf::RULE,
    &no_dkim::RULE,
    &no_mail_incomplete::RULE,
];

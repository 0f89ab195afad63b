//! Authentication as a whole, across SPF, DKIM and DMARC.

mod neither_spf_nor_dkim;
mod no_dkim;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[&neither_spf_nor_dkim::RULE, &no_dkim::RULE];

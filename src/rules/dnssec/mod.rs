//! DNSSEC (RFC 4033 to 4035), where it keeps mail from arriving.

mod bogus;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[&bogus::RULE];

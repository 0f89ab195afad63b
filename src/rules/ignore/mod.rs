//! Rules about what somebody does not want to be told: in comments of the zone, and in settings.

pub mod expired;
pub mod unknown_rule;
pub mod unreadable;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[&expired::RULE, &unknown_rule::RULE, &unreadable::RULE];

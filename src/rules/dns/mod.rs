//! Answers of DNS that are none.

mod name_missing;
mod no_answer;
mod not_asked;
pub(in crate::rules) mod questions;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[&name_missing::RULE, &no_answer::RULE, &not_asked::RULE];

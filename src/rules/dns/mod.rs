//! Answers of DNS that are none.

mod no_answer;
mod not_asked;
mod questions;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[&no_answer::RULE, &not_asked::RULE];

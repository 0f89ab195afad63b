//! Words that a shell may complete, where others are taken, too.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error, ValueEnum as _};
use mailvet::lang::Lang;
use mailvet::{providers, receivers, rules};

use super::choices::FormatName;

/// What an argument may hold as a rule.
type Words = fn() -> Vec<PossibleValue>;

/// Reads what the parser reads, and tells the shell these words.
pub fn suggesting<P: TypedValueParser>(parser: P, words: Words) -> Suggesting<P> {
    Suggesting { parser, words }
}

pub fn ids_to_explain() -> Vec<PossibleValue> {
    let rules = rules::all().map(|rule| PossibleValue::new(rule.id));
    rules.chain([PossibleValue::new("providers")]).chain(provider_ids()).collect()
}

pub fn provider_ids() -> Vec<PossibleValue> {
    providers::all().iter().map(|provider| named(&provider.id, &provider.name)).collect()
}

pub fn receiver_names() -> Vec<PossibleValue> {
    let receivers = receivers::all().iter().map(|receiver| named(&receiver.id, &receiver.name));
    receivers.chain([PossibleValue::new("all")]).collect()
}

/// Of `--output`: behind one of them may stand `=` and a file.
pub fn format_names() -> Vec<PossibleValue> {
    FormatName::value_variants().iter().filter_map(FormatName::to_possible_value).collect()
}

pub fn lang_codes() -> Vec<PossibleValue> {
    Lang::ALL.into_iter().map(|lang| PossibleValue::new(lang.code())).collect()
}

fn named(id: &'static str, name: &'static str) -> PossibleValue {
    PossibleValue::new(id).help(name)
}

/// A parser, and words that it reads.
#[derive(Clone)]
pub struct Suggesting<P> {
    parser: P,
    words: Words,
}

impl<P: TypedValueParser> TypedValueParser for Suggesting<P> {
    type Value = P::Value;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<P::Value, Error> {
        self.parser.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter()))
    }
}

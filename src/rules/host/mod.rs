//! The servers that send: the names that reverse DNS gives their addresses.
//!
//! Of a server that only receives mail nobody asks for a name; whether an MX host also sends, DNS does not tell.

mod mx_ptr_unconfirmed;
mod ptr_generic;
mod ptr_missing;
mod ptr_several;
mod ptr_unconfirmed;

use crate::evidence::{Evidence, SendingAddress};
use crate::finding::Finding;
use crate::lang::{Value, Words};
use crate::name::Name;
use crate::rules::Rule;

pub(super) static RULES: &[&Rule] =
    &[&ptr_missing::RULE, &ptr_unconfirmed::RULE, &ptr_generic::RULE, &ptr_several::RULE, &mx_ptr_unconfirmed::RULE];

/// The addresses that the SPF record names. Whether mail still comes from them it does not tell; of those that the user
/// names other rules speak, for certain.
fn named_by_spf(evidence: &Evidence) -> impl Iterator<Item = &SendingAddress> {
    evidence.sending_addresses.iter().filter(|address| address.term.is_some())
}

/// What stands for the host where only its address is known.
const GREETING: Words = Words {
    en: "the name with which the server greets (HELO)",
    es: "el nombre con el que el servidor se presenta (HELO)",
    ja: "サーバーがHELOで名乗る名前",
};

/// A finding on an address: what reverse DNS holds, and behind it the term of the SPF record that names the address.
pub(in crate::rules) fn finding(rule: &'static Rule, evidence: &Evidence, address: &SendingAddress) -> Finding {
    let spf = evidence.spf.own().only();
    let term = spf.zip(address.term).and_then(|(spf, term)| Some(spf.txt.spans(spf.terms.get(term)?.range.clone())));
    let host = address.host.as_ref().map_or(Value::Words(GREETING), |host| Value::Plain(host.to_string()));
    let finding = rule.at(address.ptr.spans().into_iter().take(MAX_NAMES)).and_at(term.into_iter().flatten());
    finding.with("domain", &evidence.domain).with("ip", address.ip).with_value("host", host)
}

/// More names than these are not listed.
const MAX_NAMES: usize = 5;

/// The names of an address.
pub(in crate::rules) fn names(address: &SendingAddress) -> String {
    let mut names: Vec<&str> = address.names().map(Name::as_str).take(MAX_NAMES + 1).collect();
    if names.len() > MAX_NAMES {
        names[MAX_NAMES] = "…";
    }
    names.join(", ")
}

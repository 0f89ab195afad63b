//! What is wrong with the terms of a record, and what their author must have meant.
//!
//! Many slips make the same error of syntax, and some are legal and still mean nothing. Each is recognised here once,
//! by its most telling form, so that exactly one rule speaks about it.

use std::ops::Range;

use super::meant;
use crate::evidence::{Evidence, SpfNode, Target};
use crate::finding::Finding;
use crate::lang::Words;
use crate::name::Kind;
use crate::records::replaced;
use crate::records::spf::{self, Spf, Term, TermError, TermKind};
use crate::rules::Rule;

/// More faults than these are not looked for in one record: a stranger's text may be all faults.
const MAX_FAULTS: usize = 20;

/// A fault of a term, or of terms that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    /// What it is.
    pub slip: Slip,
    /// Where it is.
    pub at: Range<usize>,
    /// The term that holds it; from the first to the last if they belong together.
    pub term: Range<usize>,
    /// What may stand in place of the term: certain where there is one only.
    pub instead: Vec<String>,
    /// More about it.
    pub reason: Option<Words>,
}

/// The kinds of faults: one for each rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    BlankInTerm,
    BlankMissing,
    StringsGlued,
    Separator,
    Character,
    UnknownMechanism,
    MechanismAsModifier,
    RedirectAsMechanism,
    ModifierTypo,
    MissingArgument,
    UnexpectedArgument,
    BadAddress,
    BadPrefix,
    BadDomain,
    OddDomain,
    BadMacro,
    QualifiedModifier,
    RepeatedModifier,
}

/// The findings of the rule for one kind of fault, in the records that the domain's owner writes.
pub(super) fn findings(rule: &'static Rule, slip: Slip, evidence: &Evidence) -> Vec<Finding> {
    findings_with(rule, slip, evidence).into_iter().map(|(finding, _)| finding).collect()
}

/// The same, each with the faulty text.
pub(super) fn findings_with(rule: &'static Rule, slip: Slip, evidence: &Evidence) -> Vec<(Finding, String)> {
    let mut findings = Vec::new();
    for (_, node) in own_nodes(evidence) {
        for spf in &node.asked.found {
            let faults = faults_of(node, spf);
            for fault in faults.iter().filter(|fault| fault.slip == slip) {
                // Of several records there is to be one: another rule says which.
                let corrected = node.asked.only().and_then(|spf| to_publish(node, &spf.txt.value));
                let mut finding = finding(rule, node, spf, fault);
                if let Some(value) = corrected {
                    finding = finding.publish(&node.name, Kind::TXT, value);
                }
                findings.push((finding, spf.txt.value[fault.at.clone()].to_owned()));
            }
        }
    }
    findings
}

fn finding(rule: &'static Rule, node: &SpfNode, spf: &Spf, fault: &Fault) -> Finding {
    let finding = rule
        .at(spf.txt.spans(fault.at.clone()))
        .with("owner", &node.name)
        .with("term", &spf.txt.value[fault.term.clone()])
        .with("instead", alternatives(spf, fault));
    match fault.reason {
        Some(reason) => finding.with_words("reason", reason),
        None => finding,
    }
}

/// What may stand there, or at least its form.
fn alternatives(spf: &Spf, fault: &Fault) -> String {
    let term = spf.terms.iter().find(|term| term.range == fault.term);
    let name = term.map_or("", |term| spf.part(&term.name));
    let forms = match fault.slip {
        _ if !fault.instead.is_empty() => fault.instead.clone(),
        Slip::UnknownMechanism => ["include:…", "a:…", "mx:…", "ip4:…", "ip6:…"].map(str::to_owned).to_vec(),
        Slip::MechanismAsModifier => ["~all", "-all"].map(str::to_owned).to_vec(),
        Slip::BadPrefix => vec!["ip4:…/24".to_owned(), "ip6:…/64".to_owned()],
        Slip::RedirectAsMechanism | Slip::ModifierTypo => vec![format!("{name}=…")],
        // Only what stands before the text of the other kind of record belongs here.
        Slip::BlankMissing | Slip::StringsGlued => vec![spf.part(&(fault.term.start..fault.at.start)).to_owned()],
        _ => vec![format!("{name}:…")],
    };
    forms.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" / ")
}

/// The nodes whose records the domain's owner writes, with their places: the domain's own, and helpers of the same
/// registered domain. Each name once.
pub(super) fn own_nodes(evidence: &Evidence) -> Vec<(usize, &SpfNode)> {
    let mut nodes: Vec<(usize, &SpfNode)> = Vec::new();
    for (number, node) in evidence.spf.nodes.iter().enumerate() {
        if is_own(evidence, node) && !nodes.iter().any(|(_, before)| before.name == node.name) {
            nodes.push((number, node));
        }
    }
    nodes
}

/// Does the domain's owner write the record at this node?
pub(super) fn is_own(evidence: &Evidence, node: &SpfNode) -> bool {
    node.name.registered_domain() == evidence.domain.registered_domain()
}

/// The faults of a node's record. A domain that no host can have is none if it has turned out to be there.
pub(super) fn faults_of(node: &SpfNode, spf: &Spf) -> Vec<Fault> {
    let mut faults = faults(&spf.txt.value, &spf.terms);
    faults.retain(|fault| {
        let term = spf.terms.iter().position(|term| term.range == fault.term);
        !term.is_some_and(|term| is_there(node, term))
    });
    for fault in &mut faults {
        // A blank was lost where one character-string ends and the next begins: there the written text has a gap.
        if fault.slip == Slip::BlankMissing && spf.txt.spans(fault.at.start - 1..fault.at.start + 1).len() > 1 {
            fault.slip = Slip::StringsGlued;
            fault.at = fault.at.start - 1..fault.at.start + 1;
        }
    }
    faults
}

/// Does a term of a node lead to something?
fn is_there(node: &SpfNode, term: usize) -> bool {
    node.lookups.iter().filter(|lookup| lookup.term == term).any(|lookup| match &lookup.target {
        Target::Answers(answers) => answers.iter().any(|answer| !answer.records().is_empty()),
        _ => false,
    })
}

/// Is a term one that a rule of faults speaks about?
pub(super) fn has_fault(node: &SpfNode, spf: &Spf, term: usize) -> bool {
    let Some(term) = spf.terms.get(term) else { return false };
    let holds = |fault: &Fault| fault.term.start <= term.range.start && term.range.end <= fault.term.end;
    faults_of(node, spf).iter().any(holds)
}

/// The record to publish at a node in place of this text, if there is one right answer.
pub(super) fn to_publish(node: &SpfNode, value: &str) -> Option<String> {
    let record = corrected(value)?;
    // A record that is only included needs no end: what its `all` says is not looked at but for a pass.
    let is_helper = node.parent.is_some();
    Some(if is_helper || has_end(&spf::terms(&record)?) { record } else { format!("{record} ~all") })
}

/// Does a record say what holds for those that it does not name?
pub(super) fn has_end(terms: &[Term]) -> bool {
    terms.iter().any(|term| term.is_all() || matches!(term.kind, TermKind::Redirect(_)))
}

/// The record without its faults, if each of them can be corrected in one way only.
pub(super) fn corrected(value: &str) -> Option<String> {
    let mut text = value.to_owned();
    // Under one fault there may be another: each round takes one layer off.
    for _ in 0..5 {
        let terms = spf::terms(&text)?;
        let faults = faults(&text, &terms);
        if faults.is_empty() {
            return in_order(&text, &terms);
        }
        if faults.len() >= MAX_FAULTS {
            return None;
        }
        for fault in faults.iter().rev() {
            let [instead] = fault.instead.as_slice() else { return None };
            text = replaced(&text, &fault.term, instead);
        }
    }
    None
}

/// The record with one blank between its terms and `all` behind all mechanisms. Nothing where there are two of `all`
/// and `redirect`: nobody knows which is meant.
fn in_order(value: &str, terms: &[Term]) -> Option<String> {
    let is_end = |term: &&Term| term.is_all() || matches!(term.kind, TermKind::Redirect(_));
    if terms.iter().filter(is_end).count() > 1 {
        return None;
    }
    let after_all = terms.iter().skip_while(|term| !term.is_all()).skip(1).any(|term| !term.is_modifier());
    let (moved, rest): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|term| after_all && term.is_all());
    let words = rest.into_iter().chain(moved).map(|term| &value[term.range.clone()]);
    Some(std::iter::once("v=spf1").chain(words).collect::<Vec<_>>().join(" "))
}

/// The faults of a record, in order, none of them overlapping another.
pub(super) fn faults(value: &str, terms: &[Term]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut at = 0;
    while at < terms.len() && faults.len() < MAX_FAULTS {
        let (fault, used) = match meant::blank_in_term(value, &terms[at..]) {
            Some((fault, used)) => (Some(fault), used),
            None => (fault(value, terms, &terms[at]), 1),
        };
        faults.extend(fault);
        at += used;
    }
    faults
}

fn fault(value: &str, terms: &[Term], term: &Term) -> Option<Fault> {
    let invalid = matches!(term.kind, TermKind::Invalid(_));
    if !invalid && term.kind != TermKind::UnknownModifier && !is_odd_domain(value, term) {
        return None;
    }
    if invalid || term.kind != TermKind::UnknownModifier {
        let slip = meant::characters(value, term)
            .or_else(|| meant::separators(value, term))
            .or_else(|| meant::blank_missing(value, term));
        if slip.is_some() {
            return slip;
        }
    }
    match term.kind {
        TermKind::UnknownModifier => meant::modifier(value, terms, term),
        TermKind::Invalid(error) => Some(by_error(value, terms, term, error)),
        // RFC 7208 sections 5.2 and 6.1: these end in "permerror" where the name has no record.
        TermKind::Include(_) | TermKind::Redirect(_) => Some(meant::domain(value, term)),
        _ => Some(Fault { slip: Slip::OddDomain, ..meant::domain(value, term) }),
    }
}

fn by_error(value: &str, terms: &[Term], term: &Term, error: TermError) -> Fault {
    let plain = |slip| Fault::new(slip, term, Vec::new());
    match error {
        TermError::UnknownMechanism | TermError::NoName => meant::mechanism(value, terms, term),
        TermError::MissingArgument => meant::missing_argument(value, term),
        TermError::UnexpectedArgument => plain(Slip::UnexpectedArgument),
        TermError::BadAddress => meant::address(value, term),
        TermError::BadPrefix if value[term.range.clone()].contains("://") => meant::address(value, term),
        TermError::BadPrefix => meant::prefix(value, term),
        TermError::BadDomain => meant::domain(value, term),
        TermError::BadMacro => plain(Slip::BadMacro),
        TermError::QualifiedModifier => meant::qualified_modifier(value, term),
        TermError::RepeatedModifier => meant::repeated_modifier(value, terms, term),
        // Every such character is a stray one; this is for those that are in no table.
        TermError::BadCharacter => plain(Slip::Character),
    }
}

/// Does a legal term name a domain that no host has: with an empty or too long label, or with signs in it?
fn is_odd_domain(value: &str, term: &Term) -> bool {
    term.domain().is_some_and(|domain| {
        let text = &value[domain.range.clone()];
        // RFC 4592 section 2.2.1: a wildcard has records that can be asked for at its own name.
        let text = text.strip_prefix("*.").unwrap_or(text);
        let host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        !text.contains('%') && (domain.name.is_none() || !text.bytes().all(host) || ends_in_glued_all(text))
    })
}

/// `example.com-all`: no top-level domain has a hyphen, but those of internationalized names.
fn ends_in_glued_all(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let label = text.rsplit('.').next().unwrap_or_default();
    label.ends_with("-all") && !label.starts_with("xn--")
}

impl Fault {
    /// A fault of a whole term.
    pub fn new(slip: Slip, term: &Term, instead: Vec<String>) -> Fault {
        Fault { slip, at: term.range.clone(), term: term.range.clone(), instead, reason: None }
    }

    /// The same fault at a part of its term.
    pub fn at(self, at: Range<usize>) -> Fault {
        Fault { at, ..self }
    }

    /// The same fault, and why.
    pub fn because(self, reason: Words) -> Fault {
        Fault { reason: Some(reason), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slips(value: &str) -> Vec<(Slip, String, Vec<String>)> {
        let terms = spf::terms(value).expect("a record");
        let texts = |fault: Fault| (fault.slip, value[fault.at.clone()].to_owned(), fault.instead);
        faults(value, &terms).into_iter().map(texts).collect()
    }

    #[test]
    fn right_records_have_no_faults() {
        for value in [
            "v=spf1 include:_spf.x.test a mx:x.test/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",
            "v=spf1 exists:%{i}._spf.%{d} redirect=%{d}.x.test",
            "V=SPF1  INCLUDE:X.TEST. ~ALL ",
            "v=spf1 a:*.x.test -all",
            "v=spf1 mx include:spf.x-all.test foo=bar ra=postmaster exp=why.x.test -all",
        ] {
            assert_eq!(slips(value), [], "{value}");
        }
    }

    #[test]
    fn each_error_is_some_fault() {
        for (term, slip) in [
            ("inlcude:x.test", Slip::UnknownMechanism),
            ("192.0.2.1", Slip::UnknownMechanism),
            ("include:", Slip::MissingArgument),
            ("all/8", Slip::UnexpectedArgument),
            ("ip4:192.0.2.256", Slip::BadAddress),
            ("a/33", Slip::BadPrefix),
            ("include:localhost", Slip::BadDomain),
            ("a:%x.test", Slip::BadMacro),
            ("-redirect=x.test", Slip::QualifiedModifier),
            ("exp=x.test exp=y.test", Slip::RepeatedModifier),
            ("caf\u{e9}", Slip::Character),
        ] {
            let found = slips(&format!("v=spf1 {term}"));
            assert_eq!(found.iter().map(|(slip, ..)| *slip).collect::<Vec<_>>(), [slip], "{term}");
        }
    }

    #[test]
    fn corrected_only_if_all_is_known() {
        let fixed = |value| corrected(value).unwrap_or_default();
        assert_eq!(fixed("v=spf1 inlcude:x.test a, \u{2013}all"), "v=spf1 include:x.test a -all");
        assert_eq!(fixed("v=spf1 192.0.2.1 - all"), "v=spf1 ip4:192.0.2.1 -all");
        assert_eq!(fixed("v=spf1 192.0.2.1 ip4:192.0.2.256"), "");
        assert_eq!(fixed("v=spf1 include:x.test  -all"), "v=spf1 include:x.test -all");
        assert_eq!(fixed("v=spf1 a ~allinclude:x.test foo=1"), "v=spf1 a include:x.test foo=1 ~all");
        assert_eq!(fixed("v=spf1 ip:192.0.2.1 ~all -all"), "");
        assert_eq!(fixed("v=spf1 redirect:x.test-all"), "");
    }

    #[test]
    fn hostile_records_have_an_end() {
        let value = format!("v=spf1 {}", "x: ".repeat(20_000));
        assert_eq!(slips(&value).len(), MAX_FAULTS);
        assert_eq!(corrected(&value), None);
    }
}

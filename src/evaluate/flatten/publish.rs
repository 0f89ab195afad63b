//! Writes the steps of a flattened record as one record, or as several where one would be too long.

use ipnet::IpNet;

use super::{Fixed, Flat, Flattened, Kept, KeptReason, Published, Step, can_be_written, ranges};
use crate::evaluate::spf::MAX_LOOKUPS;
use crate::evidence::SpfTree;
use crate::name::Name;
use crate::records::spf::Qualifier;

/// RFC 7208 section 3.4: "If the size of the DNS message, the combined length of the DNS name and the text of all the
/// records of a given type is under 450 octets, then DNS answers ought to fit in UDP packets."
const MAX_OCTETS: usize = 449;

/// The longest label of a helper record, with its dot.
const LONGEST_LABEL: &str = "_spf99999.";

const VERSION: &str = "v=spf1";

/// What stands in the domain's own record for one step.
struct Part {
    terms: Vec<String>,
    /// Can its terms stand in a record of their own, to be included?
    movable: bool,
    /// The texts of the records that its terms stand in.
    helpers: Vec<String>,
}

pub(super) fn publish(tree: &SpfTree, mut flat: Flat) -> Flattened {
    let domain = &tree.root().name;
    let steps = ranges::tidied(std::mem::take(&mut flat.steps));
    let kept = kept(&steps, flat.exp.as_deref());
    let mut parts: Vec<Part> = steps.iter().map(Part::of).collect();
    parts.extend(flat.exp.take().map(Part::fixed));
    if can_be_split(domain) {
        split(&mut parts, domain);
    }
    let records = records(&parts, domain, |name| is_taken(tree, &flat, &kept, name));
    let fixed = steps.iter().filter_map(Step::fixed).map(|fixed| fixed.lookups);
    let lookups = fixed.sum::<usize>() + records.len() - 1;
    let exceeds_limit = lookups > MAX_LOOKUPS;
    let stale = stale(&flat, &records[1..]);
    Flattened { records, kept, dropped: flat.dropped, lookups, exceeds_limit, stale, ttl: flat.ttl }
}

fn kept(steps: &[Step], exp: Option<&str>) -> Vec<Kept> {
    let fixed = steps.iter().filter_map(Step::fixed).map(|fixed| Kept { term: fixed.text(), why: fixed.why });
    fixed.chain(exp.map(|exp| Kept { term: exp.to_owned(), why: KeptReason::Explanation })).collect()
}

/// Each name once; of the helper records the domain itself is the owner now.
fn stale(flat: &Flat, helpers: &[Published]) -> Vec<Name> {
    let mut stale: Vec<Name> = Vec::new();
    for name in &flat.stale {
        if !stale.contains(name) && !helpers.iter().any(|helper| helper.owner == *name) {
            stale.push(name.clone());
        }
    }
    stale
}

/// Does a term that stays lead to the name? What went in is there no longer, and its name is free.
fn is_taken(tree: &SpfTree, flat: &Flat, kept: &[Kept], name: &Name) -> bool {
    let in_use = |(number, _): &(usize, _)| !flat.nodes.contains(number);
    tree.nodes.iter().enumerate().filter(in_use).any(|(_, node)| node.name == *name)
        || kept.iter().any(|kept| kept.term.to_ascii_lowercase().contains(name.as_str()))
}

fn can_be_split(domain: &Name) -> bool {
    domain.prefixed(LONGEST_LABEL.trim_end_matches('.')).is_ok_and(|name| can_be_written(&name))
}

/// Moves the longest parts out of the domain's own record until it is short enough, or none is left.
fn split(parts: &mut [Part], domain: &Name) {
    let helper = LONGEST_LABEL.len() + domain.as_str().len();
    let include = " include:".len() + helper;
    let length = |parts: &[Part]| parts.iter().map(|part| part.length(include)).sum::<usize>() + VERSION.len();
    while length(parts) + domain.as_str().len() > MAX_OCTETS {
        let staying = parts.iter_mut().filter(|part| part.movable && part.helpers.is_empty());
        let Some(longest) = staying.max_by_key(|part| part.length(include)) else { return };
        let helpers = texts(&longest.terms, MAX_OCTETS.saturating_sub(helper));
        if helpers.len() * include >= longest.length(include) {
            return;
        }
        longest.helpers = helpers;
    }
}

/// Records of these terms, none longer than this. They need no `all`.
///
/// RFC 7208 section 4.7: "If none of the mechanisms match and there is no "redirect" modifier, then the check_host()
/// returns a result of "neutral"", which for an `include` is no match (section 5.2).
fn texts(terms: &[String], length: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for term in terms {
        match texts.last_mut() {
            Some(text) if text.len() + 1 + term.len() <= length => {
                text.push(' ');
                text.push_str(term);
            }
            _ => texts.push(format!("{VERSION} {term}")),
        }
    }
    texts
}

fn records(parts: &[Part], domain: &Name, is_taken: impl Fn(&Name) -> bool) -> Vec<Published> {
    let names = (1..=99_999).filter_map(|number| domain.prefixed(&format!("_spf{number}")).ok());
    let mut names = names.filter(|name| !is_taken(name));
    let (mut own, mut helpers) = (VERSION.to_owned(), Vec::new());
    for part in parts {
        let from = helpers.len();
        let named = part.helpers.iter().zip(&mut names);
        helpers.extend(named.map(|(value, owner)| Published { owner, value: value.clone() }));
        let includes = helpers[from..].iter().map(|helper| format!("include:{}", helper.owner));
        let terms = if part.helpers.is_empty() { part.terms.as_slice() } else { &[] };
        for term in terms.iter().cloned().chain(includes) {
            own.push(' ');
            own.push_str(&term);
        }
    }
    std::iter::once(Published { owner: domain.clone(), value: own }).chain(helpers).collect()
}

impl Part {
    fn of(step: &Step) -> Part {
        match step {
            Step::Fixed(fixed) => Part::fixed(fixed.text()),
            Step::Ranges(qualifier, nets) if ranges::is_everything(nets) => {
                Part::fixed(format!("{}all", sign(*qualifier)))
            }
            Step::Ranges(qualifier, nets) => {
                let terms = nets.iter().map(|net| format!("{}{}", sign(*qualifier), mechanism(net))).collect();
                Part { terms, movable: *qualifier == Qualifier::Pass, helpers: Vec::new() }
            }
        }
    }

    fn fixed(term: String) -> Part {
        Part { terms: vec![term], movable: false, helpers: Vec::new() }
    }

    /// What it takes of the domain's own record, with a blank before each term.
    fn length(&self, include: usize) -> usize {
        match self.helpers.len() {
            0 => self.terms.iter().map(|term| term.len() + 1).sum(),
            helpers => helpers * include,
        }
    }
}

impl Step {
    fn fixed(&self) -> Option<&Fixed> {
        match self {
            Step::Fixed(fixed) => Some(fixed),
            Step::Ranges(..) => None,
        }
    }
}

impl Fixed {
    fn text(&self) -> String {
        format!("{}{}", sign(self.qualifier), self.body)
    }
}

/// RFC 7208 section 4.6.2: "The qualifier is optional and defaults to "+"."
fn sign(qualifier: Qualifier) -> &'static str {
    match qualifier {
        Qualifier::Pass => "",
        Qualifier::Fail => "-",
        Qualifier::SoftFail => "~",
        Qualifier::Neutral => "?",
    }
}

/// RFC 7208 section 5.6: a prefix length that is left out is /32 for IPv4 and /128 for IPv6.
fn mechanism(net: &IpNet) -> String {
    let name = if matches!(net, IpNet::V4(_)) { "ip4" } else { "ip6" };
    if net.prefix_len() == net.max_prefix_len() { format!("{name}:{}", net.addr()) } else { format!("{name}:{net}") }
}

//! Terms of a record that change nothing: another term says the same.

use std::collections::BTreeMap;

use crate::evaluate::ranges::{self, Network, Reach};
use crate::evaluate::spf::{MAX_LOOKUPS, MAX_VOIDS, lookups, lookups_of, voids};
use crate::evidence::{Evidence, SpfNode, SpfTree, Target};
use crate::lang::{Value, Words};
use crate::name::Name;
use crate::records::replaced;
use crate::records::spf::{DomainSpec, Qualifier, Spf, TermKind};
use crate::rules::spf::fault;

/// A term, and one before it that says the same.
pub(super) struct Repeated {
    pub first: usize,
    pub again: usize,
}

/// A written network, and one of another term that it lies in.
pub(super) struct Covered {
    pub term: usize,
    pub by: Network,
}

/// Terms that stand in a record for the second time. What stands behind `all` is not looked at anyway.
pub(super) fn repeated(owner: &Name, spf: &Spf) -> Vec<Repeated> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (index, _) in spf.effective() {
        let Some(text) = canonical(owner, spf, index) else { continue };
        let first = *seen.entry(text).or_insert(index);
        if first != index {
            found.push(Repeated { first, again: index });
        }
    }
    found
}

/// A mechanism in the one form that all ways to write it share; nothing for what another rule speaks about.
fn canonical(owner: &Name, spf: &Spf, index: usize) -> Option<String> {
    let term = &spf.terms[index];
    let host = |domain: Option<&DomainSpec>| domain.map_or(owner.to_string(), |domain| name(spf, domain));
    let text = match &term.kind {
        TermKind::Ip4(..) | TermKind::Ip6(..) => ranges::network(&term.kind)?.to_string(),
        TermKind::Include(domain) => format!("include:{}", name(spf, domain)),
        TermKind::Exists(domain) => format!("exists:{}", name(spf, domain)),
        TermKind::A(domain, prefixes) => format!("a:{}/{}//{}", host(domain.as_ref()), prefixes.ip4, prefixes.ip6),
        TermKind::Mx(domain, prefixes) => format!("mx:{}/{}//{}", host(domain.as_ref()), prefixes.ip4, prefixes.ip6),
        TermKind::Ptr(domain) => format!("ptr:{}", host(domain.as_ref())),
        _ => return None,
    };
    Some(format!("{:?} {text}", term.result()))
}

/// The name; the text where it holds macros, whose letters are not the same in both cases (RFC 7208 section 7.3).
fn name(spf: &Spf, domain: &DomainSpec) -> String {
    domain.name.as_ref().map_or_else(|| spf.part(&domain.range).to_owned(), Name::to_string)
}

/// Networks written in a node's record that lie in one of another term with the same result.
pub(super) fn covered(evidence: &Evidence, number: usize, spf: &Spf) -> Vec<Covered> {
    let reach = ranges::reach(evidence, number);
    let same: Vec<usize> = repeated(&evidence.spf.nodes[number].name, spf).iter().map(|again| again.again).collect();
    let settled = is_settled(evidence, number);
    let own = |network: &&Network| network.node == number && network.written && !same.contains(&network.term);
    let written = || reach.networks.iter().filter(|network| network.written);
    let covering = |network: &Network| {
        let before = written().take_while(|other| *other != network).find(|other| holds(other, network));
        let behind =
            || written().skip_while(|other| *other != network).skip(1).find(|other| lies_behind(other, network));
        let by = before.or_else(|| behind().filter(|other| settled && is_alike(spf, network, other)))?;
        Some(Covered { term: network.term, by: by.clone() }).filter(|_| by.result == network.result)
    };
    reach.networks.iter().filter(own).filter_map(covering).collect()
}

/// Networks written in a node's record that lie in one of a term before them with another result.
pub(super) fn unreachable(evidence: &Evidence, number: usize) -> Vec<Covered> {
    let reach = ranges::reach(evidence, number);
    let written = || reach.networks.iter().filter(|network| network.written);
    let covering = |network: &Network| {
        let by = written().take_while(|other| *other != network).find(|other| holds(other, network))?;
        Some(Covered { term: network.term, by: by.clone() }).filter(|_| by.result != network.result)
    };
    written().filter(|network| network.node == number).filter_map(covering).collect()
}

fn holds(other: &Network, network: &Network) -> bool {
    other.net.contains(&network.net)
}

/// Of two equal networks the first stays, unless the other stands in a record of somebody else.
fn lies_behind(other: &Network, network: &Network) -> bool {
    holds(other, network) && (other.net != network.net || other.node != network.node)
}

/// Do all terms from this network to the one behind it mean the same, so that it does not matter which one matches?
fn is_alike(spf: &Spf, network: &Network, behind: &Network) -> bool {
    let between = spf.effective().filter(|(index, _)| (network.term..=behind.own).contains(index));
    behind.result == network.result && between.into_iter().all(|(_, term)| term.result() == network.result)
}

/// Is a record evaluated to its end, without an error on the way?
fn is_settled(evidence: &Evidence, number: usize) -> bool {
    let tree = &evidence.spf;
    is_sound(tree, number) && lookups(tree) <= MAX_LOOKUPS && voids(tree).len() <= MAX_VOIDS
}

fn is_sound(tree: &SpfTree, number: usize) -> bool {
    let Some(node) = tree.nodes.get(number) else { return false };
    let valid = node.asked.only().is_some_and(|spf| spf.invalid().next().is_none());
    valid && node.lookups.iter().all(|lookup| is_sound_target(tree, node, lookup.term, &lookup.target))
}

fn is_sound_target(tree: &SpfTree, node: &SpfNode, term: usize, target: &Target) -> bool {
    match target {
        Target::Node(next) => is_sound(tree, *next),
        Target::Answers(answers) => answers.iter().all(|answer| answer.failure().is_none()),
        // An include of a name that only the message tells may end in an error.
        Target::Undecided => node
            .asked
            .only()
            .and_then(|spf| spf.terms.get(term))
            .is_some_and(|term| !matches!(term.kind, TermKind::Include(_) | TermKind::Redirect(_))),
        Target::Loop(_) | Target::Unread => false,
    }
}

/// The record of a node without terms that stand there twice or lie in another range of the same record, to publish.
pub(super) fn tidied(evidence: &Evidence, number: usize) -> Option<String> {
    let node = evidence.spf.nodes.get(number)?;
    let spf = node.asked.only()?;
    let again = repeated(&node.name, spf).into_iter().map(|repeated| repeated.again);
    let inside = covered(evidence, number, spf).into_iter().filter(|covered| covered.by.node == number);
    fault::to_publish(node, &without(spf, again.chain(inside.map(|covered| covered.term))))
}

/// The record without some of its terms.
pub(super) fn without(spf: &Spf, terms: impl IntoIterator<Item = usize>) -> String {
    let mut terms: Vec<usize> = terms.into_iter().collect();
    terms.sort_unstable();
    terms.dedup();
    terms.into_iter().rev().fold(spf.txt.value.clone(), |value, term| {
        let range = &spf.terms[term].range;
        // Before each term stands a blank.
        replaced(&value, &(range.start - 1..range.end), "")
    })
}

/// The terms of the domain's own record that cost look-ups and let nobody send whom the others do not, the last first:
/// `a` and `mx` whose hosts other terms name, and includes of what others include, or of nobody.
pub(super) fn spare(evidence: &Evidence) -> Vec<usize> {
    let tree = &evidence.spf;
    let mut spare = Vec::new();
    let Some(spf) = tree.own().only().filter(|spf| is_sound(tree, 0) && passes_only(spf)) else { return spare };
    let reach = ranges::reach(evidence, 0);
    for lookup in tree.root().lookups.iter().rev() {
        let names = matches!(spf.terms[lookup.term].kind, TermKind::Include(_) | TermKind::A(..) | TermKind::Mx(..));
        if names && is_covered(&reach, lookup.term, &spare) {
            spare.push(lookup.term);
        }
    }
    spare
}

/// Does every mechanism before `all` mean "pass"?
fn passes_only(spf: &Spf) -> bool {
    spf.effective().all(|(_, term)| term.is_all() || term.result() == Qualifier::Pass)
}

/// Does each network of a term lie in one of the other terms that stay?
fn is_covered(reach: &Reach, term: usize, gone: &[usize]) -> bool {
    let (own, others): (Vec<&Network>, Vec<&Network>) = reach.networks.iter().partition(|network| network.own == term);
    let stays = |other: &&&Network| other.result == Qualifier::Pass && !gone.contains(&other.own);
    let inside = |network: &&Network| others.iter().filter(stays).any(|other| holds(other, network));
    !reach.open.contains(&term) && own.iter().all(inside)
}

/// What each term of the domain's own record costs, in the order of the record.
pub(super) fn costs(evidence: &Evidence) -> Vec<(usize, usize)> {
    let tree = &evidence.spf;
    tree.root().lookups.iter().map(|lookup| (lookup.term, lookups_of(tree, lookup))).collect()
}

/// `include:x.test` 4, `a` 1
pub(super) fn list(spf: &Spf, costs: &[(usize, usize)]) -> String {
    let text = |(term, cost): &(usize, usize)| format!("`{}` {cost}", spf.text(&spf.terms[*term]));
    costs.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// The terms that can go, with their costs, as a value for words.
pub(super) fn spare_value(spf: &Spf, costs: &[(usize, usize)], spare: &[usize]) -> Value {
    const NONE: Words =
        Words { en: "none for certain", es: "ninguno con certeza", ja: "確実なものはありません" };
    let costs: Vec<(usize, usize)> = costs.iter().copied().filter(|(term, _)| spare.contains(term)).collect();
    if costs.is_empty() { Value::Words(NONE) } else { Value::Plain(list(spf, &costs)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evidence;

    fn spare_of(record: &str, world: &str) -> String {
        let evidence = evidence(&format!("example.test. TXT \"{record}\"\n{world}"));
        let spare = spare(&evidence[0]);
        let spf = evidence[0].spf.own().only().expect("a record");
        let costs: Vec<(usize, usize)> =
            costs(&evidence[0]).into_iter().filter(|(term, _)| spare.contains(term)).collect();
        list(spf, &costs)
    }

    #[test]
    fn terms_that_can_go() {
        let world = r#"
@ A 192.0.2.1
@ MX 0 mail
mail A 192.0.2.1
x.other. TXT "v=spf1 include:y.other -all"
y.other. TXT "v=spf1 ip4:198.51.100.0/24 -all"
nobody.other. TXT "v=spf1 -all"
"#;
        let spare = |record: &str| spare_of(record, world);
        assert_eq!(spare("v=spf1 a mx ip4:192.0.2.1 -all"), "`a` 1, `mx` 1");
        assert_eq!(spare("v=spf1 a mx -all"), "`mx` 1", "one of the two must stay");
        assert_eq!(spare("v=spf1 include:x.other include:y.other -all"), "`include:y.other` 1");
        assert_eq!(spare("v=spf1 include:y.other include:x.other -all"), "`include:x.other` 2");
        let nobody = "v=spf1 include:nobody.other a:gone.other -all";
        assert_eq!(spare(nobody), "`include:nobody.other` 1, `a:gone.other` 1");
    }

    #[test]
    fn terms_that_may_matter() {
        let world = "@ A 192.0.2.1\n@ A 192.0.2.2\nx.other. TXT \"v=spf1 exists:%{i}.x.other -all\"";
        let none = "";
        assert_eq!(spare_of("v=spf1 a ip4:192.0.2.1 -all", world), none, "the second address");
        assert_eq!(spare_of("v=spf1 a -ip4:192.0.2.2 ip4:192.0.2.0/24 -all", world), none);
        assert_eq!(spare_of("v=spf1 include:x.other ip4:192.0.2.0/24 -all", world), none);
        assert_eq!(spare_of("v=spf1 a ip4:192.0.2.0/24 include:gone.other -all", world), none, "an error on the way");
    }

    #[test]
    fn hostile_records_have_an_end() {
        let own = |n: usize| format!("\"ip4:10.{}.{}.1 \"", n / 256, n % 256);
        let text: Vec<String> = (0..2_000).map(own).collect();
        let zone = format!("example.test. TXT ( \"v=spf1 \" {} )", text.join(" "));
        let evidence = &evidence(&zone)[0];
        let spf = evidence.spf.own().only().expect("a record");
        assert!(covered(evidence, 0, spf).is_empty() && unreachable(evidence, 0).is_empty());
    }
}

//! The SPF record of a domain and all that it leads to.

use std::future::Future;
use std::pin::Pin;

use futures_util::future::join_all;

use crate::collect::{ask, hosts, texts};
use crate::dns::{Answer, Dns, Record};
use crate::evidence::{Asked, Lookup, SpfNode, SpfTree, Target};
use crate::name::{Kind, Name};
use crate::records::spf::{Qualifier, Spf, TermKind};

/// So many look-ups are followed. Far past the ten of RFC 7208 section 4.6.4, to be able to say "needs 14"; and an end,
/// because records of strangers may lead anywhere.
const MAX_LOOKUPS: usize = 50;

/// RFC 7208 section 4.6.4: "the evaluation of each "MX" record MUST NOT result in querying more than 10 address
/// records".
const MAX_HOSTS: usize = 10;

/// A name that is still to be asked, and the node and term that lead to it.
struct Pending {
    name: Name,
    parent: Option<(usize, usize)>,
}

type Asking<'a> = Pin<Box<dyn Future<Output = Vec<Answer>> + Send + 'a>>;

/// The tree, level by level: all names of a level are asked at once, and still it is the same tree every time.
pub(super) async fn tree<D: Dns>(dns: &D, domain: &Name) -> SpfTree {
    let mut tree = SpfTree { nodes: Vec::new(), cut: false };
    let mut lookups_left = MAX_LOOKUPS;
    let mut level = vec![Pending { name: domain.clone(), parent: None }];
    while !level.is_empty() {
        let answers = join_all(level.iter().map(|pending| ask(dns, &pending.name, Kind::TXT))).await;
        let from = tree.nodes.len();
        for (pending, answer) in level.drain(..).zip(answers) {
            add_node(&mut tree, pending, texts(answer, Spf::read));
        }
        for node in from..tree.nodes.len() {
            level.extend(lead_on(&mut tree, node, &mut lookups_left));
        }
        ask_hosts(dns, &mut tree, from).await;
        number_nodes(&mut tree, &level);
    }
    tree
}

/// The SPF records of hosts below the domain that the domain's own record names, by `a` with a name or by `mx`.
pub(super) async fn sending_hosts<D: Dns>(dns: &D, tree: &SpfTree, exchanges: &[&Name]) -> Vec<Asked<Spf>> {
    let domain = &tree.root().name;
    let mut hosts: Vec<Name> = Vec::new();
    for term in tree.own().only().iter().flat_map(|spf| spf.effective()).map(|(_, term)| term) {
        match &term.kind {
            _ if term.result() != Qualifier::Pass => {}
            TermKind::A(Some(spec), _) => hosts.extend(spec.name.clone()),
            TermKind::Mx(None, _) => hosts.extend(exchanges.iter().map(|host| (*host).clone())),
            _ => {}
        }
    }
    hosts.retain(|host| host.is_below(domain));
    hosts.sort();
    hosts.dedup();
    hosts.truncate(MAX_HOSTS);
    let answers = join_all(hosts.iter().map(|host| ask(dns, host, Kind::TXT))).await;
    answers.into_iter().map(|answer| texts(answer, Spf::read)).collect()
}

fn add_node(tree: &mut SpfTree, pending: Pending, asked: Asked<Spf>) {
    tree.nodes.push(SpfNode { name: pending.name, parent: pending.parent, asked, lookups: Vec::new() });
}

/// Notes the look-ups of a node's record, and gives the names that they lead to.
fn lead_on(tree: &mut SpfTree, node: usize, left: &mut usize) -> Vec<Pending> {
    let Some(spf) = tree.nodes[node].asked.only().cloned() else { return Vec::new() };
    let mut pending = Vec::new();
    for (index, term) in spf.effective().filter(|(_, term)| term.asks_dns()) {
        let target = match &term.kind {
            _ if *left == 0 => {
                tree.cut = true;
                Target::Unread
            }
            TermKind::Include(domain) | TermKind::Redirect(domain) => match &domain.name {
                None => Target::Undecided,
                Some(name) if is_above(tree, node, name) => Target::Loop(name.clone()),
                Some(name) => {
                    pending.push(Pending { name: name.clone(), parent: Some((node, index)) });
                    // The number of the node is filled in when it is there.
                    Target::Unread
                }
            },
            _ => Target::Undecided,
        };
        *left = left.saturating_sub(1);
        tree.nodes[node].lookups.push(Lookup { term: index, target });
    }
    pending
}

/// Is the name this node's own, or that of a node which led to it? The same include on two branches is no loop.
fn is_above(tree: &SpfTree, node: usize, name: &Name) -> bool {
    let mut at = Some(node);
    while let Some(node) = at.and_then(|node| tree.nodes.get(node)) {
        if node.name == *name {
            return true;
        }
        at = node.parent.map(|(parent, _)| parent);
    }
    false
}

/// Puts the numbers that the nodes of the next level will have into the look-ups that lead to them.
fn number_nodes(tree: &mut SpfTree, level: &[Pending]) {
    let next = tree.nodes.len();
    for (offset, pending) in level.iter().enumerate() {
        let Some((node, term)) = pending.parent else { continue };
        if let Some(lookup) = tree.nodes[node].lookups.iter_mut().find(|lookup| lookup.term == term) {
            lookup.target = Target::Node(next + offset);
        }
    }
}

/// Asks what `a`, `mx` and `exists` of the nodes from this one on name.
async fn ask_hosts<D: Dns>(dns: &D, tree: &mut SpfTree, from: usize) {
    let mut wanted = Vec::new();
    for (number, node) in tree.nodes.iter().enumerate().skip(from) {
        let Some(spf) = node.asked.only() else { continue };
        for (at, lookup) in node.lookups.iter().enumerate() {
            wanted.extend(
                questions(&node.name, &spf.terms[lookup.term].kind).map(|(name, kinds)| (number, at, name, kinds)),
            );
        }
    }
    let asking = wanted.iter().map(|(_, _, name, kinds)| Box::pin(answers(dns, name, kinds)) as Asking<'_>);
    let answers: Vec<Vec<Answer>> = join_all(asking).await;
    for ((node, lookup, ..), answers) in wanted.iter().zip(answers) {
        tree.nodes[*node].lookups[*lookup].target = Target::Answers(answers);
    }
}

/// The answers for a name, and behind an MX answer the addresses of its hosts.
async fn answers<D: Dns>(dns: &D, name: &Name, kinds: &[Kind]) -> Vec<Answer> {
    let mut answers = join_all(kinds.iter().map(|kind| ask(dns, name, *kind))).await;
    let exchanges = answers.iter().flat_map(Answer::records).filter(|record| record.kind == Kind::MX);
    let hosts = exchanges.filter_map(Record::target).filter(|host| !host.is_root()).take(MAX_HOSTS);
    let addresses = join_all(hosts.map(|host| hosts::addresses(dns, host))).await;
    answers.extend(addresses.into_iter().flatten());
    answers
}

/// What a term asks for: a name, and the types. Nothing where it takes a message to know.
fn questions(domain: &Name, term: &TermKind) -> Option<(Name, &'static [Kind])> {
    let (spec, kinds): (_, &'static [Kind]) = match term {
        TermKind::A(spec, _) => (spec.as_ref(), &[Kind::A, Kind::AAAA]),
        TermKind::Mx(spec, _) => (spec.as_ref(), &[Kind::MX]),
        // RFC 7208 section 5.7: "A record" only, also for IPv6.
        TermKind::Exists(spec) => (Some(spec), &[Kind::A]),
        _ => return None,
    };
    match spec {
        None => Some((domain.clone(), kinds)),
        Some(spec) => spec.name.clone().map(|name| (name, kinds)),
    }
}

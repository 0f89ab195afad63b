//! The SPF record of a domain, and those that it leads to.

use crate::dns::Answer;
use crate::evidence::Asked;
use crate::name::Name;
use crate::records::spf::Spf;

/// An SPF record and those that it leads to. The first node is the domain's own; the others stand behind the node
/// that leads to them.
#[derive(Clone, Debug)]
pub struct SpfTree {
    /// The nodes; never empty.
    pub nodes: Vec<SpfNode>,
    /// Were there more look-ups than are followed? Then the tree is not whole.
    pub cut: bool,
}

/// A name that was asked for an SPF record.
#[derive(Clone, Debug)]
pub struct SpfNode {
    /// The name.
    pub name: Name,
    /// The node and the term in it that led here; nothing for the domain's own.
    pub parent: Option<(usize, usize)>,
    /// The answer and the SPF records in it.
    pub asked: Asked<Spf>,
    /// What the terms of the record asked DNS, in the order of evaluation. Only where there is exactly one record.
    pub lookups: Vec<Lookup>,
}

/// What one term asked DNS.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The term, by its place in the record.
    pub term: usize,
    /// What came of it.
    pub target: Target,
}

/// What came of a look-up.
#[derive(Clone, Debug)]
pub enum Target {
    /// `include` or `redirect`: the record, by its place in the tree.
    Node(usize),
    /// `include` or `redirect` of a name that led here.
    Loop(Name),
    /// `a`, `mx`, `exists`: the answers that decide. For `mx` the MX records first, behind them the IPv4 and IPv6
    /// addresses of at most ten of the hosts in these.
    Answers(Vec<Answer>),
    /// It takes a message to know: a macro, or `ptr`.
    Undecided,
    /// Not followed any more.
    Unread,
}

impl SpfTree {
    /// The domain's own node.
    pub fn own(&self) -> &Asked<Spf> {
        &self.root().asked
    }

    /// The first node.
    pub fn root(&self) -> &SpfNode {
        &self.nodes[0]
    }

    /// All answers that the tree rests on.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.nodes.iter().flat_map(|node| {
            let targets = node.lookups.iter().flat_map(|lookup| match &lookup.target {
                Target::Answers(answers) => answers.as_slice(),
                _ => &[],
            });
            std::iter::once(&node.asked.answer).chain(targets)
        })
    }

    /// All nodes that hold exactly one record, with it.
    pub fn records(&self) -> impl Iterator<Item = (&SpfNode, &Spf)> {
        self.nodes.iter().filter_map(|node| node.asked.only().map(|spf| (node, spf)))
    }

    /// The term of the domain's own record by which a node is reached: where its owner can change something.
    pub fn first_term(&self, node: usize) -> Option<usize> {
        let mut at = node;
        while let Some((parent, term)) = self.nodes.get(at)?.parent {
            if parent == 0 {
                return Some(term);
            }
            at = parent;
        }
        None
    }
}

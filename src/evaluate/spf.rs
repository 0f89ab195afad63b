//! What an SPF record costs: look-ups and void look-ups (RFC 7208 section 4.6.4).

use crate::dns::Answer;
use crate::evidence::{Lookup, SpfTree, Target};

/// RFC 7208 section 4.6.4: "SPF implementations MUST limit the total number of those terms to 10 during SPF
/// evaluation".
pub const MAX_LOOKUPS: usize = 10;

/// RFC 7208 section 4.6.4: "SPF implementations SHOULD limit "void lookups" to two."
pub const MAX_VOIDS: usize = 2;

/// How many look-ups an address costs that no mechanism matches: all terms of all records that are looked at.
pub fn lookups(tree: &SpfTree) -> usize {
    lookups_below(tree, 0)
}

/// The look-ups of one node and of all that it leads to.
pub fn lookups_below(tree: &SpfTree, node: usize) -> usize {
    let Some(node) = tree.nodes.get(node) else { return 0 };
    node.lookups.iter().map(|lookup| lookups_of(tree, lookup)).sum()
}

/// The look-ups of one term and of all that it leads to.
pub fn lookups_of(tree: &SpfTree, lookup: &Lookup) -> usize {
    match lookup.target {
        Target::Node(node) => 1 + lookups_below(tree, node),
        _ => 1,
    }
}

/// A term whose look-up is void, by node and term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Void {
    /// The node.
    pub node: usize,
    /// The term in its record.
    pub term: usize,
}

/// The terms whose look-ups are certainly void: NXDOMAIN or no data.
///
/// RFC 7208 section 4.6.4: "there may be cases where it is useful to limit the number of "terms" for which DNS queries
/// return either a positive answer (RCODE 0) with an answer count of 0, or a "Name Error" (RCODE 3) answer."
/// A host with addresses of one family only is void for senders of the other; that is not counted here.
pub fn voids(tree: &SpfTree) -> Vec<Void> {
    let all = tree.nodes.iter().enumerate().flat_map(|(number, node)| {
        let void = node.lookups.iter().filter(|lookup| is_void(lookup));
        void.map(move |lookup| Void { node: number, term: lookup.term })
    });
    all.collect()
}

/// An include of a name without a record is no matter of voids: it ends the evaluation at once (section 5.2).
fn is_void(lookup: &Lookup) -> bool {
    match &lookup.target {
        // The addresses of a mail exchange stand behind an MX answer with records, which is not void.
        Target::Answers(answers) => !answers.is_empty() && answers.iter().all(Answer::is_absent),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evidence;

    fn cost(zone: &str) -> (usize, usize) {
        let tree = &evidence(zone)[0].spf;
        (lookups(tree), voids(tree).len())
    }

    #[test]
    fn terms_that_ask_dns_count_once_each() {
        let zone = r#"
example.test. TXT "v=spf1 include:x.other a mx ptr exists:%{i}.x.other ip4:192.0.2.1 exp=y.other foo=a -all mx a"
example.test. A 192.0.2.1
example.test. MX 0 m1.other.
example.test. MX 0 m2.other.
x.other. TXT "v=spf1 ip4:192.0.2.1 -all"
"#;
        // The addresses of an exchange do not count (RFC 7208 section 4.6.4), nor does the record itself.
        assert_eq!(cost(zone), (5, 0));
    }

    #[test]
    fn the_same_include_on_two_branches_counts_twice() {
        let zone = r#"
example.test. TXT "v=spf1 include:x.other include:y.other redirect=z.other"
x.other. TXT "v=spf1 include:z.other -all"
y.other. TXT "v=spf1 include:z.other -all"
z.other. TXT "v=spf1 ip4:192.0.2.1 -all"
"#;
        assert_eq!(cost(zone), (5, 0));
    }

    #[test]
    fn redirect_beside_all_costs_nothing() {
        let zone = r#"
example.test. TXT "v=spf1 redirect=z.other -all"
z.other. TXT "v=spf1 a -all"
"#;
        assert_eq!(cost(zone), (0, 0));
    }

    #[test]
    fn void_is_what_is_certainly_not_there() {
        let zone = r#"
example.test. TXT "v=spf1 a:gone.other mx a:six.other include:none.other exists:%{i}.x.other -all"
six.other. AAAA 2001:db8::1
"#;
        assert_eq!(cost(zone), (5, 2));
    }

    #[test]
    fn circles_and_long_chains_have_an_end() {
        assert_eq!(cost(r#"example.test. TXT "v=spf1 include:example.test -all""#), (1, 0));
        let many = "include:example.test ".repeat(60);
        let tree = &evidence(&format!("example.test. TXT \"v=spf1 \" {} \"-all\"", quoted(&many)))[0].spf;
        assert!(tree.cut);
        assert_eq!(lookups(tree), 60);
    }

    fn quoted(text: &str) -> String {
        let chunks: Vec<&str> = text.as_bytes().chunks(210).filter_map(|chunk| str::from_utf8(chunk).ok()).collect();
        chunks.iter().map(|chunk| format!("\"{chunk}\"")).collect::<Vec<_>>().join(" ")
    }
}

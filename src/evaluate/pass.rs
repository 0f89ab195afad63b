//! Can anybody pass SPF at all?

use crate::dns::Answer;
use crate::evaluate::spf::MAX_LOOKUPS;
use crate::evidence::{Lookup, SpfTree, Target};
use crate::records::spf::{Qualifier, Spf, Term, TermKind};

/// What the evaluation of a record comes to for an address that nothing before the end of it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    /// Some address may match something, as far as we can tell.
    MayMatch,
    /// No address matches: neither pass nor an error.
    NoMatch,
    /// Every address ends in "permerror" or "none".
    Error,
}

/// Is it possible that the domain's SPF record lets anybody pass? Only if it is certainly not, the answer is no.
///
/// Terms are tested from left to right (RFC 7208 section 4.6.2), so a mechanism that may match counts also where the
/// record breaks behind it; what stands behind the eleventh look-up is never reached (section 4.6.4).
pub fn anybody_may_pass(tree: &SpfTree) -> bool {
    walk(tree, 0, &mut 0) == Walk::MayMatch
}

fn walk(tree: &SpfTree, node: usize, lookups: &mut usize) -> Walk {
    let Some(node) = tree.nodes.get(node) else { return Walk::MayMatch };
    if node.asked.failure().is_some() {
        return Walk::MayMatch;
    }
    // RFC 7208 section 4.5: no record is "none", several are "permerror"; section 4.6: so is one with a syntax error.
    let Some(spf) = node.asked.only().filter(|spf| spf.invalid().next().is_none()) else { return Walk::Error };
    for (index, term) in spf.effective() {
        let lookup = node.lookups.iter().find(|lookup| lookup.term == index);
        match step(tree, term, lookup, lookups) {
            Walk::NoMatch if term.is_all() => return Walk::NoMatch,
            Walk::NoMatch => {}
            end => return end,
        }
    }
    Walk::NoMatch
}

fn step(tree: &SpfTree, term: &Term, lookup: Option<&Lookup>, lookups: &mut usize) -> Walk {
    if term.asks_dns() {
        *lookups += 1;
        if *lookups > MAX_LOOKUPS {
            return Walk::Error;
        }
    }
    let reach = match lookup.map(|lookup| &lookup.target) {
        // RFC 7208 section 5.2: an include of a name without a record is a "permerror".
        Some(Target::Node(node)) => walk(tree, *node, lookups),
        Some(Target::Loop(_)) => Walk::Error,
        Some(Target::Answers(answers)) if !answers.is_empty() && answers.iter().all(Answer::is_absent) => Walk::NoMatch,
        _ => Walk::MayMatch,
    };
    // A mechanism with another sign than plus stops those who match: it lets nobody pass.
    let passes = term.result() == Qualifier::Pass;
    if reach == Walk::MayMatch && !passes && !matches!(term.kind, TermKind::Redirect(_)) {
        Walk::NoMatch
    } else {
        reach
    }
}

/// Does the record say that nobody sends: no mechanism but `all`, with a minus?
pub fn forbids_all(spf: &Spf) -> bool {
    spf.all().is_some_and(|all| all.result() == Qualifier::Fail) && spf.effective().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{live_evidence, offline_evidence};

    fn may_pass(record: &str, world: &str) -> bool {
        let zone = format!("$TTL 60\n@ MX 0 mail\n@ TXT \"{record}\"\n{world}\n");
        anybody_may_pass(&live_evidence(&zone, &[]).spf)
    }

    #[test]
    fn what_may_match() {
        for record in ["v=spf1 ip4:192.0.2.1 -all", "v=spf1 +all", "v=spf1 ptr", "v=spf1 exists:%{i}.a.test -all"] {
            assert!(may_pass(record, ""), "{record}");
        }
        assert!(may_pass("v=spf1 a -all", "@ A 192.0.2.1"));
        assert!(may_pass("v=spf1 include:a.test -all", "a.test. TXT \"v=spf1 ip4:192.0.2.1 -all\""));
        assert!(may_pass("v=spf1 redirect=a.test", "a.test. TXT \"v=spf1 ip4:192.0.2.1 -all\""));
        assert!(may_pass("v=spf1 ip4:192.0.2.1 include:none.test -all", ""), "matched before the error");
    }

    #[test]
    fn what_never_matches() {
        for record in [
            "v=spf1 -all",
            "v=spf1 ~all ip4:192.0.2.1",
            "v=spf1",
            "v=spf1 a:none.test -all",
            "v=spf1 ip4:192.0.2.1 ipv4:192.0.2.2 -all",
            "v=spf1 include:none.test ip4:192.0.2.1 -all",
            "v=spf1 redirect=none.test",
            "v=spf1 -ip4:192.0.2.1 ?all",
            "v=spf2 ip4:192.0.2.1",
        ] {
            assert!(!may_pass(record, ""), "{record}");
        }
        let two = "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"";
        assert!(!may_pass("v=spf1 ip4:192.0.2.2 -all", two));
        assert!(!may_pass("v=spf1 include:a.test ip4:192.0.2.1", "a.test. TXT \"v=spf1 include:example.test -all\""));
    }

    #[test]
    fn behind_the_limit_nothing_matches() {
        let voids: String = (0..11).map(|n| format!("a:n{n}.none.test ")).collect();
        assert!(!may_pass(&format!("v=spf1 {voids}ip4:192.0.2.1 -all"), ""));
        assert!(may_pass(&format!("v=spf1 ip4:192.0.2.1 {voids}-all"), ""));
    }

    #[test]
    fn who_was_not_asked_may_let_pass() {
        let zone = "$TTL 60\n@ MX 0 mail\n@ TXT \"v=spf1 include:a.example.org -all\"\n";
        assert!(anybody_may_pass(&offline_evidence(zone)[0].spf));
    }
}

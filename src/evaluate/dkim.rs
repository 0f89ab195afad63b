//! Is there certainly no DKIM key?

use crate::dns::{Answer, Outcome};
use crate::evidence::Evidence;

/// Is it certain that no selector of the domain exists?
///
/// RFC 8020 section 2: NXDOMAIN says that nothing exists at or below a name. If `_domainkey` does not exist, no selector
/// does; if it does, nobody can tell.
pub fn is_certainly_absent(evidence: &Evidence) -> bool {
    let node = &evidence.dkim.node;
    // Behind an alias (of a wildcard, say) it is another name that does not exist.
    let nothing_below = matches!(node.outcome, Outcome::NxDomain) && node.aliases.is_empty();
    // Some servers deny names that have others below them; whatever was found there proves them wrong.
    let none_seen = |answer: &Answer| answer.is_absent() && answer.aliases.is_empty();
    nothing_below
        && evidence.dkim.selectors.iter().all(|selector| none_seen(&selector.asked.answer))
        && is_whole(evidence)
}

/// A line of the zone that could not be read may be a selector.
fn is_whole(evidence: &Evidence) -> bool {
    evidence.zone.as_ref().is_none_or(|zone| zone.unread().next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{evidence, live_evidence};

    fn absent(records: &str) -> bool {
        is_certainly_absent(&evidence(&format!("$TTL 60\n@ MX 0 mail\n{records}\n"))[0])
    }

    #[test]
    fn only_an_empty_tree_is_certain() {
        assert!(absent("mail A 192.0.2.1"));
        assert!(!absent("s1._domainkey TXT \"v=DKIM1; p=\""));
        assert!(!absent("s1._domainkey CNAME s1.example.org."));
        assert!(!absent("_domainkey NS ns1.example.org."));
        assert!(!absent("* CNAME www"), "an alias is followed");
        assert!(!absent("* TXT x"));
        assert!(!absent("s1._domainkey TXT \"v=DKIM1; p="), "a line that cannot be read");
    }

    #[test]
    fn the_same_on_live_dns() {
        assert!(is_certainly_absent(&live_evidence("$TTL 60\n@ MX 0 mail\n", &["s1"])));
        assert!(!is_certainly_absent(&live_evidence("$TTL 60\nunknown._domainkey TXT x\n", &["s1"])));
    }
}

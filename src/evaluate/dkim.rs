//! Is there certainly no DKIM key?

use crate::dns::{Answer, Outcome};
use crate::evidence::{Evidence, Selector};
use crate::records::dkim::{DkimKey, PublicKey};

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

/// Is it certain that no signature of the domain can be verified: no selector exists, or the zone file shows all of them
/// and none has a key that receivers can use? A key that was withdrawn says that there is, or was, another.
pub fn is_certainly_unusable(evidence: &Evidence) -> bool {
    let selectors = &evidence.dkim.selectors;
    // A part of the zone that lies elsewhere may hold others.
    let are_known = evidence.zone.is_some() && is_whole(evidence) && evidence.dkim.node.failure().is_none();
    let is_idle = |selector: &Selector| {
        let found = &selector.asked.found;
        let may_count = |key: &DkimKey| key.is_usable() || matches!(key.key, PublicKey::Revoked);
        selector.asked.failure().is_none() && !found.iter().any(may_count)
    };
    is_certainly_absent(evidence) || (are_known && !selectors.is_empty() && selectors.iter().all(is_idle))
}

/// What of the zone could not be read, or was not given, may be a selector.
fn is_whole(evidence: &Evidence) -> bool {
    evidence.zone.as_ref().is_none_or(|zone| !zone.partial && zone.unread().next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{evidence, live_evidence, offline_evidence};

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
    fn keys_that_nobody_can_use() {
        let zone = |records: &str| evidence(&format!("$TTL 60\n@ MX 0 mail\n{records}\n"));
        let unusable = |records: &str| is_certainly_unusable(&zone(records)[0]);
        let key = "TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"";
        let broken = "s1._domainkey TXT \"v=DKIM1; k=rsa; p=AAAA\"";
        assert!(unusable("") && unusable(broken));
        assert!(!unusable(&format!("{broken}\ns2._domainkey {key}")));
        assert!(!unusable(&format!("{broken}\ns2._domainkey TXT \"v=DKIM1; p=\"")), "there may be another");
        let elsewhere = format!("$TTL 60\n@ MX 0 mail\n{broken}\ns2._domainkey CNAME s2.example.org.\n");
        assert!(!is_certainly_unusable(&offline_evidence(&elsewhere)[0]), "it was not asked");
        assert!(!unusable(&format!("{broken}\ns2._domainkey TXT \"v=DKIM1; p=")), "a line that cannot be read");
        let live = live_evidence(&format!("$TTL 60\n@ MX 0 mail\n{broken}\n"), &["s1"]);
        assert!(!is_certainly_unusable(&live), "there may be other selectors");
    }

    #[test]
    fn the_same_on_live_dns() {
        assert!(is_certainly_absent(&live_evidence("$TTL 60\n@ MX 0 mail\n", &["s1"])));
        assert!(!is_certainly_absent(&live_evidence("$TTL 60\nunknown._domainkey TXT x\n", &["s1"])));
    }
}

//! Which DMARC policy applies to a domain, which domain is its organizational domain, and what is aligned with it
//! (RFC 9989 section 4.10); and the same by RFC 7489, which receivers of before 2026 follow.

use crate::dns::Answer;
use crate::evidence::{Asked, Evidence};
use crate::name::Name;
use crate::records::dmarc::{Alignment, Dmarc, Policy, Psd};

/// What is known of the DMARC policy of a domain.
#[derive(Clone, Debug)]
pub enum PolicyFound<'a> {
    /// A record applies.
    Record {
        /// The record.
        dmarc: &'a Dmarc,
        /// The answer that it stands in.
        answer: &'a Answer,
        /// It is the domain's own, not that of a domain above.
        own: bool,
        /// What receivers act on; nothing if they act as if there were no record.
        policy: Option<Policy>,
    },
    /// There is certainly no record that applies.
    Missing,
    /// Several records stand at the domain's own name, so that none of them applies.
    ///
    /// RFC 9989 section 4.10: where one name has several policy records, all of them are discarded.
    Several,
    /// DNS did not tell.
    Unknown,
}

/// The policy for mail with this domain in its From field.
pub fn policy(evidence: &Evidence) -> PolicyFound<'_> {
    policy_for(&evidence.domain, &evidence.dmarc, !evidence.is_nonexistent())
}

/// The same of a domain whose tree walk gave these answers, the longest name first.
///
/// RFC 9989 section 4.10.1: the domain's own record ("p"), else that of the organizational domain, else that of the
/// public suffix domain: "sp" if the domain exists, "np" if it does not.
pub fn policy_for<'a>(domain: &Name, walk: &'a [Asked<Dmarc>], exists: bool) -> PolicyFound<'a> {
    own_policy(walk).unwrap_or_else(|| match organizational_domain(domain, walk) {
        None => PolicyFound::Unknown,
        Some(organizational) => {
            let suffix = || walk.iter().find(|asked| asked.only().is_some_and(|dmarc| dmarc.psd() == Psd::Yes));
            inherited(record_at(walk, &organizational).or_else(suffix), exists)
        }
    })
}

/// The policy by RFC 7489 section 6.6.3: the domain's own record, else that of the organizational domain by the public
/// suffix list, and no other.
pub fn policy_by_list(evidence: &Evidence) -> PolicyFound<'_> {
    let (walk, organizational) = (&evidence.dmarc, evidence.domain.registered_domain());
    own_policy(walk).unwrap_or_else(|| {
        let asked = walk.iter().find(|asked| place(asked).as_ref() == Some(&organizational));
        match asked.is_some_and(|asked| asked.failure().is_some()) {
            true => PolicyFound::Unknown,
            // RFC 7489 has no "np": "sp" counts for all names below.
            false => inherited(asked.filter(|asked| asked.only().is_some()), true),
        }
    })
}

/// The organizational domain of the name where this tree walk began; nothing where DNS did not tell.
///
/// RFC 9989 section 4.10.2: of the records from the longest name to the shortest, one with psd=n is that of the
/// organizational domain; one with psd=y, but for the first name, stands one label above it; otherwise it is the one
/// with the fewest labels. Where there is none, it is the name itself.
pub fn organizational_domain(domain: &Name, walk: &[Asked<Dmarc>]) -> Option<Name> {
    let mut fewest = domain.clone();
    for asked in walk {
        let here = place(asked)?;
        if asked.failure().is_some() && matters(domain, &here) {
            return None;
        }
        match asked.only().map(Dmarc::psd) {
            None => {}
            Some(Psd::No) => return Some(here),
            Some(Psd::Yes) if here != *domain => return Some(one_below(domain, &here)),
            Some(_) => fewest = here,
        }
    }
    Some(fewest)
}

/// Is the domain of SPF or DKIM aligned with that of the From field? `organizational` tells the organizational domain of
/// a name: by RFC 9989 that of a tree walk, by RFC 7489 [`Name::registered_domain`].
///
/// RFC 9989 section 4.10.2: "they have either the same Organizational Domain (relaxed alignment) or [...] they're
/// identical (strict alignment)".
pub fn aligned(from: &Name, other: &Name, mode: Alignment, organizational: impl Fn(&Name) -> Name) -> bool {
    match mode {
        Alignment::Strict => from == other,
        Alignment::Relaxed => from == other || organizational(from) == organizational(other),
    }
}

/// What the first answer of a walk decides: nothing where the domain certainly has no record of its own.
fn own_policy(walk: &[Asked<Dmarc>]) -> Option<PolicyFound<'_>> {
    let Some(own) = walk.first() else { return Some(PolicyFound::Unknown) };
    match own.found.as_slice() {
        [dmarc] => {
            let policy = dmarc.effective_policy();
            Some(PolicyFound::Record { dmarc, answer: &own.answer, own: true, policy })
        }
        [] => own.failure().map(|_| PolicyFound::Unknown),
        _ => Some(PolicyFound::Several),
    }
}

fn inherited(asked: Option<&Asked<Dmarc>>, exists: bool) -> PolicyFound<'_> {
    match asked.and_then(|asked| Some((asked.only()?, &asked.answer))) {
        Some((dmarc, answer)) => {
            let policy = if exists { dmarc.effective_subdomain_policy() } else { dmarc.effective_nonexistent_policy() };
            PolicyFound::Record { dmarc, answer, own: false, policy }
        }
        None => PolicyFound::Missing,
    }
}

/// The domain whose record was asked for: without `_dmarc`.
fn place(asked: &Asked<Dmarc>) -> Option<Name> {
    asked.answer.question.name.parent()
}

fn record_at<'a>(walk: &'a [Asked<Dmarc>], domain: &Name) -> Option<&'a Asked<Dmarc>> {
    walk.iter().find(|asked| asked.only().is_some() && place(asked).as_ref() == Some(domain))
}

/// The name one label below another, on the way to a domain.
fn one_below(domain: &Name, above: &Name) -> Name {
    let mut name = domain.clone();
    while let Some(parent) = name.parent().filter(|parent| parent != above && parent.is_below(above)) {
        name = parent;
    }
    name
}

/// Records above the registered domain are those of public suffixes: a few exist, and where nobody was asked for them
/// nothing is lost.
fn matters(domain: &Name, here: &Name) -> bool {
    here.is_within(&domain.registered_domain())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{evidence, live_evidence, offline_evidence, zone_data};

    /// The policy of `a.b.example.test` in a zone with these records.
    fn inherited(records: &str) -> Option<Policy> {
        let zone = format!("$TTL 60\n@ MX 0 mail\na.b MX 0 mail\n{records}\n");
        let all = evidence(&zone);
        let evidence = all.iter().find(|evidence| evidence.domain.as_str() == "a.b.example.test").expect("a domain");
        match policy(evidence) {
            PolicyFound::Record { policy, own: false, .. } => policy,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_fewest_labels_win() {
        let both = "_dmarc TXT \"v=DMARC1;p=reject;sp=quarantine\"\n_dmarc.b TXT \"v=DMARC1;p=none\"";
        assert_eq!(inherited(both), Some(Policy::Quarantine));
        assert_eq!(inherited("_dmarc.b TXT \"v=DMARC1;p=none\""), Some(Policy::None));
    }

    #[test]
    fn psd_tells_the_organizational_domain() {
        let ends = "_dmarc TXT \"v=DMARC1;p=reject\"\n_dmarc.b TXT \"v=DMARC1;p=none;psd=n\"";
        assert_eq!(inherited(ends), Some(Policy::None));
        let suffix = "_dmarc TXT \"v=DMARC1;p=reject;psd=y\"\n_dmarc.b TXT \"v=DMARC1;p=none\"";
        assert_eq!(inherited(suffix), Some(Policy::None));
        assert_eq!(inherited("_dmarc TXT \"v=DMARC1;p=none;sp=reject;psd=y\""), Some(Policy::Reject));
    }

    #[test]
    fn several_above_are_as_none() {
        let several = "_dmarc TXT \"v=DMARC1;p=reject\"\n_dmarc.b TXT \"v=DMARC1;p=none\"\n\
                       _dmarc.b TXT \"v=DMARC1;p=quarantine\"";
        assert_eq!(inherited(several), Some(Policy::Reject));
    }

    #[test]
    fn a_broken_record_gives_nothing_to_those_below() {
        assert_eq!(inherited("_dmarc TXT \"v=DMARC1;p=rejct;sp=reject\""), None);
        assert_eq!(inherited("_dmarc TXT \"v=DMARC1;p=rejct;sp=reject;rua=mailto:a@b.test\""), Some(Policy::None));
    }

    #[test]
    fn own_several_missing_and_unknown() {
        let several = "$TTL 60\n@ MX 0 mail\n_dmarc TXT \"v=DMARC1;p=none\"\n_dmarc TXT \"v=DMARC1;p=reject\"\n";
        assert!(matches!(policy(&evidence(several)[0]), PolicyFound::Several));
        let nothing = "$TTL 60\n@ MX 0 mail\n";
        assert!(matches!(policy(&live_evidence(nothing, &[])), PolicyFound::Missing));
        assert!(matches!(policy(&offline_evidence(nothing)[0]), PolicyFound::Missing), "no one asks for _dmarc.test");
        let elsewhere = "$TTL 60\n@ MX 0 mail\n_dmarc CNAME d.example.org.\n";
        assert!(matches!(policy(&offline_evidence(elsewhere)[0]), PolicyFound::Unknown));
    }

    /// The organizational domain of a domain in a world with these records at `_dmarc` names.
    fn organization(domain: &str, records: &[(&str, &str)]) -> String {
        let lines: Vec<String> =
            records.iter().map(|(name, tags)| format!("_dmarc.{name}. TXT \"v=DMARC1; p=none{tags}\"\n")).collect();
        let world = zone_data(&format!("$TTL 60\n{}", lines.concat()));
        let domain = Name::parse(domain).expect("a name");
        let walk = crate::testing::walk(&world, &domain);
        organizational_domain(&domain, &walk).expect("known").to_string()
    }

    #[test]
    fn the_examples_of_rfc_9989_section_4_10_2() {
        for (records, expected) in [
            (&[("mail.example.com", ""), ("example.com", "")][..], "example.com"),
            (&[("mail.example.com", "; psd=n"), ("example.com", "")], "mail.example.com"),
            (&[("com", "; psd=y")], "example.com"),
            (&[], "a.mail.example.com"),
            (&[("a.mail.example.com", "; psd=y")], "a.mail.example.com"),
            (&[("a.mail.example.com", ""), ("example.com", "; psd=y")], "mail.example.com"),
            (&[("a.mail.example.com", "; psd=u")], "a.mail.example.com"),
        ] {
            assert_eq!(organization("a.mail.example.com", records), expected, "{records:?}");
        }
    }

    #[test]
    fn names_of_more_than_eight_labels() {
        let long = "a.b.c.d.e.f.g.h.i.j.mail.example.com";
        assert_eq!(organization(long, &[("e.f.g.h.i.j.mail.example.com", "; psd=n")]), long, "nobody asks there");
        assert_eq!(organization(long, &[("h.i.j.mail.example.com", "; psd=n")]), "h.i.j.mail.example.com");
        assert_eq!(organization(long, &[("com", "; psd=y")]), "example.com");
    }

    #[test]
    fn names_that_exist_and_names_that_do_not() {
        let world = zone_data("$TTL 60\n_dmarc TXT \"v=DMARC1; p=reject; sp=quarantine; np=none\"\n");
        let domain = Name::parse("a.example.test").expect("a name");
        let walk = crate::testing::walk(&world, &domain);
        let policy = |exists| match policy_for(&domain, &walk, exists) {
            PolicyFound::Record { policy, own: false, .. } => policy,
            other => panic!("{other:?}"),
        };
        assert_eq!((policy(true), policy(false)), (Some(Policy::Quarantine), Some(Policy::None)));
    }

    #[test]
    fn older_receivers_see_the_registered_domain_alone() {
        let zone = "$TTL 60\na.b MX 0 mail\n_dmarc.b TXT \"v=DMARC1;p=reject\"\n";
        let all = evidence(zone);
        let deep = all.iter().find(|evidence| evidence.domain.as_str() == "a.b.example.test").expect("a domain");
        assert!(matches!(policy(deep), PolicyFound::Record { policy: Some(Policy::Reject), .. }));
        assert!(matches!(policy_by_list(deep), PolicyFound::Missing));
    }

    #[test]
    fn alignment() {
        let name = |text| Name::parse(text).expect("a name");
        let (from, other) = (name("news.example.com"), name("bounce.example.com"));
        assert!(aligned(&from, &other, Alignment::Relaxed, Name::registered_domain));
        assert!(!aligned(&from, &other, Alignment::Strict, Name::registered_domain));
        assert!(!aligned(&from, &other, Alignment::Relaxed, Name::clone), "each its own organization");
        assert!(aligned(&from, &from, Alignment::Strict, Name::clone));
    }
}

//! Which DMARC policy applies to a domain (RFC 9989 section 4.10).

use crate::dns::Answer;
use crate::evidence::{Asked, Evidence};
use crate::records::dmarc::{Dmarc, Policy};

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
    let Some((own, above)) = evidence.dmarc.split_first() else { return PolicyFound::Unknown };
    match own.found.as_slice() {
        [dmarc] => {
            return PolicyFound::Record { dmarc, answer: &own.answer, own: true, policy: dmarc.effective_policy() };
        }
        [] => {}
        _ => return PolicyFound::Several,
    }
    if evidence.dmarc.iter().any(|asked| asked.failure().is_some() && matters(evidence, asked)) {
        return PolicyFound::Unknown;
    }
    let organizational = organizational(above).and_then(|asked| Some((asked.only()?, &asked.answer)));
    match organizational {
        Some((dmarc, answer)) => {
            PolicyFound::Record { dmarc, answer, own: false, policy: dmarc.effective_subdomain_policy() }
        }
        None => PolicyFound::Missing,
    }
}

/// Records above the registered domain are those of public suffixes: a few exist, and where nobody was asked for them
/// nothing is lost.
fn matters(evidence: &Evidence, asked: &Asked<Dmarc>) -> bool {
    let registered = evidence.domain.registered_domain().labels().count();
    let here = asked.answer.question.name.labels().count() - 1;
    here >= registered
}

/// The record above the domain that applies to it: the organizational domain's, else the public suffix domain's.
///
/// RFC 9989 section 4.10.2: of the records from the longest name to the shortest, one with psd=n is that of the
/// organizational domain; one with psd=y stands one label above it; otherwise it is the one with the fewest labels.
fn organizational(above: &[Asked<Dmarc>]) -> Option<&Asked<Dmarc>> {
    let mut shortest = None;
    for (position, asked) in above.iter().enumerate() {
        let Some(dmarc) = asked.only() else { continue };
        match dmarc.tags.value("psd").map(str::to_ascii_lowercase).as_deref() {
            Some("n") => return Some(asked),
            Some("y") => return above[..position].last().filter(|below| below.only().is_some()).or(Some(asked)),
            _ => shortest = Some(asked),
        }
    }
    shortest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{evidence, live_evidence, offline_evidence};

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
}

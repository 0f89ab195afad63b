//! Does a domain say that it neither sends nor receives mail, and what does it leave open?

use crate::dns::{Data, Record};
use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::{dkim, dmarc_plan, pass};
use crate::evidence::Evidence;
use crate::name::Name;
use crate::records::dkim::DkimKey;
use crate::records::dmarc::Policy;
use crate::records::spf::Spf;

/// Does the domain say plainly that it neither sends nor receives: by a null MX alone, by `-all` alone, or by both,
/// and nothing else speaks of mail? What nobody knows, such as DKIM selectors that cannot be listed, counts as mail.
pub fn is_declared(evidence: &Evidence) -> bool {
    let null = has_null_mx(evidence);
    let spf = evidence.spf.own();
    let forbids = spf.only().is_some_and(pass::forbids_all);
    let by_mx = null && (forbids || spf.is_missing());
    let by_spf = forbids && (null || evidence.mx.is_missing());
    evidence.named && (by_mx || by_spf) && signs_nothing(evidence) && !below_there_is_mail(evidence)
}

/// Does it say so wherever receivers look: by a null MX, by `-all`, and by a DMARC policy of `reject`?
pub fn is_complete(evidence: &Evidence) -> bool {
    let forbids = || evidence.spf.own().only().is_some_and(pass::forbids_all);
    let rejects = || matches!(dmarc::policy(evidence), PolicyFound::Record { policy: Some(Policy::Reject), .. });
    is_declared(evidence) && has_null_mx(evidence) && forbids() && rejects()
}

fn has_null_mx(evidence: &Evidence) -> bool {
    let exchanges = &evidence.mx.found;
    !exchanges.is_empty() && exchanges.iter().all(|host| host.exchange.is_root())
}

/// Does the wildcard of the selectors say that every key was withdrawn?
pub fn revokes_all_keys(evidence: &Evidence) -> bool {
    let mut keys = evidence.dkim.wildcard.records().iter().filter_map(Record::txt).map(DkimKey::read);
    keys.next().is_some_and(|key| key.is_meant_as_key() && key.is_revoked())
}

/// The DMARC record that such a domain should have, and its name, where the policy that applies to it is weaker than
/// `reject`. Nothing where the record is not the domain's to change, or has no policy that can be read.
pub fn strict_record(evidence: &Evidence) -> Option<(Name, String)> {
    let PolicyFound::Record { dmarc, answer, own, policy } = dmarc::policy(evidence) else { return None };
    if policy.is_none_or(|policy| policy == Policy::Reject) || !is_declared(evidence) {
        return None;
    }
    if !own {
        return Some((evidence.domain.prefixed("_dmarc").ok()?, "v=DMARC1; p=reject".to_owned()));
    }
    let changeable = answer.aliases.is_empty() && dmarc.policy("p") == Ok(policy);
    changeable.then(|| (answer.question.name.clone(), dmarc_plan::strictest(&dmarc.txt.value)))
}

/// Is it certain that no selector has a key? Beside a wildcard that withdraws all, there may be others that nobody named:
/// who publishes that wildcard has said what he means.
fn signs_nothing(evidence: &Evidence) -> bool {
    let live = evidence.dkim.selectors.iter().any(|selector| {
        let answer = &selector.asked.answer;
        let own = !answer.is_of_wildcard(&evidence.dkim.wildcard);
        own && (!answer.aliases.is_empty() || selector.asked.found.iter().any(|key| !key.is_revoked()))
    });
    !live && (revokes_all_keys(evidence) || dkim::is_certainly_absent(evidence))
}

/// Has a name below the domain mail of its own, as far as a zone file tells?
fn below_there_is_mail(evidence: &Evidence) -> bool {
    let records = evidence.zone.iter().flat_map(|zone| &zone.records);
    let below = records.filter(|record| record.owner.is_below(&evidence.domain));
    below.into_iter().any(|record| match &record.data {
        Data::Mx { exchange, .. } => !exchange.is_root(),
        Data::Txt(txt) => Spf::read(txt).is_some_and(|spf| !pass::forbids_all(&spf)),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{evidence, live_evidence, offline_evidence};

    fn declared(records: &str) -> bool {
        is_declared(&evidence(&format!("$TTL 60\n{records}\n"))[0])
    }

    #[test]
    fn one_plain_word_is_enough() {
        assert!(declared("@ MX 0 ."));
        assert!(declared("@ TXT \"v=spf1 -all\""));
        assert!(declared("@ MX 0 .\n@ TXT \"v=spf1 -all\"\n*._domainkey TXT \"v=DKIM1; p=\""));
        assert!(is_declared(&live_evidence("$TTL 60\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n", &["s1"])));
    }

    #[test]
    fn all_three_words_are_complete() {
        let complete = |records: &str| is_complete(&evidence(&format!("$TTL 60\n{records}\n"))[0]);
        let (mx, spf, dmarc) = ("@ MX 0 .", "@ TXT \"v=spf1 -all\"", "_dmarc TXT \"v=DMARC1; p=reject\"");
        assert!(complete(&format!("{mx}\n{spf}\n{dmarc}")));
        for two in [format!("{mx}\n{spf}"), format!("{mx}\n{dmarc}"), format!("{spf}\n{dmarc}")] {
            assert!(!complete(&two), "{two}");
        }
        assert!(!complete(&format!("{mx}\n{spf}\n_dmarc TXT \"v=DMARC1; p=quarantine\"")));
        assert!(!complete(&format!("{mx}\n{spf}\n{dmarc}\nnews TXT \"v=spf1 mx -all\"")));
    }

    #[test]
    fn whatever_speaks_of_mail_is_mail() {
        for records in [
            "@ MX 0 mail\n@ TXT \"v=spf1 -all\"",
            "@ MX 0 .\n@ MX 10 mail\n@ TXT \"v=spf1 -all\"",
            "@ MX 0 .\n@ TXT \"v=spf1 mx -all\"",
            "@ MX 0 .\n@ TXT \"v=spf1 ~all\"",
            "@ TXT \"v=spf1 -all\"\ns1._domainkey TXT \"v=DKIM1; p=AAAA\"",
            "@ TXT \"v=spf1 -all\"\ns1._domainkey CNAME s1.provider.test.\n*._domainkey TXT \"v=DKIM1; p=\"",
            "@ MX 0 .\n@ TXT \"v=spf1 -all\"\nnews MX 0 mail",
            "@ MX 0 .\n@ TXT \"v=spf1 -all\"\nnews TXT \"v=spf1 a -all\"",
            "www A 192.0.2.1\n_dmarc TXT \"v=DMARC1; p=reject\"",
        ] {
            assert!(!declared(records), "{records}");
        }
    }

    #[test]
    fn what_is_not_known_may_be_mail() {
        let unknown_selector = "$TTL 60\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\nx._domainkey TXT x\n";
        assert!(!is_declared(&live_evidence(unknown_selector, &["s1"])));
        let delegated = "$TTL 60\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_domainkey NS ns.other.\n";
        assert!(!is_declared(&offline_evidence(delegated)[0]));
    }
}

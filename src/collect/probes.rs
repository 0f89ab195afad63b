//! Names where records land by mistake. They are asked only where the right name has none.

use futures_util::future::join_all;

use crate::collect::Wanted;
use crate::dns::{Answer, Dns};
use crate::evidence::{Asked, Dkim, Selector};
use crate::name::{Kind, Name, Question};
use crate::records::dmarc::Dmarc;

/// Asks. A zone file needs no probes: all its names are known.
pub(super) async fn ask<D: Dns>(dns: &D, wanted: &Wanted, dkim: &Dkim, dmarc: &[Asked<Dmarc>]) -> Vec<Answer> {
    if !wanted.named || wanted.zone.is_some() {
        return Vec::new();
    }
    let domain = &wanted.domain;
    let mut labels: Vec<String> = Vec::new();
    if dmarc.first().is_some_and(Asked::is_missing) {
        labels.extend(["dmarc".to_owned(), format!("_dmarc.{domain}")]);
    }
    let is_missing = |selector: &&Selector| selector.asked.is_missing() && selector.asked.answer.aliases.is_empty();
    for selector in dkim.selectors.iter().filter(is_missing) {
        let name = &selector.name;
        labels.extend([format!("{name}._domainkey.{domain}"), format!("{name}.domainkey"), name.clone()]);
    }
    if labels.is_empty() {
        return Vec::new();
    }
    labels.push("*".to_owned());
    let names: Vec<Name> = labels.iter().filter_map(|labels| domain.prefixed(labels).ok()).collect();
    let questions: Vec<Question> = names.iter().map(|name| Question::new(name, Kind::TXT)).collect();
    let mut answers = join_all(questions.iter().map(|question| dns.ask(question))).await;
    match answers.pop() {
        Some(wildcard) if wildcard.failure().is_none() => answers.retain(|answer| !answer.is_of_wildcard(&wildcard)),
        _ => answers.clear(),
    }
    answers
}

#[cfg(test)]
mod tests {
    use crate::testing::live_evidence;

    /// The owners of what the probes of `example.test` find.
    fn found(records: &str) -> Vec<String> {
        let evidence = live_evidence(&format!("$TTL 60\n@ MX 0 mail\nx._domainkey TXT x\n{records}\n"), &["s1"]);
        evidence.nearby().map(|record| record.owner.to_string()).collect()
    }

    #[test]
    fn what_a_wildcard_answers_is_no_slip() {
        for wildcard in ["* CNAME www\nwww TXT x", "* TXT b\n* TXT a", "* CNAME gone.other."] {
            assert_eq!(found(wildcard), [""; 0], "{wildcard}");
        }
    }

    #[test]
    fn a_slip_beside_a_wildcard_is_found() {
        let slip = "_dmarc.example.test TXT \"v=DMARC1; p=none\"\n* TXT x";
        assert_eq!(found(slip), ["_dmarc.example.test.example.test"]);
    }
}

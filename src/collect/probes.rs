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
    let names: Vec<Name> = labels.iter().filter_map(|labels| domain.prefixed(labels).ok()).collect();
    let questions: Vec<Question> = names.iter().map(|name| Question::new(name, Kind::TXT)).collect();
    join_all(questions.iter().map(|question| dns.ask(question))).await
}

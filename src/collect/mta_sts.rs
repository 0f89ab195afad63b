//! The MTA-STS record, the host of the policy, and the policy.

use crate::collect::{ask_below, hosts, texts};
use crate::dns::{Answer, Dns, Failure, Record};
use crate::evidence::MtaSts;
use crate::name::{Kind, Name, Question};
use crate::records::mta_sts::{MtaStsRecord, Policy, lookalike};
use crate::web::{Document, Request, Url, Web};

/// Asks for the record and for the host of the policy; for the policy itself where a record announces one.
///
/// RFC 8461 section 3.3: the policy is at `https://mta-sts.<domain>/.well-known/mta-sts.txt`.
pub(super) async fn mta_sts<D: Dns, W: Web>(dns: &D, web: &W, domain: &Name) -> MtaSts {
    let (record, host) = tokio::join!(ask_below(dns, domain, "_mta-sts"), addresses(dns, domain, "mta-sts"));
    let record = texts(record, MtaStsRecord::read);
    let is_meant = !record.found.is_empty() || has_lookalike(&record.answer);
    let url = Url::parse(&format!("https://mta-sts.{domain}/.well-known/mta-sts.txt")).ok();
    let page = match url.filter(|_| is_meant) {
        Some(url) => Some(web.fetch(&Request::policy(url)).await),
        None => None,
    };
    let is_alone = !is_meant && host.iter().any(|answer| !answer.records().is_empty());
    let wildcard = if is_alone { Some(addresses(dns, domain, "*").await) } else { None };
    let policy = page.as_ref().and_then(|page| page.document()).map(|Document { text, .. }| Policy::read(text));
    MtaSts { record, host, wildcard, page, policy }
}

async fn addresses<D: Dns>(dns: &D, domain: &Name, label: &str) -> [Answer; 2] {
    match domain.prefixed(label) {
        Ok(name) => hosts::addresses(dns, &name).await,
        Err(_) => [Kind::A, Kind::AAAA].map(|kind| Answer::failed(&Question::new(domain, kind), Failure::NotAsked)),
    }
}

fn has_lookalike(answer: &Answer) -> bool {
    answer.records().iter().filter_map(Record::txt).any(|txt| lookalike(&txt.value).is_some())
}

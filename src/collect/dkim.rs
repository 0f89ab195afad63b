//! DKIM selectors: those given, those of the zone file, and those that the providers sign with.

use std::collections::HashSet;

use futures_util::future::join_all;

use crate::collect::{Wanted, ask, texts};
use crate::dns::{Answer, Dns, Failure};
use crate::evidence::{Dkim, Selector, SelectorOrigin};
use crate::name::{Kind, Name, Question};
use crate::providers::Provider;
use crate::records::dkim::DkimKey;

/// Asks the selectors that are known beforehand: those given, and those of the zone file.
pub(super) async fn named<D: Dns>(dns: &D, wanted: &Wanted) -> Dkim {
    let given = wanted.known.selectors.iter().map(|name| (name.to_ascii_lowercase(), SelectorOrigin::Given));
    // `_report` and `_adsp` hold other records (RFC 6651, RFC 5617); the names of selectors begin with no underscore.
    let zone = wanted.zone_selectors.iter().filter(|name| !name.starts_with('_'));
    let names = given.chain(zone.map(|name| (name.clone(), SelectorOrigin::Zone)));
    let domain = &wanted.domain;
    let (node, wildcard, selectors) =
        tokio::join!(at(dns, domain, "_domainkey"), at(dns, domain, "*._domainkey"), ask_all(dns, domain, names, &[]));
    Dkim { node, wildcard, selectors }
}

/// Asks the selectors with which these providers sign, beside those that were asked already.
pub(super) async fn provided<D: Dns>(dns: &D, domain: &Name, dkim: &mut Dkim, providers: &[&'static Provider]) {
    let names = providers.iter().flat_map(|provider| {
        provider.selector_names().map(|name| (name.to_owned(), SelectorOrigin::Provider(provider)))
    });
    let selectors = ask_all(dns, domain, names, &dkim.selectors).await;
    dkim.selectors.extend(selectors);
}

async fn ask_all<D: Dns>(
    dns: &D,
    domain: &Name,
    names: impl Iterator<Item = (String, SelectorOrigin)>,
    before: &[Selector],
) -> Vec<Selector> {
    let mut known: HashSet<String> = before.iter().map(|selector| selector.name.clone()).collect();
    let wanted: Vec<(String, SelectorOrigin)> = names.filter(|(name, _)| known.insert(name.clone())).collect();
    join_all(wanted.into_iter().map(|(name, origin)| selector(dns, domain, name, origin))).await
}

async fn at<D: Dns>(dns: &D, domain: &Name, labels: &str) -> Answer {
    match domain.prefixed(labels) {
        Ok(name) => ask(dns, &name, Kind::TXT).await,
        // No name that long can be asked for, so nothing is known of it.
        Err(_) => Answer::failed(&Question::new(domain, Kind::TXT), Failure::NotAsked),
    }
}

async fn selector<D: Dns>(dns: &D, domain: &Name, name: String, origin: SelectorOrigin) -> Selector {
    let answer = at(dns, domain, &format!("{name}._domainkey")).await;
    Selector { name, origin, asked: texts(answer, |txt| Some(DkimKey::read(txt))) }
}

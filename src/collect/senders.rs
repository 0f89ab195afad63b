//! The services that send for the domain: those that the user named, else those that MX and SPF point to.

use std::net::IpAddr;

use futures_util::future::join_all;

use crate::collect::Wanted;
use crate::dns::Dns;
use crate::evaluate::check_host::{Request, SpfResult, check_host};
use crate::evidence::{SenderSeen, SpfTree, Who};
use crate::name::Name;
use crate::providers::Provider;

/// Asks of each sender whether the domain's SPF record lets it send.
pub(super) async fn senders<D: Dns>(
    dns: &D,
    wanted: &Wanted,
    providers: &[&'static Provider],
    tree: &SpfTree,
) -> Vec<SenderSeen> {
    let inferred = wanted.known.via.is_empty();
    let who = if inferred {
        providers.iter().map(|provider| Who::Provider(provider)).collect()
    } else {
        wanted.known.via.clone()
    };
    let asking = who.into_iter().map(|who| async move {
        let spf = spf(dns, &wanted.domain, who, tree).await;
        SenderSeen { who, inferred, spf }
    });
    join_all(asking).await
}

/// The result for an address. For a provider the best over its ranges, by their first addresses: providers give ranges
/// up, and those known here are of some day. Of a provider whose addresses are not known, it passes where it is included.
async fn spf<D: Dns>(dns: &D, domain: &Name, who: Who, tree: &SpfTree) -> Option<SpfResult> {
    match who {
        Who::Address(ip) => Some(judge(dns, domain, ip).await),
        Who::Provider(provider) if provider.addresses.is_empty() => {
            let included = |name: &Name| provider.spf.iter().any(|include| include == name.as_str());
            tree.nodes.iter().any(|node| included(&node.name)).then_some(SpfResult::Pass)
        }
        Who::Provider(provider) => {
            let judged = join_all(provider.addresses.iter().map(|range| judge(dns, domain, range.network()))).await;
            judged.iter().find(|result| **result == SpfResult::Pass).or(judged.first()).copied()
        }
    }
}

async fn judge<D: Dns>(dns: &D, domain: &Name, ip: IpAddr) -> SpfResult {
    let request = Request {
        ip,
        helo: domain.to_string(),
        sender: format!("postmaster@{domain}"),
        receiver: String::new(),
        now: 0,
    };
    check_host(dns, &request).await.result
}

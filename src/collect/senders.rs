//! The services that send for the domain: those that the user named, else those that MX and SPF point to.

use std::net::IpAddr;

use futures_util::future::join_all;

use crate::collect::Wanted;
use crate::dns::Dns;
use crate::evaluate::check_host::{Request, SpfResult, check_host};
use crate::evidence::{SenderSeen, SpfNode, SpfTree, Who};
use crate::name::Name;
use crate::providers::{self, Provider};
use crate::records::spf::{Qualifier, TermKind};

/// Asks of each sender whether the domain's SPF record lets it send.
pub(super) async fn senders<D: Dns>(
    dns: &D,
    wanted: &Wanted,
    providers: &[&'static Provider],
    tree: &SpfTree,
) -> Vec<SenderSeen> {
    let inferred = wanted.known.via.is_empty();
    let who = if inferred {
        providers.iter().filter(|provider| may_send(provider, tree)).map(|provider| Who::Provider(provider)).collect()
    } else {
        wanted.known.via.clone()
    };
    let asking = who.into_iter().map(|who| async move {
        let spf = spf(dns, &wanted.domain, who, tree).await;
        SenderSeen { who, inferred, spf }
    });
    join_all(asking).await
}

/// Does anything say that the provider sends for the domain: its mailboxes, or the domain's SPF record?
fn may_send(provider: &Provider, tree: &SpfTree) -> bool {
    provider.kind.sends() && (provider.kind.has_mailboxes() || !included(provider, tree).is_empty())
}

/// So many addresses of a provider are judged.
const MAX_ADDRESSES: usize = 20;

/// The result for an address; for a provider that of its addresses: those behind the names of it that are included (it
/// may have one for each region), else all. Those that are not known are in the record that is included.
async fn spf<D: Dns>(dns: &D, domain: &Name, who: Who, tree: &SpfTree) -> Option<SpfResult> {
    match who {
        Who::Address(ip) => Some(judge(dns, domain, ip).await),
        Who::Provider(provider) => {
            let nodes = included(provider, tree);
            let known: Vec<_> = match nodes.as_slice() {
                [] => provider.addresses().to_vec(),
                nodes => nodes.iter().flat_map(|node| providers::addresses(node.name.as_str())).collect(),
            };
            let addresses: Vec<IpAddr> = match known.as_slice() {
                [] => nodes.iter().flat_map(|node| addresses(node)).take(MAX_ADDRESSES).collect(),
                ranges => ranges.iter().take(MAX_ADDRESSES).map(|range| range.network()).collect(),
            };
            let judged = join_all(addresses.into_iter().map(|ip| judge(dns, domain, ip))).await;
            of_all(&judged, !nodes.is_empty())
        }
    }
}

/// The records that the provider asks to include, as far as the tree leads there.
fn included<'t>(provider: &Provider, tree: &'t SpfTree) -> Vec<&'t SpfNode> {
    tree.nodes.iter().filter(|node| provider.is_included_by(&node.name)).collect()
}

/// The first addresses of the ranges that a record lets send.
fn addresses(node: &SpfNode) -> impl Iterator<Item = IpAddr> {
    let terms = node.asked.only().into_iter().flat_map(|spf| spf.terms.iter());
    terms.filter(|term| term.result() == Qualifier::Pass).filter_map(|term| match term.kind {
        TermKind::Ip4(address, _) => Some(IpAddr::V4(address)),
        TermKind::Ip6(address, _) => Some(IpAddr::V6(address)),
        _ => None,
    })
}

/// One result for several addresses. Providers give ranges up, and those known here are of some day: where the provider
/// is included, one that passes is enough. Where it is not, the record may hold some of its ranges, and nobody knows
/// which of them it uses for the domain.
fn of_all(judged: &[SpfResult], included: bool) -> Option<SpfResult> {
    let all = |result| judged.iter().all(|judged| *judged == result);
    let any = |result| judged.contains(&result);
    match judged.first() {
        Some(_) if any(SpfResult::Pass) && (included || all(SpfResult::Pass)) => Some(SpfResult::Pass),
        Some(_) if any(SpfResult::Pass) => None,
        Some(_) if any(SpfResult::TempError) => Some(SpfResult::TempError),
        first => first.copied(),
    }
}

/// What the domain's SPF record says of an address, where the domain is the one in MAIL FROM.
pub async fn judge<D: Dns>(dns: &D, domain: &Name, ip: IpAddr) -> SpfResult {
    let request = Request {
        ip,
        helo: domain.to_string(),
        sender: format!("postmaster@{domain}"),
        receiver: String::new(),
        now: 0,
    };
    check_host(dns, &request).await.result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::{Known, collect};
    use crate::testing::zone_data;

    /// What is said of a provider in a world where its record is there.
    fn said(id: &str, record: &str) -> Option<SpfResult> {
        let world = format!(
            "$TTL 60\n@ TXT \"{record}\"\nspf.brevo.com. TXT \"{}\"\n\
             spf.protection.outlook.com. TXT \"v=spf1 ip4:40.92.0.0/15 -all\"\n",
            crate::providers::answer("spf.brevo.com").expect("known").text
        );
        let who = Who::Provider(crate::providers::all().iter().find(|provider| provider.id == id).expect("it"));
        let domain = Name::parse("example.test").expect("a name");
        let wanted = Wanted::domain(&domain, &Known { via: vec![who], ..Known::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(collect(&zone_data(&world), &crate::web::Nobody, &wanted)).senders[0].spf
    }

    #[test]
    fn an_include_helps_only_where_it_is_reached_and_lets_send() {
        let brevo = |record| said("brevo", record);
        assert_eq!(brevo("v=spf1 include:spf.brevo.com -all"), Some(SpfResult::Pass));
        assert_eq!(brevo("v=spf1 -include:spf.brevo.com -all"), Some(SpfResult::Fail));
        assert_eq!(brevo("v=spf1 include:spf.brevo.com ipv4:192.0.2.1 -all"), Some(SpfResult::PermError));
        assert_eq!(brevo("v=spf1 include:none.other include:spf.brevo.com -all"), Some(SpfResult::PermError));
        assert_eq!(brevo("v=spf1 ip4:192.0.2.1 -all"), Some(SpfResult::Fail));
    }

    #[test]
    fn a_filter_in_front_of_the_mailboxes_need_not_send() {
        let senders = |records: &str| {
            let wanted = Wanted::domain(&Name::parse("example.test").expect("a name"), &Known::default());
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let senders = runtime.block_on(collect(&zone_data(records), &crate::web::Nobody, &wanted)).senders;
            senders.iter().map(|sender| sender.who.id()).collect::<Vec<String>>()
        };
        let mx = "$TTL 60\n@ MX 0 d1.a.ess.barracudanetworks.com.\n@ MX 5 mx1.improvmx.com.\n@ TXT \"v=spf1 ";
        assert_eq!(senders(&format!("{mx}mx -all\"\n")), [""; 0]);
        assert_eq!(senders(&format!("{mx}include:spf.ess.barracudanetworks.com -all\"\n")), ["barracuda"]);
    }

    #[test]
    fn some_ranges_are_not_all() {
        let microsoft = |record| said("microsoft365", record);
        assert_eq!(microsoft("v=spf1 include:spf.protection.outlook.com -all"), Some(SpfResult::Pass));
        assert_eq!(microsoft("v=spf1 ip4:40.92.0.0/15 -all"), None);
        assert_eq!(microsoft("v=spf1 mx -all"), Some(SpfResult::Fail));
        assert_eq!(microsoft("v=spf1 +all"), Some(SpfResult::Pass));
        let judged = [SpfResult::Fail, SpfResult::TempError];
        assert_eq!(of_all(&judged, true), Some(SpfResult::TempError));
    }
}

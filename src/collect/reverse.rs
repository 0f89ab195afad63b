//! The addresses of the domain's own servers from which its mail comes, and their names in reverse DNS.

use std::net::IpAddr;

use futures_util::future::join_all;

use crate::collect::{Wanted, ask};
use crate::dns::{Answer, Dns, Record};
use crate::evaluate::ranges;
use crate::evidence::{MailHost, SendingAddress, SpfNode, SpfTree, Target, Who};
use crate::name::{Kind, Name};
use crate::providers;
use crate::records::spf::{Qualifier, Spf, Term, TermKind};

/// More addresses than these are not looked at: records of strangers may hold any number.
const MAX_ADDRESSES: usize = 20;

/// No more than so many names of an address are asked for.
///
/// RFC 7208 section 4.6.4 on names from reverse DNS: "all records other than the first 10 MUST be ignored".
const MAX_NAMES: usize = 10;

/// An address, the term that names it, and the host by whose name it was found.
struct Named {
    ip: IpAddr,
    term: Option<usize>,
    host: Option<Name>,
}

/// Asks for the names of the addresses that the user or the domain's own SPF record names as senders, and of those of its
/// own mail exchanges, and where these names lead. What belongs to a known provider is the provider's business.
pub(super) async fn addresses<D: Dns>(
    dns: &D,
    wanted: &Wanted,
    tree: &SpfTree,
    exchanges: &[MailHost],
) -> (Vec<SendingAddress>, Vec<SendingAddress>) {
    if wanted.only_spf {
        return (Vec::new(), Vec::new());
    }
    let by_user = wanted.known.via.iter().filter_map(|who| match who {
        Who::Address(ip) => Some(Named { ip: *ip, term: None, host: None }),
        Who::Provider(_) => None,
    });
    let sending = worth_asking(by_user.chain(by_record(tree.root())), &[]);
    let receiving = worth_asking(by_exchange(&wanted.domain, exchanges), &sending);
    let all = |named: Vec<Named>| join_all(named.into_iter().map(|named| look_up(dns, named)));
    let (sending, receiving) = tokio::join!(all(sending), all(receiving));
    (sending.into_iter().flatten().collect(), receiving.into_iter().flatten().collect())
}

/// Each address once, and none that is among others.
fn worth_asking(addresses: impl Iterator<Item = Named>, others: &[Named]) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for address in addresses {
        let is_new = named.iter().chain(others).all(|before| before.ip != address.ip);
        if is_new && is_worth_asking(address.ip) {
            named.push(address);
        }
    }
    named.truncate(MAX_ADDRESSES);
    named
}

/// The addresses of the domain's own mail exchanges.
fn by_exchange(domain: &Name, exchanges: &[MailHost]) -> impl Iterator<Item = Named> {
    let own = domain.registered_domain();
    let hosts = exchanges.iter().filter(move |host| host.exchange.is_within(&own));
    let answers = hosts.flat_map(|host| host.addresses.iter().flatten());
    answers.flat_map(|answer| named_by(answer, None))
}

async fn look_up<D: Dns>(dns: &D, named: Named) -> Option<SendingAddress> {
    let Named { ip, term, host } = named;
    let ptr = ask(dns, &Name::reverse(ip)?, Kind::PTR).await;
    let family = if ip.is_ipv4() { Kind::A } else { Kind::AAAA };
    let names = ptr.records().iter().filter_map(Record::target).take(MAX_NAMES);
    let forward = join_all(names.map(|name| ask(dns, name, family))).await;
    Some(SendingAddress { ip, term, host, ptr, forward })
}

/// The addresses that the record names one by one: those with `ip4` and `ip6` first, then those of hosts.
fn by_record(root: &SpfNode) -> Vec<Named> {
    let Some(spf) = root.asked.only() else { return Vec::new() };
    let lets_send = |(_, term): &(usize, &Term)| term.result() == Qualifier::Pass;
    let written = spf.effective().filter(lets_send).filter_map(|(index, term)| match term.kind {
        TermKind::Ip4(address, 32) => Some(Named { ip: address.into(), term: Some(index), host: None }),
        TermKind::Ip6(address, 128) => Some(Named { ip: address.into(), term: Some(index), host: None }),
        _ => None,
    });
    let hosts = spf.effective().filter(lets_send).flat_map(|(index, term)| by_host(root, spf, index, term));
    written.chain(hosts).collect()
}

/// The addresses of the hosts that `a` and `mx` stand for.
fn by_host(root: &SpfNode, spf: &Spf, index: usize, term: &Term) -> Vec<Named> {
    let own = root.name.registered_domain();
    let is_sender = |host: &Name| match &term.kind {
        // MX hosts of other people are theirs to look after.
        TermKind::Mx(..) => host.is_within(&own),
        // At the domain itself there is a web site, as a rule: that it may send does not say that it does.
        TermKind::A(..) if *host == root.name => is_all_there_is(root, spf),
        TermKind::A(..) => true,
        _ => false,
    };
    let answers = root.lookups.iter().filter(|lookup| lookup.term == index).flat_map(|lookup| match &lookup.target {
        Target::Answers(answers) => answers.as_slice(),
        _ => &[],
    });
    let answers = answers.filter(|answer| {
        let host = &answer.question.name;
        answer.question.kind != Kind::MX && is_sender(host) && providers::by_mx(host).is_none()
    });
    answers.flat_map(|answer| named_by(answer, Some(index))).collect()
}

fn named_by(answer: &Answer, term: Option<usize>) -> impl Iterator<Item = Named> {
    let ips = answer.records().iter().filter_map(Record::address);
    ips.map(move |ip| Named { ip, term, host: Some(answer.question.name.clone()) })
}

/// Does the record let nobody send but the host of the domain itself?
fn is_all_there_is(root: &SpfNode, spf: &Spf) -> bool {
    spf.effective().all(|(_, term)| match &term.kind {
        TermKind::A(spec, _) => spec.as_ref().is_none_or(|spec| spec.name.as_ref() == Some(&root.name)),
        _ => term.is_all(),
    })
}

/// An address of the Internet that is no known provider's. Those for documentation stand in examples.
fn is_worth_asking(ip: IpAddr) -> bool {
    let is_documentation = match ip {
        IpAddr::V4(address) => address.is_documentation(),
        IpAddr::V6(address) => address.segments().starts_with(&[0x2001, 0xdb8]),
    };
    let is_of = |provider: &providers::Provider| provider.addresses().iter().any(|net| net.contains(&ip));
    !is_documentation && !ranges::is_local(ip) && !providers::all().iter().any(is_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::{Known, collect};
    use crate::evidence::Evidence;
    use crate::testing::{live_evidence, zone_data};

    fn addresses(evidence: &Evidence) -> Vec<String> {
        evidence.sending_addresses.iter().map(|it| it.ip.to_string()).collect()
    }

    /// The addresses that are looked at with this SPF record.
    fn asked(record: &str) -> Vec<String> {
        let zone = "$TTL 60\n@ MX 0 mail\n@ MX 10 mx.other.\n@ MX 20 smtp.google.com.\n@ A 93.184.216.1\n\
                    mail A 93.184.216.25\nmail AAAA 2606:2800:220::25\nmx.other. A 93.184.217.25\n\
                    smtp.google.com. A 142.250.1.27\n";
        addresses(&live_evidence(&format!("{zone}@ TXT \"v=spf1 {record}\"\n"), &[]))
    }

    #[test]
    fn single_addresses_and_own_hosts() {
        assert_eq!(asked("mx -all"), ["93.184.216.25", "2606:2800:220::25"]);
        assert_eq!(asked("a:mx.other a:smtp.google.com a:gone.other -all"), ["93.184.217.25"]);
        assert_eq!(asked("mx ip4:93.184.216.7 -all"), ["93.184.216.7", "93.184.216.25", "2606:2800:220::25"]);
        assert_eq!(asked("ip4:93.184.216.0/24 ?ip4:93.184.216.7 -ip4:93.184.216.8 -all ip4:93.184.216.9"), [""; 0]);
    }

    #[test]
    fn the_web_site_only_where_nobody_else_sends() {
        assert_eq!(asked("a -all"), ["93.184.216.1"]);
        assert_eq!(asked("a include:spf.other -all"), [""; 0]);
        assert_eq!(asked("a:example.test mx:other ~all"), [""; 0]);
    }

    #[test]
    fn addresses_of_providers_of_examples_and_of_no_one() {
        assert_eq!(asked("ip4:40.92.1.1 ip4:192.0.2.1 ip4:10.0.0.1 ip6:2001:db8::1 ip6:fd00::1 -all"), [""; 0]);
    }

    #[test]
    fn no_end_of_addresses() {
        let terms: Vec<String> = (0..50).map(|number| format!("ip4:93.184.216.{number}")).collect();
        assert_eq!(asked(&format!("{} -all", terms.join(" "))).len(), MAX_ADDRESSES);
        let names: String =
            (0..50).map(|number| format!("1.216.184.93.in-addr.arpa. PTR n{number}.other.\n")).collect();
        let evidence = live_evidence(&format!("$TTL 60\n@ TXT \"v=spf1 ip4:93.184.216.1 -all\"\n{names}"), &[]);
        let address = &evidence.sending_addresses[0];
        assert_eq!((address.forward.len(), address.is_confirmed()), (MAX_NAMES, None));
    }

    #[test]
    fn what_the_user_names_comes_first() {
        let world = zone_data("$TTL 60\n@ TXT \"v=spf1 ip4:93.184.216.1 ip4:93.184.216.2 -all\"\n");
        let via = vec![Who::Address("93.184.216.2".parse().expect("an address"))];
        let wanted = Wanted::domain(&Name::parse("example.test").expect("a name"), &Known { via, ..Known::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let evidence = runtime.block_on(collect(&world, &crate::web::Nobody, &wanted));
        assert_eq!(addresses(&evidence), ["93.184.216.2", "93.184.216.1"]);
        assert_eq!(evidence.sending_addresses[0].term, None);
    }

    #[test]
    fn names_lead_back_or_not() {
        let confirmed = |world: &str| {
            let zone = format!("$TTL 60\n@ TXT \"v=spf1 ip4:93.184.216.1 ip6:2606:2800:220::25 -all\"\n{world}\n");
            let evidence = live_evidence(&zone, &[]);
            [evidence.sending_addresses[0].is_confirmed(), evidence.sending_addresses[1].is_confirmed()]
        };
        assert_eq!(confirmed(""), [None, None]);
        let six = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.2.0.0.0.8.2.6.0.6.2.ip6.arpa. PTR mail.other.";
        let four = "1.216.184.93.in-addr.arpa. PTR mail.other.";
        assert_eq!(confirmed(&format!("{four}\n{six}")), [Some(false), Some(false)]);
        assert_eq!(confirmed(&format!("{four}\n{six}\nmail.other. A 93.184.216.1")), [Some(true), Some(false)]);
        assert_eq!(confirmed(&format!("{four}\n{six}\nmail.other. AAAA 2606:2800:220::25")), [Some(false), Some(true)]);
        assert_eq!(confirmed(&format!("{four}\nmail.other. CNAME mail.other.")), [None, None]);
    }
}

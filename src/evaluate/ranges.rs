//! Which networks an SPF record names, in the order in which receivers compare with them.
//!
//! Only what is certain: where a record cannot be followed to the end, the networks behind that place are left out, and
//! the term that leads there is open.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::dns::{Answer, Data, Record};
use crate::evidence::{Evidence, Lookup, MailHost, SpfNode, Target};
use crate::records::spf::{Prefixes, Qualifier, Spf, Term, TermKind};

/// More networks than these are not looked at: records of strangers may hold any number.
const MAX_NETWORKS: usize = 2_000;

/// A network that a sender's address is compared with. The first that holds the address decides.
///
/// RFC 7208 section 4.6.2: "If it matches, processing ends and the qualifier value is returned as the result of that
/// record."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The node whose record names it.
    pub node: usize,
    /// The term there.
    pub term: usize,
    /// The term of the first record by which that node is reached, or the same term.
    pub own: usize,
    /// The network, without bits behind its prefix.
    pub net: IpNet,
    /// Is it written there, so that it does not depend on the addresses of a host?
    pub written: bool,
    /// What a match means for the first record.
    pub result: Qualifier,
}

/// The networks of a record and of all that it leads to.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// The networks in the order of evaluation.
    pub networks: Vec<Network>,
    /// Terms of the first record that may match more than the networks that they lead to.
    pub open: Vec<usize>,
}

/// The network of `ip4` and `ip6`, without bits behind its prefix.
pub fn network(term: &TermKind) -> Option<IpNet> {
    match term {
        TermKind::Ip4(address, length) => net(IpAddr::V4(*address), *length),
        TermKind::Ip6(address, length) => net(IpAddr::V6(*address), *length),
        _ => None,
    }
}

/// Is it an address that RFC 6890 section 2.2.2 calls not global, or multicast? The ranges for documentation are left
/// out: they stand in examples, and an example is right as it is.
pub fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(address) => is_local_ip4(address),
        IpAddr::V6(address) => is_local_ip6(address),
    }
}

fn is_local_ip4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    address.is_private() || address.is_loopback() || address.is_link_local() || shared || a == 0 || a >= 224
}

fn is_local_ip6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
        || address.to_ipv4_mapped().is_some()
}

/// What the record of a node reaches, taken for itself.
pub fn reach(evidence: &Evidence, node: usize) -> Reach {
    let mut walk = Walk { evidence, reach: Reach::default() };
    walk.record(node, None);
    walk.reach
}

/// How a record was reached from the first one.
#[derive(Clone, Copy)]
struct Way {
    /// The term of the first record.
    own: usize,
    /// What a match inside means there; nothing behind a `redirect`, where each term says it itself.
    result: Option<Qualifier>,
}

struct Walk<'a> {
    evidence: &'a Evidence,
    reach: Reach,
}

impl Walk<'_> {
    /// Follows a record. Whether what stands behind it is still reached as if it were not there, nobody asks: a match
    /// ends the evaluation, and an error does, too.
    fn record(&mut self, number: usize, way: Option<Way>) {
        let Some(node) = self.evidence.spf.nodes.get(number) else { return };
        let Some(spf) = node.asked.only().filter(|spf| spf.invalid().next().is_none()) else { return self.open(way) };
        for (index, term) in spf.effective() {
            let is_end = term.is_all() && term.result() != Qualifier::Pass;
            // RFC 7208 section 5.2: an include matches on "pass" alone. A term with another result takes addresses out
            // of what follows in the included record, so that nothing behind it is certain.
            let takes_out = way.is_some_and(|way| way.result.is_some()) && term.result() != Qualifier::Pass;
            if is_end {
                return;
            }
            if term.is_all() || takes_out || self.reach.networks.len() > MAX_NETWORKS {
                return self.open(Some(way.unwrap_or(Way { own: index, result: None })));
            }
            self.term(number, node, spf, index, way);
        }
    }

    fn term(&mut self, number: usize, node: &SpfNode, spf: &Spf, index: usize, way: Option<Way>) {
        let term = &spf.terms[index];
        let own = way.map_or(index, |way| way.own);
        let result = way.and_then(|way| way.result).unwrap_or(term.result());
        let lookup = node.lookups.iter().find(|lookup| lookup.term == index);
        if let (TermKind::Include(_) | TermKind::Redirect(_), Some(Target::Node(next))) =
            (&term.kind, lookup.map(|lookup| &lookup.target))
        {
            let is_include = matches!(term.kind, TermKind::Include(_));
            let inside = if is_include { Some(result) } else { way.and_then(|way| way.result) };
            return self.record(*next, Some(Way { own, result: inside }));
        }
        let written = network(&term.kind);
        match written.map(|net| vec![net]).or_else(|| hosts(self.evidence, node, term, lookup?)) {
            Some(nets) => self.reach.networks.extend(nets.into_iter().map(|net| Network {
                node: number,
                term: index,
                own,
                net,
                written: written.is_some(),
                result,
            })),
            None => self.open(Some(Way { own, result: None })),
        }
    }

    fn open(&mut self, way: Option<Way>) {
        self.reach.open.extend(way.map(|way| way.own));
    }
}

/// The networks of `a` and `mx`, where all addresses of the hosts are known.
fn hosts(evidence: &Evidence, node: &SpfNode, term: &Term, lookup: &Lookup) -> Option<Vec<IpNet>> {
    let Target::Answers(answers) = &lookup.target else { return None };
    if answers.iter().any(|answer| answer.failure().is_some()) {
        return None;
    }
    match &term.kind {
        TermKind::A(_, prefixes) => Some(nets(answers, *prefixes)),
        TermKind::Mx(..) if answers.iter().all(Answer::is_absent) => Some(Vec::new()),
        // The addresses of exchanges are asked for the domain itself alone.
        TermKind::Mx(spec, prefixes) => {
            let name = spec.as_ref().map_or(Some(&node.name), |spec| spec.name.as_ref())?;
            let hosts = (*name == evidence.domain).then_some(&evidence.mx.found)?;
            let nets: Option<Vec<Vec<IpNet>>> = hosts.iter().map(|host| exchange(host, *prefixes)).collect();
            nets.map(|nets| nets.concat())
        }
        _ => None,
    }
}

fn exchange(host: &MailHost, prefixes: Prefixes) -> Option<Vec<IpNet>> {
    let known = |answers: &&[Answer; 2]| answers.iter().all(|answer| answer.failure().is_none());
    match &host.addresses {
        None => Some(Vec::new()),
        Some(answers) => Some(answers).filter(known).map(|answers| nets(answers, prefixes)),
    }
}

fn nets(answers: &[Answer], prefixes: Prefixes) -> Vec<IpNet> {
    answers.iter().flat_map(Answer::records).filter_map(|record| host_net(record, prefixes)).collect()
}

fn host_net(record: &Record, prefixes: Prefixes) -> Option<IpNet> {
    match record.data {
        Data::A(address) => net(IpAddr::V4(address), prefixes.ip4),
        Data::Aaaa(address) => net(IpAddr::V6(address), prefixes.ip6),
        _ => None,
    }
}

fn net(address: IpAddr, length: u8) -> Option<IpNet> {
    let net = match address {
        IpAddr::V4(address) => Ipv4Net::new(address, length).map(IpNet::from),
        IpAddr::V6(address) => Ipv6Net::new(address, length).map(IpNet::from),
    };
    net.ok().map(|net| net.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evidence;

    fn networks(zone: &str) -> (Vec<String>, Vec<usize>) {
        let reach = reach(&evidence(zone)[0], 0);
        let text = |network: &Network| format!("{} {} {:?}", network.own, network.net, network.result);
        (reach.networks.iter().map(text).collect(), reach.open)
    }

    #[test]
    fn the_borders_of_local_addresses() {
        let is_local = |address: &str| is_local(address.parse().expect("an address"));
        for address in ["172.16.0.1", "172.31.255.255", "100.64.0.1", "169.254.1.1", "0.0.0.0", "255.255.255.255"] {
            assert!(is_local(address), "{address}");
        }
        for address in ["172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "11.0.0.1", "192.0.2.1", "223.1.1.1"] {
            assert!(!is_local(address), "{address}");
        }
        for address in ["::1", "::", "fe80::1", "fc00::1", "::ffff:192.0.2.1", "ff02::1"] {
            assert!(is_local(address), "{address}");
        }
        assert!(!is_local("2001:db8::1"));
    }

    #[test]
    fn in_order_and_through_includes() {
        let zone = r#"
example.test. TXT "v=spf1 ip4:192.0.2.77/24 -include:x.other a mx/24 redirect=y.other"
example.test. A 192.0.2.1
example.test. MX 0 mail
mail.example.test. A 198.51.100.25
mail.example.test. AAAA 2001:db8::25
x.other. TXT "v=spf1 include:z.other ip6:2001:db8::/32 ?all"
y.other. TXT "v=spf1 ~ip4:203.0.113.1 ip4:203.0.113.2 -all"
z.other. TXT "v=spf1 ip4:198.51.100.0/24 -all"
"#;
        let wanted = [
            "0 192.0.2.0/24 Pass",
            "1 198.51.100.0/24 Fail",
            "1 2001:db8::/32 Fail",
            "2 192.0.2.1/32 Pass",
            "3 198.51.100.0/24 Pass",
            "3 2001:db8::25/128 Pass",
            "4 203.0.113.1/32 SoftFail",
            "4 203.0.113.2/32 Pass",
        ];
        assert_eq!(networks(zone), (wanted.map(str::to_owned).to_vec(), Vec::new()));
    }

    #[test]
    fn what_is_not_certain_is_open() {
        let zone = r#"
example.test. TXT "v=spf1 include:x.other exists:%{i}.x.other include:gone.other include:bad.other mx:x.other +all"
x.other. TXT "v=spf1 ip4:192.0.2.1 -ip4:192.0.2.2 ip4:192.0.2.0/24 -all"
x.other. MX 0 mail.other.
bad.other. TXT "v=spf1 ip4:192.0.2.3 ipv4:192.0.2.4 -all"
"#;
        assert_eq!(networks(zone), (vec!["0 192.0.2.1/32 Pass".to_owned()], vec![0, 1, 2, 3, 4, 5]));
    }
}

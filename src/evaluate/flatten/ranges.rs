//! Sets of addresses, and steps over them.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::Step;

/// All addresses there are.
pub(super) fn everything() -> Vec<IpNet> {
    vec![IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())]
}

/// Are these all addresses there are?
pub(super) fn is_everything(nets: &[IpNet]) -> bool {
    everything().iter().all(|net| nets.contains(net))
}

/// The addresses of the first that are not in the second.
pub(super) fn without(nets: &[IpNet], holes: &[IpNet]) -> Vec<IpNet> {
    let holes = IpNet::aggregate(&holes.to_vec());
    let holes: Vec<&IpNet> = holes.iter().collect();
    let nets = IpNet::aggregate(&nets.to_vec());
    nets.iter().flat_map(|net| net_without(net, &holes)).collect()
}

/// Halves the range until each part is in a hole, or has none.
fn net_without(net: &IpNet, holes: &[&IpNet]) -> Vec<IpNet> {
    if holes.iter().any(|hole| hole.contains(net)) {
        return Vec::new();
    }
    let inside: Vec<&IpNet> = holes.iter().copied().filter(|hole| net.contains(*hole)).collect();
    match net.subnets(net.prefix_len() + 1) {
        Ok(halves) if !inside.is_empty() => halves.flat_map(|half| net_without(&half, &inside)).collect(),
        _ => vec![*net],
    }
}

/// The same steps in fewer ranges: those with one result that follow each other are put together, and what earlier
/// steps have decided is left out.
pub(super) fn tidied(steps: Vec<Step>) -> Vec<Step> {
    let mut tidy: Vec<Step> = Vec::new();
    let mut decided: Vec<IpNet> = Vec::new();
    for step in steps {
        let Step::Ranges(qualifier, mut nets) = step else {
            tidy.push(step);
            continue;
        };
        // `all` is one term, whatever of it is decided.
        if !is_everything(&nets) {
            nets.retain(|net| !decided.iter().any(|before| before.contains(net)));
        }
        decided.extend(&nets);
        decided = IpNet::aggregate(&decided);
        match tidy.last_mut() {
            _ if nets.is_empty() => {}
            Some(Step::Ranges(before, all)) if *before == qualifier => {
                all.append(&mut nets);
                *all = IpNet::aggregate(all);
            }
            _ => tidy.push(Step::Ranges(qualifier, IpNet::aggregate(&nets))),
        }
    }
    tidy
}

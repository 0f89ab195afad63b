//! Addresses that are safe to connect to: names come out of other people's DNS, and must not lead into one's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Can the address belong to a host on the Internet?
///
/// RFC 6890 section 2.2.2 and the IANA registries that it began: what these do not call globally reachable is not, nor
/// is multicast. Where an IPv6 address stands for an IPv4 address, that one decides.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_ip4(address),
        IpAddr::V6(address) => is_public_ip6(address),
    }
}

fn is_public_ip4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // "This network" (RFC 791), and what is reserved or multicast from 224.0.0.0 on (RFC 1112, RFC 5771).
        [0 | 224..=255, ..] => true,
        // Shared between a provider and its customers (RFC 6598).
        [100, 64..=127, ..] => true,
        // IETF protocols (RFC 6890), the old 6to4 relays (RFC 7526), benchmarks (RFC 2544).
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        _ => false,
    };
    let local = address.is_private() || address.is_loopback() || address.is_link_local();
    !special && !local && !address.is_documentation()
}

fn is_public_ip6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64 (RFC 6052), 6to4 (RFC 3056): the IPv4 address inside.
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..] => {
            let ([a, b], [c, d]) = (a.to_be_bytes(), b.to_be_bytes());
            is_public_ip4(Ipv4Addr::new(a, b, c, d))
        }
        // IETF protocols, Teredo among them (RFC 2928), and documentation (RFC 3849, RFC 9637).
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // RFC 4291 section 2.4: what is given out of all addresses: 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().expect("an address"))
    }

    #[test]
    fn hosts_on_the_internet() {
        for address in
            ["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.1"]
        {
            assert!(public(address), "{address}");
        }
        for address in ["2606:4700::1111", "2a00::1", "2002:101:101::1", "64:ff9b::1.1.1.1", "2001:200::1"] {
            assert!(public(address), "{address}");
        }
    }

    #[test]
    fn what_leads_elsewhere() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!public(address), "{address}");
        }
        for address in [
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "::7f00:1",
            "64:ff9b::127.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
            "100::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }
}

//! The hosts that mail for a domain goes to.

use crate::dns::Answer;
use crate::evidence::Evidence;
use crate::name::Name;
use crate::source::Span;

/// A host that mail goes to.
#[derive(Clone, Debug)]
pub struct Exchange<'e> {
    /// The host.
    pub name: &'e Name,
    /// Its IPv4 and IPv6 addresses.
    pub addresses: &'e [Answer; 2],
    /// Where its MX record names it; the question where there is no MX record.
    pub span: Span,
}

/// The hosts of the MX records, those that are tried first in front; without any the domain itself, if it has an
/// address. None for a null MX.
///
/// RFC 5321 section 5.1: "If an empty list of MXs is returned, the address is treated as if it was associated with an
/// implicit MX RR, with a preference of 0, pointing to that host."
pub fn exchanges(evidence: &Evidence) -> Vec<Exchange<'_>> {
    let of_records = evidence.mx.found.iter().filter_map(|host| {
        let addresses = host.addresses.as_ref()?;
        Some(Exchange { name: &host.exchange, addresses, span: host.record.field_span(1) })
    });
    of_records.chain(implicit(evidence)).collect()
}

/// The domain itself, where it has an address and certainly no MX record. An alias is left out: by which of its names
/// senders call the host is not certain.
pub fn implicit(evidence: &Evidence) -> Option<Exchange<'_>> {
    let (mx, addresses) = (&evidence.mx.answer, &evidence.addresses);
    let is_alias = !mx.aliases.is_empty() || addresses.iter().any(|answer| !answer.aliases.is_empty());
    let has_address = addresses.iter().any(|answer| !answer.records().is_empty());
    let is_there = mx.is_absent() && has_address && !is_alias;
    is_there.then(|| Exchange { name: &evidence.domain, addresses, span: mx.question_span() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::live_evidence;

    fn hosts(zone: &str) -> Vec<String> {
        let evidence = live_evidence(&format!("$TTL 60\n{zone}\n"), &[]);
        exchanges(&evidence).iter().map(|exchange| format!("{} at {}", exchange.name, exchange.span.text())).collect()
    }

    #[test]
    fn mx_records_or_the_domain_itself() {
        assert_eq!(hosts("@ MX 20 b\n@ MX 10 a\n@ A 192.0.2.1"), ["a.example.test at a", "b.example.test at b"]);
        assert_eq!(hosts("@ AAAA 2001:db8::1"), ["example.test at example.test. MX"]);
    }

    #[test]
    fn nowhere_or_not_certain() {
        for zone in ["@ MX 0 .\n@ A 192.0.2.1", "@ TXT x", "@ CNAME www\nwww A 192.0.2.1"] {
            assert_eq!(hosts(zone), [""; 0], "{zone}");
        }
    }
}

//! A domain that mail is sent to: what DNS says of where its mail goes.

use crate::dns::{Answer, Data, Failure, Outcome};
use crate::evidence::Asked;
use crate::name::Name;
use crate::records::spf::Spf;

/// What was seen of a domain that mail is sent to.
#[derive(Clone, Debug)]
pub struct RecipientSeen {
    /// The domain.
    pub domain: Name,
    /// Its mail exchanges.
    pub mx: Answer,
    /// Its own IPv4 and IPv6 addresses; asked only where it certainly has no MX record.
    pub addresses: Option<[Answer; 2]>,
    /// What may show whose mailboxes are behind; asked only where its mail first goes through a filter.
    pub behind: Option<BehindSeen>,
}

/// What may show whose mailboxes are behind a filter. What is not there proves nothing.
#[derive(Clone, Debug)]
pub struct BehindSeen {
    /// The SPF records of the domain.
    pub spf: Asked<Spf>,
    /// The addresses of the host that Microsoft 365 has for the domain; nothing if its name cannot be told.
    pub microsoft: Option<[Answer; 2]>,
}

/// Where the mail for a domain goes (RFC 5321 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// To its mail exchanges.
    Exchanges,
    /// To the address of the domain itself, as there is no MX record.
    Address,
    /// Nowhere: the domain says by a null MX that it takes no mail (RFC 7505).
    NullMx,
    /// Nowhere: the domain does not exist.
    Nonexistent,
    /// Nowhere: the domain exists, and has neither an MX record nor an address.
    Nowhere,
    /// Nobody knows.
    Unknown(Failure),
}

impl RecipientSeen {
    /// Where its mail goes.
    pub fn route(&self) -> Route {
        match &self.mx.outcome {
            Outcome::Records(_) if self.hosts().is_empty() => Route::NullMx,
            Outcome::Records(_) => Route::Exchanges,
            Outcome::Failed(failure) => Route::Unknown(*failure),
            Outcome::NoData | Outcome::NxDomain => self.route_without_mx(),
        }
    }

    /// The hosts that take its mail with their preferences, those that are tried first in front; the domain itself
    /// where it has no MX record.
    pub fn hosts(&self) -> Vec<(u16, &Name)> {
        let exchanges = self.mx.records().iter().filter_map(|record| match &record.data {
            Data::Mx { preference, exchange } => Some((*preference, exchange)),
            _ => None,
        });
        // RFC 7505 section 3: the root stands for no host.
        let mut hosts: Vec<(u16, &Name)> = exchanges.filter(|(_, exchange)| !exchange.is_root()).collect();
        hosts.sort_by_key(|(preference, _)| *preference);
        // RFC 5321 section 5.1: "If an empty list of MXs is returned, the address is treated as if it was associated
        // with an implicit MX RR, with a preference of 0, pointing to that host."
        if self.mx.is_absent() && self.route_without_mx() == Route::Address {
            hosts.push((0, &self.domain));
        }
        hosts
    }

    /// Some servers deny a name that has an address but no MX record, so it is believed only where all are denied.
    fn route_without_mx(&self) -> Route {
        let addresses = self.addresses.as_slice().as_flattened();
        let is_denied = |answer: &Answer| matches!(answer.outcome, Outcome::NxDomain);
        let failure = addresses.iter().find_map(Answer::failure);
        match failure {
            _ if addresses.iter().any(|answer| !answer.records().is_empty()) => Route::Address,
            Some(failure) => Route::Unknown(failure),
            None if is_denied(&self.mx) && addresses.iter().all(is_denied) => Route::Nonexistent,
            None => Route::Nowhere,
        }
    }
}

impl Route {
    /// Is it certain that mail for the domain cannot be delivered?
    pub fn is_dead(self) -> bool {
        matches!(self, Route::NullMx | Route::Nonexistent | Route::Nowhere)
    }
}

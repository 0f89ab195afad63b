//! Name servers themselves: what one of them says, without looking further.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use crate::address;
use crate::dns::{Answer, Failure, Outcome};
use crate::name::Question;

use super::{Failed, Reply, is_nxdomain, is_referral, read};

/// The port of DNS.
const PORT: u16 = 53;

/// Which name servers may be asked, and where. By default those on the Internet only: their addresses come out of other
/// people's DNS.
#[derive(Clone, Debug, Default)]
pub struct Direct {
    /// Those in private networks, too: for names of an internal DNS.
    pub allow_private: bool,
    /// Where a server is asked in place of port 53 of its address.
    pub elsewhere: HashMap<IpAddr, SocketAddr>,
}

impl Direct {
    /// Where a server is asked; nothing if it must not be.
    pub(super) fn place(&self, server: IpAddr) -> Option<SocketAddr> {
        let place = self.elsewhere.get(&server).copied().unwrap_or(SocketAddr::new(server, PORT));
        (self.allow_private || address::is_public(server)).then_some(place)
    }
}

/// What the reply of a name server says of the name that it was asked for. Aliases are not followed further than the
/// server does.
///
/// RFC 1035 section 4.1.1: AA "specifies that the responding name server is an authority for the domain name in
/// question section". What one without it says, it has from others: it would not answer of its own.
pub(super) fn answer(question: &Question, server: IpAddr, reply: Result<Reply, Failed>) -> Answer {
    let mut answer = Answer::failed(question, Failure::Refused);
    answer.server = Some(server.to_string());
    let message = match reply {
        Ok(reply) => reply.message,
        Err(failed) => {
            answer.outcome = Outcome::Failed(failed.failure);
            return answer;
        }
    };
    if !message.authoritative {
        return answer;
    }
    match read(question, format!("{question} @{server}"), &mut String::new(), &message) {
        Err(failure) => answer.outcome = Outcome::Failed(failure),
        Ok((aliases, records)) => {
            answer.outcome = match records.is_empty() {
                false => Outcome::Records(records.into()),
                true if !aliases.is_empty() => Outcome::NoData,
                true if is_nxdomain(&message) => Outcome::NxDomain,
                true if is_referral(&message) => return answer,
                true => Outcome::NoData,
            };
            answer.aliases = aliases;
        }
    }
    answer
}

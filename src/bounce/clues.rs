//! What a bounce tells of the sender: where a check of its records begins, and which findings explain the refusal.

use std::net::IpAddr;

use crate::address;
use crate::bounce::{Bounce, Class, Fixer, Quoted, Refusal};
use crate::finding::{Finding, Severity};
use crate::name::Name;
use crate::providers::{self, Provider};
use crate::receivers::{self, Receiver};

/// What rules on senders alone find. What is wrong with MX hosts or name servers matters here only where the reply is about
/// the sender's domain: most replies that speak of those mean the recipient's.
const OF_SENDERS: [&str; 5] = ["spf-", "dkim-", "dmarc-", "auth-", "host-ptr-"];

/// So many signatures and recipients of one bounce are looked at.
const MOST: usize = 20;

/// What a bounce tells of the sender.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clues {
    /// The domain in From: that of DMARC and DKIM.
    pub from: Option<Name>,
    /// The domain in MAIL FROM, where it is another one: that of SPF.
    pub mail_from: Option<Name>,
    /// The selectors of the signatures of the domain in From.
    pub selectors: Vec<String>,
    /// The names of the keys of its DKIM signatures that may be aligned with the domain in From.
    pub keys: Vec<Name>,
    /// The address that the mail came from, as the receiver that refused saw it, if it is a public one.
    pub ip: Option<IpAddr>,
    /// Those who refused, as far as their profiles are known.
    pub receivers: Vec<&'static Receiver>,
}

impl Bounce {
    /// What it tells of the sender.
    pub fn clues(&self) -> Clues {
        let original = &self.original;
        let mail_from = original.mail_from.as_ref().and_then(domain_of);
        let from = original.from.as_ref().and_then(domain_of).or_else(|| mail_from.clone());
        let signatures = || original.signatures.iter().filter_map(signature);
        let of_from = signatures().filter(|(domain, _)| Some(domain) == from.as_ref());
        let organization = from.as_ref().map(Name::registered_domain);
        let aligned = signatures().filter(|(domain, _)| Some(domain.registered_domain()) == organization);
        Clues {
            mail_from: mail_from.filter(|domain| Some(domain) != from.as_ref()),
            selectors: distinct(of_from.map(|(_, selector)| selector)),
            keys: distinct(
                aligned.filter_map(|(domain, selector)| domain.prefixed(&format!("{selector}._domainkey")).ok()),
            ),
            from,
            ip: self.seen_ip().and_then(|ip| ip.text.parse().ok()).filter(|ip| address::is_public(*ip)),
            receivers: distinct(self.recipients.iter().filter_map(Refusal::receiver)),
        }
    }

    /// The address that sent, where a reply names it: then it is what the receiver saw. In the header of the mail stands
    /// who handed it to an earlier server: with a bounce of one's own server that is the device of the user.
    pub fn seen_ip(&self) -> Option<&Quoted> {
        let replies = || self.recipients.iter().flat_map(|refusal| &refusal.replies);
        self.original.sending_ip.as_ref().filter(|ip| replies().any(|reply| reply.text.contains(&ip.text)))
    }

    /// The domains of recipients of whom is not known who takes their mail, and of those that the reply is about.
    pub fn open_recipients(&self) -> Vec<Name> {
        let is_open = |refusal: &&Refusal| refusal.receiver().is_none() || refusal.is_about_recipient();
        let addresses = self.recipients.iter().filter(is_open).filter_map(|refusal| refusal.recipient.as_ref());
        distinct(addresses.filter_map(domain_of))
    }

    /// The domain in From, and those that signed, where none of these is aligned with it even as DMARC is at its most
    /// lenient (RFC 9989 section 4.4.1): then no signature counted.
    pub fn signed_only_by_others(&self) -> Option<(Name, Vec<Name>)> {
        let from = self.original.from.as_ref().and_then(domain_of)?;
        let signers = self.original.signatures.iter().filter_map(|(domain, _)| Name::from_user(&domain.text).ok());
        let signers: Vec<Name> = signers.collect();
        let is_other = |signer: &Name| signer.registered_domain() != from.registered_domain();
        (!signers.is_empty() && signers.iter().all(is_other)).then_some((from, signers))
    }
}

impl Refusal {
    /// The profile of who refused, if there is one.
    pub fn receiver(&self) -> Option<&'static Receiver> {
        let of_family = self.family.and_then(|family| receivers::by_name(&family.id));
        let of_host = || self.remote.as_ref().and_then(|host| receivers::by_mx(&Name::from_user(&host.text).ok()?));
        let of_recipient = || self.recipient.as_ref().and_then(|recipient| receivers::by_name(&recipient.text));
        of_family.or_else(of_host).or_else(of_recipient)
    }

    /// The places of the findings that explain it, or may: those of the rules that its cause names.
    pub fn explained_by(&self, findings: &[Finding]) -> Vec<usize> {
        let Some(cause) = self.cause else { return Vec::new() };
        let explains = |finding: &Finding| {
            let is_of_sender = OF_SENDERS.iter().any(|start| finding.id.starts_with(start));
            (is_of_sender || cause.meaning.turn == Fixer::SenderDns)
                && finding.severity > Severity::Advice
                && cause.meaning.names(finding.id)
        };
        findings.iter().enumerate().filter(|(_, finding)| explains(finding)).map(|(place, _)| place).collect()
    }

    /// Does the reply itself say that it is about the records of the sender? Where it does not, they may still have to
    /// do with it.
    pub fn is_about_records(&self) -> bool {
        self.cause.is_some_and(|cause| {
            let meaning = cause.meaning;
            meaning.is_certain && (meaning.class == Class::Authentication || meaning.turn == Fixer::SenderDns)
        })
    }

    /// Is it about the DNS of the recipient's domain, or the way there?
    pub fn is_about_recipient(&self) -> bool {
        self.cause.is_some_and(|cause| cause.meaning.class == Class::Dns && cause.meaning.turn != Fixer::SenderDns)
    }
}

/// Who runs the servers at an address. The record of one provider may include that of another, so the one with the fewest
/// ranges is meant.
pub fn operator(ip: IpAddr) -> Option<&'static Provider> {
    let has = |provider: &&Provider| provider.addresses().iter().any(|net| net.contains(&ip));
    let senders = providers::all().iter().filter(|provider| provider.kind.sends());
    senders.filter(has).min_by_key(|provider| provider.addresses().len())
}

/// The domain and the selector, as far as they are names.
fn signature((domain, selector): &(Quoted, Quoted)) -> Option<(Name, String)> {
    let selector = Name::parse(&selector.text.to_ascii_lowercase()).ok()?;
    Some((Name::from_user(&domain.text).ok()?, selector.to_string()))
}

fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all.take(MOST) {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn domain_of(address: &Quoted) -> Option<Name> {
    let text = address.text.trim().trim_start_matches('<').trim_end_matches('>');
    let (_, domain) = text.rsplit_once('@')?;
    Name::from_user(domain).ok().filter(|name| !name.is_root())
}

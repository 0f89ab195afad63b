//! What a bounce tells of the sender: where a check of its records begins, and which findings explain the refusal.

use std::net::IpAddr;

use crate::address;
use crate::bounce::{Bounce, Quoted, Refusal};
use crate::finding::{Finding, Severity};
use crate::name::Name;
use crate::receivers::{self, Receiver};

/// What a bounce tells of the sender.
#[derive(Clone, Debug, Default)]
pub struct Clues {
    /// The domain in From: that of DMARC and DKIM.
    pub from: Option<Name>,
    /// The domain in MAIL FROM, where it is another one: that of SPF.
    pub mail_from: Option<Name>,
    /// The selectors of its DKIM signatures.
    pub selectors: Vec<String>,
    /// The address that the mail came from, if it is a public one.
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
        let of_from = |(domain, _): &&(Quoted, Quoted)| {
            let signer = Name::from_user(&domain.text).ok();
            signer
                .zip(from.as_ref())
                .is_some_and(|(signer, from)| signer.registered_domain() == from.registered_domain())
        };
        let mut selectors: Vec<String> = original
            .signatures
            .iter()
            .filter(of_from)
            .map(|(_, selector)| selector.text.to_ascii_lowercase())
            .filter(|selector| Name::parse(selector).is_ok())
            .collect();
        selectors.dedup();
        let ip = original.sending_ip.as_ref().and_then(|ip| ip.text.parse().ok());
        Clues {
            mail_from: mail_from.filter(|domain| Some(domain) != from.as_ref()),
            from,
            selectors,
            ip: ip.filter(|ip| address::is_public(*ip)),
            receivers: self.receivers(),
        }
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

    fn receivers(&self) -> Vec<&'static Receiver> {
        let mut receivers: Vec<&'static Receiver> = Vec::new();
        for receiver in self.recipients.iter().filter_map(Refusal::receiver) {
            if !receivers.iter().any(|known| std::ptr::eq(*known, receiver)) {
                receivers.push(receiver);
            }
        }
        receivers
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

    /// The places of the findings that explain it: those of the rules that its cause names.
    pub fn explained_by(&self, findings: &[Finding]) -> Vec<usize> {
        let Some(cause) = self.cause else { return Vec::new() };
        let explains = |finding: &Finding| finding.severity > Severity::Advice && cause.meaning.names(finding.id);
        findings.iter().enumerate().filter(|(_, finding)| explains(finding)).map(|(place, _)| place).collect()
    }
}

fn domain_of(address: &Quoted) -> Option<Name> {
    let text = address.text.trim().trim_start_matches('<').trim_end_matches('>');
    let (_, domain) = text.rsplit_once('@')?;
    Name::from_user(domain).ok().filter(|name| !name.is_root())
}

//! What DNS shows now of who sent a mail that came back, and whether that explains the refusal.

use std::net::IpAddr;

use serde::Serialize;

use crate::bounce::Refusal;
use crate::finding::Finding;
use crate::name::Name;
use crate::receivers::Recipient;
use crate::records::spf::SpfResult;

/// What DNS shows now of a sender beside the findings.
#[derive(Clone, Debug)]
pub struct Recheck {
    /// What SPF says of the address that sent.
    pub spf: Option<SpfToday>,
    /// The keys of the signatures that may be aligned with the domain in From.
    pub keys: Vec<KeyToday>,
    /// Where MAIL FROM is of another domain than From: the findings from this place on are about its SPF record.
    pub of_mail_from: Option<usize>,
}

/// What SPF says today of the address that sent.
#[derive(Clone, Debug)]
pub struct SpfToday {
    /// The address.
    pub ip: IpAddr,
    /// The domain in MAIL FROM, as far as it is known, else the one in From.
    pub domain: Name,
    /// What its record says.
    pub result: SpfResult,
}

/// Is there a key for a signature?
#[derive(Clone, Debug)]
pub struct KeyToday {
    /// Where it stands: `selector._domainkey.domain`.
    pub name: Name,
    /// Is there anything? Nothing where DNS did not tell.
    pub is_there: Option<bool>,
}

/// Does anything that DNS shows now explain a refusal?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Explanation {
    /// The reply is about the sender's records, and something is wrong in them now.
    Explained,
    /// Something is wrong in them, and the reply does not say that it is about them.
    Possible,
    /// Mail to the recipient's domain cannot be delivered, and the reply says so, too.
    Recipient,
    /// DNS did not tell enough.
    Unknown,
    /// No.
    Nothing,
}

impl Explanation {
    /// Of a refusal: whether anything wrong with the sender may explain it, where mail for its recipients goes, and whether
    /// answers are missing.
    pub fn of(refusal: &Refusal, may_explain: bool, routes: &[Recipient], is_unanswered: bool) -> Explanation {
        match may_explain {
            true if refusal.is_about_records() => Explanation::Explained,
            true => Explanation::Possible,
            false if refusal.dead_domain(routes).is_some() => Explanation::Recipient,
            false if is_unanswered => Explanation::Unknown,
            false => Explanation::Nothing,
        }
    }
}

impl Refusal {
    /// The recipient's domain, where mail to it cannot be delivered and the reply is about that.
    pub fn dead_domain<'r>(&self, routes: &'r [Recipient]) -> Option<&'r Name> {
        let domain = self.domain().filter(|_| self.is_about_recipient())?;
        routes.iter().find(|it| it.seen.domain == domain && it.route.is_dead()).map(|it| &it.seen.domain)
    }
}

impl Recheck {
    /// Is anything wrong with the sender that explains a refusal, or may?
    pub fn may_explain(&self, refusal: &Refusal, findings: &[Finding]) -> bool {
        !self.explained_by(refusal, findings).is_empty() || self.explains(refusal)
    }

    /// The places of the findings that explain a refusal, or may. SPF is that of the domain in MAIL FROM; what is wrong
    /// elsewhere in its record explains nothing where it lets the address send.
    pub fn explained_by(&self, refusal: &Refusal, findings: &[Finding]) -> Vec<usize> {
        let passes = self.spf.as_ref().is_some_and(|spf| spf.result == SpfResult::Pass);
        let is_beside = |place: usize| self.of_mail_from.is_some_and(|first| place < first) || passes;
        let mut places = refusal.explained_by(findings);
        places.retain(|place| {
            let is_spf = findings.get(*place).is_some_and(|finding| finding.id.starts_with("spf-"));
            !is_spf || !is_beside(*place)
        });
        places
    }

    /// Does SPF not let the address send, or is there no key for the signature, where the reply is about that?
    pub fn explains(&self, refusal: &Refusal) -> bool {
        // What a domain without SPF or DKIM explains, a mail without it explains as well.
        let names = |rule: &str| refusal.cause.is_some_and(|cause| cause.meaning.names(rule));
        self.fails_spf() && names("auth-no-spf") || self.lacks_keys() && names("auth-no-dkim")
    }

    /// Would a mail such as this one fail SPF or DKIM today, as far as is known?
    pub fn fails(&self) -> bool {
        self.fails_spf() || self.lacks_keys()
    }

    fn fails_spf(&self) -> bool {
        self.spf.as_ref().is_some_and(SpfToday::fails)
    }

    /// One signature that can be verified is enough.
    fn lacks_keys(&self) -> bool {
        !self.keys.is_empty() && self.keys.iter().all(|key| key.is_there == Some(false))
    }
}

impl SpfToday {
    /// Does the record not let the address send?
    pub fn fails(&self) -> bool {
        !matches!(self.result, SpfResult::Pass | SpfResult::TempError)
    }
}

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

/// The rule that finds a domain that does not exist.
const NAME_MISSING: &str = "dns-name-missing";

/// Behind these words replies of Outlook.com and Microsoft 365, of Gmail and of many others name the domain that sent.
const BEFORE_DOMAIN: [&str; 4] = ["sending domain ", "spf [", "unauthenticated email from ", "dmarc policy for "];

/// So many octets of a reply are looked at.
const LONGEST: usize = 4096;

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
        let from = from.or_else(|| self.named_domain());
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

    /// The domain that a reply names as that of the sender.
    fn named_domain(&self) -> Option<Name> {
        let mut replies = self.recipients.iter().flat_map(|refusal| &refusal.replies);
        replies.find_map(|reply| {
            let text = &reply.text[..reply.text.floor_char_boundary(LONGEST)];
            let behind = |mark: &&str| {
                let at = find_ignoring_case(text, mark)? + mark.len();
                let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
                let rest = text.get(at..)?;
                let word = rest.split(|c| !is_part(c)).next()?.trim_end_matches('.');
                Name::from_user(word).ok().filter(|name| name.as_str().contains('.'))
            };
            BEFORE_DOMAIN.iter().find_map(behind)
        })
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
        distinct(self.recipients.iter().filter(is_open).filter_map(Refusal::domain))
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
    /// The domain of the recipient.
    pub fn domain(&self) -> Option<Name> {
        self.recipient.as_ref().and_then(domain_of)
    }

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
        let meaning = cause.meaning;
        let is_of_sender = |rule: &str| OF_SENDERS.iter().any(|start| rule.starts_with(start));
        let is_named = |id: &str| (is_of_sender(id) || meaning.turn == Fixer::SenderDns) && meaning.names(id);
        // A domain that does not exist has no such records, either, and nothing else is found in it.
        let is_missing = |id: &str| id == NAME_MISSING && meaning.rules.iter().any(|rule| is_of_sender(rule));
        let explains =
            |finding: &Finding| finding.severity > Severity::Advice && (is_named(finding.id) || is_missing(finding.id));
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

/// Both are ASCII where they fit, so the place is one in the text.
fn find_ignoring_case(text: &str, words: &str) -> Option<usize> {
    text.as_bytes().windows(words.len()).position(|part| part.eq_ignore_ascii_case(words.as_bytes()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounce;

    /// A report of a server of one's own, with this reply, about a mail with these fields.
    fn of(reply: &str, recipient: &str, fields: &str) -> Bounce {
        let text = format!(
            "From: MAILER-DAEMON@mail.contoso.com\nSubject: Undelivered Mail Returned to Sender\nTo: anna@contoso.com\n\
             MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.contoso.com\n\n\
             Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.0.0\nRemote-MTA: dns; mx.fabrikam.com\n\
             Diagnostic-Code: smtp; {reply}\n\n--b\nContent-Type: text/rfc822-headers\n\n{fields}\n\n--b--\n"
        );
        bounce::read("bounce", text.as_bytes()).remove(0)
    }

    fn finding(id: &'static str) -> Finding {
        let zone = "$TTL 60\n@ MX 0 mail\n@ TXT \"v=spf1 mx -all\"\n";
        let evidence = crate::testing::evidence(zone).remove(0);
        let mut finding = crate::rules::run(&evidence).into_iter().next().expect("a finding");
        (finding.id, finding.severity) = (id, Severity::Error);
        finding
    }

    const HEADER: &str = "Return-Path: <bounces@mailer.test>\n\
        Received: from laptop (client [93.184.216.77]) by mail.contoso.com; Mon, 12 Jan 2026 10:00:01 +0100\n\
        DKIM-Signature: v=1; d=contoso.com; s=S1; b=A\nDKIM-Signature: v=1; d=News.contoso.com; s=s2; b=A\n\
        DKIM-Signature: v=1; d=mailer.test; s=s3; b=A\nFrom: anna@contoso.com\nSubject: x";

    #[test]
    fn what_it_tells_of_the_sender() {
        let clues = of("550 5.7.1 no", "carla@yahoo.com", HEADER).clues();
        let text = |name: &Option<Name>| name.as_ref().map(Name::to_string);
        assert_eq!(text(&clues.from).as_deref(), Some("contoso.com"));
        assert_eq!(text(&clues.mail_from).as_deref(), Some("mailer.test"));
        assert_eq!(clues.selectors, ["s1"], "only those of the domain in From are asked there");
        let keys: Vec<&str> = clues.keys.iter().map(Name::as_str).collect();
        assert_eq!(keys, ["s1._domainkey.contoso.com", "s2._domainkey.news.contoso.com"], "what may be aligned");
        assert_eq!(clues.receivers.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["yahoo"]);
    }

    /// Whoever handed the mail to a server of one's own is not who sent it to the receiver.
    #[test]
    fn the_address_is_the_one_that_the_reply_names() {
        let ip = |reply| of(reply, "a@fabrikam.com", HEADER).clues().ip.map(|ip| ip.to_string());
        assert_eq!(ip("550 5.7.1 SPF fails"), None);
        assert_eq!(ip("550 5.7.1 SPF fails for 93.184.216.9").as_deref(), Some("93.184.216.9"));
        assert_eq!(ip("550 5.7.1 SPF fails for 192.168.1.9"), None);
        assert_eq!(ip("550 5.7.1 SPF fails for 192.0.2.9"), None, "an address of no server");
    }

    #[test]
    fn a_reply_that_is_pasted_names_the_domain() {
        let named = |text: &str| bounce::read("-", text.as_bytes()).remove(0).clues().from.map(|name| name.to_string());
        for text in [
            "550 5.7.515 Access denied, sending domain CONTOSO.COM does not meet the required authentication level.",
            "550 5.7.26 SPF [contoso.com] with ip: [93.184.216.9] = did not pass",
            "550 5.7.26 Unauthenticated email from contoso.com is not accepted due to domain's DMARC policy.",
            "550 5.7.1 Email rejected per DMARC policy for contoso.com.",
        ] {
            assert_eq!(named(text).as_deref(), Some("contoso.com"), "{text}");
        }
        for text in [
            "550 5.7.1 the sending domain has no MX",
            "550 5.7.1 SPF [] ポスト",
            "550 SPF [é]",
            "554 Transaction failed",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn names_that_are_none_are_left_out() {
        let fields = "DKIM-Signature: v=1; d=contoso..com; s=s1; b=A\nDKIM-Signature: v=1; d=contoso.com; s=a b; b=A\n\
                      From: anna@contoso.com\nSubject: x";
        let clues = of("550 no", "a@fabrikam.com", fields).clues();
        assert!(clues.selectors.iter().all(|selector| Name::parse(selector).is_ok()), "{clues:?}");
        assert!(
            clues.keys.iter().all(|name| name.is_within(&Name::parse("contoso.com").expect("a name"))),
            "{clues:?}"
        );
    }

    #[test]
    fn what_is_wrong_with_the_sender_explains_nothing_about_the_recipient() {
        let findings = [finding("mx-missing"), finding("spf-missing"), finding("dns-name-missing")];
        let explained = |reply| of(reply, "a@fabrikam.com", HEADER).recipients[0].explained_by(&findings);
        assert_eq!(explained("550 5.1.2 Host unknown"), Vec::<usize>::new());
        assert_eq!(explained("550 5.7.1 SPF check failed"), [1, 2], "what does not exist has no SPF record");
        assert_eq!(explained("550 5.1.8 Sender address rejected: Domain not found"), [0, 2]);
        assert_eq!(explained("550 5.1.1 User unknown"), Vec::<usize>::new());
    }

    #[test]
    fn who_is_looked_up() {
        let open = |reply, recipient| of(reply, recipient, HEADER).open_recipients().len();
        assert_eq!(open("550 5.7.1 no", "a@fabrikam.com"), 1);
        assert_eq!(open("550 5.7.1 no", "a@gmail.com"), 0, "the name tells it");
        assert_eq!(open("550 5.1.2 Host unknown", "a@gmail.com"), 1, "the reply is about this domain");
    }

    #[test]
    fn whose_an_address_is() {
        let id = |ip: &str| operator(ip.parse().expect(ip)).map(|provider| provider.id.as_str());
        assert_eq!(id("40.107.22.52"), Some("microsoft365"));
        assert_eq!(id("209.85.220.41"), Some("google"));
        assert_eq!(id("93.184.216.9"), None);
    }
}

//! Is a service that sends for the domain covered: does SPF pass, can it align, is there a key, so can DMARC pass?

use std::net::IpAddr;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::dns::Record;
use crate::evaluate::check_host::SpfResult;
use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::initial_domain;
use crate::evidence::{Evidence, Selector, SenderSeen, Who};
use crate::name::Name;
use crate::providers::{Provider, ProviderSelector, ReturnPath, by_target, matches};
use crate::records::dkim::DkimKey;
use crate::records::dmarc::Alignment;
use crate::records::spf::{Qualifier, Term, TermKind};

/// Yes, no, or not to be known from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tristate {
    Yes,
    No,
    Unknown,
}

/// What can be said of one sender.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The sender.
    pub sender: SenderSeen,
    /// Does the domain's SPF record let it send?
    pub spf: Tristate,
    /// Can the domain of the return path be the domain itself, or below it?
    pub aligned: Tristate,
    /// Is there a key at a selector that it signs with?
    pub dkim: Tristate,
    /// Can its mail pass DMARC: by SPF that is aligned, or by a signature of the domain?
    pub dmarc: Tristate,
}

/// What can be said of each sender.
pub fn coverage(evidence: &Evidence) -> Vec<Coverage> {
    evidence.senders.iter().map(|sender| cover(evidence, sender)).collect()
}

/// Terms of the domain's own record that let somebody send who is not among these senders: nothing is known of whom.
pub fn others(evidence: &Evidence) -> Vec<String> {
    let Some(spf) = evidence.spf.own().only() else { return Vec::new() };
    let passes =
        spf.effective().map(|(_, term)| term).filter(|term| term.result() == Qualifier::Pass && !term.is_all());
    let is_other = |term: &&Term| !evidence.senders.iter().any(|sender| is_meant(term, sender.who));
    passes.filter(is_other).map(|term| spf.text(term).to_owned()).collect()
}

/// Does the term let just this sender send: its include, or a range with its address?
fn is_meant(term: &Term, who: Who) -> bool {
    match (who, &term.kind) {
        (Who::Provider(provider), _) => {
            term.domain().and_then(|spec| spec.name.as_ref()).is_some_and(|name| provider.is_included_by(name))
        }
        (Who::Address(IpAddr::V4(ip)), TermKind::Ip4(address, length)) => {
            Ipv4Net::new(*address, *length).is_ok_and(|range| range.contains(&ip))
        }
        (Who::Address(IpAddr::V6(ip)), TermKind::Ip6(address, length)) => {
            Ipv6Net::new(*address, *length).is_ok_and(|range| range.contains(&ip))
        }
        (Who::Address(_), _) => false,
    }
}

fn cover(evidence: &Evidence, sender: &SenderSeen) -> Coverage {
    let spf = match sender.spf {
        Some(SpfResult::Pass) => Tristate::Yes,
        None | Some(SpfResult::TempError) => Tristate::Unknown,
        Some(_) => Tristate::No,
    };
    let aligned = match sender.who {
        // The domain that was asked is the one in MAIL FROM.
        Who::Address(_) => Tristate::Yes,
        Who::Provider(provider) => match provider.return_path {
            Some(ReturnPath::Own) => Tristate::Yes,
            Some(ReturnPath::Provider) => Tristate::No,
            // A name of the customer's own is an alias (CNAME), which cannot be the domain itself: a name below it.
            Some(ReturnPath::Either) if is_strict(evidence, "aspf") => Tristate::No,
            Some(ReturnPath::Either) | None => Tristate::Unknown,
        },
    };
    let dkim = dkim(evidence, sender);
    // A sub-domain's mail may be signed as a domain above it: that aligns, too, unless the policy is strict.
    let signed = match dkim {
        Tristate::No if has_organization(&evidence.domain) && !is_strict(evidence, "adkim") => Tristate::Unknown,
        known => known,
    };
    // RFC 9989 section 4.4: DMARC passes by SPF or by DKIM, each only for a domain that is aligned with that in From.
    let dmarc = or(and(spf, aligned), signed);
    Coverage { sender: sender.clone(), spf, aligned, dkim, dmarc }
}

/// Does the DMARC record that applies ask for strict alignment?
fn is_strict(evidence: &Evidence, tag: &str) -> bool {
    match dmarc::policy(evidence) {
        PolicyFound::Record { dmarc, .. } => dmarc.alignment(tag) == Alignment::Strict,
        _ => false,
    }
}

/// Is there a domain above that may be its organizational domain?
fn has_organization(domain: &Name) -> bool {
    *domain != domain.registered_domain()
}

/// A key at one of the provider's selectors; of an address nobody knows which selectors it uses.
fn dkim(evidence: &Evidence, sender: &SenderSeen) -> Tristate {
    let Who::Provider(provider) = sender.who else { return Tristate::Unknown };
    let selectors = &evidence.dkim.selectors;
    let has_key =
        |selector: &Selector| selector.asked.found.iter().any(DkimKey::is_usable) && is_of(selector, provider);
    let absent = |name: &str| selectors.iter().any(|selector| selector.name == name && has_no_key(selector));
    let mut fixed = provider.selector.iter().filter(|selector| selector.fixed).peekable();
    // In its own zone Microsoft sets up DKIM by itself, under what names its documents do not say.
    let is_ours = initial_domain::above(&evidence.domain).is_none();
    match selectors.iter().any(has_key) {
        true => Tristate::Yes,
        false if is_ours && fixed.peek().is_some() && fixed.all(|fixed| absent(&fixed.name)) => Tristate::No,
        false => Tristate::Unknown,
    }
}

/// Is a selector the provider's? Many use the same names, so where an alias is at one, that says whose it is.
fn is_of(selector: &Selector, provider: &'static Provider) -> bool {
    let aliases = || selector.asked.answer.aliases.iter().filter_map(Record::target);
    let fits = |own: &ProviderSelector| own.target.iter().any(|pattern| aliases().any(|name| matches(pattern, name)));
    if provider.selector.iter().any(fits) {
        return true;
    }
    let mut named = provider.selector.iter().filter(|own| own.name == selector.name);
    match aliases().next() {
        Some(_) => {
            named.any(|own| own.target.is_empty())
                && aliases().all(|name| by_target(name).is_none_or(|it| it == provider))
        }
        None => named.any(|own| own.fixed || own.target.is_empty()),
    }
}

fn has_no_key(selector: &Selector) -> bool {
    selector.asked.failure().is_none() && !selector.asked.found.iter().any(|key| key.is_usable())
}

fn and(a: Tristate, b: Tristate) -> Tristate {
    match (a, b) {
        (Tristate::No, _) | (_, Tristate::No) => Tristate::No,
        (Tristate::Yes, Tristate::Yes) => Tristate::Yes,
        _ => Tristate::Unknown,
    }
}

fn or(a: Tristate, b: Tristate) -> Tristate {
    match (a, b) {
        (Tristate::Yes, _) | (_, Tristate::Yes) => Tristate::Yes,
        (Tristate::No, Tristate::No) => Tristate::No,
        _ => Tristate::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::RSA_1024;
    use crate::testing::evidence;

    const MX: &str = "example.test. MX 0 example-test.mail.protection.outlook.com.\n";
    const INCLUDE: &str = "@ TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n";

    fn of(zone: &str) -> (Tristate, Tristate, Tristate, Tristate) {
        let coverage = coverage(&evidence(&format!("$TTL 60\n{zone}"))[0]);
        assert_eq!(coverage.len(), 1, "Microsoft 365");
        (coverage[0].spf, coverage[0].aligned, coverage[0].dkim, coverage[0].dmarc)
    }

    #[test]
    fn a_provider_that_is_included() {
        let ranges: Vec<String> = crate::providers::all()
            .iter()
            .find(|p| p.id == "microsoft365")
            .expect("it")
            .addresses()
            .iter()
            .map(|net| {
                let kind = if net.addr().is_ipv4() { "ip4" } else { "ip6" };
                format!("{kind}:{net}")
            })
            .collect();
        let world = format!("spf.protection.outlook.com. TXT \"v=spf1 {} -all\"\n", ranges.join("\" \" "));
        use Tristate::{No, Yes};
        assert_eq!(of(&format!("{MX}{INCLUDE}{world}")), (Yes, Yes, No, Yes));
        assert_eq!(of(&format!("{MX}@ TXT \"v=spf1 mx -all\"\n")), (No, Yes, No, No));
    }

    #[test]
    fn a_domain_above_may_sign() {
        let zone = |policy: &str| {
            let mx = "news MX 0 example-test.mail.protection.outlook.com.\nnews TXT \"v=spf1 mx -all\"\n";
            let text = format!("$TTL 60\n{mx}_dmarc TXT \"v=DMARC1; p=none{policy}\"\n");
            let all = evidence(&text);
            let news = all.iter().find(|evidence| evidence.domain.as_str() == "news.example.test").expect("a domain");
            coverage(news)[0].dmarc
        };
        assert_eq!(zone(""), Tristate::Unknown);
        assert_eq!(zone("; adkim=s"), Tristate::No);
    }

    #[test]
    fn strict_alignment_leaves_out_return_paths_below() {
        let aligned = |policy: &str| {
            let text = format!("$TTL 60\n@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none{policy}\"\n");
            let mut evidence = evidence(&text).remove(0);
            let who = Who::read("postmark").expect("a provider");
            evidence.senders = vec![SenderSeen { who, inferred: false, spf: None }];
            coverage(&evidence)[0].aligned
        };
        assert_eq!((aligned(""), aligned("; aspf=s")), (Tristate::Unknown, Tristate::No));
    }

    #[test]
    fn the_alias_at_a_selector_says_whose_it_is() {
        let dkim = |id: &str, records: &str| {
            let mut evidence = evidence(&format!("$TTL 60\n@ MX 0 mail\n{records}\n")).remove(0);
            let who = Who::read(id).expect("a provider");
            evidence.senders = vec![SenderSeen { who, inferred: false, spf: None }];
            coverage(&evidence)[0].dkim
        };
        let key = format!("TXT \"v=DKIM1; p={RSA_1024}\"");
        let alias = |target: &str| format!("s1._domainkey CNAME {target}\n{target} {key}");
        let sendgrid = alias("s1.domainkey.u1.wl1.sendgrid.net.");
        let (yes, unknown) = (Tristate::Yes, Tristate::Unknown);
        assert_eq!((dkim("sendgrid", &sendgrid), dkim("tuta", &sendgrid)), (yes, unknown));
        assert_eq!(dkim("sendgrid", &alias("s1.dkim.vendor.test.")), unknown);
        assert_eq!(dkim("sendgrid", &format!("s1._domainkey {key}")), unknown);
        let google = |target: &str| alias(target).replace("s1._domainkey ", "google._domainkey ");
        assert_eq!(dkim("google", &google("dkim.vendor.test.")), yes);
        assert_eq!(dkim("google", &google("dkim2.mcsv.net.")), unknown);
        assert_eq!(dkim("microsoft365", &format!("selector1._domainkey {key}")), yes);
    }

    #[test]
    fn who_else_may_send() {
        let zone = format!(
            "$TTL 60\n{MX}@ TXT \"v=spf1 ip4:192.0.2.1 ?a include:spf.protection.outlook.com include:x.test ~all\"\n"
        );
        let mut evidence = evidence(&zone).remove(0);
        assert_eq!(others(&evidence), ["ip4:192.0.2.1", "include:x.test"]);
        let who = Who::Address("192.0.2.1".parse().expect("an address"));
        evidence.senders.push(SenderSeen { who, inferred: false, spf: None });
        assert_eq!(others(&evidence), ["include:x.test"]);
    }

    #[test]
    fn what_nobody_answered_is_unknown() {
        let evidence = crate::testing::offline_evidence(&format!("$TTL 60\n{MX}{INCLUDE}"));
        assert_eq!(coverage(&evidence[0])[0].spf, Tristate::Unknown);
    }
}

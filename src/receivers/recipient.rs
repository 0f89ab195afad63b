//! Who the receiver is: the domain that mail is sent to, and who runs the hosts that take its mail.

use std::collections::HashSet;

use crate::dns::{Answer, Failure};
use crate::evidence::{RecipientSeen, Route};
use crate::name::Name;
use crate::near::name::{self, NamePattern};
use crate::providers::{self, Provider, ProviderKind};
use crate::receivers::{Receiver, all, by_mx, by_name};
use crate::records::spf::{Spf, TermKind};

/// The id of the profile by the standards, for receivers that publish nothing of their own.
const GENERIC: &str = "generic";

/// Those whose mailboxes stand behind filters, by their ids.
const BEHIND: [&str; 2] = ["microsoft365", "google"];

/// A domain that mail is sent to, and who takes the mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// What DNS says of it.
    pub seen: RecipientSeen,
    /// Where it goes.
    pub route: Route,
    /// Who runs the hosts that are tried first: one host for each. Empty where no host is known.
    pub first: Vec<Place>,
    /// Do the hosts, with those that are tried later, lead to different receivers?
    pub mixed: bool,
    /// Whose the domain is known to be, where DNS does not tell where its mail goes.
    pub by_name: Option<&'static Receiver>,
    /// Whose mailboxes are behind the filter, as far as there are signs.
    pub behind: Vec<Behind>,
    /// The domain that was meant, where mail to this one cannot be delivered and it is near a known one.
    pub meant: Option<Name>,
}

/// A host that takes mail, and who runs it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The host.
    pub host: Name,
    /// Who runs it.
    pub operator: Operator,
}

/// Who runs a host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operator {
    /// A receiver that publishes what it asks for.
    Receiver(&'static Receiver),
    /// A filter before mailboxes elsewhere.
    Gateway(&'static Provider),
    /// A provider of which no rules are known.
    Provider(&'static Provider),
    /// Nobody that is known.
    Unknown,
}

/// Whose mailboxes are behind a filter.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The provider.
    pub provider: &'static Provider,
    /// What shows it.
    pub sign: Sign,
}

/// What shows whose mailboxes are behind a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The domain's SPF record lets it send.
    Spf,
    /// It has a host for the domain's mail.
    Host,
}

/// The receivers of all recipients, each once.
pub fn receivers_of(recipients: &[Recipient]) -> Vec<&'static Receiver> {
    distinct(recipients.iter().flat_map(Recipient::receivers))
}

impl Recipient {
    /// Recognises who takes the mail.
    pub fn new(seen: RecipientSeen) -> Recipient {
        let route = seen.route();
        let hosts = seen.hosts();
        let preference = hosts.first().map(|(preference, _)| *preference);
        let mut first: Vec<Place> = Vec::new();
        for (_, host) in hosts.iter().filter(|(own, _)| Some(*own) == preference) {
            let operator = Operator::of(host);
            if first.iter().all(|place| place.operator != operator) {
                first.push(Place { host: (*host).clone(), operator });
            }
        }
        let mut operators = hosts.iter().map(|(_, host)| Operator::of(host));
        let mixed = first.len() > 1 || operators.any(|operator| first.iter().any(|place| place.operator != operator));
        let by_name = match route {
            Route::Unknown(_) => by_name(seen.domain.as_str()),
            _ => None,
        };
        let (behind, meant) = (behind(&seen), if route.is_dead() { meant(&seen.domain) } else { None });
        Recipient { seen, route, first, mixed, by_name, behind, meant }
    }

    /// The profiles that its mail is judged by: those of all who may take it first, then those of whoever is behind.
    pub fn receivers(&self) -> Vec<&'static Receiver> {
        let first = self.first.iter().map(|place| match place.operator {
            Operator::Receiver(receiver) => Some(receiver),
            _ => by_name(GENERIC),
        });
        let behind = self.behind.iter().map(|behind| by_name(&behind.provider.id));
        distinct(first.chain(behind).chain([self.by_name]).flatten())
    }

    /// The filter that its mail goes through.
    pub fn gateway(&self) -> Option<(&'static Provider, &Name)> {
        self.first.iter().find_map(|place| match place.operator {
            Operator::Gateway(provider) => Some((provider, &place.host)),
            _ => None,
        })
    }

    /// Was DNS asked who takes the mail, and did not tell, so that nobody knows?
    pub fn could_not_tell(&self) -> bool {
        self.by_name.is_none() && matches!(self.route, Route::Unknown(failure) if failure != Failure::NotAsked)
    }
}

impl Operator {
    fn of(host: &Name) -> Operator {
        match (by_mx(host), providers::by_mx(host)) {
            (Some(receiver), _) => Operator::Receiver(receiver),
            (None, Some(provider)) if provider.kind == ProviderKind::Gateways => Operator::Gateway(provider),
            (None, Some(provider)) => Operator::Provider(provider),
            (None, None) => Operator::Unknown,
        }
    }
}

impl PartialEq for Receiver {
    fn eq(&self, other: &Receiver) -> bool {
        self.id == other.id
    }
}

fn distinct(receivers: impl Iterator<Item = &'static Receiver>) -> Vec<&'static Receiver> {
    let mut seen = HashSet::new();
    receivers.filter(|receiver| seen.insert(receiver.id.as_str())).collect()
}

/// Those of whom there is a sign. No sign proves nothing: SPF may name addresses, and the host may be under another name.
fn behind(seen: &RecipientSeen) -> Vec<Behind> {
    let Some(behind) = &seen.behind else { return Vec::new() };
    let providers = BEHIND.iter().filter_map(|id| providers::by_name(id));
    let sign = |provider: &Provider| {
        let by_host = || provider.id == BEHIND[0] && has_address(behind.microsoft.as_ref());
        let by_spf = behind.spf.found.iter().any(|spf| includes(spf, provider));
        if by_spf { Some(Sign::Spf) } else { by_host().then_some(Sign::Host) }
    };
    providers.filter_map(|provider| Some(Behind { provider, sign: sign(provider)? })).collect()
}

fn has_address(answers: Option<&[Answer; 2]>) -> bool {
    answers.is_some_and(|answers| answers.iter().any(|answer| !answer.records().is_empty()))
}

/// Does the record itself lead to the provider's?
fn includes(spf: &Spf, provider: &Provider) -> bool {
    let leads = spf.terms.iter().filter(|term| matches!(term.kind, TermKind::Include(_) | TermKind::Redirect(_)));
    leads.filter_map(|term| term.domain()?.name.as_ref()).any(|name| provider.is_included_by(name))
}

/// The domain of mailboxes that is nearest to one that takes no mail, if it is near enough to be a slip of the hand.
fn meant(domain: &Name) -> Option<Name> {
    let domains = all().iter().flat_map(|receiver| &receiver.mailboxes).flat_map(|boxes| &boxes.domains);
    let slips = domains.filter_map(|known| Some((NamePattern::read(known)?.slip(domain)?, ())));
    name::nearest(slips).map(|(slip, ())| slip.right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::recipients;
    use crate::testing::{Resolver, zone_data};

    fn recipient(dns: &impl crate::dns::Dns, domain: &str) -> Recipient {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let seen = runtime.block_on(recipients::recipients(dns, &[Name::parse(domain).expect(domain)]));
        Recipient::new(seen.into_iter().next().expect("one recipient"))
    }

    /// The ids of those who run the first hosts; nothing for one that is not known.
    fn operators(recipient: &Recipient) -> Vec<Option<&'static str>> {
        let id = |place: &Place| match place.operator {
            Operator::Receiver(receiver) => Some(receiver.id.as_str()),
            Operator::Gateway(provider) | Operator::Provider(provider) => Some(provider.id.as_str()),
            Operator::Unknown => None,
        };
        recipient.first.iter().map(id).collect()
    }

    fn ids(recipient: &Recipient) -> Vec<&'static str> {
        recipient.receivers().into_iter().map(|receiver| receiver.id.as_str()).collect()
    }

    /// What stands for the standards, once its profile is there.
    fn generic() -> Vec<&'static str> {
        by_name(GENERIC).map(|receiver| receiver.id.as_str()).into_iter().collect()
    }

    #[test]
    fn the_mx_decides_whatever_the_name() {
        let world = zone_data(
            "sky.com. 60 MX 10 mx-eu.mail.am0.yahoodns.net.\ngmail.com. 60 MX 5 mx.gmail.com.\n\
             own.test. 60 MX 10 mx1.own.test.\nown.test. 60 MX 20 mx2.own.test.\nown.test. 60 MX 10 mx3.own.test.\n\
             address.test. 60 A 192.0.2.1\nfast.test. 60 MX 10 in1-smtp.messagingengine.com.\n",
        );
        let sky = recipient(&world, "sky.com");
        assert_eq!((operators(&sky), ids(&sky)), (vec![Some("yahoo")], vec!["yahoo"]));
        assert_eq!(sky.first[0].host.as_str(), "mx-eu.mail.am0.yahoodns.net");
        assert_eq!(ids(&recipient(&world, "gmail.com")), generic(), "not Gmail's hosts");
        for domain in ["own.test", "address.test"] {
            let own = recipient(&world, domain);
            assert_eq!((operators(&own), ids(&own), own.mixed), (vec![None], generic(), false), "{domain}");
        }
        let fast = recipient(&world, "fast.test");
        assert_eq!((operators(&fast), ids(&fast)), (vec![Some("fastmail")], generic()));
    }

    #[test]
    fn the_most_preferred_hosts_decide() {
        let world = zone_data(
            "both.test. 60 MX 10 mx-eu.mail.am0.yahoodns.net.\nboth.test. 60 MX 10 gmail-smtp-in.l.google.com.\n\
             later.test. 60 MX 20 mx-eu.mail.am0.yahoodns.net.\nlater.test. 60 MX 5 gmail-smtp-in.l.google.com.\n\
             one.test. 60 MX 10 mx-eu.mail.am0.yahoodns.net.\none.test. 60 MX 20 mx-van.mail.am0.yahoodns.net.\n",
        );
        let mut both = ids(&recipient(&world, "both.test"));
        both.sort_unstable();
        assert_eq!((both, recipient(&world, "both.test").mixed), (vec!["gmail", "yahoo"], true));
        let later = recipient(&world, "later.test");
        assert_eq!((ids(&later), later.mixed), (vec!["gmail"], true));
        assert!(!recipient(&world, "one.test").mixed);
    }

    #[test]
    fn the_name_decides_only_where_dns_does_not_tell() {
        let failing = [("aol.com MX", Failure::Timeout), ("own.test MX", Failure::ServFail)];
        let resolver = Resolver { failing: &failing, ..Resolver::new("", &[]) };
        let aol = recipient(&resolver, "aol.com");
        assert_eq!((ids(&aol), aol.could_not_tell()), (vec!["yahoo"], false));
        let own = recipient(&resolver, "own.test");
        assert_eq!((ids(&own), own.could_not_tell()), (vec![], true));
        let gone = recipient(&resolver, "yahoo.com");
        assert_eq!((gone.route, ids(&gone), gone.could_not_tell()), (Route::Nonexistent, vec![], false));
    }

    /// A domain behind Proofpoint with these other records: whose mailboxes are behind, and by what sign.
    fn behind_proofpoint(records: &str) -> Vec<(&'static str, Sign)> {
        let world = zone_data(&format!("fabrikam.com. 60 MX 10 mxa-1.gslb.pphosted.com.\n{records}"));
        let recipient = recipient(&world, "fabrikam.com");
        assert_eq!(recipient.gateway().map(|(provider, _)| provider.id.as_str()), Some("proofpoint"));
        recipient.behind.iter().map(|behind| (behind.provider.id.as_str(), behind.sign)).collect()
    }

    #[test]
    fn what_is_behind_a_gateway() {
        let spf = |terms: &str| behind_proofpoint(&format!("fabrikam.com. 60 TXT \"v=spf1 {terms} -all\"\n"));
        assert_eq!(spf("include:spf.protection.outlook.com"), [("microsoft365", Sign::Spf)]);
        assert_eq!(spf("include:_spf.google.com"), [("google", Sign::Spf)]);
        assert_eq!(spf("include:spf-00.pphosted.com ip4:40.92.0.0/15"), []);
        let host = |name: &str| behind_proofpoint(&format!("{name}.mail.protection.outlook.com. 60 A 52.101.73.5\n"));
        assert_eq!(host("fabrikam-com"), [("microsoft365", Sign::Host)]);
        assert_eq!(host("fabrikam-net"), [], "a name that is not there proves nothing");
    }

    #[test]
    fn the_gateway_judges_first_and_then_who_is_behind() {
        let world = zone_data(
            "a.test. 60 MX 10 mxa-1.gslb.pphosted.com.\n\
             a.test. 60 TXT \"v=spf1 redirect=spf.protection.outlook.com\"\n",
        );
        let microsoft = by_name("microsoft365").map(|receiver| receiver.id.as_str());
        let expected: Vec<&str> = generic().into_iter().chain(microsoft).collect();
        assert_eq!(ids(&recipient(&world, "a.test")), expected);
    }

    #[test]
    fn mailboxes_of_one_of_their_own_hosts_are_behind_nothing() {
        let world = zone_data(
            "a.test. 60 MX 0 a-test.mail.protection.outlook.com.\n\
             a.test. 60 TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n",
        );
        let direct = recipient(&world, "a.test");
        assert!(direct.gateway().is_none() && direct.behind.is_empty());
        assert_eq!(operators(&direct), [Some("microsoft365")]);
    }

    #[test]
    fn slips_are_seen_where_no_mail_is_taken() {
        let world = zone_data("yaho.com. 60 MX 0 .\ngmai.com. 60 MX 0 mail.gmai.com.\n");
        let meant = |domain| recipient(&world, domain).meant.map(|name| name.to_string());
        assert_eq!(meant("gmial.com").as_deref(), Some("gmail.com"));
        assert_eq!(meant("hotmial.com").as_deref(), Some("hotmail.com"));
        assert_eq!(meant("yaho.com").as_deref(), Some("yahoo.com"), "a null MX");
        assert_eq!(meant("gmai.com"), None, "it takes mail");
        assert_eq!(meant("contoso.com"), None);
    }
}

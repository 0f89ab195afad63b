//! The domains that mail is sent to: where does their mail go?

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _};

use crate::collect::{ask, hosts, texts};
use crate::dns::Dns;
use crate::evidence::{BehindSeen, RecipientSeen};
use crate::name::{Kind, Name};
use crate::providers::{self, ProviderKind};
use crate::records::spf::Spf;

/// So many domains are looked at at the same time.
const AT_ONCE: usize = 32;

/// Asks for each domain once, in the order given.
pub async fn recipients<D: Dns>(dns: &D, domains: &[Name]) -> Vec<RecipientSeen> {
    let mut seen = HashSet::new();
    let each = domains.iter().filter(|domain| seen.insert(*domain));
    stream::iter(each).map(|domain| recipient(dns, domain)).buffered(AT_ONCE).collect().await
}

async fn recipient<D: Dns>(dns: &D, domain: &Name) -> RecipientSeen {
    let mx = ask(dns, domain, Kind::MX).await;
    let addresses = if mx.is_absent() { Some(hosts::addresses(dns, domain).await) } else { None };
    let seen = RecipientSeen { domain: domain.clone(), mx, addresses, behind: None };
    match leads_to_gateway(&seen) {
        true => RecipientSeen { behind: Some(behind(dns, domain).await), ..seen },
        false => seen,
    }
}

/// Does one of the hosts that are tried first belong to a filter?
fn leads_to_gateway(seen: &RecipientSeen) -> bool {
    let hosts = seen.hosts();
    let first = hosts.first().map(|(preference, _)| *preference);
    let mut first = hosts.iter().filter(|(preference, _)| Some(*preference) == first);
    first.any(|(_, host)| providers::by_mx(host).is_some_and(|it| it.kind == ProviderKind::Gateways))
}

async fn behind<D: Dns>(dns: &D, domain: &Name) -> BehindSeen {
    let microsoft = async {
        match microsoft_host(domain) {
            Some(host) => Some(hosts::addresses(dns, &host).await),
            None => None,
        }
    };
    let (texts_there, microsoft) = tokio::join!(ask(dns, domain, Kind::TXT), microsoft);
    BehindSeen { spf: texts(texts_there, Spf::read), microsoft }
}

/// The host that Microsoft 365 has for a domain. Of a domain with hyphens it cannot be told: the name with hyphens for
/// dots is that of another domain, too.
fn microsoft_host(domain: &Name) -> Option<Name> {
    let dashed = domain.as_str().replace('.', "-");
    let host = format!("{dashed}.mail.protection.outlook.com");
    Name::parse(&host).ok().filter(|_| !domain.as_str().contains('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Failure;
    use crate::evidence::Route;
    use crate::testing::{Resolver, zone_data};

    fn name(text: &str) -> Name {
        Name::parse(text).expect(text)
    }

    fn seen(dns: &impl Dns, domains: &[&str]) -> Vec<RecipientSeen> {
        let domains: Vec<Name> = domains.iter().map(|domain| name(domain)).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(recipients(dns, &domains))
    }

    fn route(dns: &impl Dns, domain: &str) -> Route {
        seen(dns, &[domain])[0].route()
    }

    const WORLD: &str = "\
mx.test. 60 MX 20 b.test.
mx.test. 60 MX 10 a.test.
address.test. 60 AAAA 2001:db8::1
alias.test. 60 CNAME address.test.
dangling.test. 60 CNAME gone.test.
null.test. 60 MX 0 .
null-and-more.test. 60 MX 0 .
null-and-more.test. 60 MX 5 a.test.
text.test. 60 TXT x
";

    #[test]
    fn where_mail_goes() {
        let world = zone_data(WORLD);
        for (domain, expected) in [
            ("mx.test", Route::Exchanges),
            ("address.test", Route::Address),
            ("alias.test", Route::Address),
            ("dangling.test", Route::Nonexistent),
            ("null.test", Route::NullMx),
            ("null-and-more.test", Route::Exchanges),
            ("text.test", Route::Nowhere),
            ("gone.test", Route::Nonexistent),
        ] {
            assert_eq!(route(&world, domain), expected, "{domain}");
        }
        let hosts = |domain| seen(&world, &[domain])[0].hosts().into_iter().map(|(_, host)| host.to_string()).collect();
        let hosts: [Vec<String>; 3] = ["mx.test", "alias.test", "null.test"].map(hosts);
        assert_eq!(hosts, [vec!["a.test".to_owned(), "b.test".to_owned()], vec!["alias.test".to_owned()], vec![]]);
    }

    #[test]
    fn no_answer_is_not_no_record() {
        let failing = [
            ("mx.test MX", Failure::Timeout),
            ("address.test A", Failure::ServFail),
            ("text.test AAAA", Failure::Refused),
        ];
        let resolver = Resolver { failing: &failing, ..Resolver::new(WORLD, &[]) };
        assert_eq!(route(&resolver, "mx.test"), Route::Unknown(Failure::Timeout));
        assert_eq!(route(&resolver, "address.test"), Route::Address, "the other address is enough");
        assert_eq!(route(&resolver, "text.test"), Route::Unknown(Failure::Refused));
    }

    #[test]
    fn each_domain_once_in_its_order() {
        let seen = seen(&zone_data(WORLD), &["text.test", "mx.test", "text.test"]);
        assert_eq!(seen.iter().map(|seen| seen.domain.as_str()).collect::<Vec<_>>(), ["text.test", "mx.test"]);
    }

    #[test]
    fn what_is_behind_is_asked_of_filters_alone() {
        let world = zone_data(
            "a.test. 60 MX 10 mxa-1.gslb.pphosted.com.\nb.test. 60 MX 0 mail.b.test.\n\
             b.test. 60 MX 9 mxa-1.gslb.pphosted.com.\nc-d.test. 60 MX 10 mxa-1.gslb.pphosted.com.\n",
        );
        let seen = seen(&world, &["a.test", "b.test", "c-d.test"]);
        let host = |seen: &RecipientSeen| {
            let behind = seen.behind.as_ref()?;
            Some(behind.microsoft.as_ref().map(|answers| answers[0].question.name.to_string()))
        };
        let asked: Vec<Option<Option<String>>> = seen.iter().map(host).collect();
        assert_eq!(asked, [Some(Some("a-test.mail.protection.outlook.com".to_owned())), None, Some(None)]);
    }
}

//! The facts on services that send for their customers, keep their records or add signatures: read as they are meant.

use std::collections::BTreeMap;

use mailvet::name::Name;
use mailvet::providers::{self, Provider, ProviderKind};

/// Names as they stand in customers' records, and whose they are.
const SEEN: &[(Lookup, &str, &str)] = &[
    (providers::by_mx, "feedback-smtp.eu-west-1.amazonses.com", "amazon-ses"),
    (providers::by_mx, "inbound-smtp.us-east-1.amazonaws.com", "amazon-ses"),
    (providers::by_mx, "mxb.eu.mailgun.org", "mailgun"),
    (providers::by_mx, "mx.hubapi.com", "hubspot"),
    (providers::by_mx, "inbound.postmarkapp.com", "postmark"),
    (providers::by_mx, "rx2.sparkpostmail.com", "sparkpost"),
    (providers::by_include, "12345.spf05.hubspotemail.net", "hubspot"),
    (providers::by_include, "spf.au.exclaimer.net", "exclaimer"),
    (providers::by_include, "spf-de.emailsignatures365.com", "codetwo"),
    (providers::by_include, "emaileuc.freshservice.com", "freshworks"),
    (providers::by_include, "eu.rp.oracleemaildelivery.com", "oracle-email-delivery"),
    (providers::by_include, "_u.example.com._spf.smart.ondmarc.com", "ondmarc"),
    (providers::by_include, "_spf.example_com._d.easydmarc.pro", "easydmarc"),
    (providers::by_target, "abcdefghijklmnopqrstuvwxyz234567.dkim.amazonses.com", "amazon-ses"),
    (providers::by_target, "abcdefghijklmnopqrstuvwxyz234567.dkim.af-south-1.amazonses.com", "amazon-ses"),
    (providers::by_target, "pdt2.domainkey.u12345.wl183.sendgrid.net", "sendgrid"),
    (providers::by_target, "pdk1._domainkey.1a2b3.dkim1.eu.mgsend.org", "mailgun"),
    (providers::by_target, "example-com.hs11b.dkim.hubspotemail.net", "hubspot"),
    (providers::by_target, "sf1.1a2b3c.custdkim.salesforce.com", "salesforce"),
    (providers::by_target, "dkim1.0123456789ab.p123.email.myshopify.com", "shopify"),
    (providers::by_target, "bh1234._domainkey.example.com.zn001.beehiivmail.net", "beehiiv"),
    (providers::by_target, "selector1-azurecomm-prod-net._domainkey.azurecomm.net", "azure-communication-services"),
    (providers::by_target, "100._domainkey.dkim1.ccsend.com", "constant-contact"),
    (providers::by_target, "kl1.domainkey.1.klaviyodns.com", "klaviyo"),
];

type Lookup = fn(&Name) -> Option<&'static Provider>;

fn name(text: &str) -> Name {
    Name::parse(text).expect(text)
}

fn here() -> impl Iterator<Item = &'static Provider> {
    use ProviderKind::{Reports, Senders, Services, Signatures};
    providers::all().iter().filter(|it| matches!(it.kind, Senders | Services | Signatures | Reports))
}

/// The pattern with something in place of each `*`, and of each name in braces.
fn example(pattern: &str) -> String {
    let mut text = pattern.replace('*', "x1");
    while let Some((start, rest)) = text.split_once('{') {
        let (_, end) = rest.split_once('}').expect(pattern);
        text = format!("{start}x1{end}");
    }
    text
}

#[test]
fn every_kind_is_there() {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for provider in here() {
        *count.entry(format!("{:?}", provider.kind)).or_default() += 1;
    }
    assert_eq!(count.keys().collect::<Vec<_>>(), ["Reports", "Senders", "Services", "Signatures"]);
}

#[test]
fn names_that_customers_publish() {
    for (lookup, text, id) in SEEN {
        assert_eq!(lookup(&name(text)).map(|it| it.id.as_str()), Some(*id), "{text}");
    }
}

#[test]
fn patterns_lead_back_to_their_provider() {
    for provider in here() {
        let targets = provider.selector.iter().flat_map(|selector| &selector.target);
        let lookups: [(Lookup, Vec<&String>); 3] = [
            (providers::by_mx, provider.mx.iter().collect()),
            (providers::by_include, provider.spf.iter().collect()),
            (providers::by_target, targets.collect()),
        ];
        for (lookup, patterns) in lookups {
            for pattern in patterns {
                let example = name(&example(pattern));
                assert!(providers::matches(pattern, &example), "{pattern}");
                assert_eq!(lookup(&example).map(|it| &it.id), Some(&provider.id), "{pattern}");
            }
        }
        for text in &provider.txt {
            assert_eq!(providers::by_text(&example(text)).map(|it| &it.id), Some(&provider.id), "{text}");
        }
    }
}

#[test]
fn what_is_to_be_published_fits_the_patterns() {
    for provider in here() {
        for line in &provider.publish {
            let parts: Vec<&str> = line.splitn(3, ' ').collect();
            let [owner, kind, value] = parts[..] else { panic!("{}: {line}", provider.id) };
            let fits = match kind {
                "MX" => value.split_once(' ').is_some_and(|(_, host)| leads_to(providers::by_mx, host)),
                "CNAME" if owner.contains("._domainkey.") => is_target(provider, owner, value),
                "TXT" if value.starts_with("v=spf1 ") => includes(value).all(|it| leads_to(providers::by_include, it)),
                "TXT" | "CNAME" | "NS" => true,
                _ => false,
            };
            assert!(owner.ends_with("{domain}") && fits, "{}: {line}", provider.id);
        }
    }
}

/// Mail may go through a carrier, whose names they are then.
fn leads_to(lookup: Lookup, text: &str) -> bool {
    lookup(&name(&example(text))).is_some()
}

fn includes(record: &str) -> impl Iterator<Item = &str> {
    record.split(' ').filter_map(|term| term.strip_prefix("include:"))
}

/// Does one of its selectors, whose name the owner bears, lead to the target?
fn is_target(provider: &Provider, owner: &str, target: &str) -> bool {
    let (selector, _) = owner.split_once("._domainkey.").expect(owner);
    let (selector, target) = (name(&example(selector)), name(&example(target)));
    let fits = |pattern: &str, name: &Name| providers::matches(pattern, name);
    provider.selector.iter().any(|it| fits(&it.name, &selector) && it.target.iter().any(|it| fits(it, &target)))
}

#[test]
fn everything_has_a_source_and_a_use() {
    for provider in here() {
        let useful = !provider.spf.is_empty() || !provider.former.is_empty() || !provider.selector.is_empty();
        assert!(useful, "{}: nothing to recognise it by", provider.id);
        for source in &provider.source {
            let date: Vec<Option<u32>> = source.read.split('-').map(|part| part.parse().ok()).collect();
            assert!(matches!(date[..], [Some(2026..), Some(1..=12), Some(1..=31)]), "{}", provider.id);
            assert!(!source.title.is_empty(), "{}", provider.id);
        }
        assert!(!provider.source.is_empty(), "{}", provider.id);
    }
}

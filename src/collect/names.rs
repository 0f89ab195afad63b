//! Which names of a zone have to do with mail.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::iter::successors;
use std::sync::Arc;

use crate::collect::{Knows, Wanted};
use crate::dns::Record;
use crate::evidence;
use crate::name::{Kind, Name};
use crate::providers;
use crate::records::spf::{Spf, Term, TermKind};
use crate::zone::Zone;

/// What a zone holds about a domain.
#[derive(Default)]
struct Found {
    /// An MX record, an SPF record or a DMARC record.
    mail: bool,
    selectors: BTreeSet<String>,
}

/// The domains of a zone that have to do with mail: owners of MX and SPF records, and those that `_dmarc` and
/// `_domainkey` names belong to. The apex comes first. It is expected to have all its records (see
/// [`Evidence::named`](crate::evidence::Evidence::named)) if there is anything of mail at it, or mail records stand at
/// names where they have no effect.
pub fn mail_domains(zone: &Arc<Zone>, known: &impl Knows) -> Vec<Wanted> {
    let helpers = included_names(zone);
    let mut domains: BTreeMap<Name, Found> = BTreeMap::new();
    for record in &zone.records {
        note(&mut domains, record, &helpers);
    }
    domains.retain(|name, _| name.is_within(&zone.origin) && !is_doubled(name, zone) && !is_value(name, zone));
    let apex = domains.remove(&zone.origin).unwrap_or_default();
    // A zone without mail is no mail domain: a reverse zone needs no SPF. It is read all the same.
    let handed_over = handed_over(zone);
    let named = apex.mail || !apex.selectors.is_empty() || zone.records.iter().any(|record| is_stray(record, zone));
    let others = domains.into_iter().map(|(name, found)| wanted(&name, found, known, &handed_over));
    let first = wanted(&zone.origin, apex, known, &handed_over);
    let first = Wanted { named, zone: Some(Arc::clone(zone)), ..first };
    std::iter::once(first).chain(others).collect()
}

fn wanted(domain: &Name, found: Found, known: &impl Knows, handed_over: &HandedOver<'_>) -> Wanted {
    Wanted {
        domain: domain.clone(),
        named: false,
        only_spf: false,
        known: known.of(domain),
        zone_selectors: found.selectors.into_iter().collect(),
        selectors_known: selectors_known(domain, handed_over),
        zone: None,
        authoritative: false,
    }
}

/// Names of a zone whose records others hold: delegations, and what stands under a DNAME; nothing where not all of the zone
/// was read, so that nobody knows.
type HandedOver<'z> = Option<HashSet<&'z Name>>;

fn handed_over(zone: &Zone) -> HandedOver<'_> {
    let is_handed_over = |record: &&Record| match record.kind {
        Kind::NS => record.owner != zone.origin,
        kind => kind == Kind::DNAME,
    };
    zone.is_whole().then(|| zone.records.iter().filter(is_handed_over).map(|record| &record.owner).collect())
}

/// Does the zone hold all selectors of the domain: was all of it read, and is the domain or `_domainkey` below it not in
/// the hands of others?
fn selectors_known(domain: &Name, handed_over: &HandedOver<'_>) -> bool {
    let (Ok(node), Some(handed_over)) = (domain.prefixed("_domainkey"), handed_over) else { return false };
    handed_over.is_empty() || !successors(Some(node), Name::parent).any(|above| handed_over.contains(&above))
}

fn note(domains: &mut BTreeMap<Name, Found>, record: &Record, helpers: &HashSet<Name>) {
    match record.kind {
        Kind::TXT | Kind::CNAME | Kind::NS if record.owner.first_label() == "_dmarc" => {
            if let Some(domain) = record.owner.parent().filter(is_domain) {
                domains.entry(domain).or_default().mail = true;
            }
        }
        Kind::TXT | Kind::CNAME if has_label(&record.owner, "_domainkey") => note_selector(domains, &record.owner),
        Kind::MX if is_domain(&record.owner) => domains.entry(record.owner.clone()).or_default().mail = true,
        Kind::TXT if is_domain(&record.owner) && !helpers.contains(&record.owner) && is_spf(record) => {
            domains.entry(record.owner.clone()).or_default().mail = true;
        }
        _ => {}
    }
}

fn note_selector(domains: &mut BTreeMap<Name, Found>, owner: &Name) {
    let Some((selector, domain)) = owner.as_str().split_once("._domainkey.") else { return };
    if let Some(domain) = Name::parse(domain).ok().filter(is_domain)
        && selector != "*"
    {
        domains.entry(domain).or_default().selectors.insert(selector.to_owned());
    }
}

/// Mail domains have no underscores and no wildcards in their names: `_spf.example.com` is a helper of others. A
/// literal `@` is a slip, which a rule speaks about.
fn is_domain(name: &Name) -> bool {
    !name.is_root() && name.labels().all(|label| !label.starts_with('_') && label != "*" && label != "@")
}

/// `example.com.example.com` is not a domain but a slip, which rules speak about.
fn is_doubled(name: &Name, zone: &Zone) -> bool {
    name.below(&zone.origin).is_some_and(|labels| {
        Name::parse(labels).is_ok_and(|labels| labels.is_within(&zone.origin)) && zone.origin.labels().count() > 1
    })
}

/// The value of a record that was entered as its name, such as `contoso-com.mail.protection.outlook.com` with the origin
/// behind it, is no domain either.
fn is_value(name: &Name, zone: &Zone) -> bool {
    let value = name.below(&zone.origin).and_then(|labels| Name::parse(labels).ok());
    value.is_some_and(|value| providers::by_mx(&value).is_some() || providers::by_target(&value).is_some())
}

/// Names whose SPF record is there for other records of the zone: those that `include` and `redirect` lead to. The apex
/// has its record for itself, too.
fn included_names(zone: &Zone) -> HashSet<Name> {
    let records = zone.records.iter().filter_map(|record| Spf::read(record.txt()?));
    let leads = |term: &Term| matches!(term.kind, TermKind::Include(_) | TermKind::Redirect(_));
    let mut names = HashSet::new();
    for spf in records {
        let led_to = spf.terms.iter().filter(|term| leads(term)).filter_map(|term| term.domain()?.name.clone());
        names.extend(led_to.filter(|name| *name != zone.origin));
    }
    names
}

/// Is it a mail record that has no effect where it stands, and was meant for the apex: a text with the version of SPF,
/// DKIM or DMARC at the apex itself (an SPF record is noted as such), or at a name with a slip in it? At any other name
/// such a text may be there for aliases of other domains.
fn is_stray(record: &Record, zone: &Zone) -> bool {
    let (owner, text) = (&record.owner, record.txt().map(|txt| txt.value.to_ascii_lowercase()).unwrap_or_default());
    let slip = |label: &str| label == "@" || (label.contains("domainkey") && label != "_domainkey");
    let slips = owner.first_label() == "dmarc" || owner.labels().any(slip);
    let misplaced = slips || *owner == zone.origin || is_doubled(owner, zone);
    misplaced && ["v=spf", "v=dmarc", "v=dkim"].iter().any(|version| text.contains(version))
}

fn is_spf(record: &Record) -> bool {
    let meant = || evidence::meant(record).is_some_and(|text| text.to_ascii_lowercase().starts_with("v=spf1 "));
    record.txt().is_some_and(|txt| Spf::read(txt).is_some()) || meant()
}

fn has_label(name: &Name, label: &str) -> bool {
    name.labels().any(|other| other == label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Known;
    use crate::source::{Source, SourceKind};
    use crate::zone::master;

    /// The domains of a zone, each with its selectors; `!` marks the one that is expected to have all its records.
    fn domains(origin: &str, text: &str) -> Vec<String> {
        let source = Source::new("test.zone", format!("$TTL 60\n$ORIGIN {origin}\n{text}\n"), SourceKind::File);
        let zone = Arc::new(master::read(&source, None, None));
        let wanted = mail_domains(&zone, &Known::default());
        wanted
            .iter()
            .map(|wanted| {
                assert_eq!(wanted.zone.is_some(), wanted.domain == zone.origin);
                let mark = if wanted.named { "!" } else { "" };
                [&[format!("{mark}{}", wanted.domain)], &wanted.zone_selectors[..]].concat().join(" ")
            })
            .collect()
    }

    #[test]
    fn the_apex_comes_first_and_then_names_with_mail_of_their_own() {
        let zone = r#"
            @ MX 0 mail
            mail A 192.0.2.1
            news TXT "v=spf1 -all"
            lists MX 0 mail
            s1._domainkey.shop TXT "v=DKIM1; p=AAAA"
            s2._domainkey.shop CNAME s2.provider.example.
            _dmarc.web TXT "v=DMARC1; p=reject"
            www CNAME mail
            txt TXT "v=spf10 -all is no SPF record"
        "#;
        let lines: String = zone.lines().map(|line| format!("{}\n", line.trim_start())).collect();
        let want =
            ["!example.com", "lists.example.com", "news.example.com", "shop.example.com s1 s2", "web.example.com"];
        assert_eq!(domains("example.com.", &lines), want);
    }

    #[test]
    fn who_knows_the_selectors() {
        let known = |text: &str| -> Vec<bool> {
            let text = format!("$TTL 60\n$ORIGIN example.com.\n@ MX 0 mail\nshop MX 0 mail\n{text}\n");
            let zone = Arc::new(master::read(&Source::new("test.zone", text, SourceKind::File), None, None));
            mail_domains(&zone, &Known::default()).iter().map(|wanted| wanted.selectors_known).collect()
        };
        assert_eq!(known("@ NS ns.example.net.\nweb NS ns.example.net."), [true, true]);
        assert_eq!(known("_domainkey NS ns.example.net."), [false, true]);
        assert_eq!(known("_domainkey.shop DNAME keys.example.net."), [true, false]);
        assert_eq!(known("shop NS ns.example.net."), [true, false]);
        assert_eq!(known("$INCLUDE elsewhere.zone"), [false, false]);
    }

    #[test]
    fn helpers_are_no_domains() {
        let zone = "@ TXT \"v=spf1 include:spf.example.com redirect=all.example.com\"\n_spf TXT \"v=spf1 -all\"\n\
                    spf TXT \"v=spf1 -all\"\nall TXT \"v=spf1 -all\"";
        assert_eq!(domains("example.com.", zone), ["!example.com"]);
        let named_by_a = "@ TXT \"v=spf1 a:mail.example.com -all\"\nmail TXT \"v=spf1 a -all\"";
        assert_eq!(domains("example.com.", named_by_a), ["!example.com", "mail.example.com"]);
    }

    #[test]
    fn wildcards_and_report_authorizations_are_no_domains() {
        let zone = "* MX 0 mail\n* TXT \"v=spf1 -all\"\n*._domainkey TXT \"v=DKIM1; p=\"\n\
                    *._report._dmarc TXT \"v=DMARC1\"\nclient.org._report._dmarc TXT \"v=DMARC1\"";
        assert_eq!(domains("example.com.", zone), ["example.com"]);
    }

    #[test]
    fn a_zone_without_mail_is_read_but_not_expected_to_have_any() {
        assert_eq!(
            domains("2.0.192.in-addr.arpa.", "@ NS ns.example.com.\n1 PTR mail.example.com."),
            ["2.0.192.in-addr.arpa"]
        );
        assert_eq!(domains("example.com.", "@ A 192.0.2.1\nwww A 192.0.2.1"), ["example.com"]);
        assert_eq!(domains("_domainkey.example.com.", "s1 TXT \"v=DKIM1; p=\""), ["_domainkey.example.com"]);
    }

    #[test]
    fn mail_of_a_sub_domain_asks_nothing_of_the_apex() {
        assert_eq!(domains("example.com.", "lists MX 0 mail"), ["example.com", "lists.example.com"]);
        assert_eq!(domains("example.com.", "news TXT \"v=spf1 a -all\""), ["example.com", "news.example.com"]);
    }

    #[test]
    fn the_apex_may_be_included() {
        let zone = "@ TXT \"v=spf1 a -all\"\nnews TXT \"v=spf1 redirect=example.com\"";
        assert_eq!(domains("example.com.", zone), ["!example.com", "news.example.com"]);
    }

    #[test]
    fn values_in_the_field_of_the_name_are_no_domains() {
        let zone = "x-com.mail.protection.outlook.com MX 0 @\n\
                    selector1-x-com._domainkey.x.onmicrosoft.com CNAME selector1._domainkey";
        assert_eq!(domains("example.com.", zone), ["example.com"]);
    }

    #[test]
    fn texts_for_aliases_of_other_domains() {
        let zone = "example-org.dmarc TXT \"v=DMARC1; p=none\"\nkeys.s1 TXT \"v=DKIM1; p=\"\n_spf TXT \"v=spf1 -all\"";
        assert_eq!(domains("provider.example.", zone), ["provider.example"]);
    }

    #[test]
    fn the_root_zone() {
        assert_eq!(
            domains(".", "@ NS a.root-servers.example.\nexample.com. MX 0 mail.example.com."),
            [".", "example.com"]
        );
    }

    #[test]
    fn parked_domains() {
        assert_eq!(domains("example.com.", "@ TXT \"v=spf1 -all\""), ["!example.com"]);
        assert_eq!(domains("example.com.", "@ MX 0 ."), ["!example.com"]);
        assert_eq!(domains("example.com.", "_dmarc CNAME reject.example.net."), ["!example.com"]);
        assert_eq!(domains("example.com.", "_dmarc NS ns.example.net."), ["!example.com"]);
    }

    #[test]
    fn mail_records_without_effect_were_meant_for_the_apex() {
        for stray in [
            "@ TXT \"v=spf 1 a -all\"",
            "example.com TXT \"v=spf1 a -all\"",
            "\\@ TXT \"v=spf1 a -all\"",
            "dmarc TXT \"v=DMARC1; p=none\"",
            "@ TXT \"v=DMARC1; p=none\"",
            "s1.domainkey TXT \"v=DKIM1; p=AAAA\"",
            "s1._domainkey.example.com TXT \"v=DKIM1; p=AAAA\"",
        ] {
            assert_eq!(domains("example.com.", stray), ["!example.com"], "{stray}");
        }
    }
}

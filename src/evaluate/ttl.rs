//! How long it takes until a change to a record is seen everywhere.

use crate::dns::{Answer, Data, Outcome, Record};
use crate::evidence::{Evidence, ReportDomain, SendingAddress, Target};
use crate::name::{Kind, Question};

/// Seconds until nobody has what stands at this record set now, or its absence, in a cache any more: counted from the
/// change. Nothing where that is not known.
///
/// The name servers of the zone tell the whole time; where these were not asked, a resolver may have told no more than
/// the rest of it, so that it may take longer. For what is absent it is that of the nearest start of authority above: a
/// zone cut between them is not seen.
pub fn until_seen(evidence: &Evidence, place: &Question) -> Option<u32> {
    let told = authoritative(evidence);
    let seen = seen(evidence);
    present(&told, place).or_else(|| present(&seen, place)).or_else(|| {
        let is_absent = told.iter().chain(&seen).any(|answer| is_absent(answer, place));
        is_absent.then(|| absent(&told, place).or_else(|| absent(&seen, place)))?
    })
}

/// Seconds for which the absence of a record may be kept, as the start of authority of its zone says.
///
/// RFC 2308 section 5: "When the authoritative server creates this record its TTL is taken from the minimum of the
/// SOA.MINIMUM field and SOA's TTL."
pub fn negative(record: &Record) -> Option<u32> {
    match &record.data {
        Data::Soa(soa) => Some(soa.minimum.min(record.ttl)),
        _ => None,
    }
}

/// The longest time to live of the records there, and of an alias in their place.
fn present(answers: &[&Answer], place: &Question) -> Option<u32> {
    let is_there = |record: &&Record| {
        let is_alias = record.kind == Kind::CNAME || place.kind == Kind::CNAME;
        record.owner == place.name && (record.kind == place.kind || is_alias)
    };
    records(answers).filter(is_there).map(|record| record.ttl).max()
}

/// What the nearest start of authority at or above the name says of absence.
fn absent(answers: &[&Answer], place: &Question) -> Option<u32> {
    let above = records(answers).filter(|record| place.name.is_within(&record.owner));
    let known = above.filter_map(|record| Some((record.owner.labels().count(), negative(record)?)));
    known.max().map(|(_, seconds)| seconds)
}

/// Does the answer say that there is nothing?
///
/// RFC 8020 section 2: NXDOMAIN says so of all names below, too.
fn is_absent(answer: &Answer, place: &Question) -> bool {
    let asked = &answer.question;
    let of_the_type = asked.kind == place.kind || place.kind == Kind::CNAME;
    answer.aliases.is_empty()
        && match answer.outcome {
            Outcome::NxDomain => place.name.is_within(&asked.name),
            Outcome::NoData => asked.name == place.name && of_the_type,
            _ => false,
        }
}

fn records<'a>(answers: &[&'a Answer]) -> impl Iterator<Item = &'a Record> {
    answers.iter().flat_map(|answer| answer.aliases.iter().chain(answer.records()))
}

/// What the name servers of the zone say themselves.
fn authoritative(evidence: &Evidence) -> Vec<&Answer> {
    let replies = evidence.name_servers.iter().flat_map(|server| &server.replies);
    replies.flat_map(|replies| [&replies.soa].into_iter().chain(&replies.answers)).collect()
}

/// All other answers, but those that were read on another day.
fn seen(evidence: &Evidence) -> Vec<&Answer> {
    let mut seen: Vec<&Answer> = evidence.answers().chain(&evidence.addresses).chain(&evidence.probes).collect();
    seen.extend(evidence.spf.nodes.iter().flat_map(|node| &node.lookups).flat_map(|lookup| match &lookup.target {
        Target::Answers(answers) => answers.as_slice(),
        _ => &[],
    }));
    seen.extend(evidence.sending_hosts.iter().map(|asked| &asked.answer));
    seen.extend(evidence.sending_addresses.iter().chain(&evidence.exchange_addresses).flat_map(of_address));
    seen.extend(of_reports(evidence));
    seen.extend(of_web(evidence));
    seen.extend(evidence.dane.hosts.iter().map(|host| &host.tlsa).chain(&evidence.dane.at_domain));
    seen.extend(evidence.caa.iter().flat_map(|caa| caa.own.iter().chain(&caa.wildcard)));
    seen.extend(evidence.name_servers.iter().flat_map(|server| &server.addresses));
    seen.extend(evidence.authority.iter().flat_map(|authority| [&authority.ns].into_iter().chain(&authority.cached)));
    seen.retain(|answer| answer.as_of.is_none());
    seen
}

fn of_address(address: &SendingAddress) -> impl Iterator<Item = &Answer> {
    [&address.ptr].into_iter().chain(&address.forward)
}

fn of_reports(evidence: &Evidence) -> impl Iterator<Item = &Answer> {
    let dmarc = evidence.report_destinations.iter();
    let consent = dmarc.clone().filter_map(|destination| Some(&destination.authorization.as_ref()?.answer));
    let domains = dmarc.map(|destination| &destination.at).chain(&evidence.tls_reports.domains);
    consent.chain(domains.flat_map(|domain: &ReportDomain| domain.mx.iter().chain(&domain.addresses)))
}

/// MTA-STS, TLS reporting and BIMI.
fn of_web(evidence: &Evidence) -> impl Iterator<Item = &Answer> {
    let mta_sts = &evidence.mta_sts;
    let records = [&mta_sts.record.answer, &evidence.tls_reports.record.answer, &evidence.indicator.record.answer];
    records.into_iter().chain(&mta_sts.host).chain(mta_sts.wildcard.iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Failure;
    use crate::name::Name;
    use crate::rules::dns::tests::Server::{Has, IsSilent};
    use crate::rules::dns::tests::asked;
    use crate::testing::{evidence, live_evidence, offline_evidence};

    fn place(name: &str, kind: Kind) -> Question {
        Question::new(&Name::parse(name).expect("a name"), kind)
    }

    const SOA: &str = "$TTL 60\n@ 900 SOA ns.other. host.other. 1 7200 3600 1209600 86400\n";

    #[test]
    fn what_is_there_is_kept_for_its_time_to_live() {
        let zone = "@ 300 MX 0 mail\n@ 600 MX 5 mx2\n@ 1200 TXT x\nmail 1800 A 93.184.216.7\n_dmarc 2400 TXT x\n\
                    s1._domainkey 3000 CNAME s1.other.\ns1.other. 3600 TXT x\n\
                    7.216.184.93.in-addr.arpa. 4200 PTR mail.example.test.\n_mta-sts 4800 TXT \"v=STSv1; id=1\"\n";
        let evidence = live_evidence(&format!("$TTL 60\n{zone}"), &["s1"]);
        let seconds = |name: &str, kind| until_seen(&evidence, &place(name, kind));
        assert_eq!(seconds("example.test", Kind::MX), Some(600));
        assert_eq!(seconds("example.test", Kind::TXT), Some(1200));
        assert_eq!(seconds("mail.example.test", Kind::A), Some(1800));
        assert_eq!(seconds("_dmarc.example.test", Kind::TXT), Some(2400));
        assert_eq!(seconds("s1._domainkey.example.test", Kind::TXT), Some(3000), "the alias in its place");
        assert_eq!(seconds("7.216.184.93.in-addr.arpa", Kind::PTR), Some(4200));
        assert_eq!(seconds("_mta-sts.example.test", Kind::TXT), Some(4800));
    }

    #[test]
    fn what_an_alias_replaces() {
        let evidence = live_evidence(&format!("{SOA}s1._domainkey 3000 TXT x\n"), &["s1"]);
        assert_eq!(until_seen(&evidence, &place("s1._domainkey.example.test", Kind::CNAME)), Some(3000));
    }

    #[test]
    fn absence_is_kept_as_the_start_of_authority_says() {
        let seconds = |text: &str, name: &str, kind| until_seen(&live_evidence(text, &[]), &place(name, kind));
        assert_eq!(seconds(SOA, "_dmarc.example.test", Kind::TXT), Some(900), "the TTL is the lower one");
        assert_eq!(seconds(&SOA.replace("86400", "300"), "example.test", Kind::MX), Some(300));
        assert_eq!(seconds(SOA, "x._domainkey.example.test", Kind::CNAME), Some(900), "below a name that is denied");
        assert_eq!(seconds("$TTL 60\n@ A 192.0.2.1\n", "example.test", Kind::MX), None, "no start of authority");
        let zone = evidence(&format!("{SOA}@ MX 0 mail\n"));
        assert_eq!(until_seen(&zone[0], &place("_dmarc.example.test", Kind::TXT)), Some(900));
    }

    #[test]
    fn what_nobody_asked_or_answered_is_not_known() {
        let mut evidence = live_evidence(&format!("{SOA}@ MX 0 mail\n"), &[]);
        assert_eq!(until_seen(&evidence, &place("www.example.test", Kind::A)), None, "nobody asked");
        evidence.mx.answer.outcome = Outcome::Failed(Failure::Timeout);
        assert_eq!(until_seen(&evidence, &place("example.test", Kind::MX)), None);
        let elsewhere = "@ MX 0 mail\n@ TXT \"v=spf1 mx a:out.fabrikam.net -all\"\n";
        let offline = offline_evidence(&format!("{SOA}{elsewhere}"));
        assert_eq!(until_seen(&offline[0], &place("out.fabrikam.net", Kind::A)), None);
    }

    #[test]
    fn the_name_servers_know_best() {
        let servers = [("93.184.216.1", Has(2, "@ 3600 TXT x\n@ 7200 MX 0 mail")), ("93.184.216.2", IsSilent)];
        let evidence = asked("@ 17 TXT x\n@ A 192.0.2.1", &servers);
        let seconds = |name: &str, kind| until_seen(&evidence, &place(name, kind));
        assert_eq!(seconds("example.test", Kind::TXT), Some(3600), "the resolver has the rest of it");
        assert_eq!(seconds("example.test", Kind::MX), Some(7200), "the resolver has none yet");
        assert_eq!(seconds("_dmarc.example.test", Kind::TXT), Some(300));
    }
}

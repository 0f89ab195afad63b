//! DKIM selectors: those given, those of the zone file, those that the providers sign with; and names that many use,
//! because DNS cannot list the selectors of a domain.

use std::collections::HashSet;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};

use crate::collect::{Discovery, Wanted, ask_below, selectors, texts};
use crate::dns::{Answer, Dns, Failure, Outcome, Record};
use crate::evidence::{Dkim, Guesses, Selector, SelectorOrigin};
use crate::name::{Name, Question};
use crate::providers::{self, Provider};
use crate::records::dkim::DkimKey;

/// Asks the selectors that are known beforehand: those given, and those of the zone file.
pub(super) async fn named<D: Dns>(dns: &D, wanted: &Wanted) -> Dkim {
    let given = wanted.known.selectors.iter().map(|name| (name.to_ascii_lowercase(), SelectorOrigin::Given));
    // `_report` and `_adsp` hold other records (RFC 6651, RFC 5617); the names of selectors begin with no underscore.
    let zone = wanted.zone_selectors.iter().filter(|name| !name.starts_with('_'));
    let names = given.chain(zone.map(|name| (name.clone(), SelectorOrigin::Zone)));
    let domain = &wanted.domain;
    let (node, wildcard, selectors) = tokio::join!(
        ask_below(dns, domain, "_domainkey"),
        ask_below(dns, domain, "*._domainkey"),
        ask_all(dns, domain, names, &[])
    );
    Dkim { node, wildcard, selectors, guesses: Guesses::default() }
}

/// Asks the selectors with which these providers sign, beside those that were asked already; then those that can only be
/// guessed, first those of services that verified the domain.
pub(super) async fn sought<D: Dns>(
    dns: &D,
    wanted: &Wanted,
    dkim: &mut Dkim,
    signers: &[&'static Provider],
    verified: &[&'static Provider],
) {
    provided(dns, &wanted.domain, dkim, signers).await;
    if wanted.selectors_known || !may_hold_others(dkim) {
        return;
    }
    let discovery = wanted.known.discovery;
    dkim.guesses.more = discovery != Discovery::All;
    if discovery == Discovery::Known {
        return;
    }
    let likely = verified.iter().flat_map(|provider| provider.selector_names());
    guess(dns, &wanted.domain, dkim, likely.chain(selectors::names(discovery)).collect()).await;
    let targets = dkim.selectors.iter().filter_map(|selector| selector.asked.answer.aliases.first()?.target());
    let behind: Vec<&'static Provider> = targets.filter_map(providers::by_target).collect();
    guess(dns, &wanted.domain, dkim, behind.iter().flat_map(|provider| provider.selector_names()).collect()).await;
}

/// May there be selectors that nobody named, and could they be told from what a wildcard answers?
///
/// RFC 8020 section 2: nothing exists below a name that does not exist. A server that denies a name and has something
/// below it is not believed.
fn may_hold_others(dkim: &Dkim) -> bool {
    let denied = matches!(dkim.node.outcome, Outcome::NxDomain) && dkim.node.aliases.is_empty();
    let is_there =
        |selector: &Selector| !selector.asked.answer.records().is_empty() || !selector.asked.answer.aliases.is_empty();
    let known = dkim.node.failure().is_none() && dkim.wildcard.failure().is_none();
    known && (!denied || dkim.selectors.iter().any(is_there))
}

/// Asks what nobody asks again.
struct Once<'d, D>(&'d D);

impl<D: Dns> Dns for Once<'_, D> {
    async fn ask(&self, question: &Question) -> Answer {
        self.0.ask_once(question).await
    }
}

/// So many names are asked at once: other questions are not to wait behind thousands.
const AT_ONCE: usize = 32;

/// After so many guesses without an answer no more are made: each may cost the whole time-out, and the server cannot
/// cope or does not want to.
const MAX_UNANSWERED: usize = 4;

/// Asks names that nobody named, beside those that were asked already, and keeps those that are there.
async fn guess<D: Dns>(dns: &D, domain: &Name, dkim: &mut Dkim, names: Vec<&'static str>) {
    let mut known: HashSet<String> = dkim.selectors.iter().map(|selector| selector.name.clone()).collect();
    known.extend(dkim.guesses.absent.iter().map(|name| (*name).to_owned()));
    let names: Vec<&str> = names.into_iter().filter(|name| known.insert((*name).to_owned())).collect();
    for names in names.chunks(AT_ONCE) {
        if dkim.guesses.stopped {
            return;
        }
        let dns = Once(dns);
        let guesses = names.iter().map(|name| selector(&dns, domain, (*name).to_owned(), SelectorOrigin::Guessed));
        let mut found = Vec::new();
        for (name, selector) in names.iter().zip(join_all(guesses).await) {
            note(dkim, name, selector, &mut found);
        }
        // Nobody signs with most of the names that others use: this is a server that has an answer to anything.
        if found.len() > AT_ONCE / 2 {
            found.truncate(1);
            dkim.guesses.stopped = true;
        }
        dkim.guesses.stopped |= dkim.guesses.unanswered >= MAX_UNANSWERED;
        dkim.selectors.extend(found);
    }
}

/// Notes what came of a guess.
fn note(dkim: &mut Dkim, name: &'static str, selector: Selector, found: &mut Vec<Selector>) {
    let answer = &selector.asked.answer;
    match answer.failure() {
        // A snapshot says nothing of what nobody asked when it was taken.
        Some(Failure::NotAsked) => {}
        // The circle is there for certain.
        Some(Failure::AliasLoop) if is_its_own(answer, &dkim.wildcard, name) => found.push(selector),
        Some(_) => {
            dkim.guesses.unanswered += 1;
            dkim.guesses.failed.get_or_insert_with(|| answer.clone());
        }
        None if is_its_own(answer, &dkim.wildcard, name) => found.push(selector),
        None => dkim.guesses.absent.push(name),
    }
}

/// Has somebody put a record at just this selector?
fn is_its_own(answer: &Answer, wildcard: &Answer, name: &str) -> bool {
    if answer.is_of_wildcard(wildcard) {
        return false;
    }
    // RFC 6672 section 3.1: under a DNAME each name is answered with an alias that keeps the labels in front. Only what
    // it leads to tells whether the selector exists.
    let made = |alias: &Record| {
        let rest = wildcard.aliases.first().and_then(Record::target)?.as_str().strip_prefix("*.")?;
        Some(alias.target()?.as_str() == format!("{name}.{rest}"))
    };
    !answer.records().is_empty() || answer.aliases.first().is_some_and(|alias| made(alias) != Some(true))
}

/// Asks the selectors with which these providers sign, beside those that were asked already.
async fn provided<D: Dns>(dns: &D, domain: &Name, dkim: &mut Dkim, providers: &[&'static Provider]) {
    let names = providers.iter().flat_map(|provider| {
        provider.selector_names().map(|name| (name.to_owned(), SelectorOrigin::Provider(provider)))
    });
    let selectors = ask_all(dns, domain, names, &dkim.selectors).await;
    dkim.selectors.extend(selectors);
}

async fn ask_all<D: Dns>(
    dns: &D,
    domain: &Name,
    names: impl Iterator<Item = (String, SelectorOrigin)>,
    before: &[Selector],
) -> Vec<Selector> {
    let mut known: HashSet<String> = before.iter().map(|selector| selector.name.clone()).collect();
    let wanted: Vec<(String, SelectorOrigin)> = names.filter(|(name, _)| known.insert(name.clone())).collect();
    let selectors = stream::iter(wanted).map(|(name, origin)| selector(dns, domain, name, origin));
    selectors.buffered(AT_ONCE).collect().await
}

async fn selector<D: Dns>(dns: &D, domain: &Name, name: String, origin: SelectorOrigin) -> Selector {
    let answer = ask_below(dns, domain, &format!("{name}._domainkey")).await;
    Selector { name, origin, asked: texts(answer, |txt| Some(DkimKey::read(txt))) }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::dns::zone::ZoneData;
    use crate::testing::{guessed_evidence, guessed_evidence_from, zone_data};

    const KEY: &str = "TXT \"v=DKIM1; p=\"";

    /// A world in which some names get no answer, and what was asked of it.
    struct World {
        data: ZoneData,
        is_silent: fn(&str) -> bool,
        asked: Mutex<Vec<String>>,
    }

    impl World {
        fn new(records: &str, is_silent: fn(&str) -> bool) -> World {
            let records = format!("$TTL 60\n@ MX 0 mail\n{records}\n");
            World { data: zone_data(&records), is_silent, asked: Mutex::default() }
        }

        fn dkim(&self, discovery: Discovery) -> Dkim {
            guessed_evidence_from(self, discovery).dkim
        }

        /// How many names below `_domainkey` were asked.
        fn count(&self) -> usize {
            self.asked.lock().expect("a lock").iter().filter(|name| name.contains("._domainkey.")).count()
        }
    }

    impl Dns for World {
        async fn ask(&self, question: &Question) -> Answer {
            let name = question.name.as_str();
            self.asked.lock().expect("a lock").push(name.to_owned());
            match (self.is_silent)(name) {
                true => Answer::failed(question, Failure::Timeout),
                false => self.data.answer(question),
            }
        }
    }

    fn found(records: &str) -> Vec<String> {
        let dkim = guessed_evidence(&format!("$TTL 60\n{records}\n"), Discovery::Common).dkim;
        dkim.selectors.into_iter().map(|selector| selector.name).collect()
    }

    #[test]
    fn what_is_there_is_found() {
        assert_eq!(found(&format!("mail._domainkey {KEY}\nk2._domainkey CNAME gone.other.")), ["mail", "k2"]);
        assert_eq!(found(&format!("own-name._domainkey {KEY}")), [""; 0]);
        assert_eq!(found("s1._domainkey CNAME s2._domainkey\ns2._domainkey CNAME s1._domainkey"), ["s1", "s2"]);
    }

    #[test]
    fn nothing_exists_by_a_wildcard() {
        for wildcard in ["*._domainkey TXT", "* TXT", "*._domainkey CNAME key.other.\nkey.other. TXT"] {
            let records = format!("{wildcard} \"v=DKIM1; p=\"\nx.y._domainkey TXT x");
            assert_eq!(found(&records), [""; 0], "{wildcard}");
            assert_eq!(found(&format!("{records}\nmx._domainkey TXT \"v=DKIM1; p=A\"")), ["mx"], "{wildcard}");
        }
    }

    #[test]
    fn a_server_that_answers_anything_is_not_believed() {
        let all: String =
            selectors::names(Discovery::Common).iter().map(|n| format!("{n}._domainkey {KEY}\n")).collect();
        assert_eq!(found(&all), ["default"]);
    }

    #[test]
    fn under_a_dname_only_what_the_aliases_lead_to_is_there() {
        let answer = |name: &str, target: &str, rest: &str| {
            let world = format!("$TTL 60\n{name}._domainkey CNAME {target}.keys.other.\n{rest}\n");
            let asked = Name::parse(&format!("{name}._domainkey.example.test")).expect("a name");
            zone_data(&world).answer(&Question::new(&asked, crate::name::Kind::TXT))
        };
        let wildcard = answer("*", "*", "");
        assert!(!is_its_own(&answer("s1", "s1", ""), &wildcard, "s1"));
        assert!(is_its_own(&answer("s1", "s1", "s1.keys.other. TXT \"v=DKIM1; p=\""), &wildcard, "s1"));
        assert!(is_its_own(&answer("s1", "s2", ""), &wildcard, "s1"));
    }

    #[test]
    fn where_the_name_is_denied_nothing_is_guessed() {
        let world = World::new("", |_| false);
        assert_eq!((world.dkim(Discovery::All).guesses.more, world.count()), (false, 1));
    }

    #[test]
    fn as_many_as_wanted() {
        for (discovery, least, most) in
            [(Discovery::Known, 1, 1), (Discovery::Common, 40, 61), (Discovery::All, 3_000, 4_000)]
        {
            let world = World::new("x.y._domainkey TXT x", |_| false);
            let guesses = world.dkim(discovery).guesses;
            assert!((least..=most).contains(&world.count()), "{discovery:?}: {}", world.count());
            assert_eq!((guesses.absent.len() + 1, guesses.more), (world.count(), discovery != Discovery::All));
        }
    }

    #[test]
    fn no_end_of_time_outs() {
        let world = World::new("x.y._domainkey TXT x", |name| name.contains("._domainkey.") && !name.starts_with('*'));
        let guesses = world.dkim(Discovery::All).guesses;
        assert_eq!((guesses.unanswered, guesses.stopped, world.count()), (AT_ONCE, true, 1 + AT_ONCE));
        let world = World::new("x.y._domainkey TXT x", |name| name.starts_with("*._domainkey"));
        assert_eq!((world.dkim(Discovery::All).guesses.unanswered, world.count()), (0, 1));
    }

    #[test]
    fn services_that_other_records_point_to() {
        let world = World::new("x.y._domainkey TXT x\n@ TXT \"MS=ms12345678\"", |_| false);
        assert_eq!(world.dkim(Discovery::Common).guesses.absent.first(), Some(&"selector1"));
        let alias = |n| format!("brevo{n}._domainkey CNAME b{n}.example-test.dkim.brevo.com.\n");
        assert_eq!(found(&[1, 2].map(alias).concat()), ["brevo1", "brevo2"]);
    }
}

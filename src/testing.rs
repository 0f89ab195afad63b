//! For the tests of rules: a real zone, and carets under the bytes that a finding must point to.

use std::sync::Arc;

use crate::collect::{self, Discovery, Known, names};
use crate::dns::built_in::BuiltIn;
use crate::dns::overlay::Overlay;
use crate::dns::zone::ZoneData;
use crate::dns::{Answer, Dns, Failure, Outcome, Security};
use crate::evidence::{Asked, Evidence};
use crate::finding::Finding;
use crate::fix::{self, Checked};
use crate::name::{Name, Question};
use crate::policy::{Comments, Date, Policy};
use crate::records::dmarc::Dmarc;
use crate::rules::{self, Rule};
use crate::source::{Source, SourceKind, Span};
use crate::web::{self, Document, Nobody, Page, Request, Url, Web};
use crate::zone::{Txt, Zone, master};

/// The text of a TXT record with this value.
pub fn txt(value: &str) -> Arc<Txt> {
    let line = format!("example.test. 60 TXT {}\n", crate::zone::write::quote(value.as_bytes()));
    let zone = master::read(&Source::new("test", line, SourceKind::File), None, None);
    zone.records[0].txt().expect("a TXT record").clone()
}

/// The evidence of a zone for `example.test`: one report for each of its domains. Lines of other domains (absolute
/// names) are the rest of the world, where `example.test` and below is all that the zone knows for certain.
pub fn evidence(text: &str) -> Vec<Evidence> {
    evidence_of(&Arc::new(read(text)))
}

fn evidence_of(zone: &Arc<Zone>) -> Vec<Evidence> {
    let (mut own, mut world) = (ZoneData::new(), ZoneData::new());
    own.add(zone);
    world.add(&Arc::new(Zone { origin: Name::root(), ..(**zone).clone() }));
    collect_all(&Overlay(own, world), zone)
}

fn collect_all<D: Dns>(dns: &D, zone: &Arc<Zone>) -> Vec<Evidence> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let wanted = names::mail_domains(zone, &Known::default());
    wanted
        .iter()
        .map(|wanted| runtime.block_on(collect::collect(dns, &Nobody, wanted)))
        .map(|it| said(it, zone))
        .collect()
}

/// With the comments of the zone, long after their last day.
fn said(mut evidence: Evidence, zone: &Zone) -> Evidence {
    if evidence.zone.is_some() {
        let policy = Policy { today: Date::new(2100, 1, 1), ..Policy::default() };
        evidence.said = policy.said(&evidence.domain, &Comments::of([zone]));
    }
    evidence
}

/// As [`evidence`], but of the rest of the world nothing is known: nobody was asked.
pub fn offline_evidence(text: &str) -> Vec<Evidence> {
    let zone = Arc::new(read(text));
    let mut own = ZoneData::new();
    own.add(&zone);
    collect_all(&own, &zone)
}

/// The evidence of `example.test` when nothing is a file: as `check` sees it on live DNS, with these selectors.
pub fn live_evidence(text: &str, selectors: &[&str]) -> Evidence {
    let selectors = selectors.iter().map(|selector| (*selector).to_owned()).collect();
    live_evidence_of("example.test", text, &Known { selectors, ..Known::default() })
}

/// The same of another domain, or where the user knows something else.
pub fn live_evidence_of(domain: &str, text: &str, known: &Known) -> Evidence {
    let wanted = collect::Wanted::domain(&Name::parse(domain).expect("a name"), known);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(collect::collect(&zone_data(text), &Nobody, &wanted))
}

/// As [`live_evidence`], but the selectors are those that are tried where nobody names one.
pub fn guessed_evidence(text: &str, discovery: Discovery) -> Evidence {
    guessed_evidence_from(&zone_data(text), discovery)
}

/// The same, with the answers of others.
pub fn guessed_evidence_from(dns: &impl Dns, discovery: Discovery) -> Evidence {
    let domain = Name::parse("example.test").expect("a name");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let known = Known { discovery, ..Known::default() };
    runtime.block_on(collect::collect(dns, &Nobody, &collect::Wanted::domain(&domain, &known)))
}

/// The DMARC records of a tree walk in a world.
pub fn walk(world: &ZoneData, domain: &Name) -> Vec<Asked<Dmarc>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(collect::dmarc_walk(world, domain))
}

/// A world that these lines are all of.
pub fn zone_data(text: &str) -> ZoneData {
    let mut world = ZoneData::new();
    world.add(&Arc::new(Zone { origin: Name::root(), ..read(text) }));
    world
}

/// A resolver that validates DNSSEC, before a world that is signed but for some names.
pub struct Resolver<'t> {
    /// The world.
    pub world: ZoneData,
    /// What is not signed, and all below.
    pub unsigned: &'t [&'t str],
    /// What there is no answer to: name and type.
    pub failing: &'t [(&'t str, Failure)],
    /// Does it validate at all?
    pub validates: bool,
}

impl<'t> Resolver<'t> {
    /// Before the world of these lines.
    pub fn new(text: &str, unsigned: &'t [&'t str]) -> Resolver<'t> {
        Resolver { world: zone_data(text), unsigned, failing: &[], validates: true }
    }

    /// What it answers for `example.test`.
    pub fn evidence(&self) -> Evidence {
        guessed_evidence_from(self, Discovery::Known)
    }

    /// The findings of one rule on `example.test`: for each the places, as they are written.
    pub fn findings(&self, rule: &'static Rule) -> Vec<String> {
        let mut findings = Vec::new();
        (rule.check)(&self.evidence(), &mut findings);
        let places = |finding: &Finding| finding.spans.iter().map(|span| span.text()).collect::<Vec<_>>().join(" | ");
        findings.iter().map(places).collect()
    }
}

impl Dns for Resolver<'_> {
    async fn ask(&self, question: &Question) -> Answer {
        let is_unsigned = |name: &&str| question.name.is_within(&Name::parse(name).expect("a name"));
        let is_signed = self.validates && !self.unsigned.iter().any(is_unsigned);
        let mut answer = self.world.answer(question);
        answer.security = if is_signed { Security::Secure } else { Security::Insecure };
        answer.server = Some("192.0.2.53:53".to_owned());
        if let Some((_, failure)) = self.failing.iter().find(|(failing, _)| *failing == question.to_string()) {
            answer.outcome = Outcome::Failed(*failure);
        }
        answer
    }
}

/// The findings of one rule on a zone.
pub fn findings(rule: &'static Rule, text: &str) -> Vec<Finding> {
    let (zone, ..) = without_carets(text);
    let mut findings = Vec::new();
    for evidence in evidence(&zone) {
        (rule.check)(&evidence, &mut findings);
    }
    findings
}

/// The zone of a text, with all that all rules find in it; of the rest of the world it is known what the text says and
/// what is built in, as for somebody who checks a file.
pub fn checked(text: &str) -> Checked {
    let zone = Arc::new(read(text));
    let (mut own, mut world) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    world.add_foreign(&Arc::new(Zone { origin: Name::root(), ..(*zone).clone() }));
    let all = collect_all(&Overlay(own, Overlay(world, BuiltIn)), &zone);
    checked_by(&zone, &all)
}

fn checked_by(zone: &Arc<Zone>, all: &[Evidence]) -> Checked {
    let mut findings = Vec::new();
    let editor = fix::Editor::new(zone);
    for evidence in all {
        let mut found = rules::run(evidence);
        editor.fill(&mut found);
        findings.extend(found.into_iter().map(|finding| (evidence.domain.clone(), finding)));
    }
    Checked { zones: vec![Arc::clone(zone)], findings }
}

/// The zone after all is mended that can be, and the ids of what went.
pub fn mended(zone: &str, wanted: &fix::Wanted) -> (String, Vec<&'static str>) {
    let check = |texts: &fix::Texts| Ok::<_, ()>(checked(&texts["test.zone"]));
    let mended = fix::mend(checked(zone), wanted, check).expect("no error");
    let text = mended.texts.get("test.zone").cloned().unwrap_or_else(|| zone.to_owned());
    (text, mended.gone.iter().map(|(_, finding)| finding.id).collect())
}

/// The edits of a rule hold: the finding goes when they are made. Nothing is found then that is worse than what was hidden,
/// or that could be mended itself; and what is mended once stays as it is.
fn proves_edits(rule: &'static Rule, zone: &str) {
    let closed = |text: &str| {
        let zone = Arc::new(read(text));
        checked_by(&zone, &evidence_of(&zone))
    };
    for (before, check) in [(closed(zone), &closed as &dyn Fn(&str) -> Checked), (checked(zone), &checked)] {
        for (domain, finding) in before.findings.iter().filter(|(_, it)| it.id == rule.id && !it.edits.is_empty()) {
            let texts = fix::apply(&fix::Texts::new(), &finding.edits);
            let after = check(&texts["test.zone"]);
            let shown = format!("{} by {:?} on\n{zone}", rule.id, finding.edits);
            let is_same = |found: &&(Name, Finding)| found.0 == *domain && is_alike(&found.1, finding);
            let count = |checked: &Checked| checked.findings.iter().filter(is_same).count();
            assert!(count(&after) < count(&before), "it stays: {shown}");
            let is_known = |new: &Finding| before.findings.iter().any(|(_, old)| is_alike(old, new));
            for (_, new) in after.findings.iter().filter(|(_, new)| !is_known(new)) {
                assert!(new.edits.is_empty(), "{} could be mended, too: {shown}", new.id);
            }
        }
    }
    let (once, _) = mended(zone, &fix::Wanted::default());
    if once != zone {
        assert_eq!(mended(&once, &fix::Wanted::default()), (once, Vec::new()), "{}", rule.id);
    }
}

/// Do two findings say the same, but for what other faults of the record make of it?
fn is_alike(one: &Finding, other: &Finding) -> bool {
    let values = |finding: &Finding| -> Vec<String> {
        finding.values.iter().filter(|(name, _)| *name != "record").map(|value| format!("{value:?}")).collect()
    };
    one.id == other.id && values(one) == values(other)
}

/// The carets under the lines of the zone mark all places that the rule's findings point to, and no others. Each line
/// with a `?` stands for a finding about something that is not in the text.
pub fn finds(rule: &'static Rule, text: &str) {
    let (zone, marked, absent) = without_carets(text);
    let found = findings(rule, text);
    let places: Vec<Vec<(usize, usize)>> = found.iter().map(|finding| places(&zone, finding)).collect();
    let mut got = places.concat();
    got.sort_unstable();
    assert_eq!(got, marked, "{} on\n{zone}\nfound {found:#?}", rule.id);
    let elsewhere = places.iter().filter(|places| places.is_empty()).count();
    assert_eq!(elsewhere, absent, "{}: findings that are not in the text, on\n{zone}\nfound {found:#?}", rule.id);
    assert!(!found.is_empty(), "{} finds nothing on\n{zone}", rule.id);
    proves_edits(rule, &zone);
}

/// An image of BIMI as a web server sends it.
pub fn logo(content_type: &str, octets: impl AsRef<[u8]>) -> Page {
    let url = Url::parse("https://b.test/logo.svg").expect("a URL");
    let document = Document::new(&url, Some(content_type.to_owned()), octets.as_ref().to_vec());
    Page { outcome: Ok(document), ..Page::failed(&url, web::Failure::NotAsked) }
}

/// An image of BIMI that cannot be had.
pub fn logo_failed(failure: web::Failure) -> Page {
    Page::failed(&Url::parse("https://b.test/logo.svg").expect("a URL"), failure)
}

/// A certificate of BIMI as a web server sends it.
pub fn certificate(text: &str) -> Page {
    let url = Url::parse("https://b.test/c.pem").expect("a URL");
    let document = Document::new(&url, None, text.as_bytes().to_vec());
    Page { outcome: Ok(document), ..Page::failed(&url, web::Failure::NotAsked) }
}

/// As [`finds`], for a BIMI record and the one page that somebody sends: the texts that the findings are at,
/// in their order; a blank between the places of one.
pub fn fetched_finds(rule: &'static Rule, page: Page, places: &[&str]) {
    let found = fetched_findings(rule, page);
    let text = |finding: &Finding| finding.spans.iter().map(Span::text).collect::<Vec<&str>>().join(" ");
    let texts: Vec<String> = found.iter().map(text).collect();
    assert_eq!(texts, places, "{}", rule.id);
}

/// As [`clean`], for a BIMI record and the one page that somebody sends.
pub fn fetched_clean(rule: &'static Rule, page: Page) {
    let found = fetched_findings(rule, page);
    assert!(found.is_empty(), "{} finds {found:#?}", rule.id);
}

fn fetched_findings(rule: &'static Rule, page: Page) -> Vec<Finding> {
    let world =
        zone_data("$TTL 60\ndefault._bimi TXT \"v=BIMI1; l=https://b.test/logo.svg; a=https://b.test/c.pem\"\n");
    let wanted = collect::Wanted::domain(&Name::parse("example.test").expect("a name"), &Known::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let evidence = runtime.block_on(collect::collect(&world, &OnePage(page), &wanted));
    let mut findings = Vec::new();
    (rule.check)(&evidence, &mut findings);
    findings
}

/// Whoever has one page.
struct OnePage(Page);

impl Web for OnePage {
    async fn fetch(&self, request: &Request) -> Page {
        if request.url == self.0.url { self.0.clone() } else { Page::failed(&request.url, web::Failure::NotAsked) }
    }
}

/// The rule finds nothing.
pub fn clean(rule: &'static Rule, text: &str) {
    let found = findings(rule, text);
    assert!(found.is_empty(), "{} finds {found:#?} on\n{text}", rule.id);
}

fn read(text: &str) -> Zone {
    let source = Source::new("test.zone", text, SourceKind::File);
    let origin = Name::parse("example.test").expect("a name");
    Zone { origin: origin.clone(), ..master::read(&source, Some(&origin), None) }
}

/// Takes the lines of marks out: the zone that remains, the byte ranges marked in it, and the number of `?` lines.
fn without_carets(text: &str) -> (String, Vec<(usize, usize)>, usize) {
    let mut zone = String::from("$TTL 3600\n");
    let (mut marked, mut absent) = (Vec::new(), 0);
    let (mut line_start, mut indent) = (0, None);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        // The fixture is indented as the test is; a line that begins deeper has its owner left out.
        let indent = *indent.get_or_insert(line.len() - line.trim_start().len());
        let line = line.get(indent..).unwrap_or(line.trim_start());
        match line.trim().chars().all(|c| c == '^' || c == ' ') {
            true => marked.extend(groups(line, line_start, &zone)),
            false if line.trim() == "?" => absent += 1,
            false => {
                line_start = zone.len();
                zone.push_str(line);
                zone.push('\n');
            }
        }
    }
    marked.sort_unstable();
    (zone, marked, absent)
}

/// The byte ranges that the groups of carets of a line mark in the line above, which begins there.
pub fn groups(line: &str, line_start: usize, zone: &str) -> Vec<(usize, usize)> {
    let above = &zone[line_start..];
    let byte = |column: usize| line_start + above.char_indices().nth(column).map_or(above.len(), |(at, _)| at);
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (column, _) in line.char_indices().filter(|(_, c)| *c == '^') {
        match groups.last_mut() {
            Some((_, end)) if *end == column => *end = column + 1,
            _ => groups.push((column, column + 1)),
        }
    }
    groups.into_iter().map(|(from, to)| (byte(from), byte(to))).collect()
}

/// The places of a finding that lie in the zone; questions are sources of their own and have none.
fn places(zone: &str, finding: &Finding) -> Vec<(usize, usize)> {
    let in_zone = finding.spans.iter().filter(|span| span.source.text == zone);
    in_zone.map(|span| (span.bytes.start, span.bytes.end)).collect()
}

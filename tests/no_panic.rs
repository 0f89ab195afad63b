//! Breaks every input of `testdata` in many ways, always the same ones: nothing panics, every place lies inside its
//! text, every value that the words ask for is there, and every format still writes, in each language, in turn.

mod well_formed;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailvet::Judges;
use mailvet::bounce;
use mailvet::collect::{self, Discovery, Known, Wanted, names};
use mailvet::config::Config;
use mailvet::dns::Dns;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::finding::Finding;
use mailvet::lang::{Lang, placeholders};
use mailvet::name::Name;
use mailvet::policy::{Comments, Covers, Policy};
use mailvet::receivers::{self, Recipient};
use mailvet::report::Report;
use mailvet::smtp;
use mailvet::snapshot::Snapshot;
use mailvet::snapshot::lock::Lock;
use mailvet::source::{Source, SourceKind, Span};
use mailvet::web::{Nobody, Web};
use mailvet::zone::format::{self, Format};
use mailvet::zone::{Zone, master};
use well_formed::{FORMATS, write};

/// Broken inputs in all, shared by the files: enough for a while, and not for a coffee.
const RUNS: usize = 2400;

/// Domains of one zone that are checked: a broken `$GENERATE` may make thousands.
const MOST_DOMAINS: usize = 4;

/// What breaks texts: all that means something to a reader, and all that should mean nothing.
const PIECES: [&str; 31] = [
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\r",
    "\n",
    "\t",
    " ",
    "\"",
    "\\",
    "\\000",
    "\\255",
    "\\999",
    ";",
    "(",
    ")",
    "@",
    "*",
    "%{",
    "=",
    ":",
    "/",
    "ñ",
    "日本",
    "\u{202e}",
    "\u{feff}",
    "$GENERATE 1-9 $ A 192.0.2.$\n",
    "v=spf1 ",
    "4294967296",
    "; mailvet: ignore spf-ptr -- x\n",
    " # mailvet: ",
    "[[",
];

#[test]
fn broken_zones() {
    let inputs = inputs("zone");
    for (path, bytes) in &inputs {
        all_of(path, bytes, RUNS / inputs.len(), check_zone);
    }
}

#[test]
fn broken_snapshots() {
    let inputs = inputs("json");
    for (path, bytes) in &inputs {
        all_of(path, bytes, RUNS / inputs.len(), check_snapshot);
    }
}

#[test]
fn broken_locks() {
    let inputs = inputs("lock");
    for (path, bytes) in &inputs {
        all_of(path, bytes, RUNS / inputs.len(), check_lock);
    }
}

#[test]
fn broken_settings() {
    let inputs = inputs("toml");
    for (path, bytes) in &inputs {
        all_of(path, bytes, RUNS / 2 / inputs.len(), check_settings);
    }
}

#[test]
fn broken_yaml() {
    let zone = "'':  # mailvet: ignore spf-ptr -- a\n- type: TXT\n  # mailvet: ignore spf-ptr until 2027-01-31 -- b\n\
                  values:\n  - v=spf1 ptr -all\n  - \"a # mailvet: c\n     d\"\n# mailvet: ignore x -- e\nwww: {type: A, value: }\n";
    all_of(Path::new("contoso.com.yaml"), zone.as_bytes(), RUNS, check_yaml);
}

#[test]
fn broken_bounces() {
    let inputs = [inputs("eml"), inputs("mbox"), inputs("txt")].concat();
    let inputs = inputs.iter().filter(|(path, _)| path.iter().any(|part| part == "bounces" || part == "bounce.eml"));
    let inputs: Vec<_> = inputs.collect();
    for (path, bytes) in &inputs {
        all_of(path, bytes, RUNS / 4 / inputs.len(), check_bounces);
    }
}

fn all_of(path: &Path, bytes: &[u8], runs: usize, check: fn(&str, usize)) {
    // Files are broken in different ways, each always in the same.
    let mut random = Random(0x6d61_696c_7665_7421 + bytes.len() as u64);
    for run in 0..runs.max(9) {
        // The first is the input as it is.
        let broken = if run == 0 { bytes.to_vec() } else { broken(bytes, &mut random) };
        let text: String = String::from_utf8_lossy(&broken).into_owned();
        if catch_unwind(AssertUnwindSafe(|| check(&text, run))).is_err() {
            panic!("{}, broken in the way {run}:\n{text}", path.display());
        }
    }
}

fn check_zone(text: &str, run: usize) {
    let origin = Name::parse("contoso.com").expect("a name");
    let source = Source::new("contoso.zone", text, SourceKind::File);
    let zone = Arc::new(master::read(&source, Some(&origin), None));
    zone.problems.iter().for_each(|problem| check_span(&problem.at));
    zone.records.iter().for_each(|record| check_span(&record.data_span()));
    let (mut own, mut world) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    world.add(&Arc::new(Zone { origin: Name::root(), ..(*zone).clone() }));
    let wanted = names::mail_domains(&zone, &Known::default());
    let comments = check_comments(&zone);
    let reports = reports(&Overlay(own, world), &Nobody, &wanted[..wanted.len().min(MOST_DOMAINS)], &[]);
    let held = |report: Report| report.held_to(&Policy::default(), &comments);
    check_reports(&reports.into_iter().map(held).collect::<Vec<_>>(), run);
}

fn check_comments(zone: &Zone) -> Comments {
    let comments = Comments::of([zone]);
    for ignore in &comments.ignores {
        check_span(&ignore.at);
        ignore.rules.iter().for_each(|(id, at)| assert_eq!(id, at.text()));
        match &ignore.covers {
            Covers::Place(place) => check_span(place),
            Covers::Domains(_) => panic!("a comment is about a place"),
        }
    }
    comments.unread.iter().for_each(|unread| check_span(&unread.at));
    comments
}

fn check_yaml(text: &str, _: usize) {
    let source = Source::new("contoso.com.yaml", text, SourceKind::File);
    let zones = format::read(&source, Some(Format::Octodns), None, None).unwrap_or_default();
    zones.iter().for_each(|zone| drop(check_comments(zone)));
}

fn check_settings(text: &str, _: usize) {
    let source = Source::new("mailvet.toml", text, SourceKind::File);
    match Config::read(&source) {
        Ok(config) => config.policy.ignores.iter().for_each(|ignore| check_span(&ignore.at)),
        Err(errors) => assert!((1..=20).contains(&errors.len()) && errors.iter().all(|error| error.at.line >= 1)),
    }
}

fn check_snapshot(text: &str, run: usize) {
    let Ok(snapshot) = Snapshot::read(text) else { return };
    let known = Known { selectors: snapshot.selectors.clone(), discovery: Discovery::Common, ..Known::default() };
    let wanted: Vec<Wanted> =
        snapshot.domains.iter().take(MOST_DOMAINS).map(|domain| Wanted::domain(domain, &known)).collect();
    let written = snapshot.write();
    assert_eq!(Snapshot::read(&written).expect("what was written is read").write(), written);
    let recipients = &snapshot.recipients[..snapshot.recipients.len().min(MOST_DOMAINS)];
    check_reports(&reports(&snapshot, &snapshot, &wanted, recipients), run);
}

fn check_lock(text: &str, run: usize) {
    let Ok(lock) = Lock::read(text) else { return };
    let written = lock.write();
    assert_eq!(Lock::read(&written).expect("what was written is read").write(), written);
    let known = Known { selectors: vec!["s1".to_owned()], ..Known::default() };
    let wanted =
        ["contoso.com", "spf.fabrikam.com"].map(|domain| Wanted::domain(&Name::parse(domain).expect("a name"), &known));
    check_reports(&reports(&lock, &lock, &wanted, &[]), run);
}

/// Each by itself, as it is and with the records of its sender, and all at once.
fn check_bounces(text: &str, run: usize) {
    let zone = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cli/bounce.zone"));
    let source = Source::new("bounce.zone", zone.expect("a zone"), SourceKind::File);
    let mut own = ZoneData::new();
    own.add(&Arc::new(master::read(&source, None, None)));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let judges = Judges::default();
    let mut reports = Vec::new();
    for bounce in bounce::read("bounce", text.as_bytes()).into_iter().take(MOST_DOMAINS) {
        check_reports(&[mailvet::explain_bounce("bounce".to_owned(), bounce.clone())], run);
        let check = mailvet::check_bounce(&own, &Nobody, "bounce".to_owned(), bounce, &judges);
        reports.push(runtime.block_on(check));
    }
    reports.iter().for_each(|report| check_reports(std::slice::from_ref(report), run));
    check_reports(&reports, run);
}

fn reports<D: Dns, W: Web>(dns: &D, web: &W, wanted: &[Wanted], recipients: &[Name]) -> Vec<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let seen = runtime.block_on(collect::recipients::recipients(dns, recipients));
    let recipients = seen.into_iter().map(Recipient::new).collect();
    let judges = Judges { recipients, draw_spf: true, ..Judges::of(receivers::all().iter().collect()) };
    wanted.iter().map(|wanted| runtime.block_on(mailvet::check(dns, web, &smtp::Nobody, wanted, &judges))).collect()
}

/// In nine runs each format is written in each language.
fn check_reports(reports: &[Report], run: usize) {
    for finding in reports.iter().flat_map(|report| &report.findings) {
        check_finding(finding);
    }
    let lang = Lang::ALL[run / 3 % Lang::ALL.len()];
    FORMATS.iter().skip(run % 3).step_by(3).for_each(|format| drop(write(reports, *format, lang)));
}

fn check_finding(finding: &Finding) {
    assert!(!finding.spans.is_empty(), "{} is nowhere", finding.id);
    finding.spans.iter().for_each(check_span);
    let prose = finding.text.get(Lang::En);
    // `%{i}` is a macro of SPF.
    let words = [prose.title, prose.here, prose.why, prose.fix].join("\n").replace("%{", "");
    for name in placeholders(&words) {
        let given = finding.values.iter().any(|(value, _)| *value == name);
        assert!(given, "{} does not say what {{{name}}} is", finding.id);
    }
}

fn check_span(span: &Span) {
    let text = &span.source.text;
    assert!(text.get(span.bytes.clone()).is_some(), "{:?} of {} bytes of {}", span.bytes, text.len(), span.source.name);
    assert!(span.position().line >= 1);
}

/// The input after one to four accidents.
fn broken(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let from = place(&out, random);
        // Most accidents are small.
        let range = from..(from + random.below(40)).min(out.len());
        match random.below(8) {
            0 if from < out.len() => out[from] ^= 1 << random.below(8),
            1 => drop(out.drain(range)),
            2 if random.below(4) == 0 => out.truncate(from),
            3 => {
                let (piece, to) = (out[range].to_vec(), place(&out, random));
                out.splice(to..to, piece);
            }
            4 => {
                let piece = out[range].to_vec();
                out.splice(from..from, piece);
            }
            _ => drop(out.splice(from..from, PIECES[random.below(PIECES.len())].bytes())),
        }
    }
    out
}

/// A place in the input: anywhere, or in a text in quotation marks, where most of the reading happens.
fn place(bytes: &[u8], random: &mut Random) -> usize {
    let anywhere = random.below(bytes.len() + 1);
    let quote = bytes[..anywhere].iter().rposition(|byte| *byte == b'"').filter(|_| random.below(2) == 0);
    quote.map_or(anywhere, |quote| (quote + 1 + random.below(40)).min(bytes.len()))
}

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).expect("less than a usize")
    }
}

/// All files under `testdata` with this extension, in order.
fn inputs(extension: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut inputs = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let bytes = fs::read(&path).expect("a file");
                inputs.push((path, bytes));
            }
        }
    }
    assert!(!inputs.is_empty(), "no .{extension} file under testdata");
    inputs.sort();
    inputs
}

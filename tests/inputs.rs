//! A zone means the same in every format: the same zone, written as BIND and in each of the others, has the same
//! findings, and each points at the same text. And zones that people use are read in the format they keep them in.
//!
//! The zones in use are in the folder that `MAILVET_CORPORA` names, else in `../shared/data`; without them, the tests
//! that need them say so and check nothing.

#[path = "inputs/write.rs"]
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::finding::Finding;
use mailvet::lang::Lang;
use mailvet::name::{Kind, Name};
use mailvet::source::{Source, SourceKind, Span};
use mailvet::web::Nobody;
use mailvet::zone::folder::{Folder, read_file};
use mailvet::zone::format::{self, Format};
use mailvet::zone::{ProblemKind, Record, Zone, master};

/// A format, and how a zone is written in it.
struct Writer {
    name: &'static str,
    file: fn(&Zone) -> String,
    write: fn(&Zone) -> String,
    format: Format,
    /// Can it write a label `@`?
    has_at_sign: bool,
}

const WRITERS: [Writer; 7] = [
    Writer {
        name: "octoDNS",
        file: |zone| format!("x/{}.yaml", zone.origin),
        write: write::octodns,
        format: Format::Octodns,
        has_at_sign: true,
    },
    Writer {
        name: "Route 53",
        file: |_| "a".into(),
        write: write::route53,
        format: Format::Route53,
        has_at_sign: true,
    },
    Writer {
        name: "Cloudflare",
        file: |_| "a".into(),
        write: write::cloudflare,
        format: Format::Cloudflare,
        has_at_sign: false,
    },
    Writer {
        name: "dnscontrol",
        file: |_| "a".into(),
        write: write::dnscontrol,
        format: Format::Dnscontrol,
        has_at_sign: false,
    },
    Writer {
        name: "Terraform, AWS",
        file: |_| "a".into(),
        write: write::terraform_aws,
        format: Format::Terraform,
        has_at_sign: false,
    },
    Writer {
        name: "Terraform, Google",
        file: |_| "a".into(),
        write: write::terraform_google,
        format: Format::Terraform,
        has_at_sign: false,
    },
    Writer {
        name: "Terraform, Cloudflare",
        file: |_| "a".into(),
        write: write::terraform_cloudflare,
        format: Format::Terraform,
        has_at_sign: false,
    },
];

/// What the same zone written in another way has in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    id: &'static str,
    owners: Vec<String>,
    values: Vec<String>,
    publish: Vec<String>,
    /// What is pointed at in texts.
    parts: Vec<String>,
}

fn testdata(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(path)
}

fn read_bind(path: &Path) -> Zone {
    master::read(&read_file(path).expect("a file"), None, None)
}

fn world() -> Vec<Arc<Zone>> {
    ["mistakes/outside.zone", "world.zone"].map(|path| Arc::new(read_bind(&testdata(path)))).into()
}

fn check(zone: Zone, world: &[Arc<Zone>]) -> Vec<Found> {
    let zone = Arc::new(zone);
    let (mut own, mut with) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    world.iter().for_each(|zone| with.add_foreign(zone));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (dns, judges) = (Overlay(own, with), mailvet::Judges::default());
    let reports = runtime.block_on(mailvet::check_zone(&dns, &Nobody, &zone, &Known::default(), &judges));
    let findings = reports.iter().flat_map(|report| &report.findings);
    let mut found: Vec<Found> = findings.map(|finding| found(finding, &zone)).collect();
    found.sort();
    found
}

fn found(finding: &Finding, zone: &Zone) -> Found {
    let owner = |span: &Span| span.record_set.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut owners: Vec<String> = finding.spans.iter().map(owner).collect();
    owners.sort();
    owners.dedup();
    let values = finding.values.iter().map(|(name, value)| format!("{name}={}", value.get(Lang::En))).collect();
    let publish = finding.publish.iter().map(|publish| publish.line()).collect();
    let mut parts: Vec<String> = finding.spans.iter().filter(|span| is_in_text(span, zone)).map(normal).collect();
    parts.sort();
    Found { id: finding.id, owners, values, publish, parts }
}

/// A part of the text of a TXT record of the zone; where all of it is meant, formats differ in what belongs to it.
fn is_in_text(span: &Span, zone: &Zone) -> bool {
    let is_own = Arc::ptr_eq(&span.source, &zone.source) && !span.bytes.is_empty();
    // A text of several strings has several places, or one.
    let is_meant = |record: &&Record| record.txt().is_some_and(|txt| txt.strings.len() == 1);
    let txts = zone.records.iter().filter(|record| Some(record.record_set()) == span.record_set).filter(is_meant);
    let mut data = txts.map(Record::data_span);
    let is_part = |data: &Span| data.bytes.start <= span.bytes.start && span.bytes.end <= data.bytes.end;
    is_own && data.any(|data| is_part(&data) && normal(&data) != normal(span))
}

/// The text of a place without what formats add: marks, escapes, line breaks.
fn normal(span: &Span) -> String {
    span.text().chars().filter(|c| !matches!(c, '"' | '\'' | '\\') && !c.is_whitespace()).collect()
}

/// The zone as a program writes it: absolute names, one line for each record.
fn canonical(zone: &Zone) -> Zone {
    let lines: Vec<String> = zone.records.iter().map(|record| record.to_line()).collect();
    let text = lines.join("\n") + "\n";
    master::read(&Source::new("a.zone", text, SourceKind::File), Some(&zone.origin), None)
}

fn read_as(writer: &Writer, zone: &Zone) -> Zone {
    let text = (writer.write)(zone);
    let source = Source::new((writer.file)(zone), text, SourceKind::File);
    assert_eq!(Format::recognise(&source.text), Some(writer.format), "{}\n{}", writer.name, source.text);
    let mut zones = format::read(&source, None, None, None).expect(writer.name);
    assert_eq!(zones.len(), 1, "{}", writer.name);
    zones.remove(0)
}

/// All zones of ours that each format can hold.
fn zones_of_ours() -> Vec<(String, Zone)> {
    let mut paths = vec![testdata("mistakes/base.zone"), testdata("cli/contoso.zone"), testdata("cli/fabrikam.zone")];
    for folder in ["mistakes/cases", "domains"] {
        for entry in fs::read_dir(testdata(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => {
                    paths.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()))
                }
                false => paths.push(path),
            }
        }
    }
    paths.retain(|path| path.extension().is_some_and(|end| end == "zone"));
    paths.sort();
    let zones = paths.iter().map(|path| (path.display().to_string(), canonical(&read_bind(path))));
    zones.filter(|(_, zone)| zone.records.iter().all(write::is_portable)).collect()
}

#[test]
fn the_same_zone_has_the_same_findings_in_every_format() {
    let world = world();
    let zones = zones_of_ours();
    assert!(zones.len() > 220, "only {} zones", zones.len());
    let wrong: Vec<String> = zones.iter().flat_map(|(path, zone)| differences(path, zone, &world)).collect();
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

/// Where the same zone in other formats has other records or other findings.
fn differences(path: &str, zone: &Zone, world: &[Arc<Zone>]) -> Vec<String> {
    let expected = check(zone.clone(), world);
    let mut wrong = Vec::new();
    // A list of Route 53 always holds the SOA record, and tells by it which zone it is.
    let has_soa = zone.records.iter().any(|record| record.kind == Kind::SOA);
    let is_told = |writer: &&Writer| writer.format != Format::Route53 || has_soa;
    let writers = WRITERS.iter().filter(|writer| writer.has_at_sign || !has_at_sign(zone));
    for writer in writers.filter(is_told) {
        let read = read_as(writer, zone);
        let differ = difference(&lines(zone), &lines(&read));
        wrong.extend(differ.map(|differ| format!("{path}, {}: {differ}\n{:?}", writer.name, read.problems)));
        let differ = difference(&expected, &check(read, world));
        wrong.extend(differ.map(|differ| format!("{path}, {}: {differ}", writer.name)));
    }
    wrong
}

/// What every format can hold of a zone in use.
fn portable(zone: &Zone) -> Zone {
    let records = zone.records.iter().filter(|record| write::is_portable(record)).cloned().collect();
    canonical(&Zone { records, ..zone.clone() })
}

/// A label `@`: most formats have no way to write it.
fn has_at_sign(zone: &Zone) -> bool {
    zone.records.iter().any(|record| record.owner.labels().any(|label| label == "@"))
}

fn lines(zone: &Zone) -> Vec<String> {
    let mut lines: Vec<String> = zone.records.iter().map(|record| record.to_line()).collect();
    lines.sort();
    lines
}

fn difference<T: PartialEq + std::fmt::Debug>(expected: &[T], got: &[T]) -> Option<String> {
    let missing: Vec<&T> = expected.iter().filter(|item| !got.contains(item)).collect();
    let more: Vec<&T> = got.iter().filter(|item| !expected.contains(item)).collect();
    let same = missing.is_empty() && more.is_empty() && expected.len() == got.len();
    (!same).then(|| format!("missing {missing:#?}, too many {more:#?}"))
}

/// What breaks texts: all that means something to a reader of JSON, YAML or zone lines.
const PIECES: [&str; 30] = [
    "\"",
    "'",
    "\\",
    "\\u00",
    "\\ud83d",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\t",
    "#",
    "&a ",
    "*a",
    "<<: ",
    "!x ",
    "|",
    ">-\n",
    "\\;",
    "\0",
    "\u{e9}",
    "\u{1f600}",
    "@",
    "null",
    "\\052",
];

#[test]
fn broken_texts_are_read_without_a_panic() {
    let zone = canonical(&read_bind(&testdata("mistakes/base.zone")));
    let mut random = Random(0x6d61_696c_7665_7421);
    for round in 0..7000 {
        let writer = &WRITERS[round % WRITERS.len()];
        let mut text = (writer.write)(&zone);
        for _ in 0..=random.below(4) {
            let start = text.floor_char_boundary(random.below(text.len()));
            let end = text.ceil_char_boundary((start + random.below(4)).min(text.len()));
            text.replace_range(start..end, PIECES[random.below(PIECES.len())]);
        }
        let source = Source::new((writer.file)(&zone), text, SourceKind::File);
        let format = Some(writer.format).filter(|_| round % 2 == 0);
        for zone in format::read(&source, format, Some(&zone.origin), None).into_iter().flatten() {
            check_places(&zone);
        }
    }
}

/// All places are in their text.
fn check_places(zone: &Zone) {
    let is_inside =
        |span: &Span| assert!(span.source.text.get(span.bytes.clone()).is_some(), "{span:?} {:?}", span.bytes);
    zone.problems.iter().for_each(|problem| is_inside(&problem.at));
    for record in &zone.records {
        [record.span(), record.data_span(), record.owner_span(), record.field_span(0), record.field_span(9)]
            .iter()
            .for_each(is_inside);
        let Some(txt) = record.txt() else { continue };
        (0..=txt.value.len().min(400)).flat_map(|at| txt.spans(at..at + 3)).for_each(|span| is_inside(&span));
    }
    let lines = lines(zone);
    let again = master::read(&Source::new("again", lines.join("\n"), SourceKind::Answer), Some(&Name::root()), None);
    assert!(again.problems.iter().all(|problem| problem.kind == ProblemKind::LongString), "{:?}", again.problems);
}

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end.max(1) as u64).expect("less than a usize")
    }
}

fn corpora() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("MAILVET_CORPORA").map_or_else(default, PathBuf::from).join("zones");
    if !folder.is_dir() {
        eprintln!("skipped: there is no folder {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The octoDNS zones of the Ministry of Justice, and how many values another reader of YAML finds in each.
#[test]
fn octodns_zones_in_use() {
    let Some(folder) = corpora() else { return };
    let entries = fs::read_dir(folder.join("octodns-moj/hostedzones")).expect("the zones");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 50);
    let (world, mut wrong) = (world(), Vec::new());
    let (mut all, mut zones) = (0, 0);
    for path in paths {
        let source = read_file(&path).expect("a file");
        // A zone may be empty.
        let Ok(read) = format::read(&source, Some(Format::Octodns), None, None) else { panic!("{}", path.display()) };
        let [zone] = read.as_slice() else { panic!("{}", path.display()) };
        assert!(zone.problems.is_empty(), "{}: {:?}", path.display(), zone.problems);
        assert_eq!(zone.records.len() + zone.untold.len(), values(&source.text), "{}", path.display());
        check_places(zone);
        if !zone.records.is_empty() {
            wrong.extend(differences(&path.display().to_string(), &portable(zone), &world));
        }
        all += zone.records.len();
        zones += 1;
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    println!("{zones} zones, {all} records");
}

/// Every value of every record set; provider-specific aliases count twice, for A and AAAA.
fn values(text: &str) -> usize {
    use saphyr::{LoadableYamlNode as _, Yaml};
    let documents = Yaml::load_from_str(text).expect("YAML");
    let count = |set: &Yaml<'_>| {
        if set["type"].as_str().is_some_and(|kind| kind.contains('/')) {
            return 2;
        }
        let values = set.as_mapping_get("values").or_else(|| set.as_mapping_get("value")).expect("a value");
        values.as_sequence().map_or(1, |values| values.len())
    };
    let root = documents[0].as_mapping().expect("a mapping");
    root.values().map(|node| node.as_sequence().map_or_else(|| count(node), |sets| sets.iter().map(count).sum())).sum()
}

/// Zone files of BIND in use are recognised, and have the same findings in every format.
#[test]
fn bind_zones_in_use() {
    let Some(folder) = corpora() else { return };
    let mut folders = vec![folder.join("bind-ocf"), folder.join("bind-bsdlp")];
    let (world, mut wrong, mut found) = (world(), Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_zone = |path: &Path| folder.ends_with("zones") && path.is_file();
            if path.is_dir() {
                folders.push(path);
            } else if is_zone(&path)
                && let Ok(source) = read_file(&path)
            {
                assert_eq!(Format::recognise(&source.text), Some(Format::Bind), "{}", path.display());
                let zone = master::read(&source, None, Folder::of(&path).ok().as_ref());
                if !zone.origin.is_root() {
                    wrong.extend(differences(&path.display().to_string(), &portable(&zone), &world));
                    found += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(found > 20, "{found}");
}

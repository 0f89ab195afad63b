//! Zones of other people are read without a panic, and without a false alarm.
//!
//! The corpora are `zones` (zones in use) and `zone-syntax` (the test data of BIND, hickory, ldns, octodns-bind and
//! NLnet Labs' domain), in the folder that `MAILVET_CORPORA` names, else in `../shared/data`. Without them the tests
//! that need them say so and check nothing.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use mailvet::name::Name;
use mailvet::source::{Source, SourceKind, Span};
use mailvet::zone::folder::{Folder, read_file};
use mailvet::zone::{ProblemKind, Zone, master};

/// Files that BIND's named-checkzone does not read either: the end of the path, and why.
const NOT_READ: &[(&str, &str)] = &[
    ("checkzone/zones/badttl.db", "a $TTL without a value"),
    ("checkzone/zones/inherit.db", "made for $INCLUDE: begins without an owner"),
    ("unknown/ns1/broken1.db", "data of a wrong length"),
    ("unknown/ns1/broken2.db", "data of a wrong length"),
    ("unknown/ns1/broken3.db", "data of a wrong length"),
    ("unknown/ns1/broken4.db", "a compressed name"),
    ("unknown/ns1/example-class10.db", "a zone of class 10"),
    ("default/implicitclass.zone", "three records out of the zone"),
    ("dnssec/example.com.zone", "type ANAME"),
    ("test_configs/example.com.zone", "type ANAME"),
    ("08-zonereader.inputzone", "records out of the zone, and an address of no octets"),
    ("08-zonereader.outputzone", "records out of the zone, and an address of no octets"),
];

/// Files whose name begins with "bad" for a reason that is not ours: the data of types that are not read, or what
/// records mean together.
const NOT_OURS: &[&str] = &[
    "_dns-svcb",
    "cdnskey",
    "cds",
    "cname-and",
    "dhcid",
    "dns-sd",
    "ds",
    "eid",
    "eui",
    "nsap",
    "nsec3",
    "rpz",
    "svcb",
    "unspec",
];

fn corpora() -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("MAILVET_CORPORA").map_or_else(default, PathBuf::from);
    if !folder.join("zones").is_dir() {
        eprintln!("skipped: there is no folder {} with zones", folder.display());
        return None;
    }
    Some(folder)
}

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            files(&entry.path(), found);
        } else {
            found.insert(entry.path());
        }
    }
}

fn all_files() -> Vec<PathBuf> {
    let Some(corpora) = corpora() else { return Vec::new() };
    let mut found = BTreeSet::new();
    files(&corpora.join("zones"), &mut found);
    files(&corpora.join("zone-syntax"), &mut found);
    found.into_iter().collect()
}

fn is_zone(path: &Path) -> bool {
    let ends = [".db", ".zone", ".inputzone", ".outputzone", ".zone1", ".zone2"];
    let folders = ["nsd/zones", "etc/zones", "tests/zones"];
    let folder = path.parent().unwrap_or(path);
    ends.iter().any(|end| name(path).ends_with(end))
        || folders.iter().any(|end| folder.ends_with(end))
        || (folder.ends_with("zonefiles") && name(path).ends_with(".txt"))
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Is the file made to be refused, for a reason that concerns this reader?
fn is_bad(path: &Path) -> bool {
    let reason = name(path).strip_prefix("bad").map(|reason| reason.trim_start_matches('-'));
    reason.is_some_and(|reason| !NOT_OURS.iter().any(|not_ours| reason.starts_with(not_ours)))
        || NOT_READ.iter().any(|(end, _)| path.ends_with(end) || name(path) == *end)
}

/// Reads without an origin; where relative names need one, with the name of the file as origin.
///
/// Files may include others from their folder and from the one above it: BIND's tests run there.
fn read(path: &Path) -> Zone {
    let source = read_file(path).expect("a readable file");
    let above = path.parent().and_then(Path::parent).expect("a folder");
    let folder = Folder::with(above, path).expect("a folder");
    let zone = master::read(&source, None, Some(&folder));
    if zone.problems.iter().all(|problem| problem.kind != ProblemKind::NoOrigin) {
        return zone;
    }
    let origin = name(path).trim_start_matches("db.").trim_end_matches(".db").trim_end_matches(".zone");
    master::read(&source, Name::parse(origin).ok().as_ref(), Some(&folder))
}

fn check_range(source: &Source, bytes: &Range<usize>) {
    assert!(source.text.get(bytes.clone()).is_some(), "{}: {bytes:?}", source.name);
}

fn check_spans(spans: &[Span]) {
    assert!(!spans.is_empty());
    for span in spans {
        check_range(&span.source, &span.bytes);
    }
}

/// All places are in their text.
fn check(zone: &Zone) {
    for problem in &zone.problems {
        check_range(&problem.at.source, &problem.at.bytes);
    }
    for record in &zone.records {
        for bytes in [record.line.bytes(), record.line.owner(), record.line.data()] {
            check_range(&record.line.source, &bytes);
        }
        for n in 0..3 {
            check_spans(&[record.field_span(n)]);
        }
        let Some(txt) = record.txt() else { continue };
        check_spans(&txt.whole());
        let written: String = txt.whole().iter().map(Span::text).collect();
        if !record.data_span().text().contains(['\\', '$']) {
            assert_eq!(written, txt.value);
        }
        for at in 0..=txt.value.len().min(300) {
            check_spans(&txt.spans(at..at + 1));
            check_spans(&txt.spans(at..at));
        }
    }
}

#[test]
fn every_file_is_read_without_a_panic() {
    for path in all_files() {
        let Ok(source) = read_file(&path) else { continue };
        check(&master::read(&source, None, None));
        check(&read(&path));
    }
}

#[test]
fn what_bind_reads_has_no_problem_and_what_it_refuses_has_one() {
    let zones: Vec<PathBuf> = all_files().into_iter().filter(|path| is_zone(path)).collect();
    let mut wrong = Vec::new();
    for path in &zones {
        let problems = read(path).problems;
        if is_bad(path) && problems.is_empty() {
            wrong.push(format!("{}: no problem", path.display()));
        }
        for problem in problems.iter().filter(|_| !is_bad(path)) {
            let (place, text) = (problem.at.position(), problem.at.text());
            wrong.push(format!("{}:{}: {:?} {text:?}", problem.at.source.name, place.line, problem.kind));
        }
    }
    assert!(zones.is_empty() || zones.len() > 250, "only {} zones were found", zones.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_written_is_read_again() {
    for path in all_files().into_iter().filter(|path| is_zone(path)) {
        let zone = read(&path);
        let lines: Vec<String> = zone.records.iter().map(|record| record.to_line()).collect();
        let source = Source::new("again", lines.join("\n"), SourceKind::Answer);
        let again = master::read(&source, None, None);
        let lines_again: Vec<String> = again.records.iter().map(|record| record.to_line()).collect();
        assert_eq!(lines, lines_again, "{}", path.display());
    }
}

const SMALL_ZONES: [&str; 3] = [
    "$ORIGIN example.com.\n$TTL 1h\n@ IN SOA ns1 hostmaster ( 2024010101 ; serial\n  2h 30m 1W 1d )\n  NS ns1\n  \
     MX 10 mail.example.net.\n@ 300 TXT \"v=spf1 ip4:192.0.2.1\" \" -all\" ; comment\nwww IN CNAME @\n",
    "example.com. 3600 IN SOA ns. h. 1 2 3 4 5\r\nexample.com. IN 60 TXT \"v=DMARC1\\; p=none\" \\195\\169 x\\\"y\r\n\
     s1._domainkey.example.com. TXT ( \"v=DKIM1; p=AAAA\"\r\n  \"BBBB\" )\r\nexample.com. TYPE16 \\# 4 03616263\r\n",
    "$TTL 5\n@ A 192.0.2.1\n  AAAA 2001:db8::1\n$GENERATE 1-4/2 h${-1,3,x} MX \"10 m$\"\nb\u{fc}cher TXT \"gr\u{fc}\u{df}e\"      \u{65e5}\u{672c}\nx SRV 0 5 5060 sip\n$INCLUDE other\n\\@ PTR a\\.b\\032c\n",
];

/// A small generator with a fixed seed (xorshift64): the same broken zones on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }
}

#[test]
fn broken_zones_are_read_without_a_panic() {
    const PIECES: [&str; 20] = [
        "\"",
        "(",
        ")",
        ";",
        "\\",
        "\n",
        "\r",
        " ",
        "\t",
        "$",
        "\u{e9}",
        "\u{feff}",
        "\\# ",
        "\\1",
        "\\300",
        "$GENERATE ",
        "@",
        ".",
        "\0",
        "TXT ",
    ];
    let origin = Name::parse("example.com").expect("a name");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..6000 {
        let mut text = SMALL_ZONES[round % SMALL_ZONES.len()].to_owned();
        for _ in 0..=random.below(6) {
            let start = text.floor_char_boundary(random.below(text.len()));
            let end = text.ceil_char_boundary(start + random.below(3));
            text.replace_range(start..end, PIECES[random.below(PIECES.len())]);
        }
        let zone = master::read(&Source::new("broken", text, SourceKind::File), Some(&origin), None);
        check(&zone);
        for record in &zone.records {
            let line = record.to_line();
            let again = master::read(&Source::new("line", line.clone(), SourceKind::Answer), None, None);
            assert!(again.problems.iter().all(|problem| problem.kind == ProblemKind::LongString), "{line}");
            assert_eq!(again.records.iter().map(|record| record.to_line()).collect::<Vec<_>>(), [line]);
        }
    }
}

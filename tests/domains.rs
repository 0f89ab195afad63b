//! Domains of our own making, after the cases of the field. Each folder of `testdata/domains` holds a zone, and in
//! `expected.txt` all that is found in it and what the receivers will do. `MAILVET_BLESS=1` writes that file anew: look
//! at the difference before you commit it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::receivers;
use mailvet::report::Report;
use mailvet::web::Nobody;
use mailvet::zone::folder::read_file;
use mailvet::zone::{Zone, master};

#[test]
fn what_is_expected_of_each_domain() {
    let bless = std::env::var_os("MAILVET_BLESS").is_some();
    let world = Arc::new(read(&testdata().join("world.zone")));
    let mut wrong = Vec::new();
    for folder in folders() {
        let got = check(&folder, &world);
        let expected = folder.join("expected.txt");
        if bless {
            fs::write(&expected, &got).expect("write");
        } else if fs::read_to_string(&expected).unwrap_or_default() != got {
            wrong.push(format!("{} should be\n{got}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_domains() {
    assert!(folders().len() >= 12);
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(testdata().join("domains")).expect("the domains");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> Zone {
    master::read(&read_file(path).expect("a zone file"), None, None)
}

fn check(folder: &Path, world: &Arc<Zone>) -> String {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let path = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "zone")).expect("a zone");
    let zone = Arc::new(read(&path));
    let (mut own, mut with) = (ZoneData::new(), ZoneData::new());
    own.add(&zone);
    with.add_foreign(world);
    let dns = Overlay(own, with);
    let judges = mailvet::Judges::of(receivers::prominent().collect());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let reports = runtime.block_on(mailvet::check_zone(&dns, &Nobody, &zone, &Known::default(), &judges));
    reports.iter().map(summary).collect()
}

fn summary(report: &Report) -> String {
    let mut out = format!("{}\n", report.subject);
    for finding in &report.findings {
        let at: Vec<String> = finding
            .spans
            .iter()
            .map(|span| {
                let position = span.position();
                let owner = span.record_set.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{owner} {}:{}", position.line, position.column)
            })
            .collect();
        let _ = writeln!(out, "  {:?} {} at {}", finding.severity, finding.id, at.join(", "));
        for publish in &finding.publish {
            let _ = writeln!(out, "    publish {}", publish.line());
        }
    }
    for verdict in &report.verdicts {
        let because: Vec<&str> = verdict.because.iter().map(|when| when.finding.as_str()).collect();
        let sender = format!("{:?}", verdict.sender);
        let _ = writeln!(out, "  {} {sender}: {:?} {}", verdict.receiver.id, verdict.outcome, because.join(" "));
    }
    out
}

//! Mending over corpora: the mistakes, real zones, and zones that are broken at random. Prints how many are mended.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::finding::{Finding, Severity};
use mailvet::fix::{self, Checked, Mended, Texts, Wanted};
use mailvet::name::Name;
use mailvet::source::{Source, SourceKind};
use mailvet::web::Nobody;
use mailvet::zone::folder::read_file;
use mailvet::zone::format;
use mailvet::zone::{Zone, master};

/// So many of the mistakes are mended, at least.
const FLOOR: usize = 100;

#[test]
fn mistakes_are_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/mistakes");
    let world = master::read(&read_file(&folder.join("outside.zone")).expect("a zone"), None, None);
    let text = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let base = check(&[("base.zone", &text("base.zone"))], &world);
    let mut cases: Vec<_> = fs::read_dir(folder.join("cases")).expect("a folder").flatten().collect();
    cases.sort_by_key(fs::DirEntry::file_name);
    let (mut mended_cases, mut changed, mut left) = (0, 0, BTreeMap::<&str, Vec<String>>::new());
    for case in &cases {
        let name = case.file_name().to_string_lossy().into_owned();
        let text = text(&format!("cases/{name}"));
        let mended = mended(&name, &text, &world);
        changed += usize::from(!mended.texts.is_empty());
        let new: Vec<&str> = new_and_loud(&mended.checked, &base);
        let was_loud = !new_and_loud(&check(&[(&name, &text)], &world), &base).is_empty();
        mended_cases += usize::from(was_loud && new.is_empty());
        for id in new {
            left.entry(id).or_default().push(name.split('-').next().unwrap_or_default().to_owned());
        }
    }
    println!("{} cases: {changed} are changed, {mended_cases} have no new error or warning left", cases.len());
    for (id, cases) in left {
        println!("{id:40} {}", cases.join(" "));
    }
    assert!(mended_cases >= FLOOR, "{mended_cases} are mended, {FLOOR} were before");
}

/// Real zones, in all formats that can be mended: nothing is worse behind it, and the second time nothing is to do.
#[test]
fn real_zones_are_mended_without_harm() {
    let corpora = std::env::var_os("MAILVET_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    let mut files = Vec::new();
    walk(&corpora.join("zones"), &mut files);
    if files.is_empty() {
        return println!("skipped: no zones in {}", corpora.display());
    }
    let (mut zones, mut changed, mut gone) = (0, 0, 0);
    for path in files {
        let Ok(source) = read_file(&path) else { continue };
        let is_zone = format::Format::recognise(&source.text).is_some();
        let Some(read) = is_zone.then(|| read(&source.name, &source.text)).flatten() else { continue };
        zones += 1;
        let world = Zone { records: Vec::new(), ..read };
        let mended = mended(&source.name, &source.text, &world);
        changed += usize::from(!mended.texts.is_empty());
        gone += mended.gone.len();
    }
    println!("{zones} zones: {changed} are changed, {gone} findings are gone");
    assert!(zones > 50, "{zones} zones");
}

/// Zones of the test data, with bytes of them changed: never a panic, never worse, and the second time nothing is to do.
#[test]
fn broken_zones_are_not_made_worse() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut files = Vec::new();
    walk(&folder.join("mistakes/cases"), &mut files);
    walk(&folder.join("cli"), &mut files);
    files.retain(|path| path.extension().is_some_and(|extension| extension == "zone" || extension == "yaml"));
    files.sort();
    let texts: Vec<String> = files.iter().map(|path| read_file(path).expect("a file").text.clone()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).expect("small")
    };
    let bits = [
        "\"", ";", "\\", "(", ")", "\n", " ", ".", "@", "v=spf1 ", "p=", "\r\n", "é", "\u{200b}", "\t", "$", "-", ":",
        "ip4", "'",
    ];
    for _ in 0..150 {
        let mut text = texts[random(texts.len())].clone();
        for _ in 0..=random(4) {
            let at = text.floor_char_boundary(random(text.len() + 1));
            let end = text.floor_char_boundary((at + random(3)).min(text.len())).max(at);
            text.replace_range(at..end, bits[random(bits.len())]);
        }
        let Some(zone) = read("contoso.com.zone", &text) else { continue };
        mended("contoso.com.zone", &text, &Zone { records: Vec::new(), ..zone });
    }
}

/// The zone after mending; it is no worse, and mending it again changes nothing.
fn mended(name: &str, text: &str, world: &Zone) -> Mended {
    let before = check(&[(name, text)], world);
    let run = |before: &Checked| {
        fix::mend(before.clone(), &Wanted::default(), |texts: &Texts| {
            Ok::<_, ()>(check(&[(name, &texts[name])], world))
        })
    };
    let mended = run(&before).expect("no error");
    let worst = |checked: &Checked| {
        let count = |severity| checked.findings.iter().filter(|(_, it)| it.severity >= severity).count();
        (count(Severity::Error), count(Severity::Warning))
    };
    if mended.texts.is_empty() {
        assert_eq!(worst(&mended.checked), worst(&before), "{name}");
    } else {
        assert!(!mended.gone.is_empty(), "{name}: changed, and nothing is mended");
        let again = run(&mended.checked).expect("no error");
        assert!(again.texts.is_empty(), "{name}: again {:#?}\n{text}\n---\n{:#?}", again.texts, mended.texts);
    }
    mended
}

fn read(name: &str, text: &str) -> Option<Zone> {
    let source = Source::new(name, text, SourceKind::File);
    let origin = Name::parse("contoso.com").ok();
    let zones = format::read(&source, None, None, None).or_else(|_| format::read(&source, None, origin.as_ref(), None));
    zones.ok()?.into_iter().next()
}

fn check(texts: &[(&str, &str)], world: &Zone) -> Checked {
    let zones: Vec<Arc<Zone>> = texts.iter().filter_map(|(name, text)| read(name, text).map(Arc::new)).collect();
    let (mut own, mut with) = (ZoneData::new(), ZoneData::new());
    zones.iter().for_each(|zone| own.add(zone));
    with.add_foreign(&Arc::new(world.clone()));
    let dns = Overlay(own, with);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let judges = mailvet::Judges::default();
    let mut findings = Vec::new();
    for zone in &zones {
        let reports = runtime.block_on(mailvet::check_zone(&dns, &Nobody, zone, &Known::default(), &judges));
        let of = |report: mailvet::report::Report| {
            report.findings.into_iter().map(move |finding| (report.subject.clone(), finding))
        };
        findings.extend(reports.into_iter().flat_map(of));
    }
    Checked { zones, findings }
}

/// Errors and warnings that the right zone does not have.
fn new_and_loud(checked: &Checked, base: &Checked) -> Vec<&'static str> {
    let is_known = |finding: &Finding| base.findings.iter().any(|(_, old)| old.id == finding.id);
    let loud = checked.findings.iter().filter(|(_, finding)| finding.severity >= Severity::Warning);
    loud.filter(|(_, finding)| !is_known(finding)).map(|(_, finding)| finding.id).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => walk(&entry.path(), files),
            false => files.push(entry.path()),
        }
    }
    files.sort();
}

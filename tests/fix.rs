//! Mending over corpora: the mistakes, real zones, and zones that are broken at random. Prints how many are mended.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
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
const FLOOR: usize = 124;

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

/// A folder with these files, and what `mailvet fix` does in it: exit code, standard output, standard error.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new(files: &[(&str, &[u8])]) -> Scratch {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        Scratch(folder)
    }

    fn fix(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
        let output = command.arg("fix").args(args).current_dir(self.0.path()).output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect("a file")
    }
}

const ZONE: &str = "$ORIGIN contoso.com.\n$TTL 3600\n@ SOA ns1 hostmaster ( 7 ; serial\n  7200 3600 1209600 3600 )\n  NS ns1\n  \
                    MX 10 mail\n  TXT \"v=spf1 ipv4:192.0.2.25 -all\" ; ours\nns1 A 192.0.2.53\nmail A 192.0.2.25\n     \
                    TXT \"v=spf1 a -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n";

#[test]
fn nothing_is_written_unasked_and_a_second_time_nothing_is_to_do() {
    let scratch = Scratch::new(&[("a.zone", ZONE.as_bytes())]);
    let (code, patch, said) = scratch.fix(&["a.zone"]);
    assert_eq!((code, scratch.read("a.zone").as_str()), (Some(1), ZONE), "{said}");
    assert!(patch.starts_with("--- a/a.zone\n+++ b/a.zone\n@@ "), "{patch}");
    let (code, same, _) = scratch.fix(&["a.zone", "--write"]);
    assert_eq!((code, same, scratch.read("a.zone")), (Some(0), patch, ZONE.replace("ipv4", "ip4")));
    let (code, patch, said) = scratch.fix(&["a.zone", "--write", "--bump-serial"]);
    assert_eq!((code, patch.as_str()), (Some(0), ""), "{said}");
    assert!(said.starts_with("Nothing can be mended automatically."), "{said}");
}

#[test]
fn the_serial_is_raised_where_asked_for() {
    let scratch = Scratch::new(&[("a.zone", ZONE.as_bytes())]);
    scratch.fix(&["a.zone", "--write", "--bump-serial"]);
    assert_eq!(scratch.read("a.zone"), ZONE.replace("ipv4", "ip4").replace("( 7 ;", "( 8 ;"));
    let zero = ZONE.replace("( 7 ;", "( 0 ;");
    let scratch = Scratch::new(&[("a.zone", zero.as_bytes())]);
    let (_, _, said) = scratch.fix(&["a.zone", "--write", "--bump-serial"]);
    assert_eq!(scratch.read("a.zone"), zero.replace("ipv4", "ip4"));
    assert!(said.contains("a.zone: no serial number to raise"), "{said}");
}

#[test]
fn the_patch_is_what_git_applies() {
    let zone = ZONE.replace('\n', "\r\n");
    let included = "@ TXT \"v=TLSRPTv1; rua:mailto:a@contoso.com\"";
    let zone = zone + "$INCLUDE tls.inc _smtp._tls\r\n";
    let scratch = Scratch::new(&[("my zones/a.zone", zone.as_bytes()), ("my zones/tls.inc", included.as_bytes())]);
    let (_, patch, said) = scratch.fix(&["my zones"]);
    fs::write(scratch.0.path().join("a.patch"), &patch).expect("a file");
    let git = Command::new("git").args(["apply", "a.patch"]).current_dir(scratch.0.path()).output();
    let Ok(git) = git else { return println!("skipped: no git") };
    assert!(git.status.success(), "{}{patch}{said}", String::from_utf8_lossy(&git.stderr));
    assert_eq!(scratch.read("my zones/a.zone"), zone.replace("ipv4", "ip4"));
    assert_eq!(scratch.read("my zones/tls.inc"), included.replace("rua:", "rua="));
    let (code, patch, said) = scratch.fix(&["my zones", "--fail-on", "never"]);
    assert_eq!((code, patch.as_str()), (Some(0), ""), "{said}");
}

#[test]
fn what_lies_outside_of_the_folder_stays() {
    let zone = ZONE.to_owned() + "$INCLUDE ../tls.inc _smtp._tls\n";
    let included: &[u8] = b"@ TXT \"v=TLSRPTv1; rua:mailto:a@contoso.com\"\n";
    let scratch = Scratch::new(&[("zones/a.zone", zone.as_bytes()), ("tls.inc", included)]);
    scratch.fix(&["zones/a.zone", "--write"]);
    assert_eq!(scratch.read("tls.inc").as_bytes(), included);
    assert_eq!(scratch.read("zones/a.zone"), zone.replace("ipv4", "ip4"));
}

#[test]
fn a_file_that_is_included_twice_is_mended_for_both() {
    let zone =
        ZONE.replace("  TXT \"v=spf1 ipv4:192.0.2.25 -all\" ; ours\n", "") + "$INCLUDE spf.inc\n$INCLUDE spf.inc sub\n";
    let included = "@ TXT \"v=spf1 ipv4:192.0.2.25 -all\"\n";
    let scratch = Scratch::new(&[("a.zone", zone.as_bytes()), ("spf.inc", included.as_bytes())]);
    let (_, _, said) = scratch.fix(&["a.zone", "--write"]);
    assert_eq!(scratch.read("spf.inc"), included.replace("ipv4", "ip4"), "{said}");
    // The wrong name is another one in each.
    let included = "mx MX 0 mail.contoso.com\n";
    let scratch = Scratch::new(&[("a.zone", zone.as_bytes()), ("spf.inc", included.as_bytes())]);
    scratch.fix(&["a.zone", "--write"]);
    assert_eq!(scratch.read("spf.inc"), included.replace(".com", ".com."));
}

/// Other zones may include it, too.
#[test]
fn an_included_file_is_not_emptied_into_another() {
    let zone = ZONE.replace("ipv4", "ip4") + "$INCLUDE own.inc\n";
    let included = "@ TXT \"v=spf1 a:mail.contoso.com -all\"\n";
    let scratch = Scratch::new(&[("z.zone", zone.as_bytes()), ("own.inc", included.as_bytes())]);
    let (code, patch, said) = scratch.fix(&["z.zone", "--write"]);
    assert_eq!((code, patch.as_str(), scratch.read("own.inc").as_str()), (Some(1), "", included));
    assert!(said.contains("      contoso.com. IN TXT \"v=spf1 "), "{said}");
}

#[test]
fn what_is_ignored_stays_as_it_is() {
    let record = "\"v=spf1 ip4:192.0.2.25 ip4:192.0.2.25 ip4:192.0.2.0/24 -all\"";
    let zone = ZONE.replace("\"v=spf1 ipv4:192.0.2.25 -all\"", record);
    let ignores = zone.replace("; ours", "; mailvet: ignore spf-range-covered -- one moves");
    let scratch = Scratch::new(&[("a.zone", zone.as_bytes()), ("b.zone", ignores.as_bytes())]);
    scratch.fix(&["a.zone", "--write"]);
    assert_eq!(scratch.read("a.zone"), zone.replace("ip4:192.0.2.25 ip4:192.0.2.25 ", ""));
    let (_, patch, said) = scratch.fix(&["b.zone", "--write"]);
    assert_eq!((patch.as_str(), scratch.read("b.zone")), ("", ignores));
    assert!(said.contains("or would touch what is ignored:\n  advice[spf-duplicate-term]"), "{said}");
}

#[test]
fn standard_input_is_no_file() {
    let (code, patch, said) = Scratch::new(&[]).fix(&["-"]);
    assert_eq!((code, patch.as_str()), (Some(2), ""));
    assert!(said.contains("standard input cannot be mended"), "{said}");
}

#[test]
fn an_old_encoding_is_not_lost() {
    let zone = [ZONE.as_bytes(), b"; caf\xe9\n"].concat();
    let scratch = Scratch::new(&[("a.zone", &zone)]);
    let (code, _, said) = scratch.fix(&["a.zone", "--write"]);
    assert_eq!((code, fs::read(scratch.0.path().join("a.zone")).expect("a file")), (Some(2), zone));
    assert!(said.contains("not UTF-8"), "{said}");
}

#[test]
fn octodns_is_mended_where_a_person_wrote_it() {
    let yaml = "'':\n  - type: TXT\n    values:\n      - v=spf1 ipv4:192.0.2.1 -all # ours\n      - \"v=spf1 ip4:192.0.2.2 -all\"\n  \
                - type: MX\n    value: {exchange: mail.contoso.com., preference: 10}\nmail: {type: A, value: 192.0.2.1}\n\
                _dmarc:\n  type: TXT\n  value: 'v=DMARC1\\; p:none'\n_smtp._tls:\n  type: TXT\n  \
                value: \"v=TLSRPTv1\\\\; rua=mailto:a@contoso.com mailto:b@contoso.com\"\n";
    let right = yaml
        .replace(
            "ipv4:192.0.2.1 -all # ours\n      - \"v=spf1 ip4:192.0.2.2 -all\"",
            "ip4:192.0.2.1 ip4:192.0.2.2 -all # ours",
        )
        .replace("p:none", "p=none")
        .replace("a@contoso.com mailto:b", "a@contoso.com,mailto:b");
    let scratch = Scratch::new(&[("contoso.com.yaml", yaml.as_bytes())]);
    let (code, _, said) = scratch.fix(&["contoso.com.yaml", "--write"]);
    assert_eq!((code, scratch.read("contoso.com.yaml")), (Some(0), right), "{said}");
}

#[test]
fn what_a_program_wrote_is_left() {
    let json =
        br#"{"ResourceRecordSets": [{"Name": "contoso.com.", "Type": "SOA", "TTL": 60, "ResourceRecords": [{"Value":
        "a. b. 1 2 3 4 5"}]}, {"Name": "contoso.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value":
        "\"v=spf1 ipv4:192.0.2.1 -all\""}]}]}"#;
    let scratch = Scratch::new(&[("a.json", json)]);
    let (code, patch, said) = scratch.fix(&["a.json", "--write"]);
    assert_eq!((code, patch.as_str()), (Some(1), ""));
    assert!(said.contains("change what it is made from:\n  error[spf-unknown-mechanism]"), "{said}");
}

/// What reports say of edits is what mends: made in the text, the findings are gone.
#[test]
fn what_is_missing_is_added_to_the_zone_that_answers() {
    let above = "$ORIGIN contoso.com.\n$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\nnews NS ns1\n";
    let below = "$ORIGIN news.contoso.com.\n$TTL 60\n@ SOA ns1.contoso.com. h 1 2 3 4 5\n@ NS ns1.contoso.com.\n\
                 @ MX 0 news-contoso-com.mail.protection.outlook.com.\n";
    let scratch = Scratch::new(&[("a.zone", above.as_bytes()), ("b.zone", below.as_bytes())]);
    let (_, _, said) = scratch.fix(&["a.zone", "b.zone", "--only", "spf-missing", "--add-missing", "--write"]);
    assert_eq!(scratch.read("a.zone"), above, "{said}");
    let added = "news.contoso.com. IN TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n";
    assert_eq!(scratch.read("b.zone"), format!("{below}{added}"), "{said}");
}

#[test]
fn reports_hold_the_edits() {
    let scratch = Scratch::new(&[("a.zone", ZONE.as_bytes())]);
    let report = |format: &str| -> serde_json::Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
        let output = command.args(["zone", "a.zone", "--format", format]).current_dir(scratch.0.path()).output();
        serde_json::from_slice(&output.expect("it runs").stdout).expect("JSON")
    };
    let json = report("json");
    let findings = json["reports"][0]["findings"].as_array().expect("findings");
    let edit = &findings.iter().find(|it| it["id"] == "spf-unknown-mechanism").expect("a finding")["edits"][0];
    let number = |name: &str| usize::try_from(edit[name].as_u64().expect(name)).expect(name);
    let mut text = ZONE.to_owned();
    text.replace_range(number("start")..number("end"), edit["text"].as_str().expect("a text"));
    assert_eq!(text, ZONE.replace("ipv4", "ip4"));
    let sarif = report("sarif");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|it| it["ruleId"] == "spf-unknown-mechanism").expect("a result");
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "a.zone");
    let region = &change["replacements"][0]["deletedRegion"];
    for (name, key) in
        [("line", "startLine"), ("column", "startColumn"), ("end_line", "endLine"), ("end_column", "endColumn")]
    {
        assert_eq!(edit[name], region[key], "{name}");
    }
    assert_eq!(edit["text"], change["replacements"][0]["insertedContent"]["text"]);
}

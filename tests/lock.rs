//! `mailvet lock` and `--locked` against a real DNS server on loopback.

mod server;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use mailvet::collect::Known;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::recorder::Recorder;
use mailvet::dns::zone::ZoneData;
use mailvet::dns::{Answer, Dns, Failure, Outcome};
use mailvet::finding::Finding;
use mailvet::lang::{Lang, fill};
use mailvet::name::Question;
use mailvet::snapshot::lock::{Lock, Run};
use mailvet::web::Nobody;
use mailvet::zone::folder::read_file;
use mailvet::zone::{Zone, master};
use serde_json::Value;
use server::Server;

/// A zone file that leads to a provider for SPF, a key, and its mail exchange.
const ZONE: &str = r#"$ORIGIN contoso.com.
$TTL 3600
@ SOA ns1 host 1 7200 3600 1209600 3600
@ NS ns1
ns1 A 192.0.2.53
@ MX 10 mx.fabrikam.com.
@ TXT "v=spf1 include:spf.fabrikam.com a:a1.fabrikam.com a:a2.fabrikam.com a:a3.fabrikam.com a:a4.fabrikam.com a:a5.fabrikam.com -all"
s1._domainkey CNAME s1.keys.fabrikam.com.
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@contoso.com"
"#;

const PROVIDER: &str = r#"
fabrikam.com. SOA ns.fabrikam.com. host.fabrikam.com. 1 7200 3600 1209600 3600
mx.fabrikam.com. A 203.0.113.1
a1.fabrikam.com. A 203.0.113.11
a2.fabrikam.com. A 203.0.113.12
a3.fabrikam.com. A 203.0.113.13
a4.fabrikam.com. A 203.0.113.14
a5.fabrikam.com. A 203.0.113.15
spf1.fabrikam.com. TXT "v=spf1 a:a1.fabrikam.com a:a2.fabrikam.com ip4:203.0.113.64/28 -all"
1.113.0.203.in-addr.arpa. PTR mx.fabrikam.com.
"#;

const SPF: &str = r#"spf.fabrikam.com. TXT "v=spf1 ip4:203.0.113.0/28 include:spf1.fabrikam.com -all""#;

const KEY: &str = r#"s1.keys.fabrikam.com. TXT "v=DKIM1; k=ed25519; p=0yCu2y3HyM5a1cWKOeBb2YWU1GpsbbY4I4mQnQm/768=""#;

/// A folder with the zone.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(".git")).expect("a folder");
        std::fs::write(folder.path().join("contoso.zone"), ZONE).expect("a zone file");
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn lock_text(&self) -> String {
        std::fs::read_to_string(self.path("mailvet.lock")).expect("a lock")
    }

    /// Runs mailvet here.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
        command.args(arguments).current_dir(self.0.path()).output().expect("mailvet runs")
    }

    /// `mailvet lock` with the answers of this server, on this day.
    fn lock(&self, server: &Server, day: &str, more: &[&str]) -> Output {
        let resolver = server.address.to_string();
        let arguments = ["lock", "contoso.zone", "--today", day, "--resolver", &resolver, "--timeout", "1"];
        self.run(&[&arguments, more].concat())
    }

    fn locked(&self, day: &str) -> Output {
        self.run(&["zone", "contoso.zone", "--locked", "--today", day, "--format", "json"])
    }
}

fn server(lines: &[&str]) -> Server {
    Server::with_zone(&([&[PROVIDER], lines].concat().join("\n")))
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn reports(output: &Output) -> Vec<Value> {
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON on standard output");
    document["reports"].as_array().expect("reports").clone()
}

/// Everything but the note on the lock.
fn without_note(output: &Output) -> Vec<Value> {
    let mut reports = reports(output);
    reports.iter_mut().filter_map(Value::as_object_mut).for_each(|report| drop(report.remove("locked")));
    reports
}

#[test]
fn a_lock_answers_as_the_network_did() {
    let (folder, server) = (Folder::new(), server(&[SPF, KEY]));
    let made = folder.lock(&server, "2026-11-22", &[]);
    assert_eq!((made.status.code(), stdout(&made)), (Some(0), String::new()), "{}", stderr(&made));
    let resolver = server.address.to_string();
    let live = ["zone", "contoso.zone", "--live", "--resolver", &resolver, "--timeout", "1", "--format", "json"];
    let live = folder.run(&live);
    let asked = server.seen().len();
    let locked = folder.locked("2026-11-23");
    assert_eq!(server.seen().len(), asked, "nobody is asked");
    assert_eq!(without_note(&locked), without_note(&live));
    assert!(!reports(&live)[0]["findings"].as_array().expect("findings").is_empty(), "something is compared");
    assert_eq!((stderr(&locked), locked.status.code()), (String::new(), live.status.code()));
    let note = &reports(&locked)[0]["locked"];
    assert_eq!(*note, serde_json::json!({"oldest": "2026-11-22", "stale": false, "complete": true}));
}

#[test]
fn the_same_answers_are_the_same_bytes() {
    let lines = "a.fabrikam.com. MX 10 a.fabrikam.com.";
    let (one, other, server) = (Folder::new(), Folder::new(), server(&[SPF, KEY, lines]));
    one.lock(&server, "2026-11-22", &[]);
    other.lock(&server, "2026-11-22", &[]);
    let text = one.lock_text();
    assert_eq!(other.lock_text(), text);
    // What is there stays as it is; asked anew, the day alone moves.
    one.lock(&server, "2026-11-30", &[]);
    assert_eq!(one.lock_text(), text);
    one.lock(&server, "2026-11-30", &["--update"]);
    assert_eq!(one.lock_text(), text.replace("2026-11-22", "2026-11-30"));
    assert!(!text.contains(&server.address.to_string()), "the resolver is nobody's business");
}

#[test]
fn what_a_provider_changed_is_told_with_what_it_means() {
    let folder = Folder::new();
    folder.lock(&server(&[SPF, KEY]), "2026-11-22", &[]);
    let now = r#"spf.fabrikam.com. 60 TXT "v=spf1 ip4:203.0.113.0/28 ip4:198.51.100.0/24 ip6:2001:db8::/32 include:spf1.fabrikam.com exists:%{i}.fabrikam.com -all""#;
    let other_key = KEY.replace("0yCu", "0yCv");
    let now = server(&[now, &other_key]);
    let updated = folder.lock(&now, "2026-11-30", &["--update"]);
    let told = stdout(&updated);
    assert!(told.contains("spf.fabrikam.com TXT\n  gained 2 ranges: ip4:198.51.100.0/24, ip6:2001:db8::/32\n  gained 1 term: exists:%{i}.fabrikam.com\n"), "{told}");
    assert!(told.contains("s1.keys.fabrikam.com TXT\n  gained 1 DKIM key: v=DKIM1; k=ed25519; p=0yCv2"), "{told}");
    assert!(told.contains("contoso.com\n  your lookups are now 10 (they were 9; at most 10 are allowed)\n"), "{told}");
    assert_eq!(updated.status.code(), Some(0));
    let again = folder.lock(&now, "2026-11-30", &["--update", "--lang", "es"]);
    assert_eq!(stdout(&again), "no ha cambiado nada que afecte a estas zonas\n");
}

#[test]
fn a_limit_that_is_passed_is_a_new_finding() {
    let folder = Folder::new();
    folder.lock(&server(&[SPF, KEY]), "2026-11-22", &[]);
    let now = r#"spf.fabrikam.com. TXT "v=spf1 ip4:203.0.113.0/28 ip4:198.51.100.0/24 ip4:192.0.2.0/24 include:spf1.fabrikam.com a:a1.fabrikam.com a:a2.fabrikam.com -all""#;
    let told = stdout(&folder.lock(&server(&[now, KEY]), "2026-11-30", &["--update"]));
    assert!(told.contains("  gained 2 ranges: ip4:192.0.2.0/24, ip4:198.51.100.0/24\n"), "{told}");
    assert!(told.contains("contoso.com\n  your lookups are now 11 (they were 9;"), "{told}");
    assert!(told.contains("\n  new: error[spf-too-many-lookups]: "), "{told}");
    // What the zone itself adds, here a name that does not exist, is no change of others.
    std::fs::write(folder.path("contoso.zone"), ZONE.replace("a:a5.", "a:a6.")).expect("a zone file");
    let later = now.replace("ip4:192.0.2.0/24", "ip4:198.51.100.0/25");
    let told = stdout(&folder.lock(&server(&[&later, KEY]), "2026-12-01", &["--update"]));
    assert!(told.contains("  gained 1 range: ip4:198.51.100.0/25\n"), "{told}");
    assert!(!told.contains("void lookups"), "{told}");
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let (folder, server) = (Folder::new(), server(&[SPF, KEY]));
    folder.lock(&server, "2026-11-22", &[]);
    std::fs::write(folder.path("contoso.zone"), ZONE.replace("a:a5.", "a:a6.")).expect("a zone file");
    let stale = folder.locked("2026-11-23");
    assert!(stderr(&stale).contains("not up to date, answers that it lacks: "), "{}", stderr(&stale));
    assert!(stderr(&stale).contains("a6.fabrikam.com A"), "{}", stderr(&stale));
    assert_eq!((&reports(&stale)[0]["locked"]["complete"], stale.status.code()), (&Value::Bool(false), Some(3)));
    let asked = server.seen().len();
    let added = folder.lock(&server, "2026-11-23", &[]);
    assert_eq!(server.seen()[asked..].iter().filter(|query| !query.starts_with("a6.")).count(), 0);
    assert!(stderr(&added).contains("new 2, dropped 2"), "{}", stderr(&added));
    let text = folder.lock_text();
    assert!(!text.contains("a5.fabrikam.com"));
    assert_eq!(text.matches("2026-11-23").count(), 2, "only they have another day: {text}");
    assert_eq!(folder.locked("2026-11-23").status.code(), Some(0));
}

#[test]
fn a_failure_does_not_take_the_place_of_an_answer() {
    let folder = Folder::new();
    folder.lock(&server(&[SPF, KEY]), "2026-11-22", &[]);
    let failing = Server::with_rules(&[PROVIDER, SPF, KEY].join("\n"), &[("spf.fabrikam.com", server::servfail)]);
    let updated = folder.lock(&failing, "2026-11-30", &["--update"]);
    assert_eq!(updated.status.code(), Some(3));
    assert!(stderr(&updated).contains("spf.fabrikam.com TXT: SERVFAIL; the answer of 2026-11-22 stays"));
    let spf = folder.lock_text().lines().find(|line| line.contains("\"spf.fabrikam.com TXT")).map(str::to_owned);
    let spf = spf.expect("the answer is there");
    assert!(spf.contains("ip4:203.0.113.0/28") && spf.contains("\"day\":\"2026-11-22\""), "{spf}");
    assert_eq!(reports(&folder.locked("2026-11-30"))[0]["locked"]["oldest"], "2026-11-22");
}

#[test]
fn a_failure_without_an_answer_is_asked_again() {
    let folder = Folder::new();
    let failing = Server::with_rules(&[PROVIDER, SPF, KEY].join("\n"), &[("spf1.fabrikam.com", server::servfail)]);
    let made = folder.lock(&failing, "2026-11-22", &[]);
    assert_eq!(made.status.code(), Some(3));
    // The check says what it would say of the network.
    let unanswered = folder.locked("2026-11-22");
    let findings = reports(&unanswered)[0]["findings"].as_array().expect("findings").clone();
    assert!(findings.iter().any(|finding| finding["id"] == "dns-no-answer"), "{findings:?}");
    assert_eq!(folder.lock(&server(&[SPF, KEY]), "2026-11-23", &[]).status.code(), Some(0));
    assert_eq!(folder.locked("2026-11-23").status.code(), Some(0));
}

#[test]
fn answers_of_other_zones_stay() {
    let (folder, server) = (Folder::new(), server(&[SPF, KEY, "other.fabrikam.com. TXT \"v=spf1 -all\""]));
    let other = ZONE.replace("contoso.com", "adatum.com").replace("include:spf.", "include:other.");
    std::fs::write(folder.path("adatum.zone"), other).expect("a zone file");
    folder.lock(&server, "2026-11-22", &["adatum.zone"]);
    let both = folder.lock_text();
    assert!(both.contains("\"adatum.com\",\n\"contoso.com\"") && both.contains("\"other.fabrikam.com TXT"));
    let one = folder.lock(&server, "2026-11-23", &[]);
    assert_eq!(folder.lock_text(), both);
    assert!(stderr(&one).contains("answers kept for zones that were not named: 1 (adatum.com)"), "{}", stderr(&one));
}

#[test]
fn the_lock_of_the_repository_is_found() {
    let (folder, server) = (Folder::new(), server(&[SPF, KEY]));
    folder.lock(&server, "2026-11-22", &[]);
    std::fs::create_dir(folder.path("zones")).expect("a folder");
    std::fs::rename(folder.path("contoso.zone"), folder.path("zones/contoso.zone")).expect("moved");
    let locked = folder.run(&["zone", "zones", "--locked", "--today", "2027-03-01"]);
    assert!(stdout(&locked).contains("the oldest answer is from 2026-11-22, 99 days ago"), "{}", stdout(&locked));
    // Above the root of the repository nothing is looked for.
    std::fs::create_dir(folder.path("zones/.git")).expect("a folder");
    let none = folder.run(&["zone", "zones/contoso.zone", "--locked"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("make one by `mailvet lock zones/contoso.zone`"), "{}", stderr(&none));
}

#[test]
fn a_lock_beside_zones_is_no_zone() {
    let (folder, server) = (Folder::new(), server(&[SPF, KEY]));
    folder.lock(&server, "2026-11-22", &[]);
    assert_eq!(stderr(&folder.run(&["zone", ".", "--locked", "--today", "2026-11-22"])), "");
}

#[test]
fn what_is_no_lock_is_left_alone() {
    let (folder, server) = (Folder::new(), server(&[SPF, KEY]));
    let check = |path: &Path, needle: &str| {
        let before = std::fs::read_to_string(path).expect("a file");
        let made = folder.lock(&server, "2026-11-22", &["--lock", &path.to_string_lossy()]);
        assert_eq!(made.status.code(), Some(2));
        assert!(stderr(&made).contains(needle), "{}", stderr(&made));
        assert_eq!(std::fs::read_to_string(path).expect("a file"), before);
    };
    check(&folder.path("contoso.zone"), "contoso.zone:1: not a lock of mailvet (expected value at line 1 column 1)");
    folder.lock(&server, "2026-11-22", &[]);
    let text = folder.lock_text();
    let broken = [
        (text.replacen("\"pages\"", "<<<<<<< HEAD\n\"pages\"", 1), "broken.lock:7: a mark of a merge conflict"),
        (text.replace("\"lock\":1", "\"lock\":2"), "this version of mailvet reads 1: update mailvet"),
        (text.replace("NOERROR", "NOTHING"), "in the lock cannot be read"),
        (text.replace("2026-11-22", "yesterday!"), "is no day such as"),
        (format!("{{\"lock\":{}", "[".repeat(100_000)), "not a lock of mailvet"),
    ];
    for (text, needle) in broken {
        std::fs::write(folder.path("broken.lock"), text).expect("a file");
        check(&folder.path("broken.lock"), needle);
    }
}

#[test]
fn arguments_that_contradict_each_other() {
    let folder = Folder::new();
    for arguments in [
        &["zone", "contoso.zone", "--locked", "--live"][..],
        &["zone", "contoso.zone", "--lock", "a.lock", "--live"],
        &["lock", "contoso.zone", "--locked"],
    ] {
        assert_eq!(folder.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert!(!folder.path("mailvet.lock").exists());
}

/// A world of which everything is known: what is not in it does not exist.
struct World(ZoneData);

impl Dns for World {
    async fn ask(&self, question: &Question) -> Answer {
        let answer = self.0.ask(question).await;
        match answer.failure() {
            Some(Failure::NotAsked) => Answer { outcome: Outcome::NxDomain, ..answer },
            _ => answer,
        }
    }
}

/// What is said of a zone when all that it does not hold is answered so, with its words in the order of the alphabet: a server
/// may tell the records of a set in any order.
fn findings(zone: &Arc<Zone>, outside: &impl Dns) -> Vec<String> {
    let mut own = ZoneData::new();
    own.add(zone);
    let dns = Overlay(own, outside);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (known, judges) = (Known::default(), mailvet::Judges::default());
    let checked = mailvet::check_zone(&dns, &Nobody, zone, &known, &judges);
    let findings = runtime.block_on(checked).into_iter().flat_map(|report| report.findings);
    let said = |finding: Finding| {
        let prose = finding.text.get(Lang::En);
        let words = [prose.title, prose.here, prose.why, prose.fix].map(|text| fill(text, &finding.values, Lang::En));
        let said = format!("{} {words:?} {:?}", finding.id, finding.publish);
        let mut words: Vec<&str> = said.split(|c: char| !c.is_alphanumeric()).collect();
        words.sort_unstable();
        words.join(" ")
    };
    findings.map(said).collect()
}

#[test]
fn every_mistake_is_found_with_a_lock_too() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/mistakes");
    let read = |path: &Path| Arc::new(master::read(&read_file(path).expect("a zone file"), None, None));
    let mut data = ZoneData::new();
    data.add_foreign(&read(&folder.join("outside.zone")));
    let world = World(data);
    let cases = std::fs::read_dir(folder.join("cases")).expect("a folder").map(|entry| entry.expect("a file").path());
    let mut said = 0;
    for path in cases {
        let zone = read(&path);
        let recorder = Recorder::new(&world);
        let by_world = findings(&zone, &recorder);
        let (zones, answers) = (BTreeSet::from([zone.origin.clone()]), recorder.answers());
        let run = Run { day: "2026-11-22".to_owned(), zones, answers, pages: Vec::new(), anew: false };
        let lock = Lock::default().renewed(run).lock;
        let lock = Lock::read(&lock.write()).expect("a lock");
        assert_eq!(findings(&zone, &lock), by_world, "{}", path.display());
        said += by_world.len();
    }
    assert!(said > 200, "only {said} findings were compared");
}

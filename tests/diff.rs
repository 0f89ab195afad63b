//! `mailvet diff` with what comes through standard input and with a DNS server, and the way of a baseline.

mod server;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use server::{Server, silent};

const ZONE: &str = r#"$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 300
@ NS ns1
ns1 A 93.184.216.1
@ MX 10 mail
@ TXT "v=spf1 mx -all"
mail A 93.184.216.34
mail TXT "v=spf1 a -all"
s9._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
"#;

/// The same for the server, with absolute names.
fn served(text: &str) -> String {
    let zone = text.lines().skip(2).map(|line| match line.strip_prefix('@') {
        Some(rest) => format!("example.com.{rest}\n"),
        None => line.replacen(' ', ".example.com. ", 1) + "\n",
    });
    let zone: String = zone.collect();
    let reverse = "34.216.184.93.in-addr.arpa. PTR mail.example.com.\n";
    zone.replace("ns1 hostmaster", "ns1.example.com. hostmaster.example.com.")
        .replace("NS ns1", "NS ns1.example.com.")
        .replace("10 mail", "10 mail.example.com.")
        + reverse
}

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", self.stdout, self.stderr))
    }
}

fn mailvet(args: &[&str], input: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
    let command = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path.to_string_lossy().into_owned()
}

fn ids(findings: &Value) -> Vec<&str> {
    findings.as_array().expect("a list").iter().map(|finding| finding["id"].as_str().expect("an id")).collect()
}

fn of_domain<'j>(json: &'j Value, domain: &str) -> &'j Value {
    let mut domains = json["domains"].as_array().expect("a list").iter();
    domains.find(|it| it["subject"] == domain).expect("the domain")
}

#[test]
fn standard_input_is_a_side() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = put(folder.path(), "new.zone", &ZONE.replace("mx -all", "mx ptr -all"));
    let fails = mailvet(&["diff", "-", &new, "--format", "json", "--fail-on", "new"], ZONE);
    assert_eq!((fails.code, ids(&fails.json()["domains"][0]["new"])), (Some(1), vec!["spf-ptr"]));
    assert_eq!(fails.json()["records"][0]["parts"][0]["new"], "ptr");
    assert_eq!(mailvet(&["diff", &new, "-"], ZONE).code, Some(0), "better");
    assert_eq!(mailvet(&["diff", "-", &new], ZONE).code, Some(0), "a warning is no error");
    // Only the name of its file tells which zone it is, and standard input has none.
    let yaml = "---\n'': {type: TXT, value: v=spf1 mx -all}\n";
    let octodns = put(folder.path(), "example.com.yaml", yaml);
    assert_eq!(mailvet(&["diff", "-", &octodns], yaml).code, Some(0));
    assert_eq!(mailvet(&["diff", "-", "-"], ZONE).code, Some(2));
    assert_eq!(mailvet(&["diff", "-", &new], "").code, Some(2));
}

#[test]
fn a_zone_is_read_from_standard_input() {
    let ran = mailvet(&["zone", "-", "--format", "json"], ZONE);
    assert_eq!(ran.json()["reports"][0]["subject"], "example.com");
    let included = mailvet(&["zone", "-", "--format", "json"], &format!("{ZONE}$INCLUDE Cargo.toml\n"));
    assert!(ids(&included.json()["reports"][0]["findings"]).contains(&"zone-include-unread"), "no folder was named");
}

#[test]
fn dns_against_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::with_zone(&served(ZONE));
    let resolver = server.address.to_string();
    let diff = |old: &str, new: &str| {
        mailvet(&["diff", old, new, "--resolver", &resolver, "--format", "json", "--fail-on", "new"], "")
    };
    let same = put(folder.path(), "same.zone", ZONE);
    for ran in [diff("live", &same), diff(&same, "live")] {
        let json = ran.json();
        assert_eq!(json["records"].as_array().map(Vec::len), Some(0), "{json:#}");
        assert_eq!(json["unknown"].as_array().map(Vec::len), Some(0), "{json:#}");
        assert_eq!(ran.code, Some(0), "{json:#}");
    }
    let without_key: String =
        ZONE.lines().filter(|line| !line.contains("domainkey")).map(|it| format!("{it}\n")).collect();
    let new = put(folder.path(), "new.zone", &without_key.replace("p=none", "p=reject"));
    let ran = diff(&same, &new);
    assert_eq!(ran.json()["records"].as_array().map(Vec::len), Some(2));
    let ran = diff("live", &new);
    let changes = ran.json()["records"].clone();
    // Nobody can list the selectors of a domain, and the file does not name this one.
    assert_eq!(changes[0]["parts"][0]["new"], "p=reject", "{changes:#}");
    let back = diff(&new, "live").json()["records"].clone();
    assert_eq!(back[0]["parts"][0]["old"], "p=reject");
}

#[test]
fn a_server_that_does_not_answer_removes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::with_rules(&served(ZONE), &[("_dmarc.example.com", silent)]);
    let zone = put(folder.path(), "a.zone", ZONE);
    let resolver = server.address.to_string();
    let ran = mailvet(&["diff", &zone, "live", "--resolver", &resolver, "--timeout", "1", "--format", "json"], "");
    let json = ran.json();
    assert_eq!(json["records"].as_array().map(Vec::len), Some(0), "{json:#}");
    assert_eq!(json["unknown"][0]["owner"], "_dmarc.example.com");
    assert!(!ids(&json["domains"][0]["gone"]).contains(&"dmarc-policy-none"));
    assert_eq!(ran.code, Some(3));
}

#[test]
fn only_what_is_new_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad = ZONE.replace("mx -all", "mx ip4:192.0.2.300 -all");
    let zone = put(folder.path(), "a.zone", &bad);
    let baseline = folder.path().join("baseline.json").to_string_lossy().into_owned();
    assert_eq!(mailvet(&["zone", &zone], "").code, Some(1));
    assert_eq!(mailvet(&["baseline", "zone", &zone, "--into", &baseline], "").code, Some(0));
    let printed = mailvet(&["baseline", "zone", &zone], "");
    assert_eq!(printed.stdout, std::fs::read_to_string(&baseline).expect("a baseline"));
    let known = mailvet(&["zone", &zone, "--baseline", &baseline, "--fail-on", "advice", "--lang", "ja"], "");
    assert_eq!(known.code, Some(0), "{}", known.stdout);
    assert!(known.stdout.contains("ベースライン"), "{}", known.stdout);
    // Lines move, and something worse comes.
    let worse = format!("; moved\n\n{}", bad.replace("ip4:192.0.2.300", "ip4:192.0.2.300 ip4:192.0.2.301"));
    let zone = put(folder.path(), "a.zone", &worse);
    let ran = mailvet(&["zone", &zone, "--baseline", &baseline, "--format", "sarif"], "");
    let json = ran.json();
    let results = json["runs"][0]["results"].as_array().expect("results");
    let new: Vec<&Value> = results.iter().filter(|result| result["baselineState"] == "new").collect();
    assert_eq!((ran.code, new.len(), &new[0]["ruleId"]), (Some(1), 1, &Value::from("spf-bad-address")));
    assert!(results.len() > 1 && results.iter().all(|result| result["baselineState"].is_string()));
    let json = mailvet(&["zone", &zone, "--baseline", &baseline, "--format", "json"], "").json();
    let findings = json["reports"][0]["findings"].as_array().expect("findings");
    assert_eq!(findings.iter().filter(|finding| finding["ignored"]["by"] == "baseline").count() + 1, findings.len());
    // Without a baseline nothing is said of one.
    let plain = mailvet(&["zone", &zone, "--format", "sarif"], "").stdout;
    assert!(!plain.contains("baselineState"));
}

#[test]
fn a_baseline_of_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::with_zone(&served(&ZONE.replace("mx -all", "mx ip4:192.0.2.300 -all")));
    let resolver = server.address.to_string();
    let made = mailvet(&["baseline", "check", "example.com", "--resolver", &resolver], "");
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let baseline = put(folder.path(), "b.json", &made.stdout);
    let check = ["check", "example.com", "--resolver", &resolver, "--fail-on", "advice"];
    assert_eq!(mailvet(&check, "").code, Some(1));
    assert_eq!(mailvet(&[&check[..], &["--baseline", &baseline]].concat(), "").code, Some(0));
    // Where nobody answers, nothing is known to be gone.
    let silent = Server::with_rules(&served(ZONE), &[("example.com", silent)]);
    let resolver = silent.address.to_string();
    let check = ["check", "example.com", "--resolver", &resolver, "--timeout", "1", "--baseline", &baseline];
    let ran = mailvet(&check, "");
    assert!(!ran.stderr.contains("gone"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(3));
}

#[test]
fn what_a_change_leads_to_elsewhere_is_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = "two.example.net. 300 IN TXT \"v=spf1 -all\"\ntwo.example.net. 300 IN TXT \"v=spf1 +all\"\n";
    let world = put(folder.path(), "world.zone", broken);
    let old = put(folder.path(), "old.zone", ZONE);
    let new = put(folder.path(), "new.zone", &ZONE.replace("mx -all", "mx include:two.example.net -all"));
    let server = Server::with_zone(&(served(ZONE) + broken));
    let resolver = server.address.to_string();
    let told = |sides: [&str; 2], args: &[&str], code: i32| {
        let ran = mailvet(&[&["diff", sides[0], sides[1], "--format", "json"], args].concat(), "");
        let domain = &ran.json()["domains"][0];
        let has = |list: &str| ids(&domain[list]).contains(&"spf-include-duplicate");
        assert_eq!(ran.code, Some(code), "{domain:#}");
        (has("new"), has("gone"))
    };
    assert_eq!(told([&old, &new], &["--with", &world], 1), (true, false));
    assert_eq!(told([&new, &old], &["--with", &world], 0), (false, true));
    assert_eq!(told(["live", &new], &["--resolver", &resolver], 1), (true, false));
    assert_eq!(told([&new, "live"], &["--resolver", &resolver], 0), (false, true));
}

#[test]
fn a_zone_that_comes_into_a_folder_is_new() {
    let folder = tempfile::tempdir().expect("a folder");
    for side in ["old", "new", "other"] {
        std::fs::create_dir(folder.path().join(side)).expect("a folder");
    }
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let other = ZONE.replace("example.com", "example.net").replace("mx -all", "mx +all");
    put(folder.path(), "old/a.zone", ZONE);
    put(folder.path(), "new/a.zone", ZONE);
    let alone = put(folder.path(), "new/b.zone", &other);
    put(folder.path(), "other/b.zone", &other);
    let diff = |old: &str, new: &str| mailvet(&["diff", old, new, "--format", "json"], "");
    let ran = diff(&path("old"), &path("new"));
    let json = ran.json();
    let domain = of_domain(&json, "example.net");
    assert_eq!((ran.code, &domain["in"], &domain["known"]), (Some(1), &"new".into(), &true.into()), "{json:#}");
    assert!(ids(&domain["new"]).contains(&"spf-plus-all"), "{domain:#}");
    let records = ran.json()["records"].clone();
    assert!(records.as_array().is_some_and(|all| all.iter().any(|it| it["change"] == "added")), "{records:#}");
    let back = diff(&path("new"), &path("old"));
    assert_eq!((back.code, &of_domain(&back.json(), "example.net")["in"]), (Some(0), &"old".into()));
    // Other zones are no other version.
    assert_eq!(diff(&path("old"), &path("other")).json()["records"].as_array().map(Vec::len), Some(0));
    assert_eq!(diff(&path("old/a.zone"), &alone).json()["records"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_a_zone_includes_is_not_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "a.zone", &format!("{ZONE}$INCLUDE mail.inc\n"));
    put(folder.path(), "mail.inc", "mail2 300 A 93.184.216.36\n");
    put(folder.path(), "notes.txt", "mail3 300 A 93.184.216.36\n");
    let command = Command::new(env!("CARGO_BIN_EXE_mailvet")).arg("zone").arg(folder.path()).output();
    let said = String::from_utf8(command.expect("it runs").stderr).expect("UTF-8");
    assert!(said.contains("notes.txt") && !said.contains("mail.inc"), "{said}");
}

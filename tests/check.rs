//! `mailvet check` and `mailvet snapshot` against a real DNS server on loopback.

mod server;

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::RecordType;
use serde_json::Value;
use server::Server;

/// A domain at Microsoft 365 with two SPF records, and a selector under the doubled name.
const ZONE: &str = "
contoso.com. SOA ns1.contoso.com. host.contoso.com. 1 7200 3600 1209600 3600
contoso.com. NS ns1.contoso.com.
contoso.com. MX 0 contoso-com.mail.protection.outlook.com.
contoso.com. TXT \"v=spf1 include:spf.protection.outlook.com -all\"
contoso.com. TXT \"v=spf1 include:secureserver.net -all\"
selector1._domainkey.contoso.com.contoso.com. CNAME selector1-contoso-com._domainkey.contoso.onmicrosoft.com.
selector2._domainkey.contoso.com. CNAME selector2-contoso-com._domainkey.contoso.onmicrosoft.com.
_dmarc.contoso.com. TXT \"v=DMARC1; p=none; rua=mailto:dmarc@contoso.com\"
outlook.com. SOA ns1.outlook.com. host.outlook.com. 1 7200 3600 1209600 3600
spf.protection.outlook.com. TXT \"v=spf1 ip4:40.92.0.0/15 -all\"
contoso-com.mail.protection.outlook.com. A 52.101.73.5
";

fn mailvet(server: &Server, arguments: &[&str]) -> Output {
    let resolver = server.address.to_string();
    let network = ["--resolver", &resolver, "--timeout", "1"];
    Command::new(env!("CARGO_BIN_EXE_mailvet")).args(arguments).args(network).output().expect("mailvet runs")
}

fn report(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON on standard output");
    document["reports"][0].clone()
}

fn ids(report: &Value) -> Vec<&str> {
    report["findings"].as_array().expect("findings").iter().filter_map(|finding| finding["id"].as_str()).collect()
}

#[test]
fn what_is_wrong_on_live_dns() {
    let server = Server::with_zone(ZONE);
    let output = mailvet(&server, &["check", "contoso.com", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let report = report(&output);
    assert!(ids(&report).contains(&"spf-duplicate"), "{:?}", ids(&report));
    assert!(ids(&report).contains(&"dkim-owner-doubled"), "{:?}", ids(&report));
    assert!(ids(&report).contains(&"dkim-alias-dangling"), "{:?}", ids(&report));
    assert!(!ids(&report).contains(&"dmarc-missing"));
    let span = &report["findings"][0]["spans"][0];
    assert_eq!((span["kind"].as_str(), span["owner"].as_str()), (Some("answer"), Some("contoso.com")));
}

#[test]
fn a_snapshot_gives_the_same_report() {
    let server = Server::with_rules(ZONE, &[("secureserver.net", server::servfail)]);
    let snapshot = mailvet(&server, &["snapshot", "contoso.com", "--selector", "s1", "--via", "203.0.113.9"]);
    assert_eq!(snapshot.status.code(), Some(0));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("snapshot.json");
    std::fs::write(&file, &snapshot.stdout).expect("the snapshot is written");
    let live = mailvet(&server, &["check", "contoso.com", "--selector", "s1", "--via", "203.0.113.9", "--lang", "ja"]);
    let again = Command::new(env!("CARGO_BIN_EXE_mailvet"))
        .args(["check", "--lang", "ja", "--from"])
        .arg(&file)
        .output()
        .expect("mailvet runs");
    assert_eq!(String::from_utf8_lossy(&again.stdout), String::from_utf8_lossy(&live.stdout));
    assert_eq!(again.status, live.status);
}

/// A domain whose MX and SPF say nothing of who signs; an old selector that few would think of, beside a common one.
const KEYS: &str = "
contoso.com. SOA ns1.contoso.com. host.contoso.com. 1 7200 3600 1209600 3600
contoso.com. MX 0 mail.contoso.com.
contoso.com. TXT \"v=spf1 mx -all\"
mail.contoso.com. A 192.0.2.1
dkim._domainkey.contoso.com. TXT \"v=DKIM1; p=\"
dkim2011._domainkey.contoso.com. CNAME gone.fabrikam.com.
_dmarc.contoso.com. TXT \"v=DMARC1; p=none; rua=mailto:dmarc@contoso.com\"
fabrikam.com. SOA ns1.fabrikam.com. host.fabrikam.com. 1 7200 3600 1209600 3600
";

/// How many selectors were asked.
fn selectors(server: &Server) -> usize {
    server.seen().iter().filter(|seen| seen.contains("._domainkey.")).count()
}

#[test]
fn selectors_that_nobody_named() {
    for (which, asked, found) in [
        ("none", 1..=1, &["dkim-selector-not-found"][..]),
        ("common", 40..=60, &["dkim-key-revoked"]),
        ("all", 3_000..=4_000, &["dkim-alias-dangling", "dkim-key-revoked"]),
    ] {
        let server = Server::with_zone(KEYS);
        let output = mailvet(&server, &["check", "contoso.com", "--selectors", which, "--format", "json"]);
        let report = report(&output);
        let ids: Vec<&str> = ids(&report).into_iter().filter(|id| id.starts_with("dkim-")).collect();
        assert_eq!(ids, found, "{which}");
        assert!(asked.contains(&selectors(&server)), "{which}: {}", selectors(&server));
    }
}

#[test]
fn nothing_is_guessed_below_a_name_that_does_not_exist() {
    let server = Server::with_zone(&KEYS.replace("_domainkey", "_elsewhere"));
    let output = mailvet(&server, &["check", "contoso.com", "--selectors", "all", "--format", "json"]);
    assert!(ids(&report(&output)).contains(&"auth-unsigned"), "{:?}", ids(&report(&output)));
    assert_eq!(selectors(&server), 1);
}

#[test]
fn a_wildcard_is_no_selector() {
    let server = Server::with_zone(&KEYS.replace("dkim._domainkey", "*._domainkey"));
    let output = mailvet(&server, &["check", "contoso.com", "--format", "json"]);
    let report = report(&output);
    let ids: Vec<&str> = ids(&report).into_iter().filter(|id| id.starts_with("dkim-")).collect();
    assert_eq!(ids, ["dkim-wildcard"]);
}

#[test]
fn guesses_without_an_answer_are_few_and_no_failure_of_the_domain() {
    let silent = ["default", "google", "k1", "mx", "x"].map(|name| format!("{name}._domainkey.contoso.com"));
    let rules: Vec<(&str, server::Rule)> =
        silent.iter().map(|name| (name.as_str(), server::silent as server::Rule)).collect();
    let server = Server::with_rules(KEYS, &rules);
    let output = mailvet(&server, &["check", "contoso.com", "--selectors", "all", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let report = report(&output);
    assert!(ids(&report).contains(&"dkim-guesses-unanswered") && ids(&report).contains(&"dkim-key-revoked"));
    assert!(!ids(&report).contains(&"dns-no-answer"), "{:?}", ids(&report));
    assert!(selectors(&server) < 100, "{}: each silent name is asked more than once", selectors(&server));
}

#[test]
fn a_snapshot_knows_how_selectors_were_looked_for() {
    let server = Server::with_zone(KEYS);
    let live = mailvet(&server, &["check", "contoso.com", "--selectors", "all"]);
    let snapshot = mailvet(&server, &["snapshot", "contoso.com", "--selectors", "all"]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("snapshot.json");
    let again = |snapshot: &str, arguments: &[&str]| {
        std::fs::write(&file, snapshot).expect("the snapshot is written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
        let output = command.args(["check", "--from"]).arg(&file).args(arguments).output().expect("mailvet runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let written = String::from_utf8_lossy(&snapshot.stdout).into_owned();
    assert_eq!(again(&written, &[]), String::from_utf8_lossy(&live.stdout));
    let (common, none) = (again(&written, &["--selectors", "common"]), again(&written, &["--selectors", "none"]));
    assert!(common.contains("dkim-key-revoked") && !common.contains("dkim-alias-dangling"), "{common}");
    assert!(none.contains("dkim-selector-not-found"), "{none}");
    // One that was taken before selectors were guessed.
    let older: Vec<&str> = written.lines().filter(|line| !line.contains("\"dkim")).collect();
    let older = older.join("\n").replace("\"discovery\":\"all\",", "");
    for arguments in [&[][..], &["--selectors", "all"]] {
        let report = again(&older, arguments);
        assert!(!report.contains("dns-not-asked") && report.contains("dkim-selector-not-found"), "{report}");
    }
}

#[test]
fn no_answer_is_not_no_record() {
    let rules: [(&str, server::Rule); 2] = [("contoso.com", server::silent), ("example.net", server::servfail)];
    let server = Server::with_rules(ZONE, &rules);
    for domain in ["contoso.com", "example.net"] {
        let start = Instant::now();
        let output = mailvet(&server, &["check", domain, "--format", "json"]);
        let took = start.elapsed();
        assert_eq!(output.status.code(), Some(3), "{domain}: could not tell");
        let report = report(&output);
        assert_eq!(ids(&report).iter().filter(|id| **id != "dns-no-answer").count(), 0, "{:?}", ids(&report));
        let outcomes = report["verdicts"].as_array().expect("verdicts").iter().map(|verdict| &verdict["outcome"]);
        outcomes.for_each(|outcome| assert_eq!(outcome, "unsure"));
        // Two rounds of questions: what is asked at once, and the selectors behind it.
        assert!(took < Duration::from_secs(6), "{domain} took {took:?} with a time-out of one second");
    }
}

/// Servers of one's own: with a name, with none, with one that leads elsewhere, and with one of a dynamic address.
const SENDERS: &str = "
contoso.com. SOA ns1.contoso.com. host.contoso.com. 1 7200 3600 1209600 3600
contoso.com. MX 0 mail.contoso.com.
contoso.com. TXT \"v=spf1 mx ip4:93.184.216.1 ip4:93.184.216.2 ip4:93.184.216.3 -all\"
mail.contoso.com. A 93.184.216.25
25.216.184.93.in-addr.arpa. CNAME 25.24-31.216.184.93.in-addr.arpa.
25.24-31.216.184.93.in-addr.arpa. PTR mail.contoso.com.
2.216.184.93.in-addr.arpa. PTR mail.contoso.com.
3.216.184.93.in-addr.arpa. PTR 93-184-216-3.dyn.isp.example.
";

/// The ids of findings on hosts, and those of answers that are missing, with the question.
fn of_hosts(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let line = |finding: &Value| {
        let is_of_host =
            |id: &&str| ["host-", "auth-sender-", "dns-no-answer"].iter().any(|start| id.starts_with(start));
        let id = finding["id"].as_str().filter(is_of_host)?;
        let span = &finding["spans"][0];
        Some(format!("{id} {} {}", span["owner"].as_str()?, span["type"].as_str()?))
    };
    findings.filter_map(line).collect()
}

#[test]
fn reverse_dns_of_senders() {
    let server = Server::with_zone(SENDERS);
    let check = |via: &[&str]| {
        let output = mailvet(&server, &[&["check", "contoso.com", "--format", "json"], via].concat());
        of_hosts(&report(&output))
    };
    let found = [
        "host-ptr-missing 1.216.184.93.in-addr.arpa PTR",
        "host-ptr-unconfirmed 2.216.184.93.in-addr.arpa PTR",
        "host-ptr-generic 3.216.184.93.in-addr.arpa PTR",
    ];
    assert_eq!(check(&[]), found);
    let named = [&["auth-sender-without-ptr 9.216.184.93.in-addr.arpa PTR"], &found[..]].concat();
    assert_eq!(check(&["--via", "93.184.216.9"]), named);
}

#[test]
fn reverse_dns_that_does_not_answer_is_not_missing() {
    let rules: [(&str, server::Rule); 3] = [
        ("1.216.184.93.in-addr.arpa", server::silent),
        ("9.216.184.93.in-addr.arpa", server::servfail),
        ("mail.contoso.com", server::refused),
    ];
    let server = Server::with_rules(SENDERS, &rules);
    let output = mailvet(&server, &["check", "contoso.com", "--via", "93.184.216.9", "--format", "json"]);
    let found = of_hosts(&report(&output));
    for missing in ["1.216.184.93.in-addr.arpa PTR", "9.216.184.93.in-addr.arpa PTR", "mail.contoso.com A"] {
        assert!(found.contains(&format!("dns-no-answer {missing}")), "{missing}: {found:?}");
    }
    let hosts: Vec<&String> = found.iter().filter(|line| line.starts_with("host-")).collect();
    assert_eq!(hosts, ["host-ptr-generic 3.216.184.93.in-addr.arpa PTR"]);
}

#[test]
fn one_bad_part_does_not_hide_the_rest() {
    let rules: [(&str, server::Rule); 1] = [("_dmarc.contoso.com", server::refused)];
    let server = Server::with_rules(ZONE, &rules);
    let output = mailvet(&server, &["check", "contoso.com", "--format", "json"]);
    let report = report(&output);
    assert!(ids(&report).contains(&"spf-duplicate") && ids(&report).contains(&"dns-no-answer"), "{:?}", ids(&report));
    assert!(!ids(&report).contains(&"dmarc-missing"), "{:?}", ids(&report));
    assert_eq!(output.status.code(), Some(1), "what was found weighs more than what could not be told");
}

#[test]
fn a_name_that_does_not_exist() {
    let server = Server::with_zone(ZONE);
    let output = mailvet(&server, &["check", "kontoso.com", "--via", "microsoft365", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(ids(&report(&output)), ["dns-name-missing"]);
}

/// Recipients of four kinds, beside the domain that sends.
const RECIPIENTS: &str = "
sky.com. SOA ns1.sky.com. host.sky.com. 1 7200 3600 1209600 3600
sky.com. MX 10 mx-eu.mail.am0.yahoodns.net.
fabrikam.com. SOA ns1.fabrikam.com. host.fabrikam.com. 1 7200 3600 1209600 3600
fabrikam.com. MX 10 mxa-00123456.gslb.pphosted.com.
fabrikam.com. TXT \"v=spf1 include:spf.protection.outlook.com -all\"
silent.test. SOA ns1.silent.test. host.silent.test. 1 7200 3600 1209600 3600
";

/// Domain, route, receivers as far as they publish rules of their own, and gateway.
fn recipients(report: &Value) -> Vec<String> {
    let recipients = report["recipients"].as_array().expect("recipients").iter();
    let line = |recipient: &Value| {
        let receivers = recipient["receivers"].as_array().expect("receivers");
        let own = receivers.iter().filter_map(Value::as_str).filter(|id| *id == "yahoo").collect::<String>();
        let text = |field: &str| recipient[field].as_str().unwrap_or("-").to_owned();
        format!("{} {} {own} {}", text("domain"), text("route"), text("gateway"))
    };
    recipients.map(line).collect()
}

#[test]
fn the_receivers_behind_recipients() {
    let server = Server::with_rules(&format!("{ZONE}{RECIPIENTS}"), &[("silent.test", server::silent)]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("friends.csv");
    std::fs::write(&file, "friend@sky.com\nfoe@SKY.com\nc@gone.test\n").expect("the list is written");
    let list = file.to_str().expect("a path");
    let to = ["--to", "<a@fabrikam.com>", "--to", "b@silent.test", "--to-file", list, "--format", "json"];
    let output = mailvet(&server, &[&["check", "contoso.com"], &to[..]].concat());
    let report = report(&output);
    let expected =
        ["fabrikam.com mx  proofpoint", "silent.test unknown  -", "sky.com mx yahoo -", "gone.test nonexistent  -"];
    assert_eq!(recipients(&report), expected);
    assert_eq!(report["recipients"][0]["behind"][0]["provider"], "microsoft365");
    let verdicts = report["verdicts"].as_array().expect("verdicts");
    assert!(verdicts.iter().any(|verdict| verdict["receiver"] == "yahoo"));
    assert!(verdicts.iter().all(|verdict| verdict["receiver"] != "gmail"), "nobody writes there");
    let asked = server.seen().iter().filter(|seen| seen.starts_with("sky.com")).count();
    assert_eq!(asked, 1, "{:?}", server.seen());
}

#[test]
fn recipients_and_the_exit_code() {
    let own = KEYS.replace("fabrikam.com", "tailspin.net");
    let server = Server::with_rules(&format!("{own}{RECIPIENTS}"), &[("silent.test", server::silent)]);
    let code = |arguments: &[&str]| {
        mailvet(&server, &[&["check", "contoso.com", "--selector", "dkim"], arguments].concat()).status.code()
    };
    assert_eq!(code(&["--to", "sky.com"]), Some(0));
    assert_eq!(code(&["--to", "silent.test"]), Some(3), "nobody knows who that is");
    assert_eq!(code(&["--to", "gone.test", "--to", "silent.test"]), Some(1), "no mail arrives there");
    assert_eq!(code(&["--to", "gone.test", "--fail-on", "never"]), Some(0));
}

#[test]
fn a_snapshot_knows_the_recipients() {
    let server = Server::with_rules(&format!("{ZONE}{RECIPIENTS}"), &[("silent.test", server::silent)]);
    let to = ["--to", "sky.com", "--to", "fabrikam.com", "--to", "silent.test"];
    let live = mailvet(&server, &[&["check", "contoso.com"], &to[..]].concat());
    let snapshot = mailvet(&server, &[&["snapshot", "contoso.com"], &to[..]].concat());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("snapshot.json");
    std::fs::write(&file, &snapshot.stdout).expect("the snapshot is written");
    let again = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
        let output = command.args(["check", "--from"]).arg(&file).args(arguments).output().expect("mailvet runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(again(&[]), String::from_utf8_lossy(&live.stdout));
    let named = again(&["--to", "sky.com"]);
    assert!(named.contains("sky.com → Yahoo / AOL") && !named.contains("fabrikam.com"), "{named}");
}

#[test]
fn the_mail_of_one_kind_of_sender() {
    let server = Server::with_zone(ZONE);
    for (volume, sender) in [("small", "everyone"), ("bulk", "bulk")] {
        let output = mailvet(&server, &["check", "contoso.com", "--volume", volume, "--format", "json"]);
        let report = report(&output);
        let verdicts = report["verdicts"].as_array().expect("verdicts");
        assert!(!verdicts.is_empty() && verdicts.iter().all(|verdict| verdict["sender"] == sender), "{verdicts:?}");
    }
}

#[test]
fn what_is_no_domain() {
    for text in ["192.0.2.1", "contoso com"] {
        let output = Command::new(env!("CARGO_BIN_EXE_mailvet")).args(["check", text]).output().expect("mailvet runs");
        assert_eq!(output.status.code(), Some(2), "{text}");
    }
}

#[test]
fn aliases_in_a_circle() {
    let zone = format!(
        "{ZONE}\ns1._domainkey.contoso.com. CNAME s2._domainkey.contoso.com.\ns2._domainkey.contoso.com. CNAME s1._domainkey.contoso.com.\n"
    );
    let server = Server::with_zone(&zone);
    let output = mailvet(&server, &["check", "contoso.com", "--selector", "s1", "--format", "json"]);
    assert!(ids(&report(&output)).contains(&"dkim-alias-loop"), "{:?}", ids(&report(&output)));
}

/// What some servers do with names that a wildcard makes: all is there, but not for this type.
fn denies_soa(exchange: server::Exchange) -> Vec<Vec<u8>> {
    match exchange.query.queries[0].query_type() == RecordType::SOA {
        true => server::code(exchange, ResponseCode::NXDomain),
        false => server::send(&exchange.answer),
    }
}

fn fails_for_soa(exchange: server::Exchange) -> Vec<Vec<u8>> {
    match exchange.query.queries[0].query_type() == RecordType::SOA {
        true => server::servfail(exchange),
        false => server::send(&exchange.answer),
    }
}

#[test]
fn yahoo_asks_for_the_start_of_authority() {
    let zone = format!("{ZONE}\nnews.contoso.com. MX 0 contoso-com.mail.protection.outlook.com.\n");
    for (rule, found) in [(denies_soa as server::Rule, "dns-soa-missing"), (fails_for_soa, "dns-no-answer")] {
        let server = Server::with_rules(&zone, &[("news.contoso.com", rule)]);
        let output = mailvet(&server, &["check", "news.contoso.com", "--receiver", "yahoo", "--format", "json"]);
        assert!(ids(&report(&output)).contains(&found), "{:?}", ids(&report(&output)));
    }
    let server = Server::with_zone(&zone);
    let output = mailvet(&server, &["check", "news.contoso.com", "--receiver", "yahoo", "--format", "json"]);
    assert!(ids(&report(&output)).iter().all(|id| !id.starts_with("dns-")), "{:?}", ids(&report(&output)));
}

#[test]
fn name_servers_are_asked_where_that_is_wanted_and_safe() {
    let server = Server::with_zone(&format!("{ZONE}\nns1.contoso.com. A 127.0.0.1\n"));
    let private = |arguments: &[&str]| {
        let output = mailvet(&server, &[&["check", "contoso.com", "--format", "json"], arguments].concat());
        ids(&report(&output)).contains(&"dns-server-private")
    };
    assert!(!private(&[]));
    assert!(private(&["--authoritative"]));
    assert!(!private(&["--authoritative", "--allow-private"]));
}

#[test]
fn nobody_listens_is_told_plainly() {
    let output = Command::new(env!("CARGO_BIN_EXE_mailvet"))
        .args(["check", "contoso.com", "--resolver", "127.0.0.1:1", "--timeout", "0.2"])
        .output()
        .expect("mailvet runs");
    assert_eq!(output.status.code(), Some(3));
}

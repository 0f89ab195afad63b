//! `mailvet bounce` as people run it: with `--check` against a real DNS server on loopback, with folders, with hostile bytes.

mod server;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use server::Server;

/// Two servers send; the SPF record knows one of them. Two domains of recipients: whose they are, only their MX tells.
const ZONE: &str = "
contoso.com. SOA ns1.contoso.com. host.contoso.com. 1 7200 3600 1209600 3600
contoso.com. NS ns1.contoso.com.
contoso.com. MX 0 mail.contoso.com.
contoso.com. TXT \"v=spf1 ip4:93.184.216.25 -all\"
mail.contoso.com. A 93.184.216.25
25.216.184.93.in-addr.arpa. PTR mail.contoso.com.
_dmarc.contoso.com. TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@contoso.com\"
s1._domainkey.contoso.com. TXT \"v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvxCxgZRGM5q1rkpesV1uK6yD1hI8EhVBz9cUAT1XpBE5yEwlenCunzk3Ie8ET+qeUxYryaa6TvsjvTcqceqHyFx/YJpy44LpU2WfZ+tPEB5AfRVqPATdlVkeE4xMsVvLzJriDkV5\" \"WQ9hdu55c91TuegB4K4xWwKxaEAhTy+CSbM7iewC2+gllmvJdzlnRfmJSoO/hmWEghEGTHR8q33CPXON6Rdu01SSTsE8M+aatSvRUHzs8/cLv3iizH2S7SUkEJbyKYOF9h5rsXrcbq0DTrfcYg8cOP/RiL7m4OzaiU2/Lar0Q6l49dvLZuJL4Ljmv0ANpcmBsCfhpXzv54AmDwIDAQAB\"
mailer.net. SOA ns1.mailer.net. host.mailer.net. 1 7200 3600 1209600 3600
mailer.net. TXT \"v=spf1 ip4:93.184.216.9 -all\"
relay.mailer.net. A 93.184.216.9
fabrikam.com. SOA ns1.fabrikam.com. host.fabrikam.com. 1 7200 3600 1209600 3600
fabrikam.com. MX 0 fabrikam-com.mail.protection.outlook.com.
";

/// A bounce of one's own server, as it stands in a file.
struct Mail<'a> {
    recipient: &'a str,
    reply: &'a str,
    mail_from: &'a str,
    selector: &'a str,
}

const MAIL: Mail = Mail {
    recipient: "erik@fabrikam.com",
    reply: "550 5.7.1 SPF check failed for 93.184.216.9",
    mail_from: "anna@contoso.com",
    selector: "s1",
};

impl Mail<'_> {
    fn text(&self) -> String {
        let Mail { recipient, reply, mail_from, selector } = self;
        format!(
            "From: MAILER-DAEMON@mail.contoso.com\nSubject: Undelivered Mail Returned to Sender\nTo: {mail_from}\n\
             MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.contoso.com\n\n\
             Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.7.1\nRemote-MTA: dns; mx.relay.test\n\
             Diagnostic-Code: smtp; {reply}\n\n--b\nContent-Type: text/rfc822-headers\n\n\
             Return-Path: <{mail_from}>\n\
             Received: from laptop (client [93.184.216.77]) by mail.contoso.com; Mon, 12 Jan 2026 10:00:01 +0100\n\
             DKIM-Signature: v=1; a=rsa-sha256; d=contoso.com; s={selector}; bh=A; h=From; b=A\n\
             From: Anna <anna@contoso.com>\nTo: {recipient}\nSubject: Offer\n\n--b--\n"
        )
    }
}

fn mailvet(arguments: &[&str], files: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
    command.arg("bounce").args(arguments).args(files).env("NO_COLOR", "1").output().expect("mailvet runs")
}

fn check(server: &Server, files: &[&Path]) -> (Option<i32>, Value) {
    let resolver = server.address.to_string();
    let arguments = ["--check", "--format", "json", "--resolver", &resolver, "--timeout", "1"];
    let output = mailvet(&arguments, files);
    let value = serde_json::from_slice(&output.stdout);
    (output.status.code(), value.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))))
}

/// The exit code, and the only report.
fn check_mail(server: &Server, mail: &Mail) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bounce.eml");
    std::fs::write(&file, mail.text()).expect("the mail is written");
    let (code, document) = check(server, &[&file]);
    (code, document["reports"][0].clone())
}

fn explained_by(report: &Value) -> Vec<&str> {
    report["bounce"]["explained_by"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_address_that_sent_is_what_spf_leaves_out() {
    let (code, report) = check_mail(&Server::with_zone(ZONE), &MAIL);
    let bounce = &report["bounce"];
    let spf = serde_json::json!({
        "ip": "93.184.216.9", "provider": null, "domain": "contoso.com", "result": "fail"
    });
    assert_eq!(bounce["dns"]["spf"], spf);
    assert_eq!(bounce["dns"]["keys"], serde_json::json!([{ "name": "s1._domainkey.contoso.com", "is_there": true }]));
    assert_eq!(bounce["explanation"], "explained");
    assert_eq!(code, Some(1), "it is what the reply says");
    assert_eq!(report["recipients"][0]["receivers"][0], "microsoft365", "its MX tells");
    assert_eq!(report["verdicts"][0]["receiver"], "microsoft365");
}

#[test]
fn what_is_right_today_is_said_to_be_right() {
    let reply = "550 5.7.1 SPF check failed for 93.184.216.25";
    let (code, report) = check_mail(&Server::with_zone(ZONE), &Mail { reply, ..MAIL });
    assert_eq!(report["bounce"]["dns"]["spf"]["result"], "pass");
    assert_eq!(report["bounce"]["explanation"], "nothing", "{}", report["bounce"]);
    assert_eq!(code, Some(0));
}

/// SPF is of the domain in MAIL FROM: what is wrong in the record of the domain in From explains nothing then.
#[test]
fn spf_is_that_of_the_return_path() {
    let zone = ZONE.replace("v=spf1 ip4:93.184.216.25", "v=spf1 +ip4:93.184.216.25 ip4:192.0.2.999");
    let server = Server::with_zone(&zone);
    let of = |mail_from, reply| check_mail(&server, &Mail { mail_from, reply, ..MAIL });
    let (_, own) = of("anna@contoso.com", "550 5.7.1 SPF check failed");
    assert_eq!(explained_by(&own), ["spf-bad-address"]);
    let (code, other) = of("bounces@mailer.net", "550 5.7.1 SPF check failed for 93.184.216.9");
    assert_eq!((explained_by(&other), code), (Vec::new(), Some(0)));
    assert_eq!(other["bounce"]["dns"]["spf"]["domain"], "mailer.net");
    assert_eq!(other["bounce"]["dns"]["spf"]["result"], "pass");
    let (_, missing) = of("bounces@relay.mailer.net", "550 5.7.1 SPF check failed");
    assert!(explained_by(&missing).contains(&"spf-missing"), "{:?}", explained_by(&missing));
}

#[test]
fn a_key_that_is_not_there_any_more() {
    let reply = "550 5.7.1 Email rejected per DMARC policy for contoso.com";
    let (code, report) = check_mail(&Server::with_zone(ZONE), &Mail { selector: "old", reply, ..MAIL });
    assert_eq!(report["bounce"]["dns"]["keys"][0]["is_there"], false);
    assert_eq!((report["bounce"]["explanation"].as_str(), code), (Some("explained"), Some(1)));
}

#[test]
fn what_says_nothing_certain_is_explained_by_nothing_for_certain() {
    let reply = "554 Transaction failed";
    let (_, report) = check_mail(&Server::with_zone(ZONE), &Mail { selector: "old", reply, ..MAIL });
    assert_eq!(
        (report["bounce"]["certain"].as_bool(), report["bounce"]["explanation"].as_str()),
        (Some(false), Some("possible"))
    );
}

#[test]
fn no_answer_is_not_right() {
    let server = Server::with_rules(ZONE, &[("contoso.com", server::servfail)]);
    let (code, report) = check_mail(&server, &Mail { reply: "550 5.7.1 SPF check failed", ..MAIL });
    assert_eq!((report["bounce"]["explanation"].as_str(), code), (Some("unknown"), Some(3)));
}

#[test]
fn a_recipient_whose_domain_is_not_there() {
    let mail = Mail { recipient: "erik@fabrikan.com", reply: "550 5.1.2 Host unknown", ..MAIL };
    let (code, report) = check_mail(&Server::with_zone(ZONE), &mail);
    assert_eq!(report["recipients"][0]["route"], "nonexistent");
    assert_eq!((report["bounce"]["explanation"].as_str(), code), (Some("recipient"), Some(1)));
}

#[test]
fn each_sender_is_checked_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("many.mbox");
    let of = |server: &Server, number: usize| {
        let mail = format!("From x Mon Jan 12 10:00:00 2026\n{}\n", MAIL.text());
        std::fs::write(&file, mail.repeat(number)).expect("the mails are written");
        let (_, document) = check(server, &[&file]);
        assert_eq!(document["reports"].as_array().map(Vec::len), Some(number));
        assert_eq!(document["reports"][number - 1]["bounce"]["explanation"], "explained");
        server.seen().len()
    };
    assert_eq!(of(&Server::with_zone(ZONE), 1), of(&Server::with_zone(ZONE), 200));
}

/// The same sections and the same lines of what is quoted, in every language; and no value is left out.
#[test]
fn every_language_says_the_same() {
    let mut files: Vec<std::path::PathBuf> =
        std::fs::read_dir("testdata/bounces").expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.push("testdata/cli/bounce.eml".into());
    for file in &files {
        // Half of the words are about DNS: one mail that fails there, and one that may, are enough for these.
        let is_checked = ["bounce.eml", "delay.eml"].iter().any(|name| file.ends_with(name));
        let zones = [&[][..], &["--zone", "testdata/cli/bounce.zone"]];
        for zone in &zones[..1 + usize::from(is_checked)] {
            let say = |lang| {
                let output = mailvet(&[&["--lang", lang, "--fail-on", "never"][..], zone].concat(), &[file]);
                String::from_utf8(output.stdout).expect("UTF-8")
            };
            let shape = |text: &str| {
                let is_head = |line: &&str| !line.is_empty() && !line.starts_with(' ') && !line.contains('|');
                let quoted: Vec<String> = text.lines().filter(|l| l.starts_with("  > ")).map(str::to_owned).collect();
                (text.lines().filter(is_head).count(), quoted)
            };
            let texts = ["en", "es", "ja"].map(say);
            assert_eq!(shape(&texts[0]), shape(&texts[1]), "{}", file.display());
            assert_eq!(shape(&texts[0]), shape(&texts[2]), "{}", file.display());
            for value in ["{domain}", "{ip}", "{ids}", "{name}", "{result}", "{term}", "{server}", "{count}", "{title}"]
            {
                assert!(texts.iter().all(|text| !text.contains(value)), "{value} in {}", file.display());
            }
        }
    }
}

#[test]
fn nobody_is_asked_about_what_is_no_bounce() {
    let server = Server::with_zone(ZONE);
    let (code, document) = check(&server, &[Path::new("testdata/bounces/auto-reply.eml")]);
    assert_eq!((code, document["reports"][0]["bounce"]["is_bounce"].as_bool()), (Some(0), Some(false)));
    assert_eq!(server.seen(), Vec::<String>::new());
}

#[test]
fn a_folder_is_read_as_far_as_it_can_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("below")).expect("a folder");
    std::fs::write(at("a.eml"), MAIL.text()).expect("written");
    std::fs::write(at("below/b.eml"), MAIL.text()).expect("written");
    std::fs::write(at("c.msg"), b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").expect("written");
    std::fs::write(at("d.pdf"), b"%PDF-1.7\n").expect("written");
    std::fs::write(at("e.zip"), [0x50, 0x4b, 3, 4, 0, 0, 0, 0]).expect("written");
    std::fs::write(at("f.eml"), " \n").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("a.eml"), at("g.eml")).expect("a link");
    let output = mailvet(&["--format", "json"], &[folder.path()]);
    assert_eq!(output.status.code(), Some(0));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["reports"].as_array().map(Vec::len), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(["c.msg", "d.pdf", "e.zip", "f.eml"].iter().all(|name| told.contains(name)), "{told}");
    assert_eq!(mailvet(&[], &[&at("c.msg")]).status.code(), Some(2), "it was named");
}

#[test]
fn hostile_bytes_do_not_reach_the_terminal() {
    let hostile = "\u{1b}[31m\u{1b}]0;x\u{7}\u{202e}moc.live\u{2066}\u{9b}1m";
    let recipient = format!("a{hostile}@fabrikam{hostile}.com");
    let reply = format!("550 5.7.1 {hostile} SPF check failed for 93.184.216.9");
    let mail = Mail { recipient: &recipient, reply: &reply, mail_from: &recipient, selector: hostile };
    let text = mail.text().replace("mx.relay.test", &format!("mx{hostile}.test")).replace("Offer", hostile);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(format!("bounce{}.eml", if cfg!(unix) { "\u{1b}[31m" } else { "" }));
    std::fs::write(&file, &text).expect("the mail is written");
    let second = folder.path().join("second.eml");
    std::fs::write(&second, &text).expect("the mail is written");
    let zone = Path::new("testdata/cli/bounce.zone").display().to_string();
    for lang in ["en", "es", "ja"] {
        for format in ["text", "json"] {
            for files in [&[file.as_path()][..], &[file.as_path(), second.as_path()]] {
                let output =
                    mailvet(&["--lang", lang, "--format", format, "--zone", &zone, "--fail-on", "never"], files);
                let text = String::from_utf8(output.stdout).expect("UTF-8");
                assert!(text.len() > 100, "{}", String::from_utf8_lossy(&output.stderr));
                let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || "\u{202e}\u{2066}".contains(*c));
                assert_eq!(bad, None, "{lang} {format}: {text}");
            }
        }
    }
}

//! Tests of the tables, and of the look-up in them.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::table::{FILES, SHARED, Shared, shared};
use super::*;
use crate::lang::{Prose, Text};

#[test]
fn every_file_is_read() {
    toml::from_str::<Shared>(SHARED).expect("what the tables have in common");
    for text in FILES {
        toml::from_str::<Receiver>(text).unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(all().len(), FILES.len());
}

#[test]
fn every_finding_is_a_rule() {
    let lines = all().iter().flat_map(|receiver| &receiver.when);
    let unknown: HashSet<&str> =
        lines.map(|when| when.finding.as_str()).filter(|id| crate::rules::by_id(id).is_none()).collect();
    assert!(unknown.is_empty(), "no rules: {unknown:?}");
}

#[test]
fn what_tables_have_in_common_is_named() {
    let table = |when: &str| {
        let text = THREE_LINES.replace(r#"findings = ["a-risk"]"#, &format!("findings = {when}"));
        toml::from_str::<Receiver>(&text)
    };
    let of = |group: &str| shared().findings[group].clone();
    let both = table(r#"["@unseen", "a-risk"]"#).expect("a receiver");
    let ids: Vec<_> = both.when.iter().map(|when| when.finding.clone()).collect();
    assert_eq!(ids[..ids.len() - 2], [of("unseen"), vec!["a-risk".to_owned()]].concat());
    assert!(table(r#"["@no-such-group"]"#).unwrap_err().to_string().contains("no group of findings: @no-such-group"));
    let silent =
        THREE_LINES.replace("bulk = { text = { en = \"\", es = \"\", ja = \"\" }", "bulk = { text = \"@nothing\"");
    assert!(toml::from_str::<Receiver>(&silent).unwrap_err().to_string().contains("no shared text: @nothing"));
}

/// A group that no table names, and a text, would be read by nobody.
#[test]
fn what_is_shared_is_used() {
    let used = |name: &String| FILES.iter().any(|file| file.contains(&format!("\"@{name}\"")));
    let unused: Vec<_> = shared().findings.keys().chain(shared().texts.keys()).filter(|name| !used(name)).collect();
    assert_eq!(unused, Vec::<&String>::new());
}

/// A fault of authentication that a table forgets would be "no objection".
#[test]
fn every_error_of_authentication_is_weighed() {
    // Only Gmail publishes anything about it.
    const LEFT_OUT: [&str; 1] = ["spf-plus-all"];
    // It asks for a name in reverse DNS, and does not say that the name has to lead back.
    const LEFT_OUT_BY: [(&str, &str); 1] = [("microsoft365", "auth-sender-ptr-unconfirmed")];
    let errors = crate::rules::all().filter(|rule| {
        let authentication = ["auth", "spf", "dkim", "dmarc"].contains(&rule.topic());
        authentication && rule.severity == Severity::Error && !LEFT_OUT.contains(&rule.id)
    });
    let forgotten = errors.flat_map(|rule| {
        let forgets = |receiver: &&Receiver| {
            receiver.when.iter().all(|when| when.finding != rule.id)
                && !receiver.is_silent_on(&aspects(rule.id, &[]))
                && !LEFT_OUT_BY.contains(&(receiver.id.as_str(), rule.id))
        };
        all().iter().filter(forgets).map(|receiver| format!("{}: {}", receiver.id, rule.id))
    });
    assert_eq!(forgotten.collect::<Vec<_>>(), Vec::<String>::new());
}

/// An empty column is no oversight: the table says that the receiver publishes nothing about it.
#[test]
fn a_table_weighs_an_aspect_or_is_silent_on_it() {
    for (receiver, aspect) in all().iter().flat_map(|receiver| Aspect::ALL.map(|aspect| (receiver, aspect))) {
        let lines = receiver.when.iter().filter(|when| when.then != Outcome::Unsure);
        let alone = lines.filter(|when| aspects(&when.finding, &[]) == BTreeSet::from([aspect])).count();
        assert_eq!(alone == 0, receiver.silent_on.contains(&aspect), "{}: {aspect:?}", receiver.id);
    }
}

/// No SPF record and no key is told of a domain that does not exist, so this has to stand for them.
#[test]
fn a_domain_that_does_not_exist_is_no_good_anywhere() {
    for receiver in all() {
        let lines = receiver.when.iter().filter(|when| when.finding == "dns-name-missing");
        assert!(lines.map(|when| when.then).max() >= Some(Outcome::Risk), "{}", receiver.id);
    }
}

#[test]
fn what_was_not_seen_changes_nothing_where_the_receiver_is_silent() {
    let table = format!("silent_on = [\"dkim\"]\n{THREE_LINES}").replace("a-doubt", "dkim-selector-not-found");
    let receiver: &'static Receiver = Box::leak(Box::new(toml::from_str(&table).expect("a receiver")));
    let findings = [finding("dkim-selector-not-found")];
    let [everyone, _] = judge(&[receiver], &Sender::ALL, Case { findings: &findings, seen: &Aspect::ALL })
        .try_into()
        .expect("two verdicts");
    assert_eq!((everyone.outcome, everyone.unsure.len()), (Outcome::Nothing, 0));
    assert_eq!(everyone.cells[1], None, "the column of DKIM");
}

#[test]
fn every_link_leads_somewhere() {
    for receiver in all() {
        let sources: HashSet<&str> = receiver.source.iter().map(|source| source.id.as_str()).collect();
        let replies: HashSet<&str> = receiver.reply.iter().map(|reply| reply.id.as_str()).collect();
        assert_eq!((sources.len(), replies.len()), (receiver.source.len(), receiver.reply.len()), "an id twice");
        let cited: HashSet<&str> = cited_sources(receiver).collect();
        assert_eq!(cited, sources, "{}: sources that are cited, and those that there are", receiver.id);
        let sent: HashSet<&str> = receiver.when.iter().filter_map(|when| when.reply.as_deref()).collect();
        assert_eq!(sent, replies, "{}: replies that are sent, and those that there are", receiver.id);
    }
}

#[test]
fn every_finding_stands_once_for_each_sender() {
    for receiver in all() {
        let mut seen = HashSet::new();
        for when in &receiver.when {
            assert!(seen.insert((&when.finding, when.sender)), "{}: {} twice", receiver.id, when.finding);
        }
    }
}

#[test]
fn every_document_has_a_day_and_every_reply_a_code() {
    for source in all().iter().flat_map(|receiver| &receiver.source) {
        let day = format!("{}T00:00:00Z", source.read);
        assert!(humantime::parse_rfc3339(&day).is_ok() && source.read.len() == 10, "{}: {}", source.id, source.read);
        assert!(source.url.as_ref().is_none_or(|url| url.starts_with("https://")), "{}", source.id);
    }
    for reply in all().iter().flat_map(|receiver| &receiver.reply) {
        let (code, text) = reply.text.split_once(' ').expect("a code and a text");
        assert!(code.len() == 3 && code.starts_with(['4', '5']) && !text.is_empty(), "{}", reply.text);
    }
}

#[test]
fn every_phrase_stands_in_three_languages() {
    for receiver in all() {
        let unchecked = receiver.unchecked.iter().map(|point| &point.text);
        for phrase in unchecked.chain([&receiver.bulk.text]) {
            let words: HashSet<&str> = Lang::ALL.iter().map(|lang| phrase.get(*lang)).collect();
            assert!(words.len() == 3 && !words.contains(""), "{}: {phrase:?}", receiver.id);
            assert!(!phrase.ja.is_ascii(), "{}: {phrase:?}", receiver.id);
        }
    }
}

#[test]
fn receivers_are_recognised_by_name() {
    let id = |name| by_name(name).map(|receiver| receiver.id.as_str());
    for (name, known) in [
        ("yahoo", "yahoo"),
        ("bob@AOL.com", "yahoo"),
        ("cox.net.", "yahoo"),
        ("msn.com", "outlook"),
        ("me.com", "icloud"),
        ("comcast.net", "comcast"),
        ("web.de", "gmx"),
        ("wanadoo.fr", "orange"),
        ("generic", "generic"),
    ] {
        assert_eq!(id(name), Some(known), "{name}");
    }
    assert_eq!(id("yahoo.co.jp"), None, "another company");
}

#[test]
fn no_mailbox_belongs_to_two_receivers() {
    let mut seen = HashSet::new();
    for domain in all().iter().flat_map(|receiver| &receiver.mailboxes).flat_map(|boxes| &boxes.domains) {
        assert!(seen.insert(domain), "{domain}");
    }
}

/// Names move between receivers, so it is the MX that decides.
#[test]
fn receivers_are_recognised_by_mx() {
    let by_mx = |host: &str| by_mx(&Name::parse(host).expect("a name")).map(|receiver| receiver.id.as_str());
    for (receiver, hosts) in [
        ("yahoo", "mta5.am0.yahoodns.net mta6.am0.yahoodns.net mta7.am0.yahoodns.net mx-eu.mail.am0.yahoodns.net"),
        ("yahoo", "mx-van.mail.am0.yahoodns.net mx-biz.mail.am0.yahoodns.net mx-apac.mail.gm0.yahoodns.net"),
        ("yahoo", "mx-aol.mail.gm0.yahoodns.net mx-att.mail.am0.yahoodns.net g.mx.mail.yahoo.com"),
        ("comcast", "mx1.comcast.net mx2.comcast.net"),
        ("gmail", "gmail-smtp-in.l.google.com alt1.gmail-smtp-in.l.google.com alt4.gmail-smtp-in.l.google.com"),
        ("outlook", "outlook-com.olc.protection.outlook.com hotmail-com.olc.protection.outlook.com"),
        ("outlook", "eur.olc.protection.outlook.com nam.olc.protection.outlook.com apc.olc.protection.outlook.com"),
        ("microsoft365", "contoso-com.mail.protection.outlook.com contoso-com.o-v1.mx.microsoft"),
        ("microsoft365", "contoso.mail.protection.office365.us contoso-com.mail.protection.partner.outlook.cn"),
        ("microsoft365", "contoso-com.mail.eo.outlook.com contoso-de.mail.protection.outlook.de"),
        ("icloud", "mx01.mail.icloud.com mx02.mail.icloud.com"),
        ("gmx", "mx00.emig.gmx.net mx01.gmx.net mx00.gmx.com mx-ha02.web.de mx00.mail.com mx00.kundenserver.de"),
        ("gmx", "mx00.ionos.de mx01.ionos.co.uk"),
        ("t-online", "mx00.t-online.de mx03.t-online.de"),
        ("orange", "smtp-in.orange.fr"),
        ("laposte", "smtpz4.laposte.net"),
        ("bt", "mx.bt.lon5.cpcloud.co.uk"),
        ("mailru", "mxs.mail.ru"),
        ("docomo", "mfsmax.docomo.ne.jp"),
        ("au", "msmx.au.com lsean.ezweb.ne.jp"),
        ("softbank", "mx.softbank.ne.jp"),
    ] {
        hosts.split(' ').for_each(|host| assert_eq!(by_mx(host), Some(receiver), "{host}"));
    }
}

/// Of these no table could be made (Google's rules are for personal accounts only): the RFCs hold.
#[test]
fn others_are_judged_by_the_standards() {
    for hosts in [
        "smtp.google.com aspmx.l.google.com alt1.aspmx.l.google.com aspmx2.googlemail.com",
        "mx.yandex.ru mx.yandex.net mx1.qq.com mail.protonmail.ch mailsec.protonmail.ch in1-smtp.messagingengine.com",
        "mx.zoho.com mx2.zoho.eu smtpin.zoho.in smtp.secureserver.net mailstore1.secureserver.net mx1.emailsrvr.com",
        "mxa-1.pphosted.com mx1-us1.ppe-hosted.com eu-smtp-inbound-1.mimecast.com d1.ess.barracudanetworks.com",
        "mx1.contoso.iphmx.com cluster1.eu.messagelabs.com mx1.mail.yahoo.co.jp",
    ] {
        for host in hosts.split(' ').map(|host| Name::parse(host).expect("a name")) {
            assert!(by_mx(&host).is_none(), "{host}");
        }
    }
}

/// What each receiver does about the chief findings: two letters for each, everyone's mail and bulk, from nothing (`.`)
/// by risk, unsure, junk and defer to reject.
#[test]
fn everyone_and_bulk_senders_fare_as_the_tables_say() {
    const CHIEF: [&str; 13] = [
        "auth-neither-spf-nor-dkim",
        "spf-duplicate",
        "auth-no-dkim",
        "dkim-selector-not-found",
        "dkim-key-short",
        "dmarc-missing",
        "auth-dmarc-cannot-pass",
        "auth-dmarc-cannot-pass-quarantine",
        "dns-name-missing",
        "auth-sender-without-ptr",
        "auth-sender-ptr-unconfirmed",
        "auth-dmarc-cannot-pass-none",
        "auth-no-spf",
    ];
    const FATES: [&str; 16] = [
        "yahoo        RR rR .R .u rr .R RR rR RR RR RR .R rR",
        "gmail        RR rR .r .u rr .R RR rj rR RR RR .R rR",
        "outlook      rR .R .r .u .r .R rR rR rR RR rr .R .R",
        "microsoft365 rr rr .. .. rr .. RR rr rr rr .. .. rr",
        "icloud       RR .R .r .u .r .R RR jj dR .R .r .r .R",
        "comcast      rr .r .r .u .r .r RR jj rr dd dd .r .r",
        "gmx          rr rr .r .u .r .. rr rr rr RR RR .r rr",
        "t-online     .. .. .. .. .. .. rr rr rr RR RR .. ..",
        "orange       RR dd rr uu rr RR RR RR RR RR RR RR dd",
        "laposte      RR rr .. .. rr .. RR RR rr .. .. RR rr",
        "mailru       rr .. .. .. rr .. RR jj rr .. .. .. ..",
        "docomo       rr rr .. .. rr .. rr rr RR .. .. .. rr",
        "au           rr rr .. .. .. .. rr rr rr .. .. .. rr",
        "softbank     rr rr .. .. .. .. rr rr rr rr rr .. rr",
        "bt           .. .. .. .. .. .. rr rr rr .. .. .. ..",
        "generic      rr rr .. .. rr .. RR jj RR rr rr .. rr",
    ];
    let letter = |outcome| match outcome {
        Outcome::Nothing => '.',
        Outcome::Risk => 'r',
        Outcome::Unsure => 'u',
        Outcome::Junk => 'j',
        Outcome::Defer => 'd',
        Outcome::Reject => 'R',
    };
    assert_eq!(FATES.len(), all().len());
    for (row, receiver) in FATES.iter().zip(all()) {
        let mut fates = row.split_whitespace();
        assert_eq!(fates.next(), Some(receiver.id.as_str()));
        for (id, fate) in CHIEF.iter().zip(fates) {
            let case = Case { findings: &[finding(id)], seen: &[] };
            let found: String = judge(&[receiver], &Sender::ALL, case).iter().map(|it| letter(it.outcome)).collect();
            assert_eq!(found, fate, "{}: {id}", receiver.id);
        }
    }
}

#[test]
fn the_worst_wins_and_bulk_inherits() {
    assert_eq!(outcomes(&[]), [Outcome::Nothing, Outcome::Nothing]);
    assert_eq!(outcomes(&["a-risk"]), [Outcome::Risk, Outcome::Risk]);
    assert_eq!(outcomes(&["a-risk", "a-refusal"]), [Outcome::Risk, Outcome::Reject]);
    assert_eq!(outcomes(&["nobody-cares"]), [Outcome::Nothing, Outcome::Nothing]);
}

#[test]
fn what_is_unsure_is_told_beside_what_is_certain() {
    assert_eq!(outcomes(&["a-risk", "a-doubt"]), [Outcome::Unsure, Outcome::Unsure]);
    let [_, bulk] = verdicts(&["a-risk", "a-doubt", "a-refusal"]);
    assert_eq!(bulk.outcome, Outcome::Reject);
    assert_eq!(bulk.reply().map(|reply| reply.text.as_str()), Some("550 5.7.1 No."));
    let ids = |lines: &[&When]| lines.iter().map(|when| when.finding.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&bulk.because), ids(&bulk.unsure)), (vec!["a-refusal".into()], vec!["a-doubt".into()]));
}

fn cited_sources(receiver: &Receiver) -> impl Iterator<Item = &str> {
    let mailboxes = receiver.mailboxes.iter().map(|boxes| &boxes.source);
    let replies = receiver.reply.iter().map(|reply| &reply.source);
    let lines = receiver.when.iter().map(|when| &when.source);
    let unchecked = receiver.unchecked.iter().map(|point| &point.source);
    let all = mailboxes.chain(replies).chain(lines).chain(unchecked).chain([&receiver.bulk.source]);
    all.map(String::as_str)
}

fn outcomes(ids: &[&'static str]) -> [Outcome; 2] {
    verdicts(ids).map(|verdict| verdict.outcome)
}

/// What a receiver of three lines does with everyone's mail, and with bulk.
fn verdicts(ids: &[&'static str]) -> [Verdict; 2] {
    static RECEIVER: OnceLock<Receiver> = OnceLock::new();
    let receiver = RECEIVER.get_or_init(|| toml::from_str(THREE_LINES).expect("a receiver"));
    let findings: Vec<Finding> = ids.iter().map(|id| finding(id)).collect();
    judge(&[receiver], &Sender::ALL, Case { findings: &findings, seen: &[] }).try_into().expect("two verdicts")
}

fn finding(id: &'static str) -> Finding {
    const NO_WORDS: Prose = Prose { title: "", here: "", why: "", fix: "" };
    static TEXT: Text = Text { en: NO_WORDS, es: NO_WORDS, ja: NO_WORDS };
    let (severity, text) = (Severity::Error, &TEXT);
    Finding {
        id,
        severity,
        text,
        references: &[],
        spans: vec![],
        values: vec![],
        as_of: None,
        publish: vec![],
        is_choice: false,
        rests_on: &[],
        edits: Vec::new(),
        waiver: None,
    }
}

const THREE_LINES: &str = r#"
    id = "x"
    name = "X"
    source = []
    mailboxes = []
    bulk = { text = { en = "", es = "", ja = "" }, source = "" }
    reply = [{ id = "no", text = "550 5.7.1 No.", source = "" }]
    when = [
        { findings = ["a-risk"], sender = "everyone", then = "risk", source = "" },
        { findings = ["a-doubt"], sender = "everyone", then = "unsure", source = "" },
        { findings = ["a-refusal"], sender = "bulk", then = "reject", reply = "no", source = "" },
    ]
"#;

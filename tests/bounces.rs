//! Scores whole mails of a collection of real bounces: what is read, and what its replies are said to mean.
//!
//! The collection is not part of this project: it is looked for in the folder that `MAILVET_CORPORA` names, else in
//! `../shared/data`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use mailvet::bounce::{self, Bounce, Class, Quoted, Refusal};

/// What is compared, and the least share in which it is right, in tenths of a percent. The server of the index is often
/// one of the trace of the mail, and not the one that refused: it is compared for what it is worth.
const FLOORS: [(&str, usize); 8] = [
    ("kind", 1000),
    ("recipients", 990),
    ("SMTP code", 990),
    ("enhanced code", 990),
    ("remote host", 540),
    (CLASS, 965),
    (REASON, 845),
    (AUTHENTICATION, 1000),
];
const CLASS: &str = "class";
const REASON: &str = "reason";
const AUTHENTICATION: &str = "class of authentication";

/// Where the index is not followed, and why.
const EXCEPTIONS: [(&str, &str, &str); 26] = [
    ("mails/lhost-messagingserver-01.eml", "recipients", ADDRESSEE),
    ("mails/lhost-messagingserver-07.eml", "recipients", ADDRESSEE),
    ("mails/lhost-messagingserver-08.eml", "recipients", ADDRESSEE),
    ("mails/lhost-messagingserver-09.eml", "recipients", ADDRESSEE),
    ("mails/lhost-messagingserver-10.eml", "recipients", ADDRESSEE),
    ("mails/lhost-messagingserver-11.eml", "recipients", ADDRESSEE),
    ("mails/lhost-messagingserver-02.eml", "recipients", "the index has the route with the address: @host:user@host"),
    (
        "mails/lhost-sendmail-38.eml",
        "recipients",
        "the index counts a bounce that was enclosed in the mail that came back",
    ),
    ("mails/lhost-office365-06.eml", "SMTP code", EXPIRED),
    ("mails/lhost-office365-06.eml", "enhanced code", EXPIRED),
    ("mails/lhost-apachejames-01.eml", "recipients", "the index has a digit less than the mail"),
    (
        "mails/lhost-sendmail-27.eml",
        "enhanced code",
        "the index has the 5.0.0 of the report; the transcript has 5.1.1, too",
    ),
    ("mails/lhost-postfix-66.eml", REASON, YAHOO_5_7_9),
    ("mails/lhost-dragonfly-03.eml", REASON, YAHOO_5_7_9),
    ("mails/lhost-opensmtpd-13.eml", CLASS, TSS04),
    ("mails/lhost-opensmtpd-13.eml", REASON, TSS04),
    ("mails/lhost-sendmail-34.eml", CLASS, GMAIL_6590),
    ("mails/lhost-sendmail-34.eml", REASON, GMAIL_6590),
    ("mails/rhost-franceptt-07.eml", CLASS, OFR_999),
    ("mails/rhost-franceptt-07.eml", REASON, OFR_999),
    ("mails/rhost-franceptt-10.eml", CLASS, LPN_108),
    ("mails/rhost-franceptt-10.eml", REASON, LPN_108),
    ("mails/rhost-franceptt-12.eml", CLASS, CLIENT_HOST),
    ("mails/rhost-franceptt-12.eml", REASON, CLIENT_HOST),
    ("mails/lhost-domino-02.eml", CLASS, UNDECODED),
    ("mails/lhost-domino-02.eml", REASON, UNDECODED),
];

const ADDRESSEE: &str =
    "the index counts the addressee of the bounce, from the field Original-Recipient of its own header";

const EXPIRED: &str =
    "the index has what the sender's server says when it gives up; why is in the 450 4.4.312 before it";

const YAHOO_5_7_9: &str =
    "Yahoo's help page on DMARC gives these words for mail that is refused by it; sisimai has a policy";

const TSS04: &str = "Yahoo says what it does: \"temporarily deferred due to unexpected volume or user complaints\"";

const GMAIL_6590: &str = "\"its content presents a potential security issue\": the page named is about attachments";

const OFR_999: &str = "\"Service refused, please try later\" with a 421: temporary in the list of egressif.io, too";

const LPN_108: &str = "\"service refused, please try later\": a temporary refusal in the list of egressif.io, too";

const CLIENT_HOST: &str = "\"Client host rejected\" is about the server that sends; sisimai has a policy";

const UNDECODED: &str =
    "the index has the octets of ISO-2022-JP; decoded, they say that the user is not in the directory";

/// The reason of the index where sisimai knows none, so that no cause is as good.
const NO_REASON: &str = "onhold";

/// Reasons of the index that are no bounces.
const NO_BOUNCES: [&str; 4] = ["feedback", "vacation", "delivered", "not-a-bounce"];

struct Row {
    file: String,
    family: String,
    generator: String,
    recipients: BTreeSet<String>,
    remote: String,
    smtp: BTreeSet<String>,
    enhanced: BTreeSet<String>,
    reasons: BTreeSet<String>,
    diagnostic: String,
}

/// One thing that is compared.
struct Compared {
    what: &'static str,
    expected: String,
    got: String,
    /// The class of the reason.
    class: Option<Class>,
}

#[test]
fn real_bounces_are_read() {
    let Some(index) = corpus("bounces/index.csv").and_then(|path| fs::read_to_string(path).ok()) else {
        println!("skipped: bounces/index.csv is not there; name its folder with MAILVET_CORPORA");
        return;
    };
    let rows: Vec<Row> = csv(&index).skip(1).filter_map(|fields| row(&fields)).collect();
    assert!(rows.len() > 250, "only {} mails", rows.len());
    let only = std::env::var("MAILVET_BOUNCES").unwrap_or_default();
    let mut scores = Scores::default();
    for row in rows.iter().filter(|row| only.is_empty() || only == half(row)) {
        let path = corpus(&format!("bounces/{}", row.file)).expect("a mail of the index");
        let found = bounce::read(&row.file, &fs::read(path).expect("a mail"));
        compare(row, &found[0]).into_iter().for_each(|compared| scores.add(row, compared));
    }
    scores.print();
    for (what, floor) in FLOORS.into_iter().filter(|_| only.is_empty()) {
        let score = scores.of(what, "");
        assert!(score.right * 1000 >= floor * score.all, "{what}: {} of {}", score.right, score.all);
    }
}

/// How much of something is right.
#[derive(Clone, Copy, Default)]
struct Score {
    right: usize,
    all: usize,
    /// How many of the right ones are named exceptions.
    excepted: usize,
}

#[derive(Default)]
struct Scores {
    /// By what is compared and a group: a half, a receiver, a class, or all.
    groups: BTreeMap<(&'static str, String), Score>,
    misses: Vec<String>,
}

impl Scores {
    fn add(&mut self, row: &Row, compared: Compared) {
        let Compared { what, expected, got, class } = compared;
        let is_exception = EXCEPTIONS.iter().any(|(file, of, _)| *file == row.file && *of == what);
        let is_right = expected == got;
        let whats = [what, AUTHENTICATION];
        let is_authentication = what == CLASS && class == Some(Class::Authentication);
        for what in &whats[..1 + usize::from(is_authentication)] {
            let class = class.map(|class| format!("class {class:?}"));
            let groups = [String::new(), half(row).to_owned(), format!("receiver {}", row.family)];
            for group in groups.into_iter().chain(class) {
                let score = self.groups.entry((what, group)).or_default();
                score.all += 1;
                score.right += usize::from(is_right || is_exception);
                score.excepted += usize::from(is_exception && !is_right);
            }
        }
        if !is_right && !is_exception {
            let (family, generator, file) = (&row.family, &row.generator, &row.file);
            self.misses.push(format!("{family:16} {generator:16} {file:36} {what}: {expected} expected, {got} read"));
        }
    }

    fn of(&self, what: &'static str, group: &str) -> Score {
        self.groups.get(&(what, group.to_owned())).copied().unwrap_or_default()
    }

    fn print(&mut self) {
        self.misses.sort();
        println!("{}\n", self.misses.join("\n"));
        let reasons = self.groups.iter().filter(|((what, group), _)| *what == REASON && group.contains(' '));
        for ((_, group), score) in reasons {
            let class = self.of(CLASS, group);
            println!("{group:24} {:3} | class {:3} | reason {:3}", score.all, class.right, score.right);
        }
        println!();
        for (what, _) in FLOORS {
            let [all, even, odd] = ["", "even", "odd"].map(|group| self.of(what, group));
            let Score { right, all: of, excepted } = all;
            println!(
                "{what:24} {right:3} of {of:3} ({}; {excepted} of them excepted); developed on {}, held back {}",
                percent(all),
                percent(even),
                percent(odd)
            );
        }
    }
}

/// What is compared, what the index has, and what was read. Where the index has nothing, nothing is compared.
fn compare(row: &Row, bounce: &Bounce) -> Vec<Compared> {
    let expected = !row.reasons.iter().any(|reason| NO_BOUNCES.contains(&reason.as_str()));
    let is_bounce = |is: bool| format!("bounce {is}");
    let mut compared = vec![same("kind", is_bounce(expected), is_bounce(bounce.kind.is_bounce()))];
    if !expected {
        return compared;
    }
    let all =
        |of: fn(&Refusal) -> Option<String>| bounce.recipients.iter().filter_map(of).collect::<BTreeSet<String>>();
    let mut recipients = all(|refusal| refusal.recipient.as_ref().map(|quoted| quoted.text.to_lowercase()));
    // The index has both addresses where mail was passed on.
    let originals = all(|refusal| refusal.original_recipient.as_ref().map(|quoted| quoted.text.to_lowercase()));
    recipients.extend(originals.intersection(&row.recipients).cloned());
    let smtp = all(|refusal| refusal.smtp().map(|code| code.to_string()));
    let enhanced = all(|refusal| refusal.enhanced().map(|code| code.to_string()));
    let remote = all(|refusal| refusal.remote.as_ref().map(|quoted| quoted.text.to_lowercase()));
    for (what, expected, got) in [
        ("recipients", &row.recipients, recipients),
        ("SMTP code", &row.smtp, smtp),
        ("enhanced code", &row.enhanced, enhanced),
    ] {
        if !expected.is_empty() {
            compared.push(same(what, format!("{expected:?}"), format!("{got:?}")));
        }
    }
    if !row.remote.is_empty() {
        let got = if remote.contains(&row.remote) { row.remote.clone() } else { format!("{remote:?}") };
        compared.push(same("remote host", row.remote.clone(), got));
    }
    compared.extend(row.reasons.iter().flat_map(|reason| meanings(row, bounce, reason)));
    compared
}

fn same(what: &'static str, expected: String, got: String) -> Compared {
    Compared { what, expected, got, class: None }
}

/// The class and the name of a reason. Which recipient it was, the index does not tell.
fn meanings(row: &Row, bounce: &Bounce, reason: &str) -> Vec<Compared> {
    let Some(class) = class_of(reason, row) else { return Vec::new() };
    let is_class = |refusal: &Refusal| refusal.cause.map_or(Class::Other, |cause| cause.meaning.class) == class;
    let is_reason = |refusal: &Refusal| is_same(refusal.cause.map_or(NO_REASON, |cause| &cause.meaning.reason), reason);
    let told: Vec<String> = bounce.recipients.iter().map(told).collect();
    let compared = |what, is_it: &dyn Fn(&Refusal) -> bool, expected: String| {
        let is_right = !told.is_empty()
            && if row.reasons.len() > 1 {
                bounce.recipients.iter().any(is_it)
            } else {
                bounce.recipients.iter().all(is_it)
            };
        let got = if is_right { expected.clone() } else { told.join(" + ") };
        Compared { what, expected, got, class: Some(class) }
    };
    vec![compared(CLASS, &is_class, format!("{class:?}")), compared(REASON, &is_reason, reason.to_owned())]
}

fn told(refusal: &Refusal) -> String {
    let cause = refusal.cause.map_or("nothing".to_owned(), |cause| {
        format!("{} ({}, {:?})", cause.id, cause.meaning.reason, cause.meaning.class)
    });
    let replies: Vec<String> = refusal.replies.iter().map(|reply| reply.text.chars().take(220).collect()).collect();
    format!("{cause} {replies:?}")
}

/// sisimai came to call both `ratelimited`.
fn is_same(own: &str, reason: &str) -> bool {
    own == reason || (["ratelimited", "toomanyconn"].contains(&own) && ["ratelimited", "toomanyconn"].contains(&reason))
}

/// The class of a reason; the reasons are sisimai's, which tells no class.
fn class_of(reason: &str, row: &Row) -> Option<Class> {
    let text = &row.diagnostic;
    Some(match reason {
        "authfailure" => Class::Authentication,
        "badreputation" | "blocked" => Class::Reputation,
        "ratelimited" | "toomanyconn" => Class::Rate,
        "userunknown" | "mailboxfull" | "filtered" | "suspend" | "hasmoved" => Class::Recipient,
        // RFC 3463 section 3.2: X.1.8 is "Bad sender's system address": its domain is not in DNS.
        "rejected"
            if row.enhanced.contains("5.1.8") || text.contains("does not exist") || text.contains("Unroutable") =>
        {
            Class::Dns
        }
        // Yahoo refuses by DMARC with these words; sisimai knows them as a policy, whatever it is about.
        "policyviolation" if text.contains("554 5.7.9 Message not accepted") => Class::Authentication,
        "hostunknown" | "networkerror" | "expired" | "notaccept" | "failedstarttls" | "requireptr" => Class::Dns,
        "norelaying" => Class::Relay,
        "contenterror" | "exceedlimit" | "mesgtoobig" | "notcompliantrfc" | "spamdetected" | "virusdetected" => {
            Class::Content
        }
        "mailererror" | "onhold" | "policyviolation" | "rejected" | "securityerror" | "syntaxerror" | "systemerror"
        | "systemfull" => Class::Other,
        _ => return None,
    })
}

#[test]
fn samples_of_exchange_online() {
    let Some(path) = corpus("bounces/exchange-online/expected.csv") else {
        println!("skipped: bounces/exchange-online is not there; name its folder with MAILVET_CORPORA");
        return;
    };
    let expected = fs::read_to_string(&path).expect("a table");
    for fields in csv(&expected).skip(1) {
        let [file, _, recipient, status, text, ..] = &fields[..] else { panic!("too few fields: {fields:?}") };
        let found = bounce::read(file, &fs::read(path.with_file_name(file)).expect("a sample"));
        let refusal = &found[0].recipients[0];
        assert_eq!(quoted(&refusal.recipient), recipient.as_str(), "{file}");
        assert_eq!(quoted(&refusal.status), status.as_str(), "{file}");
        assert_eq!(refusal.replies[0].text.replacen('-', " ", 1), text.replacen('-', " ", 1), "{file}");
    }
}

fn quoted(quoted: &Option<Quoted>) -> &str {
    quoted.as_ref().map_or("-", |quoted| &quoted.text)
}

fn percent(score: Score) -> String {
    let tenths = (score.right * 1000).checked_div(score.all).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn row(fields: &[String]) -> Option<Row> {
    let [file, family, generator, recipients, remote, smtp, enhanced, _, reason, _, _, diagnostic] = fields else {
        return None;
    };
    let several = |field: &str| field.split(';').map(str::to_lowercase).filter(|value| !value.is_empty()).collect();
    Some(Row {
        file: file.clone(),
        family: family.clone(),
        generator: generator.clone(),
        recipients: several(recipients),
        remote: remote.trim_matches(['[', ']']).trim_end_matches('.').to_lowercase(),
        smtp: several(smtp),
        enhanced: several(enhanced),
        reasons: several(reason),
        diagnostic: diagnostic.clone(),
    })
}

/// The reader was developed on one half of the mails; the other half was looked at only afterwards. Which half a mail
/// belongs to follows from its name (FNV-1a).
fn half(row: &Row) -> &'static str {
    let hash = row
        .file
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    if (hash >> 32) % 2 == 0 { "even" } else { "odd" }
}

/// Rows of a table (RFC 4180).
fn csv(table: &str) -> impl Iterator<Item = Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = table.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().expect("peeked")),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            c => field.push(c),
        }
    }
    rows.into_iter()
}

fn corpus(file: &str) -> Option<PathBuf> {
    let corpora = std::env::var_os("MAILVET_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    Some(corpora.join(file)).filter(|path| path.exists())
}

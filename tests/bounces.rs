//! Reads bounces: a collection of real ones, with what is known of each, and those of `testdata/bounces`.
//!
//! The collection is not part of this project: it is looked for in the folder that `MAILVET_CORPORA` names, else in
//! `../shared/data`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use mailvet::bounce::{self, Bounce, Kind, Quoted, Refusal};
use mailvet::source::Span;

/// The server of the index is often one of the trace of the mail, and not the one that refused: it is compared for what it
/// is worth. The others are what counts.
///
/// What is compared, and the least share of the mails, in tenths of a percent, in which it is right.
const FLOORS: [(&str, usize); 5] =
    [("kind", 1000), ("recipients", 990), ("SMTP code", 990), ("enhanced code", 990), ("remote host", 540)];

/// Where the index is not followed, and why.
const EXCEPTIONS: [(&str, &str, &str); 12] = [
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
];

const ADDRESSEE: &str =
    "the index counts the addressee of the bounce, from the field Original-Recipient of its own header";

const EXPIRED: &str =
    "the index has what the sender's server says when it gives up; why is in the 450 4.4.312 before it";

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
    reason: String,
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
    let mut scores: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut misses: Vec<String> = Vec::new();
    for row in &rows {
        let half = if is_even(&row.file) { "even" } else { "odd" };
        if !only.is_empty() && only != half {
            continue;
        }
        let path = corpus(&format!("bounces/{}", row.file)).expect("a mail of the index");
        let found = bounce::read(&row.file, &fs::read(path).expect("a mail"));
        for (what, expected, got) in compare(row, &found) {
            let is_exception = EXCEPTIONS.iter().any(|(file, of, _)| *file == row.file && *of == what);
            let score = scores.entry((what, half)).or_default();
            score.1 += 1;
            if expected == got || is_exception {
                score.0 += 1;
            } else {
                misses.push(format!(
                    "{:20} {:16} {:36} {what}: {expected} expected, {got} read",
                    row.family, row.generator, row.file
                ));
            }
        }
    }
    misses.sort();
    println!("{}", misses.join("\n"));
    for (what, floor) in FLOORS {
        let of = |half| scores.get(&(what, half)).copied().unwrap_or_default();
        let (even, odd) = (of("even"), of("odd"));
        let (right, all) = (even.0 + odd.0, even.1 + odd.1);
        println!(
            "{what:14} {right:3} of {all:3} ({}); developed on {}, held back {}",
            percent((right, all)),
            percent(even),
            percent(odd)
        );
        assert!(!only.is_empty() || right * 1000 >= floor * all, "{what}: {right} of {all}");
    }
}

/// What is compared, what the index has, and what was read. Where the index has nothing, nothing is compared.
fn compare(row: &Row, found: &[Bounce]) -> Vec<(&'static str, String, String)> {
    let bounce = found.first().expect("one mail");
    let is_bounce = |kind| matches!(kind, Kind::Failed | Kind::Delayed);
    let expected = !NO_BOUNCES.contains(&row.reason.as_str());
    let mut compared = vec![("kind", format!("bounce {expected}"), format!("bounce {}", is_bounce(bounce.kind)))];
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
            compared.push((what, format!("{expected:?}"), format!("{got:?}")));
        }
    }
    if !row.remote.is_empty() {
        let is_it = remote.contains(&row.remote);
        compared.push((
            "remote host",
            row.remote.clone(),
            if is_it { row.remote.clone() } else { format!("{remote:?}") },
        ));
    }
    compared
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

/// The kind of a mail, and a line for each recipient.
type Expected = (Kind, &'static [&'static str]);

/// What is read from each example: its kind, and for each recipient the server and the code that say most.
const EXAMPLES: [(&str, &[Expected]); 10] = [
    ("m365-classic.eml", &[(Kind::Failed, &["ben@gmail.com gmail-smtp-in.l.google.com 550 5.7.26"])]),
    ("m365-modern-es.eml", &[(Kind::Failed, &["carla@yahoo.com mta5.am0.yahoodns.net 554 5.7.9"])]),
    (
        "m365-modern-ja.eml",
        &[(Kind::Failed, &["daichi@fabrikam.com fabrikam-com.mail.protection.outlook.com 550 5.7.515"])],
    ),
    (
        "m365-html-only.eml",
        &[(Kind::Failed, &["erik@fabrikam.com fabrikam-com.mail.protection.outlook.com 550 5.7.64"])],
    ),
    ("postfix-yahoo.eml", &[(Kind::Failed, &[YAHOO])]),
    ("delay.eml", &[(Kind::Delayed, &[DEFERRED])]),
    ("qmail.eml", &[(Kind::Failed, &["frida@fabrikam.com 192.0.2.80 550 5.1.1", "gabriel@fabrikam.com - - 5.1.2"])]),
    ("pasted.txt", &[(Kind::Failed, &["ivo@aol.com - - -"])]),
    ("auto-reply.eml", &[(Kind::AutoReply, &[])]),
    ("three.mbox", &[(Kind::Failed, &[YAHOO]), (Kind::Delayed, &[DEFERRED]), (Kind::AutoReply, &[])]),
];
const YAHOO: &str = "carla@yahoo.com mta5.am0.yahoodns.net 554 5.7.9";
const DEFERRED: &str = "carla@yahoo.com mta5.am0.yahoodns.net 421 4.7.0";

#[test]
fn examples_are_read() {
    for (file, expected) in EXAMPLES {
        let found: Vec<(Kind, Vec<String>)> = read(file).iter().map(|bounce| (bounce.kind, brief(bounce))).collect();
        let expected: Vec<(Kind, Vec<String>)> =
            expected.iter().map(|(kind, lines)| (*kind, lines.iter().map(ToString::to_string).collect())).collect();
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn line_ends_and_blanks_change_nothing() {
    for (file, _) in EXAMPLES {
        let text = fs::read_to_string(example(file)).expect("a text");
        let lines: Vec<Vec<String>> = bounce::read(file, text.as_bytes()).iter().map(brief).collect();
        for (ends, what) in [("\r\n", "CRLF"), ("\r", "CR")] {
            let found = bounce::read(file, text.replace('\n', ends).as_bytes());
            assert_eq!(found.iter().map(brief).collect::<Vec<_>>(), lines, "{file} with {what}");
        }
    }
}

#[test]
fn places_are_lines_of_the_file() {
    let bounces = read("three.mbox");
    let file = fs::read_to_string(example("three.mbox")).expect("a text");
    let line = |span: &Span| file.lines().nth(span.position().line - 1).expect("a line").to_owned();
    let refusal = &bounces[1].recipients[0];
    let recipient = refusal.recipient.as_ref().expect("a recipient");
    assert_eq!(recipient.span.source.name, "three.mbox");
    assert_eq!(line(&recipient.span), "Final-Recipient: rfc822; carla@yahoo.com");
    assert!(line(&refusal.replies[0].span).starts_with("Diagnostic-Code: smtp; 421 4.7.0"), "{:?}", refusal.replies[0]);
    // A part that was encoded has a text of its own.
    let decoded = &read("m365-html-only.eml")[0].recipients[0].replies[0].span;
    assert_eq!(decoded.source.name, "m365-html-only.eml (part 1, HTML)");
    assert!(decoded.text().starts_with("550 5.7.64"), "{decoded:?}");
}

#[test]
fn the_mail_that_came_back_is_read() {
    let original = &read("postfix-yahoo.eml")[0].original;
    assert_eq!(quoted(&original.from), "anna@contoso.com");
    assert_eq!(quoted(&original.mail_from), "anna@contoso.com");
    assert_eq!(quoted(&original.sending_ip), "203.0.113.7");
    let [(domain, selector)] = &original.signatures[..] else { panic!("{:?}", original.signatures) };
    assert_eq!((domain.text.as_str(), selector.text.as_str()), ("contoso.com", "mail"));
    let original = &read("m365-classic.eml")[0].original;
    assert_eq!(quoted(&original.sending_ip), "192.0.2.25", "the one that the reply names");
    assert!(original.authentication_results[0].text.starts_with("dkim=none (message not signed)"));
    assert_eq!(quoted(&original.date), "Mon, 12 Jan 2026 09:01:58 +0000");
}

#[test]
fn lines_that_are_pasted() {
    for (text, kind, code, words) in [
        (
            "554 5.7.9 Message not accepted for policy reasons",
            Kind::Failed,
            "554 5.7.9",
            "554 5.7.9 Message not accepted for policy reasons",
        ),
        (
            "421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred",
            Kind::Delayed,
            "421 4.7.0",
            "421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred",
        ),
        (
            "Remote Server returned '550 5.7.515 Access denied'",
            Kind::Failed,
            "550 5.7.515",
            "550 5.7.515 Access denied",
        ),
        (
            "550 5.0.350 Remote server returned an error -> 550 5.7.26 This mail is unauthenticated",
            Kind::Failed,
            "550 5.7.26",
            "550 5.7.26 This mail is unauthenticated",
        ),
        (
            "550 4.4.7 QUEUE.Expired; message expired -> 421 4.7.0 [TSS04] deferred",
            Kind::Delayed,
            "421 4.7.0",
            "421 4.7.0 [TSS04] deferred",
        ),
        (
            "The server or service did not respond in time.",
            Kind::Failed,
            "- -",
            "The server or service did not respond in time.",
        ),
        (
            "Jan 12 10:00:03 mx postfix/smtp[7]: 4ABC: to=<a@yahoo.com>, relay=mta5.am0.yahoodns.net[192.0.2.200]:25, dsn=5.7.9, status=bounced (host mta5.am0.yahoodns.net[192.0.2.200] said: 554 5.7.9 Not accepted (in reply to end of DATA command))",
            Kind::Failed,
            "554 5.7.9",
            "554 5.7.9 Not accepted",
        ),
    ] {
        let found = bounce::read("-", text.as_bytes());
        let [Bounce { recipients, kind: got, .. }] = &found[..] else { panic!("{found:?}") };
        let brief = brief(&found[0]);
        assert!(brief[0].ends_with(code), "{text}: {brief:?}");
        assert_eq!(recipients[0].replies[0].text, words, "{text}");
        assert_eq!(*got, kind, "{text}");
    }
}

#[test]
fn what_is_no_bounce() {
    for text in [
        "",
        "\n\n",
        "Hello, 500 people came.",
        "From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nSee you at 4.5.2026 in room 550.\n",
        "From: postmaster@contoso.com\nTo: c@d.example\nSubject: Welcome\n\nWrite to info@contoso.com with questions.\n",
        "From: a@b.example\nTo: c@d.example\nSubject: Letter\n\nYour parcel could not be delivered to me@b.example.\n",
    ] {
        let found = bounce::read("-", text.as_bytes());
        assert_eq!((found[0].kind, found[0].recipients.len()), (Kind::Other, 0), "{text:?}");
    }
}

#[test]
fn broken_mails_are_read() {
    let mut random = Random(0x6d61_696c_7665_7421);
    for (file, _) in EXAMPLES {
        let bytes = fs::read(example(file)).expect("an example");
        for run in 0..200 {
            let broken = broken(&bytes, &mut random);
            let found = catch_unwind(AssertUnwindSafe(|| bounce::read(file, &broken)));
            let Ok(found) = found else {
                panic!("{file}, broken in the way {run}:\n{}", String::from_utf8_lossy(&broken))
            };
            found.iter().for_each(assert_places);
        }
    }
}

#[test]
fn endless_mails_are_bounded() {
    let head = "From: MAILER-DAEMON@contoso.com\nTo: a@contoso.com\nSubject: Undelivered\n";
    let nested = "Content-Type: message/rfc822\n\n".repeat(20_000);
    let digests = "Content-Type: multipart/digest; boundary=b\n\n--b\n\n".repeat(20_000);
    let recipients: String = (0..5000).map(|n| format!("<a{n}@b.example>: 550 5.1.1 no\n\n")).collect();
    let replies = format!("\n<a@b.example>: {}", "550 5.1.1 no; ".repeat(50_000));
    let marks = format!("\n<a@b.example>: {}", "'[(<\"550-".repeat(50_000));
    let html = format!("Content-Type: text/html\n\n{}", "<style><p>&#".repeat(50_000));
    let header = format!("X: {}\n\n", "a\n ".repeat(200_000));
    let at_signs = format!("\n{}", "a@".repeat(200_000));
    for body in [nested, digests, recipients, replies, marks, html, header, at_signs] {
        let found = bounce::read("endless.eml", format!("{head}{body}").as_bytes());
        assert!(found.iter().all(|bounce| bounce.recipients.len() <= 1100), "too many recipients");
        found.iter().for_each(assert_places);
    }
}

/// Every place lies inside its text.
fn assert_places(bounce: &Bounce) {
    let original = &bounce.original;
    let mut quoted: Vec<&Quoted> =
        [&original.from, &original.mail_from, &original.sending_ip, &original.date].into_iter().flatten().collect();
    quoted.extend(
        original
            .authentication_results
            .iter()
            .chain(original.signatures.iter().flat_map(|(domain, selector)| [domain, selector])),
    );
    let mut spans: Vec<&Span> = Vec::new();
    for refusal in &bounce.recipients {
        quoted.extend(
            [&refusal.recipient, &refusal.remote, &refusal.generator, &refusal.status, &refusal.retry_until]
                .into_iter()
                .flatten(),
        );
        spans.extend(refusal.replies.iter().map(|reply| &reply.span));
    }
    for span in spans.into_iter().chain(quoted.into_iter().map(|quoted| &quoted.span)) {
        assert!(span.source.text.get(span.bytes.clone()).is_some(), "{span:?}");
    }
}

/// Some octets changed, dropped, doubled, moved, or replaced by what means something to a reader.
fn broken(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    const PIECES: [&str; 22] = [
        "\0",
        "\x1b[2J",
        "\r",
        "\n",
        "\n\n",
        " ",
        "\t",
        ":",
        ";",
        "'",
        "\"",
        "(",
        "[",
        "<",
        "@",
        "=?",
        "550-",
        "550 5.7.1 ",
        "->",
        "日本",
        "\u{202e}",
        "--report\n",
    ];
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(8) {
        let from = random.below(out.len() + 1);
        let to = (from + random.below(60)).min(out.len());
        match random.below(6) {
            0 if from < out.len() => out[from] ^= 1 << random.below(8),
            1 => drop(out.drain(from..to)),
            2 if random.below(4) == 0 => out.truncate(from),
            3 => {
                let piece = out[from..to].to_vec();
                out.splice(from..from, piece);
            }
            4 if from < out.len() => out[from] = u8::try_from(random.below(256)).expect("an octet"),
            _ => drop(out.splice(from..from, PIECES[random.below(PIECES.len())].bytes())),
        }
    }
    out
}

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).expect("less than a usize")
    }
}

/// Recipient, server, code and enhanced code of each refusal.
fn brief(bounce: &Bounce) -> Vec<String> {
    let line = |refusal: &Refusal| {
        let smtp = refusal.smtp().map_or("-".to_owned(), |code| code.to_string());
        let enhanced = refusal.enhanced().map_or("-".to_owned(), |code| code.to_string());
        format!("{} {} {smtp} {enhanced}", quoted(&refusal.recipient), quoted(&refusal.remote))
    };
    bounce.recipients.iter().map(line).collect()
}

fn quoted(quoted: &Option<Quoted>) -> &str {
    quoted.as_ref().map_or("-", |quoted| &quoted.text)
}

fn read(file: &str) -> Vec<Bounce> {
    bounce::read(file, &fs::read(example(file)).expect("an example"))
}

fn example(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/bounces").join(file)
}

fn percent((right, all): (usize, usize)) -> String {
    let tenths = (right * 1000).checked_div(all).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn row(fields: &[String]) -> Option<Row> {
    let [file, family, generator, recipients, remote, smtp, enhanced, _, reason, ..] = fields else { return None };
    let several = |field: &str| field.split(';').map(str::to_lowercase).filter(|value| !value.is_empty()).collect();
    Some(Row {
        file: file.clone(),
        family: family.clone(),
        generator: generator.clone(),
        recipients: several(recipients),
        remote: remote.trim_matches(['[', ']']).trim_end_matches('.').to_lowercase(),
        smtp: several(smtp),
        enhanced: several(enhanced),
        reason: reason.split(';').next().unwrap_or_default().to_owned(),
    })
}

/// The reader was developed on one half of the mails; the other half was looked at only afterwards. Which half a mail
/// belongs to follows from its name (FNV-1a).
fn is_even(name: &str) -> bool {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    (hash >> 32) % 2 == 0
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

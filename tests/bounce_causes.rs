//! The causes against real bounces with a known reason (`bounces/index.csv`), in the folder that `MAILVET_CORPORA`
//! names, else in `../shared/data`. Without them the test skips itself and says so.
//!
//! Reasons are sisimai's. It tells no class, so the class of a reason stands here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mailvet::bounce::{Cause, Class, Enhanced, Reply, cause, family};
use mailvet::source::{Source, SourceKind, Span};

/// One mail with one reason.
struct Sample {
    file: String,
    receiver: String,
    remote: String,
    reply: Reply,
    reason: String,
    class: Class,
}

/// How many of a group are told as sisimai tells them.
#[derive(Default)]
struct Score {
    all: usize,
    class: usize,
    reason: usize,
}

#[test]
fn causes_are_those_that_are_known() {
    let Some(index) = index() else {
        println!("skipped: no bounces/index.csv beside the project; MAILVET_CORPORA names another place");
        return;
    };
    let samples: Vec<Sample> = rows(&index).iter().filter_map(|row| sample(row)).collect();
    let mut groups: BTreeMap<String, Score> = BTreeMap::new();
    for sample in &samples {
        let found = found(sample);
        let is_class = found.is_some_and(|cause| cause.meaning.class == sample.class);
        let is_reason = found.is_some_and(|cause| is_same(&cause.meaning.reason, &sample.reason));
        for group in groups_of(sample) {
            let score = groups.entry(group).or_default();
            score.all += 1;
            score.class += usize::from(is_class);
            score.reason += usize::from(is_reason);
        }
        if !is_class || !is_reason {
            show(sample, found);
        }
    }
    for (group, score) in &groups {
        println!("{group:32} {:3} | class {:3} | reason {:3}", score.all, score.class, score.reason);
    }
    let all = &groups["all"];
    assert!(all.class * 100 >= all.all * LEAST_CLASS, "coarse class");
    assert!(all.reason * 100 >= all.all * LEAST_REASON, "reason");
    let authentication = &groups["class Authentication"];
    assert_eq!(authentication.class, authentication.all, "class of authentication");
}

/// Per cent of samples whose class is right; floors that keep it from falling.
const LEAST_CLASS: usize = 92;
/// The same of the reason.
const LEAST_REASON: usize = 80;

fn found(sample: &Sample) -> Option<&'static Cause> {
    let remote = Some(sample.remote.as_str()).filter(|remote| !remote.is_empty());
    cause(family(remote, [sample.reply.text.as_str()]), &sample.reply)
}

fn groups_of(sample: &Sample) -> [String; 4] {
    let half = if is_for_development(&sample.file) { "for development" } else { "held back" };
    let (receiver, class) = (&sample.receiver, sample.class);
    ["all".to_owned(), half.to_owned(), format!("class {class:?}"), format!("receiver {receiver}")]
}

/// Patterns were written with one half of the mails in sight.
fn is_for_development(file: &str) -> bool {
    file.bytes().map(usize::from).sum::<usize>() % 2 == 0
}

fn show(sample: &Sample, found: Option<&Cause>) {
    let told = found.map_or("nothing".to_owned(), |cause| format!("{} ({})", cause.id, cause.meaning.reason));
    let text: String = sample.reply.text.chars().rev().take(140).collect::<Vec<_>>().into_iter().rev().collect();
    println!("{}: {} is told as {told}: {text}", sample.file, sample.reason);
}

/// sisimai came to call both `ratelimited`.
fn is_same(own: &str, reason: &str) -> bool {
    own == reason || (["ratelimited", "toomanyconn"].contains(&own) && ["ratelimited", "toomanyconn"].contains(&reason))
}

/// The class of a reason of sisimai.
fn class_of(reason: &str, enhanced: &str, text: &str) -> Option<Class> {
    Some(match reason {
        "authfailure" => Class::Authentication,
        "badreputation" | "blocked" => Class::Reputation,
        "ratelimited" | "toomanyconn" => Class::Rate,
        "userunknown" | "mailboxfull" | "filtered" | "suspend" | "hasmoved" => Class::Recipient,
        // RFC 3463 section 3.2: X.1.8 is "Bad sender's system address": its domain is not in DNS.
        "rejected" if enhanced == "5.1.8" || text.contains("does not exist") || text.contains("Unroutable") => {
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

/// A row with one reason for all recipients; nothing for what is no bounce.
fn sample(row: &BTreeMap<&str, String>) -> Option<Sample> {
    let (smtp, enhanced) = (first(&row["smtp_code"]), first(&row["enhanced_code"]));
    let reason = first(&row["reason"]);
    if row["reason"].split(';').any(|other| other != reason) || row["diagnostic"].is_empty() {
        return None;
    }
    Some(Sample {
        file: row["file"].clone(),
        receiver: row["receiver_family"].clone(),
        remote: row["remote_host"].clone(),
        reply: reply(smtp, enhanced, &on_one_line(&row["diagnostic"], smtp, enhanced)),
        reason: reason.to_owned(),
        class: class_of(reason, enhanced, &row["diagnostic"])?,
    })
}

/// The index leaves in what a reader of reports takes out: the kind of the diagnostic, and the codes of further lines.
fn on_one_line(text: &str, smtp: &str, enhanced: &str) -> String {
    let text = text.strip_prefix("smtp;").or(text.strip_prefix("SMTP;")).unwrap_or(text).trim();
    let [first, between] = ["-", " "].map(|mark| format!(" {smtp}{mark}{enhanced} "));
    text.replace(&first, " ").replace(&between, " ")
}

fn first(values: &str) -> &str {
    values.split(';').next().unwrap_or_default()
}

fn reply(smtp: &str, enhanced: &str, text: &str) -> Reply {
    let numbers: Vec<u16> = enhanced.split('.').filter_map(|part| part.parse().ok()).collect();
    let enhanced = match numbers[..] {
        [class, subject, detail] => Some(Enhanced(class as u8, subject, detail)),
        _ => None,
    };
    let source = Source::new("diagnostic", text, SourceKind::Message);
    let span = Span { source, bytes: 0..text.len(), record_set: None };
    Reply { smtp: smtp.parse().ok(), enhanced, text: text.to_owned(), span }
}

fn index() -> Option<String> {
    let corpora = std::env::var_os("MAILVET_CORPORA").map(PathBuf::from);
    let corpora = corpora.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    std::fs::read_to_string(corpora.join("bounces/index.csv")).ok()
}

/// The rows of a table with a header, as RFC 4180 has it.
fn rows(text: &str) -> Vec<BTreeMap<&str, String>> {
    let (header, rest) = text.split_once('\n').expect("a header");
    let names: Vec<&str> = header.trim_end().split(',').collect();
    let (mut rows, mut fields, mut field, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = rest.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if is_quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                fields.push(std::mem::take(&mut field));
                rows.push(names.iter().copied().zip(std::mem::take(&mut fields)).collect());
            }
            '\r' => (),
            _ => field.push(char),
        }
    }
    rows
}

//! Reports for machines: message/delivery-status (RFC 3464), wherever its fields stand.

use crate::bounce::fields::{Field, Fields};
use crate::bounce::passage::Joined;
use crate::bounce::{Kind, Quoted, Refusal, Reply, address, reply};

/// So many recipients are read.
pub(super) const MOST: usize = 1000;

/// What a report says.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub refusals: Vec<Refusal>,
    /// What became of the mail, by recipient.
    pub actions: Vec<Kind>,
    /// It names more recipients than are read.
    pub is_cut: bool,
}

/// Reads a report; it is empty where no field of a recipient is found.
pub(super) fn read(fields: &Fields) -> Report {
    let generator = fields.get("reporting-mta").and_then(|value| host(fields, value));
    let mut report = Report { is_cut: fields.is_cut, ..Report::default() };
    for group in groups(&fields.fields) {
        if report.refusals.len() == MOST {
            report.is_cut = true;
            break;
        }
        let Some(mut refusal) = refusal(fields, group) else { continue };
        refusal.generator.clone_from(&generator);
        report.actions.push(action(value(group, "action").map_or("", |value| &value.text)));
        report.refusals.push(refusal);
    }
    report
}

/// RFC 3464 section 2: "a sequence of one or more fields about a particular recipient", with blank lines between them.
/// Where those are lost, a second recipient begins a group.
fn groups(fields: &[Field]) -> impl Iterator<Item = &[Field]> {
    let is_recipient = |field: &Field| matches!(field.name.as_str(), "final-recipient" | "original-recipient");
    let mut cuts = vec![0];
    for (at, field) in fields.iter().enumerate() {
        let group = &fields[cuts.last().copied().unwrap_or(0)..at];
        if field.begins_group || is_recipient(field) && group.iter().any(|other| other.name == field.name) {
            cuts.push(at);
        }
    }
    let ends: Vec<usize> = cuts.iter().skip(1).copied().chain([fields.len()]).collect();
    let groups = cuts.into_iter().zip(ends).map(|(from, to)| &fields[from..to]);
    groups.filter(move |group| group.iter().any(|field| is_recipient(field) || field.name == "x-actual-recipient"))
}

fn refusal(fields: &Fields, group: &[Field]) -> Option<Refusal> {
    let known = ["action", "status", "diagnostic-code"];
    if !group.iter().any(|field| known.contains(&field.name.as_str())) {
        return None;
    }
    let original = value(group, "original-recipient").and_then(|value| recipient(fields, value));
    let last = value(group, "final-recipient").and_then(|value| recipient(fields, value));
    let mut refusal =
        Refusal { recipient: last.or_else(|| original.clone()), original_recipient: original, ..Refusal::default() };
    refusal.remote = value(group, "remote-mta").and_then(|value| host(fields, value));
    refusal.status = value(group, "status").and_then(|value| status(fields, value));
    refusal.retry_until = value(group, "will-retry-until").map(|value| fields.quote(value));
    for name in ["diagnostic-code", "x-supplementary-info"] {
        if let Some(diagnostic) = value(group, name) {
            refusal.replies.extend(replies(fields, diagnostic));
        }
    }
    if refusal.replies.is_empty() {
        refusal.replies.extend(value(group, "status").and_then(|value| comment(fields, value)));
    }
    Some(refusal)
}

fn value<'a>(group: &'a [Field], name: &str) -> Option<&'a Joined> {
    group.iter().find(|field| field.name == name && !field.value.text.is_empty()).map(|field| &field.value)
}

/// RFC 3464 section 2.3.2: `address-type ";" generic-address`. A way to a program, or a host alone, is no recipient.
fn recipient(fields: &Fields, value: &Joined) -> Option<Quoted> {
    let start = behind_type(&value.text);
    let found = address::find(&value.text[start..]).into_iter().next()?;
    let is_pipe = value.text[start..].trim_start().starts_with(['|', '/', '"']);
    (!is_pipe).then(|| value.quoted(&fields.passage, start + found.start..start + found.end))
}

/// RFC 3464 section 2.2.2: `mta-name-type ";" mta-name`, and what some add behind it.
fn host(fields: &Fields, value: &Joined) -> Option<Quoted> {
    let start = behind_type(&value.text);
    let words = &value.text[start..];
    let from = start + words.len() - words.trim_start_matches([' ', '[', '<']).len();
    let name = value.text[from..].split([' ', '(', ']', '>', ';', ',']).next()?.trim_end_matches('.');
    let is_name = address::is_host(name) || name.parse::<std::net::IpAddr>().is_ok();
    is_name.then(|| value.quoted(&fields.passage, from..from + name.len()))
}

/// The code of the field Status, without the words that some add (RFC 3464 section 2.3.4).
fn status(fields: &Fields, value: &Joined) -> Option<Quoted> {
    let (_, length) = reply::enhanced_at(&value.text)?;
    Some(value.quoted(&fields.passage, 0..length))
}

/// RFC 3464 section 2.3.4: "the status code … may optionally be followed by a comment in parentheses".
fn comment(fields: &Fields, value: &Joined) -> Option<Reply> {
    let (from, to) = (value.text.find('(')? + 1, value.text.rfind(')')?);
    let says = value.text.get(from..to).is_some_and(|words| words.contains(char::is_alphabetic));
    says.then(|| reply::without_codes(value, from..to, &fields.passage))
}

/// What is not said by SMTP, but by a program of the server itself (`x-unix`), is read with its type.
fn replies(fields: &Fields, value: &Joined) -> Vec<Reply> {
    let is_program = value.text.get(..7).is_some_and(|kind| kind.eq_ignore_ascii_case("x-unix;"));
    let start = if is_program { 0 } else { behind_type(&value.text) };
    let words = value.after(start);
    let found = reply::find(&words, &fields.passage);
    if found.is_empty() && !words.text.is_empty() {
        return vec![reply::without_codes(&words, 0..words.text.len(), &fields.passage)];
    }
    found
}

/// Where the value begins behind its type: `smtp; `, `rfc822;`.
fn behind_type(text: &str) -> usize {
    let is_type = |word: &str| {
        !word.is_empty() && word.len() < 40 && word.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_ ".contains(&c))
    };
    let Some((kind, value)) = text.split_once(';').filter(|(kind, _)| is_type(kind) && !kind.trim().contains(' '))
    else {
        return 0;
    };
    kind.len() + 1 + value.len() - value.trim_start().len()
}

/// RFC 3464 section 2.3.3: "failed", "delayed", "delivered", "relayed" or "expanded".
fn action(value: &str) -> Kind {
    let word = value.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    match word.as_str() {
        "delayed" => Kind::Delayed,
        // The last one is what Postfix answers to `sendmail -bv`.
        "delivered" | "relayed" | "expanded" | "deliverable" => Kind::Delivered,
        _ => Kind::Failed,
    }
}

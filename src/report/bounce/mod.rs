//! A bounce, for people: what the reply says, what DNS shows now, and what is a guess. The three stay apart.

mod json;
mod summary;
mod words;

use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::bounce::{Bounce, Class, Enhanced, Quoted, Refusal, Reply};
use crate::finding::Finding;
use crate::lang::Lang;
use crate::name::Name;
use crate::report::text::{paint, printable, wrap, write_finding};
use crate::report::{BounceReport, Report, Style, first, verdicts};

pub(super) use json::{JsonBounce, json_bounce};
pub(super) use summary::write as write_summary;

const INDENT: &str = "  ";

/// The bounce, and what was found about its sender.
pub(super) fn write(report: &Report, told: &BounceReport, style: Style) -> String {
    let lang = style.lang;
    let mut out = String::new();
    let head = format!("{}: {}", printable(&told.name), words::kind(told.bounce.kind).get(lang));
    let _ = writeln!(out, "{}", paint(&head, Colour::new().bold(), style));
    if !told.bounce.kind.is_bounce() {
        return out;
    }
    let _ = writeln!(out, "{}", original(&told.bounce, style));
    for group in groups(&told.bounce.recipients) {
        write_refusal(&mut out, &group, style);
    }
    write_dns(&mut out, report, told, style);
    write_guesses(&mut out, report, told, style);
    out
}

/// Recipients with the same reply of the same server are told of together.
fn groups(refusals: &[Refusal]) -> Vec<Vec<&Refusal>> {
    let mut groups: Vec<Vec<&Refusal>> = Vec::new();
    for refusal in refusals {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_alike(first, refusal))) {
            Some(group) => group.push(refusal),
            None => groups.push(vec![refusal]),
        }
    }
    groups
}

fn is_alike(a: &Refusal, b: &Refusal) -> bool {
    let key = |refusal: &Refusal| {
        let host = refusal.remote.as_ref().map(|host| host.text.clone());
        (host, refusal.replies.first().map(|reply| reply.text.clone()))
    };
    key(a) == key(b)
}

/// The mail that came back: from whom, when, by which way.
fn original(bounce: &Bounce, style: Style) -> String {
    let (lang, original) = (style.lang, &bounce.original);
    let text = |quoted: &Option<Quoted>| quoted.as_ref().map(|quoted| printable(&quoted.text));
    let signatures: Vec<String> = original
        .signatures
        .iter()
        .map(|(domain, selector)| printable(&format!("{} ({})", domain.text, selector.text)))
        .collect();
    let parts = [
        (words::FROM, text(&original.from)),
        (words::MAIL_FROM, text(&original.mail_from)),
        (words::DATE, text(&original.date)),
        (words::SENDING_IP, text(&original.sending_ip)),
        (words::SIGNATURES, (!signatures.is_empty()).then(|| signatures.join(", "))),
    ];
    let lines = parts.into_iter().filter_map(|(head, text)| Some(format!("{INDENT}{}: {}\n", head.get(lang), text?)));
    let mut out: String = lines.collect();
    if let Some((from, signers)) = bounce.signed_only_by_others() {
        let _ = writeln!(out, "{}", wrap(&printable(&unaligned(&from, &signers, lang)), style, "    "));
    }
    for results in &original.authentication_results {
        let text = format!("Authentication-Results: {}", printable(&results.text));
        let _ = writeln!(out, "{}", wrap(&text, style, INDENT));
    }
    out
}

/// That no signature counts, and why Microsoft 365 signs as it does.
fn unaligned(from: &Name, signers: &[Name], lang: Lang) -> String {
    let names: Vec<&str> = signers.iter().map(Name::as_str).collect();
    let is_initial = signers.iter().any(|signer| signer.as_str().ends_with(".onmicrosoft.com"));
    let more = if is_initial { words::SIGNING_IS_OFF.get(lang) } else { "" };
    let text = words::SIGNED_BY_OTHERS.get(lang).replace("{signers}", &names.join(", "));
    format!("{text} {more}").replace("{from}", from.as_str()).trim_end().to_owned()
}

fn write_refusal(out: &mut String, group: &[&Refusal], style: Style) {
    let lang = style.lang;
    let Some(refusal) = group.first() else { return };
    let recipients: Vec<String> =
        group.iter().filter_map(|refusal| Some(printable(&refusal.recipient.as_ref()?.text))).collect();
    let head = match recipients.as_slice() {
        [] => words::SAYS.get(lang).to_owned(),
        recipients => format!("{} ({})", words::SAYS.get(lang), recipients.join(", ")),
    };
    let _ = writeln!(out, "{}", paint(&wrap(&head, style, ""), Colour::new().bold(), style));
    let _ = writeln!(out, "{}", wrap(&who_refused(refusal, style), style, INDENT));
    for reply in &refusal.replies {
        let quoted = paint(&printable(&reply.text), Colour::new().yellow(), style);
        let _ = writeln!(out, "{INDENT}> {quoted}");
    }
    match refusal.cause {
        Some(cause) => {
            let meaning = cause.meaning;
            let says = format!("{} [{}]", meaning.says.get(lang), cause.id);
            let remedy = format!("{}: {}", words::REMEDY.get(lang), meaning.remedy.get(lang));
            let turn = format!("{}: {}", words::TURN.get(lang), words::fixer(meaning.turn).get(lang));
            for text in [says, remedy, turn] {
                let _ = writeln!(out, "{}", wrap(&text, style, INDENT));
            }
        }
        None => {
            let text = no_cause(refusal.replies.first(), style);
            let _ = writeln!(out, "{}", wrap(&text, style, INDENT));
        }
    }
    let _ = writeln!(out);
}

fn who_refused(refusal: &Refusal, style: Style) -> String {
    let lang = style.lang;
    let family = refusal.family.map(|family| format!(" ({})", family.name)).unwrap_or_default();
    match (&refusal.remote, &refusal.generator) {
        (Some(remote), _) => format!("{}: {}{family}", words::REFUSED_BY.get(lang), printable(&remote.text)),
        (None, Some(generator)) => {
            words::WRITTEN_BY.get(lang).replace("{server}", &format!("{}{family}", printable(&generator.text)))
        }
        (None, None) => format!("{}{family}", words::NOBODY_NAMED.get(lang)),
    }
}

/// What can be said of a reply that no table knows: the meaning of its code, where it has one.
fn no_cause(reply: Option<&Reply>, style: Style) -> String {
    let lang = style.lang;
    let transient = reply.is_some_and(|reply| {
        reply.enhanced.is_some_and(|Enhanced(class, ..)| class == 4) || reply.smtp.is_some_and(|code| code < 500)
    });
    match (reply, transient) {
        (None, _) => words::NO_REPLY.get(lang).to_owned(),
        (Some(_), true) => format!("{} {}", words::NO_CAUSE.get(lang), words::TRANSIENT.get(lang)),
        (Some(_), false) => words::NO_CAUSE.get(lang).to_owned(),
    }
}

fn write_dns(out: &mut String, report: &Report, told: &BounceReport, style: Style) {
    let lang = style.lang;
    let _ = writeln!(out, "{}", paint(words::DNS_NOW.get(lang), Colour::new().bold(), style));
    if !told.rechecked {
        let text = match told.bounce.clues().from {
            Some(domain) => words::NOT_CHECKED.get(lang).replace("{domain}", &printable(domain.as_str())),
            None => words::NO_SENDER.get(lang).to_owned(),
        };
        let _ = writeln!(out, "{}\n", wrap(&text, style, INDENT));
        return;
    }
    let explaining = explaining(report, told);
    let domain = printable(report.subject.as_str());
    let text = match explaining.len() {
        0 => words::DNS_IS_RIGHT,
        _ => words::EXPLAINED,
    };
    let _ = writeln!(out, "{}\n", wrap(&text.get(lang).replace("{domain}", &domain), style, INDENT));
    for finding in &explaining {
        let _ = writeln!(out, "{}", write_finding(finding, style));
    }
    let others = report.findings.iter().filter(|it| !explaining.iter().any(|other| std::ptr::eq(*it, *other)));
    let mut others: Vec<&str> = others.map(|finding| finding.id).collect();
    others.dedup();
    if !others.is_empty() {
        let text = words::ALSO_FOUND.get(lang).replace("{domain}", &domain).replace("{ids}", &others.join(", "));
        let _ = writeln!(out, "{}\n", wrap(&text, style, INDENT));
    }
    out.push_str(&verdicts::write(report, style));
    out.push_str(&first::write(report, style));
}

/// The findings that explain one of the refusals, the worst first.
fn explaining<'a>(report: &'a Report, told: &BounceReport) -> Vec<&'a Finding> {
    let mut places: Vec<usize> =
        told.bounce.recipients.iter().flat_map(|refusal| refusal.explained_by(&report.findings)).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|place| report.findings.get(place)).collect()
}

/// What is a guess: what else it may be, and why nobody can tell from the reply.
fn write_guesses(out: &mut String, report: &Report, told: &BounceReport, style: Style) {
    let lang = style.lang;
    let mut guesses: Vec<&str> = Vec::new();
    for refusal in &told.bounce.recipients {
        let Some(cause) = refusal.cause else { continue };
        if !cause.meaning.is_certain {
            guesses.push(words::UNCERTAIN_REPLY.get(lang));
        }
        let is_open = told.rechecked && refusal.explained_by(&report.findings).is_empty();
        if is_open && cause.meaning.class == Class::Authentication {
            guesses.extend(words::ELSE_AUTHENTICATION.iter().map(|guess| guess.get(lang)));
        }
    }
    guesses.sort_unstable();
    guesses.dedup();
    if guesses.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint(words::GUESSES.get(lang), Colour::new().bold(), style));
    for guess in guesses {
        let _ = writeln!(out, "{}", wrap(&format!("- {guess}"), style, INDENT));
    }
    let _ = writeln!(out);
}

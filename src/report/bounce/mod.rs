//! A bounce, for people: what the reply says, what DNS shows now, and what is a guess. The three stay apart.

mod dns;
mod json;
mod summary;
mod words;

use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::bounce::{self, Bounce, Class, Enhanced, Explanation, Kind, Quoted, Refusal, Reply};
use crate::lang::{Lang, Words};
use crate::name::Name;
use crate::report::bounce::dns::explanation;
use crate::report::text::{paint, printable, wrap};
use crate::report::{BounceReport, Report, Style};

pub(super) use json::{JsonBounce, json_bounce};
pub(super) use summary::{head as summary_head, tables as summary_tables, write as write_summary};

const INDENT: &str = "  ";

/// So many recipients are named in a head.
const MOST_NAMED: usize = 20;

/// A part of what there is to tell.
pub(super) struct Section {
    /// What it is about.
    pub head: String,
    /// What there is to say of it.
    pub lines: Vec<Line>,
}

/// A paragraph.
pub(super) enum Line {
    Said(String),
    /// The words of a server.
    Quoted(String),
    /// One of several guesses.
    Guess(String),
}

/// What the report begins with: `ndr.eml: mail was not delivered`.
pub(super) fn title(told: &BounceReport, lang: Lang) -> String {
    format!("{}: {}", printable(&told.name), words::kind(told.bounce.kind).get(lang))
}

/// All there is to tell beside findings, verdicts and changes; nothing of what is no bounce.
pub(super) fn sections(report: &Report, told: &BounceReport, lang: Lang) -> Vec<Section> {
    if !told.bounce.kind.is_bounce() {
        return Vec::new();
    }
    let dns = Section { head: words::DNS_NOW.get(lang).to_owned(), lines: dns::lines(report, told, lang) };
    bounce_sections(&told.bounce, lang).into_iter().chain([dns]).chain(guesses(report, told, lang)).collect()
}

/// The bounce, and what was found about its sender.
pub(super) fn write(report: &Report, told: &BounceReport, style: Style) -> String {
    let lang = style.lang;
    let mut out = String::new();
    let _ = writeln!(out, "{}\n", head(&title(told, lang), style));
    if !told.bounce.kind.is_bounce() {
        return out;
    }
    for section in bounce_sections(&told.bounce, lang) {
        write_section(&mut out, &section, style);
    }
    dns::write(&mut out, report, told, style);
    if let Some(guesses) = guesses(report, told, lang) {
        write_section(&mut out, &guesses, style);
    }
    out
}

fn head(text: &str, style: Style) -> String {
    paint(&wrap(text, style, ""), Colour::new().bold(), style)
}

fn write_section(out: &mut String, section: &Section, style: Style) {
    let _ = writeln!(out, "{}", head(&section.head, style));
    for line in &section.lines {
        let _ = match line {
            Line::Said(text) => writeln!(out, "{}", wrap(text, style, INDENT)),
            Line::Quoted(text) => writeln!(out, "{INDENT}> {}", paint(text, Colour::new().yellow(), style)),
            Line::Guess(text) => writeln!(out, "{INDENT}- {}", wrap(text, style, "    ").trim_start()),
        };
    }
    let _ = writeln!(out);
}

/// What stands in the bounce.
fn bounce_sections(bounce: &Bounce, lang: Lang) -> Vec<Section> {
    let groups = groups(&bounce.recipients);
    let refusals = groups.iter().filter_map(|group| refusal(bounce.kind, group, lang));
    cut(bounce, lang).into_iter().chain(refusals).chain(original(bounce, lang)).collect()
}

/// That there are more recipients.
fn cut(bounce: &Bounce, lang: Lang) -> Option<Section> {
    let says = words::CUT_SAYS.get(lang).replace("{count}", &bounce.recipients.len().to_string());
    bounce.is_cut.then(|| Section { head: words::CUT.get(lang).to_owned(), lines: vec![Line::Said(says)] })
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
fn original(bounce: &Bounce, lang: Lang) -> Option<Section> {
    let original = &bounce.original;
    let text = |quoted: &Option<Quoted>| quoted.as_ref().map(|quoted| printable(&quoted.text));
    let signatures: Vec<String> = original
        .signatures
        .iter()
        .map(|(domain, selector)| printable(&format!("{} ({})", domain.text, selector.text)))
        .collect();
    let ip_head = if bounce.seen_ip().is_some() { words::SEEN_IP } else { words::HANDED_OVER_BY };
    let parts = [
        (words::FROM, text(&original.from)),
        (words::MAIL_FROM, text(&original.mail_from)),
        (words::DATE, text(&original.date)),
        (ip_head, text(&original.sending_ip)),
        (words::SIGNATURES, (!signatures.is_empty()).then(|| signatures.join(", "))),
    ];
    let lines = parts.into_iter().filter_map(|(head, text)| Some(format!("{}: {}", head.get(lang), text?)));
    let results = original.authentication_results.iter().map(|it| printable(&it.text));
    let lines: Vec<String> = lines.chain(results.map(|text| format!("Authentication-Results: {text}"))).collect();
    let has_any = !lines.is_empty();
    let lines = lines.into_iter().chain(notes(bounce, lang)).map(Line::Said).collect();
    has_any.then(|| Section { head: words::ORIGINAL.get(lang).to_owned(), lines })
}

/// What follows from it, without DNS.
fn notes(bounce: &Bounce, lang: Lang) -> Vec<String> {
    let unaligned = bounce.signed_only_by_others();
    let operator = bounce.clues().ip.and_then(|ip| Some((ip, bounce::operator(ip)?)));
    let of_operator = operator.map(|(ip, provider)| {
        words::OPERATOR.get(lang).replace("{ip}", &ip.to_string()).replace("{provider}", &provider.name)
    });
    unaligned
        .map(|(from, signers)| printable(&self::unaligned(&from, &signers, lang)))
        .into_iter()
        .chain(of_operator)
        .collect()
}

/// That no signature counts, and why Microsoft 365 signs as it does.
fn unaligned(from: &Name, signers: &[Name], lang: Lang) -> String {
    let names: Vec<&str> = signers.iter().map(Name::as_str).collect();
    let is_initial = signers.iter().any(|signer| signer.as_str().ends_with(".onmicrosoft.com"));
    let more = if is_initial { words::SIGNING_IS_OFF.get(lang) } else { "" };
    // Japanese has no blanks between sentences.
    let between = if lang == Lang::Ja { "" } else { " " };
    let text = format!("{}{between}{more}", words::SIGNED_BY_OTHERS.get(lang));
    text.replace("{signers}", &names.join(", ")).replace("{from}", from.as_str()).trim_end().to_owned()
}

fn refusal(kind: Kind, group: &[&Refusal], lang: Lang) -> Option<Section> {
    let refusal = group.first()?;
    let recipients = recipients(group);
    let head = match recipients.as_slice() {
        [] => words::SAYS.get(lang).to_owned(),
        recipients => format!("{} ({})", words::SAYS.get(lang), recipients.join(", ")),
    };
    let mut lines = vec![Line::Said(who_refused(refusal, lang))];
    lines.extend(replies(refusal).map(|reply| Line::Quoted(printable(&reply.text))));
    lines.extend(meaning(kind, refusal, lang).into_iter().map(Line::Said));
    Some(Section { head, lines })
}

/// Their addresses; of many, the first, and how many more there are.
fn recipients(group: &[&Refusal]) -> Vec<String> {
    let named = || group.iter().filter_map(|refusal| refusal.recipient.as_ref());
    let rest = named().count().saturating_sub(MOST_NAMED);
    let more = (rest > 0).then(|| format!("… +{rest}"));
    named().take(MOST_NAMED).map(|recipient| printable(&recipient.text)).chain(more).collect()
}

/// The reply that says most, and the others that say something else: no wrapper around its words.
fn replies(refusal: &Refusal) -> impl Iterator<Item = &Reply> {
    let first = refusal.replies.first();
    let is_wrapper = move |reply: &Reply| first.is_some_and(|first| reply.text.contains(&first.text));
    first.into_iter().chain(refusal.replies.iter().skip(1).filter(move |reply| !is_wrapper(reply)))
}

/// What it means, what to do, whose turn it is, and until when it is tried.
fn meaning(kind: Kind, refusal: &Refusal, lang: Lang) -> Vec<String> {
    let mut lines = match refusal.cause {
        Some(cause) => {
            let meaning = cause.meaning;
            vec![
                format!("{} [{}]", meaning.says.get(lang), cause.id),
                format!("{}: {}", words::REMEDY.get(lang), meaning.remedy.get(lang)),
                format!("{}: {}", words::TURN.get(lang), words::fixer(meaning.turn).get(lang)),
            ]
        }
        None => vec![no_cause(refusal.replies.first(), lang)],
    };
    if let Some(until) = refusal.retry_until.as_ref().filter(|_| kind == Kind::Delayed) {
        lines.push(format!("{}: {}", words::RETRY_UNTIL.get(lang), printable(&until.text)));
    }
    lines
}

fn who_refused(refusal: &Refusal, lang: Lang) -> String {
    let family = refusal.family.map(|family| format!(" ({})", family.name)).unwrap_or_default();
    match (&refusal.remote, &refusal.generator) {
        (Some(remote), _) => format!("{}: {}{family}", words::REFUSED_BY.get(lang), printable(&remote.text)),
        // Whose reply it is may be told by the recipient: the server that reports it is another's then.
        (None, Some(generator)) => {
            format!("{}{family}", words::WRITTEN_BY.get(lang).replace("{server}", &printable(&generator.text)))
        }
        (None, None) => format!("{}{family}", words::NOBODY_NAMED.get(lang)),
    }
}

/// What can be said of a reply that no table knows: the meaning of its code, where it has one.
fn no_cause(reply: Option<&Reply>, lang: Lang) -> String {
    let transient = reply.is_some_and(|reply| {
        reply.enhanced.is_some_and(|Enhanced(class, ..)| class == 4) || reply.smtp.is_some_and(|code| code < 500)
    });
    match (reply, transient) {
        (None, _) => words::NO_REPLY.get(lang).to_owned(),
        (Some(_), true) => format!("{} {}", words::NO_CAUSE.get(lang), words::TRANSIENT.get(lang)),
        (Some(_), false) => words::NO_CAUSE.get(lang).to_owned(),
    }
}

/// What is a guess: what else it may be, and why nobody can tell from the reply.
fn guesses(report: &Report, told: &BounceReport, lang: Lang) -> Option<Section> {
    let of_class = |refusal: &Refusal| refusal.cause.map(|cause| cause.meaning.class);
    let is_uncertain = |refusal: &Refusal| refusal.cause.is_some_and(|cause| !cause.meaning.is_certain);
    let is_open = |refusal: &Refusal| {
        let is_unexplained = || explanation(report, told, refusal) == Explanation::Nothing;
        told.recheck.is_some() && of_class(refusal) == Some(Class::Authentication) && is_unexplained()
    };
    let refusals = || told.bounce.recipients.iter();
    let mut guesses: Vec<Words> = Vec::new();
    if refusals().any(is_uncertain) {
        guesses.push(words::UNCERTAIN_REPLY);
    }
    if refusals().any(is_open) {
        guesses.extend(words::ELSE_AUTHENTICATION);
    }
    let has_any = !guesses.is_empty();
    let lines = guesses.into_iter().map(|guess| Line::Guess(guess.get(lang).to_owned())).collect();
    has_any.then(|| Section { head: words::GUESSES.get(lang).to_owned(), lines })
}

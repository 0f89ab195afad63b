//! What DNS shows now of who sent a mail, and of the domains that it was for.

use std::fmt::Write as _;

use crate::bounce::{self, Explanation, KeyToday, Recheck, Refusal, SpfToday};
use crate::finding::Finding;
use crate::lang::Lang;
use crate::records::spf::SpfResult;
use crate::report::bounce::{INDENT, Line, Section, groups, recipients, words, write_section};
use crate::report::text::{printable, wrap, write_finding};
use crate::report::words as report_words;
use crate::report::{BounceReport, Report, Style, first, recipients as routes, verdicts};

pub(super) fn write(out: &mut String, report: &Report, told: &BounceReport, style: Style) {
    let lang = style.lang;
    write_section(out, &Section { head: words::DNS_NOW.get(lang).to_owned(), lines: lines(report, told, lang) }, style);
    if told.recheck.is_none() {
        return;
    }
    let explaining = explaining(report, told);
    for finding in &explaining {
        let _ = writeln!(out, "{}", write_finding(finding, style));
    }
    write_others(out, report, &explaining, style);
    out.push_str(&routes::write(&report.recipients, style));
    out.push_str(&verdicts::write(report, style));
    out.push_str(&first::write(report, style));
    if let Some(day) = report.as_of {
        let text = report_words::AS_OF_REPORT.get(lang).replace("{day}", day);
        let _ = writeln!(out, "{}\n", wrap(&text, style, ""));
    }
}

/// What DNS answers, and what follows for each refusal.
pub(super) fn lines(report: &Report, told: &BounceReport, lang: Lang) -> Vec<Line> {
    let Some(recheck) = &told.recheck else { return vec![Line::Said(not_asked(told, lang))] };
    let answers = answers(recheck, lang).into_iter().map(|text| printable(&text));
    answers.chain(conclusions(report, told, lang)).map(Line::Said).collect()
}

fn not_asked(told: &BounceReport, lang: Lang) -> String {
    match told.bounce.clues().from {
        Some(domain) => words::NOT_CHECKED.get(lang).replace("{domain}", &printable(domain.as_str())),
        None => words::NO_SENDER.get(lang).to_owned(),
    }
}

/// What SPF says of the address that sent, and whether the keys of the signatures are there.
fn answers(recheck: &Recheck, lang: Lang) -> Vec<String> {
    let spf = recheck.spf.as_ref().map(|spf| spf_today(spf, lang));
    let keys = recheck.keys.iter().map(|key| key_today(key, lang));
    spf.into_iter().flatten().chain(keys).collect()
}

/// Those of them that explain a refusal.
pub(super) fn failures(recheck: &Recheck, lang: Lang) -> Vec<String> {
    let spf = recheck.spf.as_ref().filter(|spf| spf.fails()).map(|spf| spf_today(spf, lang).join(" "));
    let keys = recheck.keys.iter().filter(|key| key.is_there == Some(false)).map(|key| key_today(key, lang));
    spf.into_iter().chain(keys).collect()
}

/// What SPF says, and where it does not let the address send, the term that would.
fn spf_today(spf: &SpfToday, lang: Lang) -> Vec<String> {
    let fill = |text: &str| {
        text.replace("{ip}", &spf.ip.to_string())
            .replace("{domain}", spf.domain.as_str())
            .replace("{result}", spf.result.as_str())
    };
    let says = match spf.result {
        SpfResult::Pass => words::SPF_PASSES,
        SpfResult::TempError => words::SPF_UNKNOWN,
        _ => words::SPF_FAILS,
    };
    // A term does not help where the record cannot be read, or is not there: what to do then the findings say.
    let is_readable = matches!(spf.result, SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral);
    let term = is_readable.then(|| words::SPF_TERM.get(lang).replace("{term}", &term(spf)));
    [Some(fill(says.get(lang))), term].into_iter().flatten().collect()
}

/// The include of the provider, else the address itself.
fn term(spf: &SpfToday) -> String {
    let version = if spf.ip.is_ipv4() { "ip4" } else { "ip6" };
    let include = bounce::operator(spf.ip).and_then(|provider| provider.include());
    include.map_or_else(|| format!("{version}:{}", spf.ip), |include| format!("include:{include}"))
}

fn key_today(key: &KeyToday, lang: Lang) -> String {
    let words = match key.is_there {
        Some(true) => words::KEY_IS_THERE,
        Some(false) => words::KEY_IS_MISSING,
        None => words::KEY_UNKNOWN,
    };
    words.get(lang).replace("{name}", key.name.as_str())
}

/// What follows for each refusal. Where recipients got different replies, each is named.
fn conclusions(report: &Report, told: &BounceReport, lang: Lang) -> Vec<String> {
    let groups = groups(&told.bounce.recipients);
    let mut texts: Vec<String> = Vec::new();
    for group in &groups {
        let Some(refusal) = group.first() else { continue };
        let text = conclusion(report, told, refusal, lang);
        let text = match groups.len() {
            1 => text,
            _ => format!("{}: {text}", recipients(group).join(", ")),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// Does anything that DNS shows now explain a refusal?
pub(super) fn explanation(report: &Report, told: &BounceReport, refusal: &Refusal) -> Explanation {
    let recheck = told.recheck.as_ref();
    let may = recheck.is_some_and(|it| it.may_explain(refusal, &report.findings));
    Explanation::of(refusal, may, &report.recipients, report.could_not_tell())
}

/// Whether anything explains it, with its ids; what the answers above show has none.
fn conclusion(report: &Report, told: &BounceReport, refusal: &Refusal, lang: Lang) -> String {
    let found = told.explained_by(refusal, &report.findings);
    let mut ids: Vec<&str> = found.into_iter().filter_map(|place| Some(report.findings.get(place)?.id)).collect();
    ids.dedup();
    let words = match (explanation(report, told, refusal), ids.is_empty()) {
        (Explanation::Explained, false) => words::EXPLAINED,
        (Explanation::Explained, true) => words::EXPLAINED_ABOVE,
        (Explanation::Possible, false) => words::MAY_EXPLAIN,
        (Explanation::Possible, true) => words::MAY_EXPLAIN_ABOVE,
        (Explanation::Recipient, _) => words::RECIPIENT_IS_DEAD,
        (Explanation::Unknown, _) => words::DNS_IS_SILENT,
        (Explanation::Nothing, _) => words::DNS_IS_RIGHT,
    };
    let dead = refusal.dead_domain(&report.recipients).filter(|_| words == words::RECIPIENT_IS_DEAD);
    let domain = dead.unwrap_or(&report.subject);
    words.get(lang).replace("{domain}", &printable(domain.as_str())).replace("{ids}", &ids.join(", "))
}

/// What else was found, by its ids alone.
fn write_others(out: &mut String, report: &Report, explaining: &[&Finding], style: Style) {
    let others = report.findings.iter().filter(|it| !explaining.iter().any(|other| std::ptr::eq(*it, *other)));
    let mut others: Vec<&str> = others.map(|finding| finding.id).collect();
    others.dedup();
    if !others.is_empty() {
        let domain = printable(report.subject.as_str());
        let text = words::ALSO_FOUND.get(style.lang).replace("{domain}", &domain).replace("{ids}", &others.join(", "));
        let _ = writeln!(out, "{}\n", wrap(&text, style, INDENT));
    }
}

/// The findings that explain one of the refusals, or may, the worst first.
fn explaining<'a>(report: &'a Report, told: &BounceReport) -> Vec<&'a Finding> {
    let refusals = told.bounce.recipients.iter();
    let mut places: Vec<usize> = refusals.flat_map(|refusal| told.explained_by(refusal, &report.findings)).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|place| report.findings.get(place)).collect()
}

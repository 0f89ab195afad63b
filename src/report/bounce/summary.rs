//! Many bounces at once: by receiver, cause, sender domain; and what one change would cure most.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::bounce::{Fixer, Refusal};
use crate::finding::Finding;
use crate::lang::{Lang, Words, fill};
use crate::report::bounce::{dns, words};
use crate::report::text::{paint, printable, wrap};
use crate::report::{BounceReport, Report, Style};

/// No table has more lines.
const MAX_LINES: usize = 15;
/// So many changes are named.
const MAX_CURES: usize = 5;

/// How many there are, and the tables.
pub(in crate::report) fn write(reports: &[Report], style: Style) -> String {
    let head = paint(&head(reports, style.lang), Colour::new().bold(), style);
    let more = wrap(words::ONE_AT_A_TIME.get(style.lang), style, "");
    format!("{head}\n\n{}\n{more}\n", tables(reports, style))
}

/// How many there are.
pub(in crate::report) fn head(reports: &[Report], lang: Lang) -> String {
    let told = reports.iter().filter_map(|report| report.bounce.as_ref());
    let bounces = told.clone().filter(|told| told.bounce.kind.is_bounce()).count();
    format!(
        "{}: {} {bounces}, {} {}, {} {}",
        words::SUMMARY.get(lang),
        words::BOUNCES.get(lang),
        words::RECIPIENTS.get(lang),
        cases(reports).len(),
        words::NO_BOUNCES.get(lang),
        told.count() - bounces
    )
}

fn cases(reports: &[Report]) -> Vec<Case<'_>> {
    let told = reports.iter().filter_map(|report| Some((report, report.bounce.as_ref()?)));
    told.filter(|(_, told)| told.bounce.kind.is_bounce())
        .flat_map(|(report, told)| told.bounce.recipients.iter().map(move |refusal| Case { report, told, refusal }))
        .collect()
}

/// The tables.
pub(in crate::report) fn tables(reports: &[Report], style: Style) -> String {
    let (lang, refusals) = (style.lang, cases(reports));
    let mut out = String::new();
    let tables: [(Words, Key); 3] =
        [(words::BY_RECEIVER, Case::receiver), (words::BY_CAUSE, Case::cause), (words::BY_SENDER, Case::sender)];
    for (head, key) in tables {
        write_table(&mut out, head, &count(&refusals, key, lang), style);
    }
    write_cures(&mut out, &refusals, style);
    if refusals.iter().any(|case| case.told.bounce.is_cut) {
        let _ = writeln!(out, "\n{}", wrap(words::SOME_CUT.get(lang), style, ""));
    }
    out
}

/// One refusal, with the bounce and the report it stands in.
struct Case<'a> {
    report: &'a Report,
    told: &'a BounceReport,
    refusal: &'a Refusal,
}

type Key<'c> = for<'a> fn(&'a Case<'c>, Lang) -> String;

impl Case<'_> {
    /// Who refused: the receiver, if it is known by its reply, its server or the recipient's domain; else the server, else
    /// the domain.
    fn receiver(&self, lang: Lang) -> String {
        let refusal = self.refusal;
        let domain = refusal.domain();
        let seen = self.report.recipients.iter().find(|seen| Some(&seen.seen.domain) == domain.as_ref());
        let family = refusal.family.map(|family| family.name.as_str());
        let profile = refusal.receiver().or_else(|| seen?.receivers().into_iter().next());
        let known = family.or(profile.map(|profile| profile.name.as_str())).map(str::to_owned);
        let host = || refusal.remote.as_ref().map(|host| printable(&host.text));
        let name = known.or_else(host).or_else(|| domain.map(|domain| printable(domain.as_str())));
        name.unwrap_or_else(|| words::UNKNOWN.get(lang).to_owned())
    }

    fn cause(&self, lang: Lang) -> String {
        match self.refusal.cause {
            Some(cause) => format!("{}: {}", words::class(cause.meaning.class).get(lang), cause.meaning.id),
            None => words::UNKNOWN.get(lang).to_owned(),
        }
    }

    fn sender(&self, lang: Lang) -> String {
        let domain = self.told.bounce.clues().from;
        domain.map_or_else(|| words::UNKNOWN.get(lang).to_owned(), |domain| printable(domain.as_str()))
    }

    /// What would cure it: where DNS was asked, what explains it; else what the reply asks of the sender's DNS.
    fn cures(&self, lang: Lang) -> Vec<Cure> {
        let is_certain = self.refusal.is_about_records();
        let cure = |title| Cure { is_certain, title };
        let Some(recheck) = &self.told.recheck else {
            let meaning = self.refusal.cause.map(|cause| cause.meaning).filter(|it| it.turn == Fixer::SenderDns);
            let title = meaning.map(|it| format!("{}: {}", self.sender(lang), it.remedy.get(lang)));
            return title.map(cure).into_iter().collect();
        };
        let found = self.told.explained_by(self.refusal, &self.report.findings);
        let found = found.into_iter().filter_map(|place| self.report.findings.get(place));
        let title = |it: &Finding| format!("{} ({})", fill(it.text.get(lang).title, &it.values, lang), it.id);
        let mut cures: Vec<Cure> = found.map(|it| cure(printable(&title(it)))).collect();
        if self.told.is_explained_by_answers(self.refusal) {
            cures.extend(dns::failures(recheck, lang).into_iter().map(|text| cure(printable(&text))));
        }
        cures
    }
}

/// A change, in words, and whether the replies themselves ask for it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cure {
    is_certain: bool,
    title: String,
}

fn count<'c>(cases: &[Case<'c>], key: Key<'c>, lang: Lang) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        *counts.entry(key(case, lang)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn write_table(out: &mut String, head: Words, counts: &[(String, usize)], style: Style) {
    let _ = writeln!(out, "{}", paint(head.get(style.lang), Colour::new().bold(), style));
    for (name, count) in counts.iter().take(MAX_LINES) {
        let _ = writeln!(out, "  {count:>6}  {name}");
    }
    if counts.len() > MAX_LINES {
        let rest: usize = counts[MAX_LINES..].iter().map(|(_, count)| count).sum();
        let _ = writeln!(out, "  {rest:>6}  …");
    }
    let _ = writeln!(out);
}

fn write_cures(out: &mut String, cases: &[Case], style: Style) {
    let lang = style.lang;
    let mut cures: BTreeMap<Cure, usize> = BTreeMap::new();
    for cure in cases.iter().flat_map(|case| case.cures(lang)) {
        *cures.entry(cure).or_default() += 1;
    }
    let mut cures: Vec<_> = cures.into_iter().collect();
    cures.sort_by_key(|(cure, count)| std::cmp::Reverse((cure.is_certain, *count)));
    let _ = writeln!(out, "{}", paint(words::CURES_MOST.get(lang), Colour::new().bold(), style));
    for (cure, count) in cures.iter().take(MAX_CURES) {
        let words = if cure.is_certain { words::CURES } else { words::MAY_CURE };
        let text = words.get(lang).replace("{count}", &count.to_string()).replace("{all}", &cases.len().to_string());
        let text = wrap(&text.replace("{title}", &cure.title), style, "    ");
        let _ = writeln!(out, "  - {}", text.trim_start());
    }
    if cures.is_empty() {
        let _ = writeln!(out, "{}", wrap(words::NOTHING_OF_OURS.get(lang), style, "  "));
    }
}

//! The report as a page: one file, without scripts, for bright and dark screens.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::finding::{Aspect, Finding, Publish, Severity};
use crate::lang::Lang;
use crate::receivers::{Outcome, Recipient, Verdict};
use crate::report::bounce::{Line, Section};
use crate::report::excerpt::{Excerpt, excerpts};
use crate::report::first::{Change, changes};
use crate::report::prose::{self, Piece, pieces, said};
use crate::report::text::printable;
use crate::report::verdicts::{objections, of_one_receiver};
use crate::report::{
    Counts, Report, Style, are_bounces, bounce, ignored, named_recipients, recipients, senders, spf, spf_picture,
    verdicts, words,
};

const CSS: &str = include_str!("html.css");

/// Nothing is loaded, and nothing is run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Of a line that is longer, so many characters round each place are shown.
const AROUND: usize = 300;

pub(super) fn write(reports: &[Report], style: Style) -> String {
    let lang = style.lang;
    let title = match reports {
        [report] => title(report, lang),
        reports if are_bounces(reports) => bounce::summary_head(reports, lang),
        reports => format!("{} {}", reports.len(), words::DOMAINS.get(lang)),
    };
    let page = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { "mailvet: " (title) }
                style { (PreEscaped(CSS)) }
            }
            body {
                main {
                    (head(reports, &title, style))
                    @for (number, report) in reports.iter().enumerate() {
                        article #{ "d" (number + 1) } {
                            @if reports.len() > 1 { (domain_head(report, lang)) }
                            (domain(report, style))
                        }
                    }
                    (foot(reports, lang))
                }
            }
        }
    };
    page.into_string() + "\n"
}

/// What a report is about: a domain, or a bounce.
fn title(report: &Report, lang: Lang) -> String {
    report.bounce.as_ref().map_or_else(|| printable(report.subject.as_str()), |told| bounce::title(told, lang))
}

fn head(reports: &[Report], title: &str, style: Style) -> Markup {
    let lang = style.lang;
    let all = reports.iter().map(Report::counts).fold(Counts::default(), |sum, counts| sum + counts);
    html! {
        header {
            h1 { (title) }
            @if !are_bounces(reports) { (counts(all, lang)) }
        }
        (recipients(named_recipients(reports), lang))
        @if reports.len() > 1 {
            @if are_bounces(reports) { pre { (bounce::summary_tables(reports, Style { colour: false, ..style }).trim()) } }
            @else { (contents(reports, lang)) }
        }
    }
}

fn counts(counts: Counts, lang: Lang) -> Markup {
    let chips = [
        (Severity::Error, counts.error, words::ERRORS),
        (Severity::Warning, counts.warning, words::WARNINGS),
        (Severity::Advice, counts.advice, words::ADVICE),
    ];
    html! {
        p.counts {
            @if counts == Counts::default() { span.chip.fine { (words::NOTHING_FOUND.get(lang)) } }
            @else {
                @for (severity, count, name) in chips {
                    span.chip.(if count > 0 { severity_class(severity) } else { "none" }) { (name.get(lang)) " " (count) }
                }
            }
        }
    }
}

fn recipients(recipients: &[Recipient], lang: Lang) -> Markup {
    if recipients.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { (recipients::RECIPIENTS.get(lang)) }
            ul {
                @for recipient in recipients {
                    li {
                        (recipients::line(recipient, lang))
                        @for note in recipients::notes(recipient, lang) { p.note { (prose(&printable(&note))) } }
                    }
                }
            }
            @if let Some(note) = recipients::by_standards(recipients) { p.note { (note.get(lang)) } }
        }
    }
}

fn contents(reports: &[Report], lang: Lang) -> Markup {
    html! {
        nav {
            div.wide { table {
                thead { tr {
                    th scope="col" { (words::DOMAIN.get(lang)) }
                    th scope="col" { (words::ERRORS.get(lang)) }
                    th scope="col" { (words::WARNINGS.get(lang)) }
                    th scope="col" { (words::ADVICE.get(lang)) }
                    th scope="col" { (words::VERDICT.get(lang)) }
                } }
                tbody { @for (number, report) in reports.iter().enumerate() { (contents_row(report, number, lang)) } }
            } }
        }
    }
}

fn contents_row(report: &Report, number: usize, lang: Lang) -> Markup {
    let Counts { error, warning, advice } = report.counts();
    html! {
        tr {
            th scope="row" { a href={ "#d" (number + 1) } { (printable(report.subject.as_str())) } }
            td { (error) }
            td { (warning) }
            td { (advice) }
            @match verdicts::worst(report.verdicts_that_hold()) {
                Some(verdict) => td.(verdict_class(verdict)) { (verdicts::outcome(verdict, lang)) },
                None => td { "–" },
            }
        }
    }
}

fn domain_head(report: &Report, lang: Lang) -> Markup {
    html! {
        h2 { (title(report, lang)) }
        @if report.bounce.is_none() { (counts(report.counts(), lang)) }
    }
}

fn domain(report: &Report, style: Style) -> Markup {
    let lang = style.lang;
    html! {
        @if let Some(told) = &report.bounce {
            @for section in bounce::sections(report, told, lang) { (bounce_section(&section)) }
            (recipients(&report.recipients, lang))
        }
        @if let Some(text) = verdicts::without_mail(report, lang) {
            section { h3 { (words::RECEIVERS.get(lang)) } p { (prose(&text)) } }
        }
        (verdict_table(report.verdicts_that_hold(), lang))
        (reasons(report, lang))
        (first(report, lang))
        @if report.counted().next().is_some() {
            section {
                h3 { (words::FINDINGS.get(lang)) }
                @for finding in report.counted() { (write_finding(finding, lang)) }
            }
        }
        (ignored_findings(report, lang))
        (spf_section(report, style))
        (dmarc_plan(report, lang))
        (sender_table(report, lang))
        @if let Some(day) = report.as_of {
            p.note { (prose(&words::AS_OF_REPORT.get(lang).replace("{day}", day))) }
        }
        @if let Some(locked) = &report.locked {
            p.note { (prose(&locked.note(lang))) }
        }
    }
}

/// Folded up, each with its reason.
fn ignored_findings(report: &Report, lang: Lang) -> Markup {
    html! {
        @if let Some(summary) = ignored::summary(report, lang) {
            details.ignored {
                summary { (summary) }
                @for finding in report.ignored() { (write_finding(finding, lang)) }
            }
        }
    }
}

fn bounce_section(section: &Section) -> Markup {
    html! {
        section {
            h3 { (section.head) }
            @for line in &section.lines {
                @match line {
                    Line::Said(text) => p { (prose(text)) },
                    Line::Quoted(text) => pre { (text) },
                    Line::Guess(text) => ul { li { (prose(text)) } },
                }
            }
        }
    }
}

fn verdict_table(verdicts: &[Verdict], lang: Lang) -> Markup {
    html! {
        @if !verdicts.is_empty() {
            section {
                h3 { (words::RECEIVERS.get(lang)) }
                div.wide { table.verdicts {
                    thead { tr {
                        th scope="col" { (words::RECEIVER.get(lang)) }
                        th scope="col" { (words::SENDER.get(lang)) }
                        @for aspect in Aspect::ALL { th scope="col" { (words::aspect(aspect).get(lang)) } }
                        th scope="col" { (words::VERDICT.get(lang)) }
                    } }
                    @for verdicts in of_one_receiver(verdicts) {
                        tbody { @for (row, verdict) in verdicts.iter().enumerate() {
                            tr {
                                @if row == 0 {
                                    th scope="rowgroup" rowspan=(verdicts.len()) { (verdict.receiver.name) }
                                }
                                th scope="row" { (words::sender(verdict.sender).get(lang)) }
                                @for cell in verdict.cells { (cell_of(cell, lang)) }
                                td.verdict.(verdict_class(verdict)) { (verdicts::outcome(verdict, lang)) }
                            }
                        } }
                    }
                } }
            }
        }
    }
}

fn cell_of(cell: Option<Outcome>, lang: Lang) -> Markup {
    match cell {
        None => html! { td.none { "–" } },
        Some(outcome) => html! { td.(outcome_class(outcome)) { (words::cell(outcome).get(lang)) } },
    }
}

fn reasons(report: &Report, lang: Lang) -> Markup {
    html! {
        @for objection in objections(report, lang) {
            div.objection {
                p.(outcome_class(objection.outcome)) { (objection.head) }
                ul { @for reason in &objection.reasons { li { (prose(reason)) } } }
            }
        }
    }
}

fn first(report: &Report, lang: Lang) -> Markup {
    html! {
        @if !report.steps.is_empty() {
            section.first {
                h3 { (words::FIRST.get(lang)) }
                ol { @for change in changes(report, lang) { li { (write_change(&change, lang)) } } }
            }
        }
    }
}

fn write_change(change: &Change, lang: Lang) -> Markup {
    html! {
        p.title { (prose(&change.title)) " " @for id in &change.ids { span.id { (id) } " " } }
        @for remedy in &change.remedies { p { (prose(remedy)) } }
        @for record in change.publish { (publish(record, lang)) }
        @if !change.places.is_empty() {
            p.note {
                (words::PLACE.get(lang)) ": "
                @for (number, place) in change.places.iter().enumerate() { @if number > 0 { ", " } code { (place) } }
            }
        }
        @for line in change.until_seen.iter().chain(&change.turns) { p.note { (line) } }
    }
}

fn write_finding(finding: &Finding, lang: Lang) -> Markup {
    let said = said(finding, lang);
    html! {
        details.finding open[finding.severity > Severity::Advice && finding.counts()] {
            summary {
                span.chip.(severity_class(finding.severity)) { (words::severity(finding.severity).get(lang)) }
                " " span.title { (prose(&said.title)) } " " span.id { (finding.id) }
            }
            @for excerpt in excerpts(&finding.spans) { (snippet(&excerpt, &said.here)) }
            dl {
                dt { (words::WHY.get(lang)) }
                dd { (prose(&said.why)) }
                dt { (words::FIX.get(lang)) }
                dd { (prose(&said.fix)) }
                dt { (words::REFERENCES.get(lang)) }
                dd { (finding.references.join(", ")) }
                @if let Some(waiver) = &finding.waiver {
                    dt { (ignored::IGNORED.get(lang)) }
                    dd { (ignored::reason(waiver, lang)) }
                }
                @if let Some(day) = finding.as_of {
                    dt { (words::AS_OF.get(lang)) }
                    dd { (day) "; " (prose(words::AS_OF_FINDING.get(lang))) }
                }
            }
            @for record in &finding.publish { (publish(record, lang)) }
        }
    }
}

fn publish(record: &Publish, lang: Lang) -> Markup {
    html! {
        div.publish {
            p { (prose::place(record, lang)) }
            pre { (prose::value(record)) }
        }
    }
}

/// The lines, with the places marked and named.
fn snippet(excerpt: &Excerpt, here: &str) -> Markup {
    let at = format!("{}:{}", excerpt.source.name, excerpt.first_line());
    html! {
        figure.snippet {
            figcaption { (printable(&at)) @if excerpt.primary { " – " span.here { (prose(here)) } } }
            pre { @for (start, end, is_place) in runs(excerpt) {
                @let text = shown(&excerpt.source.text[start..end], is_place);
                @if is_place { mark { (text) } } @else { (text) }
            } }
        }
    }
}

/// The text cut into places and what is between them; an empty place is a mark without text.
fn runs(excerpt: &Excerpt) -> Vec<(usize, usize, bool)> {
    let mut places: Vec<_> = excerpt.spans.iter().map(|span| (span.start, span.end)).collect();
    places.sort_unstable();
    let mut runs = Vec::new();
    let mut at = excerpt.lines.start;
    for (start, end) in places {
        let (start, end) = (start.max(at), end.min(excerpt.lines.end).max(at));
        runs.push((at, start.min(end), false));
        runs.push((start.min(end), end, true));
        at = end;
    }
    runs.push((at, excerpt.lines.end, false));
    runs.retain(|(start, end, is_place)| *is_place || start < end);
    runs
}

/// A text of some lines, printable; of one that is too long, both ends.
fn shown(text: &str, is_place: bool) -> String {
    let most = if is_place { 4 * AROUND } else { 2 * AROUND };
    let chars = text.chars().count();
    let shown: String = if chars <= most {
        text.to_owned()
    } else {
        let begin = text.chars().take(most / 2);
        begin.chain("\n…\n".chars()).chain(text.chars().skip(chars - most / 2)).collect()
    };
    let shown = shown.replace("\r\n", "\n").replace('\t', " ");
    shown.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

fn spf_section(report: &Report, style: Style) -> Markup {
    let lang = style.lang;
    let plain = Style { colour: false, ..style };
    let Some(tree) = report.tree().filter(|tree| tree.own().only().is_some()) else { return html! {} };
    html! {
        section {
            h3 { (words::SPF_TREE.get(lang)) }
            p { (spf::counts(tree, plain)) }
            div.wide { (spf_picture::draw(tree, lang)) }
            @if let Some(spf) = &report.spf {
                @let conclusions = spf::conclusions(spf, plain);
                @if !conclusions.is_empty() { pre { (conclusions.trim()) } }
            }
        }
    }
}

fn dmarc_plan(report: &Report, lang: Lang) -> Markup {
    let Some(first) = report.dmarc_plan.first() else { return html! {} };
    html! {
        section {
            h3 { (prose(words::DMARC_PLAN.get(lang))) }
            p { code { (printable(first.owner.as_str())) } " TXT" }
            ol { @for step in &report.dmarc_plan {
                li { (words::when(step.when).get(lang)) pre { (printable(&step.value)) } }
            } }
        }
    }
}

fn sender_table(report: &Report, lang: Lang) -> Markup {
    let Some(first) = report.senders.first() else { return html! {} };
    html! {
        section {
            h3 { (words::SENDERS.get(lang)) }
            div.wide { table {
                thead { tr {
                    th scope="col" { (words::SENDER.get(lang)) }
                    th scope="col" { "SPF" }
                    th scope="col" { (words::ALIGNED.get(lang)) }
                    th scope="col" { "DKIM" }
                    th scope="col" { (words::DMARC_CAN_PASS.get(lang)) }
                } }
                tbody { @for coverage in &report.senders {
                    tr {
                        th scope="row" { (senders::name(&coverage.sender.who)) }
                        @for answer in senders::cells(coverage) { td { (words::tristate(answer).get(lang)) } }
                    }
                } }
            } }
            @if !report.other_senders.is_empty() {
                p.note { (words::ALSO_ALLOWED.get(lang)) ": " (printable(&report.other_senders.join(", "))) }
            }
            @if first.sender.inferred { p.note { (words::INFERRED.get(lang)) } }
        }
    }
}

fn foot(reports: &[Report], lang: Lang) -> Markup {
    html! {
        footer {
            @for note in verdicts::notes(reports, lang) {
                p.note { (note.head) }
                @if !note.lines.is_empty() { ul.note { @for line in &note.lines { li { (prose(line)) } } } }
            }
            p.note { "mailvet " (env!("CARGO_PKG_VERSION")) }
        }
    }
}

/// A text in which what stands between backticks is code.
fn prose(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece {
                Piece::Plain(text) => (text),
                Piece::Code(text) => code { (text) },
            }
        }
    }
}

fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

fn verdict_class(verdict: &Verdict) -> &'static str {
    if verdicts::is_weighed(verdict) { outcome_class(verdict.outcome) } else { "none" }
}

fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Nothing => "fine",
        Outcome::Risk | Outcome::Unsure => "warning",
        Outcome::Junk | Outcome::Defer | Outcome::Reject => "error",
    }
}

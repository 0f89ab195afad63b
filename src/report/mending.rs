//! What was mended in zone files, and what is left.

use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::finding::Finding;
use crate::fix::{self, Mended, Reason, Wanted};
use crate::lang::fill;
use crate::name::Name;
use crate::report::text::{paint, printable};
use crate::report::{Report, Style, place, words};

/// More files than this are not named in one line.
const MAX_NAMED: usize = 3;

/// What was mended and what of the wanted is left, for people. `written`: are the files changed already?
pub fn write_mending(mended: &Mended, wanted: &Wanted, written: bool, style: Style) -> String {
    let mut out = String::new();
    let head = if written { words::MENDED } else { words::WOULD_BE_MENDED };
    let gone: Vec<_> = mended.gone.iter().collect();
    match mended.texts.is_empty() {
        true => out.push_str(&format!("{}\n", words::NOTHING_TO_MEND.get(style.lang))),
        // What stood in the files already is seen in the patch.
        false => write_part(&mut out, head, &gone, |finding| finding.edits.is_empty(), style),
    }
    let heads = [
        (Reason::Missing, words::LEFT_MISSING),
        (Reason::Refused, words::LEFT_REFUSED),
        (Reason::Generated, words::LEFT_GENERATED),
        (Reason::Open, words::LEFT_OPEN),
    ];
    for (reason, head) in heads {
        let is_of_reason = |found: &&(Name, Finding)| fix::reason(&mended.checked.zones, &found.1, wanted) == reason;
        let found: Vec<_> = mended.left(wanted).filter(is_of_reason).collect();
        write_part(&mut out, head, &found, |_| true, style);
    }
    out
}

/// How many findings can be mended, and by which command; nothing where there are none.
pub(super) fn can_be_mended(reports: &[Report], style: Style) -> Option<String> {
    let is_mendable = |finding: &&Finding| !finding.edits.is_empty() && finding.counts();
    let count_of = |report: &Report| report.findings.iter().filter(is_mendable).count();
    let count: usize = reports.iter().map(count_of).sum();
    let files = reports.iter().filter(|report| count_of(report) > 0).filter_map(|report| report.in_zone.as_ref());
    let mut files: Vec<&str> = files.map(|place| place.source.name.as_str()).collect();
    files.dedup();
    let more = if files.len() > MAX_NAMED { " …" } else { "" };
    let named = files.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(" ") + more;
    let text = words::CAN_BE_MENDED.get(style.lang);
    (!files.is_empty()).then(|| printable(&text.replace("{count}", &count.to_string()).replace("{files}", &named)))
}

fn write_part(
    out: &mut String,
    head: words::Words,
    found: &[&(Name, Finding)],
    shows_records: fn(&Finding) -> bool,
    style: Style,
) {
    if found.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint(head.get(style.lang), Colour::new().bold(), style));
    for (_, finding) in found {
        let _ = writeln!(out, "  {}", line(finding, style));
        for publish in finding.publish.iter().filter(|_| shows_records(finding)) {
            let _ = writeln!(out, "      {}", printable(&publish.line()));
        }
    }
}

/// `error[spf-duplicate]: … (contoso.zone:12)`
fn line(finding: &Finding, style: Style) -> String {
    let severity = words::severity(finding.severity).get(style.lang);
    let title = printable(&fill(finding.text.get(style.lang).title, &finding.values, style.lang));
    let span = finding.spans.iter().find(|span| place::is_file(span));
    let place = span.map(|span| format!(" ({}:{})", printable(&span.source.name), span.position().line));
    format!("{severity}[{}]: {title}{}", finding.id, place.unwrap_or_default())
}

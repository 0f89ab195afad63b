//! The report as a table: a line for each finding, and for each refusal that a bounce tells of (RFC 4180, UTF-8). Every cell stands in quotation marks.

use crate::bounce::Refusal;
use crate::finding::Finding;
use crate::lang::Lang;
use crate::report::prose::said;
use crate::report::text::printable;
use crate::report::{BounceReport, Report, ignored, named_recipients, place, recipients, words};

/// The heads of the columns are names for programs, the same in each language.
const HEAD: [&str; COLUMNS] = [
    "domain",
    "severity",
    "id",
    "title",
    "why",
    "fix",
    "source",
    "line",
    "column",
    "end_line",
    "end_column",
    "owner",
    "type",
    "publish_owner",
    "publish_type",
    "publish_value",
    "as_of",
    "fingerprint",
    "recipient",
    "receiver",
    "code",
    "cause",
    "ignored",
    "ignored_reason",
];

const COLUMNS: usize = 24;

type Row = [String; COLUMNS];

pub(super) fn write(reports: &[Report], lang: Lang) -> String {
    let refusals = reports.iter().flat_map(|report| refusals(report, lang));
    let findings = place::listed(reports).into_iter().flat_map(|(report, findings)| rows(report, findings, lang));
    let dead = recipients::dead(named_recipients(reports), lang).into_iter();
    let rows = refusals.chain(findings).chain(dead.map(|(domain, text)| recipient(domain, text)));
    std::iter::once(HEAD.map(str::to_owned)).chain(rows).map(|row| line(&row)).collect()
}

fn rows(report: &Report, findings: Vec<(&Finding, String)>, lang: Lang) -> Vec<Row> {
    findings.into_iter().map(|(finding, fingerprint)| row(finding, fingerprint, report, lang)).collect()
}

/// A machine sorts by `severity`: it is not translated. The first record to publish stands for all.
fn row(finding: &Finding, fingerprint: String, report: &Report, lang: Lang) -> Row {
    let said = said(finding, lang);
    let chief = finding.spans.first();
    let region = chief.map(place::region);
    let number = |of: fn(&place::Region) -> usize| region.as_ref().map(|it| of(it).to_string()).unwrap_or_default();
    let record_set = finding.record_sets().next();
    let publish = finding.publish.first();
    [
        report.subject.to_string(),
        words::severity(finding.severity).get(Lang::En).to_owned(),
        finding.id.to_owned(),
        said.title,
        said.why,
        said.fix,
        chief.map(|span| span.source.name.clone()).unwrap_or_default(),
        number(|region| region.start.line),
        number(|region| region.start.column),
        number(|region| region.end.line),
        number(|region| region.end.column),
        record_set.map(|set| set.name.to_string()).unwrap_or_default(),
        record_set.map(|set| set.kind.to_string()).unwrap_or_default(),
        publish.map(|record| record.owner.to_string()).unwrap_or_default(),
        publish.map(|record| record.kind.to_string()).unwrap_or_default(),
        publish.map(|record| record.value.clone()).unwrap_or_default(),
        finding.as_of.unwrap_or_default().to_owned(),
        fingerprint,
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        finding.waiver.as_ref().map(ignored::id).unwrap_or_default().to_owned(),
        ignored::given_reason(finding).map(printable).unwrap_or_default(),
    ]
}

/// What a bounce tells of each recipient: the reply stands in place of what a finding is about.
fn refusals(report: &Report, lang: Lang) -> Vec<Row> {
    let Some(told) = &report.bounce else { return Vec::new() };
    told.bounce.recipients.iter().map(|it| refusal(it, report, told, lang)).collect()
}

fn refusal(refusal: &Refusal, report: &Report, told: &BounceReport, lang: Lang) -> Row {
    let reply = refusal.replies.first().map(|reply| reply.text.clone()).unwrap_or_default();
    let recipient = refusal.recipient.as_ref().map(|recipient| recipient.text.clone()).unwrap_or_default();
    let code = [refusal.smtp().map(|code| code.to_string()), refusal.enhanced().map(|code| code.to_string())];
    let meaning = refusal.cause.map(|cause| cause.meaning);
    let mut row = [const { String::new() }; COLUMNS];
    if !report.subject.is_root() {
        row[0] = report.subject.to_string();
    }
    (row[2], row[3]) = ("bounce".into(), reply);
    row[4] = meaning.map(|meaning| meaning.says.get(lang).to_owned()).unwrap_or_default();
    row[5] = meaning.map(|meaning| meaning.remedy.get(lang).to_owned()).unwrap_or_default();
    row[6] = told.name.clone();
    row[17] = place::fingerprint(&format!("{}\0{recipient}\0{}", told.name, row[3]));
    row[18] = recipient;
    row[19] = refusal.family.map(|family| family.id.clone()).unwrap_or_default();
    row[20] = code.into_iter().flatten().collect::<Vec<_>>().join(" ");
    row[21] = refusal.cause.map(|cause| cause.id.clone()).unwrap_or_default();
    row
}

/// A recipient that takes no mail.
fn recipient(domain: String, text: String) -> Row {
    let fingerprint = place::fingerprint(&text);
    let mut row = [const { String::new() }; COLUMNS];
    (row[0], row[1], row[2], row[3], row[17]) = (domain, "error".into(), "recipient".into(), text, fingerprint);
    row
}

fn line(row: &Row) -> String {
    row.each_ref().map(|text| cell(text)).join(",") + "\r\n"
}

/// RFC 4180 section 2: "If double-quotes are used to enclose fields, then a double-quote appearing inside a field must
/// be escaped by preceding it with another double quote."
fn cell(text: &str) -> String {
    let text = printable(text);
    let apostrophe = if is_formula(&text) { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

/// A table program takes what begins like this for a formula, and carries it out; the wide signs are those of Japanese
/// keyboards. An apostrophe in front makes it a text.
fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_texts() {
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1", "|calc"] {
            assert!(cell(text).starts_with("\"'"), "{text}");
        }
        // Control characters are written out.
        assert_eq!(cell("\t=1\r\n"), "\"\\u{9}=1\\u{d}\\u{a}\"");
        assert_eq!(cell("v=spf1 -all"), "\"v=spf1 -all\"");
    }
}

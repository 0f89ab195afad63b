//! The report as SARIF 2.1.0, for code scanning.
//!
//! Only rules that found something are described: all of them would be some hundreds of kilobytes in each file.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::{Edit, Finding, Severity, Waiver};
use crate::lang::Lang;
use crate::report::prose::{Said, said};
use crate::report::text::printable;
use crate::report::{Report, ignored, named_recipients, place, recipients, words};
use crate::rules::{self, Rule};
use crate::source::Span;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// By which version of our own way a fingerprint was made.
const FINGERPRINT: &str = "mailvet/v1";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    language: &'static str,
    /// SARIF 2.1.0 section 3.14.17: the unit in which columns are counted.
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    language: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    /// SARIF 2.1.0 section 3.27.24: was it there when the baseline was made? Told of all results, or of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
}

/// SARIF 2.1.0 section 3.35: why a result does not count.
#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

#[derive(Serialize)]
struct Content {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
    kind: &'static str,
}

pub(super) fn write(reports: &[Report], lang: Lang) -> String {
    let rules = rules_of(reports);
    let listed = place::listed(reports).into_iter();
    let mut all = reports.iter().flat_map(|report| &report.findings);
    let baseline = all.any(|finding| finding.waiver == Some(Waiver::Baseline));
    let results = listed.flat_map(|(report, findings)| results(report, findings, &rules, baseline, lang)).collect();
    let driver = Driver {
        name: "mailvet",
        semantic_version: env!("CARGO_PKG_VERSION"),
        language: lang.code(),
        rules: rules.iter().map(|rule| descriptor(rule, lang)).collect(),
    };
    let run = Run {
        tool: Tool { driver },
        invocations: [invocation(reports, lang)],
        language: lang.code(),
        column_kind: "unicodeCodePoints",
        results,
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    // Nothing in it can fail to be written: all keys are texts.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

/// The rules that found something, in their own order.
fn rules_of(reports: &[Report]) -> Vec<&'static Rule> {
    let found = |rule: &&Rule| reports.iter().any(|report| report.findings.iter().any(|it| it.id == rule.id));
    rules::all().filter(found).collect()
}

fn descriptor(rule: &Rule, lang: Lang) -> Descriptor {
    let prose = rule.text.get(lang);
    let (why, fix, see) = (words::WHY.get(lang), words::FIX.get(lang), words::REFERENCES.get(lang));
    let references = rule.references.join(", ");
    let linked: Vec<String> = rule.references.iter().map(|reference| link(reference)).collect();
    Descriptor {
        id: rule.id,
        short_description: message(prose.title.to_owned()),
        help: Help {
            text: format!("{}\n\n{}\n\n{see}: {references}", prose.why, prose.fix),
            markdown: format!("**{why}**: {}\n\n**{fix}**: {}\n\n{see}: {}", prose.why, prose.fix, linked.join(", ")),
        },
        help_uri: rule.references.iter().find_map(|reference| rfc_uri(reference)),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Properties { tags: ["email", rule.topic()] },
    }
}

fn link(reference: &str) -> String {
    rfc_uri(reference).map_or_else(|| reference.to_owned(), |uri| format!("[{reference}]({uri})"))
}

/// `RFC 7208 section 4.5` as a page on the site of the RFC Editor.
fn rfc_uri(reference: &str) -> Option<String> {
    let (number, section) = reference.strip_prefix("RFC ")?.split_once(" section ")?;
    let is = |text: &str, others: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c));
    let sound = !number.is_empty() && is(number, "") && is(section, ".");
    sound.then(|| format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}"))
}

/// What is no finding of a rule: recipients that take no mail.
fn invocation(reports: &[Report], lang: Lang) -> Invocation {
    let dead = recipients::dead(named_recipients(reports), lang);
    let notification = |(_, text)| Notification { level: "error", message: message(text) };
    Invocation {
        execution_successful: true,
        tool_execution_notifications: dead.into_iter().map(notification).collect(),
    }
}

fn results(
    report: &Report,
    findings: Vec<(&Finding, String)>,
    rules: &[&Rule],
    baseline: bool,
    lang: Lang,
) -> Vec<SarifResult> {
    let result = |(finding, fingerprint): (&Finding, String)| SarifResult {
        baseline_state: baseline.then(|| baseline_state(finding)),
        suppressions: suppression(finding).into_iter().collect(),
        rule_id: finding.id,
        rule_index: rules.iter().position(|rule| rule.id == finding.id).unwrap_or_default(),
        level: level(finding.severity),
        message: message(sentences(finding, lang)),
        locations: [chief_location(finding, report)],
        related_locations: related_locations(finding, report, lang),
        fixes: fix(finding, lang).into_iter().collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, fingerprint)]),
    };
    findings.into_iter().map(result).collect()
}

fn baseline_state(finding: &Finding) -> &'static str {
    if finding.waiver == Some(Waiver::Baseline) { "unchanged" } else { "new" }
}

/// What is in the baseline is not suppressed: it has a state of its own.
fn suppression(finding: &Finding) -> Option<Suppression> {
    let (kind, at) = match finding.waiver.as_ref()? {
        Waiver::Comment { at, .. } => ("inSource", Some(at)),
        Waiver::Config { .. } => ("external", None),
        Waiver::Baseline => return None,
    };
    let location =
        at.map(|at| Location { physical_location: Some(physical(at)), logical_locations: Vec::new(), message: None });
    let justification = printable(ignored::given_reason(finding).unwrap_or_default());
    Some(Suppression { kind, status: "accepted", justification, location })
}

/// The title as a sentence of its own: viewers show the first sentence alone where there is little room.
fn sentences(finding: &Finding, lang: Lang) -> String {
    let said = said(finding, lang);
    let stop = if lang == Lang::Ja { "。" } else { "." };
    format!("{}{stop}\n\n{}", said.title, said.paragraphs(finding, lang))
}

fn chief_location(finding: &Finding, report: &Report) -> Location {
    Location {
        physical_location: place::in_file(finding, report).map(physical),
        logical_locations: finding.spans.first().map(logical).into_iter().collect(),
        message: None,
    }
}

/// The other places of the finding.
fn related_locations(finding: &Finding, report: &Report, lang: Lang) -> Vec<Location> {
    let Said { here, .. } = said(finding, lang);
    let chief = place::in_file(finding, report);
    let others = finding.spans.iter().enumerate().filter(|(number, span)| match place::is_file(span) {
        true => !chief.is_some_and(|chief| std::ptr::eq(chief, *span)),
        false => *number > 0,
    });
    let location = |(_, span): (usize, &Span)| Location {
        physical_location: place::is_file(span).then(|| physical(span)),
        logical_locations: vec![logical(span)],
        message: Some(message(here.clone())),
    };
    others.map(location).collect()
}

/// The edits that mend the finding, if they are all in files.
fn fix(finding: &Finding, lang: Lang) -> Option<Fix> {
    let mut by_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &finding.edits {
        by_file.entry(&edit.at.source.name).or_default().push(edit);
    }
    let is_sound = !finding.edits.is_empty() && finding.edits.iter().all(|edit| place::is_file(&edit.at));
    let description = message(said(finding, lang).fix);
    is_sound.then(|| Fix { description, artifact_changes: by_file.into_values().filter_map(artifact_change).collect() })
}

fn artifact_change(edits: Vec<&Edit>) -> Option<ArtifactChange> {
    let PhysicalLocation { artifact_location, .. } = physical(&edits.first()?.at);
    let replacement = |edit: &Edit| {
        let (start, end) = (edit.at.source.position(edit.at.bytes.start), edit.at.source.position(edit.at.bytes.end));
        let deleted_region =
            Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column };
        Replacement { deleted_region, inserted_content: Content { text: edit.text.clone() } }
    };
    Some(ArtifactChange { artifact_location, replacements: edits.into_iter().map(replacement).collect() })
}

/// Bytes are not told: a file in Latin-1 has others than the text that it was read as.
fn physical(span: &Span) -> PhysicalLocation {
    let region = place::region(span);
    PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(&place::path(span)) },
        region: Region {
            start_line: region.start.line,
            start_column: region.start.column,
            end_line: region.end.line,
            end_column: region.end.column,
        },
    }
}

/// What stands in DNS is known by name and type; else by what its source is called.
fn logical(span: &Span) -> LogicalLocation {
    let record_set = span.record_set.as_ref().map(|set| format!("{} {}", set.name, set.kind));
    LogicalLocation {
        fully_qualified_name: printable(&record_set.unwrap_or_else(|| span.source.name.clone())),
        kind: "resource",
    }
}

/// A path as a reference (RFC 3986): relative to the working directory, or a `file` URI.
fn uri(path: &str) -> String {
    let begin = match path.as_bytes() {
        [b'/', ..] => "file://",
        [letter, b':', ..] if cfg!(windows) && letter.is_ascii_alphabetic() => "file:///",
        _ => "",
    };
    begin.to_owned() + &path.bytes().map(uri_byte).collect::<String>()
}

/// RFC 3986 section 2.3: "Characters that are allowed in a URI but do not have a reserved purpose are called
/// unreserved."
fn uri_byte(byte: u8) -> String {
    let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// SARIF 2.1.0 section 3.11.6: `[text](destination)` in a message is a link, unless its brackets stand behind a
/// backslash. What DNS holds shall be none.
fn message(text: String) -> Message {
    let has_link = text.contains("](");
    let text = if has_link { text.replace('[', "\\[").replace(']', "\\]") } else { text };
    Message { text: without_placeholders(&text) }
}

/// SARIF 2.1.0 section 3.11.5: `{0}` stands for an argument, and `{{0}}` for itself. Other braces stay: viewers show them
/// as they are, and a macro of SPF is there to be copied.
fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let is_placeholder = digits > 0 && behind[digits..].starts_with('}');
        out.push_str(before);
        match is_placeholder {
            true => out.push_str(&format!("{{{{{}}}}}", &behind[..digits])),
            false => out.push('{'),
        }
        rest = if is_placeholder { &behind[digits + 1..] } else { behind };
    }
    out + rest
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("zones/a b%日.zone"), "zones/a%20b%25%E6%97%A5.zone");
        assert_eq!(uri("a:b.zone"), "a%3Ab.zone");
        assert_eq!(uri("/srv/a.zone"), "file:///srv/a.zone");
    }

    #[test]
    fn what_dns_holds_is_no_link_and_no_placeholder() {
        assert_eq!(message("see [x](http://evil.test)".into()).text, "see \\[x\\](http://evil.test)");
        assert_eq!(message("%{i} %{0} {1} {12a} [x]".into()).text, "%{i} %{{0}} {{1}} {12a} [x]");
    }

    #[test]
    fn references_to_rfcs_have_a_page() {
        let page = |reference| rfc_uri(reference).unwrap_or_default();
        assert_eq!(page("RFC 7208 section 4.5"), "https://www.rfc-editor.org/rfc/rfc7208#section-4.5");
        assert_eq!(page("Google: Email sender guidelines"), "");
    }
}

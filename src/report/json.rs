//! The report as JSON. Other programs hold on to it: fields are added, never changed (`schema` counts otherwise).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::evaluate::check_host::{EvaluationError, Step, StepOutcome};
use crate::evaluate::dmarc_plan;
use crate::evaluate::flatten::{Flattened, Published};
use crate::evaluate::senders::{Coverage, Tristate};
use crate::evaluate::spf;
use crate::evidence::SpfTree;
use crate::finding::{Aspect, Edit, Finding, Publish, Severity, Waiver};
use crate::lang::{Lang, fill};
use crate::name::{Kind, Name};
use crate::receivers::{self, Outcome, Sender, Sure, Verdict, When};
use crate::records::spf::SpfResult;
use crate::report::bounce::{JsonBounce, json_bounce};
use crate::report::recipients::{JsonRecipient, json_recipient};
use crate::report::text::is_harmful;
use crate::report::{Counts, LockedAnswers, Report, SpfReport, ignored, words};
use crate::source::{SourceKind, Span};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    mailvet: &'static str,
    reports: Vec<JsonReport<'a>>,
    /// The documents that reasons name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    sources: BTreeMap<String, JsonSource<'a>>,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    subject: &'a str,
    /// The oldest day of the built-in answers in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<JsonLocked<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipients: Vec<JsonRecipient<'a>>,
    /// Only where the domain says so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    without_mail: bool,
    findings: Vec<JsonFinding<'a>>,
    verdicts: Vec<JsonVerdict<'a>>,
    first: Vec<JsonChange<'a>>,
    counts: Counts,
    senders: Vec<JsonSender>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    other_senders: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dmarc_plan: Vec<JsonStepToReject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spf: Option<JsonSpf<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounce: Option<JsonBounce<'a>>,
}

/// The answers of `mailvet.lock` in use: the day of the oldest, whether that is too long ago, and whether the lock held all
/// that was needed.
#[derive(Serialize)]
struct JsonLocked<'a> {
    oldest: &'a str,
    stale: bool,
    complete: bool,
}

/// A step on the way to a DMARC policy of `reject`: when, in words, and the TXT record to publish then.
#[derive(Serialize)]
struct JsonStepToReject<'a> {
    when: &'static str,
    owner: &'a str,
    record: &'a str,
}

/// Each answer is `yes`, `no` or `unknown`.
#[derive(Serialize)]
struct JsonSender {
    sender: String,
    inferred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
    spf: &'static str,
    aligned: &'static str,
    dkim: &'static str,
    dmarc: &'static str,
}

#[derive(Serialize)]
struct JsonSpf<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
    /// Why it is a "permerror" or "temperror".
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<&'a str>,
    lookups: usize,
    voids: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<JsonStep<'a>>,
    tree: Vec<JsonNode<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flattened: Option<JsonFlattened<'a>>,
}

#[derive(Serialize)]
struct JsonFlattened<'a> {
    /// Zone lines; the domain's own record is the first.
    records: Vec<String>,
    lookups: usize,
    kept: Vec<&'a str>,
    stale: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    domain: &'a str,
    depth: usize,
    term: &'a str,
    asked: Vec<String>,
    outcome: &'static str,
    spans: Vec<JsonSpan<'a>>,
}

/// A record of the tree; `parent` is its place in the list, `term` the term there that leads here.
#[derive(Serialize)]
struct JsonNode<'a> {
    domain: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<&'a str>,
    outcome: &'static str,
    records: Vec<&'a str>,
    /// Look-ups of this record and all below it.
    lookups: usize,
}

#[derive(Serialize)]
pub(super) struct JsonFinding<'a> {
    id: &'a str,
    severity: Severity,
    title: String,
    here: String,
    why: String,
    fix: String,
    references: &'a [&'a str],
    values: BTreeMap<&'a str, &'a str>,
    spans: Vec<JsonSpan<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    publish: Vec<JsonPublish<'a>>,
    /// Made all together, they mend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<JsonEdit<'a>>,
    /// The day of the built-in answers that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<&'static str>,
    /// It is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<JsonIgnored<'a>>,
}

/// Why it is not counted: `by` is "config", "comment" or "baseline".
#[derive(Serialize)]
struct JsonIgnored<'a> {
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// The last day on which it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'a str>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<JsonSpan<'a>>,
}

#[derive(Serialize)]
struct JsonSpan<'a> {
    source: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    record_type: Option<String>,
    line: usize,
    column: usize,
    start: usize,
    end: usize,
}

/// `text` in place of what stands from `line` and `column` to before `end_line` and `end_column`.
#[derive(Serialize)]
struct JsonEdit<'a> {
    source: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonPublish<'a> {
    owner: &'a str,
    #[serde(rename = "type")]
    record_type: String,
    host: String,
    value: &'a str,
    line: String,
}

#[derive(Serialize)]
struct JsonVerdict<'a> {
    receiver: &'a str,
    sender: Sender,
    outcome: Outcome,
    /// The outcome by aspect; null where the receiver publishes nothing about it, or nothing of it can be seen.
    aspects: BTreeMap<Aspect, Option<Outcome>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<&'a str>,
    because: Vec<&'a str>,
    /// The same with the documents they rest on.
    reasons: Vec<JsonReason<'a>>,
    unsure: Vec<&'a str>,
    unchecked: Vec<&'a str>,
}

/// `source` is a key of the document's `sources`.
#[derive(Serialize)]
struct JsonReason<'a> {
    finding: &'a str,
    source: String,
}

#[derive(Serialize)]
struct JsonSource<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    read: &'a str,
    sure: Sure,
}

/// One of the changes in the order in which they help most.
#[derive(Serialize)]
struct JsonChange<'a> {
    /// The ids of the findings it cures.
    findings: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    publish: Vec<JsonPublish<'a>>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    until_seen: Option<u32>,
    /// What it turns, given the changes before it.
    turns: Vec<JsonTurn<'a>>,
}

#[derive(Serialize)]
struct JsonTurn<'a> {
    receiver: &'a str,
    sender: Sender,
    from: Outcome,
    to: Outcome,
}

pub(super) fn write(reports: &[Report], lang: Lang) -> String {
    let document = Document {
        schema: 1,
        mailvet: env!("CARGO_PKG_VERSION"),
        reports: reports.iter().map(|report| json_report(report, lang)).collect(),
        sources: reports.iter().flat_map(|report| &report.verdicts).flat_map(json_sources).collect(),
    };
    to_text(&document)
}

pub(super) fn to_text(document: &impl Serialize) -> String {
    // Nothing in it can fail to be written: all keys are texts.
    escaped(&serde_json::to_string_pretty(document).unwrap_or_default()) + "\n"
}

/// RFC 8259 section 7 asks to escape only some control characters. People look at JSON on terminals, too: so all that is
/// harmful there is escaped, which stands nowhere but in strings, as one unit of UTF-16.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => out.push(c),
            _ if is_harmful(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

fn json_report(report: &Report, lang: Lang) -> JsonReport<'_> {
    JsonReport {
        subject: report.subject.as_str(),
        as_of: report.as_of,
        locked: report.locked.as_ref().map(json_locked),
        recipients: report.recipients.iter().map(json_recipient).collect(),
        without_mail: report.without_mail,
        findings: report.findings.iter().map(|finding| json_finding(finding, lang)).collect(),
        verdicts: report.verdicts.iter().map(|verdict| json_verdict(verdict, lang)).collect(),
        first: report.steps.iter().map(|step| json_change(step, &report.findings)).collect(),
        counts: report.counts(),
        senders: report.senders.iter().map(json_sender).collect(),
        other_senders: &report.other_senders,
        dmarc_plan: report.dmarc_plan.iter().map(|step| json_step_to_reject(step, lang)).collect(),
        spf: report.spf.as_ref().map(json_spf),
        bounce: report.bounce.as_ref().map(|told| json_bounce(report, told, lang)),
    }
}

fn json_locked(locked: &LockedAnswers) -> JsonLocked<'_> {
    JsonLocked { oldest: &locked.oldest, stale: locked.is_stale(), complete: locked.is_complete }
}

fn json_step_to_reject(step: &dmarc_plan::Step, lang: Lang) -> JsonStepToReject<'_> {
    JsonStepToReject { when: words::when(step.when).get(lang), owner: step.owner.as_str(), record: &step.value }
}

fn json_sender(coverage: &Coverage) -> JsonSender {
    let answer = |answer| match answer {
        Tristate::Yes => "yes",
        Tristate::No => "no",
        Tristate::Unknown => "unknown",
    };
    JsonSender {
        sender: coverage.sender.who.id(),
        inferred: coverage.sender.inferred,
        result: coverage.sender.spf.map(SpfResult::as_str),
        spf: answer(coverage.spf),
        aligned: answer(coverage.aligned),
        dkim: answer(coverage.dkim),
        dmarc: answer(coverage.dmarc),
    }
}

/// The counts are those of the evaluation where there is one, else of the whole tree.
fn json_spf(report: &SpfReport) -> JsonSpf<'_> {
    let evaluation = report.judged.as_ref().map(|(_, evaluation)| evaluation);
    JsonSpf {
        result: evaluation.map(|evaluation| evaluation.result.as_str()),
        error: evaluation.and_then(|evaluation| evaluation.error).map(EvaluationError::code),
        explanation: evaluation.and_then(|evaluation| evaluation.explanation.as_deref()),
        matched: evaluation.and_then(|evaluation| evaluation.matched.as_deref()),
        lookups: evaluation.map_or_else(|| spf::lookups(&report.tree), |evaluation| evaluation.lookups),
        voids: evaluation.map_or_else(|| spf::voids(&report.tree).len(), |evaluation| evaluation.voids),
        trace: evaluation.map(|evaluation| evaluation.trace.iter().map(json_step).collect()).unwrap_or_default(),
        tree: report.tree.nodes.iter().enumerate().map(|(number, _)| json_node(&report.tree, number)).collect(),
        flattened: report.flattened.as_ref().map(json_flattened),
    }
}

fn json_flattened(flattened: &Flattened) -> JsonFlattened<'_> {
    let line = |record: &Published| {
        Publish { owner: record.owner.clone(), kind: Kind::TXT, value: record.value.clone() }.line()
    };
    JsonFlattened {
        records: flattened.records.iter().map(line).collect(),
        lookups: flattened.lookups,
        kept: flattened.kept.iter().map(|kept| kept.term.as_str()).collect(),
        stale: flattened.stale.iter().map(Name::as_str).collect(),
        ttl: flattened.ttl,
    }
}

fn json_step(step: &Step) -> JsonStep<'_> {
    JsonStep {
        domain: step.domain.as_str(),
        depth: step.depth,
        term: &step.term,
        asked: step.asked.iter().map(ToString::to_string).collect(),
        outcome: match step.outcome {
            StepOutcome::Matched => "match",
            StepOutcome::NotMatched => "no-match",
            StepOutcome::Entered => "enter",
            StepOutcome::Failed(_) => "error",
        },
        spans: step.spans.iter().map(json_span).collect(),
    }
}

fn json_node(tree: &SpfTree, number: usize) -> JsonNode<'_> {
    let node = &tree.nodes[number];
    let term = node.parent.and_then(|(parent, term)| {
        let spf = tree.nodes.get(parent)?.asked.only()?;
        Some(spf.text(spf.terms.get(term)?))
    });
    JsonNode {
        domain: node.name.as_str(),
        parent: node.parent.map(|(parent, _)| parent),
        term,
        outcome: node.asked.answer.outcome.comment(),
        records: node.asked.found.iter().map(|spf| spf.txt.value.as_str()).collect(),
        lookups: spf::lookups_below(tree, number),
    }
}

pub(super) fn json_finding(finding: &Finding, lang: Lang) -> JsonFinding<'_> {
    let prose = finding.text.get(lang);
    let say = |text| fill(text, &finding.values, lang);
    JsonFinding {
        id: finding.id,
        severity: finding.severity,
        title: say(prose.title),
        here: say(prose.here),
        why: say(prose.why),
        fix: say(prose.fix),
        references: finding.references,
        values: finding.values.iter().map(|(name, value)| (*name, value.get(lang))).collect(),
        spans: finding.spans.iter().map(json_span).collect(),
        publish: finding.publish.iter().map(json_publish).collect(),
        edits: finding.edits.iter().map(json_edit).collect(),
        as_of: finding.as_of,
        ignored: finding.waiver.as_ref().map(|waiver| json_ignored(waiver, finding)),
    }
}

fn json_ignored<'a>(waiver: &'a Waiver, finding: &'a Finding) -> JsonIgnored<'a> {
    let (until, at) = match waiver {
        Waiver::Config { until, .. } => (until.as_deref(), None),
        Waiver::Comment { until, at, .. } => (until.as_deref(), Some(json_span(at))),
        Waiver::Baseline => (None, None),
    };
    JsonIgnored { by: ignored::id(waiver), reason: ignored::given_reason(finding), until, at }
}

fn json_span(span: &Span) -> JsonSpan<'_> {
    let position = span.position();
    JsonSpan {
        source: &span.source.name,
        kind: match span.source.kind {
            SourceKind::File => "file",
            SourceKind::Answer => "answer",
            SourceKind::Page => "page",
            SourceKind::Message => "message",
        },
        owner: span.record_set.as_ref().map(|set| set.name.as_str()),
        record_type: span.record_set.as_ref().map(|set| set.kind.to_string()),
        line: position.line,
        column: position.column,
        start: span.bytes.start,
        end: span.bytes.end,
    }
}

fn json_edit(edit: &Edit) -> JsonEdit<'_> {
    let (source, bytes) = (&edit.at.source, &edit.at.bytes);
    let (start, end) = (source.position(bytes.start), source.position(bytes.end));
    JsonEdit {
        source: &source.name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        start: bytes.start,
        end: bytes.end,
        text: &edit.text,
    }
}

fn json_publish(publish: &Publish) -> JsonPublish<'_> {
    JsonPublish {
        owner: publish.owner.as_str(),
        record_type: publish.kind.to_string(),
        host: publish.host(),
        value: &publish.value,
        line: publish.line(),
    }
}

fn json_change<'a>(step: &'a receivers::Step, findings: &'a [Finding]) -> JsonChange<'a> {
    let own = || step.findings.iter().filter_map(|place| findings.get(*place));
    let mut publish: Vec<&Publish> = Vec::new();
    for record in own().flat_map(|finding| &finding.publish) {
        if !publish.contains(&record) {
            publish.push(record);
        }
    }
    let turn = |turn: &receivers::Turn| JsonTurn {
        receiver: &turn.receiver.id,
        sender: turn.sender,
        from: turn.from,
        to: turn.to,
    };
    JsonChange {
        findings: own().map(|finding| finding.id).collect(),
        publish: publish.into_iter().map(json_publish).collect(),
        until_seen: step.until_seen,
        turns: step.turns.iter().map(turn).collect(),
    }
}

fn reasons<'a>(verdict: &Verdict) -> Vec<JsonReason<'a>> {
    let reason =
        |when: &&'static When| JsonReason { finding: &when.finding, source: source_key(verdict, &when.source) };
    verdict.because.iter().chain(&verdict.unsure).map(reason).collect()
}

fn source_key(verdict: &Verdict, source: &str) -> String {
    format!("{}/{source}", verdict.receiver.id)
}

fn json_sources<'a>(verdict: &'a Verdict) -> impl Iterator<Item = (String, JsonSource<'a>)> {
    let cited = verdict.because.iter().chain(&verdict.unsure);
    cited.filter_map(|when| {
        let source = verdict.receiver.source.iter().find(|source| source.id == when.source)?;
        let (title, url, read, sure) =
            (source.title.as_str(), source.url.as_deref(), source.read.as_str(), source.sure);
        Some((source_key(verdict, &source.id), JsonSource { title, url, read, sure }))
    })
}

fn json_verdict<'a>(verdict: &'a Verdict, lang: Lang) -> JsonVerdict<'a> {
    JsonVerdict {
        receiver: &verdict.receiver.id,
        sender: verdict.sender,
        outcome: verdict.outcome,
        aspects: Aspect::ALL.into_iter().zip(verdict.cells).collect(),
        reply: verdict.reply().map(|reply| reply.text.as_str()),
        because: ids(&verdict.because),
        reasons: reasons(verdict),
        unsure: ids(&verdict.unsure),
        unchecked: verdict.unchecked(lang).collect(),
    }
}

fn ids<'a>(lines: &[&'a crate::receivers::When]) -> Vec<&'a str> {
    let ids: BTreeSet<&str> = lines.iter().map(|when| when.finding.as_str()).collect();
    ids.into_iter().collect()
}

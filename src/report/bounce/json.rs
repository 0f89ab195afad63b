//! A bounce as JSON.

use serde::Serialize;

use crate::bounce::{Class, Fixer, Kind, Quoted, Refusal};
use crate::finding::Finding;
use crate::lang::Lang;
use crate::report::BounceReport;
use crate::report::bounce::groups;

/// What the first reply says stands in the bounce itself; where recipients got different ones, each stands in `each`.
#[derive(Serialize)]
pub(in crate::report) struct JsonBounce<'a> {
    name: &'a str,
    is_bounce: bool,
    kind: Kind,
    rechecked: bool,
    #[serde(flatten)]
    first: JsonRefusal<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    each: Vec<JsonRefusal<'a>>,
    original: JsonOriginal<'a>,
}

#[derive(Default, Serialize)]
struct JsonRefusal<'a> {
    recipients: Vec<&'a str>,
    receiver: Option<&'a str>,
    remote: Option<&'a str>,
    generator: Option<&'a str>,
    smtp: Option<String>,
    enhanced: Option<String>,
    reply: Option<&'a str>,
    /// The replies around it, such as the wrapper of a relay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_replies: Vec<&'a str>,
    class: Option<Class>,
    reason: Option<&'a str>,
    cause: Option<&'a str>,
    turn: Option<Fixer>,
    /// Does the reply say this much?
    certain: Option<bool>,
    says: Option<&'a str>,
    remedy: Option<&'a str>,
    /// The ids of the findings that explain it; only where the records were looked at.
    explained_by: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonOriginal<'a> {
    from: Option<&'a str>,
    mail_from: Option<&'a str>,
    sending_ip: Option<&'a str>,
    date: Option<&'a str>,
    signatures: Vec<JsonSignature<'a>>,
    authentication_results: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonSignature<'a> {
    domain: &'a str,
    selector: &'a str,
}

pub(in crate::report) fn json_bounce<'a>(told: &'a BounceReport, found: &'a [Finding], lang: Lang) -> JsonBounce<'a> {
    let bounce = &told.bounce;
    let mut each: Vec<JsonRefusal> =
        groups(&bounce.recipients).iter().map(|group| json_refusal(group, found, lang)).collect();
    let first = match each.len() {
        0 => JsonRefusal::default(),
        1 => each.remove(0),
        _ => groups(&bounce.recipients).first().map(|group| json_refusal(group, found, lang)).unwrap_or_default(),
    };
    let original = &bounce.original;
    let signature =
        |(domain, selector): &'a (Quoted, Quoted)| JsonSignature { domain: &domain.text, selector: &selector.text };
    JsonBounce {
        name: &told.name,
        is_bounce: bounce.kind.is_bounce(),
        kind: bounce.kind,
        rechecked: told.rechecked,
        first,
        each,
        original: JsonOriginal {
            from: text(&original.from),
            mail_from: text(&original.mail_from),
            sending_ip: text(&original.sending_ip),
            date: text(&original.date),
            signatures: original.signatures.iter().map(signature).collect(),
            authentication_results: original.authentication_results.iter().map(|it| it.text.as_str()).collect(),
        },
    }
}

fn json_refusal<'a>(group: &[&'a Refusal], found: &'a [Finding], lang: Lang) -> JsonRefusal<'a> {
    let Some(refusal) = group.first() else { return JsonRefusal::default() };
    let reply = refusal.replies.first();
    let meaning = refusal.cause.map(|cause| cause.meaning);
    let explained = refusal.explained_by(found).into_iter().filter_map(|place| found.get(place));
    let status = || refusal.status.as_ref().map(|status| status.text.clone());
    JsonRefusal {
        recipients: group.iter().filter_map(|refusal| text(&refusal.recipient)).collect(),
        receiver: refusal.family.map(|family| family.id.as_str()),
        remote: text(&refusal.remote),
        generator: text(&refusal.generator),
        smtp: reply.and_then(|reply| reply.smtp).map(|code| code.to_string()),
        enhanced: reply.and_then(|reply| reply.enhanced).map(|code| code.to_string()).or_else(status),
        reply: reply.map(|reply| reply.text.as_str()),
        other_replies: refusal.replies.iter().skip(1).map(|reply| reply.text.as_str()).collect(),
        class: meaning.map(|meaning| meaning.class),
        reason: meaning.map(|meaning| meaning.reason.as_str()),
        cause: refusal.cause.map(|cause| cause.id.as_str()),
        turn: meaning.map(|meaning| meaning.turn),
        certain: meaning.map(|meaning| meaning.is_certain),
        says: meaning.map(|meaning| meaning.says.get(lang)),
        remedy: meaning.map(|meaning| meaning.remedy.get(lang)),
        explained_by: explained.map(|finding| finding.id).collect(),
    }
}

fn text(quoted: &Option<Quoted>) -> Option<&str> {
    quoted.as_ref().map(|quoted| quoted.text.as_str())
}

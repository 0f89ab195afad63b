//! A bounce as JSON.

use serde::Serialize;

use std::net::IpAddr;

use crate::bounce::{self, Class, Explanation, Fixer, KeyToday, Kind, Quoted, Recheck, Refusal};
use crate::lang::Lang;
use crate::report::bounce::dns::explanation;
use crate::report::bounce::groups;
use crate::report::{BounceReport, Report};

/// What the first reply says stands in the bounce itself; where recipients got different ones, each stands in `each`.
#[derive(Serialize)]
pub(in crate::report) struct JsonBounce<'a> {
    name: &'a str,
    is_bounce: bool,
    kind: Kind,
    /// There is more in it than is read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    rechecked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    dns: Option<JsonRecheck<'a>>,
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
    /// Until when it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_until: Option<&'a str>,
    /// Only where the records were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
    /// The ids of the findings that explain it, or may.
    explained_by: Vec<&'a str>,
}

/// What DNS shows now beside the findings.
#[derive(Serialize)]
struct JsonRecheck<'a> {
    spf: Option<JsonSpfToday<'a>>,
    keys: Vec<JsonKeyToday<'a>>,
}

/// What SPF says of the address that sent.
#[derive(Serialize)]
struct JsonSpfToday<'a> {
    ip: IpAddr,
    provider: Option<&'a str>,
    domain: &'a str,
    result: &'static str,
}

/// Is there a key for the signature? Null where DNS did not tell.
#[derive(Serialize)]
struct JsonKeyToday<'a> {
    name: &'a str,
    is_there: Option<bool>,
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

pub(in crate::report) fn json_bounce<'a>(report: &'a Report, told: &'a BounceReport, lang: Lang) -> JsonBounce<'a> {
    let bounce = &told.bounce;
    let groups = groups(&bounce.recipients);
    let refusal = |group: &Vec<&'a Refusal>| json_refusal(group, report, told, lang);
    let first = groups.first().map(refusal).unwrap_or_default();
    let each = if groups.len() > 1 { groups.iter().map(refusal).collect() } else { Vec::new() };
    let original = &bounce.original;
    let signature =
        |(domain, selector): &'a (Quoted, Quoted)| JsonSignature { domain: &domain.text, selector: &selector.text };
    JsonBounce {
        name: &told.name,
        is_bounce: bounce.kind.is_bounce(),
        kind: bounce.kind,
        cut: bounce.is_cut,
        rechecked: told.recheck.is_some(),
        dns: told.recheck.as_ref().map(json_recheck),
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

fn json_recheck(recheck: &Recheck) -> JsonRecheck<'_> {
    let spf = recheck.spf.as_ref().map(|spf| JsonSpfToday {
        ip: spf.ip,
        provider: bounce::operator(spf.ip).map(|provider| provider.id.as_str()),
        domain: spf.domain.as_str(),
        result: spf.result.as_str(),
    });
    JsonRecheck { spf, keys: recheck.keys.iter().map(json_key).collect() }
}

fn json_key(key: &KeyToday) -> JsonKeyToday<'_> {
    JsonKeyToday { name: key.name.as_str(), is_there: key.is_there }
}

fn json_refusal<'a>(group: &[&'a Refusal], report: &'a Report, told: &BounceReport, lang: Lang) -> JsonRefusal<'a> {
    let Some(refusal) = group.first() else { return JsonRefusal::default() };
    let reply = refusal.replies.first();
    let meaning = refusal.cause.map(|cause| cause.meaning);
    let explained = told.explained_by(refusal, &report.findings);
    let mut explained_by: Vec<&str> =
        explained.into_iter().filter_map(|place| Some(report.findings.get(place)?.id)).collect();
    explained_by.dedup();
    JsonRefusal {
        recipients: group.iter().filter_map(|refusal| text(&refusal.recipient)).collect(),
        receiver: refusal.family.map(|family| family.id.as_str()),
        remote: text(&refusal.remote),
        generator: text(&refusal.generator),
        smtp: refusal.smtp().map(|code| code.to_string()),
        enhanced: refusal.enhanced().map(|code| code.to_string()),
        reply: reply.map(|reply| reply.text.as_str()),
        other_replies: refusal.replies.iter().skip(1).map(|reply| reply.text.as_str()).collect(),
        class: meaning.map(|meaning| meaning.class),
        reason: meaning.map(|meaning| meaning.reason.as_str()),
        cause: refusal.cause.map(|cause| cause.id.as_str()),
        turn: meaning.map(|meaning| meaning.turn),
        certain: meaning.map(|meaning| meaning.is_certain),
        says: meaning.map(|meaning| meaning.says.get(lang)),
        remedy: meaning.map(|meaning| meaning.remedy.get(lang)),
        retry_until: text(&refusal.retry_until),
        explanation: told.recheck.as_ref().map(|_| explanation(report, told, refusal)),
        explained_by,
    }
}

fn text(quoted: &Option<Quoted>) -> Option<&str> {
    quoted.as_ref().map(|quoted| quoted.text.as_str())
}

//! Answers and pages that were recorded, as JSON: each record is a zone line.

pub mod lock;

use std::collections::HashMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::dns::{Answer, Dns, Failure, Outcome, Record, Security};
use crate::name::{Kind, Name, Question};
use crate::source::{Source, SourceKind};
use crate::web::{self, Document, Page, Request, Url, Web};
use crate::zone::master;

/// The version of the file format.
const SCHEMA: u32 = 1;

/// A recorded run: what was asked, what was answered, and what for.
#[derive(Debug)]
pub struct Snapshot {
    /// When it was recorded (RFC 3339, UTC).
    pub taken_at: String,
    /// The domains that were looked at.
    pub domains: Vec<Name>,
    /// The DKIM selectors that were given.
    pub selectors: Vec<String>,
    /// The services that were named as senders: ids of providers, and addresses.
    pub via: Vec<String>,
    /// Which other DKIM selectors were tried: the word of the argument. Nothing in older snapshots: none.
    pub discovery: Option<String>,
    /// The domains that mail is sent to.
    pub recipients: Vec<Name>,
    answers: HashMap<Question, Answer>,
    pages: HashMap<Url, Page>,
}

/// Why a text is not a snapshot.
#[derive(Debug)]
pub enum SnapshotError {
    /// Not JSON, or not of this form.
    Json(serde_json::Error),
    /// Written by a later version.
    Schema(u32),
    /// A question, outcome, zone line or page in it cannot be read.
    Entry(String),
}

#[derive(Serialize, Deserialize)]
struct File {
    schema: u32,
    mailvet: String,
    taken_at: String,
    domains: Vec<Name>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    selectors: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    via: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discovery: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recipients: Vec<Name>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<PageEntry>,
    answers: Vec<Entry>,
}

/// What no zone file has.
#[derive(Deserialize)]
struct Form {
    #[serde(rename = "taken_at")]
    _taken_at: IgnoredAny,
    #[serde(rename = "answers")]
    _answers: IgnoredAny,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    question: String,
    outcome: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    records: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authenticated: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extended_error: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server: Option<String>,
}

/// A page: a failure, or a document with its content as text, or as Base64 where it is none.
#[derive(Serialize, Deserialize)]
struct PageEntry {
    url: Url,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redirects: Vec<Url>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<web::Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl Snapshot {
    /// A snapshot of these answers and pages.
    pub fn new(taken_at: String, domains: Vec<Name>, answers: Vec<Answer>, pages: Vec<Page>) -> Snapshot {
        let answers = answers.into_iter().map(|answer| (answer.question.clone(), answer)).collect();
        let pages = pages.into_iter().map(|page| (page.url.clone(), page)).collect();
        let (selectors, via, recipients) = (Vec::new(), Vec::new(), Vec::new());
        Snapshot { taken_at, domains, selectors, via, discovery: None, recipients, answers, pages }
    }

    /// Is it JSON of the form of a snapshot, of whatever version?
    pub fn is_of_form(text: &str) -> bool {
        serde_json::from_str::<Form>(text).is_ok()
    }

    /// All answers, in the order of the questions.
    pub fn answers(&self) -> Vec<&Answer> {
        let mut answers: Vec<&Answer> = self.answers.values().collect();
        answers.sort_by(|a, b| a.question.cmp(&b.question));
        answers
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// When the text is not a snapshot of this or an earlier version.
    pub fn read(text: &str) -> Result<Snapshot, SnapshotError> {
        let file: File = serde_json::from_str(text).map_err(SnapshotError::Json)?;
        if file.schema > SCHEMA {
            return Err(SnapshotError::Schema(file.schema));
        }
        let answers = file.answers.into_iter().map(read_entry).collect::<Result<_, _>>()?;
        let pages = file.pages.into_iter().map(read_page).collect::<Result<_, _>>()?;
        let snapshot = Snapshot::new(file.taken_at, file.domains, answers, pages);
        Ok(Snapshot {
            selectors: file.selectors,
            via: file.via,
            discovery: file.discovery,
            recipients: file.recipients,
            ..snapshot
        })
    }

    /// Writes the snapshot: one answer a line, in the order of the questions, so that two of them can be compared.
    pub fn write(&self) -> String {
        let entry = |answer: &&Answer| serde_json::to_string(&write_entry(answer)).unwrap_or_default();
        let entries: Vec<String> = self.answers().iter().map(entry).collect();
        let head = File {
            schema: SCHEMA,
            mailvet: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at: self.taken_at.clone(),
            domains: self.domains.clone(),
            selectors: self.selectors.clone(),
            via: self.via.clone(),
            discovery: self.discovery.clone(),
            recipients: self.recipients.clone(),
            pages: self.page_entries(),
            answers: Vec::new(),
        };
        let head = serde_json::to_string(&head).unwrap_or_default();
        format!("{}\n{}\n]}}\n", head.trim_end_matches("]}"), entries.join(",\n"))
    }

    fn page_entries(&self) -> Vec<PageEntry> {
        let mut pages: Vec<&Page> = self.pages.values().collect();
        pages.sort_by(|a, b| a.url.cmp(&b.url));
        pages.into_iter().map(write_page).collect()
    }
}

fn write_page(page: &Page) -> PageEntry {
    let document = page.document();
    let text = document.and_then(|document| std::str::from_utf8(&document.octets).ok());
    PageEntry {
        url: page.url.clone(),
        redirects: page.redirects.clone(),
        failure: page.failure().cloned(),
        content_type: document.and_then(|document| document.content_type.clone()),
        text: text.map(str::to_owned),
        base64: document.filter(|_| text.is_none()).map(|document| STANDARD.encode(&document.octets)),
    }
}

fn read_page(entry: PageEntry) -> Result<Page, SnapshotError> {
    let wrong = || SnapshotError::Entry(entry.url.to_string());
    let octets = match (entry.text, entry.base64) {
        (Some(text), None) => Some(text.into_bytes()),
        (None, Some(base64)) => Some(STANDARD.decode(base64).map_err(|_| wrong())?),
        _ => None,
    };
    let outcome = match (octets, entry.failure) {
        (Some(octets), None) => {
            let from = entry.redirects.last().unwrap_or(&entry.url);
            Ok(Document::new(from, entry.content_type, octets))
        }
        (None, Some(failure)) => Err(failure),
        _ => return Err(wrong()),
    };
    Ok(Page { url: entry.url, redirects: entry.redirects, outcome })
}

fn write_entry(answer: &Answer) -> Entry {
    Entry {
        question: answer.question.to_string(),
        outcome: answer.outcome.comment().to_owned(),
        aliases: answer.aliases.iter().map(Record::to_line).collect(),
        records: answer.records().iter().map(Record::to_line).collect(),
        authenticated: match answer.security {
            Security::Unknown => None,
            security => Some(security == Security::Secure),
        },
        extended_error: answer.extended_error,
        server: answer.server.clone(),
    }
}

fn read_entry(entry: Entry) -> Result<Answer, SnapshotError> {
    let wrong = || SnapshotError::Entry(entry.question.clone());
    let (name, kind) = entry.question.split_once(' ').ok_or_else(wrong)?;
    let name = Name::parse(name).map_err(|_| wrong())?;
    let question = Question { name, kind: kind.parse::<Kind>().map_err(|()| wrong())? };
    // One text for the whole answer, as a live answer has it.
    let text = entry.aliases.iter().chain(&entry.records).map(|line| format!("{line}\n")).collect::<String>();
    let zone = master::read(&Source::new(question.to_string(), text, SourceKind::Answer), Some(&Name::root()), None);
    if zone.records.len() != entry.aliases.len() + entry.records.len() {
        return Err(wrong());
    }
    let mut aliases = zone.records;
    let records = aliases.split_off(entry.aliases.len());
    let security = match entry.authenticated {
        None => Security::Unknown,
        Some(true) => Security::Secure,
        Some(false) => Security::Insecure,
    };
    let outcome = read_outcome(&entry.outcome, records).ok_or_else(wrong)?;
    let (extended_error, server) = (entry.extended_error, entry.server);
    Ok(Answer { aliases, security, extended_error, server, ..Answer::new(question, outcome) })
}

fn read_outcome(code: &str, records: Vec<Record>) -> Option<Outcome> {
    const FAILURES: [Failure; 8] = [
        Failure::Timeout,
        Failure::ServFail,
        Failure::Refused,
        Failure::Bogus,
        Failure::Unreachable,
        Failure::AliasLoop,
        Failure::Unreadable,
        Failure::NotAsked,
    ];
    match code {
        "NOERROR" if !records.is_empty() => Some(Outcome::Records(records.into())),
        "NODATA" => Some(Outcome::NoData),
        "NXDOMAIN" => Some(Outcome::NxDomain),
        _ => FAILURES.into_iter().find(|failure| failure.code() == code).map(Outcome::Failed),
    }
}

impl Dns for Snapshot {
    async fn ask(&self, question: &Question) -> Answer {
        self.answers.get(question).cloned().unwrap_or_else(|| Answer::failed(question, Failure::NotAsked))
    }
}

impl Web for Snapshot {
    async fn fetch(&self, request: &Request) -> Page {
        let recorded = self.pages.get(&request.url).cloned();
        recorded.unwrap_or_else(|| Page::failed(&request.url, web::Failure::NotAsked))
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::Json(error) => write!(f, "not a snapshot: {error}"),
            SnapshotError::Schema(version) => {
                write!(f, "the snapshot has schema {version}; this version of mailvet reads {SCHEMA}: update mailvet")
            }
            SnapshotError::Entry(question) => write!(f, "the answer to “{question}” in the snapshot cannot be read"),
        }
    }
}

impl std::error::Error for SnapshotError {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dns::zone::ZoneData;

    #[tokio::test]
    async fn what_is_written_is_read_back() {
        let text = "$ORIGIN a.test.\n@ 60 TXT \"v=spf1 \" \"-all\\160\"\nx CNAME y\ny TXT z\nd CNAME gone\n";
        let mut data = ZoneData::new();
        data.add(&Arc::new(master::read(&Source::new("a", text, SourceKind::File), None, None)));
        let names = ["a.test", "x.a.test", "d.a.test", "n.a.test", "other.test"];
        let questions: Vec<Question> =
            names.iter().map(|n| Question::new(&Name::parse(n).expect("name"), Kind::TXT)).collect();
        let answers: Vec<Answer> = questions.iter().map(|q| data.answer(q)).collect();
        let snapshot = Snapshot::new("2026-11-21T00:00:00Z".into(), vec![], answers.clone(), pages());
        let again = Snapshot::read(&snapshot.write()).expect("reads");
        assert_eq!(again.write(), snapshot.write());
        for answer in answers {
            let got = again.ask(&answer.question).await;
            assert_eq!(got.outcome.comment(), answer.outcome.comment());
            assert_eq!(got.aliases.len(), answer.aliases.len());
            let value = |a: &Answer| a.records().first().and_then(Record::txt).map(|t| t.value.clone());
            assert_eq!(value(&got), value(&answer));
        }
    }

    /// A text, octets that are none, and failures.
    fn pages() -> Vec<Page> {
        let url = |path: &str| Url::parse(&format!("https://a.test/{path}")).expect("a URL");
        let page = |path: &str, octets: &[u8]| Page {
            outcome: Ok(Document::new(&url(path), Some("text/plain".into()), octets.to_vec())),
            ..Page::failed(&url(path), web::Failure::Timeout)
        };
        let wrong_name = web::CertificateFault::WrongName(vec!["b.test".into()]);
        let failures = [web::Failure::Status(404), web::Failure::Certificate(wrong_name), web::Failure::NotAsked];
        let failed = failures.into_iter().enumerate().map(|(n, failure)| Page::failed(&url(&format!("f{n}")), failure));
        failed.chain([page("text", "ñ\r\n".as_bytes()), page("octets", b"\xff]}")]).collect()
    }

    #[tokio::test]
    async fn pages_are_read_back() {
        let again = Snapshot::read(&Snapshot::new(String::new(), vec![], vec![], pages()).write()).expect("reads");
        for page in pages() {
            let got = again.fetch(&Request::policy(page.url.clone())).await;
            assert_eq!(got.failure(), page.failure());
            assert_eq!(got.document().map(|it| &it.octets), page.document().map(|it| &it.octets));
            assert_eq!(got.document().map(|it| &it.content_type), page.document().map(|it| &it.content_type));
        }
    }

    #[tokio::test]
    async fn what_the_resolver_says_of_dnssec_is_kept() {
        let question = Question::new(&Name::root(), Kind::SOA);
        let failed = Answer::failed(&question, Failure::Bogus);
        let answer = Answer { security: Security::Secure, extended_error: Some(7), ..failed };
        let snapshot = Snapshot::new("2026-11-21T00:00:00Z".into(), vec![], vec![answer], vec![]);
        let got = Snapshot::read(&snapshot.write()).expect("reads").ask(&question).await;
        assert_eq!((got.failure(), got.security), (Some(Failure::Bogus), Security::Secure));
        assert_eq!(got.extended_error, Some(7));
    }

    #[test]
    fn what_is_no_snapshot() {
        let entry =
            r#"{"schema":1,"mailvet":"0","taken_at":"","domains":[],"answers":[{"question":"a TXT","outcome":"X"}]}"#;
        assert!(matches!(Snapshot::read("{}"), Err(SnapshotError::Json(_))));
        assert!(matches!(Snapshot::read(entry), Err(SnapshotError::Entry(_))));
        assert!(matches!(Snapshot::read(&entry.replace(":1", ":9")), Err(SnapshotError::Schema(9))));
    }
}

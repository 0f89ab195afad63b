//! `mailvet.lock`: what other people's names answered, and on which day, for zones that are checked without asking
//! anybody. It lies beside the zones in version control: one answer a line, and a line changes only when its answer does.

mod renewal;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Entry, PageEntry, SnapshotError, read_entry, read_page, write_entry, write_page};
use crate::dns::{Answer, Dns, Failure};
use crate::name::{Name, Question};
use crate::web::{self, Page, Request, Url, Web};

pub use renewal::{Kept, NotHad, Renewed, Run};

/// The version of the file format.
const SCHEMA: u32 = 1;

/// The lines that Git writes where it cannot merge.
const CONFLICT_MARKERS: [&str; 3] = ["<<<<<<< ", "=======", ">>>>>>> "];

/// The answers and pages that zones rest on and do not hold themselves.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// The day on which all was asked anew: that of most answers.
    day: String,
    /// The apexes of the zones.
    zones: BTreeSet<Name>,
    answers: BTreeMap<Question, Dated<Answer>>,
    pages: BTreeMap<Url, Dated<Page>>,
}

/// Something that was had on a day, such as `2026-11-22`.
#[derive(Clone, Debug)]
struct Dated<T> {
    day: String,
    value: T,
}

/// Why a text is not a lock.
#[derive(Debug)]
pub enum LockError {
    /// Git could not merge it: there is a marker on this line.
    Conflict(usize),
    /// Not JSON, or not of this form.
    Json(serde_json::Error),
    /// Written by a later version.
    Schema(u32),
    /// A question, outcome, zone line or page in it cannot be read.
    Entry(SnapshotError),
    /// A day in it is none.
    Day(String),
}

/// The file. The day in the head is that of all answers without one of their own.
#[derive(Serialize, Deserialize)]
struct File {
    lock: u32,
    day: String,
    zones: BTreeSet<Name>,
    #[serde(default)]
    pages: Vec<DatedEntry<PageEntry>>,
    answers: Vec<DatedEntry<Entry>>,
}

#[derive(Serialize, Deserialize)]
struct DatedEntry<E> {
    #[serde(flatten)]
    entry: E,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    day: Option<String>,
}

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// When the text is not a lock of this or an earlier version.
    pub fn read(text: &str) -> Result<Lock, LockError> {
        if let Some(line) = text.lines().position(is_conflict_marker) {
            return Err(LockError::Conflict(line + 1));
        }
        let file: File = serde_json::from_str(text).map_err(LockError::Json)?;
        if file.lock > SCHEMA {
            return Err(LockError::Schema(file.lock));
        }
        let day = |own: Option<String>| checked_day(own.unwrap_or_else(|| file.day.clone()));
        let mut lock = Lock { day: checked_day(file.day.clone())?, zones: file.zones, ..Lock::default() };
        for dated in file.answers {
            let (day, value) = (day(dated.day)?, read_entry(dated.entry).map_err(LockError::Entry)?);
            lock.answers.insert(value.question.clone(), Dated { day, value });
        }
        for dated in file.pages {
            let (day, value) = (day(dated.day)?, read_page(dated.entry).map_err(LockError::Entry)?);
            lock.pages.insert(value.url.clone(), Dated { day, value });
        }
        Ok(lock)
    }

    /// Writes the lock: one answer a line, in the order of the questions. The day of most stands in the head alone: asking
    /// all again changes that line, and the lines of the answers that are different.
    pub fn write(&self) -> String {
        let line = |dated: &Dated<Answer>| self.line(&dated.day, write_entry(&dated.value));
        let answers = list(self.answers.values().map(line));
        let pages = list(self.pages.values().map(|dated| self.line(&dated.day, write_page(&dated.value))));
        let zones = list(self.zones.iter().map(|zone| serde_json::to_string(zone).unwrap_or_default()));
        let head = format!("\"lock\":{SCHEMA},\n\"day\":\"{}\"", self.day);
        format!("{{\n{head},\n\"zones\":{zones},\n\"pages\":{pages},\n\"answers\":{answers}\n}}\n")
    }

    fn line<E: Serialize>(&self, day: &str, entry: E) -> String {
        let day = (day != self.day).then(|| day.to_owned());
        serde_json::to_string(&DatedEntry { entry, day }).unwrap_or_default()
    }

    /// The day on which all was asked anew.
    pub fn day(&self) -> &str {
        &self.day
    }

    /// How many answers and pages there are.
    pub fn count(&self) -> usize {
        self.answers.len() + self.pages.len()
    }

    /// The oldest day of the answers to these questions and of these pages.
    pub fn oldest<'l>(&'l self, questions: &[Question], urls: &[Url]) -> Option<&'l str> {
        let answers = questions.iter().filter_map(|question| Some(self.answers.get(question)?.day.as_str()));
        answers.chain(urls.iter().filter_map(|url| Some(self.pages.get(url)?.day.as_str()))).min()
    }

    /// The zones that it is for and that are not among these.
    pub fn other_zones<'l>(&'l self, zones: &BTreeSet<Name>) -> Vec<&'l Name> {
        self.zones.iter().filter(|zone| !zones.contains(*zone)).collect()
    }
}

fn is_conflict_marker(line: &str) -> bool {
    CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker))
}

/// RFC 3339 section 5.6: `full-date = date-fullyear "-" date-month "-" date-mday`.
fn checked_day(day: String) -> Result<String, LockError> {
    let form = |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    if day.len() == 10 && day.bytes().enumerate().all(form) { Ok(day) } else { Err(LockError::Day(day)) }
}

/// A list in JSON with one item a line.
fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", items.join(",\n")) }
}

impl Dns for Lock {
    async fn ask(&self, question: &Question) -> Answer {
        let locked = self.answers.get(question).map(|dated| dated.value.clone());
        locked.unwrap_or_else(|| Answer::failed(question, Failure::NotAsked))
    }
}

impl Web for Lock {
    async fn fetch(&self, request: &Request) -> Page {
        let locked = self.pages.get(&request.url).map(|dated| dated.value.clone());
        locked.unwrap_or_else(|| Page::failed(&request.url, web::Failure::NotAsked))
    }
}

impl LockError {
    /// The line that is at fault, from 1, where it is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            LockError::Conflict(line) => Some(*line),
            LockError::Json(error) => Some(error.line()),
            _ => None,
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ANEW: &str = "delete the file and run `mailvet lock` on your zones";
        match self {
            LockError::Conflict(_) => f.write_str(
                "a mark of a merge conflict: take the file of either side, and run `mailvet lock` on your zones to add what \
                 it lacks",
            ),
            LockError::Json(error) => write!(
                f,
                "not a lock of mailvet ({error}): name the lock with --lock; if this is one that broke, delete it and run \
                 `mailvet lock` again"
            ),
            LockError::Schema(version) => {
                write!(f, "the lock has schema {version}; this version of mailvet reads {SCHEMA}: update mailvet")
            }
            LockError::Entry(SnapshotError::Entry(what)) => {
                write!(f, "the answer to “{what}” in the lock cannot be read: {ANEW}")
            }
            LockError::Entry(error) => write!(f, "{error}"),
            LockError::Day(day) => write!(f, "“{day}” in the lock is no day such as 2026-11-22: {ANEW}"),
        }
    }
}

impl std::error::Error for LockError {}

//! `mailvet.lock`: what other people's names answered, and on which day, for zones that are checked without asking
//! anybody. It lies beside the zones in version control: one answer a line, and a line changes only when its answer does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Entry, PageEntry, SnapshotError, read_entry, read_page, write_entry, write_page};
use crate::dns::{Answer, Dns, Failure, Outcome, Security};
use crate::name::{Kind, Name, Question};
use crate::web::{self, Page, Request, Url, Web};

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

/// What was asked in a run, and when.
#[derive(Debug)]
pub struct Run {
    /// The day of the answers, such as `2026-11-22`.
    pub day: String,
    /// The apexes of the zones.
    pub zones: BTreeSet<Name>,
    /// All that was answered, be it by the old lock.
    pub answers: Vec<Answer>,
    /// The same of pages.
    pub pages: Vec<Page>,
    /// Was everything asked anew? Else the old lock answered what it could.
    pub anew: bool,
}

/// A new lock, and what became of the old one.
#[derive(Debug)]
pub struct Renewed {
    /// The lock.
    pub lock: Lock,
    /// How many answers and pages are in it that were not in the old one.
    pub added: usize,
    /// How many were left out because no zone needs them any more.
    pub dropped: usize,
    /// How many stay although nobody asked for them in this run: zones that were not named may need them.
    pub untouched: usize,
    /// What was answered differently before, with the answer now; by question.
    pub changed: Vec<(Answer, Answer)>,
    /// The pages that were different before.
    pub changed_pages: Vec<Url>,
    /// What could not be had.
    pub failed: Vec<NotHad>,
}

/// A question that nobody answered, or a page that could not be fetched.
#[derive(Debug)]
pub struct NotHad {
    /// What was asked for.
    pub what: String,
    /// Why there is no answer, in the terms of the protocol.
    pub why: String,
    /// The day of the old answer that stays, if there is one.
    pub kept: Option<String>,
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
    pub fn len(&self) -> usize {
        self.answers.len() + self.pages.len()
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

    /// What need not be asked again: all but the failures, which may be over by now, and the root, which tells no more than
    /// whether the resolver of today validates DNSSEC.
    pub fn kept(&self) -> Kept<'_> {
        Kept(self)
    }

    /// The lock after a run. An answer that says the same as before stays as it is written, and a failure never takes the
    /// place of an answer. What was not asked for in the run is dropped, unless there are zones in the lock that were not in
    /// the run: they may need it.
    pub fn renewed(&self, run: Run) -> Renewed {
        let is_whole = self.zones.is_subset(&run.zones);
        let mut renewal = Renewal { drops: is_whole, ..Renewal::on(&run.day, run.anew) };
        let (answers, changed) = renewal.of(&self.answers, normalized(run.answers));
        let (pages, changed_pages) = renewal.of(&self.pages, run.pages);
        let zones =
            self.zones.union(&run.zones).filter(|zone| !is_whole || run.zones.contains(*zone)).cloned().collect();
        let day = if run.anew || self.day.is_empty() { &run.day } else { &self.day }.clone();
        let changed_pages = changed_pages.into_iter().map(|(_, page)| page.url).collect();
        let Renewal { added, dropped, untouched, failed, .. } = renewal;
        Renewed { lock: Lock { day, zones, answers, pages }, added, dropped, untouched, changed, changed_pages, failed }
    }
}

/// A renewal on its way.
struct Renewal<'d> {
    day: &'d str,
    anew: bool,
    drops: bool,
    added: usize,
    dropped: usize,
    untouched: usize,
    failed: Vec<NotHad>,
}

/// What a lock holds: answers and pages.
trait Entrant: Clone {
    type Key: Ord + Clone + fmt::Display;
    fn key(&self) -> &Self::Key;
    /// Why it could not be had, in the terms of the protocol; a failure of which nothing is known later.
    fn failure(&self) -> Option<String>;
    /// Did nobody even ask?
    fn is_not_asked(&self) -> bool;
    /// Is there nothing new in what came later?
    fn says_the_same(&self, now: &Self) -> bool;
}

/// Entries by their keys, and those that were different before with what they are now.
type Entries<T> = (BTreeMap<<T as Entrant>::Key, Dated<T>>, Vec<(T, T)>);

impl<'d> Renewal<'d> {
    fn on(day: &'d str, anew: bool) -> Renewal<'d> {
        Renewal { day, anew, drops: false, added: 0, dropped: 0, untouched: 0, failed: Vec::new() }
    }

    fn of<T: Entrant>(&mut self, old: &BTreeMap<T::Key, Dated<T>>, new: Vec<T>) -> Entries<T> {
        let mut rest: BTreeMap<&T::Key, &Dated<T>> = old.iter().collect();
        let (mut entries, mut changed) = (BTreeMap::new(), Vec::new());
        for value in new {
            let before = rest.remove(value.key());
            if let Some(entry) = self.entry(before, &value) {
                if let Some(before) = before.filter(|before| !before.value.says_the_same(&entry.value)) {
                    changed.push((before.value.clone(), entry.value.clone()));
                }
                entries.insert(value.key().clone(), entry);
            }
        }
        match self.drops {
            true => self.dropped += rest.len(),
            false => {
                self.untouched += rest.len();
                entries.extend(rest.into_iter().map(|(key, entry)| (key.clone(), entry.clone())));
            }
        }
        (entries, changed)
    }

    /// What to write of an answer, with what was written before; nothing where there is none.
    fn entry<T: Entrant>(&mut self, before: Option<&Dated<T>>, now: &T) -> Option<Dated<T>> {
        let failure = now.failure();
        let kept = before.filter(|before| failure.is_some() && before.value.failure().is_none());
        if let Some(why) = &failure {
            let kept = kept.map(|kept| kept.day.clone());
            self.failed.push(NotHad { what: now.key().to_string(), why: why.clone(), kept });
        }
        match (kept, before) {
            (Some(kept), _) => Some(kept.clone()),
            _ if now.is_not_asked() => None,
            (None, Some(before)) if before.value.says_the_same(now) => {
                let day = if self.anew || failure.is_some() { self.day.to_owned() } else { before.day.clone() };
                Some(Dated { day, value: before.value.clone() })
            }
            (None, before) => {
                self.added += usize::from(before.is_none());
                Some(Dated { day: self.day.to_owned(), value: now.clone() })
            }
        }
    }
}

impl Entrant for Answer {
    type Key = Question;
    fn key(&self) -> &Question {
        &self.question
    }
    fn failure(&self) -> Option<String> {
        Answer::failure(self).map(|failure| failure.code().to_owned())
    }
    fn is_not_asked(&self) -> bool {
        Answer::failure(self) == Some(Failure::NotAsked)
    }
    /// A resolver that does not validate DNSSEC has no news of it.
    fn says_the_same(&self, now: &Answer) -> bool {
        let has_news = now.security != Security::Unknown && now.security != self.security;
        !has_news && Answer::says_the_same(self, now)
    }
}

impl Entrant for Page {
    type Key = Url;
    fn key(&self) -> &Url {
        &self.url
    }
    /// What a web server says, or how it fails to prove itself, is an answer.
    fn failure(&self) -> Option<String> {
        use web::Failure::{NotAsked, NotResolved, Timeout, Unreachable};
        let failure = Page::failure(self).filter(|why| matches!(why, NotAsked | NotResolved | Timeout | Unreachable));
        failure.map(web::Failure::comment)
    }
    fn is_not_asked(&self) -> bool {
        Page::failure(self) == Some(&web::Failure::NotAsked)
    }
    fn says_the_same(&self, now: &Page) -> bool {
        let is_same = match (&self.outcome, &now.outcome) {
            (Ok(before), Ok(now)) => (&before.octets, &before.content_type) == (&now.octets, &now.content_type),
            (before, now) => before.as_ref().err() == now.as_ref().err(),
        };
        is_same && self.redirects == now.redirects
    }
}

/// Answers as they are locked: the same whoever asked, so that the file tells nothing of a network. That the AD bit is not
/// set counts only from a server that validates DNSSEC, which is one that sets it for the root.
fn normalized(answers: Vec<Answer>) -> Vec<Answer> {
    let root = answers.iter().find(|answer| is_root(&answer.question) && answer.security == Security::Secure);
    let validator = root.map(|root| root.server.clone());
    let normal = |answer: Answer| {
        let is_hearsay = answer.security == Security::Insecure && validator.as_ref() != Some(&answer.server);
        // What the old lock answered has been weighed before.
        let is_new = answer.server.is_some();
        let security = if is_hearsay && is_new { Security::Unknown } else { answer.security };
        let outcome = match answer.outcome {
            Outcome::Records(records) => {
                let mut records = records.to_vec();
                records.sort_by(|a, b| a.data_text().cmp(b.data_text()));
                Outcome::Records(records.into())
            }
            other => other,
        };
        Answer { outcome, security, server: None, ..answer }
    };
    answers.into_iter().map(normal).collect()
}

fn is_root(question: &Question) -> bool {
    question.name.is_root() && question.kind == Kind::SOA
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

/// What of a lock need not be asked again: see [`Lock::kept`].
#[derive(Clone, Copy, Debug)]
pub struct Kept<'l>(&'l Lock);

impl Dns for Kept<'_> {
    async fn ask(&self, question: &Question) -> Answer {
        let answer = self.0.ask(question).await;
        match answer.failure().is_some() || is_root(question) {
            true => Answer::failed(question, Failure::NotAsked),
            false => answer,
        }
    }
}

impl Web for Kept<'_> {
    async fn fetch(&self, request: &Request) -> Page {
        let page = self.0.fetch(request).await;
        if Entrant::failure(&page).is_some() { Page::failed(&request.url, web::Failure::NotAsked) } else { page }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Record;
    use crate::source::{Source, SourceKind};
    use crate::web::Document;
    use crate::zone::master;

    fn question(text: &str) -> Question {
        let (name, kind) = text.split_once(' ').expect("a name and a type");
        Question::new(&Name::parse(name).expect("a name"), kind.parse().expect("a type"))
    }

    /// What a server answers with these lines of data.
    fn answer(asked: &str, ttl: u32, data: &[&str]) -> Answer {
        let question = question(asked);
        let text: String =
            data.iter().map(|data| format!("{} {ttl} {} {data}\n", question.name.absolute(), question.kind)).collect();
        let source = Source::new(asked, text, SourceKind::Answer);
        let records: Vec<Record> = master::read(&source, Some(&Name::root()), None).records;
        let outcome = if records.is_empty() { Outcome::NoData } else { Outcome::Records(records.into()) };
        Answer { server: Some("192.0.2.1:53".to_owned()), ..Answer::new(question, outcome) }
    }

    fn page(status: Result<&str, web::Failure>) -> Page {
        let url = Url::parse("https://mta-sts.a.test/.well-known/mta-sts.txt").expect("a URL");
        let document = |text: &str| Document::new(&url, None, text.as_bytes().to_vec());
        Page { outcome: status.map(document), ..Page::failed(&url, web::Failure::NotAsked) }
    }

    fn run(day: &str, anew: bool, answers: Vec<Answer>, pages: Vec<Page>) -> Run {
        Run { day: day.to_owned(), zones: BTreeSet::from([Name::root()]), answers, pages, anew }
    }

    fn first(answers: Vec<Answer>, pages: Vec<Page>) -> Lock {
        Lock::default().renewed(run("2026-11-01", false, answers, pages)).lock
    }

    #[test]
    fn what_is_written_is_read_back() {
        let answers = vec![answer("b.test TXT", 60, &["\"ñ\\160\""]), answer("a.test MX", 60, &["20 x.", "10 y."])];
        let lock = first(answers, vec![page(Ok("version: STSv1\n"))]);
        let later = lock.renewed(run("2026-11-02", false, vec![answer("c.test A", 60, &[])], Vec::new())).lock;
        for lock in [Lock::default(), lock, later] {
            let text = lock.write();
            if !lock.is_empty() {
                assert_eq!(Lock::read(&text).expect("a lock").write(), text);
            }
        }
    }

    #[test]
    fn order_and_time_to_live_are_no_change() {
        let lock = first(vec![answer("a.test MX", 300, &["10 y.test.", "20 x.test."])], Vec::new());
        let same = answer("a.test MX", 17, &["20 x.test.", "10 y.test."]);
        let renewed = lock.renewed(run("2026-12-01", true, vec![same], Vec::new()));
        assert!(renewed.changed.is_empty());
        assert_eq!(renewed.lock.write(), lock.write().replace("2026-11-01", "2026-12-01"));
        let other = answer("a.test MX", 300, &["10 y.test.", "20 z.test."]);
        assert_eq!(lock.renewed(run("2026-12-01", true, vec![other], Vec::new())).changed.len(), 1);
    }

    #[test]
    fn a_page_that_cannot_be_had_does_not_take_the_place_of_one() {
        let lock = first(Vec::new(), vec![page(Ok("version: STSv1\n"))]);
        let renew = |page| lock.renewed(run("2026-12-01", true, Vec::new(), vec![page]));
        for failure in
            [web::Failure::Timeout, web::Failure::Unreachable, web::Failure::NotResolved, web::Failure::NotAsked]
        {
            let renewed = renew(page(Err(failure)));
            assert_eq!(renewed.failed[0].kept.as_deref(), Some("2026-11-01"));
            assert_eq!(renewed.changed_pages.len(), 0);
            assert!(renewed.lock.write().contains("STSv1"));
        }
        // That there is no such page is what the server says.
        let renewed = renew(page(Err(web::Failure::Status(404))));
        assert_eq!((renewed.failed.len(), renewed.changed_pages.len()), (0, 1));
        assert!(!renewed.lock.write().contains("STSv1"));
    }

    #[tokio::test]
    async fn failures_and_the_root_are_not_kept() {
        let failed = Answer::failed(&question("a.test A"), Failure::Timeout);
        let root = Answer { security: Security::Secure, ..answer(". SOA", 60, &["a. b. 1 2 3 4 5"]) };
        let lock = first(vec![failed, root, answer("b.test A", 60, &["192.0.2.1"])], Vec::new());
        for (asked, is_kept) in [("a.test A", false), (". SOA", false), ("b.test A", true), ("c.test A", false)] {
            let kept = lock.kept().ask(&question(asked)).await;
            assert_eq!(kept.failure() != Some(Failure::NotAsked), is_kept, "{asked}");
        }
        assert_eq!(lock.ask(&question("a.test A")).await.failure(), Some(Failure::Timeout));
    }

    #[tokio::test]
    async fn only_a_validator_is_believed_that_there_is_no_dnssec() {
        let tlsa = || Answer { security: Security::Insecure, ..answer("a.test TLSA", 60, &["3 1 1 00"]) };
        let root = Answer { security: Security::Secure, ..answer(". SOA", 60, &["a. b. 1 2 3 4 5"]) };
        let security = async |lock: &Lock| lock.ask(&question("a.test TLSA")).await.security;
        let validated = first(vec![tlsa(), root.clone()], Vec::new());
        assert_eq!(security(&validated).await, Security::Insecure);
        let by_another = Answer { server: Some("192.0.2.2:53".to_owned()), ..tlsa() };
        assert_eq!(security(&first(vec![by_another, root], Vec::new())).await, Security::Unknown);
        assert_eq!(security(&first(vec![tlsa()], Vec::new())).await, Security::Unknown);
        // Once it is weighed it stays.
        let again = validated.kept().ask(&question("a.test TLSA")).await;
        let renewed = validated.renewed(run("2026-11-02", false, vec![again], Vec::new())).lock;
        assert_eq!(security(&renewed).await, Security::Insecure);
        // Who does not validate has no news, who does has.
        let unknown = first(vec![tlsa()], Vec::new());
        let of = |security| Answer { security, ..tlsa() };
        let renew = |lock: &Lock, answer| lock.renewed(run("2026-11-02", true, vec![answer], Vec::new())).lock;
        assert_eq!(security(&renew(&validated, tlsa())).await, Security::Insecure);
        assert_eq!(security(&renew(&unknown, of(Security::Secure))).await, Security::Secure);
    }
}

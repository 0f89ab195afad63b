//! What becomes of a lock when all that zones rest on was asked for again, or what was missing in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Dated, Lock};
use crate::dns::{Answer, Dns, Failure, Outcome, Security};
use crate::name::{Kind, Name, Question};
use crate::web::{self, Page, Request, Url, Web};

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

impl Lock {
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
        let zones = self.zones.union(&run.zones).cloned().collect();
        let day = if run.anew || self.day.is_empty() { &run.day } else { &self.day }.clone();
        let changed_pages = changed_pages.into_iter().map(|(_, page)| page.url).collect();
        let Renewal { added, dropped, untouched, failed, .. } = renewal;
        Renewed { lock: Lock { day, zones, answers, pages }, added, dropped, untouched, changed, changed_pages, failed }
    }
}

/// What of a lock need not be asked again: see [`Lock::kept`].
#[derive(Clone, Copy, Debug)]
pub struct Kept<'l>(&'l Lock);

impl Dns for Kept<'_> {
    async fn ask(&self, question: &Question) -> Answer {
        let answer = self.0.ask(question).await;
        match Entrant::failure(&answer).is_some() || is_root(question) {
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
    /// Aliases in a circle are what the servers say.
    fn failure(&self) -> Option<String> {
        let failure = Answer::failure(self).filter(|failure| *failure != Failure::AliasLoop);
        failure.map(|failure| failure.code().to_owned())
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
        assert_eq!((lock.count(), later.count()), (3, 1));
        for text in [lock.write(), later.write()] {
            assert_eq!(Lock::read(&text).expect("a lock").write(), text);
        }
    }

    #[test]
    fn order_and_time_to_live_are_no_change() {
        let lock = first(vec![answer("a.test MX", 300, &["10 y.test.", "20 x.test."])], Vec::new());
        let same = answer("a.test MX", 17, &["20 x.test.", "10 y.test."]);
        let renewed = lock.renewed(run("2026-12-01", true, vec![same], Vec::new()));
        assert!(renewed.changed.is_empty());
        assert_eq!(renewed.lock.write(), lock.write().replace("2026-11-01", "2026-12-01"));
        let anew = first(vec![answer("a.test MX", 300, &["20 x.test.", "10 y.test."])], Vec::new());
        assert_eq!(anew.write(), lock.write(), "whichever came first");
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
        let circle = Answer::failed(&question("d.test A"), Failure::AliasLoop);
        let root = Answer { security: Security::Secure, ..answer(". SOA", 60, &["a. b. 1 2 3 4 5"]) };
        let lock = first(vec![failed, circle, root, answer("b.test A", 60, &["192.0.2.1"])], Vec::new());
        for (asked, is_kept) in
            [("a.test A", false), (". SOA", false), ("b.test A", true), ("c.test A", false), ("d.test A", true)]
        {
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

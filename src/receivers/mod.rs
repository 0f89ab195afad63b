//! What receivers will do: their published rules as tables in TOML, one file each, and a look-up in them.
//!
//! No opinion of ours has a place here, and no condition: "neither SPF nor DKIM" is a rule of its own.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize};

use crate::finding::{Aspect, Finding, Severity, aspects};
use crate::lang::{Lang, Phrase};
use crate::name::Name;
use crate::providers;

mod first;
mod recipient;

pub use first::{Step, Turn, first};
pub use recipient::{Behind, Operator, Place, Recipient, Sign, receivers_of};

const FILES: [&str; 3] = [include_str!("yahoo.toml"), include_str!("gmail.toml"), include_str!("outlook.toml")];

/// A receiver and what it publishes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// Stable id, such as `yahoo`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Most people write to its mailboxes: it is judged unless others are asked for.
    #[serde(default)]
    pub prominent: bool,
    /// Who counts as a bulk sender.
    pub bulk: Bulk,
    /// The documents that everything here rests on.
    pub source: Vec<Source>,
    /// Its mailboxes.
    pub mailboxes: Vec<Mailboxes>,
    /// What it replies when it refuses.
    pub reply: Vec<Reply>,
    /// What it does about each finding.
    #[serde(deserialize_with = "one_line_each")]
    pub when: Vec<When>,
    /// What it asks for and DNS cannot show.
    #[serde(default)]
    pub unchecked: Vec<Unchecked>,
}

/// Who counts as a bulk sender.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// How much mail that is.
    pub text: Phrase,
    /// The document that says so, by its id.
    pub source: String,
}

/// Mailboxes of a receiver.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailboxes {
    /// Their domains.
    pub domains: Vec<String>,
    /// Patterns of their MX hosts: how a hosted domain is recognised.
    #[serde(default)]
    pub mx: Vec<String>,
    /// The document that says so, by its id.
    pub source: String,
}

/// A reply to mail that is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// What `when.reply` names.
    pub id: String,
    /// Its words, as far as they are the same for all mail.
    pub text: String,
    /// The document that quotes it, by its id.
    pub source: String,
}

/// Something that a receiver asks for and DNS cannot show.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unchecked {
    /// What it is.
    pub text: Phrase,
    /// Of whom it is asked.
    pub sender: Sender,
    /// The document that says so, by its id.
    pub source: String,
}

/// A document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What `source` names everywhere else.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it stands, if there is such a place.
    #[serde(default)]
    pub url: Option<String>,
    /// The day of the copy that was read, else the day it was read.
    pub read: String,
    /// How sure it is.
    #[serde(default)]
    pub sure: Sure,
}

/// How sure a source is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// The receiver's own words.
    #[default]
    Official,
    /// Somebody else's account of it.
    ThirdParty,
    /// What people in the field remember; no text was at hand.
    Memory,
}

/// What a receiver does about one finding.
#[derive(Debug)]
pub struct When {
    /// The rule's id.
    pub finding: String,
    /// For whose mail.
    pub sender: Sender,
    /// What it does.
    pub then: Outcome,
    /// What it replies, by the id of the reply, where it is known.
    pub reply: Option<String>,
    /// The document that says so, by its id.
    pub source: String,
}

/// `[[when]]` as it stands in a file: for several findings at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhenAny {
    findings: Vec<String>,
    sender: Sender,
    then: Outcome,
    #[serde(default)]
    reply: Option<String>,
    source: String,
}

/// Whose mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// Everyone's.
    Everyone,
    /// That of those who send much; what holds for everyone holds for them, too.
    Bulk,
}

/// What a receiver will do, from nothing to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing objected. It does not mean "accepted": there is more than DNS.
    Nothing,
    /// It may count against the mail.
    Risk,
    /// Not seen well enough to tell.
    Unsure,
    /// To the spam folder.
    Junk,
    /// Put off: "try again later", and in the end returned.
    Defer,
    /// Refused.
    Reject,
}

/// What one receiver will do with the mail of one kind of sender.
#[derive(Debug)]
pub struct Verdict {
    /// The receiver.
    pub receiver: &'static Receiver,
    /// Whose mail.
    pub sender: Sender,
    /// The worst of all that applies.
    pub outcome: Outcome,
    /// The same for each of [`Aspect::ALL`]; nothing where the receiver publishes nothing about it, or where nothing of
    /// it is to be seen.
    pub cells: [Option<Outcome>; 6],
    /// The lines of the table that lead to that outcome; the others are left out.
    pub because: Vec<&'static When>,
    /// Findings that leave something open, beside the outcome.
    pub unsure: Vec<&'static When>,
}

/// All receivers.
pub fn all() -> &'static [Receiver] {
    static ALL: OnceLock<Vec<Receiver>> = OnceLock::new();
    ALL.get_or_init(|| FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect())
}

/// The receiver with this id, or the one whose mailboxes have this domain.
pub fn by_name(name: &str) -> Option<&'static Receiver> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let domain = name.rsplit_once('@').map_or(name.as_str(), |(_, domain)| domain);
    all().iter().find(|receiver| {
        receiver.id == name || receiver.mailboxes.iter().flat_map(|boxes| &boxes.domains).any(|own| own == domain)
    })
}

/// The receiver that an MX host belongs to.
pub fn by_mx(host: &Name) -> Option<&'static Receiver> {
    all().iter().find(|receiver| {
        receiver.mailboxes.iter().flat_map(|boxes| &boxes.mx).any(|pattern| providers::matches(pattern, host))
    })
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// Of what anything is to be seen at all: of the others no finding means nothing.
    pub seen: &'a [Aspect],
}

/// What these receivers will do with the mail of these senders: receiver by receiver, and in each the senders in turn.
pub fn judge(receivers: &[&'static Receiver], senders: &[Sender], case: Case) -> Vec<Verdict> {
    receivers.iter().flat_map(|receiver| senders.iter().map(|sender| verdict(receiver, *sender, case))).collect()
}

fn verdict(receiver: &'static Receiver, sender: Sender, case: Case) -> Verdict {
    let lines: Vec<(&When, &Finding)> = lines_for(receiver, sender, case.findings).collect();
    let outcome = worst(lines.iter().copied());
    let cells = Aspect::ALL.map(|aspect| {
        let own: Vec<_> = lines.iter().filter(|(_, finding)| finding.aspects().contains(&aspect)).copied().collect();
        let has_fault =
            || case.findings.iter().any(|it| it.severity > Severity::Advice && it.aspects().contains(&aspect));
        // A fault that the receiver says nothing of is not fine.
        let is_fine = || case.seen.contains(&aspect) && receiver.weighs(aspect, sender) && !has_fault();
        let is_judged = !own.is_empty() || is_fine();
        is_judged.then(|| worst(own.into_iter()))
    });
    let mut whens: Vec<&When> = lines.into_iter().map(|(when, _)| when).collect();
    whens.dedup_by(|a, b| std::ptr::eq(*a, *b));
    let (unsure, rest): (Vec<_>, Vec<_>) = whens.into_iter().partition(|when| when.then == Outcome::Unsure);
    let because = rest.into_iter().filter(|when| when.then == outcome).collect();
    Verdict { receiver, sender, outcome, cells, because, unsure }
}

/// The lines of a receiver that apply, each with the finding that it applies to.
fn lines_for<'a>(
    receiver: &'static Receiver,
    sender: Sender,
    findings: &'a [Finding],
) -> impl Iterator<Item = (&'static When, &'a Finding)> {
    let lines = receiver.when.iter().filter(move |when| when.sender.includes(sender));
    lines.flat_map(move |when| {
        findings.iter().filter(|finding| finding.id == when.finding).map(move |finding| (when, finding))
    })
}

fn worst<'a>(lines: impl Iterator<Item = (&'static When, &'a Finding)>) -> Outcome {
    lines.map(|(when, _)| when.then).max().unwrap_or(Outcome::Nothing)
}

impl Sender {
    /// Both.
    pub const ALL: [Sender; 2] = [Sender::Everyone, Sender::Bulk];

    /// Does a line for these hold for mail of those? What holds for everyone holds for bulk senders, too.
    fn includes(self, other: Sender) -> bool {
        self == other || self == Sender::Everyone
    }
}

impl Receiver {
    /// Does it publish anything about this for mail of these senders?
    fn weighs(&self, aspect: Aspect, sender: Sender) -> bool {
        let lines = self.when.iter().filter(|when| when.sender.includes(sender) && when.then != Outcome::Unsure);
        lines.into_iter().any(|when| aspects(&when.finding, &[]).contains(&aspect))
    }

    /// How sure the source with this id is.
    pub fn sure(&self, source: &str) -> Sure {
        self.source.iter().find(|own| own.id == source).map_or(Sure::Memory, |own| own.sure)
    }
}

impl Verdict {
    /// What the receiver would reply, where it is known.
    pub fn reply(&self) -> Option<&'static Reply> {
        let id = self.because.iter().find_map(|when| when.reply.as_ref())?;
        self.receiver.reply.iter().find(|reply| reply.id == *id)
    }

    /// What the receiver asks of this sender and DNS cannot show.
    pub fn unchecked(&self, lang: Lang) -> impl Iterator<Item = &'static str> {
        let sender = self.sender;
        let asked = move |point: &&Unchecked| point.sender == sender || point.sender == Sender::Everyone;
        self.receiver.unchecked.iter().filter(asked).map(move |point| point.text.get(lang))
    }
}

fn one_line_each<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<When>, D::Error> {
    Ok(Vec::<WhenAny>::deserialize(deserializer)?.into_iter().flat_map(lines).collect())
}

fn lines(any: WhenAny) -> Vec<When> {
    let WhenAny { findings, sender, then, reply, source } = any;
    let line = |finding| When { finding, sender, then, reply: reply.clone(), source: source.clone() };
    findings.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::lang::{Prose, Text};

    #[test]
    fn every_file_is_read() {
        for text in FILES {
            toml::from_str::<Receiver>(text).expect("a receiver");
        }
        assert_eq!(all().len(), FILES.len());
    }

    #[test]
    fn every_finding_is_a_rule() {
        let lines = all().iter().flat_map(|receiver| &receiver.when);
        let unknown: HashSet<&str> =
            lines.map(|when| when.finding.as_str()).filter(|id| crate::rules::by_id(id).is_none()).collect();
        assert!(unknown.is_empty(), "no rules: {unknown:?}");
    }

    /// A fault of authentication that a table forgets would be "no objection".
    #[test]
    fn every_error_of_authentication_is_weighed() {
        // Only Gmail publishes anything about it.
        const LEFT_OUT: [&str; 1] = ["spf-plus-all"];
        let errors = crate::rules::all().filter(|rule| {
            let authentication = ["auth", "spf", "dkim", "dmarc"].contains(&rule.topic());
            authentication && rule.severity == Severity::Error && !LEFT_OUT.contains(&rule.id)
        });
        let forgotten = errors.flat_map(|rule| {
            let forgets = |receiver: &&Receiver| receiver.when.iter().all(|when| when.finding != rule.id);
            all().iter().filter(forgets).map(|receiver| format!("{}: {}", receiver.id, rule.id))
        });
        assert_eq!(forgotten.collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn every_link_leads_somewhere() {
        for receiver in all() {
            let sources: HashSet<&str> = receiver.source.iter().map(|source| source.id.as_str()).collect();
            let replies: HashSet<&str> = receiver.reply.iter().map(|reply| reply.id.as_str()).collect();
            assert_eq!((sources.len(), replies.len()), (receiver.source.len(), receiver.reply.len()), "an id twice");
            let cited: HashSet<&str> = cited_sources(receiver).collect();
            assert_eq!(cited, sources, "{}: sources that are cited, and those that there are", receiver.id);
            let sent: HashSet<&str> = receiver.when.iter().filter_map(|when| when.reply.as_deref()).collect();
            assert_eq!(sent, replies, "{}: replies that are sent, and those that there are", receiver.id);
        }
    }

    #[test]
    fn every_finding_stands_once_for_each_sender() {
        for receiver in all() {
            let mut seen = HashSet::new();
            for when in &receiver.when {
                assert!(seen.insert((&when.finding, when.sender)), "{}: {} twice", receiver.id, when.finding);
            }
        }
    }

    #[test]
    fn every_document_has_a_day_and_every_reply_a_code() {
        for source in all().iter().flat_map(|receiver| &receiver.source) {
            let day = format!("{}T00:00:00Z", source.read);
            assert!(
                humantime::parse_rfc3339(&day).is_ok() && source.read.len() == 10,
                "{}: {}",
                source.id,
                source.read
            );
            assert!(source.url.as_ref().is_none_or(|url| url.starts_with("https://")), "{}", source.id);
        }
        for reply in all().iter().flat_map(|receiver| &receiver.reply) {
            let (code, text) = reply.text.split_once(' ').expect("a code and a text");
            assert!(code.len() == 3 && code.starts_with(['4', '5']) && !text.is_empty(), "{}", reply.text);
        }
    }

    #[test]
    fn every_phrase_stands_in_three_languages() {
        for receiver in all() {
            let unchecked = receiver.unchecked.iter().map(|point| &point.text);
            for phrase in unchecked.chain([&receiver.bulk.text]) {
                let words: HashSet<&str> = Lang::ALL.iter().map(|lang| phrase.get(*lang)).collect();
                assert!(words.len() == 3 && !words.contains(""), "{}: {phrase:?}", receiver.id);
                assert!(!phrase.ja.is_ascii(), "{}: {phrase:?}", receiver.id);
            }
        }
    }

    #[test]
    fn receivers_are_recognised() {
        let id = |receiver: Option<&Receiver>| receiver.map(|receiver| receiver.id.clone());
        for (name, known) in
            [("yahoo", "yahoo"), ("bob@AOL.com", "yahoo"), ("cox.net.", "yahoo"), ("msn.com", "outlook")]
        {
            assert_eq!(id(by_name(name)).as_deref(), Some(known), "{name}");
        }
        assert_eq!(id(by_name("yahoo.co.jp")), None, "another company");
        let host = |name| id(by_mx(&Name::parse(name).expect("a name")));
        assert_eq!(host("mx-aol.mail.gm0.yahoodns.net").as_deref(), Some("yahoo"));
        assert_eq!(host("alt1.gmail-smtp-in.l.google.com").as_deref(), Some("gmail"));
        assert_eq!(host("outlook-com.olc.protection.outlook.com").as_deref(), Some("outlook"));
        assert_eq!(host("contoso-com.mail.protection.outlook.com"), None, "Microsoft 365");
        assert_eq!(host("aspmx.l.google.com"), None, "Google Workspace");
    }

    #[test]
    fn small_senders_need_one_of_the_two_and_bulk_senders_all() {
        let outcomes = |receiver: &str, id| {
            let receiver = by_name(receiver).expect("a receiver");
            judge(&[receiver], &Sender::ALL, Case { findings: &[finding(id)], seen: &[] })
                .iter()
                .map(|verdict| verdict.outcome)
                .collect::<Vec<_>>()
        };
        for receiver in ["yahoo", "gmail"] {
            assert_eq!(outcomes(receiver, "auth-neither-spf-nor-dkim"), [Outcome::Reject, Outcome::Reject]);
            assert_eq!(outcomes(receiver, "spf-duplicate"), [Outcome::Risk, Outcome::Reject]);
            assert_eq!(outcomes(receiver, "dmarc-missing"), [Outcome::Nothing, Outcome::Reject]);
            assert_eq!(outcomes(receiver, "dkim-selector-not-found"), [Outcome::Nothing, Outcome::Unsure]);
        }
        assert_eq!(outcomes("outlook", "spf-duplicate"), [Outcome::Nothing, Outcome::Reject]);
        assert_eq!(outcomes("outlook", "dmarc-missing"), [Outcome::Nothing, Outcome::Reject]);
    }

    #[test]
    fn the_worst_wins_and_bulk_inherits() {
        assert_eq!(outcomes(&[]), [Outcome::Nothing, Outcome::Nothing]);
        assert_eq!(outcomes(&["a-risk"]), [Outcome::Risk, Outcome::Risk]);
        assert_eq!(outcomes(&["a-risk", "a-refusal"]), [Outcome::Risk, Outcome::Reject]);
        assert_eq!(outcomes(&["nobody-cares"]), [Outcome::Nothing, Outcome::Nothing]);
    }

    #[test]
    fn what_is_unsure_is_told_beside_what_is_certain() {
        assert_eq!(outcomes(&["a-risk", "a-doubt"]), [Outcome::Unsure, Outcome::Unsure]);
        let [_, bulk] = verdicts(&["a-risk", "a-doubt", "a-refusal"]);
        assert_eq!(bulk.outcome, Outcome::Reject);
        assert_eq!(bulk.reply().map(|reply| reply.text.as_str()), Some("550 5.7.1 No."));
        let ids = |lines: &[&When]| lines.iter().map(|when| when.finding.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&bulk.because), ids(&bulk.unsure)), (vec!["a-refusal".into()], vec!["a-doubt".into()]));
    }

    fn cited_sources(receiver: &Receiver) -> impl Iterator<Item = &str> {
        let mailboxes = receiver.mailboxes.iter().map(|boxes| &boxes.source);
        let replies = receiver.reply.iter().map(|reply| &reply.source);
        let lines = receiver.when.iter().map(|when| &when.source);
        let unchecked = receiver.unchecked.iter().map(|point| &point.source);
        let all = mailboxes.chain(replies).chain(lines).chain(unchecked).chain([&receiver.bulk.source]);
        all.map(String::as_str)
    }

    fn outcomes(ids: &[&'static str]) -> [Outcome; 2] {
        verdicts(ids).map(|verdict| verdict.outcome)
    }

    /// What a receiver of three lines does with everyone's mail, and with bulk.
    fn verdicts(ids: &[&'static str]) -> [Verdict; 2] {
        static RECEIVER: OnceLock<Receiver> = OnceLock::new();
        let receiver = RECEIVER.get_or_init(|| toml::from_str(THREE_LINES).expect("a receiver"));
        let findings: Vec<Finding> = ids.iter().map(|id| finding(id)).collect();
        judge(&[receiver], &Sender::ALL, Case { findings: &findings, seen: &[] }).try_into().expect("two verdicts")
    }

    fn finding(id: &'static str) -> Finding {
        const NO_WORDS: Prose = Prose { title: "", here: "", why: "", fix: "" };
        static TEXT: Text = Text { en: NO_WORDS, es: NO_WORDS, ja: NO_WORDS };
        let (severity, text) = (Severity::Error, &TEXT);
        Finding {
            id,
            severity,
            text,
            references: &[],
            spans: vec![],
            values: vec![],
            as_of: None,
            publish: vec![],
            rests_on: &[],
        }
    }

    const THREE_LINES: &str = r#"
        id = "x"
        name = "X"
        source = []
        mailboxes = []
        bulk = { text = { en = "", es = "", ja = "" }, source = "" }
        reply = [{ id = "no", text = "550 5.7.1 No.", source = "" }]
        when = [
            { findings = ["a-risk"], sender = "everyone", then = "risk", source = "" },
            { findings = ["a-doubt"], sender = "everyone", then = "unsure", source = "" },
            { findings = ["a-refusal"], sender = "bulk", then = "reject", reply = "no", source = "" },
        ]
    "#;
}

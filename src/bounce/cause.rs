//! Causes: what a reply means, by receiver, as tables in TOML: one file for each receiver in `causes`, one for each
//! class of meanings in `meanings`.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::lang::Phrase;
use crate::receivers::{Source, Sure, group};

/// Their order is that of recognition by words: who runs mailboxes before who filters for others.
const FAMILIES: [&str; 23] = [
    include_str!("causes/yahoo.toml"),
    include_str!("causes/gmail.toml"),
    include_str!("causes/outlook.toml"),
    include_str!("causes/microsoft365.toml"),
    include_str!("causes/icloud.toml"),
    include_str!("causes/comcast.toml"),
    include_str!("causes/orange.toml"),
    include_str!("causes/laposte.toml"),
    include_str!("causes/gmx.toml"),
    include_str!("causes/t-online.toml"),
    include_str!("causes/mailru.toml"),
    include_str!("causes/yandex.toml"),
    include_str!("causes/docomo.toml"),
    include_str!("causes/au.toml"),
    include_str!("causes/qq.toml"),
    include_str!("causes/spectrum.toml"),
    include_str!("causes/cox.toml"),
    include_str!("causes/att.toml"),
    include_str!("causes/godaddy.toml"),
    include_str!("causes/rackspace.toml"),
    include_str!("causes/facebook.toml"),
    include_str!("causes/mimecast.toml"),
    include_str!("causes/generic.toml"),
];

const MEANINGS: [&str; 8] = [
    include_str!("meanings/authentication.toml"),
    include_str!("meanings/reputation.toml"),
    include_str!("meanings/rate.toml"),
    include_str!("meanings/recipient.toml"),
    include_str!("meanings/dns.toml"),
    include_str!("meanings/relay.toml"),
    include_str!("meanings/content.toml"),
    include_str!("meanings/other.toml"),
];

/// The id of the table that holds for every receiver.
pub(super) const GENERIC: &str = "generic";

/// A receiver, and what its replies mean.
#[derive(Debug)]
pub struct Family {
    /// Stable id; that of the receiver's profile where it has one.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How it is recognised; nothing for the table that holds for every receiver.
    pub recognise: Recognise,
    /// Another of the same operator, whose table is looked into where this one has nothing, by its id.
    pub next: Option<String>,
    /// The documents that everything here rests on.
    pub source: Vec<Source>,
    /// What its replies mean. The first that fits counts.
    pub causes: Vec<Cause>,
}

/// How a receiver is recognised.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognise {
    /// Patterns of the names of its servers.
    pub mx: Vec<String>,
    /// What only its replies hold.
    #[serde(default)]
    pub words: Vec<String>,
}

/// What a reply means at one receiver.
#[derive(Debug)]
pub struct Cause {
    /// Stable id, such as `yahoo-5.7.9`.
    pub id: String,
    /// The codes it goes with.
    pub codes: Codes,
    /// What its words match, whatever their case; nothing where there is no more than a code.
    pub pattern: Option<String>,
    /// The receiver uses its enhanced status code for nothing else, so that the words may be others.
    pub is_known_by_code: bool,
    /// What it means, and what to do.
    pub meaning: &'static Meaning,
    /// Seen in old logs only.
    pub is_legacy: bool,
    /// A reply of this kind.
    pub example: String,
    /// The document that says so, by its id.
    pub source: String,
    /// How sure that document is.
    pub sure: Sure,
    /// Compiled when it is needed for the first time.
    pub(super) regex: OnceLock<Option<Regex>>,
}

/// Which codes a cause goes with. Nothing means: any.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// The reply code (RFC 5321 section 4.2). Receivers are not strict about its last two digits.
    pub smtp: Option<u16>,
    /// The enhanced status code (RFC 3463).
    pub enhanced: Option<Statuses>,
}

/// Enhanced status codes: `5.7.26`, `5.7.606-649`, or `X.7.26` as RFC 3463 writes a code of any class.
#[derive(Debug, PartialEq, Eq)]
pub struct Statuses {
    /// Its class; nothing for any.
    pub class: Option<u8>,
    /// Its subject.
    pub subject: u16,
    /// Its detail.
    pub details: RangeInclusive<u16>,
}

/// What many causes have in common.
#[derive(Debug)]
pub struct Meaning {
    /// Stable id, such as `dmarc-reject`.
    pub id: String,
    /// The coarse class.
    pub class: Class,
    /// The reason, in the names of sisimai, such as `authfailure`.
    pub reason: String,
    /// Whose turn it is.
    pub turn: Fixer,
    /// Whether the reply tells the cause. Where it does not, the remedy is what to try, in order.
    pub is_certain: bool,
    /// Rules whose findings explain it, by their ids; `dkim-*` stands for all that begin so. It is the sender's domain
    /// that is checked: what is amiss with the recipient's has none.
    pub rules: Vec<String>,
    /// What the reply says.
    pub says: Phrase,
    /// What to do.
    pub remedy: Phrase,
}

/// The coarse class of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// SPF, DKIM, DMARC.
    Authentication,
    /// Of the sending address or domain, and block lists.
    Reputation,
    /// Too much, too fast.
    Rate,
    /// The recipient's mailbox.
    Recipient,
    /// DNS, and the way to the receiver.
    Dns,
    /// The server does not take mail for this domain, or from this client.
    Relay,
    /// What is in the mail.
    Content,
    /// Anything else.
    Other,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fixer {
    /// The DNS of the sender's domain.
    SenderDns,
    /// The service that sends, or its administrator.
    SenderService,
    /// The administrator of the receiver.
    Receiver,
    /// The recipient.
    Recipient,
    /// Nobody: wait.
    Nobody,
}

/// All receivers, with the table that holds for every receiver at the end.
pub fn families() -> &'static [Family] {
    static ALL: OnceLock<Vec<Family>> = OnceLock::new();
    ALL.get_or_init(|| FAMILIES.iter().filter_map(|text| family(toml::from_str(text).ok()?)).collect())
}

/// All meanings.
pub fn meanings() -> &'static [Meaning] {
    static ALL: OnceLock<Vec<Meaning>> = OnceLock::new();
    ALL.get_or_init(|| {
        let files = MEANINGS.iter().filter_map(|text| toml::from_str::<MeaningsFile>(text).ok());
        files.flat_map(|file| file.meaning.into_iter().map(move |line| meaning(line, file.class))).collect()
    })
}

impl Meaning {
    /// Is this rule one to look at?
    pub fn names(&self, rule: &str) -> bool {
        self.rules.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => rule.starts_with(start),
            None => rule == pattern,
        })
    }
}

impl Class {
    /// All classes.
    pub const ALL: [Class; 8] = [
        Class::Authentication,
        Class::Reputation,
        Class::Rate,
        Class::Recipient,
        Class::Dns,
        Class::Relay,
        Class::Content,
        Class::Other,
    ];
}

impl Codes {
    /// `550 5.7.1`, or one of both.
    fn parse(text: &str) -> Option<Codes> {
        let mut codes = Codes::default();
        for code in text.split(' ') {
            match code.contains('.') {
                true => codes.enhanced = Some(Statuses::parse(code)?),
                false => codes.smtp = Some(code.parse().ok()?),
            }
        }
        Some(codes)
    }
}

impl Statuses {
    fn parse(text: &str) -> Option<Statuses> {
        let mut parts = text.splitn(3, '.');
        let (class, subject, details) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        let class = if class == "X" { None } else { Some(class.parse().ok()?) };
        let (first, last) = details.split_once('-').unwrap_or((details, details));
        Some(Statuses { class, subject, details: first.parse().ok()?..=last.parse().ok()? })
    }
}

/// A file of `causes`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyFile {
    id: String,
    name: String,
    #[serde(default)]
    recognise: Recognise,
    #[serde(default)]
    next: Option<String>,
    source: Vec<Source>,
    cause: Vec<CauseLine>,
}

/// `[[cause]]` as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CauseLine {
    id: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    pattern: Option<String>,
    #[serde(default)]
    code_alone: bool,
    meaning: String,
    #[serde(default)]
    legacy: bool,
    example: String,
    source: String,
}

/// A file of `meanings`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeaningsFile {
    class: Class,
    meaning: Vec<MeaningLine>,
}

/// `[[meaning]]` as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeaningLine {
    id: String,
    reason: String,
    turn: Fixer,
    #[serde(default = "yes")]
    certain: bool,
    #[serde(default)]
    rules: Vec<String>,
    says: Phrase,
    remedy: Phrase,
}

fn yes() -> bool {
    true
}

fn family(file: FamilyFile) -> Option<Family> {
    let FamilyFile { id, name, recognise, next, source, cause: lines } = file;
    let causes = lines.into_iter().map(|line| cause(line, &source)).collect::<Option<_>>()?;
    Some(Family { id, name, recognise, next, source, causes })
}

/// Nothing where the line names codes, a meaning or a source that there are not.
fn cause(line: CauseLine, sources: &[Source]) -> Option<Cause> {
    let CauseLine { id, code, pattern, code_alone, meaning, legacy, example, source } = line;
    let codes = code.map_or(Some(Codes::default()), |code| Codes::parse(&code))?;
    let meaning = meanings().iter().find(|own| own.id == meaning)?;
    let sure = sources.iter().find(|own| own.id == source)?.sure;
    let (is_known_by_code, is_legacy, regex) = (code_alone, legacy, OnceLock::new());
    Some(Cause { id, codes, pattern, is_known_by_code, meaning, is_legacy, example, source, sure, regex })
}

fn meaning(line: MeaningLine, class: Class) -> Meaning {
    let MeaningLine { id, reason, turn, certain, rules, says, remedy } = line;
    // What is no group names no rule, and is found by a test.
    let rules = rules.into_iter().flat_map(|entry| group(&entry).unwrap_or(vec![entry])).collect();
    Meaning { id, class, reason, turn, is_certain: certain, rules, says, remedy }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;
    use crate::lang::Lang;

    #[test]
    fn every_file_is_read() {
        for text in MEANINGS {
            toml::from_str::<MeaningsFile>(text).expect("a file of meanings");
        }
        for text in FAMILIES {
            let file: FamilyFile = toml::from_str(text).expect("a receiver");
            for line in &file.cause {
                let id = line.id.clone();
                assert!(line.code.as_deref().is_none_or(|code| Codes::parse(code).is_some()), "{id}: code");
                assert!(meanings().iter().any(|own| own.id == line.meaning), "{id}: no meaning {}", line.meaning);
                assert!(file.source.iter().any(|own| own.id == line.source), "{id}: no source {}", line.source);
                assert!(line.code.is_some() || line.pattern.is_some(), "{id} fits any reply");
                assert!(!line.code_alone || line.code.as_deref().is_some_and(|code| code.contains('.')), "{id}: code");
            }
        }
        assert_eq!(families().len(), FAMILIES.len());
        assert_eq!(families().last().map(|family| family.id.as_str()), Some(GENERIC));
    }

    #[test]
    fn ids_are_unique_and_tell_the_receiver() {
        let mut ids = HashSet::new();
        for family in families() {
            for cause in &family.causes {
                assert!(cause.id.starts_with(&format!("{}-", family.id)), "{}", cause.id);
                assert!(ids.insert(&cause.id), "{} stands twice", cause.id);
            }
        }
        let meanings: HashSet<&str> = meanings().iter().map(|meaning| meaning.id.as_str()).collect();
        assert_eq!(meanings.len(), super::meanings().len());
    }

    #[test]
    fn nothing_is_left_over() {
        let used: BTreeSet<&str> =
            families().iter().flat_map(|family| &family.causes).map(|cause| cause.meaning.id.as_str()).collect();
        let all: BTreeSet<&str> = meanings().iter().map(|meaning| meaning.id.as_str()).collect();
        assert_eq!(all.difference(&used).collect::<Vec<_>>(), Vec::<&&str>::new(), "meanings without a cause");
        for family in families() {
            let cited: BTreeSet<&str> = family.causes.iter().map(|cause| cause.source.as_str()).collect();
            let sources: BTreeSet<&str> = family.source.iter().map(|source| source.id.as_str()).collect();
            assert_eq!(cited, sources, "{}: sources that are cited, and those that there are", family.id);
        }
    }

    #[test]
    fn every_rule_to_look_at_is_one() {
        for meaning in meanings() {
            for pattern in &meaning.rules {
                let alone = Meaning { rules: vec![pattern.clone()], ..blank() };
                assert!(crate::rules::all().any(|rule| alone.names(rule.id)), "{}: {pattern}", meaning.id);
            }
            let is_dns = meaning.turn == Fixer::SenderDns;
            assert!(!is_dns || !meaning.rules.is_empty(), "{}: which rules of DNS?", meaning.id);
        }
    }

    #[test]
    fn a_star_stands_for_all_that_begin_so() {
        let meaning = Meaning { rules: vec!["spf-*".to_owned(), "dmarc-missing".to_owned()], ..blank() };
        assert!(meaning.names("spf-duplicate") && meaning.names("dmarc-missing"));
        assert!(!meaning.names("dmarc-missing-too") && !meaning.names("auth-no-dkim"));
    }

    #[test]
    fn three_languages_say_it_in_their_own_words() {
        let mut seen = HashSet::new();
        for meaning in meanings() {
            for phrase in [&meaning.says, &meaning.remedy] {
                for lang in Lang::ALL {
                    let words = phrase.get(lang);
                    assert!(
                        words.ends_with(if lang == Lang::Ja { '。' } else { '.' }),
                        "{} {lang}: {words}",
                        meaning.id
                    );
                    assert!(!words.contains("  ") && words == words.trim(), "{} {lang}: blanks", meaning.id);
                    assert!(seen.insert(words), "{} {lang} stands twice: {words}", meaning.id);
                }
            }
            assert_eq!(meaning.is_certain, !meaning.remedy.en.starts_with("1. "), "{}: what to try", meaning.id);
        }
    }

    #[test]
    fn codes_are_read() {
        let statuses = |class, subject, details| Some(Statuses { class, subject, details });
        let parsed = |text| Codes::parse(text).map(|codes| (codes.smtp, codes.enhanced));
        assert_eq!(parsed("421"), Some((Some(421), None)));
        assert_eq!(parsed("550 5.7.606-649"), Some((Some(550), statuses(Some(5), 7, 606..=649))));
        assert_eq!(parsed("X.1.1"), Some((None, statuses(None, 1, 1..=1))));
        assert!(["", "5.7", "x.1.1", "550 5.7.a", "5.7.1.2"].iter().all(|text| Codes::parse(text).is_none()));
    }

    fn blank() -> Meaning {
        let phrase = || Phrase { en: String::new(), es: String::new(), ja: String::new() };
        Meaning {
            id: String::new(),
            class: Class::Other,
            reason: String::new(),
            turn: Fixer::Nobody,
            is_certain: true,
            rules: Vec::new(),
            says: phrase(),
            remedy: phrase(),
        }
    }
}

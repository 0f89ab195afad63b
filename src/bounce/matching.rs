//! Which cause a reply has: the receiver first, for the same code means different things at different receivers; then
//! the first line of its table that fits; then what holds for every receiver.

use regex::{Regex, RegexBuilder};

use crate::bounce::cause::{Codes, GENERIC, Statuses, families};
use crate::bounce::{Cause, Enhanced, Family, Reply};
use crate::name::Name;
use crate::providers;
use crate::receivers;

/// So many octets of a reply are looked at: what it says stands at its beginning.
const LONGEST: usize = 2048;

/// A pattern may take so much memory, in octets.
const LARGEST_PATTERN: usize = 1 << 20;

/// The receiver that replied: by the name of the server that refused, else by words that only its replies hold.
pub fn family<'a>(remote: Option<&str>, texts: impl IntoIterator<Item = &'a str>) -> Option<&'static Family> {
    remote.and_then(by_server).or_else(|| texts.into_iter().find_map(by_words))
}

/// What a reply of this receiver means; nothing where no cause is known.
pub fn cause(family: Option<&'static Family>, reply: &Reply) -> Option<&'static Cause> {
    let by_id = |id: &str| families().iter().find(|family| family.id == id);
    let next = family.and_then(|family| by_id(family.next.as_ref()?));
    let causes = [family, next, by_id(GENERIC)].into_iter().flatten().flat_map(|family| &family.causes);
    let text = &reply.text[..reply.text.floor_char_boundary(LONGEST)];
    let by_code = || by_code(reply)?.causes.iter().find(|cause| cause.codes.hold(reply));
    causes.into_iter().find(|cause| cause.fits(reply, text)).or_else(by_code)
}

/// Who uses the code of the reply, where it is one that nobody has registered: those have two digits at the end.
/// <https://www.iana.org/assignments/smtp-enhanced-status-codes>
pub(super) fn by_code(reply: &Reply) -> Option<&'static Family> {
    let Enhanced(.., detail) = reply.enhanced?;
    let uses = |family: &&Family| family.causes.iter().any(|cause| cause.codes.hold(reply));
    families().iter().filter(|_| detail >= 100).find(uses)
}

/// Who uses the code of the reply together with its words, where that is one receiver only and the words are not those
/// that any server may use: a line that somebody pasted names no server.
pub(super) fn by_code_and_words(reply: &Reply) -> Option<&'static Family> {
    let text = &reply.text[..reply.text.floor_char_boundary(LONGEST)];
    let says = |cause: &Cause| cause.codes.name(reply) && cause.regex().is_some_and(|regex| regex.is_match(text));
    let is_common = |family: &Family| family.causes.iter().any(|it| it.pattern.is_some() && it.fits(reply, text));
    if families().iter().any(|family| family.id == GENERIC && is_common(family)) {
        return None;
    }
    let mut found = families().iter().filter(|family| family.id != GENERIC && family.causes.iter().any(says));
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// Does any receiver use these words, with such a code?
pub(super) fn is_worded(reply: &Reply) -> bool {
    let text = &reply.text[..reply.text.floor_char_boundary(LONGEST)];
    let says = |cause: &Cause| cause.codes.allow(reply) && cause.regex().is_some_and(|regex| regex.is_match(text));
    families().iter().flat_map(|family| &family.causes).any(says)
}

/// Whose mailbox it is, by its domain.
pub(super) fn by_recipient(address: &str) -> Option<&'static Family> {
    let receiver = receivers::by_name(address)?;
    families().iter().find(|family| family.id == receiver.id)
}

/// A report writes `mx.example.com`, `mx.example.com.` or `mx.example.com (192.0.2.1)`.
fn by_server(remote: &str) -> Option<&'static Family> {
    let name = remote.split([' ', '(', '[']).find(|part| !part.is_empty())?;
    let host = Name::parse(&name.to_ascii_lowercase()).ok()?;
    families().iter().find(|family| family.recognise.mx.iter().any(|pattern| providers::matches(pattern, &host)))
}

fn by_words(text: &str) -> Option<&'static Family> {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    families().iter().find(|family| family.recognise.words.iter().any(|words| text.contains(words)))
}

impl Cause {
    fn fits(&self, reply: &Reply, text: &str) -> bool {
        if !self.codes.allow(reply) {
            return false;
        }
        match self.pattern {
            Some(_) if self.is_known_by_code && self.codes.name(reply) => true,
            Some(_) => self.regex().is_some_and(|regex| regex.is_match(text)),
            None => self.codes.name(reply),
        }
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let mut builder = RegexBuilder::new(self.pattern.as_deref()?);
            builder.case_insensitive(true).size_limit(LARGEST_PATTERN).build().ok()
        };
        self.regex.get_or_init(compile).as_ref()
    }
}

impl Codes {
    /// Does nothing in the reply speak against these codes? Some replies leave out one of the two, some both.
    fn allow(&self, reply: &Reply) -> bool {
        let is_class = |smtp: u16| class(reply).is_none_or(|class| class == smtp / 100);
        self.smtp.is_none_or(is_class)
            && self.enhanced.as_ref().is_none_or(|own| reply.enhanced.is_none_or(|it| own.hold(it)))
    }

    /// Do the codes of the reply alone tell that it is this cause?
    fn name(&self, reply: &Reply) -> bool {
        match self.enhanced {
            Some(_) => self.hold(reply),
            None => self.smtp.is_some() && self.smtp == reply.smtp,
        }
    }

    /// Is the enhanced code of the reply one of these?
    fn hold(&self, reply: &Reply) -> bool {
        self.enhanced.as_ref().zip(reply.enhanced).is_some_and(|(own, code)| own.hold(code))
    }
}

impl Statuses {
    fn hold(&self, Enhanced(class, subject, detail): Enhanced) -> bool {
        self.class.is_none_or(|own| own == class) && self.subject == subject && self.details.contains(&detail)
    }
}

/// RFC 5321 section 4.2.1: "The first digit denotes whether the response is good, bad, or incomplete."
fn class(reply: &Reply) -> Option<u16> {
    reply.smtp.map(|code| code / 100).or(reply.enhanced.map(|Enhanced(class, ..)| class.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, SourceKind, Span};

    #[test]
    fn every_pattern_is_one() {
        for cause in families().iter().flat_map(|family| &family.causes) {
            assert!(cause.pattern.is_none() || cause.regex().is_some(), "{}", cause.id);
        }
    }

    /// The words and the codes of an example choose its own line out of the whole table, or one that says the same.
    #[test]
    fn every_example_has_its_own_cause() {
        let mut wrong = Vec::new();
        for family in families() {
            for own in &family.causes {
                let reply = reply(&own.example);
                let found = cause(Some(family), &reply).map(|found| (&found.id, &found.meaning.id));
                if !own.fits(&reply, &reply.text) || found.is_none_or(|(_, meaning)| *meaning != own.meaning.id) {
                    wrong.push(format!("{}: {} is {found:?}", own.id, own.example));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn a_receiver_is_known_by_its_servers_and_by_its_words() {
        let id = |remote, text| family(remote, [text]).map(|family| family.id.as_str());
        assert_eq!(id(Some("mta5.am0.yahoodns.net"), ""), Some("yahoo"));
        assert_eq!(id(Some("MTA5.am0.yahoodns.net. (67.195.204.79)"), ""), Some("yahoo"));
        assert_eq!(id(Some("outlook-com.olc.protection.outlook.com"), ""), Some("outlook"));
        assert_eq!(id(Some("contoso-com.mail.protection.outlook.com"), ""), Some("microsoft365"));
        assert_eq!(id(None, "421 4.7.0 [TSS04] Messages from 192.0.2.25 deferred"), Some("yahoo"));
        assert_eq!(id(Some("gateway.example"), "see https://support.google.com - gsmtp"), Some("gmail"));
        assert_eq!(id(Some("[192.0.2.25]"), "550 <someone@yahoo.com>: User unknown"), None);
        assert_eq!(id(Some(""), ""), None);
    }

    #[test]
    fn a_code_means_at_one_receiver_what_it_means_there() {
        assert_eq!(meaning(Some("alt1.gmail-smtp-in.l.google.com"), "550 5.7.27 Other words"), Some("spf-required"));
        assert_eq!(meaning(Some("mx.example.com"), "550 5.7.27 Other words"), Some("sender-null-mx"));
        assert_eq!(meaning(Some("a.mail.protection.outlook.com"), "550 5.1.10 ?"), Some("user-unknown-microsoft"));
        assert_eq!(meaning(Some("mx.example.com"), "550 5.1.10 ?"), Some("recipient-null-mx"));
        assert_eq!(meaning(Some("a.mail.protection.outlook.com"), "550 5.7.649 ?"), Some("microsoft-server-banned"));
        assert_eq!(meaning(Some("a.mail.protection.outlook.com"), "550 5.7.650 ?"), None);
    }

    #[test]
    fn what_is_pasted_is_known_without_a_server() {
        assert_eq!(meaning(None, "554 5.7.9 Message not accepted for policy reasons"), Some("yahoo-policy"));
        assert_eq!(meaning(None, "421 4.7.0 [TSS04] Messages deferred"), Some("yahoo-deferred"));
        assert_eq!(meaning(None, "550 5.7.1 Email rejected per DMARC policy for example.com"), Some("dmarc-reject"));
        assert_eq!(meaning(None, "5.2.2"), Some("mailbox-full"));
        assert_eq!(meaning(None, "No such user here"), Some("user-unknown"));
        let level =
            "550 5.7.515 Access denied, sending domain example.com does not meet the required authentication level";
        assert_eq!(meaning(None, level), Some("outlook-authentication-level"));
    }

    #[test]
    fn what_says_nothing_certain_is_told_to_be_that() {
        for text in ["554 Transaction failed", "Connection dropped", "The server did not respond in time"] {
            let found = cause(None, &reply(text)).expect(text);
            assert!(!found.meaning.is_certain, "{text} is {}", found.id);
        }
    }

    #[test]
    fn what_nobody_knows_has_no_cause() {
        assert_eq!(meaning(None, ""), None);
        assert_eq!(meaning(None, "\u{1b}[31m配送できません"), None);
        assert_eq!(meaning(None, &"ポ".repeat(LONGEST)), None);
    }

    /// The class is told by the first digit: what is put off is not what is refused.
    #[test]
    fn a_code_of_another_class_is_another_reply() {
        let words = "Rate limit reached";
        assert_eq!(meaning(Some("mx00.gmx.net"), &format!("421 {words}")), Some("too-fast"));
        let own = families().iter().flat_map(|family| &family.causes).find(|cause| cause.id == "gmx-rate");
        assert!(!own.expect("gmx-rate").fits(&reply(&format!("550 {words}")), words));
    }

    fn meaning(remote: Option<&str>, text: &str) -> Option<&'static str> {
        cause(family(remote, [text]), &reply(text)).map(|cause| cause.meaning.id.as_str())
    }

    fn reply(text: &str) -> Reply {
        let mut words = text.split([' ', '-']).peekable();
        let is_code = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let smtp = words.next_if(is_code).and_then(|word| word.parse().ok());
        let enhanced = words.next().and_then(|word| {
            let numbers: Vec<u16> = word.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
            let [class, subject, detail] = numbers[..] else { return None };
            Some(Enhanced(class.try_into().ok()?, subject, detail))
        });
        let source = Source::new("reply", text, SourceKind::Message);
        Reply { smtp, enhanced, text: text.to_owned(), span: Span { source, bytes: 0..text.len(), record_set: None } }
    }
}

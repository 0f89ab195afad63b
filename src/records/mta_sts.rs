//! The MTA-STS record and the policy that it announces (RFC 8461 sections 3.1 and 3.2).

use std::ops::Range;
use std::sync::Arc;

use crate::name::Name;
use crate::records::tags::{Tag, TagList};
use crate::records::version_word;
use crate::source::Source;
use crate::zone::Txt;

/// An MTA-STS record: a text that begins with the version `v=STSv1;`.
#[derive(Clone, Debug)]
pub struct MtaStsRecord {
    /// The text.
    pub txt: Arc<Txt>,
    /// Its fields, the version among them.
    pub tags: TagList,
}

/// A policy: what a web server sent, line by line.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The text.
    pub source: Arc<Source>,
    /// Lines with a key and a value, in order.
    pub fields: Vec<Field>,
    /// Lines that are neither blank nor a key and a value.
    pub invalid: Vec<Range<usize>>,
}

/// A line of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where the key stands.
    pub key: Range<usize>,
    /// Where the value stands, without the blanks around it.
    pub value: Range<usize>,
}

/// What senders do with mail for hosts that the policy does not name, or that cannot prove who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Enforce,
    Testing,
    None,
}

/// The keys of RFC 8461 section 3.2.
pub const KEYS: [&str; 4] = ["version", "mode", "mx", "max_age"];

/// The longest that a policy may be kept, in seconds: RFC 8461 section 3.2: "maximum value of 31557600".
pub const LONGEST_AGE: u64 = 31_557_600;

/// Byte order mark.
const BOM: char = '\u{feff}';

impl MtaStsRecord {
    /// Reads a text that is an MTA-STS record; nothing if it is none.
    ///
    /// RFC 8461 section 3.1: `sts-version = %s"v=STSv1"`, behind which `*WSP ";"` must follow; "records that do not begin
    /// with "v=STSv1;" are discarded".
    pub fn read(txt: &Arc<Txt>) -> Option<MtaStsRecord> {
        let rest = txt.value.strip_prefix("v=STSv1")?.trim_start_matches([' ', '\t']);
        rest.starts_with(';').then(|| MtaStsRecord { txt: Arc::clone(txt), tags: TagList::read(&txt.value) })
    }

    /// The fields behind the version.
    pub fn fields(&self) -> &[Tag] {
        self.tags.tags.get(1..).unwrap_or_default()
    }

    /// The first `id`; the case of its name counts. Later ones are ignored (RFC 8461 section 3.2).
    pub fn id(&self) -> Option<&Tag> {
        self.fields().iter().find(|tag| tag.value.is_some() && self.tags.name(tag) == "id")
    }

    /// Is the field written as RFC 8461 section 3.1 has it: `name=value`? What `id` holds is another question.
    pub fn is_field(&self, tag: &Tag) -> bool {
        let written = &self.txt.value[tag.range.clone()];
        let Some((name, value)) = written.split_once('=') else { return false };
        let is_value = |byte: u8| byte.is_ascii_graphic() && byte != b'=' && byte != b';';
        name == "id" || (is_key(name) && !value.is_empty() && value.bytes().all(is_value))
    }
}

/// `sts-id = %s"id=" 1*32(ALPHA / DIGIT)`
pub fn is_id(value: &str) -> bool {
    (1..=32).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Was a text at `_mta-sts` meant as an MTA-STS record, although it is none? Gives the place of the failed version.
pub fn lookalike(value: &str) -> Option<Range<usize>> {
    let lower = value.to_ascii_lowercase();
    let (place, word, version) = version_word(&lower);
    let near = strsim::osa_distance(version, "stsv1") <= 2 && version.contains("st");
    let within = lower.contains("stsv1") && !lower.starts_with("v=spf1");
    let only_id = lower.starts_with(word) && word.starts_with("id=");
    (near || within || only_id).then_some(place)
}

impl Policy {
    /// Reads a policy. Takes any text.
    ///
    /// RFC 8461 section 3.2: lines of `key: value` that end in LF or CRLF. Blank lines and a byte order mark, which it
    /// does not allow, are left out here.
    pub fn read(source: &Arc<Source>) -> Policy {
        let mut policy = Policy { source: Arc::clone(source), fields: Vec::new(), invalid: Vec::new() };
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            let mut range = trimmed(&source.text, start..start + line.len());
            if start == 0 && line.starts_with(BOM) {
                range.start = BOM.len_utf8();
            }
            start += line.len();
            match field(&source.text, &range) {
                Some(field) => policy.fields.push(field),
                None if range.is_empty() => {}
                None => policy.invalid.push(range),
            }
        }
        policy
    }

    /// Does the text begin with a byte order mark?
    pub fn has_byte_order_mark(&self) -> bool {
        self.source.text.starts_with(BOM)
    }

    /// Does it hold any key of a policy, whatever its case?
    pub fn is_meant(&self) -> bool {
        self.fields.iter().any(|field| KEYS.iter().any(|key| self.key(field).eq_ignore_ascii_case(key)))
    }

    /// The first line with this key; the case of keys counts.
    ///
    /// RFC 8461 section 3.2: "If any non-repeated field -- i.e., all fields excepting "mx" -- is duplicated, all entries
    /// except for the first SHALL be ignored."
    pub fn find(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| self.key(field) == key)
    }

    /// A line's key.
    pub fn key(&self, field: &Field) -> &str {
        self.source.text.get(field.key.clone()).unwrap_or_default()
    }

    /// A line's value.
    pub fn value(&self, field: &Field) -> &str {
        self.source.text.get(field.value.clone()).unwrap_or_default()
    }

    /// The mode; nothing where there is none, or one that is not known.
    pub fn mode(&self) -> Option<Mode> {
        let value = self.value(self.find("mode")?);
        [Mode::Enforce, Mode::Testing, Mode::None].into_iter().find(|mode| mode.as_str() == value)
    }

    /// How long senders may keep the policy, in seconds; nothing where that is no number of up to ten digits.
    pub fn max_age(&self) -> Option<u64> {
        let value = self.value(self.find("max_age")?);
        let digits = (1..=10).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
        value.parse().ok().filter(|_| digits)
    }

    /// The lines with `mx`.
    pub fn mx(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| self.key(field) == "mx")
    }

    /// Does the policy name this host?
    pub fn covers(&self, host: &Name) -> bool {
        self.mx().any(|field| matches(self.value(field), host))
    }
}

impl Mode {
    /// The word in the policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Enforce => "enforce",
            Mode::Testing => "testing",
            Mode::None => "none",
        }
    }
}

/// Is it a host, or one with `*` as its first label? `sts-policy-mx-value = ["*."] Domain`.
pub fn is_pattern(pattern: &str) -> bool {
    let host = pattern.strip_prefix("*.").unwrap_or(pattern);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Does a pattern of a policy name the host? A final dot, which it must not have, is left out.
///
/// RFC 8461 section 4.1: as in RFC 6125, and `*` stands for the whole leftmost label alone.
pub fn matches(pattern: &str, host: &Name) -> bool {
    let pattern = pattern.trim_end_matches('.').to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(parent) => host.parent().is_some_and(|above| above.as_str() == parent),
        None => host.as_str() == pattern,
    }
}

fn field(text: &str, line: &Range<usize>) -> Option<Field> {
    let written = text.get(line.clone())?;
    let colon = written.find(':')?;
    let key = line.start..line.start + colon;
    is_key(&written[..colon]).then(|| Field { key, value: trimmed(text, line.start + colon + 1..line.end) })
}

/// `(ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")`
fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.len() <= 32
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let start = range.start + (part.len() - part.trim_start_matches(blank).len());
    start..(start + part.trim_matches(blank).len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceKind;
    use crate::testing::txt;

    fn policy(text: &str) -> Policy {
        Policy::read(&Source::new("policy", text, SourceKind::Page))
    }

    #[test]
    fn what_is_a_record() {
        let id = |value: &str| {
            let record = MtaStsRecord::read(&txt(value))?;
            Some(record.id().map(|id| record.tags.value_of(id).to_owned()))
        };
        assert_eq!(id("v=STSv1; id=20261121T000000"), Some(Some("20261121T000000".into())));
        assert_eq!(id("v=STSv1;id=1;"), Some(Some("1".into())));
        assert_eq!(id("v=STSv1 ; x=y; id=1; id=2"), Some(Some("1".into())));
        assert_eq!(id("v=STSv1; ID=1"), Some(None));
        for value in [
            "v=STSv1",
            "v=stsv1; id=1",
            " v=STSv1; id=1",
            "v=STSv2; id=1",
            "v=STS1; id=1",
            "\"v=STSv1; id=1\"",
            "id=1; v=STSv1",
            "v=STSv1, id=1",
            "STSv1; id=1",
            "v=STSv1 id=1",
            "id=20261121",
        ] {
            assert_eq!(id(value), None, "{value}");
            assert!(lookalike(value).is_some(), "{value}");
        }
        for value in ["v=spf1 -all", "v=DMARC1; p=none", "v=TLSRPTv1; rua=mailto:a@b.test", "", "hosts", "test"] {
            assert_eq!(lookalike(value), None, "{value}");
        }
    }

    #[test]
    fn fields_and_ids() {
        let record = MtaStsRecord::read(&txt("v=STSv1; id=a b; x; y=z; w=; t=a b; =1")).expect("a record");
        let valid: Vec<bool> = record.fields().iter().map(|tag| record.is_field(tag)).collect();
        assert_eq!(valid, [true, false, true, false, false, false]);
        assert!(is_id("20261121T000000Z") && is_id(&"a".repeat(32)));
        assert!(!is_id("") && !is_id(&"a".repeat(33)) && !is_id("2026-11-21") && !is_id("ñ"));
    }

    #[test]
    fn lines_of_a_policy() {
        let text = "\u{feff}version: STSv1\r\nmode:enforce \r\n\r\nmx: *.mail.test\nmx: a.test\nmax_age: 604800\nx_y: z\nmode: none";
        let policy = policy(text);
        assert!(policy.has_byte_order_mark() && policy.invalid.is_empty());
        assert_eq!(policy.find("version").map(|field| policy.value(field)), Some("STSv1"));
        assert_eq!((policy.mode(), policy.max_age()), (Some(Mode::Enforce), Some(604_800)));
        let covers = |host: &str| policy.covers(&Name::parse(host).expect("a name"));
        assert!(covers("in.mail.test") && covers("a.test"));
        assert!(!covers("mail.test") && !covers("a.b.mail.test") && !covers("b.a.test"));
    }

    #[test]
    fn what_is_no_policy() {
        let html = policy("<!DOCTYPE html>\n<html>\n<style>a{color:red}</style>\n");
        assert!(!html.is_meant());
        assert_eq!(html.invalid.len(), 3);
        let odd = policy("version STSv1\nMode: Enforce\nmax_age: 12345678901\nmode: Enforce");
        assert_eq!((odd.invalid.len(), odd.mode(), odd.max_age(), odd.is_meant()), (1, None, None, true));
    }

    #[test]
    fn patterns() {
        for pattern in ["mail.a.test", "*.a.test", "a-b.test", "LOCALHOST"] {
            assert!(is_pattern(pattern), "{pattern}");
        }
        for pattern in
            ["", "*", "*.", "a.*.test", "mail*.a.test", "a.test.", "192.0.2.1", "a.test, b.test", "10 a.test"]
        {
            assert!(!is_pattern(pattern), "{pattern}");
        }
    }
}

//! Domain names, record types, and the two together: what can be asked of DNS.
//!
//! Names are held as master files write them, lower case and without the final dot. Nothing here asks or reads.

use std::cmp::Ordering;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A fully qualified domain name: lower case, without the final dot; the root is `.`.
///
/// Octets that are not printable ASCII, and dots and backslashes inside of a label, are escaped as in master files
/// (RFC 1035 section 5.1), so equal names are equal texts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Arc<str>);

/// Why a text is not a domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Two dots in a row, or a dot at the beginning.
    EmptyLabel,
    /// A label of more than 63 octets.
    LongLabel,
    /// More than 255 octets in wire form.
    LongName,
    /// A backslash that escapes nothing, or a number over 255 behind it.
    BadEscape,
    /// An internationalized name that IDNA does not allow.
    BadIdn,
}

impl Name {
    /// The root of the DNS.
    pub fn root() -> Name {
        Name(Arc::from("."))
    }

    /// Reads an absolute name as a master file writes it, with or without the final dot.
    ///
    /// # Errors
    /// RFC 1035 section 2.3.4: labels have 63 octets or less, names 255 octets or less.
    pub fn parse(text: &str) -> Result<Name, NameError> {
        if is_plain(text) {
            return Ok(Name(Arc::from(text)));
        }
        if text == "." {
            return Ok(Name::root());
        }
        let mut out = String::with_capacity(text.len());
        let (mut octets_in_label, mut octets) = (0usize, 1usize);
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            let octet = match byte {
                b'.' => {
                    if octets_in_label == 0 {
                        return Err(NameError::EmptyLabel);
                    }
                    octets_in_label = 0;
                    if bytes.peek().is_some() {
                        out.push('.');
                    }
                    continue;
                }
                b'\\' => unescape(&mut bytes)?,
                other => other,
            };
            push_octet(&mut out, octet);
            octets_in_label += 1;
            octets += 1 + usize::from(octets_in_label == 1);
            if octets_in_label > 63 {
                return Err(NameError::LongLabel);
            }
        }
        match octets {
            1 => Err(NameError::EmptyLabel),
            2..=255 => Ok(Name(Arc::from(out))),
            _ => Err(NameError::LongName),
        }
    }

    /// Reads an absolute name in which a backslash is an octet as any other: as SPF has it.
    ///
    /// # Errors
    /// As [`Name::parse`].
    pub fn unescaped(text: &str) -> Result<Name, NameError> {
        if text.contains('\\') { Name::parse(&text.replace('\\', "\\\\")) } else { Name::parse(text) }
    }

    /// The name at which reverse DNS holds the names of an address (RFC 1035 section 3.5, RFC 3596 section 2.5).
    pub fn reverse(ip: IpAddr) -> Option<Name> {
        let text = match ip {
            IpAddr::V4(ip) => {
                let [a, b, c, d] = ip.octets();
                format!("{d}.{c}.{b}.{a}.in-addr.arpa")
            }
            IpAddr::V6(ip) => {
                let digits = ip.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
                digits.map(|digit| format!("{digit:x}.")).collect::<String>() + "ip6.arpa"
            }
        };
        Name::parse(&text).ok()
    }

    /// Reads a name as a person types it: internationalized names become A-labels (RFC 5891).
    ///
    /// # Errors
    /// As [`Name::parse`], and [`NameError::BadIdn`].
    pub fn from_user(text: &str) -> Result<Name, NameError> {
        let text = text.trim();
        if text.is_ascii() {
            return Name::parse(text);
        }
        Name::parse(&idna::domain_to_ascii(text).map_err(|_| NameError::BadIdn)?)
    }

    /// The text, without the final dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text with its final dot, as it stands in a master file.
    pub fn absolute(&self) -> String {
        if self.is_root() { ".".to_owned() } else { format!("{}.", self.0) }
    }

    /// Is it the root?
    pub fn is_root(&self) -> bool {
        &*self.0 == "."
    }

    /// The labels from left to right; none for the root.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        split_labels(without_root(&self.0)).into_iter()
    }

    /// The leftmost label; empty for the root.
    pub fn first_label(&self) -> &str {
        self.labels().next().unwrap_or_default()
    }

    /// The name without its leftmost label; none for the root.
    pub fn parent(&self) -> Option<Name> {
        if self.is_root() {
            return None;
        }
        let first = self.first_label().len();
        match self.0.get(first + 1..) {
            Some(rest) if !rest.is_empty() => Some(Name(Arc::from(rest))),
            _ => Some(Name::root()),
        }
    }

    /// This name with labels put in front: `prefixed("_dmarc")`.
    ///
    /// # Errors
    /// When the result is no name.
    pub fn prefixed(&self, labels: &str) -> Result<Name, NameError> {
        if self.is_root() { Name::parse(labels) } else { Name::parse(&format!("{labels}.{}", self.0)) }
    }

    /// Is this name the other one, or below it?
    pub fn is_within(&self, other: &Name) -> bool {
        self == other || self.is_below(other)
    }

    /// Is this name strictly below the other one?
    pub fn is_below(&self, other: &Name) -> bool {
        if other.is_root() {
            return !self.is_root();
        }
        self.0.strip_suffix(&*other.0).and_then(|rest| rest.strip_suffix('.')).is_some_and(|rest| !rest.ends_with('\\'))
    }

    /// What stands in front of `other`, when this name is below it: `selector1._domainkey` of `example.com`.
    pub fn below(&self, other: &Name) -> Option<&str> {
        if !self.is_below(other) {
            return None;
        }
        if other.is_root() {
            return Some(&self.0);
        }
        self.0.get(..self.0.len() - other.0.len() - 1)
    }

    /// Compares by labels, from the right to the left as in RFC 4034 section 6.1, so that the names below a name follow it
    /// at once.
    pub fn cmp_by_labels(&self, other: &Name) -> Ordering {
        let (mut own, mut others) = (without_root(&self.0), without_root(&other.0));
        loop {
            let order = match (split_last(own), split_last(others)) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (Some((rest, label)), Some((rest_of_others, others_label))) => {
                    (own, others) = (rest, rest_of_others);
                    label.cmp(others_label)
                }
            };
            if order.is_ne() {
                return order;
            }
        }
    }

    /// The public suffix that the name ends in, if the Public Suffix List names it: `co.jp`, `com`.
    pub fn public_suffix(&self) -> Option<&str> {
        let suffix = psl::suffix(self.0.as_bytes()).filter(|suffix| suffix.is_known())?;
        std::str::from_utf8(suffix.as_bytes()).ok()
    }

    /// The domain that is registered: one label below the public suffix, by the Public Suffix List.
    ///
    /// Not DMARC's organizational domain, which RFC 9989 section 4.10.2 finds by asking DNS. The name itself where
    /// it is a public suffix.
    pub fn registered_domain(&self) -> Name {
        let Some(domain) = psl::domain_str(&self.0) else { return self.clone() };
        // RFC 8552 section 1.1: names with an underscore are attributes of the name above, which nobody registers.
        let attribute = domain.split_once('.').filter(|_| domain.starts_with('_'));
        Name(Arc::from(attribute.map_or(domain, |(_, above)| above)))
    }
}

/// Is the text a name as it is held? Most are: nothing has to be changed in them.
fn is_plain(text: &str) -> bool {
    let is_held = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    let mut labels = text.as_bytes().split(|byte| *byte == b'.');
    text.len() <= 253 && labels.all(|label| matches!(label.len(), 1..=63) && label.iter().all(|byte| is_held(*byte)))
}

fn unescape(bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>) -> Result<u8, NameError> {
    let first = bytes.next().ok_or(NameError::BadEscape)?;
    if !first.is_ascii_digit() {
        return Ok(first);
    }
    let mut number = u32::from(first - b'0');
    for _ in 0..2 {
        let digit = bytes.next().filter(u8::is_ascii_digit).ok_or(NameError::BadEscape)?;
        number = number * 10 + u32::from(digit - b'0');
    }
    u8::try_from(number).map_err(|_| NameError::BadEscape)
}

fn push_octet(out: &mut String, octet: u8) {
    match octet {
        b'.' | b'\\' | b'"' | b'(' | b')' | b';' => {
            out.push('\\');
            out.push(char::from(octet));
        }
        0x21..=0x7e => out.push(char::from(octet.to_ascii_lowercase())),
        _ => out.push_str(&format!("\\{octet:03}")),
    }
}

fn without_root(text: &str) -> &str {
    if text == "." { "" } else { text }
}

/// What stands before the last label, and that label; nothing where there is none.
fn split_last(text: &str) -> Option<(&str, &str)> {
    let (bytes, mut end) = (text.as_bytes(), text.len());
    let is_escaped = |at: usize| bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    while let Some(dot) = bytes[..end].iter().rposition(|byte| *byte == b'.') {
        if !is_escaped(dot) {
            return Some((&text[..dot], &text[dot + 1..]));
        }
        end = dot;
    }
    (!text.is_empty()).then_some(("", text))
}

fn split_labels(text: &str) -> Vec<&str> {
    let mut labels = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'.' => {
                labels.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < text.len() {
        labels.push(&text[start..]);
    }
    labels
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;
    fn try_from(text: String) -> Result<Name, NameError> {
        Name::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.as_str().to_owned()
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameError::EmptyLabel => "a label is empty (two dots in a row, or nothing but dots)",
            NameError::LongLabel => "a label is longer than 63 octets",
            NameError::LongName => "the name is longer than 255 octets",
            NameError::BadEscape => "a backslash has nothing valid after it",
            NameError::BadIdn => "the name is not a valid internationalized domain name",
        })
    }
}

impl std::error::Error for NameError {}

/// A record type by its number (RFC 1035 section 3.2.2 and the IANA registry).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

impl Kind {
    pub const A: Kind = Kind(1);
    pub const NS: Kind = Kind(2);
    pub const CNAME: Kind = Kind(5);
    pub const SOA: Kind = Kind(6);
    pub const PTR: Kind = Kind(12);
    pub const MX: Kind = Kind(15);
    pub const TXT: Kind = Kind(16);
    pub const AAAA: Kind = Kind(28);
    pub const SRV: Kind = Kind(33);
    pub const DNAME: Kind = Kind(39);
    pub const DS: Kind = Kind(43);
    pub const RRSIG: Kind = Kind(46);
    pub const NSEC: Kind = Kind(47);
    pub const DNSKEY: Kind = Kind(48);
    pub const NSEC3: Kind = Kind(50);
    pub const TLSA: Kind = Kind(52);
    pub const SPF: Kind = Kind(99);
    pub const CAA: Kind = Kind(257);
    /// No standard type: some servers answer with the addresses of another name.
    pub const ALIAS: Kind = Kind(65401);
}

/// Types that master files name by a mnemonic (IANA, "Resource Record (RR) TYPEs").
const MNEMONICS: &[(&str, u16)] = &[
    ("A", 1),
    ("NS", 2),
    ("MD", 3),
    ("MF", 4),
    ("CNAME", 5),
    ("SOA", 6),
    ("MB", 7),
    ("MG", 8),
    ("MR", 9),
    ("NULL", 10),
    ("WKS", 11),
    ("PTR", 12),
    ("HINFO", 13),
    ("MINFO", 14),
    ("MX", 15),
    ("TXT", 16),
    ("RP", 17),
    ("AFSDB", 18),
    ("X25", 19),
    ("ISDN", 20),
    ("RT", 21),
    ("NSAP", 22),
    ("NSAP-PTR", 23),
    ("SIG", 24),
    ("KEY", 25),
    ("PX", 26),
    ("GPOS", 27),
    ("AAAA", 28),
    ("LOC", 29),
    ("NXT", 30),
    ("EID", 31),
    ("NIMLOC", 32),
    ("SRV", 33),
    ("ATMA", 34),
    ("NAPTR", 35),
    ("KX", 36),
    ("CERT", 37),
    ("A6", 38),
    ("DNAME", 39),
    ("SINK", 40),
    ("APL", 42),
    ("DS", 43),
    ("SSHFP", 44),
    ("IPSECKEY", 45),
    ("RRSIG", 46),
    ("NSEC", 47),
    ("DNSKEY", 48),
    ("DHCID", 49),
    ("NSEC3", 50),
    ("NSEC3PARAM", 51),
    ("TLSA", 52),
    ("SMIMEA", 53),
    ("HIP", 55),
    ("NINFO", 56),
    ("RKEY", 57),
    ("TALINK", 58),
    ("CDS", 59),
    ("CDNSKEY", 60),
    ("OPENPGPKEY", 61),
    ("CSYNC", 62),
    ("ZONEMD", 63),
    ("SVCB", 64),
    ("HTTPS", 65),
    ("DSYNC", 66),
    ("HHIT", 67),
    ("BRID", 68),
    ("SPF", 99),
    ("UINFO", 100),
    ("UID", 101),
    ("GID", 102),
    ("UNSPEC", 103),
    ("NID", 104),
    ("L32", 105),
    ("L64", 106),
    ("LP", 107),
    ("EUI48", 108),
    ("EUI64", 109),
    ("NXNAME", 128),
    ("URI", 256),
    ("CAA", 257),
    ("AVC", 258),
    ("DOA", 259),
    ("AMTRELAY", 260),
    ("RESINFO", 261),
    ("WALLET", 262),
    ("CLA", 263),
    ("IPN", 264),
    ("TA", 32768),
    ("DLV", 32769),
    // Of PowerDNS, for private use: an alias at the apex, resolved by the server.
    ("ALIAS", 65401),
];

impl FromStr for Kind {
    type Err = ();
    /// Reads a mnemonic, or `TYPEnnn` (RFC 3597 section 5); case does not matter.
    fn from_str(text: &str) -> Result<Kind, ()> {
        if let Some((_, number)) = MNEMONICS.iter().find(|(mnemonic, _)| mnemonic.eq_ignore_ascii_case(text)) {
            return Ok(Kind(*number));
        }
        let digits = text.get(..4).filter(|head| head.eq_ignore_ascii_case("TYPE")).and(text.get(4..)).ok_or(())?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(());
        }
        digits.parse().map(Kind).map_err(|_| ())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match MNEMONICS.iter().find(|(_, number)| *number == self.0) {
            Some((mnemonic, _)) => f.pad(mnemonic),
            None => f.pad(&format!("TYPE{}", self.0)),
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What can be asked of DNS: a name and a type. Written as `_dmarc.example.com TXT`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// The name asked for.
    pub name: Name,
    /// The type asked for.
    pub kind: Kind,
}

impl Question {
    /// A question for this name and type.
    pub fn new(name: &Name, kind: Kind) -> Question {
        Question { name: name.clone(), kind }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.kind)
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).expect(text)
    }

    #[test]
    fn names_are_compared_without_case_and_final_dot() {
        assert_eq!(name("Example.COM."), name("example.com"));
        assert_eq!(name("a\\.b.example"), name("A\\046b.example."));
        assert_ne!(name("a\\.b.example"), name("a.b.example"));
    }

    #[test]
    fn what_is_not_a_name() {
        assert_eq!(Name::parse(""), Err(NameError::EmptyLabel));
        assert_eq!(Name::parse("a..b"), Err(NameError::EmptyLabel));
        assert_eq!(Name::parse(&"a".repeat(64)), Err(NameError::LongLabel));
        assert!(Name::parse(&"a".repeat(63)).is_ok());
        assert_eq!(Name::parse(&["a".repeat(63).as_str(); 4].join(".")), Err(NameError::LongName));
        assert_eq!(Name::parse("a\\2"), Err(NameError::BadEscape));
    }

    #[test]
    fn parents_and_children() {
        let domain = name("example.com");
        let selector = name("s1._domainkey.example.com");
        assert_eq!(selector.below(&domain), Some("s1._domainkey"));
        assert!(!name("badexample.com").is_within(&domain));
        assert_eq!(name("com").parent(), Some(Name::root()));
        assert_eq!(Name::root().parent(), None);
        assert_eq!(domain.prefixed("_dmarc"), Ok(name("_dmarc.example.com")));
        assert_eq!(selector.labels().collect::<Vec<_>>(), ["s1", "_domainkey", "example", "com"]);
    }

    #[test]
    fn names_below_a_name_follow_it() {
        let sorted =
            [".", "com", "a\\.example.com", "example.com", "a.example.com", "b.a.example.com", "a-.example.com"];
        let sorted = [&sorted[..], &["b.example.com", "examplf.com", "net"]].concat();
        let mut names: Vec<Name> = sorted.iter().rev().map(|text| name(text)).collect();
        names.sort_by(Name::cmp_by_labels);
        assert_eq!(names.iter().map(Name::as_str).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn registered_domain_by_the_public_suffix_list() {
        assert_eq!(name("mail.EXAMPLE.co.jp").registered_domain(), name("example.co.jp"));
        assert_eq!(name("com").registered_domain(), name("com"));
        assert_eq!(name("_dmarc.github.io").registered_domain(), name("github.io"));
        assert_eq!(name("s1._domainkey.github.io").registered_domain(), name("github.io"));
        assert_eq!(name("mail.example.co.jp").public_suffix(), Some("co.jp"));
        assert_eq!(name("host.sub").public_suffix(), None);
    }

    #[test]
    fn names_of_reverse_dns() {
        let reverse = |ip: &str| Name::reverse(ip.parse().expect("an address")).map(|name| name.to_string());
        assert_eq!(reverse("192.0.2.1").as_deref(), Some("1.2.0.192.in-addr.arpa"));
        let long = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assert_eq!(reverse("2001:db8::1").as_deref(), Some(long));
    }

    #[test]
    fn a_person_may_type_an_internationalized_name() {
        assert_eq!(Name::from_user("bücher.example"), Ok(name("xn--bcher-kva.example")));
    }

    #[test]
    fn types_by_name_and_number() {
        assert_eq!("txt".parse(), Ok(Kind::TXT));
        assert_eq!("TYPE16".parse(), Ok(Kind::TXT));
        assert_eq!(Kind(65280).to_string(), "TYPE65280");
        assert_eq!("TYPE+6".parse::<Kind>(), Err(()));
        assert_eq!("3600".parse::<Kind>(), Err(()));
    }
}

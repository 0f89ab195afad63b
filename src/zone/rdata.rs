//! The data of a record: from tokens to values, in the form of each type or in the generic form of RFC 3597.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use super::lexer::{Fault, Token};
use super::txt::Octet;
use super::written::Written;
use super::{Caa, Data, ProblemKind, Soa, Tlsa, Txt};
use crate::name::{Kind, Name, NameError, Question};
use crate::source::Source;

/// RFC 1035 section 3.2.1: RDLENGTH is "an unsigned 16 bit integer".
const MAX_OCTETS: usize = 65_535;

/// The tokens of the data, and the text they are cut from.
pub(super) struct Fields<'t> {
    pub text: &'t str,
    pub tokens: &'t [Token],
    /// Where the text is written.
    pub place: Place<'t>,
    /// What to point at when a field is missing.
    pub behind: Range<usize>,
}

/// Where the text of fields is written.
#[derive(Clone)]
pub(super) enum Place<'t> {
    /// It is the source itself.
    Here,
    /// All of it is at one place (`$GENERATE`).
    One(Range<usize>),
    /// It was put together from parts of the source.
    Parts(&'t Written),
}

/// Reads written names, relative ones too, and remembers the last one: owners and targets repeat.
#[derive(Clone, Default)]
pub(super) struct Names {
    origin: Option<Name>,
    /// A name with a dot in it is absolute, as in what some providers export.
    dotted_are_absolute: bool,
    written: String,
    name: Option<Name>,
}

/// Reads the data of a record of this type.
pub(super) fn read(
    fields: &Fields<'_>,
    source: &Arc<Source>,
    record_set: &Question,
    names: &mut Names,
) -> Result<Data, Fault> {
    match record_set.kind {
        Kind::A | Kind::AAAA | Kind::NS | Kind::CNAME | Kind::PTR | Kind::MX | Kind::SOA => {}
        Kind::TXT | Kind::SPF | Kind::TLSA | Kind::CAA => {}
        _ => return Ok(Data::Other),
    }
    if fields.is_generic() { generic(fields, source, record_set) } else { own_form(fields, source, record_set, names) }
}

/// Reads a time in seconds, or with units: `3600`, `1h30m`, `2W`.
pub(super) fn ttl(text: &str) -> Option<u32> {
    let (mut total, mut number, mut units) = (0u64, None, false);
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            let digits: u64 = number.unwrap_or(0) * 10 + u64::from(byte - b'0');
            number = Some(digits).filter(|digits| *digits <= u64::from(u32::MAX));
            number?;
            continue;
        }
        let seconds = match byte.to_ascii_lowercase() {
            b'w' => 604_800,
            b'd' => 86_400,
            b'h' => 3_600,
            b'm' => 60,
            b's' => 1,
            _ => return None,
        };
        total += number.take()? * seconds;
        units = true;
        if total > u64::from(u32::MAX) {
            return None;
        }
    }
    if number.is_none() && !units {
        return None;
    }
    // RFC 2181 section 8: "Implementations should treat TTL values received with the most significant bit set as if
    // the entire value received was zero."
    let total = u32::try_from(total + number.unwrap_or(0)).ok()?;
    Some(if total > i32::MAX as u32 { 0 } else { total })
}

impl Names {
    pub fn new(origin: Option<Name>) -> Names {
        Names { origin, ..Names::default() }
    }

    /// The same, but a name with a dot in it needs no final dot to be absolute.
    pub fn dotted(origin: Option<Name>) -> Names {
        Names { dotted_are_absolute: true, ..Names::new(origin) }
    }

    /// The same for another origin.
    pub fn with_origin(&self, origin: Option<Name>) -> Names {
        Names { dotted_are_absolute: self.dotted_are_absolute, ..Names::new(origin) }
    }

    /// What relative names end in.
    pub fn origin(&self) -> Option<&Name> {
        self.origin.as_ref()
    }

    /// Reads a name: `@`, absolute or relative.
    pub fn read(&mut self, written: &str) -> Result<Name, ProblemKind> {
        if let (Some(name), true) = (&self.name, self.written == written) {
            return Ok(name.clone());
        }
        let name = self.resolve(written)?;
        self.written.clear();
        self.written.push_str(written);
        self.name = Some(name.clone());
        Ok(name)
    }

    fn resolve(&self, written: &str) -> Result<Name, ProblemKind> {
        let is_whole = self.dotted_are_absolute && written.contains('.');
        if is_absolute(written) || is_whole {
            return Name::parse(written).map_err(ProblemKind::BadName);
        }
        if ends_in_backslash(written) {
            return Err(ProblemKind::BadName(NameError::BadEscape));
        }
        let Some(origin) = &self.origin else {
            // What is no name with any origin is said first.
            return Err(Name::parse(written).map_or_else(ProblemKind::BadName, |_| ProblemKind::NoOrigin));
        };
        // RFC 1035 section 5.1: "A free standing @ is used to denote the current origin."
        if written == "@" { Ok(origin.clone()) } else { origin.prefixed(written).map_err(ProblemKind::BadName) }
    }
}

/// Does the name end in a dot that is not escaped?
pub(super) fn is_absolute(written: &str) -> bool {
    written.strip_suffix('.').is_some_and(|rest| !ends_in_backslash(rest))
}

fn ends_in_backslash(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

impl Fields<'_> {
    /// Where a part of the text is written.
    pub fn written(&self, bytes: Range<usize>) -> Range<usize> {
        match &self.place {
            Place::Here => bytes,
            Place::One(place) => place.clone(),
            Place::Parts(written) => written.place(bytes),
        }
    }

    /// Where a token is written.
    pub fn place_of(&self, token: usize) -> Range<usize> {
        match self.tokens.get(token) {
            Some(token) => self.written(token.bytes.clone()),
            None => self.behind.clone(),
        }
    }

    /// Where all of the data are written.
    pub fn whole(&self) -> Range<usize> {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => self.written(first.bytes.start..last.bytes.end),
            _ => self.behind.clone(),
        }
    }

    fn field(&self, token: usize) -> Option<&str> {
        self.tokens.get(token).map(|token| token.text(self.text))
    }

    /// RFC 3597 section 5: "a special token \# ... an unsigned decimal integer specifying the RDATA length in
    /// octets ... zero or more words of hexadecimal data".
    fn is_generic(&self) -> bool {
        let [mark, length, ..] = self.tokens else { return false };
        !mark.quoted && mark.text(self.text) == "\\#" && is_number(length.text(self.text))
    }

    fn fault(&self, kind: ProblemKind, token: usize) -> Fault {
        Fault { kind, at: self.place_of(token) }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn own_form(
    fields: &Fields<'_>,
    source: &Arc<Source>,
    record_set: &Question,
    names: &mut Names,
) -> Result<Data, Fault> {
    let kind = record_set.kind;
    let (data, count) = match kind {
        Kind::A => (Data::A(address::<Ipv4Addr>(fields, kind)?), 1),
        Kind::AAAA => (Data::Aaaa(address::<Ipv6Addr>(fields, kind)?), 1),
        Kind::NS => (Data::Ns(name(fields, 0, kind, names)?), 1),
        Kind::CNAME => (Data::Cname(name(fields, 0, kind, names)?), 1),
        Kind::PTR => (Data::Ptr(name(fields, 0, kind, names)?), 1),
        Kind::MX => {
            let preference = number(fields, 0, kind)?;
            (Data::Mx { preference, exchange: name(fields, 1, kind, names)? }, 2)
        }
        Kind::SOA => (soa(fields, names)?, 7),
        Kind::CAA => (caa(fields, source, record_set)?, 3),
        // RFC 6698 section 2.2: "Whitespace is allowed within the string of hexadecimal characters".
        Kind::TLSA => return tlsa(fields),
        _ => return text(fields, source, record_set).map(|txt| Data::Txt(Arc::new(txt))),
    };
    match fields.tokens.get(count) {
        None => Ok(data),
        Some(_) => Err(fields.fault(ProblemKind::BadData(kind), count)),
    }
}

fn address<T: FromStr>(fields: &Fields<'_>, kind: Kind) -> Result<T, Fault> {
    let parsed = fields.field(0).and_then(|field| field.parse().ok());
    parsed.ok_or_else(|| fields.fault(ProblemKind::BadData(kind), 0))
}

fn number<T: FromStr>(fields: &Fields<'_>, at: usize, kind: Kind) -> Result<T, Fault> {
    let parsed = fields.field(at).filter(|field| is_number(field)).and_then(|field| field.parse().ok());
    parsed.ok_or_else(|| fields.fault(ProblemKind::BadData(kind), at))
}

fn name(fields: &Fields<'_>, at: usize, kind: Kind, names: &mut Names) -> Result<Name, Fault> {
    let field = fields.field(at).ok_or_else(|| fields.fault(ProblemKind::BadData(kind), at))?;
    names.read(field).map_err(|problem| fields.fault(problem, at))
}

fn soa(fields: &Fields<'_>, names: &mut Names) -> Result<Data, Fault> {
    let primary = name(fields, 0, Kind::SOA, names)?;
    let mailbox = name(fields, 1, Kind::SOA, names)?;
    let serial = number(fields, 2, Kind::SOA)?;
    let time = |at| fields.field(at).and_then(ttl).ok_or_else(|| fields.fault(ProblemKind::BadData(Kind::SOA), at));
    let (refresh, retry, expire, minimum) = (time(3)?, time(4)?, time(5)?, time(6)?);
    Ok(Data::Soa(Box::new(Soa { primary, mailbox, serial, refresh, retry, expire, minimum })))
}

fn tlsa(fields: &Fields<'_>) -> Result<Data, Fault> {
    let number = |at| number(fields, at, Kind::TLSA);
    let (usage, selector, matching) = (number(0)?, number(1)?, number(2)?);
    let digits = fields.tokens.get(3..).unwrap_or_default();
    let is_wrong = |token: &Token| !token.text(fields.text).bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(wrong) = digits.iter().position(is_wrong) {
        return Err(fields.fault(ProblemKind::BadData(Kind::TLSA), 3 + wrong));
    }
    let length = digits.iter().map(|token| token.text(fields.text).len()).sum::<usize>();
    let octets = hexadecimal(fields.text, digits, length / 2).filter(|octets| !octets.is_empty());
    let data = octets.ok_or_else(|| {
        let at = match digits {
            [] => fields.behind.clone(),
            [first, .., last] => fields.written(first.bytes.start..last.bytes.end),
            [one] => fields.written(one.bytes.clone()),
        };
        Fault { kind: ProblemKind::BadData(Kind::TLSA), at }
    })?;
    Ok(Data::Tlsa(Box::new(Tlsa { usage, selector, matching, data: data.into() })))
}

fn caa(fields: &Fields<'_>, source: &Arc<Source>, record_set: &Question) -> Result<Data, Fault> {
    let flags = number(fields, 0, Kind::CAA)?;
    // RFC 8659 section 4.1: "Tags MUST NOT contain any other characters" than letters and digits.
    let is_tag = |tag: &&str| is_caa_tag(tag.as_bytes());
    let tag = fields.field(1).filter(is_tag).ok_or_else(|| fields.fault(ProblemKind::BadData(Kind::CAA), 1))?;
    let value = fields.tokens.get(2..3).ok_or_else(|| fields.fault(ProblemKind::BadData(Kind::CAA), 2))?;
    // RFC 8659 section 4.1.1: the value is a character-string, quoted or not; without a limit of 255 octets.
    let only = Fields { tokens: value, place: fields.place.clone(), behind: fields.behind.clone(), ..*fields };
    let value = Arc::new(text(&only, source, record_set)?);
    Ok(Data::Caa(Box::new(Caa { flags, tag: tag.to_owned(), value })))
}

/// RFC 8659 section 4.1: "Tag Length: ... MUST be at least 1"; and it is one octet.
fn is_caa_tag(tag: &[u8]) -> bool {
    matches!(tag.len(), 1..=255) && tag.iter().all(u8::is_ascii_alphanumeric)
}

fn text(fields: &Fields<'_>, source: &Arc<Source>, record_set: &Question) -> Result<Txt, Fault> {
    let bad = || Fault { kind: ProblemKind::BadData(record_set.kind), at: fields.whole() };
    // Four written characters make one octet at the most; each character-string has an octet for its length.
    let written: usize = fields.tokens.iter().map(|token| token.inner().len()).sum();
    if fields.tokens.is_empty() || written > 4 * MAX_OCTETS {
        return Err(bad());
    }
    let txt = if matches!(fields.place, Place::Here) && fields.tokens.iter().all(|token| !token.escaped) {
        let places: Vec<Range<usize>> = fields.tokens.iter().map(Token::inner).collect();
        Txt::plain(source, record_set.clone(), &places)
    } else {
        let strings: Result<Vec<_>, Fault> = fields.tokens.iter().map(|token| octets(fields, token)).collect();
        let place = fields.written(fields.tokens[0].inner()).start;
        Txt::from_octets(source, record_set.clone(), &strings?, place)
    };
    if txt.octets() + txt.strings.len() > MAX_OCTETS { Err(bad()) } else { Ok(txt) }
}

/// The octets of a character-string, each with its place.
fn octets(fields: &Fields<'_>, token: &Token) -> Result<Vec<Octet>, Fault> {
    let (text, inner) = (token.text(fields.text).as_bytes(), token.inner());
    let (mut octets, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(byte) = text.get(at) {
        let (octet, length) = match byte {
            b'\\' => escape(&text[at..]).ok_or_else(|| Fault {
                kind: ProblemKind::BadEscape,
                at: fields.written(inner.start + at..inner.start + at + escape_length(&text[at..])),
            })?,
            other => (*other, 1),
        };
        let written = fields.written(inner.start + at..inner.start + at + length);
        octets.push(Octet { octet, written });
        at += length;
    }
    Ok(octets)
}

/// RFC 1035 section 5.1: "\X where X is any character other than a digit (0-9), is used to quote that character so
/// that its special meaning does not apply" and "\DDD where each D is a digit is the octet corresponding to the
/// decimal number described by DDD."
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text.get(1..)? {
        [a, b, c, ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()) => {
            let number = u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10 + u32::from(c - b'0');
            Some((u8::try_from(number).ok()?, 4))
        }
        [digit, ..] if digit.is_ascii_digit() => None,
        [octet, ..] => Some((*octet, 2)),
        [] => None,
    }
}

/// The length of an escape that cannot be read.
fn escape_length(text: &[u8]) -> usize {
    1 + text.iter().skip(1).take(3).take_while(|byte| byte.is_ascii_digit()).count()
}

/// RFC 3597 section 5: the data as octets in hexadecimal digits.
fn generic(fields: &Fields<'_>, source: &Arc<Source>, record_set: &Question) -> Result<Data, Fault> {
    let bad = || Fault { kind: ProblemKind::BadData(record_set.kind), at: fields.whole() };
    let length: usize = number(fields, 1, record_set.kind)?;
    let digits = fields.tokens.get(2..).unwrap_or_default();
    let octets = hexadecimal(fields.text, digits, length).ok_or_else(bad)?;
    let mut wire = Wire { rest: &octets };
    let data = wire.data(record_set.kind, |strings| {
        let place = fields.written(digits.first()?.bytes.start..digits.last()?.bytes.end);
        let octet = |octet: &u8| Octet { octet: *octet, written: place.clone() };
        let strings: Vec<Vec<Octet>> = strings.iter().map(|string| string.iter().map(octet).collect()).collect();
        Some(Txt::from_octets(source, record_set.clone(), &strings, place.start))
    });
    data.filter(|_| wire.rest.is_empty()).ok_or_else(bad)
}

fn hexadecimal(text: &str, tokens: &[Token], length: usize) -> Option<Vec<u8>> {
    let digits: Vec<u8> = tokens.iter().flat_map(|token| token.text(text).bytes()).take(2 * MAX_OCTETS + 1).collect();
    if length > MAX_OCTETS || digits.len() != 2 * length {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)).collect()
}

/// Data in wire form (RFC 1035 section 3.3).
struct Wire<'o> {
    rest: &'o [u8],
}

impl<'o> Wire<'o> {
    fn data(&mut self, kind: Kind, txt: impl Fn(&[&[u8]]) -> Option<Txt>) -> Option<Data> {
        Some(match kind {
            Kind::A => Data::A(Ipv4Addr::from(self.array::<4>()?)),
            Kind::AAAA => Data::Aaaa(Ipv6Addr::from(self.array::<16>()?)),
            Kind::NS => Data::Ns(self.name()?),
            Kind::CNAME => Data::Cname(self.name()?),
            Kind::PTR => Data::Ptr(self.name()?),
            Kind::MX => Data::Mx { preference: u16::from_be_bytes(self.array()?), exchange: self.name()? },
            Kind::SOA => {
                let (primary, mailbox) = (self.name()?, self.name()?);
                let (serial, refresh, retry) = (self.number()?, self.number()?, self.number()?);
                let (expire, minimum) = (self.number()?, self.number()?);
                Data::Soa(Box::new(Soa { primary, mailbox, serial, refresh, retry, expire, minimum }))
            }
            Kind::TLSA => {
                let [usage, selector, matching] = self.array()?;
                let data = self.rest().filter(|rest| !rest.is_empty())?.into();
                Data::Tlsa(Box::new(Tlsa { usage, selector, matching, data }))
            }
            Kind::CAA => {
                let [flags, length] = self.array()?;
                let tag = self.take(usize::from(length)).filter(|tag| is_caa_tag(tag))?;
                let tag = String::from_utf8_lossy(tag).into_owned();
                Data::Caa(Box::new(Caa { flags, tag, value: Arc::new(txt(&[self.rest()?])?) }))
            }
            _ => Data::Txt(Arc::new(txt(&self.strings()?)?)),
        })
    }

    fn take(&mut self, length: usize) -> Option<&'o [u8]> {
        self.rest.split_off(..length)
    }

    /// All that is left.
    fn rest(&mut self) -> Option<&'o [u8]> {
        self.take(self.rest.len())
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn strings(&mut self) -> Option<Vec<&'o [u8]>> {
        let mut strings = Vec::new();
        while !self.rest.is_empty() {
            let [length] = self.array()?;
            strings.push(self.take(usize::from(length))?);
        }
        Some(strings)
    }

    /// RFC 3597 section 4: names in the generic form are not compressed.
    fn name(&mut self) -> Option<Name> {
        let mut written = String::new();
        loop {
            let [length] = self.array()?;
            match length {
                0 if written.is_empty() => return Some(Name::root()),
                0 => return Name::parse(&written).ok(),
                1..=63 => {
                    for octet in self.take(usize::from(length))? {
                        written.push_str(&format!("\\{octet:03}"));
                    }
                    written.push('.');
                }
                _ => return None,
            }
        }
    }
}

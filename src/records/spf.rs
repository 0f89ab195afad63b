//! The SPF record (RFC 7208 sections 4.5, 4.6, 5, 6, 7 and 12).

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::Arc;

use crate::name::Name;
use crate::zone::Txt;

/// An SPF record: a text that begins with the version `v=spf1`.
#[derive(Clone, Debug)]
pub struct Spf {
    /// The text.
    pub txt: Arc<Txt>,
    /// Directives and modifiers in order.
    pub terms: Arc<Vec<Term>>,
}

/// A directive (a mechanism with its qualifier) or a modifier.
#[derive(Clone, Debug)]
pub struct Term {
    /// The whole term.
    pub range: Range<usize>,
    /// The sign before the mechanism, if there is one.
    pub qualifier: Option<Qualifier>,
    /// The name of the mechanism or modifier, as written.
    pub name: Range<usize>,
    /// What stands behind `:`, `=` or `/`.
    pub argument: Option<Range<usize>>,
    /// What it is.
    pub kind: TermKind,
}

/// What a mechanism's match means (RFC 7208 section 4.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`
    Pass,
    /// `-`
    Fail,
    /// `~`
    SoftFail,
    /// `?`
    Neutral,
}

/// The results of RFC 7208 section 2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpfResult {
    /// No domain to ask, or no record there.
    None,
    /// The domain says nothing about this address.
    Neutral,
    /// The address may send.
    Pass,
    /// The address may not send.
    Fail,
    /// The address probably may not send.
    SoftFail,
    /// DNS did not answer; it may later.
    TempError,
    /// The record, or one that it leads to, cannot be interpreted.
    PermError,
}

/// The terms of RFC 7208 sections 5 and 6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermKind {
    All,
    Include(DomainSpec),
    A(Option<DomainSpec>, Prefixes),
    Mx(Option<DomainSpec>, Prefixes),
    Ptr(Option<DomainSpec>),
    Ip4(Ipv4Addr, u8),
    Ip6(Ipv6Addr, u8),
    Exists(DomainSpec),
    Redirect(DomainSpec),
    Exp(DomainSpec),
    /// A modifier that nobody defines: legal and without effect.
    UnknownModifier,
    /// Not a term: the whole record is a "permerror" (RFC 7208 section 4.6).
    Invalid(TermError),
}

/// Prefix lengths behind `a` and `mx`: 32 and 128 where none is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefixes {
    pub ip4: u8,
    pub ip6: u8,
}

/// A domain in a term, which may hold macros (RFC 7208 section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainSpec {
    /// Where it stands.
    pub range: Range<usize>,
    /// The name; nothing if it holds macros, so that it can only be known for a given message.
    pub name: Option<Name>,
}

/// Why a term is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermError {
    /// A mechanism that does not exist.
    UnknownMechanism,
    /// Not even a name: a bare address, a sign alone, a character that no name holds.
    NoName,
    /// `include`, `exists`, `redirect`, `exp`, `ip4`, `ip6` without what must follow.
    MissingArgument,
    /// `all` or `ptr` with something behind it that they do not take.
    UnexpectedArgument,
    /// Not an IPv4 or IPv6 address.
    BadAddress,
    /// A prefix length that is not a number, or too large.
    BadPrefix,
    /// Not a domain: a character or form that RFC 7208 section 7.1 does not allow.
    BadDomain,
    /// A macro that does not exist, or a `%` that begins none.
    BadMacro,
    /// A sign before a modifier.
    QualifiedModifier,
    /// `redirect` or `exp` for the second time.
    RepeatedModifier,
    /// A character outside of visible ASCII.
    BadCharacter,
}

/// A text that was meant as an SPF record and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookalike {
    /// What keeps it from being one.
    pub kind: LookalikeKind,
    /// Where that stands.
    pub at: Range<usize>,
    /// Where the terms begin that follow the failed version.
    pub rest: usize,
}

/// What keeps a text from being an SPF record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookalikeKind {
    /// `v=spf`, `v=spf2`, `v=spfl`, `spf1`: the version is not `v=spf1`.
    Version,
    /// Something stands before `v=spf1`: a blank, a quotation mark, a byte order mark.
    Before,
    /// No blank behind `v=spf1`.
    Glued,
}

impl Spf {
    /// Reads a text that is an SPF record; nothing if it is none.
    ///
    /// RFC 7208 section 4.5: "Records that do not begin with a version section of exactly "v=spf1" are discarded.
    /// Note that the version section is terminated by either an SP character or the end of the record."
    pub fn read(txt: &Arc<Txt>) -> Option<Spf> {
        let version = version_end(&txt.value)?;
        Some(Spf { txt: Arc::clone(txt), terms: txt.reading(|value| read_terms(value, version)) })
    }

    /// A term as written.
    pub fn text(&self, term: &Term) -> &str {
        &self.txt.value[term.range.clone()]
    }

    /// A part of the record as written.
    pub fn part(&self, range: &Range<usize>) -> &str {
        &self.txt.value[range.clone()]
    }

    /// The first `all`: what stands behind it is never looked at.
    pub fn all(&self) -> Option<&Term> {
        self.terms.iter().find(|term| term.kind == TermKind::All)
    }

    /// The `redirect` modifier.
    pub fn redirect(&self) -> Option<(&Term, &DomainSpec)> {
        self.terms.iter().find_map(|term| match &term.kind {
            TermKind::Redirect(domain) => Some((term, domain)),
            _ => None,
        })
    }

    /// Terms that make the whole record a "permerror".
    pub fn invalid(&self) -> impl Iterator<Item = (&Term, TermError)> {
        self.terms.iter().filter_map(|term| match term.kind {
            TermKind::Invalid(error) => Some((term, error)),
            _ => None,
        })
    }

    /// The terms that are ever looked at, in the order of evaluation: mechanisms up to `all`, and `redirect` only
    /// where there is no `all`.
    ///
    /// RFC 7208 section 5.1: "Mechanisms after "all" will never be tested. Mechanisms listed after "all" MUST be
    /// ignored. Any "redirect" modifier MUST be ignored when there is an "all" mechanism in the record".
    pub fn effective(&self) -> impl Iterator<Item = (usize, &Term)> {
        let end = self.terms.iter().position(|term| term.kind == TermKind::All);
        let redirect = self.terms.iter().enumerate().filter(move |(_, term)| end.is_none() && term.is_redirect());
        let upto = end.map_or(self.terms.len(), |all| all + 1);
        self.terms.iter().enumerate().take(upto).filter(|(_, term)| !term.is_modifier()).chain(redirect)
    }
}

impl Term {
    /// Is it `all`?
    pub fn is_all(&self) -> bool {
        self.kind == TermKind::All
    }

    /// Is it a modifier, known or not?
    pub fn is_modifier(&self) -> bool {
        matches!(self.kind, TermKind::Redirect(_) | TermKind::Exp(_) | TermKind::UnknownModifier)
    }

    fn is_redirect(&self) -> bool {
        matches!(self.kind, TermKind::Redirect(_))
    }

    /// What a match means.
    ///
    /// RFC 7208 section 4.6.2: "The qualifier is optional and defaults to "+"."
    pub fn result(&self) -> Qualifier {
        self.qualifier.unwrap_or(Qualifier::Pass)
    }

    /// Does the term count against the limit of ten look-ups?
    ///
    /// RFC 7208 section 4.6.4: "The following terms cause DNS queries: the "include", "a", "mx", "ptr", and "exists"
    /// mechanisms, and the "redirect" modifier."
    pub fn asks_dns(&self) -> bool {
        use TermKind::{A, Exists, Include, Mx, Ptr, Redirect};
        matches!(self.kind, Include(_) | A(..) | Mx(..) | Ptr(_) | Exists(_) | Redirect(_))
    }

    /// The domain that the term names.
    pub fn domain(&self) -> Option<&DomainSpec> {
        use TermKind::{A, Exists, Exp, Include, Mx, Ptr, Redirect};
        match &self.kind {
            Include(domain) | Exists(domain) | Redirect(domain) | Exp(domain) => Some(domain),
            A(domain, _) | Mx(domain, _) | Ptr(domain) => domain.as_ref(),
            _ => None,
        }
    }
}

impl Qualifier {
    fn of(character: u8) -> Option<Qualifier> {
        match character {
            b'+' => Some(Qualifier::Pass),
            b'-' => Some(Qualifier::Fail),
            b'~' => Some(Qualifier::SoftFail),
            b'?' => Some(Qualifier::Neutral),
            _ => None,
        }
    }
}

/// The terms of a text that is an SPF record; nothing if it is none.
pub fn terms(value: &str) -> Option<Vec<Term>> {
    Some(read_terms(value, version_end(value)?))
}

impl SpfResult {
    /// The result by its name in RFC 7208 section 2.6: the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            SpfResult::None => "none",
            SpfResult::Neutral => "neutral",
            SpfResult::Pass => "pass",
            SpfResult::Fail => "fail",
            SpfResult::SoftFail => "softfail",
            SpfResult::TempError => "temperror",
            SpfResult::PermError => "permerror",
        }
    }
}

fn version_end(value: &str) -> Option<usize> {
    let head = value.get(..6).filter(|head| head.eq_ignore_ascii_case("v=spf1"))?;
    matches!(value.as_bytes().get(6), None | Some(b' ')).then_some(head.len())
}

fn read_terms(value: &str, from: usize) -> Vec<Term> {
    // Most terms are longer than eight octets.
    let mut terms = Vec::with_capacity(value.len() / 8);
    let mut start = from;
    // RFC 7208 section 4.6.1: terms are separated by SP, and by nothing else.
    for part in value[from..].split(' ') {
        let range = start..start + part.len();
        start = range.end + 1;
        if !range.is_empty() {
            terms.push(read_term(value, range));
        }
    }
    mark_repeated(value, &mut terms);
    terms
}

fn read_term(value: &str, range: Range<usize>) -> Term {
    let text = &value[range.clone()];
    let qualifier = text.bytes().next().and_then(Qualifier::of);
    let name_start = range.start + usize::from(qualifier.is_some());
    let name_length = name_length(&value[name_start..range.end]);
    let name = name_start..name_start + name_length;
    let separator = value.as_bytes().get(name.end).copied().filter(|_| name.end < range.end);
    let argument = separator.map(|byte| name.end + usize::from(byte != b'/')..range.end);
    let mut term = Term { range, qualifier, name, argument, kind: TermKind::UnknownModifier };
    term.kind = term_kind(value, &term, separator).unwrap_or_else(TermKind::Invalid);
    term
}

/// RFC 7208 section 4.6.1: `name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )`
fn name_length(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')).count()
}

fn term_kind(value: &str, term: &Term, separator: Option<u8>) -> Result<TermKind, TermError> {
    if !value[term.range.clone()].bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TermError::BadCharacter);
    }
    if term.name.is_empty() {
        return Err(TermError::NoName);
    }
    let name = known_name(&value[term.name.clone()]);
    match separator {
        Some(b'=') if term.qualifier.is_some() => Err(TermError::QualifiedModifier),
        Some(b'=') => modifier(value, name, term),
        None | Some(b':' | b'/') => mechanism(value, name, term, separator),
        Some(_) => Err(TermError::UnknownMechanism),
    }
}

/// The name as it is written here; empty for one that nobody defines.
///
/// RFC 7208 section 4.6.1: "As per the definition of the ABNF notation in [RFC5234], mechanism and modifier names are
/// case insensitive."
fn known_name(name: &str) -> &'static str {
    const KNOWN: [&str; 10] = ["ip4", "include", "ip6", "all", "a", "mx", "redirect", "exp", "exists", "ptr"];
    KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or_default()
}

fn modifier(value: &str, name: &str, term: &Term) -> Result<TermKind, TermError> {
    let argument = term.argument.clone().unwrap_or(term.range.end..term.range.end);
    match name {
        "redirect" => Ok(TermKind::Redirect(domain_spec(value, argument)?)),
        "exp" => Ok(TermKind::Exp(domain_spec(value, argument)?)),
        // RFC 7208 section 12: `unknown-modifier = name "=" macro-string`
        _ => macros(&value[argument]).map(|_| TermKind::UnknownModifier),
    }
}

fn mechanism(value: &str, name: &str, term: &Term, separator: Option<u8>) -> Result<TermKind, TermError> {
    let colon = separator == Some(b':');
    let argument = term.argument.clone();
    let needed = || argument.clone().filter(|range| colon && !range.is_empty()).ok_or(TermError::MissingArgument);
    match name {
        "all" if argument.is_none() => Ok(TermKind::All),
        "all" => Err(TermError::UnexpectedArgument),
        "include" => Ok(TermKind::Include(domain_spec(value, needed()?)?)),
        "exists" => Ok(TermKind::Exists(domain_spec(value, needed()?)?)),
        "ip4" => ip4(&value[needed()?]),
        "ip6" => ip6(&value[needed()?]),
        "ptr" if separator == Some(b'/') => Err(TermError::UnexpectedArgument),
        "ptr" => Ok(TermKind::Ptr(argument.map(|range| domain_spec(value, range)).transpose()?)),
        "a" => host(value, argument, colon).map(|(domain, prefixes)| TermKind::A(domain, prefixes)),
        "mx" => host(value, argument, colon).map(|(domain, prefixes)| TermKind::Mx(domain, prefixes)),
        _ => Err(TermError::UnknownMechanism),
    }
}

/// `[ ":" domain-spec ] [ dual-cidr-length ]`
fn host(value: &str, argument: Option<Range<usize>>, colon: bool) -> Result<(Option<DomainSpec>, Prefixes), TermError> {
    let Some(argument) = argument else { return Ok((None, Prefixes { ip4: 32, ip6: 128 })) };
    let (domain_length, prefixes) = prefixes(&value[argument.clone()])?;
    let domain = argument.start..argument.start + domain_length;
    match (colon, domain.is_empty()) {
        (true, true) => Err(TermError::MissingArgument),
        (true, false) => Ok((Some(domain_spec(value, domain)?), prefixes)),
        (false, _) => Ok((None, prefixes)),
    }
}

/// Takes `/24`, `//64` or `/24//64` off the end. Slashes elsewhere belong to the domain: RFC 7208 section 7.1 allows
/// them in a macro-string (`macro-literal = %x21-24 / %x26-7E`) and as delimiters of a macro, but not in a toplabel.
fn prefixes(text: &str) -> Result<(usize, Prefixes), TermError> {
    let from = text.rfind(['.', '}']).map_or(0, |end| end + 1);
    let Some(slash) = text[from..].find('/').map(|at| at + from) else {
        return Ok((text.len(), Prefixes { ip4: 32, ip6: 128 }));
    };
    let (ip4, ip6) = match text[slash..].split_once("//") {
        None => (Some(&text[slash + 1..]), None),
        Some(("", ip6)) => (None, Some(ip6)),
        Some((ip4, ip6)) => (Some(&ip4[1..]), Some(ip6)),
    };
    let ip4 = ip4.map_or(Ok(32), |digits| prefix(digits, 32))?;
    let ip6 = ip6.map_or(Ok(128), |digits| prefix(digits, 128))?;
    Ok((slash, Prefixes { ip4, ip6 }))
}

/// RFC 7208 section 12: `"/" ("0" / %x31-39 0*1DIGIT)`: no leading zeros.
fn prefix(digits: &str, max: u8) -> Result<u8, TermError> {
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    if leading_zero || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TermError::BadPrefix);
    }
    digits.parse().ok().filter(|length| *length <= max).ok_or(TermError::BadPrefix)
}

fn ip4(text: &str) -> Result<TermKind, TermError> {
    let (address, length) = split_prefix(text, 32)?;
    // std refuses leading zeros, as RFC 7208 section 12 does ("qnum").
    address.parse().map(|address| TermKind::Ip4(address, length)).map_err(|_| TermError::BadAddress)
}

fn ip6(text: &str) -> Result<TermKind, TermError> {
    let (address, length) = split_prefix(text, 128)?;
    address.parse().map(|address| TermKind::Ip6(address, length)).map_err(|_| TermError::BadAddress)
}

fn split_prefix(text: &str, max: u8) -> Result<(&str, u8), TermError> {
    match text.split_once('/') {
        None => Ok((text, max)),
        Some((address, digits)) => Ok((address, prefix(digits, max)?)),
    }
}

/// RFC 7208 section 7.1: `domain-spec = macro-string domain-end`, with
/// `domain-end = ( "." toplabel [ "." ] ) / macro-expand`.
fn domain_spec(value: &str, range: Range<usize>) -> Result<DomainSpec, TermError> {
    let text = &value[range.clone()];
    if text.is_empty() {
        return Err(TermError::MissingArgument);
    }
    let macros = macros(text)?;
    if macros != Macros::AtEnd && !ends_in_toplabel(text) {
        return Err(TermError::BadDomain);
    }
    let name = match macros {
        Macros::None => Name::unescaped(text).ok(),
        _ => None,
    };
    Ok(DomainSpec { range, name })
}

fn ends_in_toplabel(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    text.rsplit_once('.').is_some_and(|(_, label)| is_toplabel(label))
}

/// `toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )`
fn is_toplabel(label: &str) -> bool {
    let allowed = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let dashed = label.contains('-') && !label.starts_with('-') && !label.ends_with('-');
    allowed && (dashed || (!label.contains('-') && label.bytes().any(|byte| byte.is_ascii_alphabetic())))
}

/// Where a text holds macros.
#[derive(Clone, Copy, PartialEq)]
enum Macros {
    None,
    Inside,
    AtEnd,
}

/// RFC 7208 section 7.2: "The following macro letters are expanded in term arguments"; c, r and t "are allowed only in
/// "exp" text", and other evaluators refuse them elsewhere, too.
const MACRO_LETTERS: &[u8] = b"slodiphv";

/// The macros of a text, or the error that a `%` begins none (RFC 7208 section 7.1).
fn macros(text: &str) -> Result<Macros, TermError> {
    let mut found = Macros::None;
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        match rest.bytes().next() {
            Some(b'%' | b'_' | b'-') => rest = &rest[1..],
            Some(b'{') => {
                let close = rest.find('}').ok_or(TermError::BadMacro)?;
                check_macro(&rest[1..close])?;
                rest = &rest[close + 1..];
            }
            _ => return Err(TermError::BadMacro),
        }
        found = if rest.is_empty() { Macros::AtEnd } else { Macros::Inside };
    }
    Ok(found)
}

/// `macro-letter transformers *delimiter` (RFC 7208 section 7.1).
fn check_macro(body: &str) -> Result<(), TermError> {
    let letter = body.bytes().next().ok_or(TermError::BadMacro)?;
    if !MACRO_LETTERS.contains(&letter.to_ascii_lowercase()) {
        return Err(TermError::BadMacro);
    }
    let rest = body[1..].trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &body[1..body.len() - rest.len()];
    // RFC 7208 section 7.3: "If a DIGIT is specified, the value MUST be nonzero."
    if !digits.is_empty() && digits.bytes().all(|byte| byte == b'0') {
        return Err(TermError::BadMacro);
    }
    let rest = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    let delimiters = rest.bytes().all(|byte| b".-+,/_=".contains(&byte));
    if delimiters { Ok(()) } else { Err(TermError::BadMacro) }
}

/// RFC 7208 section 6: "redirect" and "exp" "MUST NOT appear in a record more than once each. If they do, then
/// check_host() exits with a result of "permerror"."
fn mark_repeated(value: &str, terms: &mut [Term]) {
    for name in ["redirect", "exp"] {
        let mut same =
            terms.iter_mut().filter(|term| term.is_modifier() && value[term.name.clone()].eq_ignore_ascii_case(name));
        same.next();
        same.for_each(|term| term.kind = TermKind::Invalid(TermError::RepeatedModifier));
    }
}

/// Was the text meant as an SPF record, although it is none?
pub fn lookalike(value: &str) -> Option<Lookalike> {
    if version_end(value).is_some() {
        return None;
    }
    let lower = value.to_ascii_lowercase();
    if lower.starts_with("v=spf1") {
        return glued(value, &lower);
    }
    if let Some(at) = lower.find("v=spf1").filter(|at| !lower[..*at].contains(|c: char| c.is_ascii_alphanumeric())) {
        return Some(Lookalike { kind: LookalikeKind::Before, at: 0..at, rest: at + 6 });
    }
    wrong_version(value, &lower)
}

/// `v=spf1include:…`, `v=spf1,…`, `v=spf1.0 …`: the version goes on where it should end.
fn glued(value: &str, lower: &str) -> Option<Lookalike> {
    let word_end = lower.find(' ').unwrap_or(lower.len());
    let behind = &lower[6..word_end];
    let separator = separator_length(behind);
    // `v=spf1mx-all`: what is glued may itself be glued to a sign.
    let first = behind.split(['+', '-', '~', '?']).next().unwrap_or_default();
    let is_term = looks_like_term(behind) || looks_like_term(first);
    let version_goes_on = separator == 0 && !behind.contains([':', '=']) && !is_term;
    if version_goes_on || behind.starts_with('.') {
        return Some(Lookalike { kind: LookalikeKind::Version, at: 0..word_end, rest: word_end });
    }
    let end = value.floor_char_boundary(6 + separator);
    Some(Lookalike { kind: LookalikeKind::Glued, at: 6..end, rest: end })
}

/// A separator other than the blank, or characters that cannot be seen, or `&nbsp;`; not the sign of a mechanism.
fn separator_length(behind: &str) -> usize {
    let signed = behind.starts_with(['+', '-', '~', '?']) && behind[1..].starts_with(|c: char| c.is_ascii_alphabetic());
    match behind.find(';') {
        _ if signed => 0,
        Some(end) if behind.starts_with('&') => end + 1,
        _ => behind.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(behind.len()),
    }
}

/// `v=spf`, `v=spf2`, `v=spfl`, `spf1`, `v-spf1`, …, where terms of SPF follow.
fn wrong_version(value: &str, lower: &str) -> Option<Lookalike> {
    let start = value.len() - value.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).len();
    let end = start + lower[start..].find(' ').unwrap_or(lower.len() - start);
    let word = &lower[start..end];
    // Sender ID (RFC 4406) had a version of its own: `spf2.0/pra`.
    if word.starts_with("spf2.0") {
        return None;
    }
    let near = strsim::osa_distance(word, "v=spf1") <= 2 && word.contains("sp");
    let terms = lower[end..].split(' ').any(looks_like_term);
    let bare_terms = start == 0 && looks_like_include(word) && lower.split(' ').any(is_all_word);
    match () {
        () if near && (terms || word.starts_with("v=spf")) => {
            Some(Lookalike { kind: LookalikeKind::Version, at: start..end, rest: end })
        }
        () if bare_terms => Some(Lookalike { kind: LookalikeKind::Version, at: 0..0, rest: 0 }),
        () => None,
    }
}

fn looks_like_include(word: &str) -> bool {
    ["include:", "ip4:", "ip6:", "a:", "mx:"].iter().any(|head| word.starts_with(head))
}

fn is_all_word(word: &str) -> bool {
    matches!(word, "-all" | "~all" | "?all" | "+all" | "all")
}

fn looks_like_term(word: &str) -> bool {
    is_all_word(word) || looks_like_include(word) || matches!(word, "mx" | "a")
}

#[cfg(test)]
mod tests;

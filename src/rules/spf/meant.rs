//! What the author of a faulty term must have meant: each guess is read again, and only those that are right terms
//! are offered.

use std::net::Ipv4Addr;

use super::characters;
use super::fault::{Fault, Slip};
use crate::lang::Words;
use crate::name::Name;
use crate::near;
use crate::providers;
use crate::records::replaced;
use crate::records::spf::{self, Term, TermError, TermKind};

/// The mechanisms of RFC 7208 section 5.
const MECHANISMS: [&str; 8] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];

/// How mechanisms with an argument and modifiers begin; a place in the middle of a term where one may begin.
const HEADS: [&str; 8] = ["include:", "ip4:", "ip6:", "a:", "mx:", "exists:", "redirect=", "v=dmarc1"];

/// Longer terms are not searched for what is glued together in them.
const MAX_TERM: usize = 512;

/// Terms that are one by what they say, torn apart by blanks: `include: x`, `include :x`, `- all`, `ip4:192.0. 2.1`.
/// Also how many terms they are.
pub(super) fn blank_in_term(value: &str, terms: &[Term]) -> Option<(Fault, usize)> {
    (2..=3).find_map(|count| {
        let pieces = terms.get(..count)?;
        let texts: Vec<&str> = pieces.iter().map(|term| &value[term.range.clone()]).collect();
        let torn = texts.windows(2).all(|pair| is_torn(pair[0], pair[1]));
        let broken = pieces.iter().any(|term| matches!(term.kind, TermKind::Invalid(_)));
        let whole = texts.concat();
        if !torn || !broken || !is_right(&whole) {
            return None;
        }
        let term = pieces[0].range.start..pieces[count - 1].range.end;
        let at = pieces[0].range.end..pieces[1].range.start;
        let fault = Fault { slip: Slip::BlankInTerm, at, term, instead: vec![whole], reason: None };
        Some((fault, count))
    })
}

fn is_torn(left: &str, right: &str) -> bool {
    let sign = matches!(left, "+" | "-" | "~" | "?");
    sign || left.ends_with([':', '=', '.', '/']) || right.starts_with([':', '=', '.', '/'])
}

/// Is the text one right term, and not merely a modifier that nobody knows?
fn is_right(text: &str) -> bool {
    matches!(kinds(text).as_deref(), Some([kind]) if is_right_kind(kind)) && !has_signs(text)
}

fn is_right_kind(kind: &TermKind) -> bool {
    match kind {
        TermKind::Invalid(_) | TermKind::UnknownModifier => false,
        TermKind::Include(domain) | TermKind::Redirect(domain) => domain.name.is_some(),
        _ => true,
    }
}

/// Are there signs in the argument that no address and no host has?
fn has_signs(text: &str) -> bool {
    let argument = text.split_once([':', '=']).map_or("", |(_, argument)| argument);
    let address = text.to_ascii_lowercase().contains("ip6:");
    !address && argument.contains([':', '@', ',', ';', '=', '?', '~', '+']) && !argument.contains('%')
}

fn kinds(text: &str) -> Option<Vec<TermKind>> {
    if text.len() > MAX_TERM {
        return None;
    }
    Some(spf::terms(&format!("v=spf1 {text}"))?.into_iter().map(|term| term.kind).collect())
}

/// Characters that do not belong into the record.
pub(super) fn characters(value: &str, term: &Term) -> Option<Fault> {
    let strays = characters::strays(value, term.range.clone());
    let (first, last) = (strays.first()?, strays.last()?);
    let at = if strays.len() == 1 { first.range.clone() } else { first.range.start..last.range.end };
    let mut text = value[..term.range.end].to_owned();
    for stray in strays.iter().rev() {
        text = replaced(&text, &stray.range, stray.instead.unwrap_or_default());
    }
    let known = strays.iter().all(|stray| stray.instead.is_some());
    let instead = if known { vec![text[term.range.start..].trim().to_owned()] } else { Vec::new() };
    Some(Fault::new(Slip::Character, term, instead).at(at))
}

/// Commas or semicolons in place of blanks.
pub(super) fn separators(value: &str, term: &Term) -> Option<Fault> {
    let text = &value[term.range.clone()];
    let first = text.find([',', ';'])?;
    if text.len() > MAX_TERM || text.contains('%') {
        return None;
    }
    let pieces: Vec<&str> = text.split([',', ';']).filter(|piece| !piece.is_empty()).collect();
    let head = pieces.first()?.split_once(':').map(|(head, _)| head);
    // `ip4:192.0.2.1,192.0.2.2`: what holds for the first holds for the others.
    let whole = |piece: &&str| match head {
        Some(head) if !is_right(piece) => format!("{head}:{piece}"),
        _ => (*piece).to_owned(),
    };
    let pieces: Vec<String> = pieces.iter().map(whole).collect();
    if !pieces.iter().all(|piece| is_right(piece)) {
        return None;
    }
    let at = term.range.start + first;
    Some(Fault::new(Slip::Separator, term, vec![pieces.join(" ")]).at(at..at + 1))
}

/// Two terms without a blank between them. The place is where the blank belongs.
pub(super) fn blank_missing(value: &str, term: &Term) -> Option<Fault> {
    let text = &value[term.range.clone()];
    let lower = text.to_ascii_lowercase();
    if text.len() > MAX_TERM || !text.is_ascii() {
        return None;
    }
    let signs = lower.match_indices(['+', '-', '~', '?']).map(|(at, _)| at).filter(|at| begins(&lower[at + 1..]));
    let heads = HEADS.iter().flat_map(|head| lower.match_indices(head).map(|(at, _)| at));
    let mut places: Vec<usize> = signs.chain(heads).filter(|at| *at > 0).collect();
    places.sort_unstable();
    let at = places.into_iter().find(|at| is_right(&text[..*at]) && !is_right_half(&text[..*at]))?;
    let (left, right) = text.split_at(at);
    // The DMARC record does not belong here at all, and where it ends nobody knows.
    let dmarc = right.to_ascii_lowercase().starts_with("v=dmarc1");
    let instead = if dmarc || kinds(right).is_none() { Vec::new() } else { vec![format!("{left} {right}")] };
    let place = term.range.start + at;
    Some(Fault::new(Slip::BlankMissing, term, instead).at(place..place + right.len()))
}

/// Does a mechanism begin here, as it would behind a sign?
fn begins(text: &str) -> bool {
    matches!(text, "all" | "mx" | "a") || HEADS.iter().any(|head| text.starts_with(head)) || text.starts_with("all-")
}

/// `include:x.test-` before `all`: the sign belongs to what follows.
fn is_right_half(left: &str) -> bool {
    left.ends_with(['+', '-', '~', '?'])
}

/// A name that is no mechanism, or no name at all.
pub(super) fn mechanism(value: &str, terms: &[Term], term: &Term) -> Fault {
    let text = &value[term.range.start + usize::from(term.qualifier.is_some())..term.range.end];
    let sign = &value[term.range.start..term.range.end - text.len()];
    let (name, argument) = split_name(text);
    if ["redirect", "exp"].contains(&name.to_ascii_lowercase().as_str()) {
        return redirect(value, terms, term, argument);
    }
    let guesses = guesses(text, name, argument);
    let mut instead: Vec<String> = Vec::new();
    for guess in guesses.into_iter().map(|guess| format!("{sign}{guess}")).filter(|guess| is_right(guess)) {
        if !instead.contains(&guess) {
            instead.push(guess);
        }
    }
    Fault::new(Slip::UnknownMechanism, term, instead)
}

fn split_name(text: &str) -> (&str, &str) {
    text.split_once([':', '=', ';']).unwrap_or((text, ""))
}

/// All that may have been meant; the first kind of guess that there is.
fn guesses(text: &str, name: &str, argument: &str) -> Vec<String> {
    let bare = bare_argument(text);
    if !bare.is_empty() {
        return bare;
    }
    // `ipv4:192.0.2.1`: the address says which.
    let by_address = bare_argument(argument);
    if by_address.iter().any(|guess| guess.starts_with("ip")) && !name.is_empty() {
        return by_address;
    }
    if let Some(known) = near::nearest(name, MECHANISMS).filter(|_| name.len() > 2) {
        return vec![replaced(text, &(0..name.len()), known).replacen([';', '='], ":", 1)];
    }
    if ["ip4;", "ip6;", "include;", "include.", "ip4.", "ip6."].iter().any(|head| starts_with(text, head)) {
        return vec![text.replacen([';', '.'], ":", 1)];
    }
    vec![text.trim_end_matches(['.', ':']).to_owned()]
}

fn starts_with(text: &str, head: &str) -> bool {
    text.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
}

/// What an argument without a mechanism may be: an address, or a host.
fn bare_argument(text: &str) -> Vec<String> {
    if let Some(address) = address_term(text) {
        return vec![address];
    }
    let Ok(name) = Name::parse(text) else { return Vec::new() };
    if providers::by_include(&name).is_some() {
        return vec![format!("include:{text}")];
    }
    let host = text.contains('.') && !text.ends_with('.') && text.bytes().all(is_host);
    // The mechanism and its colon may have become a label: `include.example.com`.
    let known = MECHANISMS.iter().any(|mechanism| name.first_label() == *mechanism);
    match host && !known && is_registrable(&name) {
        true => vec![format!("include:{text}"), format!("a:{text}")],
        false => Vec::new(),
    }
}

fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

fn is_registrable(name: &Name) -> bool {
    name.registered_domain().labels().count() > 1
}

/// `ip4:` or `ip6:` with this text, if it is an address or a network.
fn address_term(text: &str) -> Option<String> {
    let text = text.trim_start_matches('[').replacen(']', "", 1);
    ["ip4", "ip6"].map(|name| format!("{name}:{text}")).into_iter().find(|term| is_right(term))
}

/// `redirect:x`. Beside `all` it would be ignored, so that `include` may have been meant.
fn redirect(value: &str, terms: &[Term], term: &Term, argument: &str) -> Fault {
    let name = value[term.name.clone()].to_ascii_lowercase();
    let mut instead = vec![format!("{name}={argument}")];
    if name == "redirect" && terms.iter().any(Term::is_all) {
        instead.push(format!("include:{argument}"));
    }
    instead.retain(|text| kinds(text).is_some_and(|kinds| kinds.len() == 1 && !is_invalid(&kinds[0])));
    Fault::new(Slip::RedirectAsMechanism, term, instead)
}

fn is_invalid(kind: &TermKind) -> bool {
    matches!(kind, TermKind::Invalid(_))
}

/// A modifier that nobody defines, with the name of a mechanism or nearly that of one we know.
pub(super) fn modifier(value: &str, terms: &[Term], term: &Term) -> Option<Fault> {
    let name = value[term.name.clone()].to_ascii_lowercase();
    let argument = term.argument.clone().map_or("", |argument| &value[argument]);
    if near::nearest(&name, ["redirect"]).is_some() {
        return Some(Fault { slip: Slip::ModifierTypo, ..redirect_typo(terms, term, argument) });
    }
    let known = MECHANISMS.iter().find(|known| **known == name).copied();
    let guess = known.or_else(|| near::nearest(&name, MECHANISMS).filter(|_| name.len() > 3));
    let by_address = address_term(argument);
    let instead = match (guess, by_address) {
        (_, Some(address)) => address,
        (Some("all"), None) => "~all".to_owned(),
        (Some(known), None) => format!("{known}:{argument}"),
        (None, None) => return None,
    };
    // Of a sign in front of `all` nothing is known.
    let certain = is_right(&instead) && guess != Some("all");
    Some(Fault::new(Slip::MechanismAsModifier, term, if certain { vec![instead] } else { Vec::new() }))
}

fn redirect_typo(terms: &[Term], term: &Term, argument: &str) -> Fault {
    let mut instead = vec![format!("redirect={argument}")];
    if terms.iter().any(Term::is_all) {
        instead.push(format!("include:{argument}"));
    }
    instead.retain(|text| is_right(text));
    Fault::new(Slip::ModifierTypo, term, instead)
}

/// `a:/24` says the same as `a/24` was meant to; nothing else is known of what is not there.
pub(super) fn missing_argument(value: &str, term: &Term) -> Fault {
    let text = value[term.range.clone()].replacen(":/", "/", 1);
    let instead = if is_right(&text) { vec![text] } else { Vec::new() };
    Fault::new(Slip::MissingArgument, term, instead)
}

/// `ip4` or `ip6` with something that is no address of the kind.
pub(super) fn address(value: &str, term: &Term) -> Fault {
    let range = term.argument.clone().unwrap_or_else(|| term.range.clone());
    let argument = &value[range.clone()];
    let sign = &value[term.range.start..term.name.start];
    let host = bare_url(argument);
    let (guess, reason) = address_guess(argument, host);
    let guess = guess.map(|guess| format!("{sign}{guess}")).filter(|guess| is_right(guess));
    Fault::new(Slip::BadAddress, term, guess.into_iter().collect()).at(range).because(reason)
}

fn address_guess(argument: &str, host: &str) -> (Option<String>, Words) {
    if let Some(other) = address_term(argument) {
        let bracket = argument.starts_with('[');
        return (Some(other), if bracket { NOT_AN_ADDRESS } else { OTHER_FAMILY });
    }
    if host != argument {
        return (address_term(host), URL);
    }
    if let Some(other) = argument.strip_suffix('.').and_then(address_term) {
        return (Some(other), FINAL_DOT);
    }
    if let Some((address, port)) = argument.split_once(':')
        && address.parse::<Ipv4Addr>().is_ok()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return (address_term(address), PORT);
    }
    let octets: Vec<&str> = argument.split('/').next().unwrap_or_default().split('.').collect();
    match octets.iter().map(|octet| octet.parse::<u32>().ok()).collect::<Option<Vec<u32>>>() {
        Some(numbers) if numbers.len() != 4 => (None, FOUR_NUMBERS),
        Some(numbers) if numbers.iter().any(|number| *number > 255) => (None, OVER_255),
        Some(numbers) => (address_term(&without_zeros(&numbers, argument)), LEADING_ZERO),
        None if argument.bytes().all(is_host) && argument.contains('.') && has_letters_at_end(argument) => {
            (Some(format!("a:{argument}")), A_NAME)
        }
        None => (None, NOT_AN_ADDRESS),
    }
}

fn has_letters_at_end(text: &str) -> bool {
    text.rsplit('.').next().is_some_and(|label| label.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

fn without_zeros(numbers: &[u32], argument: &str) -> String {
    let address = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    argument.split_once('/').map_or(address.clone(), |(_, length)| format!("{address}/{length}"))
}

/// What stands between `//` and the path of a URL; the text itself where it is none.
fn bare_url(text: &str) -> &str {
    let Some((_, rest)) = text.split_once("://") else { return text };
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// A prefix length that is none.
pub(super) fn prefix(value: &str, term: &Term) -> Fault {
    let text = &value[term.range.clone()];
    let slash = text.find('/').unwrap_or(text.len());
    let (before, length) = (&text[..slash], text[slash..].trim_start_matches('/'));
    let number = match length.parse::<Ipv4Addr>() {
        Ok(mask) => mask_length(mask),
        Err(_) => length.parse::<u32>().ok(),
    };
    let slashes = &text[slash..text.len() - length.len()];
    let guess = number.map(|number| format!("{before}{slashes}{number}")).filter(|guess| is_right(guess));
    Fault::new(Slip::BadPrefix, term, guess.into_iter().collect()).at(term.range.start + slash..term.range.end)
}

/// 255.255.255.0 is /24.
fn mask_length(mask: Ipv4Addr) -> Option<u32> {
    let bits = u32::from(mask);
    (bits.leading_ones() + bits.trailing_zeros() == 32).then(|| bits.leading_ones())
}

/// A domain that is none.
pub(super) fn domain(value: &str, term: &Term) -> Fault {
    let range = term.argument.clone().unwrap_or_else(|| term.range.clone());
    let argument = &value[range.clone()];
    let sign = &value[term.range.start..term.name.start];
    let name = &value[term.name.clone()];
    let separator = if name.eq_ignore_ascii_case("redirect") || name.eq_ignore_ascii_case("exp") { '=' } else { ':' };
    let host = bare_url(argument);
    let (guess, reason) = if let Some(address) = address_term(argument) {
        (Some(format!("{sign}{address}")), AN_ADDRESS)
    } else if host != argument {
        (Some(format!("{sign}{name}{separator}{host}")), URL)
    } else if let Some((host, port)) = argument.split_once(':')
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        (Some(format!("{sign}{name}{separator}{host}")), PORT)
    } else if argument.contains('@') {
        (None, MAIL_ADDRESS)
    } else if !argument.contains('.') {
        (None, ONE_LABEL)
    } else {
        (None, NOT_A_NAME)
    };
    let guess = guess.filter(|guess| is_right(guess));
    Fault::new(Slip::BadDomain, term, guess.into_iter().collect()).at(range).because(reason)
}

/// `-redirect=x`: a modifier has no sign. `-include=x`: a mechanism has a colon.
pub(super) fn qualified_modifier(value: &str, term: &Term) -> Fault {
    let plain = value[term.name.start..term.range.end].to_owned();
    let mechanism = value[term.range.clone()].replacen('=', ":", 1);
    let known = kinds(&plain).is_some_and(|kinds| matches!(kinds.as_slice(), [kind] if is_known_modifier(kind)));
    let instead = match () {
        () if known => vec![plain],
        () if is_right(&mechanism) => vec![mechanism],
        () => Vec::new(),
    };
    Fault::new(Slip::QualifiedModifier, term, instead)
}

fn is_known_modifier(kind: &TermKind) -> bool {
    matches!(kind, TermKind::Redirect(_) | TermKind::Exp(_))
}

/// The second of two. Where both say the same, one can go.
pub(super) fn repeated_modifier(value: &str, terms: &[Term], term: &Term) -> Fault {
    let text = |term: &Term| value[term.range.clone()].to_ascii_lowercase();
    let repeated = |other: &&Term| !matches!(other.kind, TermKind::Invalid(TermError::RepeatedModifier));
    let same = terms.iter().filter(repeated).any(|other| text(other) == text(term));
    Fault::new(Slip::RepeatedModifier, term, if same { vec![String::new()] } else { Vec::new() })
}

const OTHER_FAMILY: Words = Words {
    en: "IPv4 addresses belong in `ip4:`, IPv6 addresses in `ip6:`",
    es: "las direcciones IPv4 van en `ip4:` y las IPv6 en `ip6:`",
    ja: "IPv4アドレスは `ip4:`、IPv6アドレスは `ip6:` に書きます",
};
const URL: Words = Words {
    en: "this is a URL, and only what is between `//` and the next slash is wanted",
    es: "es una URL, y solo se necesita lo que hay entre `//` y la barra siguiente",
    ja: "URLではなく、`//` と次のスラッシュの間だけを書きます",
};
const FINAL_DOT: Words = Words {
    en: "an address has no dot at its end",
    es: "una dirección no lleva punto al final",
    ja: "アドレスの末尾にドットは付けません",
};
const PORT: Words = Words {
    en: "a port number has no place here",
    es: "aquí no cabe un número de puerto",
    ja: "ポート番号は書けません",
};
const FOUR_NUMBERS: Words = Words {
    en: "an IPv4 address has four numbers",
    es: "una dirección IPv4 tiene cuatro números",
    ja: "IPv4アドレスは4つの数字で書きます",
};
const OVER_255: Words = Words {
    en: "no number in an IPv4 address is greater than 255",
    es: "ningún número de una dirección IPv4 es mayor que 255",
    ja: "IPv4アドレスの各数字は255以下です",
};
const LEADING_ZERO: Words = Words {
    en: "the numbers of an IPv4 address have no leading zeros here",
    es: "los números de una dirección IPv4 no llevan aquí ceros a la izquierda",
    ja: "IPv4アドレスの数字の先頭に0は付けられません",
};
const A_NAME: Words = Words {
    en: "this is a name, and names belong in `a:`",
    es: "es un nombre, y los nombres van en `a:`",
    ja: "これは名前です。名前は `a:` に書きます",
};
const NOT_AN_ADDRESS: Words = Words {
    en: "it does not have the form of an address",
    es: "no tiene la forma de una dirección",
    ja: "アドレスの形式になっていません",
};
const AN_ADDRESS: Words = Words {
    en: "this is an IP address, and addresses belong in `ip4:` or `ip6:`",
    es: "es una dirección IP, y las direcciones van en `ip4:` o `ip6:`",
    ja: "これはIPアドレスです。アドレスは `ip4:` または `ip6:` に書きます",
};
const MAIL_ADDRESS: Words = Words {
    en: "this is a mail address, and SPF is about servers only",
    es: "es una dirección de correo, y SPF solo trata de servidores",
    ja: "これはメールアドレスです。SPFに書くのはサーバーだけです",
};
const ONE_LABEL: Words = Words {
    en: "a full name with at least one dot in it is needed",
    es: "hace falta un nombre completo, con al menos un punto",
    ja: "ドットを含む完全な名前が必要です",
};
const NOT_A_NAME: Words = Words {
    en: "it has an empty or overlong part, a character that no name has, or an ending that is not a top-level domain",
    es: "tiene una parte vacía o demasiado larga, un signo que ningún nombre lleva o un final que no es un dominio de primer nivel",
    ja: "空の部分、長すぎる部分、名前に使えない記号、またはトップレベルドメインではない末尾があります",
};

#[cfg(test)]
mod tests {
    use super::super::fault::faults;
    use super::*;

    fn meant(terms: &str) -> Vec<String> {
        let value = format!("v=spf1 {terms}");
        let faults = faults(&value, &spf::terms(&value).expect("a record"));
        assert_eq!(faults.len(), 1, "{terms}: {faults:?}");
        faults[0].instead.clone()
    }

    #[test]
    fn one_meaning() {
        for (written, expected) in [
            ("include: x.test", "include:x.test"),
            ("include :x.test", "include:x.test"),
            ("include : x.test", "include:x.test"),
            ("redirect= x.test", "redirect=x.test"),
            ("- all", "-all"),
            ("ip4:192.0. 2.1", "ip4:192.0.2.1"),
            ("a /24", "a/24"),
            ("include:x.test.\u{a0}", "include:x.test."),
            ("-all;", "-all"),
            ("include:x.test,-all", "include:x.test -all"),
            ("ip4:192.0.2.1,192.0.2.2", "ip4:192.0.2.1 ip4:192.0.2.2"),
            ("include:x.test,ip4:192.0.2.1,a", "include:x.test ip4:192.0.2.1 a"),
            ("ip4:192.0.2.1~all", "ip4:192.0.2.1 ~all"),
            ("include:x.test-all", "include:x.test -all"),
            ("mx-all", "mx -all"),
            ("~allinclude:x.test", "~all include:x.test"),
            ("include:x.testinclude:y.test", "include:x.test include:y.test"),
            ("ipv4:192.0.2.1", "ip4:192.0.2.1"),
            ("ip:2001:db8::1", "ip6:2001:db8::1"),
            ("?ipv6:192.0.2.0/24", "?ip4:192.0.2.0/24"),
            ("2001:db8::/32", "ip6:2001:db8::/32"),
            ("fe80::1", "ip6:fe80::1"),
            ("inlcude:x.test", "include:x.test"),
            ("include;x.test", "include:x.test"),
            ("spf.protection.outlook.com", "include:spf.protection.outlook.com"),
            ("-all.", "-all"),
            ("redirect:x.test", "redirect=x.test"),
            ("redirct=x.test", "redirect=x.test"),
            ("include=x.test", "include:x.test"),
            ("ipv4=192.0.2.1", "ip4:192.0.2.1"),
            ("a:/24", "a/24"),
            ("ip6:192.0.2.1", "ip4:192.0.2.1"),
            ("ip4:192.0.2.1.", "ip4:192.0.2.1"),
            ("ip4:192.0.2.1:25", "ip4:192.0.2.1"),
            ("ip4:192.000.002.001/24", "ip4:192.0.2.1/24"),
            ("ip4:http://192.0.2.1/", "ip4:192.0.2.1"),
            ("ip4:mail.x.test", "a:mail.x.test"),
            ("ip6:[2001:db8::1]", "ip6:2001:db8::1"),
            ("ip4:192.0.2.0/255.255.255.0", "ip4:192.0.2.0/24"),
            ("a/024", "a/24"),
            ("a:192.0.2.1", "ip4:192.0.2.1"),
            ("include:https://x.test/y", "include:x.test"),
            ("a:x.test:25", "a:x.test"),
            ("-redirect=x.test", "redirect=x.test"),
            ("-ip4=192.0.2.1", "-ip4:192.0.2.1"),
            ("exp=x.test exp=x.test", ""),
        ] {
            assert_eq!(meant(written), [expected], "{written}");
        }
    }

    #[test]
    fn no_meaning_or_several() {
        for written in [
            "foo:bar",
            "include:",
            "ip4:192.0.2",
            "ip4:192.0.2.256",
            "ip4:192.0.2.0/33",
            "include:joe@x.test",
            "include:localhost",
            "-allv=DMARC1;",
            "a:x..test",
            "exp=x.test exp=y.test",
            "all=x",
            "-foo=bar",
            "%",
            "joe@x.test",
            "ip4:192.0.2.0/255.0.255.0",
        ] {
            assert_eq!(meant(written), [""; 0], "{written}");
        }
        assert_eq!(meant("mail.x.test"), ["include:mail.x.test", "a:mail.x.test"]);
        assert_eq!(meant("redirect:x.test -all"), ["redirect=x.test", "include:x.test"]);
    }
}

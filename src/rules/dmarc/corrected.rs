//! The record as it should be: the same for all findings about a record, so that who publishes it has mended them all.

use crate::near::nearest;
use crate::records::dmarc::{Policy, TAGS};
use crate::rules::dmarc::character;

/// Tags and their values, in the order of the record to publish.
type Tags = Vec<(String, String)>;

/// The record with all slips of the hand mended; nothing where it takes its owner to say what was meant.
pub(super) fn corrected(value: &str) -> Option<String> {
    let plain = character::plain(value)?;
    let mut tags: Tags = Vec::new();
    let parts = parts(&plain);
    for part in parts.iter().map(|part| trim(part)).filter(|part| !part.is_empty() && !is_version(part)) {
        add(&mut tags, part)?;
    }
    tags.retain(|(name, value)| !value.is_empty() && !is_without_effect(name, value));
    let policy = match tags.iter().position(|(name, _)| name == "p") {
        Some(at) => tags.remove(at).1,
        // RFC 9989 section 4.7, "p": a record without it counts as one with "p=none".
        None => Policy::None.as_str().to_owned(),
    };
    // As its owner writes it.
    let separator = if plain.contains(';') && !plain.contains("; ") { ";" } else { "; " };
    let rest = tags.iter().map(|(name, value)| format!("{separator}{name}={value}"));
    Some(format!("v=DMARC1{separator}p={policy}{}", rest.collect::<String>()))
}

/// The records of several texts as one: nothing where they contradict each other.
pub(super) fn merged<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let joined: Vec<&str> = values.into_iter().collect();
    corrected(&joined.join(";"))
}

/// The tag that a name is meant as, and is not: by a slip of the hand, or in words.
pub(super) fn meant(name: &str, value: &str) -> Option<&'static str> {
    let known = TAGS.iter().find(|tag| tag.eq_ignore_ascii_case(name));
    let word = match name.to_ascii_lowercase().as_str() {
        _ if known.is_some() => None,
        "policy" | "pol" | "action" if Policy::read(value).is_some() => Some("p"),
        "subdomain" | "subdomainpolicy" | "subpolicy" | "spolicy" if Policy::read(value).is_some() => Some("sp"),
        "dkim" | "dkimalignment" => Some("adkim"),
        "spf" | "spfalignment" => Some("aspf"),
        "percent" | "percentage" => Some("pct"),
        _ => None,
    };
    let slip = || nearest(name, TAGS).and_then(|near| TAGS.into_iter().find(|tag| *tag == near));
    // One letter is no evidence of which tag was meant, and no tag that is meant has a value of another.
    word.or_else(|| slip().filter(|tag| known.is_none() && name.len() > 1 && *tag != "v" && fits(tag, value)))
}

/// Does a value fit a tag, at least once it is mended?
fn fits(tag: &str, value: &str) -> bool {
    match tag {
        "rua" | "ruf" => value.contains(['@', ':']),
        _ => mended(tag, value).is_some(),
    }
}

/// Splits at semicolons, and where another separator stands before something that can only be a tag.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in text.split(';') {
        let mut rest = part;
        while let Some((length, separator)) = next_tag(rest) {
            parts.push(&rest[..length]);
            rest = &rest[length + separator..];
        }
        parts.push(rest);
    }
    parts
}

/// Where in a part another tag begins: the length of what is before, and that of the separator: a comma, blanks, and
/// behind the version also a colon.
pub(super) fn next_tag(part: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = part[from..].find([',', ' ', ':', '\t']).map(|at| at + from) {
        let behind = part[at..].trim_start_matches([',', ' ', ':', '\t']);
        let separator = &part[at..part.len() - behind.len()];
        let before = part[..at].trim();
        let colon = separator.contains(':');
        // `p = none`: the blank before `=`, and the one behind it.
        let between = before.is_empty() || before.ends_with('=') || behind.starts_with('=');
        if !between && begins_tag(behind) && (!colon || is_version(before)) {
            return Some((at, separator.len()));
        }
        from = part.len() - behind.len();
    }
    None
}

fn begins_tag(text: &str) -> bool {
    let name = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let behind = text[name..].trim_start();
    let known = TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(&text[..name]));
    known && (behind.starts_with('=') || behind.starts_with(':'))
}

fn is_version(part: &str) -> bool {
    let lower: String = part.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let near = lower == "v=dmarc1" || nearest(&lower, ["v=dmarc1"]).is_some();
    near || lower == "v=" || (lower.contains("dmarc") && !lower.contains(['@', '.', '/']) && !lower.contains("mailto"))
}

fn add(tags: &mut Tags, part: &str) -> Option<()> {
    let (name, value) = match (name_and_value(part), tags.last_mut()) {
        (Some(both), _) => both,
        // `rua=mailto:a@b;c@d`: the address belongs to the tag before.
        (None, Some((name, value))) if is_report_tag(name) && part.contains('@') => {
            *value = joined(value, &addresses(part)?);
            return Some(());
        }
        (None, _) => return None,
    };
    let value = mended(&name, value)?;
    match tags.iter_mut().find(|(before, _)| *before == name) {
        None => tags.push((name, value)),
        Some((_, before)) if *before == value => {}
        Some((_, before)) if is_report_tag(&name) => *before = joined(before, &value),
        Some(_) => return None,
    }
    Some(())
}

/// Name and value of a tag: of `p=none`, and of `p:none`.
fn name_and_value(part: &str) -> Option<(String, &str)> {
    let (name, value) = match (part.split_once('='), part.split_once(':')) {
        (_, Some((name, value))) if TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(trim(name))) => (name, value),
        (Some(both), _) => both,
        (None, _) => return None,
    };
    let (name, value) = (trim(name), trim(value));
    let known = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (known && !name.is_empty())
        .then(|| (meant(name, value).map_or_else(|| name.to_ascii_lowercase(), str::to_owned), value))
}

/// A value as its tag wants it; nothing where that cannot be told.
pub(super) fn mended(tag: &str, value: &str) -> Option<String> {
    let value = trim(value);
    match tag {
        "p" | "sp" | "np" => policy(value).map(|policy| policy.as_str().to_owned()),
        "rua" | "ruf" => addresses(value),
        "adkim" | "aspf" => word(value, &[("r", "relaxed"), ("s", "strict")]),
        "t" | "psd" => word(value, &[("y", "yes"), ("n", "no"), ("u", "unknown")]),
        "fo" => options(value),
        _ => Some(value.to_owned()),
    }
}

/// The policy that a word is, or is near to.
pub(super) fn policy(value: &str) -> Option<Policy> {
    let word = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let all = [Policy::None, Policy::Quarantine, Policy::Reject];
    let near = || nearest(word, all.map(Policy::as_str)).and_then(Policy::read);
    Policy::read(word).or_else(near)
}

fn word(value: &str, words: &[(&str, &str)]) -> Option<String> {
    let fits = |long: &str| value.eq_ignore_ascii_case(long) || nearest(value, [long]).is_some();
    let found = words.iter().find(|(short, long)| value.eq_ignore_ascii_case(short) || (value.len() > 1 && fits(long)));
    found.map(|(short, _)| (*short).to_owned())
}

/// RFC 9989 section 4.7, "fo": `0`, `1`, `d`, `s`, joined by colons.
fn options(value: &str) -> Option<String> {
    let all: Vec<String> =
        value.split([':', ',', ' ']).filter(|o| !o.is_empty()).map(str::to_ascii_lowercase).collect();
    let known = all.iter().all(|option| matches!(option.as_str(), "0" | "1" | "d" | "s"));
    (known && !all.is_empty()).then(|| all.join(":"))
}

/// All addresses of a tag as `mailto:` URIs; nothing if one cannot be told.
fn addresses(value: &str) -> Option<String> {
    let parts = value.split([',', ' ', '\t']).filter(|part| !part.is_empty());
    let all: Option<Vec<String>> = parts.map(address).collect();
    all.map(|all| all.join(","))
}

/// An address as a `mailto:` URI, without brackets, slashes and the size limit that RFC 9989 section 4.7 removed.
pub(in crate::rules) fn address(text: &str) -> Option<String> {
    let text = trim(text).trim_matches(['<', '>']);
    let rest = match text.split_once(':') {
        None => text,
        Some((scheme, rest)) if nearest(scheme, ["mailto"]).is_some() || scheme.eq_ignore_ascii_case("mailto") => rest,
        // `mail:` is another word for it; a URI of another scheme is for its owner to replace.
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mail") || scheme.eq_ignore_ascii_case("email") => rest,
        Some(_) => return None,
    };
    let rest = rest.trim_start_matches('/').trim_matches(['<', '>']);
    let rest = rest.split_once('!').map_or(rest, |(address, _)| address);
    let uri = format!("mailto:{rest}");
    crate::records::dmarc::is_mail_uri(&uri).then_some(uri)
}

fn joined(one: &str, other: &str) -> String {
    if one.is_empty() { other.to_owned() } else { format!("{one},{other}") }
}

fn is_report_tag(name: &str) -> bool {
    matches!(name, "rua" | "ruf")
}

/// RFC 9989 removed these tags; where they say what was their default before, old receivers lose nothing either.
fn is_without_effect(name: &str, value: &str) -> bool {
    matches!((name, value), ("rf" | "ri", _) | ("pct", "100"))
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended() {
        let right = "v=DMARC1; p=reject; rua=mailto:a@b.test";
        for value in [
            right,
            " v=dmarc1 p=reject rua=mailto:a@b.test",
            "v=DMARC1: p=reject, rua:a@b.test",
            "v=DMARC1;; p=rejct; ura=<mailto:a@b.test>",
            "p=reject; rua=malito://a@b.test!10m",
            "nv=DMARC; policy=reject; rua=mailto:a@b.test; ri=3600; rf=afrf; pct=100",
            "\"v=DMARC1\\; p=\u{201c}reject\u{201d}\\; rua=mailto:a@b.test\"",
            "&quot;v=DMARC1; p=reject; rua=&lt;mailto:a@b.test&gt;&quot;",
            "v\u{ff1d}DMARC1\u{ff1b}\u{a0}p=reject; rua=mailto:a\u{200b}@b.test",
            "V = DMARC1 ; p = reject ; rua = mailto:a@b.test ; p=reject",
        ] {
            assert_eq!(corrected(value).as_deref(), Some(right), "{value}");
        }
        let close = "v=DMARC1;p=reject;rua=mailto:a@b.test;pct=100;";
        assert_eq!(corrected(close).as_deref(), Some("v=DMARC1;p=reject;rua=mailto:a@b.test"));
    }

    #[test]
    fn any_text_is_taken_and_a_right_record_stays() {
        let parts = [
            "v=DMARC1", ";", " ", ",", ":", "p=none", "p:", "=", "rua=", "mailto:", "a@b.test", "é", "&#", "&lt;", "\\",
        ];
        for n in 0..parts.len().pow(3) {
            let pick = |digit: u32| parts[n / parts.len().pow(digit) % parts.len()];
            let text = format!("v=DMARC1; p=none;{}{}{}", pick(0), pick(1), pick(2));
            if let Some(record) = corrected(&text) {
                assert_eq!(corrected(&record).as_ref(), Some(&record), "{text}");
            }
        }
    }

    #[test]
    fn addresses_are_joined() {
        for value in [
            "v=DMARC1; rua=mailto:a@b.test;c@d.test",
            "v=DMARC1; rua=mailto:a@b.test mailto:c@d.test",
            "v=DMARC1; rua=a@b.test,,c@d.test,",
            "v=DMARC1; rua=mailto:a@b.test; rua=mailto:c@d.test",
        ] {
            let right = "v=DMARC1; p=none; rua=mailto:a@b.test,mailto:c@d.test";
            assert_eq!(corrected(value).as_deref(), Some(right), "{value}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for value in [
            "v=DMARC1; p=maybe",
            "v=DMARC1; p=none; p=reject",
            "v=DMARC1; none",
            "v=DMARC1; p=none; rua=https://a.test/",
            "v=DMARC1; p=none; rua=mailto:a@<domain>",
            "v=DMARC1; p=none; adkim=x",
            "v=DMARC1; p=none; fo=2",
            "v=DMARC1; p=none; rua=mailto:\u{e9}@b.test",
        ] {
            assert_eq!(corrected(value), None, "{value}");
        }
    }

    #[test]
    fn which_tag_was_meant() {
        assert_eq!(meant("ura", "mailto:a@b.test"), Some("rua"));
        assert_eq!(meant("policy", "reject"), Some("p"));
        assert_eq!(meant("policy", "strict"), None);
        assert_eq!(meant("x", "none"), None);
        assert_eq!(meant("RUA", "mailto:a@b.test"), None, "known");
        assert_eq!(meant("comment", "hello"), None);
    }
}

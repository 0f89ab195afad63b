//! Texts that a zone file holds without quotation marks: a blank ends a string there, and `;` the record.

use crate::name::Name;

/// What begins a list of tags.
const VERSIONS: [&str; 5] = ["v=DMARC1", "v=DKIM1", "v=STSv1", "v=TLSRPTv1", "v=BIMI1"];

/// The record of mail that was meant by these strings and the comment behind them, if it is not what they say:
///
/// - RFC 7208 section 3.3: strings are "concatenated together without adding spaces", so `v=spf1 mx -all` in three of
///   them is `v=spf1mx-all`.
/// - RFC 1035 section 5.1: "Semicolon is used to start a comment; the remainder of the line is ignored", so of
///   `v=DMARC1; p=none` only the version is published.
pub fn meant(owner: &Name, strings: &[&str], comment: &str) -> Option<String> {
    match strings {
        [version, _, ..] if version.eq_ignore_ascii_case("v=spf1") => Some(strings.join(" ")),
        [first] if begins_tags(owner, first) => {
            let parts = comment.split(';').map(str::trim).take_while(|part| part.is_empty() || is_tag(part));
            let tags: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            (!tags.is_empty()).then(|| format!("{first}; {}", tags.join("; ")))
        }
        _ => None,
    }
}

/// Key records may begin with any tag (RFC 6376 section 3.6.1).
fn begins_tags(owner: &Name, text: &str) -> bool {
    let of_key = owner.labels().any(|label| label == "_domainkey");
    VERSIONS.iter().any(|version| version.eq_ignore_ascii_case(text)) || (of_key && is_tag(text))
}

fn is_tag(part: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    part.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty() && name.trim().bytes().all(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(owner: &str, strings: &str, comment: &str) -> Option<String> {
        let strings: Vec<&str> = strings.split(' ').collect();
        meant(&Name::parse(owner).expect("a name"), &strings, comment)
    }

    #[test]
    fn what_was_meant() {
        let dmarc = of("_dmarc.a.test", "v=DMARC1", " p=none; rua=mailto:a@x.test; ; reports to a");
        assert_eq!(dmarc.as_deref(), Some("v=DMARC1; p=none; rua=mailto:a@x.test"));
        assert_eq!(of("s._domainkey.a.test", "k=rsa", "p=AAAA").as_deref(), Some("k=rsa; p=AAAA"));
        assert_eq!(of("a.test", "v=spf1 mx -all", " the old one").as_deref(), Some("v=spf1 mx -all"));
    }

    #[test]
    fn what_is_meant_as_it_stands() {
        assert_eq!(of("a._report._dmarc.b.test", "v=DMARC1", " reports of a=b"), None);
        assert_eq!(of("s._domainkey.a.test", "p=AAAA", " the old key"), None);
        assert_eq!(of("a.test", "v=spf1", ""), None);
        assert_eq!(of("a.test", "site=1", " key=2"), None);
    }
}

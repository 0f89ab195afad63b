//! Mail addresses, IP addresses and host names in a text.

use std::net::IpAddr;
use std::ops::Range;

/// The longest address: RFC 5321 section 4.5.3.1 has 64 octets before the `@`, and 255 behind it.
const LONGEST: usize = 64 + 1 + 255;

/// Where mail addresses stand.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let (start, end) = (local_part(text, at), domain(text, at));
        let is_new = found.last().is_none_or(|last| start >= last.end);
        if start < at && end > at + 1 && end - start <= LONGEST && is_new {
            found.push(start..end);
        }
    }
    found
}

/// The address at the beginning of a text, behind marks such as `<` or a bullet.
pub(super) fn leading(text: &str) -> Option<Range<usize>> {
    let first = find(text).into_iter().next()?;
    let before = text[..first.start].trim_start_matches(['*', '-', '|', ' ', '\t']);
    matches!(before, "" | "<" | "\"" | "'" | "(" | "[").then_some(first)
}

/// Where IP addresses stand that others may have seen: no private or local ones.
pub(super) fn find_ip(text: &str) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    let mut at = 0;
    for word in text.split_inclusive(|c| !is_part(c)) {
        let bare = word.trim_end_matches(|c| !is_part(c)).trim_end_matches(['.', ':']);
        // `[ipv6:2001:db8::1]` is the form of RFC 5321 section 4.1.3; the letters before it end at a `v`.
        let bare = bare.strip_prefix("6:").filter(|_| text[..at].ends_with(['v', 'V'])).unwrap_or(bare);
        let start = at + word.find(bare).unwrap_or(0);
        at += word.len();
        let glued = text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let followed = text[start + bare.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
        if bare.len() >= 6 && !glued && !followed && bare.parse().is_ok_and(|ip| is_public(&ip)) {
            return Some(start..start + bare.len());
        }
    }
    None
}

/// Is this the form of a host name: two labels or more, and no number alone?
pub(super) fn is_host(text: &str) -> bool {
    let text = text.trim_end_matches('.');
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c));
    text.contains('.') && text.len() <= 253 && text.split('.').all(is_label)
}

fn is_public(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !(ip.is_private() || ip.is_loopback() || ip.is_unspecified() || ip.is_link_local()),
        IpAddr::V6(ip) => {
            !(ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local())
        }
    }
}

/// RFC 5322 section 3.2.3, atext, and letters beyond ASCII (RFC 6531 section 3.3); or what stands in quotation marks.
fn local_part(text: &str, at: usize) -> usize {
    let before = &text[..at];
    if let Some(quoted) = before.strip_suffix('"') {
        return quoted.rfind('"').filter(|start| at - start <= 66).unwrap_or(at);
    }
    let is_atext = |c: char| c.is_alphanumeric() || "!#$%&*+-/=?^_{|}~.'`".contains(c);
    let name = before.rsplit(|c| !is_atext(c)).next().unwrap_or_default();
    // RFC 2047 section 2: an encoded word, where none belongs, begins with `=?`.
    let trimmed = name.trim_start_matches(['\'', '`', '=', '|', '.', '-', '*']);
    at - trimmed.len() - usize::from(trimmed.starts_with('?') && name.len() > trimmed.len())
}

fn domain(text: &str, at: usize) -> usize {
    let behind = &text[at + 1..];
    let end = behind.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))).unwrap_or(behind.len());
    at + 1 + behind[..end].trim_end_matches(['.', '-', '_']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses() {
        assert_eq!(found("<a@contoso.com>: mail to 'b.c+d@fabrikam.com'."), ["a@contoso.com", "b.c+d@fabrikam.com"]);
        assert_eq!(found("用户@例え.jp, \"a b\"@contoso.com"), ["用户@例え.jp", "\"a b\"@contoso.com"]);
        assert_eq!(found("@ a@ @b a@b@c"), ["a@b"]);
        assert_eq!(leading("  * <a@b.example> c"), Some(5..16));
        assert_eq!(leading("to a@b.example"), None);
    }

    #[test]
    fn ip_addresses() {
        let ip = |text: &str| find_ip(text).map(|range| text[range].to_owned());
        assert_eq!(ip("from [10.0.0.1] (mx [192.0.2.1]) 1.2.3").as_deref(), Some("192.0.2.1"));
        assert_eq!(ip("IP 2001:db8::25: blocked").as_deref(), Some("2001:db8::25"));
        assert_eq!(ip("[IPv6:2001:db8::25]").as_deref(), Some("2001:db8::25"));
        assert_eq!(ip("at 12:34:56, mx-192.0.2.1.contoso.com"), None);
    }
}

//! Replies of a mail server (RFC 5321 section 4.2).

use std::fmt;

use crate::smtp::Failure;

/// A reply: its code, and the text of its lines, fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The code, of three digits.
    pub code: u16,
    /// The text of each line: no control characters, and no more than a few hundred characters.
    pub lines: Vec<String>,
}

/// The most octets of a reply. RFC 5321 section 4.5.3.1.5 has 512 for a line; servers have a dozen extensions.
const LARGEST: usize = 16 * 1024;

/// So many characters of a line are kept.
const LONGEST_TEXT: usize = 300;

impl Reply {
    /// Reads the reply at the beginning, and how many octets it takes; nothing if its end is not there yet.
    ///
    /// # Errors
    /// What is not a reply, or longer than any.
    pub(super) fn read(octets: &[u8]) -> Result<Option<(Reply, usize)>, Failure> {
        let (mut at, mut lines) = (0, Vec::new());
        while let Some(length) = memchr::memchr(b'\n', &octets[at..]) {
            let line = octets[at..at + length].trim_ascii_end();
            at += length + 1;
            let (code, is_last, text) = read_line(line).ok_or(Failure::Protocol)?;
            lines.push(printable(text));
            if is_last && at <= LARGEST {
                return Ok(Some((Reply { code, lines }, at)));
            }
        }
        if octets.len() > LARGEST { Err(Failure::Protocol) } else { Ok(None) }
    }

    /// Does the reply to EHLO offer this extension? It names one in each line behind the first (RFC 5321 section
    /// 4.1.1.1), in any case.
    pub fn offers(&self, extension: &str) -> bool {
        let keywords = self.lines.iter().skip(1).filter_map(|line| line.split_whitespace().next());
        keywords.into_iter().any(|keyword| keyword.eq_ignore_ascii_case(extension))
    }
}

/// Code and first line: `554 5.7.1 go away`.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{} {}", self.code, self.lines.first().map_or("", String::as_str));
        f.write_str(text.trim_end())
    }
}

/// RFC 5321 section 4.2: three digits, then a hyphen where more lines follow.
fn read_line(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (code, rest) = line.split_at_checked(3)?;
    let is_code = matches!(code, [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9']);
    let code = std::str::from_utf8(code).ok().filter(|_| is_code)?.parse().ok()?;
    match rest {
        [] => Some((code, true, rest)),
        [b' ', text @ ..] => Some((code, true, text)),
        [b'-', text @ ..] => Some((code, false, text)),
        _ => None,
    }
}

fn printable(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let shown = text.chars().take(LONGEST_TEXT);
    let escaped = shown.map(|c| if c.is_control() { c.escape_unicode().to_string() } else { c.to_string() });
    escaped.collect::<String>() + if text.chars().nth(LONGEST_TEXT).is_some() { "…" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u16, Vec<String>, usize)> {
        let (reply, length) = Reply::read(text.as_bytes()).expect("a reply")?;
        Some((reply.code, reply.lines, length))
    }

    #[test]
    fn lines_and_their_end() {
        assert_eq!(read("220 mx ESMTP\r\n"), Some((220, vec!["mx ESMTP".to_owned()], 14)));
        assert_eq!(read("250\nrest"), Some((250, vec![String::new()], 4)));
        assert_eq!(read("250-a\r\n250 b\r\nrest").map(|(_, lines, length)| (lines.len(), length)), Some((2, 14)));
        for part in ["", "22", "220 mx", "250-a\r\n", "250-a\r\n250 b"] {
            assert_eq!(read(part), None, "{part:?}");
        }
    }

    #[test]
    fn what_is_no_reply() {
        for text in
            ["HTTP/1.1 400 Bad\r\n", "22\r\n", "\r\n", "020 a\r\n", "620 a\r\n", "220a\r\n", "+OK\r\n", "2é0 \r\n"]
        {
            assert_eq!(Reply::read(text.as_bytes()), Err(Failure::Protocol), "{text:?}");
        }
        let endless =
            ["a".repeat(LARGEST + 1), "250-a\r\n".repeat(LARGEST), format!("220 {}\r\n", "a".repeat(LARGEST))];
        for text in endless {
            assert_eq!(Reply::read(text.as_bytes()), Err(Failure::Protocol));
        }
    }

    #[test]
    fn what_is_shown_is_harmless_and_short() {
        let (reply, _) = Reply::read(b"554 \x1b[2J\x07\xff\r\n").expect("a reply").expect("whole");
        assert_eq!(reply.to_string(), "554 \\u{1b}[2J\\u{7}\u{fffd}");
        let (reply, _) =
            Reply::read(format!("554 {}\r\n", "é".repeat(400)).as_bytes()).expect("a reply").expect("whole");
        assert_eq!(reply.lines[0].chars().count(), LONGEST_TEXT + 1);
    }

    #[test]
    fn extensions() {
        let offers = |text: &str| Reply::read(text.as_bytes()).expect("a reply").expect("whole").0.offers("STARTTLS");
        assert!(offers("250-mx\r\n250-SIZE 1000\r\n250 starttls\r\n"));
        assert!(!offers("250-STARTTLS\r\n250 XXXXXXXA\r\n"));
        assert!(!offers("250-mx\r\n250-NOSTARTTLS\r\n250 AUTH STARTTLS\r\n"));
    }
}

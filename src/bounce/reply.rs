//! Replies of mail servers in a text: `550 5.7.1 …`, in many lines, or one inside of another.

use std::ops::Range;

use crate::bounce::passage::{Joined, Passage};
use crate::bounce::{Enhanced, Reply, address};

/// So many replies of one text are read.
const MOST: usize = 40;

/// So many octets of a reply are kept. RFC 5321 section 4.5.3.1.5 has 512 for a line; some write a dozen lines.
const LONGEST: usize = 4096;

/// What ends the words of a server, and begins those of the one who reports them.
const ENDS: [&str; 7] =
    ["##", "};{", " (in reply to ", " (state ", " Giving up on ", "I'm not going to try again", " --- "];

/// Words that come before a reply.
const SAID: [&str; 6] = ["said", "returned", "error", "code", "answered", "reason"];

/// Where a reply begins.
struct Start {
    at: usize,
    smtp: Option<u16>,
    /// A hyphen behind the code: more lines follow (RFC 5321 section 4.2.1).
    is_continued: bool,
}

/// All replies of a text. What stands inside of another comes first: it is the cause of the other.
pub(super) fn find(joined: &Joined, passage: &Passage) -> Vec<Reply> {
    let text = joined.text.as_str();
    let starts = starts(text);
    let mut replies: Vec<Reply> = Vec::new();
    for (start, end) in starts.iter().zip(ends(text, &starts)).rev() {
        let (from, end) = with_sentence(text, start.at, end);
        let words = words(&text[from..end], start);
        let says_no_more = |inner: &Reply| start.smtp.is_none() || bare(&words).ends_with(&inner.text);
        if !replies.last().is_some_and(|inner| words.contains(&inner.text) && says_no_more(inner)) {
            let enhanced = enhanced(&words, start.smtp);
            let span = passage.span(joined.place(&(from..end)));
            replies.push(Reply { smtp: start.smtp, enhanced, text: words, span });
        }
    }
    replies
}

/// A code in parentheses stands behind its words: `Sorry, no mailbox here by that name. (#5.1.1)`.
fn with_sentence(text: &str, at: usize, end: usize) -> (usize, usize) {
    if !text[..at].ends_with("(#") || !text[end..].starts_with(')') {
        return (at, end);
    }
    let head = address::leading(text).map_or(0, |range| range.end).min(at - 2);
    let words = text[head..at].trim_start_matches(['>', ':', ' ', '"']);
    (at - words.len(), end + 1)
}

/// Where each reply ends: what stands inside of another ends with it, at the latest.
fn ends(text: &str, starts: &[Start]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    for (n, start) in starts.iter().enumerate() {
        let outer = ends.iter().copied().filter(|outer| *outer > start.at).min().unwrap_or(text.len());
        ends.push(end(text, start.at, starts.get(n + 1)).min(outer));
    }
    ends
}

/// A text that is no reply, as one without codes.
pub(super) fn without_codes(joined: &Joined, range: Range<usize>, passage: &Passage) -> Reply {
    let quoted = joined.quoted(passage, range);
    Reply { smtp: None, enhanced: None, text: shortened(&quoted.text).to_owned(), span: quoted.span }
}

/// Does a line begin with a reply code that stands for itself?
pub(super) fn begins_line(line: &str) -> Option<&str> {
    let code = line.get(..3).filter(|_| code_at(line, 0).is_some())?;
    let behind = &line[3..];
    (behind.is_empty() || behind.starts_with([' ', '-', ':'])).then_some(code)
}

/// Does a line begin with an enhanced code alone?
pub(super) fn begins_enhanced(line: &str) -> bool {
    enhanced_at(line).is_some_and(|(_, length)| line[length..].starts_with([' ', ':']))
}

fn starts(text: &str) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let mut at = 0;
    while let Some(digit) = text[at..].find(['4', '5']).map(|found| at + found) {
        at = digit + 1;
        if let Some(start) = start_at(text, digit, starts.last()) {
            at = digit + 3;
            starts.push(start);
            if starts.len() == MOST {
                break;
            }
        }
    }
    starts
}

fn start_at(text: &str, at: usize, last: Option<&Start>) -> Option<Start> {
    let before = text[..at].trim_end();
    let is_glued =
        text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '/' | '+'));
    if is_glued && !before.ends_with("--") && !before.ends_with("->") {
        return None;
    }
    if let Some(smtp) = code_at(text, at) {
        let behind = &text[at + 3..];
        let is_enhanced = enhanced_behind(behind).is_some();
        let is_continued = behind.starts_with('-');
        let continues = last.is_some_and(|last| last.is_continued && last.smtp == Some(smtp));
        let begins = is_position(before) || is_enhanced || behind.starts_with("-'");
        return (begins && !continues).then_some(Start { at, smtp: Some(smtp), is_continued });
    }
    // A code of RFC 3463 alone, where no reply goes on.
    let (_, length) = enhanced_at(&text[at..])?;
    let is_inside = last.is_some_and(|last| last.smtp.is_some() && end(text, last.at, None) > at);
    let ends = !text[at + length..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
    (ends && !is_inside && is_position_of_enhanced(before)).then_some(Start { at, smtp: None, is_continued: false })
}

/// The three digits of RFC 5321 section 4.2 for what failed: 4 or 5, then 0 to 5; some servers go up to 7.
fn code_at(text: &str, at: usize) -> Option<u16> {
    let bytes = text.as_bytes();
    let code = bytes.get(at..at + 3).filter(|code| matches!(code, [b'4' | b'5', b'0'..=b'7', b'0'..=b'9']))?;
    let ends = bytes.get(at + 3).is_none_or(|next| b" -:,;<'\"#".contains(next));
    let is_date = text[at + 3..].starts_with('-')
        && text[at + 4..].starts_with(|c: char| c.is_ascii_digit())
        && enhanced_at(&text[at + 4..]).is_none();
    (ends && !is_date).then(|| code.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
}

/// May a reply begin behind these words?
fn is_position(before: &str) -> bool {
    let marks = [':', '\'', '"', '“', '‘', '[', '(', '>', '<', ';', '#', '='];
    let word = before.rsplit(' ').next().unwrap_or_default();
    before.is_empty()
        || before.ends_with(marks)
        || before.ends_with("...")
        || SAID.contains(&word.to_ascii_lowercase().as_str())
}

fn is_position_of_enhanced(before: &str) -> bool {
    before.is_empty() || before.ends_with(['#', '\'', '"', ':', '(', '[']) || before == "--"
}

/// Where the words of a reply end.
fn end(text: &str, at: usize, next: Option<&Start>) -> usize {
    let behind = &text[at..];
    let before = text[..at].trim_end_matches([' ', '#', '<']);
    let before = before.strip_suffix("reason:").unwrap_or(before);
    let length = match before.chars().next_back() {
        Some('\'') => closing_quote(behind),
        Some('"') => behind.find('"'),
        Some('[') => closing(behind, '[', ']'),
        Some('(') => closing(behind, '(', ')'),
        _ => None,
    };
    let mut end = at + length.unwrap_or(behind.len());
    // A server that repeats the answer of another one goes on behind it; one that gives its own next does not.
    if let Some(next) = next.filter(|next| next.smtp.is_some() && is_separate(&text[at..next.at.max(at)])) {
        end = end.min(next.at);
    }
    for mark in ENDS {
        end = text[at..end].find(mark).map_or(end, |found| at + found);
    }
    let end = text.floor_char_boundary(end.min(at + LONGEST));
    at + text[at..end].trim_end_matches([' ', '<', '#', ';']).len()
}

/// Does the next reply stand for itself, as in a transcript?
fn is_separate(between: &str) -> bool {
    between.trim_end().ends_with("<<<")
}

/// The mark that closes: `it's` holds none, and what is in marks inside of it closes first.
fn closing_quote(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, _) in text.match_indices('\'') {
        let is_behind_blank = text[..at].ends_with([' ', '(']);
        let is_before_word = text[at + 1..].starts_with(|c: char| c.is_alphanumeric());
        match (is_behind_blank, is_before_word) {
            (true, true) => depth += 1,
            (false, true) => {}
            (_, false) if depth == 0 => return Some(at),
            (_, false) => depth -= 1,
        }
    }
    None
}

fn closing(text: &str, opens: char, closes: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == opens {
            depth += 1;
        } else if c == closes {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(at),
            }
        }
    }
    None
}

/// The words of a reply on one line: codes that stand before each of its lines are there once.
fn words(text: &str, start: &Start) -> String {
    let Some(code) = start.smtp.filter(|_| start.is_continued).map(|code| code.to_string()) else {
        return text.to_owned();
    };
    let enhanced =
        enhanced_behind(&text[3..]).map(|(_, at)| &text[3 + at..]).and_then(enhanced_at).map(|(_, length)| length);
    let prefix = text.get(..4 + enhanced.unwrap_or(0)).unwrap_or(text);
    let mut out = prefix.replacen('-', " ", 1);
    let status = prefix.get(4..).unwrap_or_default().trim().to_owned();
    let mut rest = text.get(prefix.len()..).unwrap_or_default();
    let mark = format!(" {code}");
    while let Some(at) = rest.find(&mark) {
        let behind = &rest[at + mark.len()..];
        out.push_str(&rest[..at]);
        match behind.strip_prefix(['-', ' ']).filter(|_| !behind.is_empty()) {
            Some(line) => {
                let line = line.strip_prefix(status.as_str()).filter(|_| !status.is_empty()).unwrap_or(line);
                out.push(' ');
                rest = line;
            }
            None => {
                out.push_str(&mark);
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A reply without its code: `450 450 4.2.2 full` says no more than `450 4.2.2 full`.
fn bare(words: &str) -> &str {
    let rest = words.get(3..).unwrap_or_default().trim_start_matches([' ', '-', ':', ',']);
    if begins_line(rest).is_some() { rest } else { "" }
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// RFC 2034 section 4: the enhanced code stands at the beginning of the text; some put it at the end, or name it first.
fn enhanced(words: &str, smtp: Option<u16>) -> Option<Enhanced> {
    let Some(smtp) = smtp else {
        let from = words.rfind("(#").map_or(0, |at| at + 2);
        return enhanced_at(&words[from..]).map(|(code, _)| code);
    };
    if let Some((code, _)) = words.get(3..).and_then(enhanced_behind) {
        return Some(code);
    }
    let class = smtp / 100;
    let mut places = words.match_indices(['4', '5']).map(|(at, _)| at);
    places.find_map(|at| {
        let is_glued = words[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'));
        let (code, length) = enhanced_at(&words[at..]).filter(|_| !is_glued)?;
        let ends = !words[at + length..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
        (ends && u16::from(code.0) == class).then_some(code)
    })
}

/// The enhanced code right behind a code, and where it stands.
fn enhanced_behind(behind: &str) -> Option<(Enhanced, usize)> {
    let skipped = behind.trim_start_matches([' ', '-', ':', ',', '#', '(', '[', '<']);
    let skipped = skipped.strip_prefix("ERROR_CODE :").unwrap_or(skipped);
    enhanced_at(skipped).map(|(code, _)| (code, behind.len() - skipped.len()))
}

/// RFC 3463 section 2: `class "." subject "." detail`, of one digit and twice one to three.
pub(super) fn enhanced_at(text: &str) -> Option<(Enhanced, usize)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let code = text[..end].trim_end_matches('.');
    let mut numbers = code.split('.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let is_short = |number: &str| !number.is_empty() && number.len() <= 3;
    let is_code = numbers.next().is_none() && matches!(class, "2" | "4" | "5") && is_short(subject) && is_short(detail);
    let code = Enhanced(class.parse().ok()?, subject.parse().ok()?, detail.parse().ok()?);
    is_code.then_some((code, class.len() + subject.len() + detail.len() + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, SourceKind};

    fn replies(text: &str) -> Vec<(Option<u16>, Option<String>, String)> {
        let passage = Passage::whole(&Source::new("reply", text, SourceKind::File));
        let mut joined = Joined::default();
        passage.lines().for_each(|(at, line)| joined.push(at, line));
        let found = find(&joined, &passage);
        found.into_iter().map(|reply| (reply.smtp, reply.enhanced.map(|code| code.to_string()), reply.text)).collect()
    }

    fn first(text: &str) -> (u16, String, String) {
        let (smtp, enhanced, words) = replies(text).swap_remove(0);
        (smtp.unwrap_or(0), enhanced.unwrap_or_default(), words)
    }

    fn expected(smtp: u16, enhanced: &str, words: &str) -> (u16, String, String) {
        (smtp, enhanced.to_owned(), words.to_owned())
    }

    #[test]
    fn codes_and_words() {
        assert_eq!(first("550 5.1.1 no such user"), expected(550, "5.1.1", "550 5.1.1 no such user"));
        assert_eq!(
            first("host mx.contoso.com[192.0.2.1] said: 450 4.7.1\n  try later (in reply to RCPT TO command)"),
            expected(450, "4.7.1", "450 4.7.1 try later")
        );
        assert_eq!(first("<<< 421"), expected(421, "", "421"));
        assert_eq!(first("553 sorry (#5.7.1)"), expected(553, "5.7.1", "553 sorry (#5.7.1)"));
        assert_eq!(first("ERROR_CODE :550, ERROR_CODE :5.2.1 <a@b.example>... Unknown").1, "5.2.1");
        assert_eq!(first("LDAP is away. (#4.4.3)"), expected(0, "4.4.3", "LDAP is away. (#4.4.3)"));
    }

    #[test]
    fn many_lines() {
        let text = "550-5.7.26 Your email has been blocked\n550-5.7.26 because of x.\n550 5.7.26 See y";
        assert_eq!(replies(text).len(), 1);
        assert_eq!(first(text).2, "550 5.7.26 Your email has been blocked because of x. See y");
        assert_eq!(first("554-mx ESMTP 554-No SMTP service 554 See x").2, "554 mx ESMTP No SMTP service See x");
    }

    #[test]
    fn the_inner_one_comes_first() {
        let wrapped =
            "Remote Server returned '554 5.0.350 Remote server returned an error -> 550 5.7.26 it's unauthenticated'";
        let found = replies(wrapped);
        assert_eq!(found[0].2, "550 5.7.26 it's unauthenticated");
        assert_eq!(found[1].2, "554 5.0.350 Remote server returned an error -> 550 5.7.26 it's unauthenticated");
        assert_eq!(replies("550 4.4.7 QUEUE.Expired; message expired -> 421 4.7.0 [TSS04] deferred")[0].0, Some(421));
        assert_eq!(replies("was: 450 450 4.2.2 full (state 14).").len(), 1);
    }

    #[test]
    fn numbers_that_are_no_replies() {
        for text in [
            "Size: 2222",
            "in 500 seconds",
            "[192.0.2.5]",
            "8.5.1.1",
            "450-12-01",
            "id 5500",
            "Mail 5.1.1.1",
            "",
            "5",
            "55",
        ] {
            assert_eq!(replies(text), [], "{text}");
        }
    }
}

//! The tokens of master files (RFC 1035 section 5.1): blanks, comments, quotation marks, parentheses, lines.
//!
//! Nothing here knows what the tokens mean. Every file is read to its end; what is wrong is a fault with a place.

use std::ops::Range;

use memchr::{memchr, memchr3, memrchr};

use super::ProblemKind;

/// A record has at most 65,535 octets of data, so a line of more tokens is no record; the rest is not kept.
const MAX_TOKENS: usize = 70_000;

/// Parentheses inside of parentheses have no purpose; what goes deeper than this is broken.
const MAX_DEPTH: usize = 16;

/// A run of characters without blanks, or a quoted string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it is written, quotation marks included.
    pub bytes: Range<usize>,
    /// Is it in quotation marks?
    pub quoted: bool,
    /// Is there a backslash in it?
    pub escaped: bool,
}

/// Something that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub kind: ProblemKind,
    pub at: Range<usize>,
}

/// A line, which parentheses may stretch over several lines of text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where it begins.
    pub start: usize,
    /// Does it begin with a blank, so that the owner is the one of the line before?
    pub indented: bool,
    /// What is wrong with its quotation marks or parentheses.
    pub fault: Option<Fault>,
}

/// Cuts a text into lines and tokens.
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    /// Parentheses that are known to be never closed: nothing is searched to the end of the text twice.
    unclosed: Vec<usize>,
}

/// The smallest parts of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Token(Token),
    Open(usize),
    Close(usize),
    Newline,
    UnclosedQuote(Range<usize>),
    End,
}

impl Token {
    /// The token without its quotation marks.
    pub fn inner(&self) -> Range<usize> {
        if self.quoted { self.bytes.start + 1..self.bytes.end - 1 } else { self.bytes.clone() }
    }

    /// The text of the token without its quotation marks, escapes as they are written.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.inner()).unwrap_or_default()
    }

    /// Does a `$` line begin with it?
    pub fn is_directive(&self, text: &str) -> bool {
        !self.quoted && self.text(text).starts_with('$')
    }
}

/// All tokens of a text, from a byte on, as if it were one line; parentheses and comments are skipped.
pub(super) fn tokens(text: &str, start: usize) -> Vec<Token> {
    let (text, mut at, mut tokens) = (text.as_bytes(), start, Vec::new());
    loop {
        match piece(text, &mut at) {
            Piece::Token(token) => tokens.push(token),
            Piece::UnclosedQuote(bytes) => tokens.push(Token { bytes, quoted: false, escaped: true }),
            Piece::End => return tokens,
            Piece::Open(_) | Piece::Close(_) | Piece::Newline => {}
        }
    }
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Lexer<'t> {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Lexer { text: text.as_bytes(), at, unclosed: Vec::new() }
    }

    /// Reads the next line that is not empty; none at the end of the text.
    ///
    /// A line with a fault has the tokens that belong to it as far as that can be told.
    pub fn next(&mut self, tokens: &mut Vec<Token>) -> Option<Entry> {
        tokens.clear();
        while self.at < self.text.len() {
            let start = self.at;
            let indented = matches!(self.text[start], b' ' | b'\t');
            let fault = self.line(tokens);
            if !tokens.is_empty() || fault.is_some() {
                return Some(Entry { start, indented, fault });
            }
        }
        None
    }

    fn line(&mut self, tokens: &mut Vec<Token>) -> Option<Fault> {
        let mut open = Vec::new();
        let mut fault = None;
        loop {
            match piece(self.text, &mut self.at) {
                Piece::Token(token) if tokens.len() < MAX_TOKENS => tokens.push(token),
                Piece::Token(_) => {}
                Piece::Newline if open.is_empty() => return fault,
                Piece::Newline => {}
                Piece::Open(at) => {
                    open.push(at);
                    if open.len() > MAX_DEPTH || (open.len() == 1 && self.unclosed.contains(&at)) {
                        return Some(self.torn(open, fault, tokens));
                    }
                }
                Piece::Close(at) => {
                    if open.pop().is_none() && fault.is_none() {
                        fault = Some(Fault { kind: ProblemKind::StrayParenthesis, at: at..at + 1 });
                    }
                }
                Piece::UnclosedQuote(at) if fault.is_none() => {
                    fault = Some(Fault { kind: ProblemKind::UnclosedQuote, at });
                }
                Piece::UnclosedQuote(_) => {}
                Piece::End if open.is_empty() => return fault,
                Piece::End => return Some(self.torn(open, fault, tokens)),
            }
        }
    }

    /// A parenthesis is not closed: reading goes on at the next line of text, behind whatever is at fault.
    fn torn(&mut self, open: Vec<usize>, fault: Option<Fault>, tokens: &mut Vec<Token>) -> Fault {
        let first = open[0];
        // An open quotation mark hides the parenthesis behind it, on the same line or on one that continues it.
        let hides = |fault: &Fault| match memrchr(b'\n', self.text.get(first..fault.at.start).unwrap_or_default()) {
            Some(newline) => matches!(self.text[first + newline + 1], b' ' | b'\t'),
            None => true,
        };
        let unclosed = Fault { kind: ProblemKind::UnclosedParenthesis, at: first..first + 1 };
        let fault = fault.filter(hides).unwrap_or(unclosed);
        let from = fault.at.end;
        self.at = memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |at| from + at + 1);
        tokens.retain(|token| token.bytes.end <= self.at);
        self.unclosed = open;
        fault
    }
}

fn piece(text: &[u8], at: &mut usize) -> Piece {
    loop {
        let here = *at;
        let Some(byte) = text.get(here) else { return Piece::End };
        *at += 1;
        match byte {
            b' ' | b'\t' | b'\r' => {}
            b';' => *at = memchr(b'\n', &text[here..]).map_or(text.len(), |newline| here + newline),
            b'\n' => return Piece::Newline,
            b'(' => return Piece::Open(here),
            b')' => return Piece::Close(here),
            b'"' => return quoted(text, at),
            _ => {
                *at = here;
                return Piece::Token(unquoted(text, at));
            }
        }
    }
}

fn unquoted(text: &[u8], at: &mut usize) -> Token {
    let (start, mut escaped) = (*at, false);
    while let Some(byte) = text.get(*at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'(' | b')' | b'"' => break,
            b'\\' => {
                escaped = true;
                *at += 1;
                *at += usize::from(!matches!(text.get(*at), None | Some(b'\n' | b'\r')));
            }
            _ => *at += 1,
        }
    }
    Token { bytes: start..*at, quoted: false, escaped }
}

/// Reads a quoted string; `at` is behind its first quotation mark.
fn quoted(text: &[u8], at: &mut usize) -> Piece {
    let (start, mut escaped) = (*at - 1, false);
    loop {
        let Some(found) = memchr3(b'"', b'\\', b'\n', &text[*at..]) else {
            *at = text.len();
            return Piece::UnclosedQuote(start..without_return(text, start, *at));
        };
        *at += found + 1;
        match text[*at - 1] {
            b'"' => return Piece::Token(Token { bytes: start..*at, quoted: true, escaped }),
            b'\\' => {
                escaped = true;
                *at += usize::from(!matches!(text.get(*at), None | Some(b'\n')));
            }
            _ => {
                *at -= 1;
                return Piece::UnclosedQuote(start..without_return(text, start, *at));
            }
        }
    }
}

fn without_return(text: &[u8], start: usize, end: usize) -> usize {
    if end > start && text[end - 1] == b'\r' { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of a line, and what is wrong with it.
    type Words<'t> = (Vec<&'t str>, Option<(ProblemKind, &'t str)>);

    fn lines(text: &str) -> Vec<Words<'_>> {
        let (mut lexer, mut tokens, mut lines) = (Lexer::new(text), Vec::new(), Vec::new());
        while let Some(entry) = lexer.next(&mut tokens) {
            let words = tokens.iter().map(|token: &Token| &text[token.bytes.clone()]).collect();
            lines.push((words, entry.fault.map(|fault| (fault.kind, &text[fault.at]))));
        }
        lines
    }

    #[test]
    fn tokens_end_at_blanks_comments_and_marks() {
        assert_eq!(lines("a\tb  c;d\n;e\n \n f"), [(vec!["a", "b", "c"], None), (vec!["f"], None)]);
        assert_eq!(
            lines(r#"x TXT a"b c"d "e""f" "g;h""#),
            [(vec!["x", "TXT", "a", "\"b c\"", "d", "\"e\"", "\"f\"", "\"g;h\""], None)]
        );
        assert_eq!(lines(r#"a\ b \; \" "\"" \"#), [(vec![r"a\ b", r"\;", r#"\""#, r#""\"""#, r"\"], None)]);
        assert_eq!(lines("\u{feff}a\r\nb\rc\r\n"), [(vec!["a"], None), (vec!["b", "c"], None)]);
        assert_eq!(lines("a\\\nb"), [(vec!["a\\"], None), (vec!["b"], None)]);
    }

    #[test]
    fn parentheses_join_lines() {
        assert_eq!(lines("a (b ; c )\n\n (d)\n e)f\ng"), [(vec!["a", "b", "d", "e", "f"], None), (vec!["g"], None)]);
    }

    #[test]
    fn only_a_blank_at_the_start_indents() {
        let (mut lexer, mut tokens) = (Lexer::new(" a\n\tb\nc\n( d )\n"), Vec::new());
        let indented: Vec<bool> = std::iter::from_fn(|| lexer.next(&mut tokens)).map(|entry| entry.indented).collect();
        assert_eq!(indented, [true, true, false, false]);
    }

    #[test]
    fn an_open_quotation_mark_ends_with_its_line() {
        let fault = Some((ProblemKind::UnclosedQuote, "\"b ;c)"));
        assert_eq!(lines("a \"b ;c)\r\nd"), [(vec!["a"], fault), (vec!["d"], None)]);
    }

    #[test]
    fn an_open_parenthesis_costs_its_line_only() {
        let fault = Some((ProblemKind::UnclosedParenthesis, "("));
        assert_eq!(lines("a ( b\nc ( d )\ne"), [(vec!["a", "b"], fault), (vec!["c", "d"], None), (vec!["e"], None)]);
    }

    #[test]
    fn a_quotation_mark_that_hides_a_parenthesis_is_the_fault() {
        let fault = || Some((ProblemKind::UnclosedQuote, "\"c )"));
        assert_eq!(lines("a ( b \"c )\nd"), [(vec!["a", "b"], fault()), (vec!["d"], None)]);
        assert_eq!(lines("a ( b\n \"c )\nd"), [(vec!["a", "b"], fault()), (vec!["d"], None)]);
        let parenthesis = Some((ProblemKind::UnclosedParenthesis, "("));
        assert_eq!(lines("a ( b\nd \"c )\n"), [(vec!["a", "b"], parenthesis), (vec!["d"], fault())]);
    }

    #[test]
    fn a_stray_parenthesis_is_pointed_at() {
        assert_eq!(
            lines("a b ) c\nd"),
            [(vec!["a", "b", "c"], Some((ProblemKind::StrayParenthesis, ")"))), (vec!["d"], None)]
        );
    }

    #[test]
    fn broken_texts_are_not_searched_again_and_again() {
        // Quadratic work would take hours here.
        assert_eq!(lines(&"a (\n".repeat(300_000)).len(), 300_000);
        assert_eq!(lines(&"a ( \"\n".repeat(300_000)).len(), 300_000);
    }
}

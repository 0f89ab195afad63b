//! What stands between the owner and the data of a line: TTL, class and type.

use super::ProblemKind;
use super::lexer::{Fault, Token};
use super::rdata::ttl;
use crate::name::Kind;

/// TTL, class and type of a line.
pub(super) struct Head {
    pub ttl: Option<u32>,
    pub class: Class,
    pub kind: Kind,
    /// The number of the first token of the data.
    pub data: usize,
}

/// The class of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// The Internet; also where the line names none.
    In,
    /// CHAOS and Hesiod: well-formed, but no business of mail.
    Other,
    /// No class of records; the number of its token.
    Unknown(usize),
}

impl Head {
    /// Reads from the token `first` on.
    ///
    /// RFC 1035 section 5.1: "`<rr>` contents take one of the following forms: `[<TTL>] [<class>] <type> <RDATA>`,
    /// `[<class>] [<TTL>] <type> <RDATA>`".
    pub fn read(text: &str, tokens: &[Token], first: usize) -> Result<Head, Fault> {
        let mut head = Head { ttl: None, class: Class::In, kind: Kind(0), data: 0 };
        let mut has_class = false;
        for (at, token) in tokens.iter().enumerate().skip(first) {
            let word = token.text(text);
            if let Ok(kind) = word.parse() {
                head.kind = kind;
                head.data = at + 1;
                return Ok(head);
            }
            match (ttl(word), class(word, at)) {
                (Some(ttl), _) if head.ttl.is_none() => head.ttl = Some(ttl),
                (_, Some(class)) if !has_class => {
                    head.class = class;
                    has_class = true;
                }
                _ => return Err(Fault { kind: ProblemKind::NoType, at: token.bytes.clone() }),
            }
        }
        let at = tokens.last().map_or(0..0, |token| token.bytes.clone());
        Err(Fault { kind: ProblemKind::NoType, at })
    }
}

/// A class by its mnemonic, or `CLASSnnn` (RFC 3597 section 5).
fn class(word: &str, at: usize) -> Option<Class> {
    const MNEMONICS: [(&str, u16); 7] =
        [("IN", 1), ("CH", 3), ("CHAOS", 3), ("HS", 4), ("HESIOD", 4), ("NONE", 254), ("ANY", 255)];
    let known = MNEMONICS.iter().find(|(mnemonic, _)| mnemonic.eq_ignore_ascii_case(word));
    let number = match known {
        Some((_, number)) => *number,
        None => generic_class(word)?,
    };
    Some(match number {
        1 => Class::In,
        3 | 4 => Class::Other,
        _ => Class::Unknown(at),
    })
}

fn generic_class(word: &str) -> Option<u16> {
    let digits = word.get(..5).filter(|head| head.eq_ignore_ascii_case("CLASS")).and(word.get(5..))?;
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

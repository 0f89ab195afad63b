//! Slips of the hand in domain names: a name beside the pattern of a known one.

use std::ops::Range;

use crate::name::Name;

/// Names with more edits than this are different names.
const MAX_EDITS: usize = 2;

/// Registered labels and labels within are told apart by fewer letters than these: `aol`, `zoho`.
const SHORT: usize = 5;

/// Labels with fewer are no words: `eu`, `mx`, `s1`.
const WORD: usize = 3;

/// Where this many letters are right, two may be wrong.
const LONG: usize = 9;

/// The name that was meant by another one, and how they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameSlip {
    /// The name that was meant.
    pub right: Name,
    /// What is wrong.
    pub place: Place,
    /// How many letters are wrong.
    pub edits: usize,
    /// Do the names look like a slip to somebody who does not know whether the one at hand is there? Otherwise that
    /// has to be certain: numbers, countries and short labels tell hosts of one owner, and owners, apart.
    pub is_plain: bool,
    /// Do they differ by a number, so that they are two hosts?
    pub is_number: bool,
}

/// The part of a name that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The labels below the registered domain.
    Host,
    /// The label that was registered.
    Domain,
    /// The public suffix.
    Ending,
    /// Another domain stands behind the name.
    Behind,
}

/// The pattern of known names: a label `*` stands for one or more labels, `*` within a label for any characters there.
#[derive(Clone, Debug)]
pub struct NamePattern {
    /// From the last to the first: the ends of names are what they share.
    tokens: Vec<Token>,
    /// How many tokens the public suffix has, with its dot, and the registered domain.
    ending: usize,
    domain: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Byte(u8),
    WithinLabel,
    Labels,
}

/// One edit: the byte of the pattern that is lost, that of the name that was put in its place; two bytes that changed
/// places are one edit.
#[derive(Clone, Copy, Debug)]
struct Edit {
    /// The first token that is concerned.
    token: usize,
    lost: Option<u8>,
    found: Option<u8>,
    swapped: bool,
}

impl NamePattern {
    /// Reads a pattern; nothing if its registered domain is not fixed, or is none.
    pub fn read(pattern: &str) -> Option<NamePattern> {
        let fixed = pattern.rsplit('*').next().map(|end| end.split_once('.').map_or(end, |(_, fixed)| fixed));
        let fixed = if pattern.contains('*') { fixed? } else { pattern };
        let name = Name::parse(fixed).ok()?;
        let ending = name.public_suffix()?.len() + 1;
        let domain = name.registered_domain().as_str().len();
        if domain <= ending {
            return None;
        }
        let labels: Vec<&str> = pattern.split('.').rev().collect();
        let mut tokens = Vec::new();
        for (index, label) in labels.iter().enumerate() {
            tokens.extend((index > 0).then_some(Token::Byte(b'.')));
            match *label {
                "*" => tokens.push(Token::Labels),
                label => tokens.extend(label.bytes().rev().map(|byte| match byte {
                    b'*' => Token::WithinLabel,
                    byte => Token::Byte(byte),
                })),
            }
        }
        Some(NamePattern { tokens, ending, domain })
    }

    /// The slip that makes a name of this pattern the name at hand; nothing where they are the same, or too different.
    pub fn slip(&self, name: &Name) -> Option<NameSlip> {
        let edited = || {
            let (right, edits) = self.edits(name.as_str())?;
            let right = Name::parse(&right).ok().filter(|right| right != name)?;
            self.judge(name, right, &edits)
        };
        self.other_ending(name).or_else(edited).or_else(|| self.first_label_lost(name))
    }

    fn is_matched(&self, name: &Name) -> bool {
        self.edits(name.as_str()).is_some_and(|(_, edits)| edits.is_empty())
    }

    /// Is the name one of these with another public suffix, or with none?
    fn other_ending(&self, name: &Name) -> Option<NameSlip> {
        let (ending, label) = (self.text(0..self.ending), self.text(self.ending..self.domain));
        if label.len() < SHORT || !name.labels().any(|other| other == label) {
            return None;
        }
        let known = name.public_suffix();
        let last = name.labels().next_back().map(|last| last.len() + 1);
        let ends = if known.is_some() { [known.map(|suffix| suffix.len() + 1), None] } else { [last, Some(0)] };
        let right = ends.into_iter().flatten().find_map(|length| {
            let front = name.as_str().get(..name.as_str().len().checked_sub(length)?)?;
            let right = Name::parse(&format!("{front}{ending}")).ok().filter(|right| right != name)?;
            self.is_matched(&right).then_some(right)
        })?;
        Some(NameSlip { right, place: Place::Ending, edits: 1, is_plain: known.is_none(), is_number: false })
    }

    /// `protection.outlook.com` for `spf.protection.outlook.com`.
    fn first_label_lost(&self, name: &Name) -> Option<NameSlip> {
        let dot =
            self.tokens.iter().rposition(|token| *token == Token::Byte(b'.')).filter(|dot| *dot >= self.domain)?;
        let first = self.text(dot..self.tokens.len());
        if self.is_starred() || first.len() <= WORD || self.text(0..dot) != name.as_str() {
            return None;
        }
        let right = Name::parse(&format!("{first}{name}")).ok()?;
        Some(NameSlip { right, place: Place::Host, edits: MAX_EDITS, is_plain: false, is_number: false })
    }

    /// Is it a slip, and a plain one? Numbers, regions and single letters tell hosts of one provider apart; names with
    /// few letters are near each other anyway.
    fn judge(&self, name: &Name, right: Name, edits: &[Edit]) -> Option<NameSlip> {
        let place = edits.iter().map(|edit| self.place(edit)).max()?;
        let alike = edits.iter().all(|edit| self.place(edit) == place);
        let (count, length) = (edits.len(), self.letters(self.ending..self.domain));
        let numbered = edits.iter().any(Edit::has_digit);
        let is_slip = |edit: &Edit| match self.place(edit) {
            Place::Host => self.is_slip_in_host(edit, count),
            // Of two letters that are others, the names are others.
            Place::Domain if count > 1 && edit.is_replaced() && !is_anagram(name, &right) => false,
            Place::Domain => length >= if count == 1 || is_anagram(name, &right) { SHORT - 1 } else { LONG - 1 },
            _ => true,
        };
        let is_number = edits.iter().any(|edit| self.is_other_number(edit));
        if !is_number && !edits.iter().all(is_slip) {
            return None;
        }
        let is_plain = match place {
            Place::Domain => length >= if count == 1 { SHORT } else { LONG },
            Place::Ending => name.public_suffix().is_none(),
            Place::Host => count == 1 && self.is_plain_in_host(&edits[0]),
            Place::Behind => true,
        };
        Some(NameSlip { right, place, edits: count, is_plain: is_plain && alike && !numbered, is_number })
    }

    fn place(&self, edit: &Edit) -> Place {
        match edit.token {
            token if token < self.ending => Place::Ending,
            token if token < self.domain => Place::Domain,
            _ => Place::Host,
        }
    }

    /// Within the provider's own domain, may this be a slip, if nothing is there?
    fn is_slip_in_host(&self, edit: &Edit, count: usize) -> bool {
        // Beside what stands for any text, nobody knows where that ends.
        let mut beside = self.tokens.iter().skip(edit.token.saturating_sub(1)).take(3);
        if beside.any(|token| token.char().is_none()) {
            return false;
        }
        let (before, behind) = self.around(edit);
        let least = if count == 1 { WORD } else { LONG };
        if edit.is_sign() {
            // What stands for any text may begin or end with an underscore.
            return !(self.is_starred() && [edit.lost, edit.found].contains(&Some(b'_')));
        }
        let is_near = !edit.is_replaced() || is_in_middle(before, behind) || before + behind < WORD * 2;
        edit.token > self.domain && before + behind >= least && is_near
    }

    /// And is it one, if nobody knows? An underscore, hyphen or dot; a letter lost, doubled or swapped in a word. What
    /// stands at its ends, and other letters, tell hosts apart: `spfa` and `spfb`, `fdspf` and `fsspf`.
    fn is_plain_in_host(&self, edit: &Edit) -> bool {
        let (before, behind) = self.around(edit);
        let length = before + behind;
        match (edit.lost, edit.found) {
            _ if edit.is_sign() || edit.swapped => true,
            (Some(_), None) => length >= SHORT && behind > 0,
            (None, _) => length >= SHORT && behind > 0 && before > 0,
            (Some(_), Some(_)) => length >= LONG && is_in_middle(before, behind),
        }
    }

    /// How many characters of its label stand before and behind the end of an edit.
    fn around(&self, edit: &Edit) -> (usize, usize) {
        let within = |token: &&Token| **token != Token::Byte(b'.');
        let behind = self.tokens[..edit.token].iter().rev().take_while(within).count();
        (self.tokens[edit.token..].iter().take_while(within).count(), behind)
    }

    /// `mx2` for `mx1`, `cmail19` for `cmail1`.
    fn is_other_number(&self, edit: &Edit) -> bool {
        let (before, behind) = self.around(edit);
        let label = self.text(edit.token - behind..edit.token + before);
        edit.has_digit() && label.contains(|char: char| char.is_ascii_digit())
    }

    fn is_starred(&self) -> bool {
        self.tokens.iter().any(|token| token.char().is_none())
    }

    /// The fixed text of some tokens.
    fn text(&self, tokens: Range<usize>) -> String {
        self.tokens[tokens].iter().rev().filter_map(Token::char).collect()
    }

    fn letters(&self, tokens: Range<usize>) -> usize {
        self.text(tokens).chars().filter(char::is_ascii_alphabetic).count()
    }

    /// The name of this pattern that is nearest to the text, and the edits that lead from it to the text.
    fn edits(&self, name: &str) -> Option<(String, Vec<Edit>)> {
        let text: Vec<u8> = name.bytes().rev().collect();
        let costs = self.costs(&text)?;
        let cost = |i: usize, j: usize| costs[i].get(j).copied().unwrap_or(MAX_EDITS + 1);
        let (mut i, mut j) = (self.tokens.len(), text.len());
        let (mut right, mut edits) = (Vec::new(), Vec::new());
        while i > 0 || j > 0 {
            let here = cost(i, j);
            let token = i.checked_sub(1).map(|at| self.tokens[at]);
            let byte = j.checked_sub(1).map(|at| text[at]);
            let edit = |token, lost, found| Edit { token, lost, found, swapped: false };
            match (token, byte) {
                (Some(Token::Byte(lost)), Some(found)) if lost == found && cost(i - 1, j - 1) == here => {
                    right.push(lost);
                    (i, j) = (i - 1, j - 1);
                }
                (Some(Token::Labels), Some(found)) if cost(i, j - 1) == here || cost(i - 1, j - 1) == here => {
                    right.push(found);
                    (i, j) = (if cost(i - 1, j - 1) == here { i - 1 } else { i }, j - 1);
                }
                (Some(Token::WithinLabel), _) if cost(i - 1, j) == here => i -= 1,
                (Some(Token::WithinLabel), Some(found)) if found != b'.' && cost(i, j - 1) == here => {
                    right.push(found);
                    j -= 1;
                }
                (Some(Token::Byte(lost)), Some(found))
                    if self.is_swap(&text, i, j) && cost(i - 2, j - 2) + 1 == here =>
                {
                    right.extend([lost, found]);
                    edits.push(Edit { swapped: true, ..edit(i - 2, Some(lost), Some(found)) });
                    (i, j) = (i - 2, j - 2);
                }
                (Some(Token::Byte(lost)), Some(found)) if cost(i - 1, j - 1) + 1 == here => {
                    right.push(lost);
                    edits.push(edit(i - 1, Some(lost), Some(found)));
                    (i, j) = (i - 1, j - 1);
                }
                (Some(Token::Byte(lost)), _) if cost(i - 1, j) + 1 == here => {
                    right.push(lost);
                    edits.push(edit(i - 1, Some(lost), None));
                    i -= 1;
                }
                (_, Some(found)) if cost(i, j - 1) + 1 == here => {
                    edits.push(edit(i, None, Some(found)));
                    j -= 1;
                }
                _ => return None,
            }
        }
        Some((String::from_utf8(right).ok()?, edits))
    }

    /// For each number of tokens and of bytes of the text, how many edits lead from the ones to the others; nothing
    /// where it takes more than are followed.
    fn costs(&self, text: &[u8]) -> Option<Vec<Vec<usize>>> {
        let far = MAX_EDITS + 1;
        let mut rows: Vec<Vec<usize>> = vec![(0..=text.len()).map(|count| count.min(far)).collect()];
        let mut starred = false;
        for (at, token) in self.tokens.iter().enumerate() {
            starred |= !matches!(token, Token::Byte(_));
            // As long as nothing stands for any text, the ends are of nearly the same length.
            let reach =
                if starred { 0..=text.len() } else { (at + 1).saturating_sub(far)..=(at + 1 + far).min(text.len()) };
            let mut row = vec![far; text.len() + 1];
            for j in reach {
                row[j] = self.cost(text, &rows, &row, at + 1, j).min(far);
            }
            if row.iter().all(|cost| *cost >= far) {
                return None;
            }
            rows.push(row);
        }
        (*rows.last()?.last()? < far).then_some(rows)
    }

    fn cost(&self, text: &[u8], rows: &[Vec<usize>], row: &[usize], i: usize, j: usize) -> usize {
        let far = MAX_EDITS + 1;
        let above = &rows[i - 1];
        let before = if j > 0 { row[j - 1] } else { far };
        let diagonal = if j > 0 { above[j - 1] } else { far };
        match self.tokens[i - 1] {
            Token::Labels => before.min(diagonal),
            Token::WithinLabel if j > 0 && text[j - 1] != b'.' => before.min(above[j]),
            Token::WithinLabel => above[j],
            Token::Byte(byte) => {
                let replaced = diagonal + usize::from(j == 0 || text[j - 1] != byte);
                let swapped = if self.is_swap(text, i, j) { rows[i - 2][j - 2] + 1 } else { far };
                replaced.min(swapped).min(above[j] + 1).min(before + 1)
            }
        }
    }

    fn is_swap(&self, text: &[u8], i: usize, j: usize) -> bool {
        let byte = |at: usize| match self.tokens[at] {
            Token::Byte(byte) => Some(byte),
            _ => None,
        };
        i > 1 && j > 1 && byte(i - 1) == Some(text[j - 2]) && byte(i - 2) == Some(text[j - 1])
    }
}

impl Token {
    fn char(&self) -> Option<char> {
        match self {
            Token::Byte(byte) => Some(char::from(*byte)),
            _ => None,
        }
    }
}

impl Edit {
    fn has_digit(&self) -> bool {
        [self.lost, self.found].into_iter().flatten().any(|byte| byte.is_ascii_digit())
    }

    fn is_replaced(&self) -> bool {
        self.lost.is_some() && self.found.is_some() && !self.swapped
    }

    /// An underscore, a hyphen or a dot, and nothing else.
    fn is_sign(&self) -> bool {
        [self.lost, self.found].into_iter().flatten().all(|byte| matches!(byte, b'.' | b'-' | b'_'))
    }
}

/// Two characters from either end, at least.
fn is_in_middle(before: usize, behind: usize) -> bool {
    before > 2 && behind > 1
}

/// Do the registered domains consist of the same letters?
fn is_anagram(one: &Name, other: &Name) -> bool {
    let letters = |name: &Name| {
        let mut letters = name.registered_domain().as_str().as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    letters(one) == letters(other)
}

/// The name in front, where the domain of whoever wrote it, or a name below, stands behind a name that is known.
pub fn appended(name: &Name, domain: &Name, is_known: impl Fn(&Name) -> bool) -> Option<NameSlip> {
    let front = name.below(domain)?;
    let ends = front.match_indices('.').map(|(at, _)| at).chain([front.len()]);
    let mut fronts = ends.filter_map(|end| Name::parse(&front[..end]).ok()).filter(|front| is_known(front));
    fronts.next_back().map(|right| NameSlip { right, place: Place::Behind, edits: 1, is_plain: true, is_number: false })
}

/// The slip with the fewest edits; nothing where two names are equally near, or where it is another host.
pub fn nearest<T>(slips: impl IntoIterator<Item = (NameSlip, T)>) -> Option<(NameSlip, T)> {
    let mut best: Option<(NameSlip, T)> = None;
    let mut tied = false;
    for (slip, of) in slips {
        match &best {
            Some((before, _)) if slip.edits > before.edits || slip.right == before.right => {}
            Some((before, _)) if slip.edits == before.edits => tied = true,
            _ => {
                best = Some((slip, of));
                tied = false;
            }
        }
    }
    best.filter(|(slip, _)| !tied && !slip.is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(pattern: &str, name: &str) -> Option<(String, Place, bool)> {
        let slip = NamePattern::read(pattern).expect(pattern).slip(&Name::parse(name).expect(name))?;
        let (slip, ()) = nearest([(slip, ())])?;
        Some((slip.right.to_string(), slip.place, slip.is_plain))
    }

    #[test]
    fn slips_that_are_plain() {
        let cases = [
            ("spf.mandrillapp.com", "spf.mandrillap.com", Place::Domain),
            ("secureserver.net", "securesrver.net", Place::Domain),
            ("ispgateway.de", "ispagetway.de", Place::Domain),
            ("aspmx.l.google.com", "aspmx.l.gogle.com", Place::Domain),
            ("_spf.google.com", "_spf.google.con", Place::Ending),
            ("spf.brevo.com", "spf.brevo.c", Place::Ending),
            ("spf.brevo.com", "spf.brevo", Place::Ending),
            ("_spf.google.com", "spf.google.com", Place::Host),
            ("_spf.google.com", "_spf-google.com", Place::Host),
            ("spf.protection.outlook.com", "spf.protecton.outlook.com", Place::Host),
            ("spf.protection.outlook.com", "spf.prrotection.outlook.com", Place::Host),
            ("spf.protection.outlook.com", "spf.protectuon.outlook.com", Place::Host),
            ("spf.sendinblue.com", "sfp.sendinblue.com", Place::Host),
        ];
        for (right, name, place) in cases {
            assert_eq!(slip(right, name), Some((right.to_owned(), place, true)), "{name}");
        }
    }

    #[test]
    fn what_the_stars_stand_for_is_kept() {
        let right = "a-b.mail.protection.outlook.com".to_owned();
        let pattern = "*.mail.protection.outlook.com";
        assert_eq!(slip(pattern, "a-b.mail.protection.outlok.com"), Some((right.clone(), Place::Domain, true)));
        assert_eq!(slip(pattern, "a-b.mail.protecton.outlook.com"), Some((right, Place::Host, true)));
        let right = "s1-a-b._domainkey.t.x-v1.dkim.example.com".to_owned();
        let pattern = "s1-*._domainkey.*.dkim.example.com";
        assert_eq!(slip(pattern, "s1-a-b._domainkey.t.x-v1.dkim.exmaple.com"), Some((right, Place::Domain, true)));
    }

    #[test]
    fn only_where_it_is_certain_that_nothing_is_there() {
        for (right, name) in [
            ("spf.infomaniak.ch", "spf.infomaniak.com"),
            ("zohomail.com", "zohomail.in"),
            ("dkim.mcsv.net", "dkim.msvc.net"),
            ("spf.protection.outlook.com", "spf1.protection.outlook.com"),
            ("spf.protection.outlook.com", "spfd.protection.outlook.com"),
            ("_spf.services.centric.eu", "_spf.service.centric.eu"),
        ] {
            assert_eq!(
                slip(right, name).map(|(found, _, plain)| (found, plain)),
                Some((right.to_owned(), false)),
                "{name}"
            );
        }
    }

    #[test]
    fn other_names() {
        for (pattern, name) in [
            ("_spf1.titan.email", "_spf2.titan.email"),
            ("_spf.ionos.com", "_spf-eu.ionos.com"),
            ("cmail1.com", "cmail19.com"),
            ("eu.zcsend.net", "au.zcsend.net"),
            ("_spf-eu.ionos.com", "_spf-us.ionos.com"),
            ("fdspfeuc.freshemail.io", "fsspfeuc.freshemail.io"),
            ("icloud.com", "t1cloud.com"),
            ("spf.stackmail.com", "spf.spacemail.com"),
            ("*.one.com", "mx1.carrierzone.com"),
            ("*.mail.cloud.nospamproxy.com", "mx.mail.gov.az"),
            ("*.spf.smart.ondmarc.com", "_u.example.com._spf.smart.ondmarc.com"),
            ("*.mx.microsoft", "mail.example.gob.mx"),
            ("mx.zoho.com", "mx.zone.com"),
            ("aol.com", "bol.com"),
            ("spf.feishu.cn", "spf1.m.feishu.cn"),
            ("*.mail.protection.outlook.com", "mail.protection.outlook.com"),
            ("*.mail.protection.outlook.com", "a.mail.protection.outlook.com"),
        ] {
            assert_eq!(slip(pattern, name), None, "{name}");
        }
    }

    #[test]
    fn long_texts_and_odd_patterns() {
        assert!(NamePattern::read("mx.x.*").is_none() && NamePattern::read("com").is_none());
        let long = format!("{}.{}.{}", "a".repeat(63), "b".repeat(63), "c".repeat(63));
        assert_eq!(slip("*.a*.b*.example.com", &long), None);
    }
}

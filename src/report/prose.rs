//! The words of a finding with its values in them, and what of them is code.

use crate::finding::{Finding, Publish};
use crate::lang::{Lang, fill};
use crate::report::text::printable;
use crate::report::words;

/// What a finding says, with its values, printable.
pub(super) struct Said {
    pub title: String,
    pub here: String,
    pub why: String,
    pub fix: String,
}

/// What a finding says.
pub(super) fn said(finding: &Finding, lang: Lang) -> Said {
    let prose = finding.text.get(lang);
    let say = |text| printable(&fill(text, &finding.values, lang));
    Said { title: say(prose.title), here: say(prose.here), why: say(prose.why), fix: say(prose.fix) }
}

impl Said {
    /// Why it matters, what to do, and the records to publish: a paragraph each.
    pub fn paragraphs(&self, finding: &Finding, lang: Lang) -> String {
        let mut paragraphs = vec![self.why.clone(), self.fix.clone()];
        paragraphs.extend(finding.publish.iter().map(|record| format!("{}\n{}", place(record, lang), value(record))));
        paragraphs.join("\n\n")
    }
}

/// `publish: TXT contoso.com (name in a DNS panel: @)`.
pub(super) fn place(record: &Publish, lang: Lang) -> String {
    let (publish, panel) = (words::PUBLISH.get(lang), words::PANEL_HOST.get(lang));
    printable(&format!("{publish}: {} {} ({panel}: {})", record.kind, record.owner, record.host()))
}

/// What to enter there.
pub(super) fn value(record: &Publish) -> String {
    printable(&record.value)
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Plain(&'a str),
    /// What stands between two backticks, without them.
    Code(&'a str),
}

/// The pieces of a text. A value may hold a backtick: then other words than were meant are code, and no more.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((plain, code, behind)) = next_code(rest) {
        pieces.extend([Piece::Plain(plain), Piece::Code(code)]);
        rest = behind;
    }
    pieces.push(Piece::Plain(rest));
    pieces.retain(|piece| *piece != Piece::Plain(""));
    pieces
}

/// What stands before, between and behind the next two backticks with something between them.
fn next_code(text: &str) -> Option<(&str, &str, &str)> {
    let (plain, behind) = text.split_once('`')?;
    let (code, behind) = behind.split_once('`').filter(|(code, _)| !code.is_empty())?;
    Some((plain, code, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        use Piece::{Code, Plain};
        assert_eq!(
            pieces("write `-all` or `~all`."),
            [Plain("write "), Code("-all"), Plain(" or "), Code("~all"), Plain(".")]
        );
        assert_eq!(pieces("`a` 1, b` c"), [Code("a"), Plain(" 1, b` c")]);
        assert_eq!(pieces("a``b"), [Plain("a``b")]);
        assert_eq!(pieces(""), []);
    }
}

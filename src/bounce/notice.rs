//! The words of a bounce for people: whose address stands where, and which replies belong to it.

use std::collections::HashSet;

use crate::bounce::fields::quotation;
use crate::bounce::marks::{self, Mark};
use crate::bounce::passage::{Joined, Passage};
use crate::bounce::{Quoted, Refusal, Reply, address, reply, status};

/// So many lines are read, and so many octets of each: the words of a bounce are few.
const MOST_LINES: usize = 5000;
const LONGEST_LINE: usize = 8000;

/// Replies that begin with so many equal letters are the same one, shortened in the middle.
const ALIKE: usize = 60;

/// So many texts without codes are kept where there is no reply.
const MOST_TEXTS: usize = 5;

/// So many servers are looked at in lines that belong together.
const MOST_SERVERS: usize = 10;

/// So many replies of one recipient are kept.
const MOST_REPLIES: usize = 20;

/// What stands before the address at a place. The first kinds say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// The address begins a line, or a label or a reply code stands before it.
    Named,
    /// "to" stands before it.
    Inline,
    /// Anything.
    Other,
    /// A label that tells another role.
    NotRecipient,
}

/// A line and where it stands.
struct Line<'a> {
    at: usize,
    text: &'a str,
    indent: usize,
}

/// Lines that belong together.
#[derive(Default)]
struct Block {
    words: Joined,
    /// How far its first line stands in.
    indent: usize,
}

/// Who is known before the words are read.
pub(super) struct Known<'a> {
    /// Recipients, out of a report or a field.
    pub recipients: &'a [Quoted],
    /// Senders: they are recipients only if they begin a line.
    pub senders: &'a [Quoted],
}

/// Reads the words: each recipient with its replies. Without any recipient, there is one refusal if there is any reply.
pub(super) fn read(passage: &Passage, known: &Known<'_>) -> Vec<Refusal> {
    let lines = lines(passage);
    let recipients = if known.recipients.is_empty() {
        recipients(passage, &lines, known.senders)
    } else {
        known.recipients.to_vec()
    };
    let mut reader = Reader::new(passage, recipients);
    for block in blocks(&lines, &reader.recipients) {
        reader.take(&block);
    }
    reader.finish()
}

/// Are there more lines than are read?
pub(super) fn is_cut(passage: &Passage) -> bool {
    passage.lines().nth(MOST_LINES).is_some()
}

fn lines(passage: &Passage) -> Vec<Line<'_>> {
    let cut = |(at, line): (usize, &'_ str)| (at, line.floor_char_boundary(LONGEST_LINE));
    let all = passage.lines().take(MOST_LINES).map(|(at, line)| (line, cut((at, line))));
    all.map(|(line, (at, end))| {
        let quote = quotation(line);
        let text = &line[quote..end.max(quote)];
        Line { at: at + quote, text, indent: text.len() - text.trim_start().len() }
    })
    .collect()
}

/// The recipients that the words name, by what tells most.
fn recipients(passage: &Passage, lines: &[Line<'_>], senders: &[Quoted]) -> Vec<Quoted> {
    let mut found: Vec<(Role, Quoted)> = Vec::new();
    let mut head = None;
    for line in lines {
        if line.text.trim().is_empty() {
            head = None;
        }
        let is_continuation = head.is_some_and(|indent| line.indent > indent);
        for range in address::find(line.text) {
            let is_head = !is_continuation && address::leading(line.text).as_ref() == Some(&range);
            let role = if is_head { Role::Named } else { role(&line.text[..range.start]) };
            head = if is_head { Some(line.indent) } else { head };
            let quoted = passage.quoted(line.at + range.start..line.at + range.end);
            if !found.iter().any(|(other, known)| *other <= role && same(known, &quoted)) {
                found.push((role, quoted));
            }
        }
        if found.len() > status::MOST {
            break;
        }
    }
    let best = |skipped: &[Quoted]| {
        let mut roles = [Role::Named, Role::Inline, Role::Other].into_iter();
        let of = |role| {
            found
                .iter()
                .filter(move |(other, quoted)| *other == role && !skipped.iter().any(|sender| same(sender, quoted)))
        };
        roles.find_map(|role| {
            Some(of(role).map(|(_, quoted)| quoted.clone()).collect()).filter(|all: &Vec<Quoted>| !all.is_empty())
        })
    };
    best(senders).or_else(|| best(&[])).unwrap_or_default()
}

fn role(before: &str) -> Role {
    let before = before.trim_end_matches([' ', '\t', '<', '"', '\'', '(', '[', '“', '«', '「']).to_lowercase();
    let marks = marks::all();
    if marks.ends(Mark::Recipient, &before) || is_codes(&before) {
        Role::Named
    } else if marks.ends(Mark::NotRecipient, &before) {
        Role::NotRecipient
    } else if before.ends_with(" to") || before.ends_with(" to:") || before.ends_with(" for") {
        Role::Inline
    } else {
        Role::Other
    }
}

/// `550`, `550 5.1.1`, as in `550 5.1.1 <a@contoso.com>... User unknown`.
fn is_codes(before: &str) -> bool {
    let code = before.trim_start_matches(['<', ' ', '(']).trim_start_matches("reason:").trim_start();
    let rest = code.get(3..).unwrap_or_default().trim_start_matches(['-', ' ']);
    reply::begins_line(code).is_some()
        && (rest.is_empty() || reply::enhanced_at(rest).is_some_and(|(_, length)| length == rest.len()))
}

pub(super) fn same(one: &Quoted, other: &Quoted) -> bool {
    one.text.eq_ignore_ascii_case(&other.text)
}

fn blocks(lines: &[Line<'_>], recipients: &[Quoted]) -> Vec<Block> {
    let (mut blocks, mut block, mut last) = (Vec::new(), Block::default(), "");
    for line in lines {
        let said = line.text.trim_start();
        let said = ["<<<", "-- "].iter().find_map(|mark| said.strip_prefix(mark)).unwrap_or(said);
        let code = reply::begins_line(said.trim_start());
        if line.text.trim().is_empty() || begins_block(line, code, &block, last, recipients) {
            blocks.push(std::mem::take(&mut block));
        }
        if block.words.text.is_empty() {
            block.indent = line.indent;
        }
        block.words.push(line.at + line.text.len() - said.len(), said);
        last = said.trim();
    }
    blocks.push(block);
    blocks.retain(|block| !block.words.text.is_empty());
    blocks
}

/// Does a line begin something new? A code does, unless it goes on with a reply of many lines.
fn begins_block(line: &Line<'_>, code: Option<&str>, block: &Block, last: &str, recipients: &[Quoted]) -> bool {
    let continues = |code: &str| block.words.text.contains(&format!("{code}-"));
    let text = line.text.trim_start();
    let is_head = || {
        let head = address::leading(line.text).map(|range| &line.text[range]);
        head.is_some_and(|head| recipients.iter().any(|known| known.text.eq_ignore_ascii_case(head)))
            && !last.ends_with("RCPT TO:")
    };
    let lower = text.to_lowercase();
    let is_label = marks::all().begins(Mark::Label, &lower)
        || marks::all().begins(Mark::Recipient, &lower)
        || marks::all().server(Mark::Generator, text).is_some();
    match code {
        Some(code) => !continues(code),
        None if reply::begins_enhanced(text.trim_start_matches("-- ")) => !last.ends_with(|c: char| c.is_ascii_digit()),
        None => {
            text.starts_with(">>>")
                || text.starts_with("... ")
                || text.starts_with("---")
                || is_label
                || line.indent <= block.indent && is_head()
        }
    }
}

/// Goes through the blocks, and gives each reply to whom it belongs to.
struct Reader<'a> {
    passage: &'a Passage,
    recipients: Vec<Quoted>,
    refusals: Vec<Refusal>,
    /// Texts without codes, by recipient: what is left where there is no reply.
    texts: Vec<Vec<Reply>>,
    current: Vec<usize>,
    /// Replies that nobody's address stood before.
    pending: Vec<Reply>,
    /// Texts that nobody's address stood before.
    before: Vec<Reply>,
    /// Those of a conversation that ended before any address was named.
    unclaimed: Vec<Reply>,
    remote: Option<Quoted>,
    /// Who wrote the bounce.
    generator: Option<Quoted>,
}

impl<'a> Reader<'a> {
    fn new(passage: &'a Passage, recipients: Vec<Quoted>) -> Reader<'a> {
        let refusals = recipients.iter().map(|found| Refusal { recipient: Some(found.clone()), ..Refusal::default() });
        let (refusals, texts): (Vec<_>, Vec<_>) = refusals.map(|refusal| (refusal, Vec::new())).unzip();
        Reader {
            passage,
            recipients,
            refusals,
            texts,
            current: Vec::new(),
            pending: Vec::new(),
            unclaimed: Vec::new(),
            before: Vec::new(),
            remote: None,
            generator: generator(passage),
        }
    }

    fn take(&mut self, block: &Block) {
        let text = block.words.text.as_str();
        let remote = self.remote_in(&block.words);
        if text.to_lowercase().contains("while talking to") {
            self.current.clear();
            self.unclaimed.append(&mut self.pending);
            self.unclaimed.truncate(MOST_REPLIES);
            self.remote.clone_from(&remote);
        }
        let named = self.named(text);
        if !named.is_empty() {
            self.current = named;
        }
        let mut replies = std::mem::take(&mut self.pending);
        let own = reply::find(&block.words, self.passage);
        if self.current.is_empty() {
            self.remote = remote.clone().filter(|_| !own.is_empty()).or(self.remote.take());
            take_text(&mut self.before, &block.words, self.passage);
        }
        replies.extend(own);
        for recipient in self.current.clone() {
            let refusal = &mut self.refusals[recipient];
            refusal.remote = refusal.remote.take().or_else(|| remote.clone()).or_else(|| self.remote.clone());
            if replies.is_empty() {
                take_text(&mut self.texts[recipient], &block.words, self.passage);
            } else {
                merge(&mut self.refusals[recipient].replies, &replies);
            }
        }
        if self.current.is_empty() {
            replies.truncate(MOST_REPLIES);
            self.pending = replies;
        }
    }

    /// The first server that is said to have refused; who wrote the bounce says of itself, too, what it returned.
    fn remote_in(&self, words: &Joined) -> Option<Quoted> {
        let mut from = 0;
        let named = std::iter::from_fn(|| {
            let found = marks::all().server(Mark::Remote, &words.text[from..])?;
            let range = from + found.start..from + found.end;
            from = range.end;
            Some(words.quoted(self.passage, range))
        });
        named.take(MOST_SERVERS).find(|host| !self.generator.as_ref().is_some_and(|own| same(own, host)))
    }

    fn named(&self, text: &str) -> Vec<usize> {
        let found: HashSet<String> = address::find(text).into_iter().map(|it| text[it].to_ascii_lowercase()).collect();
        let is_named = |known: &Quoted| found.contains(&known.text.to_ascii_lowercase());
        if found.is_empty() {
            return Vec::new();
        }
        (0..self.recipients.len()).filter(|n| is_named(&self.recipients[*n])).collect()
    }

    fn finish(mut self) -> Vec<Refusal> {
        self.pending.append(&mut self.unclaimed);
        if self.refusals.is_empty() && !self.pending.is_empty() {
            self.refusals.push(Refusal { remote: self.remote.take(), ..Refusal::default() });
        }
        let is_only = self.refusals.len() == 1;
        for (n, refusal) in self.refusals.iter_mut().enumerate() {
            let more: Vec<Reply> =
                self.pending.iter().filter(|reply| is_only || extends(reply, &refusal.replies)).cloned().collect();
            merge(&mut refusal.replies, &more);
            if refusal.replies.is_empty() {
                refusal.replies.clone_from(&self.pending);
            }
            if refusal.replies.is_empty() {
                refusal.replies = self.texts.get(n).cloned().unwrap_or_default();
            }
            if refusal.replies.is_empty() {
                refusal.replies.clone_from(&self.before);
            }
            refusal.remote = refusal.remote.take().or_else(|| self.remote.clone());
        }
        self.refusals
    }
}

/// The server that wrote the bounce, by its own words.
pub(super) fn generator(passage: &Passage) -> Option<Quoted> {
    passage.lines().take(1000).find_map(|(at, line)| {
        let range = marks::all().server(Mark::Generator, line)?;
        Some(passage.quoted(at + range.start..at + range.end))
    })
}

/// What words there are beside an address. A line that announces others says nothing.
fn take_text(texts: &mut Vec<Reply>, words: &Joined, passage: &Passage) {
    let text = words.text.as_str();
    let head = address::leading(text).map_or(0, |range| range.end);
    let from =
        head + text[head..].len() - text[head..].trim_start_matches(|c: char| !(c.is_alphanumeric() || c == '[')).len();
    let says =
        from < text.len() && !text.ends_with(':') && !text.starts_with("---") && !text[from..].starts_with("mailto:");
    if !says || texts.len() >= MOST_TEXTS || marks::all().server(Mark::Generator, text).is_some() {
        return;
    }
    // Where an address stands amid the words, they mostly tell no more than whose it is.
    let is_aside = head == 0 && !address::find(text).is_empty();
    let at = if is_aside {
        texts.len()
    } else {
        texts.iter().take_while(|known| address::find(&known.text).is_empty()).count()
    };
    texts.insert(at, reply::without_codes(words, from..text.len(), passage));
}

/// Adds replies that say something new; what says more replaces what says less.
pub(super) fn merge(replies: &mut Vec<Reply>, more: &[Reply]) {
    for new in more.iter().take(status::MOST) {
        let words = comparable(&new.text);
        let is_known = |known: &Reply| {
            let old = comparable(&known.text);
            let is_same = known.smtp == new.smtp || new.smtp.is_none();
            let begins_alike = known.enhanced == new.enhanced
                && old.chars().zip(words.chars()).take(ALIKE).filter(|(one, other)| one == other).count() == ALIKE;
            is_same && (old.contains(&words) || known.smtp == new.smtp && (words.contains(&old) || begins_alike))
        };
        match replies.iter().position(is_known) {
            Some(at) if comparable(&replies[at].text).len() < words.len() && replies[at].enhanced == new.enhanced => {
                replies[at] = new.clone()
            }
            None if replies.len() < MOST_REPLIES => replies.push(new.clone()),
            _ => {}
        }
    }
}

/// Is this the whole of a reply that is known in part?
fn extends(reply: &Reply, known: &[Reply]) -> bool {
    let words = comparable(&reply.text);
    known.iter().any(|known| known.smtp == reply.smtp && words.starts_with(&comparable(&known.text)))
}

/// Without blanks and signs: the same words are wrapped in one place, and not in the other.
fn comparable(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

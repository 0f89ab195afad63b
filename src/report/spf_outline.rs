//! The SPF tree, line by line: what each term costs, and what it leads to. How it is drawn is decided elsewhere.

use crate::dns::{Outcome, Record};
use crate::evaluate::spf::{self, Void};
use crate::evidence::{SpfNode, SpfTree, Target};
use crate::lang::Lang;
use crate::providers;
use crate::records::spf::{Spf, Term, TermKind};
use crate::report::text::printable;
use crate::report::words;

/// Ranges that stand one behind the other are shown on one line, so many of them.
const RANGES_SHOWN: usize = 3;

/// Ranges on one line are no longer than this, unless there is only one.
const RANGES_WIDTH: usize = 30;

/// A line of the tree.
pub(super) struct Line {
    /// For each line that this one hangs on, from the outermost: does another follow at the same depth?
    pub above: Vec<bool>,
    /// Is it the last of its record?
    pub last: bool,
    /// The term, or several ranges.
    pub text: String,
    /// Its look-ups, and all before it with it; nothing for a term that asks nothing.
    pub cost: Option<Cost>,
    /// What it leads to.
    pub note: String,
    /// What is to be said of the note.
    pub state: State,
}

/// Look-ups of a term.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    /// Of the term and of all that it leads to.
    pub own: usize,
    /// In the order of evaluation, up to the term itself.
    pub so_far: usize,
}

/// What became of a term.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing of note.
    Plain,
    /// It stands behind what ends the evaluation.
    Unused,
    /// A look-up without a record or an answer, or that leads back.
    Broken,
    /// Nobody can tell from here.
    Open,
}

/// All lines, in the order of evaluation.
pub(super) fn lines(tree: &SpfTree, lang: Lang) -> Vec<Line> {
    let mut outline = Outline { tree, voids: spf::voids(tree), lookups: 0, lines: Vec::new(), lang };
    outline.node(0, &[]);
    outline.lines
}

struct Outline<'t> {
    tree: &'t SpfTree,
    voids: Vec<Void>,
    /// Look-ups so far, in the order of evaluation.
    lookups: usize,
    lines: Vec<Line>,
    lang: Lang,
}

impl Outline<'_> {
    fn node(&mut self, number: usize, above: &[bool]) {
        let tree = self.tree;
        let Some(node) = tree.nodes.get(number) else { return };
        let Some(spf) = node.asked.only() else { return };
        let effective: Vec<usize> = spf.effective().map(|(index, _)| index).collect();
        let rows = rows(spf);
        for (position, row) in rows.iter().enumerate() {
            let last = position + 1 == rows.len();
            let used = spf.terms[row.term].is_modifier() || effective.contains(&row.term);
            self.row(number, row, (above, last), used);
            let lookup = node.lookups.iter().find(|lookup| lookup.term == row.term);
            if let Some(Target::Node(child)) = lookup.map(|lookup| &lookup.target) {
                self.node(*child, &[above, &[!last]].concat());
            }
        }
    }

    fn row(&mut self, node: usize, row: &Row, (above, last): (&[bool], bool), used: bool) {
        let lookup = self.tree.nodes[node].lookups.iter().find(|lookup| lookup.term == row.term);
        let (cost, note, state) = match lookup {
            Some(lookup) => {
                self.lookups += 1;
                let cost = Cost { own: spf::lookups_of(self.tree, lookup), so_far: self.lookups };
                let (note, state) = self.note(node, row.term, &lookup.target);
                (Some(cost), note, state)
            }
            None if used => (None, String::new(), State::Plain),
            None => (None, words::NEVER_REACHED.get(self.lang).to_owned(), State::Unused),
        };
        self.lines.push(Line { above: above.to_vec(), last, text: printable(&row.text), cost, note, state });
    }

    fn note(&self, node: usize, term: usize, target: &Target) -> (String, State) {
        let lang = self.lang;
        let void = self.voids.contains(&Void { node, term });
        match target {
            Target::Node(child) => {
                let Some(child) = self.tree.nodes.get(*child) else { return (String::new(), State::Open) };
                let provider = providers::by_include(&child.name).map(|provider| provider.name.as_str());
                let note = [provider.unwrap_or_default().to_owned(), about(child, lang)].join("  ").trim().to_owned();
                (note, if child.asked.found.len() == 1 { State::Plain } else { State::Broken })
            }
            Target::Answers(_) if void => (words::VOID.get(lang).to_owned(), State::Broken),
            Target::Answers(answers) => match answers.iter().find_map(|answer| answer.failure()) {
                Some(failure) => (failure.code().to_owned(), State::Open),
                None => (String::new(), State::Plain),
            },
            Target::Loop(_) => (words::LOOP.get(lang).to_owned(), State::Broken),
            Target::Undecided => (words::NEEDS_MESSAGE.get(lang).to_owned(), State::Open),
            Target::Unread => (words::NOT_FOLLOWED.get(lang).to_owned(), State::Open),
        }
    }
}

/// What stands on a line: a term, or several ranges.
struct Row {
    /// The (first) term.
    term: usize,
    text: String,
}

fn rows(spf: &Spf) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut ranges: Vec<usize> = Vec::new();
    for (index, term) in spf.terms.iter().enumerate() {
        if is_range(term) {
            ranges.push(index);
            continue;
        }
        rows.extend(range_row(spf, &std::mem::take(&mut ranges)));
        rows.push(Row { term: index, text: spf.text(term).to_owned() });
    }
    rows.extend(range_row(spf, &ranges));
    rows
}

fn is_range(term: &Term) -> bool {
    matches!(term.kind, TermKind::Ip4(..) | TermKind::Ip6(..))
}

fn range_row(spf: &Spf, ranges: &[usize]) -> Option<Row> {
    let term = *ranges.first()?;
    let shown: Vec<&str> = ranges.iter().take(RANGES_SHOWN).map(|index| spf.text(&spf.terms[*index])).collect();
    let more = match ranges.len().saturating_sub(RANGES_SHOWN) {
        0 => String::new(),
        more => format!(" … +{more}"),
    };
    let short = match shown.as_slice() {
        [first, ..] if shown.join(" ").len() > RANGES_WIDTH && ranges.len() > 1 => {
            format!("{first} … +{}", ranges.len() - 1)
        }
        _ => format!("{}{more}", shown.join(" ")),
    };
    Some(Row { term, text: short })
}

/// What is to be said of a record: its size and how long it is kept, or why there is none.
pub(super) fn about(node: &SpfNode, lang: Lang) -> String {
    let answer = &node.asked.answer;
    match node.asked.found.as_slice() {
        [spf] => {
            let ttl = answer.records().iter().map(|record: &Record| record.ttl).min().unwrap_or_default();
            format!("{} {}, TTL {ttl}", spf.txt.octets(), words::OCTETS.get(lang))
        }
        [] if answer.failure().is_some() => answer.outcome.comment().to_owned(),
        [] if matches!(answer.outcome, Outcome::NxDomain) => {
            format!("{}: {}", words::NO_RECORD.get(lang), answer.outcome.comment())
        }
        [] => words::NO_RECORD.get(lang).to_owned(),
        several => format!("{} {}", several.len(), words::RECORDS.get(lang)),
    }
}

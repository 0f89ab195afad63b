//! The SPF tree as a picture (SVG): a box for each term, on the line of the record that it stands in, and what it costs.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

use crate::evaluate::spf::MAX_LOOKUPS;
use crate::evidence::SpfTree;
use crate::lang::Lang;
use crate::report::spf_outline::{self, Cost, Line, State, about};
use crate::report::text::printable;
use crate::report::words;

/// Pixels from one line to the next, of a box, and of a step to the right.
const ROW: usize = 30;
const BOX: usize = 24;
const STEP: usize = 26;

/// Pixels of a column of text in the type of the picture.
const COLUMN: usize = 8;

/// A text is cut behind so many columns; the whole is its title.
const MOST: usize = 56;

/// Pixels of the columns of numbers, and of the notes.
const NUMBER: usize = 76;

/// A record may hold thousands of terms, and its picture nothing more to see then: so many lines are drawn.
const LINES: usize = 400;

/// The picture.
pub(super) fn draw(tree: &SpfTree, lang: Lang) -> Markup {
    let mut lines = spf_outline::lines(tree, lang);
    let left_out = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let root = clip(&printable(tree.root().name.as_str()));
    let widths = lines.iter().map(|line| left(line) + width(&clip(&line.text)));
    let numbers = widths.chain([width(&root)]).max().unwrap_or_default() + NUMBER;
    let notes = numbers + NUMBER + 20;
    let note = about(tree.root(), lang);
    let widest = lines.iter().map(|line| line.note.width()).chain([note.width()]).max().unwrap_or_default();
    let (whole, height) = (notes + (widest + 2) * COLUMN, (lines.len() + 1 + usize::from(left_out > 0)) * ROW + 6);
    let label = format!("{}: {root}", words::SPF_TREE.get(lang));
    html! {
        svg xmlns="http://www.w3.org/2000/svg"
            width=(whole) height=(height) viewBox={ "0 0 " (whole) " " (height) } {
            title { (label) }
            (row(0, 0, &root, &root))
            (heads(numbers, lang))
            text.soft x=(notes) y=(baseline(0)) { (note) }
            @for (number, line) in lines.iter().enumerate() {
                @let y = number + 1;
                path.link d=(links(&lines, number)) {}
                g.(class(line.state)) {
                    (row(left(line), y, &clip(&line.text), &line.text))
                    @if let Some(cost) = line.cost { (costs(cost, numbers, y)) }
                    text.mark x=(notes) y=(baseline(y)) { (line.note) }
                }
            }
            @if left_out > 0 {
                text.soft x=(STEP) y=(baseline(lines.len() + 1)) { "… +" (left_out) }
            }
        }
    }
}

fn heads(numbers: usize, lang: Lang) -> Markup {
    html! {
        text.soft.number x=(numbers) y=(baseline(0)) { (words::COSTS.get(lang)) }
        text.soft.number x=(numbers + NUMBER) y=(baseline(0)) { (words::SO_FAR.get(lang)) }
    }
}

/// A box with a text in it.
fn row(x: usize, y: usize, text: &str, title: &str) -> Markup {
    html! {
        g {
            title { (title) }
            rect.box x=(x + 1) y=(y * ROW + 3) width=(width(text)) height=(BOX) rx="5" {}
            text x=(x + 9) y=(baseline(y)) { (text) }
        }
    }
}

/// What the term costs, and all up to it: red where that is too much.
fn costs(cost: Cost, numbers: usize, y: usize) -> Markup {
    let over = if cost.so_far > MAX_LOOKUPS { "over" } else { "within" };
    html! {
        text.number x=(numbers) y=(baseline(y)) { (cost.own) }
        text.number.(over) x=(numbers + NUMBER) y=(baseline(y)) { (cost.so_far) }
    }
}

/// From the box above, down and to the right, to the box of this line.
fn links(lines: &[Line], number: usize) -> String {
    let line = &lines[number];
    let depth = line.above.len();
    // The line that it hangs on: the last one before it that is less deep.
    let parent = lines[..number].iter().rposition(|other| other.above.len() < depth).map_or(0, |parent| parent + 1);
    let (x, y) = (depth * STEP + STEP / 2, (number + 1) * ROW + 3 + BOX / 2);
    format!("M{x} {} V{y} H{}", parent * ROW + 3 + BOX, left(line) + 1)
}

fn left(line: &Line) -> usize {
    (line.above.len() + 1) * STEP
}

fn baseline(y: usize) -> usize {
    y * ROW + 3 + BOX / 2 + 5
}

fn width(text: &str) -> usize {
    text.width() * COLUMN + 16
}

fn clip(text: &str) -> String {
    match text.chars().count() {
        ..=MOST => text.to_owned(),
        _ => text.chars().take(MOST - 1).chain(['…']).collect(),
    }
}

fn class(state: State) -> &'static str {
    match state {
        State::Plain => "plain",
        State::Unused => "unused",
        State::Broken => "bad",
        State::Open => "open",
    }
}

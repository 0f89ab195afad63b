//! The way to `p=reject`: a line for each step, with the record to publish.

use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::evaluate::dmarc_plan::Step;
use crate::report::text::{paint, printable, wrap};
use crate::report::{Style, words};

/// The section; nothing without steps.
pub(super) fn write(steps: &[Step], style: Style) -> String {
    let Some(first) = steps.first() else { return String::new() };
    let head = format!("{} ({} TXT)", words::DMARC_PLAN.get(style.lang), printable(first.owner.as_str()));
    let mut out = format!("{}\n", paint(&head, Colour::new().bold(), style));
    for (number, step) in steps.iter().enumerate() {
        let text = wrap(words::when(step.when).get(style.lang), style, "     ");
        let _ = writeln!(out, "  {}. {}:", number + 1, text.trim_start());
        let _ = writeln!(out, "     {}", paint(&printable(&step.value), Colour::new().green(), style));
    }
    out + "\n"
}

//! The table of senders: who sends for the domain, and whether SPF, DKIM and DMARC cover it.

use std::fmt::Write as _;

use owo_colors::Style as Colour;
use unicode_width::UnicodeWidthStr;

use crate::evaluate::senders::{Coverage, Tristate};
use crate::evidence::Who;
use crate::report::text::{pad, paint, printable, wrap};
use crate::report::{Style, words};

/// Columns of each answer.
const COLUMN: usize = 18;

/// What people call a sender.
pub(super) fn name(who: &Who) -> String {
    match who {
        Who::Provider(provider) => provider.name.clone(),
        Who::Address(ip) => ip.to_string(),
    }
}

/// The table; nothing without senders.
pub(super) fn write(senders: &[Coverage], others: &[String], style: Style) -> String {
    let Some(first) = senders.first() else { return String::new() };
    let lang = style.lang;
    let head = words::SENDERS.get(lang);
    let widest = senders.iter().map(|sender| name(&sender.sender.who).width()).max().unwrap_or(0) + 2;
    let wide = widest.max(head.width());
    let columns =
        ["SPF", words::ALIGNED.get(lang), "DKIM", words::DMARC_CAN_PASS.get(lang)].map(|text| pad(text, COLUMN));
    let header = format!("{}  {}", pad(head, wide), columns.concat().trim_end());
    let mut out = format!("{}\n", paint(&header, Colour::new().bold(), style));
    for coverage in senders {
        let cells: String = cells(coverage).map(|answer| cell(answer, style)).concat();
        let _ = writeln!(out, "{}  {}", pad(&format!("  {}", name(&coverage.sender.who)), wide), cells.trim_end());
    }
    if !others.is_empty() {
        let text = format!("{}: {}", words::ALSO_ALLOWED.get(lang), others.join(", "));
        let _ = writeln!(out, "{}", wrap(&printable(&text), style, "  "));
    }
    if first.sender.inferred {
        let _ = writeln!(out, "  ({})", words::INFERRED.get(lang));
    }
    out + "\n"
}

/// SPF, its alignment, DKIM, DMARC.
pub(super) fn cells(coverage: &Coverage) -> [Tristate; 4] {
    [coverage.spf, coverage.aligned, coverage.dkim, coverage.dmarc]
}

fn cell(answer: Tristate, style: Style) -> String {
    let colour = match answer {
        Tristate::Yes => Colour::new().green(),
        Tristate::No => Colour::new().red().bold(),
        Tristate::Unknown => Colour::new().yellow(),
    };
    paint(&pad(words::tristate(answer).get(style.lang), COLUMN), colour, style)
}

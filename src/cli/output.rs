//! Writing a report to standard output, and what it means for the exit code.

use std::io::{IsTerminal as _, Write as _};

use mailvet::lang::Lang;
use mailvet::report::{self, Format, Report, Style};

use crate::args::Output;
use crate::exit::End;

/// Columns where standard output is no terminal.
const WIDTH: usize = 120;

/// Writes the reports, and says how the run ended.
pub fn finish(reports: &[Report], output: &Output) -> anyhow::Result<End> {
    print(&report::write(reports, style(output.format.into(), output.lang)))?;
    Ok(end(reports, output))
}

/// Writes a text to standard output. A reader that went away is an error, for `exit` to forgive.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

/// How to write on this standard output.
pub fn style(format: Format, lang: Lang) -> Style {
    Style { format, lang, colour: has_colour(), width: WIDTH }
}

fn end(reports: &[Report], output: &Output) -> End {
    let found = output.fail_on.severity().is_some_and(|least| {
        let is_found = |report: &Report| report.worst().is_some_and(|worst| worst >= least);
        reports.iter().any(|report| is_found(report) || report.has_dead_recipient())
    });
    match found {
        true => End::Found,
        false if reports.iter().any(Report::could_not_tell) => End::CouldNotTell,
        false => End::Fine,
    }
}

/// Colours on a terminal only. `NO_COLOR` and `CLICOLOR_FORCE` (no-color.org, bixense.com/clicolors) as everybody does:
/// the first wins.
fn has_colour() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let is_set = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !is_set && (set("CLICOLOR_FORCE") || std::io::stdout().is_terminal())
}

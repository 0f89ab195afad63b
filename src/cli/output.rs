//! Writing a report to standard output, and what it means for the exit code.

use std::io::{IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use mailvet::lang::Lang;
use mailvet::report::{self, Format, Report, Style};

use crate::args::{FormatName, Output, Target};
use crate::exit::End;
use crate::file;

/// Columns where standard output is no terminal.
const WIDTH: usize = 120;

/// Where the reports go: known to be possible, as far as that can be known before anything is asked.
pub struct Outputs(Vec<Target>);

impl Outputs {
    /// What was asked for.
    pub fn of(output: &Output) -> anyhow::Result<Outputs> {
        let targets = output.all_targets();
        if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
            bail!("two reports on standard output: give all but one a file, such as --output sarif=mailvet.sarif");
        }
        for (number, target) in targets.iter().enumerate() {
            let Some(file) = &target.file else { continue };
            if targets[..number].iter().any(|other| other.file.as_ref() == Some(file)) {
                bail!("two reports for {}: name two files", file.display());
            }
            file::check(file).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(Outputs(targets))
    }
}

/// Writes the reports, and says how the run ended.
pub fn finish(reports: &[Report], output: &Output, outputs: &Outputs) -> anyhow::Result<End> {
    let fails = output.fail_on.severity();
    let on_stdout = outputs.0.iter().filter(|target| target.file.is_none());
    // What a program waits for is whole before a person reads on.
    for target in outputs.0.iter().filter(|target| target.file.is_some()).chain(on_stdout) {
        let style = Style { fails, show_ignored: output.show_ignored, ..style(target.format.into(), output.lang) };
        match &target.file {
            Some(file) => file::replace(file, &report::write(reports, Style { colour: false, ..style }))
                .with_context(|| format!("cannot write {}", file.display()))?,
            None => print(&report::write(reports, style))?,
        }
    }
    Ok(end(reports, output))
}

/// Is the SPF record to be drawn as a picture?
pub fn draws_spf(output: &Output) -> bool {
    output.all_targets().iter().any(|target| target.format == FormatName::Html)
}

/// Writes a text to standard output. A reader that went away is an error, for `exit` to forgive.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

/// Says on standard error what is no part of a report.
pub fn say(what: &str) {
    eprintln!("mailvet: {}", report::printable(what));
}

/// How to write on this standard output.
pub fn style(format: Format, lang: Lang) -> Style {
    Style { format, lang, colour: has_colour(), width: WIDTH, fails: None, show_ignored: false }
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

//! `mailvet man`.

use std::path::Path;

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, roman};

use crate::args::{Args, Man};
use crate::exit::End;
use crate::{file, output};

/// How paragraphs behind the help begin.
const EXAMPLES: &str = "Examples:\n";
const EXIT_CODES: &str = "Exit codes: ";

/// Prints the page of mailvet, or writes the pages of all commands.
pub fn run(args: &Man) -> anyhow::Result<End> {
    match &args.dir {
        None => output::print(&page(&root())?)?,
        Some(folder) => write_all(folder)?,
    }
    Ok(End::Fine)
}

fn write_all(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let root = root();
    for command in commands(&root) {
        let path = folder.join(Page::new(command.clone()).get_filename());
        file::replace(&path, &page(command)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn root() -> Command {
    // `mailvet help zone` shows what `mailvet zone --help` shows.
    let mut root = Args::command().bin_name("mailvet").disable_help_subcommand(true);
    root.build();
    root
}

/// The command, and all below it that are no secret.
fn commands(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|command| !command.is_hide_set());
    std::iter::once(command).chain(below.flat_map(commands)).collect()
}

fn page(command: &Command) -> anyhow::Result<String> {
    let page = Page::new(command.clone());
    let mut text = title(command).into_bytes();
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut text)?;
    }
    text.extend(behind_help(command).render().into_bytes());
    String::from_utf8(text).context("the page")
}

/// Without a day: the same version gives the same page. (`roff` leaves an empty argument out, and the next takes its place.)
fn title(command: &Command) -> String {
    let name = command.get_display_name().unwrap_or("mailvet");
    format!(".TH {name} 1 \"\" \"mailvet {}\" mailvet\n", env!("CARGO_PKG_VERSION"))
}

/// The text behind the help, each paragraph in the section that manual pages have for it.
fn behind_help(command: &Command) -> Roff {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut roff = Roff::new();
    for paragraph in text.split("\n\n") {
        if let Some(examples) = paragraph.strip_prefix(EXAMPLES) {
            write_examples(&mut roff, examples);
        } else if let Some(exit_codes) = paragraph.strip_prefix(EXIT_CODES) {
            roff.control("SH", ["EXIT STATUS"]).text([roman(exit_codes)]);
        } else if !paragraph.is_empty() {
            roff.control("SH", ["NOTES"]).text([roman(paragraph)]);
        }
    }
    if command.get_name() != "mailvet" {
        roff.control("SH", ["SEE ALSO"]).text([roman("mailvet(1)")]);
    }
    roff
}

/// Each on its own line, and with its blanks.
fn write_examples(roff: &mut Roff, examples: &str) {
    roff.control("SH", ["EXAMPLES"]).control("nf", []);
    for line in examples.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_words() {
        let root = root();
        for command in commands(&root) {
            let name = command.get_display_name().unwrap_or("mailvet");
            assert!(command.get_about().is_some(), "{name}");
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                assert!(arg.get_help().is_some(), "{name}: {}", arg.get_id());
            }
        }
    }

    /// What stands behind the help is not lost.
    #[test]
    fn every_line_behind_the_help_is_on_the_page() {
        let root = root();
        for command in commands(&root) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let page = page(command).expect("a page").replace('\\', "");
            for line in help.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "Examples:") {
                let line = line.trim_start_matches(EXIT_CODES).replace('\'', "*(Aq");
                assert!(page.contains(&line), "{}: {line}\n{page}", command.get_name());
            }
        }
    }
}

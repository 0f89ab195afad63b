//! `mailvet completions`.

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Generator as _;

use crate::args::{Args, Completions};
use crate::exit::End;
use crate::output;

/// Prints the completions for a shell.
pub fn run(args: &Completions) -> anyhow::Result<End> {
    let mut command = Args::command().bin_name("mailvet");
    command.build();
    let mut script = Vec::new();
    args.shell.try_generate(&command, &mut script)?;
    output::print(&String::from_utf8(script).context("the completions")?)?;
    Ok(End::Fine)
}

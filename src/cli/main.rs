//! The command `mailvet`: arguments in, text and an exit code out.

mod args;
mod baseline;
mod bounce;
mod check;
mod clock;
mod completions;
mod config;
mod diff;
mod exit;
mod explain;
mod file;
mod files;
mod fix;
mod lock;
mod man;
mod output;
mod recipients;
mod sources;
mod spf;
mod zone;

use clap::{CommandFactory as _, FromArgMatches as _};

fn main() -> std::process::ExitCode {
    let given = args::Args::command().get_matches();
    let mut args = args::Args::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    exit::code(config::fill(&mut args.command, &given).and_then(|()| run(&args.command)))
}

fn run(command: &args::Command) -> anyhow::Result<exit::End> {
    match command {
        args::Command::Zone(zone) => zone::run(zone),
        args::Command::Fix(fix) => fix::run(fix),
        args::Command::Lock(lock) => lock::run(lock),
        args::Command::Check(check) => check::run(check),
        args::Command::Baseline(baseline) => baseline::run(baseline),
        args::Command::Diff(diff) => diff::run(diff),
        args::Command::Snapshot(snapshot) => check::snapshot(snapshot),
        args::Command::Spf(spf) => spf::run(spf),
        args::Command::Bounce(bounce) => bounce::run(bounce),
        args::Command::Explain(explain) => explain::run(explain),
        args::Command::Completions(completions) => completions::run(completions),
        args::Command::Man(man) => man::run(man),
    }
}

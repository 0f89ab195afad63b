//! The command `mailvet`: arguments in, text and an exit code out.

mod args;
mod baseline;
mod bounce;
mod check;
mod completions;
mod diff;
mod exit;
mod explain;
mod file;
mod files;
mod lock;
mod man;
mod output;
mod recipients;
mod sources;
mod spf;
mod zone;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let args = args::Args::parse();
    let result = match &args.command {
        args::Command::Zone(zone) => zone::run(zone),
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
    };
    exit::code(result)
}

//! Exit codes.

use std::process::ExitCode;

use crate::output;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing to stop for.
    Fine,
    /// Findings of the severity to stop for, or worse.
    Found,
    /// DNS did not tell enough to say that it is fine.
    CouldNotTell,
}

/// 0 fine, 1 found, 2 wrong use (as clap does), 3 could not tell. A reader that went away is no fault of ours.
pub fn code(result: anyhow::Result<End>) -> ExitCode {
    match result {
        Ok(End::Fine) => ExitCode::SUCCESS,
        Ok(End::Found) => ExitCode::from(1),
        Ok(End::CouldNotTell) => ExitCode::from(3),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

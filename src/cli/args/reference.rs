//! What the commands take that write of mailvet itself.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueHint};
use clap_complete::Shell;

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet completions bash > ~/.local/share/bash-completion/completions/mailvet
  mailvet completions zsh > ~/.zfunc/_mailvet      with `fpath+=~/.zfunc` in front of `compinit` in .zshrc
  mailvet completions fish > ~/.config/fish/completions/mailvet.fish
  mailvet completions powershell >> $PROFILE")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mailvet man | man -l -
  mailvet man --dir ~/.local/share/man/man1        then: man mailvet-zone")]
pub struct Man {
    /// Write the pages of all commands into this folder; without it, that of mailvet goes to standard output
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}

//! The files that zones and bounces are read from: those that are named, and those in folders that are named.

use std::fs;
use std::io::IsTerminal as _;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, bail};
use mailvet::config::FILE_NAME;

use crate::{lock, output};

/// A folder may hold so many files; one with more is a mistake.
const MAX_FILES: usize = 100_000;

/// Folders in folders go no deeper than this.
const MAX_DEPTH: usize = 16;

/// A file to read.
pub struct Input {
    pub path: PathBuf,
    /// It was not named itself: it is passed over where it is not fit to be read.
    pub found: bool,
}

const END_OF_INPUT: &str = if cfg!(windows) { "Ctrl+Z and Enter" } else { "Ctrl+D" };

/// Is it `-`, as for other programs?
pub fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What the user calls it.
pub fn called(path: &Path) -> String {
    if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Says what is waited for, if it is a person who writes to standard input.
pub fn ask(what: &str) {
    if std::io::stdin().is_terminal() {
        output::say(&format!("{what}; then press {END_OF_INPUT}"));
    }
}

/// The files that these paths name, in their order; those of a folder by name, without hidden ones, symbolic links and locks.
pub fn named(paths: &[PathBuf]) -> anyhow::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, 0, &mut inputs)?;
        } else {
            inputs.push(Input { path: path.clone(), found: false });
        }
    }
    Ok(inputs)
}

fn walk(folder: &Path, depth: usize, inputs: &mut Vec<Input>) -> anyhow::Result<()> {
    let unreadable = || format!("cannot read {}", folder.display());
    let entries =
        fs::read_dir(folder).with_context(unreadable)?.collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    let mut entries: Vec<_> =
        entries.into_iter().filter(|entry| !is_hidden(&entry.file_name()) && entry.file_name() != FILE_NAME).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().with_context(unreadable)?;
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&entry.path(), depth + 1, inputs)?;
        } else if kind.is_file() && entry.file_name() != lock::FILE_NAME {
            inputs.push(Input { path: entry.path(), found: true });
        }
        if inputs.len() > MAX_FILES {
            bail!("{}: more than {MAX_FILES} files: give fewer at a time", folder.display());
        }
    }
    Ok(())
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

/// Does the work for each item, on all cores; the results are in the order of the items.
pub fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while let Some((number, item)) = next_of(items, &next) {
            let result = work(item);
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, result));
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(worker))));
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

fn next_of<'t, T>(items: &'t [T], next: &AtomicUsize) -> Option<(usize, &'t T)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    items.get(number).map(|item| (number, item))
}

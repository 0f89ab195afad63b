//! The settings in a file: found, read, and put into the arguments that were not given.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use clap::ArgMatches;
use clap::parser::ValueSource;
use mailvet::collect::Section;
use mailvet::config::{Config, FILE_NAME, FilePath, MAX_BYTES};
use mailvet::policy::Domains;
use mailvet::source::{Source, SourceKind};
use mailvet::zone::folder::{Folder, FolderError};

use crate::args::{Command, ConfigFile, Judging, Known, Sending, Settable, World};
use crate::clock::today;
use crate::file::{self, shown};
use crate::output;

/// Puts the settings of the file that is for this run into the arguments.
pub fn fill(command: &mut Command, given: &ArgMatches) -> anyhow::Result<()> {
    let Some(settable) = command.settable() else { return Ok(()) };
    let (mut config, folder) = match path(&settable)? {
        Some(path) => read(&path).map(|(config, folder)| (config, Some(folder)))?,
        None => (Config::default(), None),
    };
    config.policy.today = today().parse().ok();
    let Settable { lang, fail_on, fail_on_new, judging, sending, receiving, world, known, locking, .. } = settable;
    let given = given.subcommand().map(|(_, given)| given);
    let is_given = |id| given.is_some_and(|given| given.value_source(id) == Some(ValueSource::CommandLine));
    if let (Some(lang), Some(set)) = (lang, config.lang)
        && !is_given("lang")
    {
        *lang = set;
    }
    if let (Some(fail_on), Some(set)) = (fail_on, config.fail_on)
        && !is_given("fail_on")
    {
        *fail_on = set.into();
    }
    if let (Some(fail_on), Some(set)) = (fail_on_new, config.fail_on)
        && !is_given("fail_on")
    {
        *fail_on = set.into();
    }
    let names_recipients = receiving.as_ref().is_some_and(|it| !it.to.is_empty() || !it.to_file.is_empty());
    let names_receivers = judging.as_ref().is_some_and(|it| !it.receivers.is_empty());
    let is_judge_named = names_recipients || names_receivers;
    if let (Some(sending), sections) = (sending, std::mem::take(&mut config.sections)) {
        fill_sending(sending, sections);
    }
    if let Some(judging) = judging {
        // Bounces are judged by who refused them.
        let judges = receiving.is_some() && !is_judge_named;
        fill_judging(judging, &mut config, judges);
    }
    if let (Some(receiving), false) = (receiving, is_judge_named) {
        receiving.to = std::mem::take(&mut config.to);
        receiving.to_file = paths(&config.to_file, folder.as_ref())?;
    }
    if let Some(known) = known {
        fill_known(known, &config, folder.as_ref())?;
    }
    let Some(world) = world else { return Ok(()) };
    if let Some(locking) = locking {
        // Whoever says --live wants to know what is so today.
        locking.locked |= config.locked && !world.live;
    }
    fill_world(world, &config, folder.as_ref())
}

fn fill_judging(judging: &mut Judging, config: &mut Config, judges: bool) {
    if judges {
        judging.receivers = std::mem::take(&mut config.receivers);
    }
    judging.volume = judging.volume.or(config.volume.map(Into::into));
    judging.policy = Arc::new(std::mem::take(&mut config.policy));
}

/// What was given holds for all domains.
fn fill_sending(sending: &mut Sending, sections: Vec<Section>) {
    let given = (!sending.selectors.is_empty(), !sending.via.is_empty(), sending.discovery.is_some());
    for mut section in sections {
        section.selectors = section.selectors.filter(|_| !given.0);
        section.via = section.via.filter(|_| !given.1);
        section.discovery = section.discovery.filter(|_| !given.2);
        match section.domains {
            Domains::All => {
                sending.selectors.extend(section.selectors.into_iter().flatten());
                sending.via.extend(section.via.into_iter().flatten());
                sending.discovery = sending.discovery.or(section.discovery.map(Into::into));
            }
            _ => sending.sections.push(section),
        }
    }
}

fn fill_known(known: &mut Known, config: &Config, folder: Option<&Folder>) -> anyhow::Result<()> {
    if known.baseline.is_none() {
        let baseline = config.baseline.as_ref().map(|path| inside(path, folder)).transpose();
        known.baseline = baseline.map_err(|error| anyhow!("{error}; `mailvet baseline` writes a baseline"))?;
    }
    Ok(())
}

fn fill_world(world: &mut World, config: &Config, folder: Option<&Folder>) -> anyhow::Result<()> {
    if world.with.is_empty() {
        world.with = paths(&config.with, folder)?;
    }
    if world.from.is_none() {
        world.from = config.from.iter().map(|path| inside(path, folder)).next().transpose()?;
    }
    Ok(())
}

fn paths(paths: &[FilePath], folder: Option<&Folder>) -> anyhow::Result<Vec<PathBuf>> {
    paths.iter().map(|path| inside(path, folder)).collect()
}

/// A file in the folder of the settings: they may come from anybody whose zones are checked.
fn inside(path: &FilePath, folder: Option<&Folder>) -> anyhow::Result<PathBuf> {
    let found = folder.map_or(Err(FolderError::Outside), |folder| folder.find(&path.text));
    found.map_err(|error| {
        let why = match error {
            FolderError::Outside => "leads out of the folder of the settings; only files in it may be named",
            FolderError::Unreadable | FolderError::Circle => "cannot be found in the folder of the settings",
        };
        let place = path.at.position();
        anyhow!("{}:{}:{}: “{}” {why}", path.at.source.name, place.line, place.column, path.text)
    })
}

/// The settings, and the folder that they are in.
fn read(path: &Path) -> anyhow::Result<(Config, Folder)> {
    let shown = shown(path);
    let unreadable = || format!("cannot read {}", shown.display());
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = path.metadata().with_context(unreadable)?;
    if !metadata.is_file() {
        bail!("{}: not a regular file", shown.display());
    }
    if metadata.len() > MAX_BYTES as u64 {
        bail!("{}: settings may have {} MiB, and this is more", shown.display(), MAX_BYTES / 1024 / 1024);
    }
    let text = fs::read_to_string(path).with_context(unreadable)?;
    let folder = Folder::of(path).with_context(unreadable)?;
    let source = Source::new(shown.to_string_lossy(), text, SourceKind::File);
    let mut errors = match Config::read(&source) {
        Ok(config) => return Ok((config, folder)),
        Err(errors) => errors.into_iter().map(|error| format!("{}:{error}", shown.display())),
    };
    // The last one is told by whoever ends the run.
    let last = errors.next_back().unwrap_or_default();
    errors.for_each(|error| output::say(&error));
    bail!(last)
}

/// The file with the settings: the one that is named, or the next one upwards of the files that are to be checked.
fn path(settable: &Settable<'_>) -> anyhow::Result<Option<PathBuf>> {
    let ConfigFile { config, no_config } = &settable.config;
    if *no_config || config.is_some() {
        return Ok(config.clone());
    }
    // What is not there is an error of whoever reads it, or no file at all, such as standard input.
    let files: Vec<&Path> = settable.files.iter().map(PathBuf::as_path).filter(|file| file.exists()).collect();
    let files = if files.is_empty() { vec![Path::new(".")] } else { files };
    let found = match settable.are_sides {
        true => files.into_iter().find_map(|file| file::upwards(file, FILE_NAME)),
        false => of_all(&files)?,
    };
    match found {
        Some(path) if leads_out(&path) => {
            bail!("{} is a link that leads out of its folder: name it with --config", shown(&path).display())
        }
        found => Ok(found),
    }
}

/// Files that are checked together have the same settings.
fn of_all(files: &[&Path]) -> anyhow::Result<Option<PathBuf>> {
    let mut known: HashMap<&Path, Option<PathBuf>> = HashMap::new();
    let mut chosen: Option<(&Path, Option<PathBuf>)> = None;
    for file in files {
        let found = known.entry(file::folder_to_search(file)).or_insert_with(|| file::upwards(file, FILE_NAME)).clone();
        match &chosen {
            None => chosen = Some((file, found)),
            Some((_, first)) if *first == found => {}
            Some((other, first)) => bail!(
                "{} has {}, and {} has {}: name one with --config, or none with --no-config",
                other.display(),
                named(first.as_deref()),
                file.display(),
                named(found.as_deref())
            ),
        }
    }
    Ok(chosen.and_then(|(_, found)| found))
}

fn named(path: Option<&Path>) -> String {
    path.map_or_else(|| "no settings".to_owned(), |path| format!("the settings in {}", shown(path).display()))
}

/// Nobody named the file, so it may not show what is elsewhere.
fn leads_out(path: &Path) -> bool {
    let is_inside = |target: PathBuf| path.parent().is_some_and(|folder| target.starts_with(folder));
    !path.canonicalize().is_ok_and(is_inside)
}

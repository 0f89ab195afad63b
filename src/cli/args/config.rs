//! The settings in a file, and which arguments they stand in for.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use mailvet::lang::Lang;

use super::Command;
use super::baseline::{BaselineOf, Known};
use super::choices::FailOn;
use super::diff::{FailOnNew, is_live};
use super::lock::Locking;
use super::shared::{Judging, Output, Receiving, Sending, World, Zones};

/// Which settings.
#[derive(Clone, Debug, ClapArgs)]
pub struct ConfigFile {
    /// Settings from this file [default: the next mailvet.toml]
    ///
    /// It is looked for from the files that are named upwards (where none are, from the working directory), as far as the
    /// root of the repository, which is the folder with .git in it. Arguments go before settings.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", global = true)]
    pub config: Option<PathBuf>,
    /// No settings from a file
    #[arg(long, global = true)]
    pub no_config: bool,
}

/// The arguments of a command that settings stand in for.
pub struct Settable<'a> {
    pub config: ConfigFile,
    /// The files from which the settings are looked for.
    pub files: Vec<PathBuf>,
    /// Are they two sides of a comparison? Then the first one that has settings decides; else all must have the same.
    pub are_sides: bool,
    pub lang: Option<&'a mut Lang>,
    pub fail_on: Option<&'a mut FailOn>,
    pub fail_on_new: Option<&'a mut FailOnNew>,
    pub judging: Option<&'a mut Judging>,
    pub sending: Option<&'a mut Sending>,
    pub receiving: Option<&'a mut Receiving>,
    /// Of commands that ask nobody anyway. Others ask no longer where they are given files, and settings shall not do that.
    pub world: Option<&'a mut World>,
    /// Of zone files, as are those of `world`.
    pub known: Option<&'a mut Known>,
    pub locking: Option<&'a mut Locking>,
}

impl Command {
    /// What settings of a file are for, if they are for anything.
    pub fn settable(&mut self) -> Option<Settable<'_>> {
        match self {
            Command::Check(check) => Some(Settable {
                sending: Some(&mut check.domains.sending),
                receiving: Some(&mut check.domains.receiving),
                ..Settable::of(&mut check.output, &[])
            }),
            Command::Zone(zone) => Some(Settable {
                known: Some(&mut zone.known),
                ..Settable::of(&mut zone.output, &[]).with_zones(&mut zone.zones)
            }),
            Command::Diff(diff) => Some(Settable {
                are_sides: true,
                lang: Some(&mut diff.lang),
                fail_on_new: Some(&mut diff.fail_on),
                judging: Some(&mut diff.judging),
                sending: Some(&mut diff.sending),
                receiving: Some(&mut diff.receiving),
                world: Some(&mut diff.world),
                // Where one side is DNS, the network is asked.
                locking: (!is_live(&diff.old) && !is_live(&diff.new)).then_some(&mut diff.locking),
                ..Settable::nothing(&diff.config, &[diff.new.clone(), diff.old.clone()])
            }),
            Command::Baseline(baseline) => Some({
                let judging = Some(&mut baseline.judging);
                let settable = Settable { judging, ..Settable::nothing(&baseline.config, &[]) };
                match &mut baseline.of {
                    BaselineOf::Zone(zones) => settable.with_zones(zones),
                    BaselineOf::Check(domains) => Settable {
                        sending: Some(&mut domains.sending),
                        receiving: Some(&mut domains.receiving),
                        ..settable
                    },
                }
            }),
            Command::Fix(fix) => Some({
                let (lang, fail_on, judging) = (Some(&mut fix.lang), Some(&mut fix.fail_on), Some(&mut fix.judging));
                Settable { lang, fail_on, judging, ..Settable::nothing(&fix.config, &[]) }.with_zones(&mut fix.zones)
            }),
            Command::Lock(lock) => Some({
                let lang = Some(&mut lock.lang);
                let settable = Settable::nothing(&lock.config, &[]).with_zones(&mut lock.zones);
                // It writes the lock.
                Settable { lang, locking: None, ..settable }
            }),
            Command::Snapshot(snapshot) => Some(Settable {
                sending: Some(&mut snapshot.sending),
                receiving: Some(&mut snapshot.receiving),
                ..Settable::nothing(&snapshot.config, &[])
            }),
            Command::Spf(spf) => Some(Settable::of(&mut spf.output, &spf.zone)),
            Command::Bounce(bounce) => Some(Settable::of(&mut bounce.output, &bounce.zone)),
            Command::Explain(_) | Command::Completions(_) | Command::Man(_) => None,
        }
    }
}

impl<'a> Settable<'a> {
    fn of(output: &'a mut Output, files: &[PathBuf]) -> Settable<'a> {
        let nothing = Settable::nothing(&output.config, files);
        Settable {
            lang: Some(&mut output.lang),
            fail_on: Some(&mut output.fail_on),
            judging: Some(&mut output.judging),
            ..nothing
        }
    }

    fn nothing(config: &ConfigFile, files: &[PathBuf]) -> Settable<'a> {
        Settable {
            config: config.clone(),
            files: files.to_vec(),
            are_sides: false,
            lang: None,
            fail_on: None,
            fail_on_new: None,
            judging: None,
            sending: None,
            receiving: None,
            world: None,
            known: None,
            locking: None,
        }
    }

    fn with_zones(self, zones: &'a mut Zones) -> Settable<'a> {
        Settable {
            files: zones.files.clone(),
            sending: Some(&mut zones.sending),
            receiving: Some(&mut zones.receiving),
            world: Some(&mut zones.world),
            locking: Some(&mut zones.locking),
            ..self
        }
    }
}

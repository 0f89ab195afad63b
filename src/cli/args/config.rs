//! The settings in a file, and which arguments they stand in for.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use mailvet::lang::Lang;

use super::Command;
use super::baseline::BaselineOf;
use super::choices::FailOn;
use super::shared::{Judging, Output, Receiving, Sending, World, Zones};

/// Which settings.
#[derive(Clone, Debug, ClapArgs)]
pub struct ConfigFile {
    /// Settings from this file [default: the next mailvet.toml]
    ///
    /// It is looked for from the files that are named upwards (where none are, from the working directory), as far as the
    /// root of the repository, which is the folder with .git in it. Arguments go before settings.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// No settings from a file
    #[arg(long)]
    pub no_config: bool,
}

/// The arguments of a command that settings stand in for.
pub struct Settable<'a> {
    pub config: ConfigFile,
    /// The files from which the settings are looked for.
    pub files: Vec<PathBuf>,
    pub lang: Option<&'a mut Lang>,
    pub fail_on: Option<&'a mut FailOn>,
    pub judging: Option<&'a mut Judging>,
    pub sending: Option<&'a mut Sending>,
    pub receiving: Option<&'a mut Receiving>,
    /// Of commands that ask nobody anyway. Others ask no longer where they are given files, and settings shall not do that.
    pub world: Option<&'a mut World>,
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
            Command::Zone(zone) => Some(Settable::of(&mut zone.output, &[]).with_zones(&mut zone.zones)),
            Command::Diff(diff) => Some(Settable {
                lang: Some(&mut diff.lang),
                judging: Some(&mut diff.judging),
                sending: Some(&mut diff.sending),
                receiving: Some(&mut diff.receiving),
                world: Some(&mut diff.world),
                ..Settable::nothing(&diff.config, &[diff.old.clone(), diff.new.clone()])
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
                Settable { lang, ..Settable::nothing(&lock.config, &[]) }.with_zones(&mut lock.zones)
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
            lang: None,
            fail_on: None,
            judging: None,
            sending: None,
            receiving: None,
            world: None,
        }
    }

    fn with_zones(self, zones: &'a mut Zones) -> Settable<'a> {
        Settable {
            files: zones.files.clone(),
            sending: Some(&mut zones.sending),
            receiving: Some(&mut zones.receiving),
            world: Some(&mut zones.world),
            ..self
        }
    }
}

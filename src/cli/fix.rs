//! `mailvet fix`.

use std::collections::HashMap;
use std::fs;
use std::io::IsTerminal as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use mailvet::dns::overlay::Overlay;
use mailvet::fix::{self, Checked, Mended, Texts, Wanted, serial};
use mailvet::report::{self, Format, Report, Style, printable};
use mailvet::zone::Zone;
use similar::TextDiff;

use crate::args::Fix;
use crate::clock::today;
use crate::exit::End;
use crate::files::is_standard_input;
use crate::zone::Behind;
use crate::{file, output, sources, zone};

/// Mends zone files.
pub fn run(args: &Fix) -> anyhow::Result<End> {
    if args.zones.files.iter().any(|path| is_standard_input(path)) {
        bail!("standard input cannot be mended: write the zone to a file, and name that");
    }
    let zones = zone::read(&args.zones)?;
    let originals = originals(&zones);
    let behind = Behind::of(&args.zones)?;
    // What others answered once, they need not be asked again for each trial.
    let world = behind.world(&args.zones.world)?;
    let mut could_tell = true;
    let mut check = |zones: Vec<Arc<Zone>>| -> anyhow::Result<Checked> {
        let dns = Overlay(zone::own(&zones), &world);
        let reports = zone::check_in(&dns, &behind, &zones, &args.zones, &args.judging, false)?;
        could_tell = !reports.iter().any(Report::could_not_tell);
        Ok(checked(zones, reports))
    };
    let before = check(zones.clone())?;
    let wanted = Wanted { only: args.only.clone(), add_missing: args.add_missing };
    let mut mended = fix::mend(before, &wanted, |texts| check(read_again(&zones, texts, args)?))?;
    if args.bump_serial && !mended.texts.is_empty() {
        mended.texts = with_serials(&zones, &mended)?;
        mended.checked = check(read_again(&zones, &mended.texts, args)?)?;
    }
    if args.write {
        write(&originals, &mended.texts)?;
    }
    let style = output::style(Format::Text, args.lang);
    let summary = report::write_mending(&mended, &wanted, args.write, Style { colour: false, ..style });
    output::print(&shown(patch(&originals, &mended.texts)))?;
    eprint!("{summary}");
    let fails = |severity| args.fail_on.severity().is_some_and(|least| severity >= least);
    let is_to_do = !args.write && !mended.texts.is_empty();
    Ok(match is_to_do || mended.left(&wanted).any(|(_, finding)| fails(finding.severity)) {
        true => End::Found,
        false if !could_tell => End::CouldNotTell,
        false => End::Fine,
    })
}

fn checked(zones: Vec<Arc<Zone>>, reports: Vec<Report>) -> Checked {
    let of = |report: Report| report.findings.into_iter().map(move |finding| (report.subject.clone(), finding));
    Checked { zones, findings: reports.into_iter().flat_map(of).collect() }
}

/// The texts of all files that the zones are made of, as they were read.
fn originals(zones: &[Arc<Zone>]) -> Texts {
    let sources = zones.iter().flat_map(|zone| zone.sources());
    sources.map(|source| (source.name.clone(), source.text.clone())).collect()
}

/// The zones with these texts in place of their files.
fn read_again(zones: &[Arc<Zone>], texts: &Texts, args: &Fix) -> anyhow::Result<Vec<Arc<Zone>>> {
    let by_path: HashMap<PathBuf, String> =
        texts.iter().filter_map(|(name, text)| Some((Path::new(name).canonicalize().ok()?, text.clone()))).collect();
    let form = (args.zones.input.map(Into::into), args.zones.origin.as_ref());
    let read = |zone: &Arc<Zone>| match zone.sources().iter().any(|source| texts.contains_key(&source.name)) {
        true => sources::read_again(zone, texts.get(&zone.source.name), &by_path, form).map(Arc::new),
        false => Ok(Arc::clone(zone)),
    };
    zones.iter().map(read).collect()
}

/// The texts, with the next serial number in those zones that change.
fn with_serials(zones: &[Arc<Zone>], mended: &Mended) -> anyhow::Result<Texts> {
    let today = today().replace('-', "").parse().context("no clock")?;
    let is_changed = |(old, new): &(&Arc<Zone>, &Arc<Zone>)| !Arc::ptr_eq(old, new);
    let mut edits = Vec::new();
    for (_, zone) in zones.iter().zip(&mended.checked.zones).filter(is_changed) {
        match serial::edit(zone, today) {
            Some(edit) => edits.push(edit),
            None => output::say(&format!("{}: no serial number to raise", zone.source.name)),
        }
    }
    Ok(fix::apply(&mended.texts, &edits))
}

/// What changes, as `git apply` and `patch -p1` take it.
fn patch(originals: &Texts, texts: &Texts) -> String {
    let diff = |(name, text): (&String, &String)| {
        let path = path_in_patch(name);
        let old = originals.get(name).map_or("", String::as_str);
        let diff = TextDiff::from_lines(old, text);
        diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
    };
    texts.iter().map(diff).collect()
}

/// A terminal gets no signs that steer it; whoever reads the patch gets it as it is.
fn shown(patch: String) -> String {
    let line = |line: &str| line.split('\t').map(printable).collect::<Vec<_>>().join("\t") + "\n";
    if std::io::stdout().is_terminal() { patch.lines().map(line).collect() } else { patch }
}

/// Without what a patch cannot say: a root, and folders that lead to themselves.
fn path_in_patch(name: &str) -> String {
    let parts = Path::new(name).components().filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    // A blank would end the name, but for a tab behind it.
    let end = if name.contains(' ') { "\t" } else { "" };
    parts.join("/") + end
}

/// Writes the files, if all of them are still as they were read.
fn write(originals: &Texts, texts: &Texts) -> anyhow::Result<()> {
    for name in texts.keys() {
        let bytes = fs::read(name).with_context(|| format!("cannot read {name}"))?;
        if std::str::from_utf8(&bytes).is_err() {
            bail!("{name} is not UTF-8: nothing is written; apply the patch by hand, or convert the file first");
        }
        if originals.get(name).map(String::as_bytes) != Some(&bytes) {
            bail!("{name} has changed since it was read: nothing is written; run the command again");
        }
    }
    for (name, text) in texts {
        file::replace(Path::new(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_patch() {
        assert_eq!(path_in_patch("./zones/contoso.zone"), "zones/contoso.zone");
        assert_eq!(path_in_patch("/srv/a b.zone"), "srv/a b.zone\t");
    }

    #[test]
    fn what_changed_in_between_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.zone");
        let name = path.to_string_lossy().into_owned();
        fs::write(&path, "new").expect("a file");
        let texts = |text: &str| Texts::from([(name.clone(), text.to_owned())]);
        assert!(write(&texts("old"), &texts("mended")).is_err());
        assert_eq!(fs::read(&path).expect("a file"), b"new");
        write(&texts("new"), &texts("mended")).expect("written");
        assert_eq!(fs::read(&path).expect("a file"), b"mended");
    }
}

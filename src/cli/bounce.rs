//! `mailvet bounce`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use mailvet::Judges;
use mailvet::bounce::{self, Bounce};
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::report::Report;
use mailvet::web::{self, Web};

use crate::args::{Bounce as BounceArgs, Output, World};
use crate::exit::End;
use crate::{output, sources};

/// No file is read beyond so many bytes.
const MAX_BYTES: u64 = bounce::LARGEST as u64;
/// No folder is looked into below so many others.
const MAX_DEPTH: usize = 8;

/// Explains bounces.
pub fn run(args: &BounceArgs) -> anyhow::Result<End> {
    let bounces = read_all(&args.files)?;
    let reports = match args.asks_dns() {
        false => bounces.into_iter().map(|(name, bounce)| mailvet::explain_bounce(name, bounce)).collect(),
        true => recheck(bounces, args)?,
    };
    output::finish(&reports, &args.output)
}

/// With the records of each sender, out of zone files, a snapshot, the network.
fn recheck(bounces: Vec<(String, Bounce)>, args: &BounceArgs) -> anyhow::Result<Vec<Report>> {
    let mut own = ZoneData::new();
    for path in &args.zone {
        let zone = sources::zone(path, None)?;
        if zone.origin.is_root() {
            bail!("{}: no $ORIGIN and no SOA record, so its domain is not known", path.display());
        }
        own.add(&zone);
    }
    let World { with, from, network, .. } = &args.world;
    let world =
        World { with: with.clone(), from: from.clone(), live: args.check || args.world.live, network: network.clone() };
    let recorded = sources::recorded(&world)?;
    let dns = Cache::new(Overlay(own, sources::world(&world, recorded.clone(), world.live)?));
    let live = world.live.then(|| sources::live_web(&dns, &world.network)).transpose()?;
    let web = web::Overlay(recorded, live);
    sources::wait(check_senders(&dns, &web, bounces, &args.output))
}

async fn check_senders<D: Dns, W: Web>(
    dns: &D,
    web: &W,
    bounces: Vec<(String, Bounce)>,
    output: &Output,
) -> Vec<Report> {
    let receivers = output.receivers.iter().copied().flatten().collect();
    let judges = Judges { senders: output.senders(), ..Judges::of(receivers) };
    let mut reports = Vec::new();
    for (name, bounce) in bounces {
        reports.push(mailvet::check_bounce(dns, web, name, bounce, &judges).await);
    }
    reports
}

fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, Bounce)>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { list(path, 0, &mut files)? } else { files.push(path.clone()) }
    }
    let mut bounces = Vec::new();
    for path in &files {
        let name = if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() };
        let read = bounce::read(&name, &read_file(path)?);
        let several = read.len() > 1;
        let numbered = |number: usize| if several { format!("{name} ({number})") } else { name.clone() };
        bounces.extend(read.into_iter().enumerate().map(|(index, bounce)| (numbered(index + 1), bounce)));
    }
    if bounces.is_empty() {
        bail!("nothing to read: name a mail (.eml), an mbox file, a folder of them, or `-` for standard input");
    }
    Ok(bounces)
}

/// The files of a folder and of those in it, by name; links and hidden files are left out.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let unreadable = || format!("cannot read {}", folder.display());
    let entries = std::fs::read_dir(folder).with_context(unreadable)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().with_context(unreadable)?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && depth < MAX_DEPTH && !is_hidden {
            list(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() && !is_hidden {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let unreadable = || format!("cannot read {}", path.display());
    if is_standard_input(path) {
        std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(unreadable)?;
    } else {
        let file = std::fs::File::open(path).with_context(unreadable)?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(unreadable)?;
    }
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{}: more than {} MB; split the mailbox", path.display(), MAX_BYTES >> 20);
    }
    // The format of Outlook's .msg files (MS-CFB section 2.2).
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        bail!("{}: this is an Outlook .msg file; save the mail as .eml, or paste its text", path.display());
    }
    Ok(bytes)
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

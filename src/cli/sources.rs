//! Where answers come from: the network, zone files, snapshots.

use std::collections::HashMap;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use mailvet::dns::Dns;
use mailvet::dns::built_in::BuiltIn;
use mailvet::dns::live::{Direct, Live, Settings};
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::name::Name;
use mailvet::smtp::cache::Cache;
use mailvet::smtp::live as smtp;
use mailvet::snapshot::Snapshot;
use mailvet::source::{Position, Source, SourceKind};
use mailvet::web::live as web;
use mailvet::zone::folder::{Folder, MAX_FILE_BYTES, decode, read_file};
use mailvet::zone::format::{self, Format};
use mailvet::zone::{Zone, master, write};

use crate::args::{Domains, Network, World};
use crate::files::{self, is_standard_input};

/// What standard input is called.
pub const STANDARD_INPUT: &str = "standard input";

/// The network.
pub fn live(network: &Network) -> anyhow::Result<Live> {
    let settings = Settings { servers: network.resolver.clone(), timeout: network.timeout, attempts: 2 };
    let live = Live::new(settings).context("no DNS server to ask; name one with --resolver ADDRESS")?;
    Ok(live.with_direct(Direct { allow_private: network.allow_private, ..Direct::default() }))
}

/// Web servers on the network, whose names this DNS knows.
pub fn live_web<D: Dns>(dns: D, network: &Network) -> anyhow::Result<web::Live<D>> {
    let (timeout, allow_private) = (network.timeout, network.allow_private);
    let settings = web::Settings { timeout, allow_private, extra_roots: Vec::new(), port: 443 };
    web::Live::new(dns, settings).context("HTTPS cannot be used")
}

/// Mail servers on the network, if they are to be asked.
pub fn live_smtp(args: &Domains) -> anyhow::Result<Option<Cache<smtp::Live>>> {
    let (timeout, allow_private) = (args.network.timeout, args.network.allow_private);
    let settings = smtp::Settings { timeout, allow_private, extra_roots: Vec::new(), port: args.smtp_port };
    let live = args.smtp.then(|| smtp::Live::new(settings)).transpose().context("TLS cannot be used")?;
    Ok(live.map(Cache::new))
}

/// A snapshot.
pub fn snapshot(path: &Path) -> anyhow::Result<Snapshot> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Snapshot::read(&text).with_context(|| path.display().to_string())
}

/// The zones of a file, or of standard input.
pub fn zones(path: &Path, format: Option<Format>, origin: Option<&Name>) -> anyhow::Result<Vec<Zone>> {
    if is_standard_input(path) {
        return zones_in(&standard_input()?, format, origin, None);
    }
    let path = &from_here(path);
    let unreadable = || format!("cannot read {}", path.display());
    zones_of(&read_file(path).with_context(unreadable)?, path, format, origin)
}

/// The zones of a file in a folder; nothing where it is none.
pub fn found_zones(path: &Path, format: Option<Format>, origin: Option<&Name>) -> anyhow::Result<Option<Vec<Zone>>> {
    let path = &from_here(path);
    let source = match read_file(path) {
        Ok(source) => source,
        Err(error) if error.kind() == ErrorKind::InvalidData => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    match format.or_else(|| Format::recognise(&source.text)) {
        Some(format) => zones_of(&source, path, Some(format), origin).map(Some),
        None => Ok(None),
    }
}

fn zones_of(
    source: &Arc<Source>,
    path: &Path,
    format: Option<Format>,
    origin: Option<&Name>,
) -> anyhow::Result<Vec<Zone>> {
    let folder = Folder::of(path).with_context(|| format!("cannot read {}", path.display()))?;
    zones_in(source, format, origin, Some(&folder))
}

/// The zones of a text. What it includes is read only where it stands in a folder.
pub fn zones_in(
    source: &Arc<Source>,
    format: Option<Format>,
    origin: Option<&Name>,
    folder: Option<&Folder>,
) -> anyhow::Result<Vec<Zone>> {
    format::read(source, format, origin, folder).map_err(|error| match error.position() {
        Some(Position { line, column }) => anyhow!("{}:{line}:{column}: {error}", source.name),
        None => anyhow!("{}: {error}", source.name),
    })
}

/// The zone anew, with this text in place of its own file, and those of `texts` in place of what it includes.
pub fn read_again(
    zone: &Zone,
    text: Option<&String>,
    texts: &HashMap<PathBuf, String>,
    (format, origin): (Option<Format>, Option<&Name>),
) -> anyhow::Result<Zone> {
    let (path, source) = (Path::new(&zone.source.name), &zone.source);
    let text = text.unwrap_or(&source.text);
    let folder = Folder::of(path).with_context(|| format!("cannot read {}", path.display()))?.with_texts(texts.clone());
    let source = Source::new(&source.name, text, source.kind);
    let zones = format::read(&source, format, origin, Some(&folder));
    let mut zones = zones.with_context(|| path.display().to_string())?.into_iter();
    zones.find(|read| read.origin == zone.origin).ok_or_else(|| anyhow!("{}: the zone is gone", path.display()))
}

/// The text that comes through standard input.
pub fn standard_input() -> anyhow::Result<Arc<Source>> {
    files::ask("write the zone");
    let mut bytes = Vec::new();
    let stdin = std::io::stdin();
    stdin.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        bail!("standard input: more than {} MiB", MAX_FILE_BYTES >> 20);
    }
    if bytes.trim_ascii().is_empty() {
        bail!("there is nothing on standard input");
    }
    Ok(Source::new(STANDARD_INPUT, decode(bytes), SourceKind::File))
}

/// A path below the working directory, from there: so that places in it mean something on another machine.
pub fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_path_buf()
}

/// Zone data of other people.
pub fn foreign(paths: &[impl AsRef<Path>]) -> anyhow::Result<ZoneData> {
    let mut data = ZoneData::new();
    for path in paths {
        for zone in zones(path.as_ref(), None, Some(&Name::root()))? {
            data.add_foreign(&Arc::new(zone));
        }
    }
    Ok(data)
}

/// The snapshot that stands behind the zone files, if there is one.
pub fn recorded(args: &World) -> anyhow::Result<Option<Arc<Snapshot>>> {
    Ok(args.from.as_deref().map(snapshot).transpose()?.map(Arc::new))
}

/// What answers behind the zone files: data of other people, then what was recorded, then the network if it is to be asked,
/// else what is built in.
pub fn world<R: Dns>(args: &World, recorded: R, live: bool) -> anyhow::Result<impl Dns + use<R>> {
    let last = if live { (Some(self::live(&args.network)?), None) } else { (None, Some(BuiltIn)) };
    Ok(Overlay(foreign(&args.with)?, Overlay(recorded, Overlay(last.0, last.1))))
}

/// A record that somebody wants to try out: all that is known of its domain.
pub fn tried(domain: &Name, record: &str) -> ZoneData {
    let line = format!("{} 0 IN TXT {}\n", domain.absolute(), write::txt_value(record));
    let source = Source::new("--record", line, SourceKind::Answer);
    let mut data = ZoneData::new();
    data.add_foreign(&Arc::new(master::read(&source, Some(&Name::root()), None)));
    data
}

/// Runs what waits for the network, on this thread.
pub fn wait<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    Ok(runtime.block_on(future))
}

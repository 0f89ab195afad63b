//! `mailvet bounce`.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::stream::{self, StreamExt as _};
use mailvet::bounce::{self, Bounce, Clues};
use mailvet::collect;
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::name::Name;
use mailvet::receivers::Recipient;
use mailvet::report::Report;
use mailvet::web::{self, Web};
use mailvet::{CheckedSender, Judges};

use crate::args::{Bounce as BounceArgs, Output, World};
use crate::exit::End;
use crate::files::{self, Input, called, is_standard_input};
use crate::output::Outputs;
use crate::{output, sources};

/// No file is read beyond so many bytes.
const MAX_BYTES: u64 = bounce::LARGEST as u64;
/// So many octets are read in one run: what was read stays in memory.
const MAX_TOTAL: usize = 1 << 30;
/// So many domains of recipients are looked up.
const MAX_DOMAINS: usize = 10_000;
/// So many senders are looked at at the same time.
const AT_ONCE: usize = 32;

const WHAT_TO_NAME: &str = "name a mail (.eml), an mbox file, a text with the reply in it, or a folder of these; \
                            or `mailvet bounce -` and paste the text";

/// Explains bounces. Without files, what comes through a pipe.
pub fn run(args: &BounceArgs) -> anyhow::Result<End> {
    let outputs = Outputs::of(&args.output)?;
    if let Some(unused) = args.for_dns().filter(|_| !args.asks_dns()) {
        bail!("{unused} is for what DNS shows, and DNS is not asked: add --check, or --zone or --from with a file");
    }
    let bounces = match args.files.as_slice() {
        [] if std::io::stdin().is_terminal() => bail!("which bounce? {WHAT_TO_NAME}"),
        [] => read_all(&[PathBuf::from("-")])?,
        files => read_all(files)?,
    };
    let reports = match args.asks_dns() {
        false => bounces.into_iter().map(|(name, bounce)| mailvet::explain_bounce(name, bounce)).collect(),
        true => recheck(bounces, args)?,
    };
    output::finish(&reports, &args.output, &outputs)
}

/// With the records of each sender, out of zone files, a snapshot, the network.
fn recheck(bounces: Vec<(String, Bounce)>, args: &BounceArgs) -> anyhow::Result<Vec<Report>> {
    let mut own = ZoneData::new();
    for path in &args.zone {
        for zone in sources::zones(path, None, None)? {
            if zone.origin.is_root() {
                bail!("{}: no $ORIGIN and no SOA record, so its domain is not known", path.display());
            }
            own.add(&Arc::new(zone));
        }
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

/// Each sender is checked once, however many bounces tell the same of it, and each domain of recipients is asked once.
async fn check_senders<D: Dns, W: Web>(
    dns: &D,
    web: &W,
    bounces: Vec<(String, Bounce)>,
    output: &Output,
) -> Vec<Report> {
    let receivers = output.judging.receivers.iter().copied().flatten().collect();
    let judges =
        Judges { senders: output.judging.senders(), draw_spf: output::draws_spf(output), ..Judges::of(receivers) };
    let routes = routes(dns, &bounces).await;
    let mut senders: Vec<Clues> = Vec::new();
    let mut places = Vec::new();
    for (_, bounce) in &bounces {
        let clues = clues(bounce, &routes);
        let known = senders.iter().position(|known| *known == clues);
        places.push(known.unwrap_or(senders.len()));
        if known.is_none() {
            senders.push(clues);
        }
    }
    let checking = stream::iter(&senders).map(|clues| mailvet::check_clues(dns, web, clues, &judges));
    let checked: Vec<Option<CheckedSender>> = checking.buffered(AT_ONCE).collect().await;
    let report = |((name, bounce), place): ((String, Bounce), usize)| match checked.get(place) {
        Some(Some(sender)) if bounce.kind.is_bounce() => {
            let recipients = of_bounce(&bounce, &routes).cloned().collect();
            sender.report_of(name, bounce, recipients)
        }
        _ => mailvet::explain_bounce(name, bounce),
    };
    bounces.into_iter().zip(places).map(report).collect()
}

/// Where mail goes for those recipients of whom the bounces do not tell it.
async fn routes<D: Dns>(dns: &D, bounces: &[(String, Bounce)]) -> Vec<Recipient> {
    let domains = bounces.iter().flat_map(|(_, bounce)| bounce.open_recipients()).collect::<BTreeSet<Name>>();
    let domains: Vec<Name> = domains.into_iter().take(MAX_DOMAINS).collect();
    collect::recipients::recipients(dns, &domains).await.into_iter().map(Recipient::new).collect()
}

fn of_bounce<'r>(bounce: &Bounce, routes: &'r [Recipient]) -> impl Iterator<Item = &'r Recipient> {
    // They are sorted by name.
    let find = |domain: Name| routes.binary_search_by(|route| route.seen.domain.cmp(&domain)).ok();
    bounce.open_recipients().into_iter().filter_map(find).filter_map(|place| routes.get(place))
}

/// What the bounce tells of the sender, with the receivers that DNS tells. Of what is no bounce nothing is asked.
fn clues(bounce: &Bounce, routes: &[Recipient]) -> Clues {
    if !bounce.kind.is_bounce() {
        return Clues::default();
    }
    let mut clues = bounce.clues();
    for receiver in of_bounce(bounce, routes).flat_map(Recipient::receivers) {
        if !clues.receivers.contains(&receiver) {
            clues.receivers.push(receiver);
        }
    }
    clues
}

/// Reads all files. One that was named has to be fit to be read; one that was found in a folder is passed over if not.
fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, Bounce)>> {
    let mut bounces = Vec::new();
    let mut total = 0;
    for Input { path, found } in files::named(paths)? {
        let bytes = match read_file(&path) {
            Ok(bytes) if found && is_binary(&bytes) => {
                pass_over(&format!("{}: this is no text", path.display()));
                continue;
            }
            Err(error) if found => {
                pass_over(&format!("{error:#}"));
                continue;
            }
            read => read?,
        };
        total += bytes.len();
        if total > MAX_TOTAL {
            bail!("more than {} MB in all: give fewer files at a time", MAX_TOTAL >> 20);
        }
        bounces.extend(read(&path, &bytes));
    }
    if bounces.is_empty() {
        bail!("nothing to read: {WHAT_TO_NAME}");
    }
    Ok(bounces)
}

/// All that is in a file: an mbox holds several.
fn read(path: &Path, bytes: &[u8]) -> impl Iterator<Item = (String, Bounce)> {
    let name = called(path);
    let read = bounce::read(&name, bytes);
    let several = read.len() > 1;
    let numbered = move |number: usize| if several { format!("{name} ({number})") } else { name.clone() };
    read.into_iter().enumerate().map(move |(index, bounce)| (numbered(index + 1), bounce))
}

fn pass_over(why: &str) {
    output::say(&format!("{why}; passed over"));
}

/// Is this no text? Mails that were broken on their way hold a NUL here and there, but not many.
fn is_binary(bytes: &[u8]) -> bool {
    let begin = &bytes[..bytes.len().min(8192)];
    let is_sign = |byte: &&u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b);
    bytes.starts_with(b"%PDF-") || begin.iter().filter(is_sign).count() * 20 > begin.len()
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let unreadable = || format!("cannot read {}", path.display());
    if is_standard_input(path) {
        files::ask("paste the bounce, or the reply in it");
        std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(unreadable)?;
    } else {
        let file = std::fs::File::open(path).with_context(unreadable)?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(unreadable)?;
    }
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{}: more than {} MB; split the mailbox", path.display(), MAX_BYTES >> 20);
    }
    if bytes.trim_ascii().is_empty() {
        bail!("{}: there is nothing in it; {WHAT_TO_NAME}", called(path));
    }
    // The format of Outlook's .msg files (MS-CFB section 2.2).
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        bail!("{}: this is an Outlook .msg file; save the mail as .eml, or paste its text", path.display());
    }
    Ok(bytes)
}

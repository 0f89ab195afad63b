//! `mailvet lock`, and the lock in use by `--locked`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
use std::time::SystemTime;

use anyhow::{Context as _, anyhow, bail};
use futures_util::stream::{self, StreamExt as _};
use mailvet::Judges;
use mailvet::collect::{self, Wanted, names};
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::recorder::Recorder;
use mailvet::dns::{Dns, Failure};
use mailvet::evaluate::answers;
use mailvet::report::{DomainChange, LockChanges, LockedAnswers, Report};
use mailvet::snapshot::Snapshot;
use mailvet::snapshot::lock::{Lock, NotHad, Renewed, Run};
use mailvet::web::{self, Web};
use mailvet::zone::Zone;
use mailvet::zone::folder::read_file;

use crate::args::{Lock as LockArgs, Zones};
use crate::check::AT_ONCE;
use crate::exit::End;
use crate::output::say;
use crate::{clock, file, output, recipients, sources, zone};

/// The name of a lock.
pub const FILE_NAME: &str = "mailvet.lock";

/// So many names are listed on standard error.
const MAX_NAMED: usize = 10;

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// Records what others answer.
pub fn run(args: &LockArgs) -> anyhow::Result<End> {
    if args.zones.locking.locked {
        bail!("`mailvet lock` writes the lock; --locked is for those that use it, such as `mailvet zone`");
    }
    let zones = zone::read(&args.zones)?;
    let path = place(&args.zones)?;
    let old = if path.exists() { read(&path)? } else { Lock::default() };
    file::check(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let run = ask(&zones, args, &old)?;
    let others: Vec<String> = old.other_zones(&run.zones).into_iter().map(ToString::to_string).collect();
    let renewed = old.renewed(run);
    let text = renewed.lock.write();
    if old.write() != text {
        file::replace(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if args.update {
        output::print(&changes(&zones, args, &old, &renewed)?.write(args.lang))?;
    }
    tell(&path, &renewed, &others);
    Ok(if renewed.failed.is_empty() { End::Fine } else { End::CouldNotTell })
}

/// Asks for all that the zones do not hold: the old lock first, unless all is asked anew.
fn ask(zones: &[Arc<Zone>], args: &LockArgs, old: &Lock) -> anyhow::Result<Run> {
    let world = &args.zones.world;
    let is_live = world.from.is_none() || world.live;
    let snapshot = sources::recorded(world)?;
    let network = is_live.then(|| sources::live(&world.network)).transpose()?.map(Cache::new);
    let (own, foreign) = (zone::own(zones), sources::foreign(&world.with)?);
    let outside = Overlay(&snapshot, network.as_ref());
    let kept = (!args.update).then(|| old.kept());
    let recorder = Recorder::new(Overlay(kept, &outside));
    let dns = Cache::new(Overlay(&own, Overlay(&foreign, &recorder)));
    // The address of a web server is no answer that a zone rests on.
    let dns_of_web = Overlay(&own, Overlay(&foreign, &outside));
    let live_web = is_live.then(|| sources::live_web(&dns_of_web, &world.network)).transpose()?;
    let web = web::recorder::Recorder::new(web::Overlay(kept, web::Overlay(snapshot.clone(), live_web)));
    let (known, recipients) = (args.zones.sending.known(), recipients::domains(&args.zones.receiving)?);
    let wanted: Vec<Wanted> = zones.iter().flat_map(|zone| names::mail_domains(zone, &known)).collect();
    sources::wait(async {
        let collecting = stream::iter(&wanted).map(|wanted| collect::collect(&dns, &web, wanted));
        collecting.buffered(AT_ONCE).for_each(async |_| ()).await;
        collect::recipients::recipients(&dns, &recipients).await;
    })?;
    let day = match &snapshot {
        // What a snapshot answers is as old as the snapshot.
        Some(snapshot) => day_of(snapshot).context("the snapshot does not tell when it was taken")?,
        None => today(&args.zones),
    };
    let zones: BTreeSet<_> = zones.iter().map(|zone| zone.origin.clone()).collect();
    Ok(Run { day, zones, answers: recorder.answers(), pages: web.pages(), anew: args.update })
}

/// What is different, and what it does to the zones as they are now: a term that is new in a zone is no change of others.
fn changes(zones: &[Arc<Zone>], args: &LockArgs, old: &Lock, renewed: &Renewed) -> anyhow::Result<LockChanges> {
    let answers: Vec<_> = renewed.changed.iter().filter_map(|(before, now)| answers::change(before, now)).collect();
    let pages = renewed.changed_pages.iter().map(ToString::to_string).collect();
    let is_same = renewed.changed.is_empty() && renewed.changed_pages.is_empty();
    let domains = if is_same {
        Vec::new()
    } else {
        let new = &renewed.lock;
        let before = judge(zones, &args.zones, Overlay(old, new), web::Overlay(old, new))?;
        DomainChange::between(&before, &judge(zones, &args.zones, new, new)?)
    };
    Ok(LockChanges { answers, pages, domains })
}

/// The findings of the zones, and their SPF records, with these answers behind them.
fn judge<D: Dns, W: Web>(zones: &[Arc<Zone>], args: &Zones, behind: D, web: W) -> anyhow::Result<Vec<Report>> {
    let dns = Cache::new(Overlay(zone::own(zones), Overlay(sources::foreign(&args.world.with)?, behind)));
    let judges = Judges { draw_spf: true, ..Judges::of(Vec::new()) };
    zone::check_offline(&dns, &web, zones, &args.sending.known(), &judges)
}

/// Says what was done, and what could not be.
fn tell(path: &Path, renewed: &Renewed, others: &[String]) {
    let Renewed { lock, added, dropped, untouched, failed, .. } = renewed;
    say(&format!("{}: answers {}, new {added}, dropped {dropped}", path.display(), lock.count()));
    if *untouched > 0 {
        let zones = listed(others);
        say(&format!(
            "answers kept for zones that were not named: {untouched} ({zones}); delete the file to start anew"
        ));
    }
    let line = |failed: &NotHad| match &failed.kept {
        Some(day) => format!("{}: {}; the answer of {day} stays", failed.what, failed.why),
        None => format!("{}: {}; `mailvet lock` asks again the next time", failed.what, failed.why),
    };
    failed.iter().take(MAX_NAMED).for_each(|failed| say(&line(failed)));
    if failed.len() > MAX_NAMED {
        say(&format!("not answered: {} more", failed.len() - MAX_NAMED));
    }
}

/// The first of them.
fn listed(names: &[String]) -> String {
    let more = if names.len() > MAX_NAMED { ", …" } else { "" };
    format!("{}{more}", names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", "))
}

/// A lock that answers a check, and what was asked of it.
pub struct InUse {
    path: PathBuf,
    lock: Arc<Lock>,
    pub dns: Recorder<Arc<Lock>>,
    pub web: web::recorder::Recorder<Arc<Lock>>,
    today: String,
    /// Of several checks with one lock, the first says what is missing.
    is_said: Once,
}

impl InUse {
    /// The lock that is asked for, if one is.
    pub fn of(args: &Zones) -> anyhow::Result<Option<InUse>> {
        if !args.locking.locked && args.locking.lock.is_none() {
            return Ok(None);
        }
        if args.world.live {
            bail!("--lock is for a check without the network: leave out --live");
        }
        let path = place(args)?;
        if !path.exists() {
            let files: Vec<_> = args.files.iter().map(|file| file.display().to_string()).collect();
            bail!("there is no {}: make one by `mailvet lock {}`", path.display(), files.join(" "));
        }
        let lock = Arc::new(read(&path)?);
        let (dns, web) = (Recorder::new(Arc::clone(&lock)), web::recorder::Recorder::new(Arc::clone(&lock)));
        Ok(Some(InUse { path, lock, dns, web, today: today(args), is_said: Once::new() }))
    }

    /// Says in the reports how old the answers are, and on standard error what the lock does not hold.
    pub fn tell(&self, reports: &mut [Report]) -> anyhow::Result<()> {
        let (answers, pages) = (self.dns.answers(), self.web.pages());
        let questions: Vec<_> = answers.iter().map(|answer| answer.question.clone()).collect();
        let urls: Vec<_> = pages.iter().map(|page| page.url.clone()).collect();
        let missing = answers.iter().filter(|answer| answer.failure() == Some(Failure::NotAsked));
        let missing = missing.map(|answer| answer.question.to_string());
        let missing_pages = pages.iter().filter(|page| page.failure() == Some(&web::Failure::NotAsked));
        let missing: Vec<String> = missing.chain(missing_pages.map(|page| page.url.to_string())).collect();
        let Some(oldest) = self.lock.oldest(&questions, &urls).or((!missing.is_empty()).then_some(self.lock.day()))
        else {
            return Ok(());
        };
        self.tell_missing(&missing);
        let locked = LockedAnswers {
            oldest: oldest.to_owned(),
            age: days_between(oldest, &self.today).with_context(|| self.path.display().to_string())?,
            is_complete: missing.is_empty(),
        };
        reports.iter_mut().for_each(|report| report.locked = Some(locked.clone()));
        Ok(())
    }

    fn tell_missing(&self, missing: &[String]) {
        if missing.is_empty() {
            return;
        }
        let said = format!(
            "{} is not up to date, answers that it lacks: {} ({}); run `mailvet lock` with the same arguments",
            self.path.display(),
            missing.len(),
            listed(missing)
        );
        self.is_said.call_once(|| say(&said));
    }
}

/// Where the lock is: where it is said to be, else the next one upwards of the first file. Where there is none, it belongs
/// in the folder of that file.
fn place(args: &Zones) -> anyhow::Result<PathBuf> {
    if let Some(path) = &args.locking.lock {
        return Ok(path.clone());
    }
    // Standard input, and the word for DNS, are no files.
    let first = args.files.iter().find(|file| file.exists()).map_or(Path::new("."), PathBuf::as_path);
    let own = file::folder_to_search(first).join(FILE_NAME);
    if own.exists() {
        return Ok(own);
    }
    Ok(file::upwards(first, FILE_NAME).map_or(own, |found| file::shown(&found)))
}

fn read(path: &Path) -> anyhow::Result<Lock> {
    let source = read_file(path).with_context(|| format!("cannot read {}", path.display()))?;
    Lock::read(&source.text).map_err(|error| match error.line() {
        Some(line) => anyhow!("{}:{line}: {error}", path.display()),
        None => anyhow!("{}: {error}", path.display()),
    })
}

fn day_of(snapshot: &Snapshot) -> Option<String> {
    let day = snapshot.taken_at.get(..10)?;
    start(day).ok().map(|_| day.to_owned())
}

fn today(args: &Zones) -> String {
    args.locking.today.clone().unwrap_or_else(clock::today)
}

/// How many days lie between; none where the second comes first.
fn days_between(first: &str, second: &str) -> anyhow::Result<u64> {
    let between = start(second)?.duration_since(start(first)?).unwrap_or_default();
    Ok(between.as_secs() / SECONDS_OF_A_DAY)
}

fn start(day: &str) -> anyhow::Result<SystemTime> {
    let time = humantime::parse_rfc3339(&format!("{day}T00:00:00Z"));
    time.with_context(|| format!("“{day}” is no day such as 2026-11-22"))
}

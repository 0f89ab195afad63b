//! `mailvet zone`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use mailvet::Judges;
use mailvet::collect::Knows;
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::report::{self, Report};
use mailvet::snapshot::Snapshot;
use mailvet::web::{self, Web};
use mailvet::zone::Zone;

use crate::args::{Judging, World, Zone as ZoneArgs, Zones};
use crate::exit::End;
use crate::files::{self, Input};
use crate::lock::InUse;
use crate::output::Outputs;
use crate::{baseline, output, recipients, sources};

/// Checks zone files.
pub fn run(args: &ZoneArgs) -> anyhow::Result<End> {
    let outputs = Outputs::of(&args.output)?;
    let baseline = args.known.baseline.as_deref().map(baseline::read).transpose()?;
    let zones = read(&args.zones)?;
    let mut reports = check(&zones, &args.zones, &args.output.judging, output::draws_spf(&args.output))?;
    baseline.iter().for_each(|baseline| baseline.apply(&mut reports));
    output::finish(&reports, &args.output, &outputs)
}

/// What answers behind zone files, beside other people's data and the network.
pub struct Behind {
    snapshot: Option<Arc<Snapshot>>,
    lock: Option<InUse>,
}

impl Behind {
    /// What the arguments ask for.
    pub fn of(args: &Zones) -> anyhow::Result<Behind> {
        Ok(Behind { snapshot: sources::recorded(&args.world)?, lock: InUse::of(args)? })
    }

    /// Puts a snapshot behind zones that have none.
    #[must_use]
    pub fn or(self, snapshot: &Arc<Snapshot>) -> Behind {
        Behind { snapshot: self.snapshot.or_else(|| Some(Arc::clone(snapshot))), ..self }
    }

    /// All that answers behind zones: data of other people, the snapshot, the lock, then with `--live` the network. What the
    /// zones themselves hold is found in them as fast as in a cache, which would hold it a second time.
    pub fn world(&self, world: &World) -> anyhow::Result<impl Dns> {
        let recorded = Overlay(self.snapshot.clone(), self.lock.as_ref().map(|lock| &lock.dns));
        Ok(Cache::new(sources::world(world, recorded, world.live)?))
    }
}

/// Checks zones: what they do not hold comes from `--with`, then `--from`, then the lock, then with `--live` the network.
pub fn check(zones: &[Arc<Zone>], args: &Zones, judging: &Judging, draw_spf: bool) -> anyhow::Result<Vec<Report>> {
    let behind = Behind::of(args)?;
    let dns = Overlay(own(zones), behind.world(&args.world)?);
    check_in(&dns, &behind, zones, args, judging, draw_spf)
}

/// Checks zones with these answers; pages come from what was recorded, then with `--live` from the network.
pub fn check_in<D: Dns>(
    dns: &D,
    behind: &Behind,
    zones: &[Arc<Zone>],
    args: &Zones,
    judging: &Judging,
    draw_spf: bool,
) -> anyhow::Result<Vec<Report>> {
    let live = args.world.live.then(|| sources::live_web(dns, &args.world.network)).transpose()?;
    let web = web::Overlay(behind.snapshot.clone(), web::Overlay(behind.lock.as_ref().map(|lock| &lock.web), live));
    let (known, recipients) = (args.sending.known(), recipients::domains(&args.receiving)?);
    let judges = async { Judges { draw_spf, ..recipients::judges(dns, &recipients, judging).await } };
    if !args.world.live {
        let judges = sources::wait(judges)?;
        let mut reports = check_offline(dns, &web, zones, &known, &judges)?;
        if let Some(lock) = &behind.lock {
            lock.tell(&mut reports)?;
        }
        return Ok(report::told_once(reports));
    }
    let reports = sources::wait(async {
        let judges = judges.await;
        let mut reports = Vec::new();
        for zone in zones {
            reports.extend(mailvet::check_zone(dns, &web, zone, &known, &judges).await);
        }
        reports
    });
    reports.map(report::told_once)
}

/// What the zones hold.
pub fn own(zones: &[Arc<Zone>]) -> ZoneData {
    let mut own = ZoneData::new();
    zones.iter().for_each(|zone| own.add(zone));
    own
}

/// Checks zones where nobody is waited for, so each core may have zones of its own.
pub fn check_offline<D: Dns, W: Web>(
    dns: &D,
    web: &W,
    zones: &[Arc<Zone>],
    known: &(impl Knows + Sync),
    judges: &Judges,
) -> anyhow::Result<Vec<Report>> {
    let check = |zone: &Arc<Zone>| sources::wait(mailvet::check_zone(dns, web, zone, known, judges));
    let reports = files::on_all_cores(zones, check).into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(reports.into_iter().flatten().collect())
}

/// The zones of all files, in their order.
pub fn read(args: &Zones) -> anyhow::Result<Vec<Arc<Zone>>> {
    let inputs = files::named(&args.files)?;
    let (format, origin) = (args.input.map(Into::into), args.origin.as_ref());
    let read = files::on_all_cores(&inputs, |input| match input.found {
        true => sources::found_zones(&input.path, format, origin),
        false => sources::zones(&input.path, format, origin).map(Some),
    });
    let (mut zones, mut passed_over) = (Vec::new(), Vec::new());
    for (input, read) in inputs.iter().zip(read) {
        match read {
            Ok(Some(read)) => zones.extend(read.into_iter().map(Arc::new)),
            Ok(None) => {
                passed_over.push((input, format!("{}: no zone in a format that is known", input.path.display())));
            }
            Err(error) if input.found => passed_over.push((input, format!("{error:#}"))),
            Err(error) => return Err(error),
        }
    }
    pass_over(&passed_over, &zones);
    if zones.is_empty() {
        bail!("there is no zone to check");
    }
    Ok(zones)
}

/// Says which files of a folder are not looked at, and why. What a zone includes is looked at there.
fn pass_over(files: &[(&Input, String)], zones: &[Arc<Zone>]) {
    if files.is_empty() {
        return;
    }
    let included = zones.iter().flat_map(|zone| zone.sources()).filter_map(|source| canonical(Path::new(&source.name)));
    let included: HashSet<PathBuf> = included.collect();
    let is_included = |input: &Input| canonical(&input.path).is_some_and(|path| included.contains(&path));
    for (_, why) in files.iter().filter(|(input, _)| !is_included(input)) {
        output::say(&format!("passed over {why}"));
    }
}

fn canonical(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

//! `mailvet zone`.

use std::sync::Arc;

use anyhow::bail;
use mailvet::Judges;
use mailvet::collect::Known;
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::report::{Report, printable};
use mailvet::snapshot::Snapshot;
use mailvet::web::{self, Web};
use mailvet::zone::Zone;

use crate::args::{Judging, World, Zone as ZoneArgs, Zones};
use crate::exit::End;
use crate::files;
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

/// Checks zones: what they do not hold comes from `--with`, then `--from`, then with `--live` the network.
pub fn check(zones: &[Arc<Zone>], args: &Zones, judging: &Judging, draw_spf: bool) -> anyhow::Result<Vec<Report>> {
    let recorded = sources::recorded(&args.world)?;
    let dns = Cache::new(answers(zones, &args.world, recorded.clone())?);
    check_in(&dns, recorded, zones, args, judging, draw_spf)
}

/// Zones, and what answers behind them.
pub fn answers(
    zones: &[Arc<Zone>],
    world: &World,
    recorded: Option<Arc<Snapshot>>,
) -> anyhow::Result<impl Dns + use<>> {
    let mut own = ZoneData::new();
    zones.iter().for_each(|zone| own.add(zone));
    Ok(Overlay(own, sources::world(world, recorded, world.live)?))
}

/// Checks zones with these answers; pages come from what was recorded, then with `--live` from the network.
pub fn check_in<D: Dns>(
    dns: &D,
    recorded: Option<Arc<Snapshot>>,
    zones: &[Arc<Zone>],
    args: &Zones,
    judging: &Judging,
    draw_spf: bool,
) -> anyhow::Result<Vec<Report>> {
    let live = args.world.live.then(|| sources::live_web(dns, &args.world.network)).transpose()?;
    let web = web::Overlay(recorded, live);
    let (known, recipients) = (args.sending.known(), recipients::domains(&args.receiving)?);
    let judges = async { Judges { draw_spf, ..recipients::judges(dns, &recipients, judging).await } };
    if !args.world.live {
        let judges = sources::wait(judges)?;
        return check_offline(dns, &web, zones, &known, &judges);
    }
    sources::wait(async {
        let judges = judges.await;
        let mut reports = Vec::new();
        for zone in zones {
            reports.extend(mailvet::check_zone(dns, &web, zone, &known, &judges).await);
        }
        reports
    })
}

/// Nobody is waited for, so each core may have zones of its own.
fn check_offline<D: Dns, W: Web>(
    dns: &D,
    web: &W,
    zones: &[Arc<Zone>],
    known: &Known,
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
    let mut zones = Vec::new();
    for (input, read) in inputs.iter().zip(read) {
        match read {
            Ok(Some(read)) => zones.extend(read.into_iter().map(Arc::new)),
            Ok(None) => pass_over(&format!("{}: no zone in a format that is known", input.path.display())),
            Err(error) if input.found => pass_over(&format!("{error:#}")),
            Err(error) => return Err(error),
        }
    }
    if zones.is_empty() {
        bail!("there is no zone to check");
    }
    Ok(zones)
}

/// Says which file of a folder is not looked at, and why.
fn pass_over(what: &str) {
    eprintln!("{}", printable(&format!("mailvet: passed over {what}")));
}

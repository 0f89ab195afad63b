//! `mailvet zone`.

use std::sync::Arc;

use anyhow::bail;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::web;

use crate::args::Zone as ZoneArgs;
use crate::exit::End;
use crate::output::Outputs;
use crate::{output, recipients, sources};

/// Checks zone files: what they do not hold comes from `--with`, then `--from`, then with `--live` the network.
pub fn run(args: &ZoneArgs) -> anyhow::Result<End> {
    let outputs = Outputs::of(&args.output)?;
    let mut own = ZoneData::new();
    let mut zones = Vec::new();
    for path in &args.files {
        let zone = sources::zone(path, args.origin.as_ref())?;
        if zone.origin.is_root() && args.origin.is_none() {
            bail!("{}: no $ORIGIN and no SOA record: name the zone with --origin DOMAIN", path.display());
        }
        own.add(&zone);
        zones.push(Arc::new(zone));
    }
    let recorded = sources::recorded(&args.world)?;
    let dns = Cache::new(Overlay(own, sources::world(&args.world, recorded.clone(), args.world.live)?));
    let live = args.world.live.then(|| sources::live_web(&dns, &args.world.network)).transpose()?;
    let web = web::Overlay(recorded, live);
    let (known, recipients) = (args.sending.known(), recipients::domains(&args.receiving)?);
    let reports = sources::wait(async {
        let judges = recipients::judges(&dns, &recipients, &args.output).await;
        let mut reports = Vec::new();
        for zone in &zones {
            reports.extend(mailvet::check_zone(&dns, &web, zone, &known, &judges).await);
        }
        reports
    })?;
    output::finish(&reports, &args.output, &outputs)
}

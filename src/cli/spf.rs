//! `mailvet spf`.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mailvet::collect::{self, Known, Wanted};
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::zone::ZoneData;
use mailvet::evaluate::check_host::{Evaluation, Request, check_host};
use mailvet::evaluate::flatten::flatten;
use mailvet::policy::Comments;
use mailvet::report::{Report, SpfReport};
use mailvet::rules;
use mailvet::web::Nobody;

use crate::args::Spf;
use crate::exit::End;
use crate::output::Outputs;
use crate::{output, sources};

/// Draws the tree, and judges an address if one is given.
pub fn run(args: &Spf) -> anyhow::Result<End> {
    let outputs = Outputs::of(&args.output)?;
    let tried = args.record.as_ref().map(|record| sources::tried(&args.domain, record));
    let mut own = ZoneData::new();
    let mut zones = Vec::new();
    for path in &args.zone {
        zones.extend(sources::zones(path, None, Some(&args.domain))?.into_iter().map(Arc::new));
    }
    zones.iter().for_each(|zone| own.add(zone));
    let world = &args.world;
    let offline = !args.zone.is_empty() || !world.with.is_empty() || world.from.is_some();
    let dns = Cache::new(Overlay(
        tried,
        Overlay(own, sources::world(world, sources::recorded(world)?, world.live || !offline)?),
    ));
    let report = sources::wait(report(&dns, args))?
        .held_to(&args.output.judging.policy, &Comments::of(zones.iter().map(|zone| &**zone)));
    output::finish(&[report], &args.output, &outputs)
}

async fn report<D: Dns>(dns: &D, args: &Spf) -> Report {
    let wanted = Wanted { only_spf: true, ..Wanted::domain(&args.domain, &Known::default()) };
    let evidence = collect::collect(dns, &Nobody, &wanted).await;
    let findings = rules::run(&evidence).into_iter().filter(|finding| is_about_spf(finding.id)).collect();
    let judged = match args.ip {
        Some(_) => judge(dns, args).await,
        None => None,
    };
    let flattened = args.flatten.then(|| flatten(&evidence.spf));
    let as_of = evidence.as_of();
    let spf = SpfReport { tree: evidence.spf, judged, flattened };
    Report { as_of, findings, spf: Some(spf), ..Report::empty(evidence.domain) }
}

async fn judge<D: Dns>(dns: &D, args: &Spf) -> Option<(Request, Evaluation)> {
    let domain = args.domain.to_string();
    let request = Request {
        ip: args.ip?,
        helo: args.helo.clone().unwrap_or_else(|| domain.clone()),
        sender: args.sender.clone().unwrap_or_else(|| format!("postmaster@{domain}")),
        receiver: String::new(),
        now: SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default(),
    };
    let evaluation = check_host(dns, &request).await;
    Some((request, evaluation))
}

fn is_about_spf(id: &str) -> bool {
    id.starts_with("spf-") || id.starts_with("dns-") || id == "zone-text-unquoted"
}

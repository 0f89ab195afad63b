//! `mailvet check` and `mailvet snapshot`.

use std::time::SystemTime;

use anyhow::bail;
use futures_util::stream::{self, StreamExt as _};
use mailvet::Judges;
use mailvet::collect::{self, Discovery, Wanted};
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::recorder::Recorder;
use mailvet::evidence::Who;
use mailvet::name::Name;
use mailvet::report::Report;
use mailvet::smtp::{self, Smtp};
use mailvet::snapshot::Snapshot;
use mailvet::web::{self, Web};

use crate::args::{Check, Output, Snapshot as SnapshotArgs};
use crate::exit::End;
use crate::output::Outputs;
use crate::{output, recipients, sources};

/// So many domains are looked at at the same time.
const AT_ONCE: usize = 32;

/// Checks domains.
pub fn run(args: &Check) -> anyhow::Result<End> {
    let outputs = Outputs::of(&args.output)?;
    let reports = match &args.from {
        None => {
            let dns = Cache::new(sources::live(&args.network)?);
            let web = sources::live_web(&dns, &args.network)?;
            let known = args.sending.known();
            let wanted = |domain| Wanted { authoritative: args.authoritative, ..Wanted::domain(domain, &known) };
            let wanted = args.domains.iter().map(wanted).collect();
            let recipients = recipients::domains(&args.receiving)?;
            check(&dns, &web, &sources::live_smtp(args)?, wanted, &recipients, &args.output)?
        }
        Some(path) => {
            let snapshot = sources::snapshot(path)?;
            let domains = if args.domains.is_empty() { &snapshot.domains } else { &args.domains };
            if domains.is_empty() {
                bail!("the snapshot names no domain: give the domains to check");
            }
            let mut known = args.sending.known();
            known.selectors.splice(0..0, snapshot.selectors.iter().cloned());
            if known.via.is_empty() {
                known.via = snapshot.via.iter().filter_map(|who| Who::read(who)).collect();
            }
            if args.sending.discovery.is_none() {
                known.discovery = snapshot.discovery.as_deref().and_then(Discovery::read).unwrap_or_default();
            }
            let mut recipients = recipients::domains(&args.receiving)?;
            if recipients.is_empty() {
                recipients.clone_from(&snapshot.recipients);
            }
            let wanted = domains.iter().map(|domain| Wanted::domain(domain, &known)).collect();
            check(&snapshot, &snapshot, &smtp::Nobody, wanted, &recipients, &args.output)?
        }
    };
    output::finish(&reports, &args.output, &outputs)
}

/// Records every answer about domains.
pub fn snapshot(args: &SnapshotArgs) -> anyhow::Result<End> {
    let recorder = Recorder::new(Cache::new(sources::live(&args.network)?));
    let web = web::recorder::Recorder::new(sources::live_web(&recorder, &args.network)?);
    let known = args.sending.known();
    let recipients = recipients::domains(&args.receiving)?;
    let wanted: Vec<Wanted> = args.domains.iter().map(|domain| Wanted::domain(domain, &known)).collect();
    sources::wait(async {
        let collecting = stream::iter(&wanted).map(|wanted| collect::collect(&recorder, &web, wanted));
        collecting.buffered(AT_ONCE).for_each(async |_| ()).await;
        collect::recipients::recipients(&recorder, &recipients).await;
    })?;
    let taken_at = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let mut snapshot = Snapshot::new(taken_at, args.domains.clone(), recorder.answers(), web.pages());
    snapshot.via = known.via.iter().map(Who::id).collect();
    snapshot.selectors = known.selectors;
    snapshot.discovery = Some(known.discovery.id().to_owned());
    snapshot.recipients = recipients;
    output::print(&snapshot.write())?;
    Ok(End::Fine)
}

fn check<D: Dns, W: Web, S: Smtp>(
    dns: &D,
    web: &W,
    smtp: &S,
    wanted: Vec<Wanted>,
    recipients: &[Name],
    output: &Output,
) -> anyhow::Result<Vec<Report>> {
    sources::wait(async {
        let judges = recipients::judges(dns, recipients, &output.judging).await;
        let judges = Judges { draw_spf: output::draws_spf(output), ..judges };
        let reports = stream::iter(&wanted).map(|wanted| mailvet::check(dns, web, smtp, wanted, &judges));
        reports.buffered(AT_ONCE).collect().await
    })
}

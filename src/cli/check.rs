//! `mailvet check` and `mailvet snapshot`.

use std::time::SystemTime;

use anyhow::bail;
use futures_util::stream::{self, StreamExt as _};
use mailvet::Judges;
use mailvet::collect::{self, Discovery, Knowledge, Knows as _, Wanted};
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::recorder::Recorder;
use mailvet::evidence::Who;
use mailvet::name::Name;
use mailvet::report::{self, Report};
use mailvet::smtp::{self, Smtp};
use mailvet::snapshot::Snapshot;
use mailvet::web::{self, Web};

use crate::args::{Check, Domains, Judging, Sending, Snapshot as SnapshotArgs};
use crate::exit::End;
use crate::output::Outputs;
use crate::{baseline, output, recipients, sources};

/// So many domains are looked at at the same time.
pub const AT_ONCE: usize = 32;

/// Checks domains.
pub fn run(args: &Check) -> anyhow::Result<End> {
    let outputs = Outputs::of(&args.output)?;
    let baseline = args.known.baseline.as_deref().map(baseline::read).transpose()?;
    let judging = &args.output.judging;
    let mut reports = check(&args.domains, judging, output::draws_spf(&args.output))?;
    baseline.iter().for_each(|baseline| baseline.apply(&mut reports));
    output::finish(&reports, &args.output, &outputs)
}

/// Checks domains on the network, or in a snapshot.
pub fn check(args: &Domains, judging: &Judging, draw_spf: bool) -> anyhow::Result<Vec<Report>> {
    match &args.from {
        None => {
            let dns = Cache::new(sources::live(&args.network)?);
            let web = sources::live_web(&dns, &args.network)?;
            let known = args.sending.known();
            let wanted =
                |domain| Wanted { authoritative: args.authoritative, ..Wanted::domain(domain, &known.of(domain)) };
            let wanted = args.domains.iter().map(wanted).collect();
            let recipients = recipients::domains(&args.receiving)?;
            check_all(&dns, &web, &sources::live_smtp(args)?, wanted, &recipients, judging, draw_spf)
        }
        Some(path) => {
            let snapshot = sources::snapshot(path)?;
            let domains = if args.domains.is_empty() { &snapshot.domains } else { &args.domains };
            if domains.is_empty() {
                bail!("the snapshot names no domain: give the domains to check");
            }
            let known = known_with(&args.sending, &snapshot);
            let mut recipients = recipients::domains(&args.receiving)?;
            if recipients.is_empty() {
                recipients.clone_from(&snapshot.recipients);
            }
            let wanted = domains.iter().map(|domain| Wanted::domain(domain, &known.of(domain))).collect();
            check_all(&snapshot, &snapshot, &smtp::Nobody, wanted, &recipients, judging, draw_spf)
        }
    }
}

/// What the user knows; where nothing is said, what was known when the snapshot was taken.
pub fn known_with(sending: &Sending, snapshot: &Snapshot) -> Knowledge {
    let mut knowledge = sending.known();
    let known = &mut knowledge.everywhere;
    known.selectors.splice(0..0, snapshot.selectors.iter().cloned());
    if known.via.is_empty() {
        known.via = snapshot.via.iter().filter_map(|who| Who::read(who)).collect();
    }
    if sending.discovery.is_none() {
        known.discovery = snapshot.discovery.as_deref().and_then(Discovery::read).unwrap_or_default();
    }
    knowledge
}

/// Records every answer about domains.
pub fn snapshot(args: &SnapshotArgs) -> anyhow::Result<End> {
    let recorder = Recorder::new(Cache::new(sources::live(&args.network)?));
    let web = web::recorder::Recorder::new(sources::live_web(&recorder, &args.network)?);
    let known = args.sending.known();
    let recipients = recipients::domains(&args.receiving)?;
    let wanted: Vec<Wanted> = args.domains.iter().map(|domain| Wanted::domain(domain, &known.of(domain))).collect();
    sources::wait(async {
        let collecting = stream::iter(&wanted).map(|wanted| collect::collect(&recorder, &web, wanted));
        collecting.buffered(AT_ONCE).for_each(async |_| ()).await;
        collect::recipients::recipients(&recorder, &recipients).await;
    })?;
    let taken_at = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let mut snapshot = Snapshot::new(taken_at, args.domains.clone(), recorder.answers(), web.pages());
    let known = known.everywhere;
    snapshot.via = known.via.iter().map(Who::id).collect();
    snapshot.selectors = known.selectors;
    snapshot.discovery = Some(known.discovery.id().to_owned());
    snapshot.recipients = recipients;
    output::print(&snapshot.write())?;
    Ok(End::Fine)
}

/// Checks what is wanted, with these answers.
pub fn check_all<D: Dns, W: Web, S: Smtp>(
    dns: &D,
    web: &W,
    smtp: &S,
    wanted: Vec<Wanted>,
    recipients: &[Name],
    judging: &Judging,
    draw_spf: bool,
) -> anyhow::Result<Vec<Report>> {
    let reports = sources::wait(async {
        let judges = Judges { draw_spf, ..recipients::judges(dns, recipients, judging).await };
        let reports = stream::iter(&wanted).map(|wanted| mailvet::check(dns, web, smtp, wanted, &judges));
        reports.buffered(AT_ONCE).collect().await
    });
    reports.map(report::told_once)
}

//! `mailvet diff`.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::stream::{self, StreamExt as _};
use mailvet::collect::{Knows as _, Wanted, names};
use mailvet::diff::{self, Checked, Diff, Records, Side};
use mailvet::dns::Dns;
use mailvet::dns::cache::Cache;
use mailvet::dns::overlay::Overlay;
use mailvet::dns::recorder::Recorder;
use mailvet::finding::Finding;
use mailvet::name::{Name, Question};
use mailvet::report::{self, Report};
use mailvet::smtp;
use mailvet::snapshot::Snapshot;
use mailvet::source::Source;
use mailvet::zone::Zone;
use mailvet::zone::folder::read_file;

use crate::args::{Diff as DiffArgs, Zones, is_live};
use crate::exit::End;
use crate::files::is_standard_input;
use crate::zone::Behind;
use crate::{check, output, recipients, sources, zone};

/// So many questions are open at the same time.
const AT_ONCE: usize = 32;

/// What a side is, before anything is asked.
enum Input {
    Zones(Vec<Arc<Zone>>),
    Snapshot(Arc<Snapshot>),
    Live,
}

/// Compares two sides.
pub fn run(args: &DiffArgs) -> anyhow::Result<End> {
    let (old_input, new_input) = inputs(args)?;
    let (old_name, new_name) = (name(&args.old), name(&args.new));
    let old = see(old_name.clone(), &old_input, &new_input, args)?;
    let new = see(new_name.clone(), &new_input, &old_input, args)?;
    // What to ask DNS for, the other side tells.
    let diff = match (old, new) {
        (Some(old), Some(new)) => diff::compare(&old, &new),
        (None, Some(new)) => diff::compare(&see_live(old_name, &new_input, &new, args)?, &new),
        (Some(old), None) => diff::compare(&old, &see_live(new_name, &old_input, &old, args)?),
        (None, None) => bail!("both sides are DNS: give a zone file or a snapshot as one of them"),
    };
    let style = output::style(report::Format::Text, args.lang);
    output::print(&report::diff::write(&diff, args.format.into(), args.all, style))?;
    Ok(end(&diff, args))
}

/// A new finding fails. That nobody answered is no fault of the records: then it could not be told.
fn end(diff: &Diff, args: &DiffArgs) -> End {
    let Some(least) = args.fail_on.severity() else { return End::Fine };
    let fails = |finding: &Finding| finding.severity >= least;
    let (unanswered, new): (Vec<&Finding>, Vec<&Finding>) =
        diff.new_findings().partition(|finding| finding.id == "dns-no-answer");
    if new.into_iter().any(fails) {
        End::Found
    } else if !unanswered.is_empty() || diff.untold_findings().any(fails) {
        End::CouldNotTell
    } else {
        End::Fine
    }
}

fn name(path: &Path) -> String {
    match path.to_str() {
        Some("-") => sources::STANDARD_INPUT.to_owned(),
        Some("live") => "DNS".to_owned(),
        _ => path.display().to_string(),
    }
}

/// Both sides. Where one is a text that does not tell which zone it is, it is that of the other.
fn inputs(args: &DiffArgs) -> anyhow::Result<(Input, Input)> {
    if is_standard_input(&args.old) && is_standard_input(&args.new) {
        bail!("both sides are standard input: give a file as one of them");
    }
    let read = |path: &Path, origin: Option<&Name>| match is_live(path) {
        true => Ok(Input::Live),
        false => input(path, args, origin),
    };
    let own = args.origin.as_ref();
    if is_standard_input(&args.old) {
        let new = read(&args.new, own)?;
        return Ok((read(&args.old, own.or(only_origin(&new)))?, new));
    }
    let old = read(&args.old, own)?;
    let new = read(&args.new, own.or(only_origin(&old).filter(|_| is_standard_input(&args.new))))?;
    Ok((old, new))
}

fn only_origin(input: &Input) -> Option<&Name> {
    match input {
        Input::Zones(zones) if zones.len() == 1 => zones.first().map(|zone| &zone.origin),
        _ => None,
    }
}

fn input(path: &Path, args: &DiffArgs, origin: Option<&Name>) -> anyhow::Result<Input> {
    let format = args.input.map(Into::into);
    if is_standard_input(path) {
        let source = sources::standard_input()?;
        if let Some(snapshot) = snapshot(&source)? {
            return Ok(snapshot);
        }
        let zones = sources::zones_in(&source, format, origin, None)?;
        return Ok(Input::Zones(zones.into_iter().map(Arc::new).collect()));
    }
    if !path.is_dir() {
        let source = read_file(path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(snapshot) = snapshot(&source)? {
            return Ok(snapshot);
        }
    }
    Ok(Input::Zones(zone::read(&of_files(args, &[path]))?))
}

fn snapshot(source: &Source) -> anyhow::Result<Option<Input>> {
    if !Snapshot::is_of_form(&source.text) {
        return Ok(None);
    }
    let snapshot = Snapshot::read(&source.text).with_context(|| source.name.clone())?;
    Ok(Some(Input::Snapshot(Arc::new(snapshot))))
}

/// The arguments of `mailvet zone` with these files.
fn of_files(args: &DiffArgs, files: &[&Path]) -> Zones {
    Zones {
        files: files.iter().map(|path| path.to_path_buf()).collect(),
        input: args.input,
        origin: args.origin.clone(),
        world: args.world.clone(),
        sending: args.sending.clone(),
        receiving: args.receiving.clone(),
        locking: args.locking.clone(),
    }
}

/// Looks at a file. Behind zone files stands the world of the other side, so that only their own records differ.
fn see(name: String, input: &Input, other: &Input, args: &DiffArgs) -> anyhow::Result<Option<Side>> {
    match input {
        Input::Zones(zones) => see_zones(name, zones, other, args).map(Some),
        Input::Snapshot(snapshot) => see_snapshot(name, snapshot, args).map(Some),
        Input::Live => Ok(None),
    }
}

fn see_zones(name: String, zones: &[Arc<Zone>], other: &Input, args: &DiffArgs) -> anyhow::Result<Side> {
    let mut of_zones = of_files(args, &[&args.new, &args.old]);
    of_zones.world.live |= matches!(other, Input::Live);
    let mut behind = Behind::of(&of_zones)?;
    if let Input::Snapshot(snapshot) = other {
        behind = behind.or(snapshot);
        let known = check::known_with(&args.sending, snapshot);
        (of_zones.sending.selectors, of_zones.sending.via) = (known.everywhere.selectors, known.everywhere.via);
    }
    let dns = Recorder::new(Overlay(zone::own(zones), behind.world(&of_zones.world)?));
    let reports = zone::check_in(&dns, &behind, zones, &of_zones, &args.judging, false)?;
    let mut records = Records::new();
    zones.iter().for_each(|zone| records.add_zone(zone));
    if let Input::Zones(others) = other
        && are_versions(zones, others, args)
    {
        others.iter().for_each(|zone| records.add_absent(zone));
    }
    records.note_asked(&dns.answers());
    Ok(side(name, reports, records))
}

/// Do both hold all zones of somebody, before a change and behind it? Two files about different zones are something else,
/// and so is a file beside a folder.
fn are_versions(zones: &[Arc<Zone>], others: &[Arc<Zone>], args: &DiffArgs) -> bool {
    let origins: HashSet<&Name> = zones.iter().map(|zone| &zone.origin).collect();
    args.old.is_dir() == args.new.is_dir() && others.iter().any(|zone| origins.contains(&zone.origin))
}

fn see_snapshot(name: String, snapshot: &Snapshot, args: &DiffArgs) -> anyhow::Result<Side> {
    let known = check::known_with(&args.sending, snapshot);
    let wanted = snapshot.domains.iter().map(|domain| Wanted::domain(domain, &known.of(domain))).collect();
    let recipients = recipients::domains(&args.receiving)?;
    let reports = check::check_all(snapshot, snapshot, &smtp::Nobody, wanted, &recipients, &args.judging, false)?;
    let mut records = Records::new();
    records.add_answers(snapshot.answers());
    Ok(side(name, reports, records))
}

/// Asks DNS for the mail domains of the other side, and for all of its records that matter for mail.
fn see_live(name: String, input: &Input, other: &Side, args: &DiffArgs) -> anyhow::Result<Side> {
    let dns = Recorder::new(Cache::new(sources::live(&args.world.network)?));
    let web = sources::live_web(&dns, &args.world.network)?;
    let recipients = recipients::domains(&args.receiving)?;
    let reports = check::check_all(&dns, &web, &smtp::Nobody, wanted(input, args), &recipients, &args.judging, false)?;
    let questions: BTreeSet<&Question> = other.records.of_mail().collect();
    sources::wait(stream::iter(questions).map(|question| dns.ask(question)).buffered(AT_ONCE).for_each(async |_| ()))?;
    let mut records = Records::live();
    records.add_answers(&dns.answers());
    Ok(side(name, reports, records))
}

/// What to look at in DNS: the domains of the other side, with the DKIM selectors that it knows.
fn wanted(input: &Input, args: &DiffArgs) -> Vec<Wanted> {
    match input {
        Input::Live => Vec::new(),
        Input::Snapshot(snapshot) => {
            let known = check::known_with(&args.sending, snapshot);
            snapshot.domains.iter().map(|domain| Wanted::domain(domain, &known.of(domain))).collect()
        }
        Input::Zones(zones) => {
            let known = args.sending.known();
            let domains = zones.iter().flat_map(|zone| names::mail_domains(zone, &known));
            let with_selectors = |wanted: Wanted| {
                let mut own = known.of(&wanted.domain);
                own.selectors.extend(wanted.zone_selectors.iter().cloned());
                Wanted { named: wanted.named, ..Wanted::domain(&wanted.domain, &own) }
            };
            domains.map(with_selectors).collect()
        }
    }
}

fn side(name: String, reports: Vec<Report>, records: Records) -> Side {
    let checked = |report: Report| Checked {
        domain: report.subject,
        findings: report.findings,
        verdicts: report.verdicts,
        in_zone: report.in_zone,
    };
    Side { name, checked: reports.into_iter().map(checked).collect(), records }
}

//! `mailvet baseline`, and what `--baseline` does.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use mailvet::baseline::Baseline;
use mailvet::name::Name;
use mailvet::report::{self, Report, printable};
use mailvet::zone::folder::read_file;

use crate::args::{Baseline as BaselineArgs, BaselineOf};
use crate::exit::End;
use crate::{check, file, output, zone};

/// Larger files are refused: no baseline is.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// So many findings that are gone are named.
const MAX_NAMED: usize = 10;

/// Records what is found now.
pub fn run(args: &BaselineArgs) -> anyhow::Result<End> {
    if let Some(into) = &args.into {
        file::check(into).with_context(|| format!("cannot write {}", into.display()))?;
    }
    let reports = match &args.of {
        BaselineOf::Zone(zones) => zone::check(&zone::read(zones)?, zones, &args.judging, false)?,
        BaselineOf::Check(domains) => check::check(domains, &args.judging, false)?,
    };
    let mut baseline = Baseline::default();
    reports.iter().for_each(|report| baseline.add(&report.subject, &report.findings));
    let text = report::escaped(&baseline.write());
    match &args.into {
        Some(into) => {
            file::replace(into, &text).with_context(|| format!("cannot write {}", into.display()))?;
            output::say(&format!("{}: {}", into.display(), number(baseline.len(), "finding")));
        }
        None => output::print(&text)?,
    }
    // What nobody answered may hide a finding: the baseline is not all that there is.
    Ok(if reports.iter().any(Report::could_not_tell) { End::CouldNotTell } else { End::Fine })
}

/// A baseline, and the file that it is from.
pub struct Known {
    path: PathBuf,
    baseline: Baseline,
}

/// Reads a baseline.
pub fn read(path: &Path) -> anyhow::Result<Known> {
    let unreadable = || format!("cannot read {}; `mailvet baseline` writes one", path.display());
    if path.metadata().with_context(unreadable)?.len() > MAX_BYTES {
        bail!("{}: a baseline may have {} MiB: make one for fewer zones", path.display(), MAX_BYTES >> 20);
    }
    let source = read_file(path).with_context(unreadable)?;
    let baseline = Baseline::read(&source.text).with_context(|| path.display().to_string())?;
    Ok(Known { path: path.to_path_buf(), baseline })
}

impl Known {
    /// Takes what is known out of what counts, and tells on standard error what is gone.
    pub fn apply(&self, reports: &mut [Report]) {
        let mut remaining = self.baseline.remaining();
        for report in reports.iter_mut() {
            remaining.waive(&report.subject, &mut report.findings);
            // What is known is nothing to do first.
            let findings = &report.findings;
            report.steps.retain(|step| {
                step.findings.iter().filter_map(|place| findings.get(*place)).any(mailvet::finding::Finding::counts)
            });
        }
        // Nothing is known to be gone where it was not looked for, or nobody answered.
        let mut told: HashMap<&Name, bool> = HashMap::new();
        for report in reports.iter() {
            *told.entry(&report.subject).or_insert(true) &= !report.could_not_tell();
        }
        let gone = remaining.not_found(|domain| told.get(domain).copied().unwrap_or(false));
        let gone: Vec<String> = gone.into_iter().map(|entry| format!("{}: {}", entry.domain, entry.title)).collect();
        self.tell(&gone);
    }

    fn tell(&self, gone: &[String]) {
        if !gone.is_empty() {
            let count = number(gone.len(), "finding");
            let path = self.path.display();
            output::say(&format!("{path}: {count} gone; write it anew with `mailvet baseline`:"));
        }
        gone.iter().take(MAX_NAMED).for_each(|line| eprintln!("  {}", printable(line)));
        if gone.len() > MAX_NAMED {
            eprintln!("  … +{}", gone.len() - MAX_NAMED);
        }
    }
}

fn number(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

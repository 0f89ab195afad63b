//! DMARC records at names where nobody looks for them.

use crate::dns::{Data, Record};
use crate::evidence::Evidence;
use crate::name::{Kind, Name};
use crate::near;
use crate::records::dmarc::Dmarc;
use crate::records::spf::Spf;
use crate::rules::dmarc::corrected::corrected;
use crate::zone::Txt;

/// Records that were meant as the domain's DMARC record, at other names than `_dmarc`.
pub(super) fn all(evidence: &Evidence) -> Vec<&Record> {
    let domain = &evidence.domain;
    let apex = evidence.spf.own().answer.records().iter().filter(|record| is_dmarc(record));
    let nearby = evidence.nearby().filter(|record| match record.kind {
        Kind::TXT => is_dmarc(record) && (is_doubled(&record.owner, domain) || is_misspelt(&record.owner, domain)),
        Kind::CNAME => is_doubled(&record.owner, domain),
        _ => false,
    });
    apex.chain(nearby).collect()
}

/// What to publish at the right name: nothing where the records contradict each other.
pub(super) fn value(strays: &[&Record]) -> Option<(Kind, String)> {
    let mut values = strays.iter().map(|record| match &record.data {
        Data::Cname(target) => Some((Kind::CNAME, target.to_string())),
        _ => record.txt().and_then(|txt| corrected(&txt.value)).map(|value| (Kind::TXT, value)),
    });
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

/// Is the target of a CNAME the text of a DMARC record?
pub(super) fn holds_record(alias: &Record) -> bool {
    alias.target().is_some_and(|target| target.as_str().contains("v=dmarc"))
}

fn is_dmarc(record: &Record) -> bool {
    let holds_version = |txt: &Txt| txt.value.to_ascii_lowercase().contains("v=dmarc");
    // DMARC at the end of an SPF record is that record's fault: it is not to be deleted, nor published elsewhere.
    record.txt().is_some_and(|txt| Dmarc::read(txt).is_some() || (holds_version(txt) && Spf::read(txt).is_none()))
}

/// `_dmarc.example.com.example.com`, `example.com._dmarc.example.com`.
fn is_doubled(owner: &Name, domain: &Name) -> bool {
    let labels = owner.below(domain);
    labels.is_some_and(|labels| {
        [format!("_dmarc.{domain}"), format!("dmarc.{domain}"), format!("{domain}._dmarc")].iter().any(|l| l == labels)
    })
}

/// `dmarc`, `__dmarc`, `_dmarc_`, `_dmark`: one label that is nearly the right one.
fn is_misspelt(owner: &Name, domain: &Name) -> bool {
    owner.below(domain).is_some_and(|label| !label.contains('.') && near::is_slip_of_label(label, "_dmarc"))
}

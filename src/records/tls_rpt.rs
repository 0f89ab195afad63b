//! The TLS reporting record (RFC 8460 section 3).

use std::ops::Range;
use std::sync::Arc;

use crate::records::dmarc::{ReportUriKind, report_uri};
use crate::records::tags::{Tag, TagList};
use crate::records::version_word;
use crate::zone::Txt;

/// A TLS reporting record: a text that begins with the version `v=TLSRPTv1;`.
#[derive(Clone, Debug)]
pub struct TlsRpt {
    /// The text.
    pub txt: Arc<Txt>,
    /// Its fields, the version among them.
    pub tags: TagList,
}

/// An address in `rua`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is.
    pub kind: DestinationKind,
}

/// What an address in `rua` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DestinationKind {
    /// `mailto:` with an address: its domain.
    Mail(String),
    /// An `https` URL.
    Https,
    /// A URI of another scheme: no report is sent there.
    Foreign,
    /// Not a URI.
    Broken,
}

impl TlsRpt {
    /// Reads a text that is a TLS reporting record; nothing if it is none.
    ///
    /// RFC 8460 section 3: `tlsrpt-version = %s"v=TLSRPTv1"`, behind which `*WSP ";"` follows: "records that do not begin
    /// with "v=TLSRPTv1;" are discarded". A version alone is taken for a record that lacks the rest.
    pub fn read(txt: &Arc<Txt>) -> Option<TlsRpt> {
        let rest = txt.value.strip_prefix("v=TLSRPTv1")?.trim_start_matches([' ', '\t']);
        (rest.is_empty() || rest.starts_with(';'))
            .then(|| TlsRpt { txt: Arc::clone(txt), tags: TagList::read(&txt.value) })
    }

    /// The fields behind the version.
    pub fn fields(&self) -> &[Tag] {
        self.tags.tags.get(1..).unwrap_or_default()
    }

    /// The `rua` fields; the case of the name counts, and there may be several.
    ///
    /// RFC 8460 section 3: `tlsrpt-record = tlsrpt-version 1*(field-delim tlsrpt-field) [field-delim]`, where a
    /// `tlsrpt-field` is `tlsrpt-rua` or an extension.
    pub fn rua(&self) -> impl Iterator<Item = &Tag> {
        self.fields().iter().filter(|tag| tag.value.is_some() && self.tags.name(tag) == "rua")
    }

    /// The addresses of all `rua` fields, without empty ones.
    pub fn destinations(&self) -> Vec<Destination> {
        let values = self.rua().filter_map(|tag| tag.value.clone());
        values.flat_map(|value| destinations(&self.txt.value, value)).collect()
    }
}

/// RFC 8460 section 3: `tlsrpt-rua = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)`.
fn destinations(text: &str, value: Range<usize>) -> Vec<Destination> {
    let mut start = value.start;
    let mut found = Vec::new();
    for part in text[value].split(',') {
        let from = start + (part.len() - part.trim_start().len());
        let range = from..from + part.trim().len();
        start += part.len() + 1;
        if !range.is_empty() {
            found.push(Destination { kind: kind(&text[range.clone()]), range });
        }
    }
    found
}

fn kind(text: &str) -> DestinationKind {
    let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    match (report_uri(text), scheme.as_str()) {
        (ReportUriKind::Mail { domain, .. }, _) => DestinationKind::Mail(domain),
        (ReportUriKind::Other, "https") => DestinationKind::Https,
        (ReportUriKind::Other, _) => DestinationKind::Foreign,
        (ReportUriKind::Broken, _) => DestinationKind::Broken,
    }
}

/// Was a text at `_smtp._tls` meant as a TLS reporting record, although it is none? Gives the place of the failed version.
pub fn lookalike(value: &str) -> Option<Range<usize>> {
    let lower = value.to_ascii_lowercase();
    let (place, word, version) = version_word(&lower);
    let near = strsim::osa_distance(version, "tlsrptv1") <= 2;
    let within = lower.contains("tlsrpt") && !lower.starts_with("v=spf1") && lower.contains("rua");
    let only_addresses = lower.starts_with(word) && word.starts_with("rua=");
    (near || within || only_addresses).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::txt;

    #[test]
    fn what_is_a_record() {
        for value in ["v=TLSRPTv1;rua=mailto:a@b.test", "v=TLSRPTv1 ; rua=mailto:a@b.test", "v=TLSRPTv1"] {
            assert!(TlsRpt::read(&txt(value)).is_some(), "{value}");
        }
        for value in [
            "v=TLSRPTV1; rua=mailto:a@b.test",
            "v=TLSRPT1; rua=mailto:a@b.test",
            "v=TLSRPTv1, rua=mailto:a@b.test",
            "V=TLSRPTv1; rua=mailto:a@b.test",
            "\"v=TLSRPTv1; rua=mailto:a@b.test\"",
            "v=TLSRPTv1 rua=mailto:a@b.test",
            "rua=mailto:a@b.test",
        ] {
            assert!(TlsRpt::read(&txt(value)).is_none(), "{value}");
            assert!(lookalike(value).is_some(), "{value}");
        }
        for value in ["v=STSv1; id=1", "v=DMARC1; p=none; rua=mailto:a@b.test", "v=spf1 -all", ""] {
            assert_eq!(lookalike(value), None, "{value}");
        }
    }

    #[test]
    fn destinations_of_all_fields() {
        let text =
            "v=TLSRPTv1; rua=mailto:a@b.test ,https://c.test/v1,; rua=http://d.test/, e@f.test; ruf=mailto:x@y.test";
        let record = TlsRpt::read(&txt(text)).expect("a record");
        let all = record.destinations();
        let kinds: Vec<&DestinationKind> = all.iter().map(|destination| &destination.kind).collect();
        let mail = DestinationKind::Mail("b.test".into());
        assert_eq!(kinds, [&mail, &DestinationKind::Https, &DestinationKind::Foreign, &DestinationKind::Broken]);
        assert_eq!(&text[all[3].range.clone()], "e@f.test");
    }
}

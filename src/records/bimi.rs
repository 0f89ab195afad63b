//! The BIMI assertion record (draft-brand-indicators-for-message-identification). There is no RFC.

use std::ops::Range;
use std::sync::Arc;

use crate::records::tags::{Tag, TagList};
use crate::records::version_word;
use crate::zone::Txt;

/// A BIMI record: a text that begins with the version `v=BIMI1`.
#[derive(Clone, Debug)]
pub struct Bimi {
    /// The text.
    pub txt: Arc<Txt>,
    /// Its tags, the version among them.
    pub tags: TagList,
}

/// The tags of the draft.
pub const TAGS: [&str; 5] = ["v", "l", "a", "avp", "lps"];

impl Bimi {
    /// Reads a text that is a BIMI record; nothing if it is none.
    ///
    /// The draft, section "Assertion Record Definition": the version must be the first tag, and its value "MUST match
    /// precisely; if it does not match or it is absent, the entire retrieved record MUST be ignored".
    pub fn read(txt: &Arc<Txt>) -> Option<Bimi> {
        let rest = txt.value.trim_start_matches([' ', '\t']).strip_prefix(['v', 'V'])?.trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix('=')?.trim_start_matches([' ', '\t']).strip_prefix("BIMI1")?;
        let ends = rest.trim_start_matches([' ', '\t']);
        (ends.is_empty() || ends.starts_with(';'))
            .then(|| Bimi { txt: Arc::clone(txt), tags: TagList::read(&txt.value) })
    }

    /// Where the image is: the value of `l`, and its place. Nothing where it is empty or missing.
    pub fn image(&self) -> Option<(&str, Range<usize>)> {
        self.url("l")
    }

    /// Where the certificate is: the value of `a`, and its place. Nothing where it is empty or missing.
    pub fn certificate(&self) -> Option<(&str, Range<usize>)> {
        self.url("a")
    }

    fn url(&self, tag: &str) -> Option<(&str, Range<usize>)> {
        let tag = self.tags.find(tag)?;
        let text = self.tags.value_of(tag);
        (!text.is_empty()).then(|| (text, self.tags.value_range(tag)))
    }

    /// The tags behind the version.
    pub fn fields(&self) -> &[Tag] {
        self.tags.tags.get(1..).unwrap_or_default()
    }

    /// Does the owner say that no image is to be shown: `l` is there, and empty, and there is no certificate? With
    /// `lps=true` that holds for the default alone.
    pub fn is_declined(&self) -> bool {
        self.tags.value("l") == Some("") && self.certificate().is_none()
    }
}

/// Was a text at a BIMI name meant as its record, although it is none? Gives the place of the failed version.
pub fn lookalike(value: &str) -> Option<Range<usize>> {
    let lower = value.to_ascii_lowercase();
    let (place, word, version) = version_word(&lower);
    let near = strsim::osa_distance(version, "bimi1") <= 1 || version.starts_with("bimi");
    let within = lower.contains("bimi1") && lower.contains("l=");
    let only_image = lower.starts_with(word) && word == "l=https";
    (near || within || only_image).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::txt;

    #[test]
    fn what_is_a_record() {
        for value in ["v=BIMI1; l=https://b.test/l.svg", "v = BIMI1;l=;a=;", "v=BIMI1"] {
            assert!(Bimi::read(&txt(value)).is_some(), "{value}");
        }
        for value in [
            "v=bimi1; l=https://b.test/l.svg",
            "v=BIMI; l=https://b.test/l.svg",
            "v=BIMI2; l=https://b.test/l.svg",
            "v=BIMI1 l=https://b.test/l.svg",
            "l=https://b.test/l.svg; v=BIMI1",
            "l=https://b.test/l.svg",
            "\"v=BIMI1; l=\"",
        ] {
            assert!(Bimi::read(&txt(value)).is_none(), "{value}");
            assert!(lookalike(value).is_some(), "{value}");
        }
        for value in ["v=spf1 -all", "v=DKIM1; p=AAAA", "", "v=STSv1; id=1"] {
            assert_eq!(lookalike(value), None, "{value}");
        }
    }

    #[test]
    fn declined_is_not_incomplete() {
        let read = |value| Bimi::read(&txt(value)).expect("a record");
        assert!(read("v=BIMI1; l=; a=;").is_declined());
        assert!(read("v=BIMI1; l=; lps=true").is_declined());
        assert!(!read("v=BIMI1; a=;").is_declined());
        assert!(!read("v=BIMI1; l=; a=https://b.test/c.pem").is_declined());
        assert_eq!(read("v=BIMI1; L=https://b.test/l.svg").image().map(|(url, _)| url), Some("https://b.test/l.svg"));
    }
}

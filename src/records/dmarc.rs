//! The DMARC record (RFC 9989 sections 4.7 and 4.8).

use std::ops::Range;
use std::sync::Arc;

use crate::records::tags::{Tag, TagList};
use crate::records::version_word;
use crate::zone::Txt;

/// A DMARC record: a text that begins with the version `v=DMARC1`.
#[derive(Clone, Debug)]
pub struct Dmarc {
    /// The text.
    pub txt: Arc<Txt>,
    /// Its tags, the version among them.
    pub tags: TagList,
}

/// What the owner of a domain asks receivers to do with mail that fails (RFC 9989 section 4.7, tag "p").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    None,
    Quarantine,
    Reject,
}

/// How near the domain of SPF or DKIM must be to that of the From field (RFC 9989 section 4.7, "adkim" and "aspf").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// Of the same organizational domain.
    Relaxed,
    /// The same domain.
    Strict,
}

/// What a record says of its domain (RFC 9989 section 4.7, "psd").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Psd {
    /// It is a public suffix.
    Yes,
    /// It is an organizational domain.
    No,
    /// It does not say.
    Unknown,
}

/// One address of `rua` or `ruf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportUri {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ReportUriKind,
}

/// What a report address is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportUriKind {
    /// `mailto:` with an address: local part and domain.
    Mail { local: String, domain: String },
    /// A URI of another scheme: valid, but receivers need not support it.
    Other,
    /// Not a URI.
    Broken,
}

/// The tags of RFC 9989 section 4.7, and those that it removed (RFC 7489 section 6.3).
pub const TAGS: [&str; 14] = ["v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "psd", "t", "pct", "rf", "ri"];

impl Dmarc {
    /// Reads a text that is a DMARC record; nothing if it is none.
    ///
    /// RFC 9989 section 4.8: `dmarc-version = "v" equals %s"DMARC1"`: the version comes first, and its case counts.
    pub fn read(txt: &Arc<Txt>) -> Option<Dmarc> {
        let rest = txt.value.strip_prefix(['v', 'V'])?.trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix('=')?.trim_start_matches([' ', '\t']).strip_prefix("DMARC1")?;
        let ends = rest.trim_start_matches([' ', '\t']);
        (ends.is_empty() || ends.starts_with(';'))
            .then(|| Dmarc { txt: Arc::clone(txt), tags: TagList::read(&txt.value) })
    }

    /// The policy that a tag (`p`, `sp`, `np`) names: nothing without the tag, an error with a value that is none.
    ///
    /// # Errors
    /// The tag whose value is no policy.
    pub fn policy(&self, tag: &str) -> Result<Option<Policy>, &Tag> {
        match self.tags.find(tag) {
            None => Ok(None),
            Some(tag) => Policy::read(self.tags.value_of(tag)).map(Some).ok_or(tag),
        }
    }

    /// The policy that receivers act on for the domain itself; nothing if they act as if there were no record.
    ///
    /// RFC 9989 section 4.10.1: without a valid "p", or with an "sp" or "np" that is not valid, the record counts as
    /// "p=none" where at least one valid aggregate report address is there; otherwise no DMARC is applied.
    pub fn effective_policy(&self) -> Option<Policy> {
        self.first_policy(&["p"])
    }

    /// The policy that receivers act on for existing sub-domains without a record of their own.
    ///
    /// RFC 9989 section 4.7, "sp": it stands in for "p" where it is there.
    pub fn effective_subdomain_policy(&self) -> Option<Policy> {
        self.first_policy(&["sp", "p"])
    }

    /// The policy that receivers act on for names below the domain that do not exist.
    ///
    /// RFC 9989 section 4.7, "np": without it "sp" counts, and without that "p".
    pub fn effective_nonexistent_policy(&self) -> Option<Policy> {
        self.first_policy(&["np", "sp", "p"])
    }

    /// What receivers do about mail for which this policy applies.
    ///
    /// RFC 9989 section 4.7, "t": with "t=y" the policy is applied one level below. Receivers that follow RFC 7489 do
    /// not know the tag, and apply the policy as it stands.
    pub fn handled_as(&self, policy: Policy) -> Policy {
        if self.is_testing() { policy.milder() } else { policy }
    }

    /// Is the record in test mode (`t=y`)?
    pub fn is_testing(&self) -> bool {
        self.tags.value("t").is_some_and(|value| value.eq_ignore_ascii_case("y"))
    }

    /// The alignment that a tag (`adkim`, `aspf`) asks for; anything but `s` is relaxed.
    pub fn alignment(&self, tag: &str) -> Alignment {
        match self.tags.value(tag) {
            Some(value) if value.eq_ignore_ascii_case("s") => Alignment::Strict,
            _ => Alignment::Relaxed,
        }
    }

    /// What the record says of its domain.
    pub fn psd(&self) -> Psd {
        match self.tags.value("psd").map(str::to_ascii_lowercase).as_deref() {
            Some("y") => Psd::Yes,
            Some("n") => Psd::No,
            _ => Psd::Unknown,
        }
    }

    fn first_policy(&self, tags: &[&str]) -> Option<Policy> {
        let broken = ["p", "sp", "np"].iter().any(|tag| self.policy(tag).is_err());
        match self.policy("p") {
            Ok(Some(_)) if !broken => tags.iter().find_map(|tag| self.policy(tag).ok().flatten()),
            _ if self.has_report_address() => Some(Policy::None),
            _ => None,
        }
    }

    /// Is there an aggregate report address that is a URI?
    pub fn has_report_address(&self) -> bool {
        self.report_uris("rua").iter().any(|uri| uri.kind != ReportUriKind::Broken)
    }

    /// The addresses of a tag (`rua`, `ruf`).
    pub fn report_uris(&self, tag: &str) -> Vec<ReportUri> {
        let Some(value) = self.tags.find(tag).and_then(|tag| tag.value.clone()) else { return Vec::new() };
        let text = &self.txt.value[value.clone()];
        let mut start = value.start;
        text.split(',')
            .map(|part| {
                let from = start + (part.len() - part.trim_start().len());
                let range = from..from + part.trim().len();
                start += part.len() + 1;
                ReportUri { kind: report_uri(&self.txt.value[range.clone()]), range }
            })
            .collect()
    }
}

impl Policy {
    /// Reads `none`, `quarantine` or `reject`; case does not matter.
    pub fn read(text: &str) -> Option<Policy> {
        let all = [Policy::None, Policy::Quarantine, Policy::Reject];
        all.into_iter().find(|policy| policy.as_str().eq_ignore_ascii_case(text))
    }

    /// One level below.
    pub fn milder(self) -> Policy {
        match self {
            Policy::Reject => Policy::Quarantine,
            Policy::Quarantine | Policy::None => Policy::None,
        }
    }

    /// The word in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Policy::None => "none",
            Policy::Quarantine => "quarantine",
            Policy::Reject => "reject",
        }
    }
}

/// What a report address is.
pub fn report_uri(text: &str) -> ReportUriKind {
    let Some((scheme, rest)) = text.split_once(':') else { return ReportUriKind::Broken };
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let graphic = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte));
    if !scheme_fits || !graphic || rest.is_empty() {
        return ReportUriKind::Broken;
    }
    if !scheme.eq_ignore_ascii_case("mailto") {
        // A typing slip of the one scheme that is in use is no other scheme.
        let slip = strsim::osa_distance(&scheme.to_ascii_lowercase(), "mailto") <= 2;
        return if slip { ReportUriKind::Broken } else { ReportUriKind::Other };
    }
    mail_address(rest).unwrap_or(ReportUriKind::Broken)
}

/// The address of a `mailto:` URI, without the size limit of RFC 7489 (`!10m`) and without header fields.
fn mail_address(rest: &str) -> Option<ReportUriKind> {
    let address = rest.split(['!', '?']).next().unwrap_or_default();
    let (local, domain) = address.rsplit_once('@')?;
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let host = !domain.is_empty()
        && domain
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    (host && !local.is_empty() && !local.contains(['/', ':', '@']))
        .then(|| ReportUriKind::Mail { local: local.to_owned(), domain: domain.to_owned() })
}

/// Is the text a `mailto:` URI with an address?
pub fn is_mail_uri(text: &str) -> bool {
    matches!(report_uri(text), ReportUriKind::Mail { .. })
}

/// Was a text at a `_dmarc` name meant as a DMARC record, although it is none? Gives the place of the failed version.
pub fn lookalike(value: &str) -> Option<Range<usize>> {
    let lower = value.to_ascii_lowercase();
    let (place, word, version) = version_word(&lower);
    let near = strsim::osa_distance(version, "dmarc1") <= 2 && (version.contains("dma") || word.starts_with("v="));
    let within = lower.contains("dmarc1") && !lower.starts_with("v=spf1");
    let policy = ["p=none", "p=quarantine", "p=reject"].iter().any(|policy| lower.replace(' ', "").contains(policy));
    let unversioned = lower.starts_with(word) && word.starts_with("p=") && policy;
    (near || word.starts_with("v=dmarc") || within || unversioned).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::txt;

    fn read(value: &str) -> Option<Dmarc> {
        Dmarc::read(&txt(value))
    }

    #[test]
    fn what_is_a_record() {
        for value in ["v=DMARC1", "V = DMARC1 ; p=none", "v=DMARC1;p=none", "v=DMARC1 ;"] {
            assert!(read(value).is_some(), "{value}");
        }
        for value in [
            "v=DMARC",
            "v=dmarc1; p=none",
            " v=DMARC1; p=none",
            "v=DMARC1 p=none",
            "v=DMARC2; p=none",
            "DMARC1; p=none",
            "p=none; v=DMARC1",
            "nv=DMARC1; p=none",
            "v=DMRAC1; p=none",
            "v=DMARC1, p=none",
            "\"v=DMARC1; p=none\"",
            "&quot;v=DMARC1; p=none&quot;",
            "v\u{ff1d}DMARC1; p=none",
            "v=DMARC1\\; p=none",
            "p=none; rua=mailto:a@b.test",
        ] {
            assert!(read(value).is_none(), "{value}");
            assert!(lookalike(value).is_some(), "{value}");
        }
        for value in
            ["v=spf1 -all", "v=spf1 a:dmarc1.test", "google-site-verification=dmarc", "", "v=DKIM1; p=abc", "v=BIMI1;"]
        {
            assert_eq!(lookalike(value), None, "{value}");
        }
    }

    #[test]
    fn policy_in_force() {
        let policy = |value| read(value).expect("a record").effective_policy();
        assert_eq!(policy("v=DMARC1; p=REJECT"), Some(Policy::Reject));
        assert_eq!(policy("v=DMARC1"), None);
        assert_eq!(policy("v=DMARC1; rua=mailto:a@b.test"), Some(Policy::None));
        assert_eq!(policy("v=DMARC1; p=reject; sp=rejct; rua=mailto:a@b.test"), Some(Policy::None));
        assert_eq!(policy("v=DMARC1; p=reject; sp=rejct"), None);
        assert_eq!(policy("v=DMARC1; p=; rua=dmarc@b.test"), None, "that is no address");
        assert_eq!(policy("v=DMARC1; rua=https://b.test/; sp=reject"), Some(Policy::None));
        let below = |value| read(value).expect("a record").effective_subdomain_policy();
        assert_eq!(below("v=DMARC1; p=reject; sp=none"), Some(Policy::None));
        assert_eq!(below("v=DMARC1; p=quarantine; np=reject"), Some(Policy::Quarantine));
        let nonexistent = |value| read(value).expect("a record").effective_nonexistent_policy();
        assert_eq!(nonexistent("v=DMARC1; p=none; sp=quarantine; np=reject"), Some(Policy::Reject));
        assert_eq!(nonexistent("v=DMARC1; p=none; sp=quarantine"), Some(Policy::Quarantine));
        assert_eq!(nonexistent("v=DMARC1; p=reject"), Some(Policy::Reject));
    }

    #[test]
    fn test_mode_is_one_level_milder() {
        let handled = |value| read(value).and_then(|dmarc| Some(dmarc.handled_as(dmarc.effective_policy()?)));
        assert_eq!(handled("v=DMARC1; p=reject; t=Y"), Some(Policy::Quarantine));
        assert_eq!(handled("v=DMARC1; p=quarantine; t=y"), Some(Policy::None));
        assert_eq!(handled("v=DMARC1; p=reject; t=n"), Some(Policy::Reject));
    }

    #[test]
    fn flags_have_defaults() {
        let record = read("v=DMARC1; p=none; adkim=S; aspf=strict; psd=N").expect("a record");
        assert_eq!((record.alignment("adkim"), record.alignment("aspf")), (Alignment::Strict, Alignment::Relaxed));
        assert_eq!(record.psd(), Psd::No);
        assert_eq!(read("v=DMARC1; p=none; psd=x").expect("a record").psd(), Psd::Unknown);
    }

    #[test]
    fn report_addresses() {
        let record = read("v=DMARC1; rua=mailto:a@b.test!10m, c@d.test,mailto:x@,https://e.test/,malto:a@b.test")
            .expect("a record");
        let uris = record.report_uris("rua");
        let mail = ReportUriKind::Mail { local: "a".into(), domain: "b.test".into() };
        let kinds: Vec<_> = uris.iter().map(|uri| uri.kind.clone()).collect();
        assert_eq!(
            kinds,
            [mail, ReportUriKind::Broken, ReportUriKind::Broken, ReportUriKind::Other, ReportUriKind::Broken]
        );
        assert_eq!(&record.txt.value[uris[1].range.clone()], "c@d.test");
    }
}

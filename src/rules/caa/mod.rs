//! CAA records (RFC 8659), for the hosts that need a certificate of a public authority: those that MTA-STS is for.

mod critical_unknown;
mod forbids_all;
mod issuer_malformed;
mod report_address_not_a_uri;
mod tag_misspelt;

use std::ops::Range;
use std::sync::Arc;

use crate::dns::{Answer, Data, Record};
use crate::evidence::{Caa, Evidence};
use crate::rules::Rule;
use crate::source::Span;
use crate::zone::Txt;

pub(super) static RULES: &[&Rule] = &[
    &forbids_all::RULE,
    &critical_unknown::RULE,
    &issuer_malformed::RULE,
    &tag_misspelt::RULE,
    &report_address_not_a_uri::RULE,
];

/// The properties that are registered (IANA, "Certification Authority Restriction Properties").
const TAGS: [&str; 10] =
    ["issue", "issuewild", "issuemail", "issuevmc", "iodef", "contactemail", "contactphone", "auth", "path", "policy"];

/// A CAA record.
struct Property<'e> {
    record: &'e Record,
    flags: u8,
    tag: &'e str,
    value: &'e Arc<Txt>,
}

/// Whom an `issue` property names.
#[derive(Debug, PartialEq)]
enum Issuer {
    /// An authority.
    Named,
    /// Nobody.
    Nobody,
    /// What is no domain name, at this place: it counts as nobody.
    Malformed(Range<usize>),
}

impl Property<'_> {
    /// RFC 8659 section 4.1: tags are matched without regard to case.
    fn is(&self, tag: &str) -> bool {
        self.tag.eq_ignore_ascii_case(tag)
    }

    fn is_known(&self) -> bool {
        TAGS.iter().any(|tag| self.is(tag))
    }

    /// Must an authority that does not know the property issue nothing? RFC 8659 section 4.1: the highest bit of the
    /// flags.
    fn is_critical(&self) -> bool {
        self.flags & 0x80 != 0
    }

    /// RFC 8659 section 4.2: the domain name of the authority, and behind a semicolon what only it understands.
    fn issuer(&self) -> Issuer {
        issuer(&self.value.value)
    }
}

fn issuer(value: &str) -> Issuer {
    let head = value.split(';').next().unwrap_or_default();
    let name = head.trim_matches([' ', '\t']);
    let is_label = |label: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_allowed)
    };
    let start = head.len() - head.trim_start_matches([' ', '\t']).len();
    match name {
        "" => Issuer::Nobody,
        _ if name.split('.').all(is_label) => Issuer::Named,
        _ => Issuer::Malformed(start..start + name.len()),
    }
}

/// The properties of an answer.
fn properties(answer: &Answer) -> impl Iterator<Item = Property<'_>> {
    answer.records().iter().filter_map(|record| match &record.data {
        Data::Caa(caa) => Some(Property { record, flags: caa.flags, tag: &caa.tag, value: &caa.value }),
        _ => None,
    })
}

/// More properties than these are not looked at one by one: nobody needs them, and a hostile answer could hold
/// thousands.
const MAX_PROPERTIES: usize = 50;

/// All properties that count for a host of the domain, each once.
fn all(evidence: &Evidence) -> Vec<Property<'_>> {
    let mut found: Vec<Property<'_>> = Vec::new();
    let answers = evidence.caa.iter().flat_map(|caa| caa.own.iter().chain(&caa.wildcard));
    for property in answers.flat_map(properties) {
        if found.len() < MAX_PROPERTIES && !found.iter().any(|before| before.record.span() == property.record.span()) {
            found.push(property);
        }
    }
    found
}

/// Is it certain that nobody may issue a certificate for the host, nor a wildcard certificate that covers it?
fn is_forbidden(caa: &Caa) -> bool {
    let own = caa.own.as_ref().is_some_and(|answer| forbids(answer, "issue"));
    own && caa.wildcard.as_ref().is_some_and(|answer| {
        // RFC 8659 section 4.3: `issuewild` takes the place of `issue` for wildcards, where there is one.
        let has_own = properties(answer).any(|property| property.is("issuewild"));
        forbids(answer, if has_own { "issuewild" } else { "issue" })
    })
}

/// Are there such properties, and does none of them name an authority? RFC 8659 section 4.2: a value that is not of the
/// form counts as one that names nobody.
fn forbids(answer: &Answer, tag: &str) -> bool {
    let mut found = properties(answer).filter(|property| property.is(tag)).peekable();
    found.peek().is_some() && found.all(|property| property.issuer() != Issuer::Named)
}

/// The name of the property, as it is written.
fn tag_span(property: &Property<'_>) -> Span {
    let data = property.record.data_span();
    if data.text().starts_with("\\#") { data } else { property.record.field_span(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_of_records_are_not_thousands_of_findings() {
        let records = (0..2000).map(|n| format!("@ CAA 0 isue \"ca{n}.example\"\n")).collect::<String>();
        let zone = format!("@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"\n{records}");
        assert_eq!(crate::testing::findings(&tag_misspelt::RULE, &zone).len(), MAX_PROPERTIES);
    }

    #[test]
    fn whom_a_value_names() {
        for named in ["letsencrypt.org", " ca.example ; account=1", "ca1.example;", "x"] {
            assert_eq!(issuer(named), Issuer::Named, "{named}");
        }
        for nobody in ["", ";", " ; a=b"] {
            assert_eq!(issuer(nobody), Issuer::Nobody, "{nobody}");
        }
        assert_eq!(issuer(" https://a.org"), Issuer::Malformed(1..14));
        assert_eq!(issuer("a.org b.org;"), Issuer::Malformed(0..11));
        assert_eq!(issuer("a.org."), Issuer::Malformed(0..6));
    }
}

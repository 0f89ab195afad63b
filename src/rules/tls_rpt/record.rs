//! The record that the rules look at, and the record as it should be.

use std::ops::Range;

use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::name::{Kind, Name};
use crate::near::nearest;
use crate::records::tags::Tag;
use crate::records::tls_rpt::TlsRpt;
use crate::rules::Rule;
use crate::rules::dmarc::{mail_uri, owner};
use crate::web::Url;

/// The one TLS reporting record of a domain.
pub(super) struct Applied<'a> {
    pub domain: &'a Name,
    pub record: &'a TlsRpt,
    /// Where it can be published anew: not where an alias leads to somebody else's name.
    owner: Option<&'a Name>,
}

impl Applied<'_> {
    pub fn of(evidence: &Evidence) -> Option<Applied<'_>> {
        let asked = &evidence.tls_reports.record;
        let record = asked.only()?;
        Some(Applied { domain: &evidence.domain, record, owner: owner(&asked.answer) })
    }

    /// A finding at a part of the record.
    pub fn at(&self, rule: &'static Rule, part: Range<usize>) -> Finding {
        rule.at(self.record.txt.spans(part)).with("domain", self.domain)
    }

    /// A finding with the whole record as it should be, where that is certain.
    pub fn correct(&self, finding: Finding) -> Finding {
        match corrected(&self.record.txt.value).zip(self.owner) {
            Some((value, owner)) if value != self.record.txt.value => finding.publish(owner, Kind::TXT, value),
            _ => finding,
        }
    }

    /// A part of the record as written.
    pub fn text(&self, part: Range<usize>) -> &str {
        &self.record.txt.value[part]
    }

    /// The field that was meant as `rua`, where there is none.
    pub fn misspelt_rua(&self) -> Option<&Tag> {
        let is_slip = |tag: &&Tag| is_misspelt_rua(self.record.tags.name(tag), self.record.tags.value_of(tag));
        if self.record.rua().next().is_some() { None } else { self.record.fields().iter().find(is_slip) }
    }

    /// Addresses that a semicolon cuts off, and the colon of `rua:`.
    pub fn separators(&self) -> Vec<Range<usize>> {
        let parts = self.record.fields().iter().filter(|tag| self.record.tags.name(tag) != "rua");
        parts.filter_map(|tag| self.separator(tag)).collect()
    }

    fn separator(&self, tag: &Tag) -> Option<Range<usize>> {
        let part = self.text(tag.range.clone());
        if let Some(at) = rua_colon(part) {
            return Some(tag.range.start + at..tag.range.start + at + 1);
        }
        is_address(self.record.tags.name(tag)).then(|| tag.range.clone())
    }
}

/// The record with all slips of the hand mended; nothing where it takes its owner to say what was meant.
pub(super) fn corrected(value: &str) -> Option<String> {
    let plain: String = value.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
    let parts: Vec<&str> = plain.split(';').map(without_version).filter(|part| !part.is_empty()).collect();
    let names_rua = parts.iter().any(|part| part.split('=').next().is_some_and(|name| name.trim() == "rua"));
    let (mut addresses, mut others) = (Vec::new(), String::new());
    for part in parts {
        match part.split_once('=') {
            _ if rua_colon(part).is_some() => add(&mut addresses, part.split_once(':')?.1)?,
            _ if is_address(part.split('=').next()?) => add(&mut addresses, part)?,
            Some((name, value)) if name.trim() == "rua" => add(&mut addresses, value)?,
            Some((name, value)) if !names_rua && is_misspelt_rua(name.trim(), value) => add(&mut addresses, value)?,
            Some((name, value)) => others.push_str(&format!("; {}={}", name.trim(), value.trim())),
            None => return None,
        }
    }
    (!addresses.is_empty()).then(|| format!("v=TLSRPTv1; rua={}{others}", addresses.join(",")))
}

/// A part of the text without the version before it: `v=TLSRPTv1, rua=…` has both in one.
fn without_version(part: &str) -> &str {
    let part = part.trim();
    let lower = part.to_ascii_lowercase();
    match lower.find("tlsrpt") {
        Some(at) if !lower[..at].contains(['@', ':']) => lower.find("rua").map_or("", |rua| &part[rua..]),
        _ => part,
    }
}

fn add(addresses: &mut Vec<String>, value: &str) -> Option<()> {
    for text in value.split([',', ' ', '\t']).filter(|text| !text.is_empty()) {
        let address = if Url::parse(text).is_ok() { text.to_owned() } else { mail_uri(text)? };
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Some(())
}

/// The colon of `rua:mailto:…`.
fn rua_colon(part: &str) -> Option<usize> {
    let at = part.find([':', '='])?;
    (part[at..].starts_with(':') && part[..at].trim().eq_ignore_ascii_case("rua")).then_some(at)
}

fn is_misspelt_rua(name: &str, value: &str) -> bool {
    let near = name != "rua" && (name.eq_ignore_ascii_case("rua") || nearest(name, ["rua"]).is_some());
    near && value.contains(['@', ':'])
}

fn is_address(text: &str) -> bool {
    text.contains('@') || text.to_ascii_lowercase().starts_with("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_taken_and_a_right_record_stays() {
        let parts = ["v=TLSRPTv1", ";", " ", ",", ":", "rua", "=", "mailto:", "a@b.test", "https://b.test/", "é", "\\"];
        for n in 0..parts.len().pow(4) {
            let pick = |digit: u32| parts[n / parts.len().pow(digit) % parts.len()];
            let text = format!("v=TLSRPTv1; rua={}{}{}{}", pick(0), pick(1), pick(2), pick(3));
            if let Some(record) = corrected(&text) {
                assert_eq!(corrected(&record).as_ref(), Some(&record), "{text}");
            }
        }
    }
}

//! Records of messages as zone lines.

use hickory_resolver::proto::ProtoError;
use hickory_resolver::proto::rr::{Name as WireName, RData, Record as WireRecord};
use hickory_resolver::proto::serialize::binary::{BinEncodable, BinEncoder, NameEncoding};

use crate::name::Kind;
use crate::zone::write as zone;

/// Adds the record as a zone line with absolute names.
pub(super) fn write(text: &mut String, record: &WireRecord) -> Result<(), ProtoError> {
    let kind = Kind(record.record_type().into());
    text.push_str(&format!("{} {} IN {kind} {}\n", written(&record.name), record.ttl, data(&record.data)?));
    Ok(())
}

/// The data as a master file has them.
fn data(data: &RData) -> Result<String, ProtoError> {
    Ok(match data {
        RData::A(address) => address.to_string(),
        RData::AAAA(address) => address.to_string(),
        RData::CNAME(name) => written(name),
        RData::NS(name) => written(name),
        RData::PTR(name) => written(name),
        RData::MX(mx) => format!("{} {}", mx.preference, written(&mx.exchange)),
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            written(&soa.mname),
            written(&soa.rname),
            soa.serial,
            soa.refresh.cast_unsigned(),
            soa.retry.cast_unsigned(),
            soa.expire.cast_unsigned(),
            soa.minimum
        ),
        RData::TXT(txt) => quoted(txt.txt_data.iter().map(|string| &**string)),
        RData::TLSA(_) | RData::CAA(_) => known(data)?,
        RData::Unknown { code, rdata } if u16::from(*code) == Kind::SPF.0 => match strings(&rdata.anything) {
            Some(strings) => quoted(strings.into_iter()),
            None => generic(data)?,
        },
        _ => generic(data)?,
    })
}

/// Character-strings, quoted.
fn quoted<'a>(strings: impl Iterator<Item = &'a [u8]>) -> String {
    strings.map(zone::quote).collect::<Vec<_>>().join(" ")
}

/// The character-strings that data consist of (RFC 1035 section 3.3), if they do.
fn strings(mut octets: &[u8]) -> Option<Vec<&[u8]>> {
    let mut strings = Vec::new();
    while let Some((length, rest)) = octets.split_first() {
        let (string, rest) = rest.split_at_checked(usize::from(*length))?;
        strings.push(string);
        octets = rest;
    }
    Some(strings)
}

/// TLSA and CAA data, from their octets: RFC 6698 section 2.1 and RFC 8659 section 4.1.
fn known(data: &RData) -> Result<String, ProtoError> {
    let octets = wire(data)?;
    Ok(match (data, &octets[..]) {
        (RData::TLSA(_), [usage, selector, matching, data @ ..]) => {
            format!("{usage} {selector} {matching} {}", zone::hexadecimal(data))
        }
        (RData::CAA(caa), [flags, ..]) => format!("{flags} {} {}", caa.tag, zone::quote(&caa.value)),
        _ => generic(data)?,
    })
}

/// Data of a type that need not be known: the octets in hexadecimal (RFC 3597 section 5).
fn generic(data: &RData) -> Result<String, ProtoError> {
    let octets = wire(data)?;
    let digits: String = octets.iter().map(|octet| format!("{octet:02X}")).collect();
    Ok(format!("\\# {} {digits}", octets.len()))
}

/// The octets of data, names in full.
fn wire(data: &RData) -> Result<Vec<u8>, ProtoError> {
    let mut octets = Vec::new();
    let mut encoder = BinEncoder::new(&mut octets);
    encoder.set_name_encoding(NameEncoding::Uncompressed);
    data.emit(&mut encoder)?;
    Ok(octets)
}

/// The name with its final dot, all but harmless characters as `\DDD` (RFC 1035 section 5.1): labels may hold any
/// octet, and this one's text is read again. The library would write A-labels as Unicode.
pub(super) fn written(name: &WireName) -> String {
    let mut text = String::new();
    for label in name.iter() {
        for octet in label {
            if octet.is_ascii_alphanumeric() || b"-_*/+=".contains(octet) {
                text.push(char::from(*octet));
            } else {
                text.push_str(&format!("\\{octet:03}"));
            }
        }
        text.push('.');
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::rr::RecordType;

    use super::*;

    #[test]
    fn an_unknown_type_is_written_in_hexadecimal() {
        let unknown = |octets: &[u8]| RData::Unknown {
            code: RecordType::from(65_280),
            rdata: hickory_resolver::proto::rr::rdata::NULL::with(octets.to_vec()),
        };
        assert_eq!(data(&unknown(&[0, 171])).ok().as_deref(), Some("\\# 2 00AB"));
    }

    #[test]
    fn character_strings_fill_the_data() {
        assert_eq!(strings(b"\x02ab\x00"), Some(vec![&b"ab"[..], &b""[..]]));
        assert_eq!(strings(b"\x02a"), None);
    }
}

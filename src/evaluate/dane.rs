//! Does a TLSA record fit the certificates that a server shows (RFC 6698 section 2.1, RFC 7672 section 3)? Nobody is
//! asked here.

use der::{Decode as _, Reader as _, SliceReader, Tag};
use sha2::{Digest as _, Sha256, Sha512};

use crate::zone::Tlsa;
use crate::zone::write;

/// How a record fits: the better the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It is the server's own certificate, or its key. With usage 3 nothing else counts: neither the name nor the dates
    /// (RFC 7672 section 3.1.1).
    Server,
    /// It is the authority whose certificate stands at this place of the chain. Whether the server's certificate comes
    /// from there, and has the right name, is to be verified besides (RFC 7672 section 3.1.2).
    Authority(usize),
    /// The record holds the authority itself, and the server did not show it, which it need not (RFC 7671 section
    /// 5.2.2): it may have signed the last one of the chain.
    Undecided,
    /// It fits none of them.
    No,
    /// No mail server uses such a record (RFC 7672 section 3.1.3), or can read it or the certificate.
    Unusable,
}

/// How the best of the records fits the certificates that a server shows, its own first: one is enough. Unusable where
/// there are none.
pub fn best<'t>(records: impl Iterator<Item = &'t Tlsa>, shown: &[Vec<u8>]) -> Match {
    let Some((certificate, chain)) = shown.split_first() else { return Match::Unusable };
    let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    records.map(|tlsa| matches(tlsa, certificate, &chain)).min().unwrap_or(Match::Unusable)
}

/// The SHA-256 hash of the key of a certificate in hexadecimal digits: what stands behind `3 1 1` in its record. Nothing
/// where the certificate cannot be read.
pub fn key_hash(certificate: &[u8]) -> Option<String> {
    public_key(certificate).map(|key| write::hexadecimal(&Sha256::digest(key)))
}

/// Compares a record with the server's certificate, in DER, and the others that it shows, in their order.
pub fn matches(tlsa: &Tlsa, certificate: &[u8], chain: &[&[u8]]) -> Match {
    if tlsa.selector > 1 || !is_readable(tlsa) {
        return Match::Unusable;
    }
    match tlsa.usage {
        3 => match fits(tlsa, certificate) {
            Some(true) => Match::Server,
            Some(false) => Match::No,
            None => Match::Unusable,
        },
        2 => match chain.iter().position(|authority| fits(tlsa, authority) == Some(true)) {
            Some(place) => Match::Authority(place),
            None if tlsa.matching == 0 => Match::Undecided,
            None => Match::No,
        },
        _ => Match::Unusable,
    }
}

/// Are the data as long as the hash, or of the form that a certificate and a key have? Mail servers leave out records
/// that cannot fit anything.
fn is_readable(tlsa: &Tlsa) -> bool {
    match tlsa.matching {
        0 => sequence(&tlsa.data).is_some(),
        1 => tlsa.data.len() == 32,
        2 => tlsa.data.len() == 64,
        _ => false,
    }
}

/// Does the record fit this certificate? Nothing where it cannot be read.
fn fits(tlsa: &Tlsa, certificate: &[u8]) -> Option<bool> {
    let selected = if tlsa.selector == 0 { certificate } else { public_key(certificate)? };
    Some(match tlsa.matching {
        0 => *selected == *tlsa.data,
        1 => Sha256::digest(selected)[..] == *tlsa.data,
        _ => Sha512::digest(selected)[..] == *tlsa.data,
    })
}

/// The SubjectPublicKeyInfo of a certificate, as it stands there.
///
/// RFC 5280 section 4.1: a certificate is a sequence whose first part is one of: version (left out in the first one),
/// serial number, signature, issuer, validity, subject, subjectPublicKeyInfo.
fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    let mut parts = SliceReader::new(sequence(certificate)?).ok()?;
    let mut fields = SliceReader::new(sequence(parts.tlv_bytes().ok()?)?).ok()?;
    if Tag::peek(&fields).ok()? != Tag::Integer {
        fields.tlv_bytes().ok()?;
    }
    for _ in ["serial number", "signature", "issuer", "validity", "subject"] {
        fields.tlv_bytes().ok()?;
    }
    fields.tlv_bytes().ok()
}

/// What is in a sequence.
fn sequence(der: &[u8]) -> Option<&[u8]> {
    der::asn1::AnyRef::from_der(der).ok().filter(|any| der::Tagged::tag(any) == Tag::Sequence).map(|any| any.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a key on the curve P-256. The hashes below are those that OpenSSL tells.
    const CERTIFICATE: &[u8] = include_bytes!("../../testdata/dane/mx.example.test.der");
    const KEY_SHA_256: &str = "dc1ed17e7be8c8be43d0d343ea8a2000827839655ac046d689771268f2f672cd";
    const WHOLE_SHA_256: &str = "c0027c68dad8be7c7312201c0e211e2257cd559d3b4cff954facb5ddeccc4701";
    const WHOLE_SHA_512: &str = "5826e400effc63877de1a1cf673102038a297bffd771832710d1e9d4a0b6578c\
                                 93c3bff070bf92a779f01b48ab6041c46cb534c7db150675daf84a78f5091417";

    fn tlsa(usage: u8, selector: u8, matching: u8, digits: &str) -> Tlsa {
        let octet = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
        let data: Vec<u8> = (0..digits.len()).step_by(2).map(octet).collect();
        Tlsa { usage, selector, matching, data: data.into() }
    }

    fn of_server(selector: u8, matching: u8, digits: &str) -> Match {
        matches(&tlsa(3, selector, matching, digits), CERTIFICATE, &[])
    }

    #[test]
    fn the_certificate_of_the_server() {
        assert_eq!(of_server(1, 1, KEY_SHA_256), Match::Server);
        assert_eq!(of_server(0, 1, WHOLE_SHA_256), Match::Server);
        assert_eq!(of_server(0, 2, WHOLE_SHA_512), Match::Server);
        assert_eq!(of_server(0, 0, &write::hexadecimal(CERTIFICATE)), Match::Server);
        assert_eq!(of_server(0, 1, KEY_SHA_256), Match::No);
    }

    #[test]
    fn one_that_fits_is_enough() {
        let shown = [CERTIFICATE.to_vec()];
        let (right, wrong) = (tlsa(3, 1, 1, KEY_SHA_256), tlsa(3, 0, 1, KEY_SHA_256));
        let (short, authority) = (tlsa(3, 1, 2, KEY_SHA_256), tlsa(2, 0, 0, "3000"));
        assert_eq!(best([&wrong, &right, &short].into_iter(), &shown), Match::Server);
        assert_eq!(best([&wrong, &authority].into_iter(), &shown), Match::Undecided);
        assert_eq!(best([&wrong, &short].into_iter(), &shown), Match::No);
        assert_eq!(best([&short].into_iter(), &shown), Match::Unusable);
        assert_eq!(best([&right].into_iter(), &[]), Match::Unusable);
        assert_eq!(key_hash(CERTIFICATE).as_deref(), Some(KEY_SHA_256));
    }

    #[test]
    fn the_certificate_of_an_authority() {
        let chain: &[&[u8]] = &[b"no certificate", CERTIFICATE];
        assert_eq!(matches(&tlsa(2, 1, 1, KEY_SHA_256), b"", chain), Match::Authority(1));
        assert_eq!(matches(&tlsa(2, 1, 1, KEY_SHA_256), CERTIFICATE, &[]), Match::No);
        assert_eq!(matches(&tlsa(2, 0, 0, "3000"), CERTIFICATE, chain), Match::Undecided);
    }

    #[test]
    fn what_nobody_uses() {
        for (usage, selector, matching) in [(0, 1, 1), (1, 1, 1), (4, 1, 1), (3, 2, 1), (3, 1, 3), (3, 1, 2), (3, 1, 0)]
        {
            assert_eq!(matches(&tlsa(usage, selector, matching, KEY_SHA_256), CERTIFICATE, &[]), Match::Unusable);
        }
        for length in [0, 1, 5, 40, 200] {
            assert_eq!(matches(&tlsa(3, 1, 1, KEY_SHA_256), &CERTIFICATE[..length], &[]), Match::Unusable);
        }
    }
}

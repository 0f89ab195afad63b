//! What `p=` of a DKIM key record holds.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use der::{Decode as _, Encode as _};

/// The object identifier of Ed25519 (RFC 8410 section 3), 1.3.101.112.
const ED25519: spki::ObjectIdentifier = spki::ObjectIdentifier::new_unwrap("1.3.101.112");

/// What `p=` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// There is no `p=`.
    Missing,
    /// `p=` is empty: RFC 6376 section 3.6.1: "An empty value means that this public key has been revoked."
    Revoked,
    /// An RSA key with a modulus of so many bits. `bare` without the SubjectPublicKeyInfo around it, which RFC 6376
    /// section 3.6.1 allows by its erratum 3017 and verifiers mostly read.
    Rsa { bits: u32, bare: bool },
    /// An Ed25519 key (RFC 8463 section 4: 32 octets).
    Ed25519,
    /// A key, but of another type than `k=` names, or wrapped as that type is not.
    OtherType(OtherType),
    /// Not base64: the place of the first character that does not belong to it.
    NotBase64(Range<usize>),
    /// The beginning of a key: so many octets of those that it must have by its own header.
    Truncated { octets: usize, expected: usize },
    /// Base64, but no key; so many octets.
    NotAKey { octets: usize },
    /// A private key, for everybody to see.
    Private,
}

/// A key that `k=` does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherType {
    /// An RSA key where `k=ed25519` stands.
    Rsa,
    /// 32 octets where an RSA key must stand: no RSA key is that short, an Ed25519 key is.
    Octets32,
    /// An Ed25519 key in a SubjectPublicKeyInfo, whatever `k=` says.
    WrappedEd25519,
}

/// The key in a `p=` value, which is at this place of the text.
pub(super) fn read(text: &str, range: Range<usize>, ed25519: bool) -> PublicKey {
    let value = &text[range.clone()];
    if value.contains("PRIVATE KEY") {
        return PublicKey::Private;
    }
    let folded: String = value.chars().filter(|c| !is_skipped(*c)).collect();
    if folded.is_empty() {
        return PublicKey::Revoked;
    }
    match wrong_character(value) {
        Some(wrong) => PublicKey::NotBase64(range.start + wrong.start..range.start + wrong.end),
        None => key(&octets(&folded), ed25519),
    }
}

/// The octets of the key; nothing where it is not base64.
pub fn decode(value: &str) -> Option<Vec<u8>> {
    let folded: String = value.chars().filter(|c| !is_skipped(*c)).collect();
    wrong_character(value).is_none().then(|| octets(&folded))
}

/// The base64 of a bare RSA key with the SubjectPublicKeyInfo around it (RFC 5280 section 4.1).
pub fn wrapped(bare: &[u8]) -> Option<String> {
    let subject_public_key = der::asn1::BitStringRef::from_bytes(bare).ok()?;
    let info = spki::SubjectPublicKeyInfoRef { algorithm: pkcs1::ALGORITHM_ID, subject_public_key };
    Some(BASE64_STANDARD.encode(info.to_der().ok()?))
}

/// The base64 of the 32 octets of an Ed25519 key in a SubjectPublicKeyInfo.
pub fn unwrapped(info: &[u8]) -> Option<String> {
    let info = spki::SubjectPublicKeyInfoRef::from_der(info).ok()?;
    Some(BASE64_STANDARD.encode(info.subject_public_key.raw_bytes()))
}

/// Characters that are no part of the key: folding white space (RFC 6376 section 2.10: it is ignored in base64), and
/// quotation marks and backslashes, over which lenient readers step.
fn is_skipped(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '"' | '\\')
}

/// The first character that cannot stand there: `=` only at the end.
fn wrong_character(value: &str) -> Option<Range<usize>> {
    let padding = value.trim_end_matches(|c| c == '=' || is_skipped(c)).len();
    let fits = |(at, c): (usize, char)| {
        c.is_ascii_alphanumeric() || matches!(c, '+' | '/') || is_skipped(c) || (c == '=' && at >= padding)
    };
    value.char_indices().find(|found| !fits(*found)).map(|(at, c)| at..at + c.len_utf8())
}

/// The octets of base64. RFC 6376 section 2.10 makes the padding optional; a last character that is too few for an
/// octet is left out, so that the key is seen to be cut off.
fn octets(folded: &str) -> Vec<u8> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let body = folded.trim_end_matches('=');
    let whole = if body.len() % 4 == 1 { &body[..body.len() - 1] } else { body };
    GeneralPurpose::new(&alphabet::STANDARD, config).decode(whole).unwrap_or_default()
}

fn key(octets: &[u8], ed25519: bool) -> PublicKey {
    // Octets behind the end of the key are no part of it; OpenSSL reads the key all the same.
    let expected = der_length(octets);
    let whole = expected.and_then(|length| octets.get(..length)).unwrap_or(octets);
    match (rsa_key(whole), ed25519) {
        (Some(_), true) => PublicKey::OtherType(OtherType::Rsa),
        (Some(key), false) => key,
        _ if is_wrapped_ed25519(whole) => PublicKey::OtherType(OtherType::WrappedEd25519),
        _ if is_private(octets) => PublicKey::Private,
        (None, true) if octets.len() == 32 => PublicKey::Ed25519,
        (None, false) if octets.len() == 32 => PublicKey::OtherType(OtherType::Octets32),
        _ => match expected {
            Some(expected) if expected > octets.len() => PublicKey::Truncated { octets: octets.len(), expected },
            _ => PublicKey::NotAKey { octets: octets.len() },
        },
    }
}

/// The octets that stand behind the end of the key.
pub fn surplus(octets: &[u8]) -> usize {
    der_length(octets).map_or(0, |length| octets.len().saturating_sub(length))
}

/// The length of a DER sequence, with its header, as the header says (X.690 section 8.1.3); of keys alone, which have
/// 64 KiB at most.
fn der_length(octets: &[u8]) -> Option<usize> {
    match *octets {
        [0x30, length, ..] if length < 0x80 => Some(2 + usize::from(length)),
        [0x30, 0x81, length, ..] if length >= 0x80 => Some(3 + usize::from(length)),
        [0x30, 0x82, high, low, ..] if high > 0 => Some(4 + usize::from(u16::from_be_bytes([high, low]))),
        _ => None,
    }
}

fn rsa_key(octets: &[u8]) -> Option<PublicKey> {
    let bare = |octets| pkcs1::RsaPublicKeyRef::from_der(octets).ok().map(|key| bits(key.modulus.as_bytes()));
    let wrapped = spki::SubjectPublicKeyInfoRef::from_der(octets)
        .ok()
        .and_then(|info| bare(info.subject_public_key.raw_bytes()))
        .map(|bits| PublicKey::Rsa { bits, bare: false });
    wrapped.or_else(|| bare(octets).map(|bits| PublicKey::Rsa { bits, bare: true }))
}

fn bits(modulus: &[u8]) -> u32 {
    let significant = modulus.iter().skip_while(|octet| **octet == 0).count();
    let leading = modulus.iter().find(|octet| **octet != 0).map_or(0, |octet| octet.leading_zeros());
    u32::try_from(significant * 8).unwrap_or(u32::MAX).saturating_sub(leading)
}

fn is_wrapped_ed25519(octets: &[u8]) -> bool {
    spki::SubjectPublicKeyInfoRef::from_der(octets)
        .is_ok_and(|info| info.algorithm.oid == ED25519 && info.subject_public_key.raw_bytes().len() == 32)
}

/// PKCS#1 private key (RFC 8017 appendix A.1.2) or PKCS#8 (RFC 5958): a sequence that begins with a version number.
fn is_private(octets: &[u8]) -> bool {
    let header = match octets {
        [0x30, length, ..] if *length < 0x80 => 2,
        [0x30, 0x81, ..] => 3,
        [0x30, 0x82, ..] => 4,
        _ => return false,
    };
    matches!(octets.get(header..header + 3), Some([0x02, 0x01, 0x00 | 0x01]))
}

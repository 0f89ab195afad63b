//! The DKIM key record (RFC 6376 section 3.6.1, RFC 8301, RFC 8463).

mod damage;
pub mod public_key;
#[cfg(test)]
pub mod test_keys;

use std::ops::Range;
use std::sync::Arc;

pub use damage::{Damage, in_any_order, separated, unquoted};
pub use public_key::{OtherType, PublicKey};

use crate::records::tags::{Tag, TagList};
use crate::zone::Txt;

/// Records of other kinds that begin with a version, which a wildcard may put at a selector.
const OTHER_VERSIONS: [&str; 6] = ["spf", "dmarc", "stsv", "tlsrpt", "bimi", "mc1"];

/// A text at a selector.
#[derive(Clone, Debug)]
pub struct DkimKey {
    /// The text.
    pub txt: Arc<Txt>,
    /// Its tags.
    pub tags: TagList,
    /// What `p=` holds.
    pub key: PublicKey,
    /// What came into the text when it was copied, so that its tags cannot be read as they stand.
    pub damage: Option<Damage>,
}

impl DkimKey {
    /// Reads a text at a selector. Takes any text.
    pub fn read(txt: &Arc<Txt>) -> DkimKey {
        let tags = TagList::read(&txt.value);
        let key = public_key(&tags, &txt.value);
        let damage = damage::find(txt, &tags, &key);
        DkimKey { txt: Arc::clone(txt), tags, key, damage }
    }

    /// Is the text meant as a key record at all? Other texts at a selector are somebody's slip, or a wildcard's.
    pub fn is_meant_as_key(&self) -> bool {
        let lower = self.txt.value.to_ascii_lowercase();
        let version = self.tags.value("v").unwrap_or_default().to_ascii_lowercase();
        let other = OTHER_VERSIONS.iter().any(|other| version.starts_with(other));
        let blankless: String = lower.chars().filter(|c| !c.is_ascii_whitespace()).take(32).collect();
        !other && (blankless.contains("v=dkim") || self.tags.find("p").or(self.tags.find("k")).is_some())
    }

    /// The place of the key: the value of `p=`, else the whole text.
    pub fn key_range(&self) -> Range<usize> {
        self.tags.find("p").map_or(0..self.txt.value.len(), |tag| self.tags.value_range(tag))
    }

    /// Is it certain that the key record has no key any more, on purpose?
    pub fn is_revoked(&self) -> bool {
        self.damage.is_none() && self.key == PublicKey::Revoked
    }

    /// Can a signature be verified with this key?
    ///
    /// RFC 8301 section 3.2: "Verifiers MUST NOT consider signatures using RSA keys of less than 1024 bits as valid".
    pub fn is_usable(&self) -> bool {
        self.damage.is_none() && self.has_right_version() && self.key.is_usable()
    }

    /// RFC 6376 section 3.6.1: "Records beginning with a "v=" tag with any other value MUST be discarded."
    pub fn has_right_version(&self) -> bool {
        self.version().is_none_or(|tag| self.tags.value_of(tag) == "DKIM1")
    }

    /// The version tag.
    pub fn version(&self) -> Option<&Tag> {
        self.tags.find("v")
    }
}

impl PublicKey {
    /// Can a signature be verified with this key?
    pub fn is_usable(&self) -> bool {
        matches!(self, PublicKey::Rsa { bits: 1024.., .. } | PublicKey::Ed25519)
    }
}

/// What `p=` of this text holds.
pub fn key_in(value: &str) -> PublicKey {
    public_key(&TagList::read(value), value)
}

fn public_key(tags: &TagList, value: &str) -> PublicKey {
    let Some(range) = tags.find("p").and_then(|tag| tag.value.clone()) else { return PublicKey::Missing };
    let ed25519 = tags.value("k").is_some_and(|kind| kind.eq_ignore_ascii_case("ed25519"));
    public_key::read(value, range, ed25519)
}

#[cfg(test)]
mod tests {
    use super::test_keys::*;
    use super::*;

    fn read(value: &str) -> DkimKey {
        DkimKey::read(&crate::testing::txt(value))
    }

    fn key(value: &str) -> PublicKey {
        read(value).key
    }

    fn rsa(key: &str) -> PublicKey {
        self::key(&format!("v=DKIM1; k=rsa; p={key}"))
    }

    #[test]
    fn rsa_keys_of_all_sizes() {
        let sizes =
            [(512, RSA_512), (768, RSA_768), (1024, RSA_1024), (1536, RSA_1536), (2048, RSA_2048), (4096, RSA_4096)];
        for (bits, text) in sizes {
            assert_eq!(rsa(text), PublicKey::Rsa { bits, bare: false });
            assert_eq!(read(&format!("p={text}")).is_usable(), bits >= 1024, "{bits}");
        }
        assert_eq!(rsa(BARE_1024), PublicKey::Rsa { bits: 1024, bare: true });
        assert_eq!(rsa(BARE_2048), PublicKey::Rsa { bits: 2048, bare: true });
    }

    #[test]
    fn a_bare_key_is_wrapped_and_an_ed25519_key_unwrapped() {
        let octets = |text| public_key::decode(text).expect("base64");
        assert_eq!(public_key::wrapped(&octets(BARE_2048)).as_deref(), Some(RSA_2048));
        assert_eq!(public_key::unwrapped(&octets(ED25519_WRAPPED)).as_deref(), Some(ED25519));
    }

    #[test]
    fn ed25519_and_types_that_do_not_fit() {
        assert_eq!(key(&format!("v=DKIM1; k=ed25519; p={ED25519}")), PublicKey::Ed25519);
        assert_eq!(key(&format!("k=ed25519; p={ED25519_WRAPPED}")), PublicKey::OtherType(OtherType::WrappedEd25519));
        assert_eq!(key(&format!("p={ED25519_WRAPPED}")), PublicKey::OtherType(OtherType::WrappedEd25519));
        assert_eq!(key(&format!("k=ed25519; p={RSA_1024}")), PublicKey::OtherType(OtherType::Rsa));
        assert_eq!(rsa(ED25519), PublicKey::OtherType(OtherType::Octets32));
    }

    #[test]
    fn white_space_and_padding() {
        let folded = RSA_1024.as_bytes().chunks(20).map(|part| std::str::from_utf8(part).expect("ASCII"));
        let folded = folded.collect::<Vec<_>>().join(" \t\r\n ");
        assert_eq!(rsa(&folded), PublicKey::Rsa { bits: 1024, bare: false });
        assert_eq!(rsa(RSA_512.trim_end_matches('=')), PublicKey::Rsa { bits: 512, bare: false });
        assert_eq!(rsa(&format!("{RSA_1024}\"\\")), PublicKey::Rsa { bits: 1024, bare: false });
    }

    #[test]
    fn no_key_and_a_revoked_one() {
        assert_eq!(key("v=DKIM1; k=rsa"), PublicKey::Missing);
        assert_eq!(key("v=DKIM1; p= ;"), PublicKey::Revoked);
        assert_eq!(key("v=DKIM1; p"), PublicKey::Missing);
    }

    #[test]
    fn what_is_not_base64_has_its_place() {
        assert_eq!(key("p=AA-A"), PublicKey::NotBase64(4..5));
        assert_eq!(key("p=<your key>"), PublicKey::NotBase64(2..3));
        assert_eq!(key("k=rsa; p=AA=A"), PublicKey::NotBase64(11..12));
        assert_eq!(key("p=AA\u{2013}A"), PublicKey::NotBase64(4..7));
        let safe = RSA_2048.replace('+', "-").replace('/', "_");
        assert!(matches!(rsa(&safe), PublicKey::NotBase64(_)));
        assert!(matches!(rsa(&format!("-----BEGIN PUBLIC KEY-----{RSA_1024}")), PublicKey::NotBase64(_)));
    }

    #[test]
    fn parts_of_keys() {
        let lengths = |octets, expected| PublicKey::Truncated { octets, expected };
        assert_eq!(rsa(&RSA_2048[..391]), lengths(293, 294));
        assert_eq!(rsa(&RSA_2048[..389]), lengths(291, 294), "one character is no octet");
        assert_eq!(rsa(&format!("{}{}", &RSA_2048[..100], &RSA_2048[104..])), lengths(291, 294));
        assert!(matches!(rsa(&RSA_2048[1..]), PublicKey::NotAKey { .. }));
        assert_eq!(rsa("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), PublicKey::NotAKey { octets: 24 });
        assert_eq!(rsa("A"), PublicKey::NotAKey { octets: 0 });
    }

    #[test]
    fn octets_behind_the_key_are_not_part_of_it() {
        let long = format!("{RSA_1024}AAAA");
        assert_eq!(rsa(&long), PublicKey::Rsa { bits: 1024, bare: false });
        assert_eq!(public_key::surplus(&public_key::decode(&long).expect("base64")), 3);
        assert_eq!(public_key::surplus(&public_key::decode(RSA_4096).expect("base64")), 0);
    }

    #[test]
    fn private_keys() {
        assert_eq!(rsa(PRIVATE_512), PublicKey::Private);
        assert_eq!(rsa(PRIVATE_512_PKCS8), PublicKey::Private);
        assert_eq!(rsa("-----BEGIN RSA PRIVATE KEY-----MIIE"), PublicKey::Private);
        assert_eq!(rsa(&PRIVATE_512[..100]), PublicKey::Private);
    }

    #[test]
    fn texts_of_others_are_not_meant_as_keys() {
        for text in
            ["v=spf1 -all", "v=DMARC1; p=none", "v=TLSRPTv1; rua=mailto:a@b.test", "MS=ms123", "dkim=unknown;", ""]
        {
            assert!(!read(text).is_meant_as_key(), "{text}");
        }
        for text in ["v=DKIM1; o=~", "v = DKIM1", "p=MIG", "k=rsa", "\"v=DKIM1; p=\"", "V=dkim1", "v=1; p=MIG"] {
            assert!(read(text).is_meant_as_key(), "{text}");
        }
    }

    #[test]
    fn damage_has_its_places() {
        let places = |text: &str| match read(text).damage {
            Some(Damage::Quotes(places) | Damage::NotAscii(places) | Damage::NoSeparator(places)) => places,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(places("v=DKIM1\\; p="), std::slice::from_ref(&(7..8)));
        assert_eq!(places("v=DKIM1; p=AA&#43;A"), std::slice::from_ref(&(13..18)));
        assert_eq!(places("\u{feff}v=DKIM1; p="), std::slice::from_ref(&(0..3)));
        assert_eq!(places("v=DKIM1 , k=rsa p=AA"), [7..10, 15..16]);
        for text in ["v=DKIM1; n=\"a\" \u{e4}; p=AA\"A", "v=DKIM1; p=AAA k= ", "v=DKIM1; p=AAA k=="] {
            assert_eq!(read(text).damage, None, "{text}");
        }
        assert_eq!(damage::unquoted("\"a&#43;b\\;\""), "a+b;");
        assert_eq!(damage::separated("v=1 k=2,p=3", &[3..4, 7..8]), "v=1; k=2; p=3");
    }

    #[test]
    fn parts_are_put_in_order() {
        let text = format!("v=DKIM1; p={RSA_2048}");
        let parts = [&text[200..300], &text[..200], &text[300..]];
        assert_eq!(in_any_order(&parts), Some(text.clone()));
        assert_eq!(in_any_order(&[&text[..200], &text[300..]]), None);
    }
}

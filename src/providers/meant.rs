//! "Did you mean": the name of a provider that was meant by one that is nearly the same.
//!
//! What a provider is known to use is never taken for a slip, whatever it resembles.

use std::sync::OnceLock;

use crate::name::Name;
use crate::near::name::{self, NamePattern, NameSlip};
use crate::providers::{self, Provider, answer, matches};

/// The name that was meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Meant {
    /// What is wrong, and the right name.
    pub slip: NameSlip,
    /// Whose name it is.
    pub provider: &'static Provider,
}

/// A pattern of names, and the name to use today where the pattern is a former name.
struct Known {
    provider: &'static Provider,
    pattern: NamePattern,
    today: Option<Name>,
}

/// The domain to include in SPF that was meant by a name in the record of a domain.
pub fn include(name: &Name, domain: &Name) -> Option<Meant> {
    static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let today = patterns(|provider| provider.spf.iter().map(String::as_str).collect());
        let former = providers::all().iter().flat_map(|provider| {
            let former = provider.former.iter().filter(|former| former.instead.is_some());
            former.filter_map(move |former| {
                let today = Name::parse(former.instead.as_deref()?).ok();
                Some(Known { provider, pattern: NamePattern::read(&former.name)?, today })
            })
        });
        today.into_iter().chain(former).collect()
    });
    meant(known, name, domain)
}

/// The mail exchange that was meant by a host in an MX record of a domain.
pub fn mail_host(host: &Name, domain: &Name) -> Option<Meant> {
    static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();
    meant(KNOWN.get_or_init(|| patterns(|provider| provider.mx.iter().map(String::as_str).collect())), host, domain)
}

/// The name of a key that was meant by the target of a selector's alias.
pub fn target(target: &Name, domain: &Name) -> Option<Meant> {
    static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();
    meant(KNOWN.get_or_init(|| patterns(|provider| targets(provider).collect())), target, domain)
}

fn patterns(of: impl Fn(&'static Provider) -> Vec<&'static str>) -> Vec<Known> {
    let known = |provider, text| NamePattern::read(text).map(|pattern| Known { provider, pattern, today: None });
    providers::all()
        .iter()
        .flat_map(|provider| of(provider).into_iter().filter_map(move |it| known(provider, it)))
        .collect()
}

fn targets(provider: &Provider) -> impl Iterator<Item = &str> {
    provider.selector.iter().flat_map(|selector| &selector.target).map(String::as_str)
}

fn meant(known: &'static [Known], name: &Name, domain: &Name) -> Option<Meant> {
    let is_host = name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !is_host || is_known(name) {
        return None;
    }
    let appended = name::appended(name, &domain.registered_domain(), is_known).and_then(|slip| {
        let provider = by_name(&slip.right)?;
        Some(Meant { slip, provider })
    });
    // What lies within the domain itself is its owner's affair.
    if appended.is_some() || name.is_within(&domain.registered_domain()) {
        return appended;
    }
    let slips = known.iter().filter_map(|known| {
        let slip = known.pattern.slip(name)?;
        Some((NameSlip { right: known.today.clone().unwrap_or(slip.right), ..slip }, known.provider))
    });
    let (slip, provider) = name::nearest(slips)?;
    Some(Meant { slip, provider })
}

/// Is this a name that some provider uses, or used?
fn is_known(name: &Name) -> bool {
    answer(name.as_str()).is_some() || by_name(name).is_some()
}

/// The provider that uses a name, or used it, for whatever purpose.
fn by_name(name: &Name) -> Option<&'static Provider> {
    providers::all().iter().find(|provider| {
        let former = provider.former.iter().chain(&provider.former_mx).map(|former| former.name.as_str());
        let today = provider.mx.iter().chain(&provider.spf).map(String::as_str);
        today.chain(former).chain(targets(provider)).any(|pattern| matches(pattern, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).expect(text)
    }

    fn right(meant: Option<Meant>) -> Option<String> {
        meant.map(|meant| meant.slip.right.to_string())
    }

    #[test]
    fn slips() {
        let domain = name("example.com");
        for (text, instead) in [
            ("spf.protection.outlok.com", "spf.protection.outlook.com"),
            ("spf.protection.outlook.com.example.com", "spf.protection.outlook.com"),
            ("spf.google.com", "_spf.google.com"),
            ("sfp.sendinblue.com", "spf.brevo.com"),
        ] {
            assert_eq!(right(include(&name(text), &domain)).as_deref(), Some(instead), "{text}");
        }
        let host = mail_host(&name("a-b.mail.protecion.outlook.com"), &domain);
        assert_eq!(right(host).as_deref(), Some("a-b.mail.protection.outlook.com"));
        let key = target(&name("b1.example-com.dkim.brevvo.com"), &domain);
        assert_eq!(right(key).as_deref(), Some("b1.example-com.dkim.brevo.com"));
    }

    #[test]
    fn what_is_known_and_what_is_the_owners() {
        let domain = name("example.com");
        for text in ["_netblocks.google.com", "spf.protection.outlook.de", "spf.example.com", "_spf.example.com"] {
            assert_eq!(include(&name(text), &domain), None, "{text}");
        }
        assert_eq!(include(&name("spf.protection.outlok.com"), &name("outlok.com")), None);
    }
}

//! Where the aliases of providers lead, and how such a target is mistyped.

use crate::name::Name;
use crate::near;
use crate::near::name::Place;
use crate::providers::meant::{self, Meant};
use crate::providers::{self, Provider, ProviderSelector};
use crate::rules::zone::placeholder;

/// The label below which selectors stand.
const LABEL: &str = "_domainkey";

/// What is wrong with a target.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TargetFault {
    /// The kind of slip.
    pub slip: Slip,
    /// The target as it should be; a part of it in angle brackets where that is not known.
    pub right: String,
    /// The provider that the target was made by, where that is known.
    pub provider: Option<&'static Provider>,
}

/// The kinds of slips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// The final dot was left out, so the domain was appended.
    Appended,
    /// The domain stands where the provider's belongs.
    OwnDomain,
    /// The provider's domain is misspelt.
    Suffix,
    /// A part within the provider's domain is misspelt.
    Part,
    /// Dots in the first part, where the provider has dashes.
    Dots,
    /// `_domainkey` is misspelt.
    Label,
    /// The alias of one selector leads to the key of another one.
    Crossed,
}

impl TargetFault {
    /// Is the right target known in full?
    pub(super) fn is_certain(&self) -> bool {
        !matches!(self.slip, Slip::OwnDomain | Slip::Dots)
    }
}

/// The slip in the target of a selector's alias. `intended` is the name that is meant if the target is that name with
/// an origin behind it; `absent`: it is certain that nothing is there.
pub(super) fn fault(
    domain: &Name,
    selector: &str,
    target: &Name,
    intended: Option<Name>,
    absent: bool,
) -> Option<TargetFault> {
    let appended = target
        .below(domain)
        .and_then(|rest| Name::parse(rest).ok())
        .filter(|rest| providers::by_target(rest).is_some());
    if let Some(right) = appended.or(intended.filter(|_| absent)) {
        return Some(TargetFault {
            slip: Slip::Appended,
            right: right.to_string(),
            provider: providers::by_target(&right),
        });
    }
    made_wrong(domain, selector, target).or_else(|| misspelt(domain, selector, target, absent))
}

/// A target that was made for a fixed selector, in another way than the provider makes them.
fn made_wrong(domain: &Name, selector: &str, target: &Name) -> Option<TargetFault> {
    let (provider, made_for) = made_for(target)?;
    let labels: Vec<&str> = target.labels().collect();
    let key = labels.iter().position(|label| *label == LABEL);
    let fault = |slip, right| Some(TargetFault { slip, right, provider: Some(provider) });
    match key {
        Some(1) if target.is_below(domain) => {
            let suffix = made_for.target.first().map_or("*", |pattern| providers::suffix(pattern));
            fault(Slip::OwnDomain, format!("{}.{LABEL}.<tenant>.{suffix}", labels[0]))
        }
        Some(1) if providers::by_target(target).is_some() => {
            let crossed = is_fixed(provider, selector) && selector != made_for.name;
            let token = labels[0].strip_prefix(made_for.name.as_str()).unwrap_or_default();
            let right = format!("{selector}{token}.{}", labels[1..].join("."));
            crossed.then(|| fault(Slip::Crossed, right))?
        }
        Some(at) if providers::by_target(target).is_some() => {
            fault(Slip::Dots, format!("{}.{}", labels[..at].join("-"), labels[at..].join(".")))
        }
        None if providers::by_target(target).is_some() && near::is_slip_of_label(labels[1], LABEL) => {
            fault(Slip::Label, format!("{}.{LABEL}.{}", labels[0], labels[2..].join(".")))
        }
        _ => None,
    }
}

/// The fixed selector for which a target was made: `selector1` where its first label is `selector1-contoso-com`.
pub(super) fn made_for(target: &Name) -> Option<(&'static Provider, &'static ProviderSelector)> {
    let first = target.first_label();
    let is_for = |selector: &&ProviderSelector| {
        let behind = first.strip_prefix(selector.name.as_str()).filter(|_| selector.fixed);
        let is_prefix =
            |pattern: &String| pattern.strip_prefix(selector.name.as_str()).is_some_and(|rest| rest.starts_with('-'));
        behind.is_some_and(|behind| behind.starts_with('-'))
            && selector.target.iter().any(is_prefix)
            && target.labels().count() > 3
    };
    providers::all().iter().find_map(|provider| Some((provider, provider.selector.iter().find(is_for)?)))
}

/// The fixed selector at which an alias with this target belongs, if it is the only one.
pub(super) fn selector_of(target: &Name) -> Option<&'static str> {
    let is_for = |selector: &&ProviderSelector| {
        selector.fixed && selector.target.iter().any(|pattern| providers::matches(pattern, target))
    };
    let mut fitting = providers::all().iter().flat_map(|provider| provider.selector.iter().filter(is_for));
    let only = fitting.next().filter(|_| fitting.next().is_none());
    made_for(target).map(|(_, selector)| selector).or(only).map(|selector| selector.name.as_str())
}

/// Is this a name at which DKIM keys stand?
pub(super) fn is_key_name(name: &Name) -> bool {
    name.labels().any(|label| matches!(label, LABEL | "domainkey" | "dkim"))
}

/// What instructions write for the customer's domain in the first part of a target.
const SAMPLE_TOKENS: [&str; 6] =
    ["domain-com", "domainguid", "example-com", "mydomain-com", "your-domain-com", "yourdomain-com"];

/// Is the target one of a template that was not filled in?
pub(super) fn is_placeholder(target: &Name, domain: &Name) -> bool {
    let token = made_for(target)
        .and_then(|(_, selector)| target.first_label().strip_prefix(selector.name.as_str())?.strip_prefix('-'));
    let sample =
        token.is_some_and(|token| SAMPLE_TOKENS.contains(&token) && token != domain.as_str().replace('.', "-"));
    sample || placeholder::is_in(target, domain)
}

fn is_fixed(provider: &Provider, name: &str) -> bool {
    provider.selector.iter().any(|selector| selector.fixed && selector.name == name)
}

/// A target that is nearly one of a provider's, where it is certain that nothing is there, or that it was made for a
/// fixed selector.
fn misspelt(domain: &Name, selector: &str, target: &Name, absent: bool) -> Option<TargetFault> {
    let meant = meant::target(target, domain)?;
    let certain = absent || (made_for(target).is_some() && is_plain(selector, &meant));
    let slip = if meant.slip.place == Place::Host { Slip::Part } else { Slip::Suffix };
    certain.then(|| TargetFault { slip, right: meant.slip.right.to_string(), provider: Some(meant.provider) })
}

/// What must have been meant by a target, where nobody knows whether anything is there.
pub(super) fn lookalike(domain: &Name, selector: &str, target: &Name) -> Option<Meant> {
    meant::target(target, domain).filter(|meant| is_plain(selector, meant))
}

/// Is it plain without asking? The provider's domain may be short where its selector is known, too.
fn is_plain(selector: &str, meant: &Meant) -> bool {
    let is_right = |pattern: &String| providers::matches(pattern, &meant.slip.right);
    let mut named = meant.provider.selector.iter().filter(|known| known.name == selector);
    meant.slip.is_plain || (meant.slip.place == Place::Domain && named.any(|known| known.target.iter().any(is_right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(selector: &str, target: &str, intended: Option<&str>) -> Option<(Slip, String)> {
        let name = |text| Name::parse(text).expect("a name");
        let fault = fault(&name("example.com"), selector, &name(target), intended.map(name), true)?;
        Some((fault.slip, fault.right))
    }

    #[test]
    fn slips() {
        let found = |selector, target| slip(selector, target, None).expect(target);
        let right = "selector1-example-com._domainkey.contoso.onmicrosoft.com";
        let cases = [
            ("selector1-example-com._domainkey.contoso.onmicrosoft.com.example.com", Slip::Appended, right),
            ("selector1-example-com._domainkey.contoso.onmicrosft.com", Slip::Suffix, right),
            ("selector1-example.com._domainkey.contoso.onmicrosoft.com", Slip::Dots, right),
            ("selector1-example-com.domainkey.contoso.onmicrosoft.com", Slip::Label, right),
            ("selector2-example-com._domainkey.contoso.onmicrosoft.com", Slip::Crossed, right),
        ];
        for (target, slip, right) in cases {
            assert_eq!(found("selector1", target), (slip, right.to_owned()), "{target}");
        }
        let own = found("selector1", "selector1-example-com._domainkey.example.com");
        assert_eq!(own, (Slip::OwnDomain, "selector1-example-com._domainkey.<tenant>.onmicrosoft.com".to_owned()));
        for (selector, target, slip, right) in [
            ("k1", "dkim.msvc.net", Slip::Suffix, "dkim.mcsv.net"),
            ("brevo1", "b1.example-com.dkmi.brevo.com", Slip::Part, "b1.example-com.dkim.brevo.com"),
        ] {
            assert_eq!(found(selector, target), (slip, right.to_owned()), "{target}");
        }
        let vendor = "s1.domainkey.u1.wl.vendor.net";
        let found = slip("s1", &format!("{vendor}.example.com"), Some(vendor));
        assert_eq!(found, Some((Slip::Appended, vendor.to_owned())));
    }

    #[test]
    fn right_targets() {
        let right = [
            "selector1-example-com._domainkey.contoso.onmicrosoft.com",
            "selector1-example-com01be2e._domainkey.contoso.n-v1.dkim.mail.microsoft",
            "s1.domainkey.u1.wl.sendgrid.net",
            "s1._domainkey.dev.example.com",
            "selector1-example-com._domainkey.contoso.test",
            "key1-2026._domainkey.example.com",
        ];
        for target in right {
            assert_eq!(slip("selector1", target, None), None, "{target}");
        }
    }
}

//! Aliases that lead to keys in Microsoft 365, and what their targets say.

use crate::dns::Record;
use crate::evidence::{Evidence, Selector};
use crate::name::Name;
use crate::providers::{self, Provider};
use crate::rules::dkim::{own_aliases, targets};
use crate::rules::zone;

/// An alias of a selector that leads to Microsoft 365.
pub(super) struct MicrosoftAlias<'a> {
    pub selector: &'a Selector,
    pub record: &'a Record,
    /// What the target says of the domain: `contoso-com01be2e` of `selector1-contoso-com01be2e`.
    pub token: &'a str,
    /// The first part of the tenant's initial domain: `contoso` of `contoso.onmicrosoft.com`, in both forms of targets.
    pub tenant: &'a str,
    pub target: &'a Name,
}

/// Those of the domain in whose targets there is no slip.
pub(super) fn aliases(evidence: &Evidence) -> Vec<MicrosoftAlias<'_>> {
    let mut found = Vec::new();
    for (selector, record, target) in own_aliases(evidence) {
        if targets::made_for(target).is_none_or(|(_, own)| own.name != selector.name) {
            continue;
        }
        let absent = selector.asked.answer.is_absent();
        let fault = targets::fault(&evidence.domain, &selector.name, target, zone::intended(record), absent);
        if fault.is_none()
            && !targets::is_placeholder(target, &evidence.domain)
            && let Some((token, tenant)) = parts(target)
        {
            found.push(MicrosoftAlias { selector, record, token, tenant, target });
        }
    }
    found
}

/// Is this one of the clouds of Microsoft 365?
pub(super) fn is(provider: &Provider) -> bool {
    provider.id.starts_with("microsoft365")
}

/// Does a name lie where Microsoft 365 has the keys of its customers?
pub(super) fn is_target(target: &Name) -> bool {
    parts(target).is_some()
}

/// Do the two selectors lead to two tenants?
pub(super) fn tenants_differ(evidence: &Evidence) -> bool {
    let aliases = aliases(evidence);
    aliases.iter().any(|alias| alias.tenant != aliases[0].tenant)
}

/// Do the two selectors lead to keys of one tenant that were made for two domains? Both have the same token, where both
/// targets are of the same form.
pub(super) fn tokens_differ(evidence: &Evidence) -> bool {
    let aliases = aliases(evidence);
    let form = |alias: &MicrosoftAlias| alias.target.registered_domain();
    !tenants_differ(evidence)
        && aliases.iter().any(|alias| alias.token != aliases[0].token && form(alias) == form(&aliases[0]))
}

/// Token and tenant.
fn parts(target: &Name) -> Option<(&str, &str)> {
    let (_, selector) = targets::made_for(target)?;
    let is_microsoft = is(providers::by_target(target)?);
    let labels: Vec<&str> = target.labels().collect();
    match labels.as_slice() {
        [first, "_domainkey", tenant, ..] if is_microsoft => {
            Some((first.strip_prefix(selector.name.as_str())?.strip_prefix('-')?, tenant))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let is = |target| parts(&Name::parse(target).expect("a name")).map(|(a, b)| format!("{a} {b}"));
        let found = |target| is(target).unwrap_or_default();
        assert_eq!(found("selector1-a-com._domainkey.x.onmicrosoft.com"), "a-com x");
        assert_eq!(found("selector2-a-com01be2e._domainkey.x.n-v1.dkim.mail.microsoft"), "a-com01be2e x");
        assert_eq!(is("s1.domainkey.u1.wl.sendgrid.net"), None);
    }
}

//! The domains that a setting is for.

use crate::name::Name;

/// One domain, or all below one: a setting for a domain says nothing of those below it, which have selectors and
/// senders of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domains {
    /// All.
    All,
    /// This one.
    One(Name),
    /// Those below this one: `*.example.com`.
    Below(Name),
}

impl Domains {
    /// Is this one of them?
    pub fn contain(&self, domain: &Name) -> bool {
        match self {
            Domains::All => true,
            Domains::One(name) => domain == name,
            Domains::Below(name) => domain != name && domain.is_within(name),
        }
    }

    /// The greater, the nearer: of several settings for a domain the nearest one holds.
    pub fn nearness(&self) -> usize {
        match self {
            Domains::All => 0,
            Domains::Below(name) => 1 + name.labels().count(),
            Domains::One(_) => usize::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_those_below() {
        let name = |text: &str| Name::parse(text).expect("a name");
        let (one, below) = (Domains::One(name("contoso.com")), Domains::Below(name("contoso.com")));
        assert!(one.contain(&name("contoso.com")) && !one.contain(&name("news.contoso.com")));
        assert!(below.contain(&name("a.news.contoso.com")) && !below.contain(&name("contoso.com")));
        assert!(!below.contain(&name("notcontoso.com")));
        assert!(one.nearness() > below.nearness() && below.nearness() > Domains::Below(name("com")).nearness());
        assert!(Domains::Below(name("com")).nearness() > Domains::All.nearness());
    }
}
